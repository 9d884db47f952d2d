"""What people wrote is refused before a run, with file and place, each file by itself."""

from pathlib import Path

import pandas as pd
import pytest

from matching.plausibility.choices import Choices
from pipelines.decisions import DecisionFiles
from reports.lagebild.muted import COLUMNS

CONCEPTS = {"ffp2_mask"}


def test_without_files_nothing_is_decided_and_nothing_is_wrong(tmp_path: Path) -> None:
    assert list(DecisionFiles(tmp_path).faults(CONCEPTS)) == []
    assert DecisionFiles(tmp_path).judgements() is None
    assert DecisionFiles(tmp_path).plausible(CONCEPTS) == Choices()
    assert DecisionFiles(tmp_path).mutes(CONCEPTS) == ()


@pytest.mark.parametrize(
    ("name", "content", "fault"),
    [
        ("judgements.csv", "record_id_left,record_id_right,verdict\na,b,perhaps\n", "judgements.csv: entry 1: verdict"),
        ("judgements.csv", "record_id_left;record_id_right;verdict\na;b;same\nb;a;different\n", "contradict"),
        ("judgements.csv", "left,right\na,b\n", "judgements.csv: missing column"),
        ("feedback.csv", "verdict;reason\ndeclined;whim\n", "feedback.csv: line 2: reason"),
        ("options.yaml", "colour: red", "options.yaml: unknown field colour"),
        ("plausible.yaml", "rules: []", "plausible.yaml: unknown field rules"),
        ("muted.csv", "a;b\n", "muted.csv: line 1: the columns must be"),
        ("cases.csv", "opportunity_id,state\nK-2020-17-01,done\n", "cases.csv: missing column reason"),
    ],
)
def test_a_file_that_cannot_be_used_is_named(tmp_path: Path, name: str, content: str, fault: str) -> None:
    (tmp_path / name).write_text(content, encoding="utf-8")
    decisions = DecisionFiles(tmp_path)
    (told,) = [*decisions.faults(CONCEPTS), *decisions.verdict_faults()]
    assert fault in told
    assert name in told


def test_a_mute_of_a_number_that_no_week_gave_out_is_told(tmp_path: Path) -> None:
    numbers = tmp_path / "tables" / "opportunity_numbers"
    numbers.mkdir(parents=True)
    pd.DataFrame({"opportunity_id": ["K-2020-13-01"]}).to_parquet(numbers / "2020-W13.parquet")
    rows = [f"{number},,,2020-W13,2020-W20,known" for number in ("K-2020-13-01", "K-2020-13-99")]
    (tmp_path / "muted.csv").write_text("\n".join([",".join(COLUMNS), *rows, ",,ffp2_mask,2020-W13,2020-W20,all"]))
    (told,) = DecisionFiles(tmp_path).idle(CONCEPTS)
    assert told == "muted.csv: K-2020-13-99 mutes nothing: no stored week has an opportunity of this number"
    (tmp_path / "muted.csv").unlink()
    assert list(DecisionFiles(tmp_path).idle(CONCEPTS)) == []


def test_decisions_about_records_that_no_week_has_are_told(tmp_path: Path) -> None:
    for table, column in (("organisation_members", "record_id"), ("listings", "listing_id")):
        (tmp_path / "tables" / table).mkdir(parents=True)
        for week, source_id in (("2020-W13", "before"), ("2020-W14", "now")):
            known = pd.DataFrame({column: [f"een:{source_id}"]})
            known.to_parquet(tmp_path / "tables" / table / f"{week}.parquet")
    header = "record_id_left,record_id_right,verdict,judged_by,judged_on,reason"
    rows = [
        "een:before,een:now,same,staff,2020-04-01,",
        "een:now,een:nwo,same,staff,,",
        "een:now,een:purged,same,staff,2019-04-01,",
    ]
    (tmp_path / "judgements.csv").write_text("\n".join([header, *rows]))
    choices = [
        f"{{listing_id: 'een:{one}', verdict: hold, reason: asked, decided_on: 2020-04-02}}" for one in ("now", "nwo")
    ]
    (tmp_path / "plausible.yaml").write_text(f"listings: [{', '.join(choices)}]")
    assert list(DecisionFiles(tmp_path).idle(CONCEPTS)) == [
        "judgements.csv: een:nwo judges nothing: no stored week has a record of this id",
        "plausible.yaml: een:nwo decides nothing: no stored week has a listing of this id",
    ]


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("muted.csv", "", "muted.csv is empty: fill it, or delete it if it decides nothing"),
        ("muted (1).csv", "opportunity_id\n", "muted (1).csv is not read: save it as muted.csv"),
        ("mutet.csv", "opportunity_id\n", "mutet.csv is not read: save it as muted.csv"),
        ("Options - Kopie.yaml", "a: 1\n", "Options - Kopie.yaml is not read: save it as options.yaml"),
    ],
)
def test_a_file_that_would_decide_nothing_is_told(tmp_path: Path, name: str, content: str, told: str) -> None:
    (tmp_path / "notes.txt").write_text("of the week")
    (tmp_path / name).write_text(content)
    assert told in list(DecisionFiles(tmp_path).faults(CONCEPTS))
