"""Organisations of a stored week: what data staff decided counts, and a pair of the store can be explained."""

from pathlib import Path

import dagster as dg
import pandas as pd
import pytest
from click.testing import CliRunner, Result

from assets.organisations import resolution
from matching.organisations.judgements import Contradiction
from pipelines.cli import main
from pipelines.decisions import DecisionFiles
from pipelines.storage import History
from sources.access.inbox import read_export
from sources.directory import Member
from sources.listing import Listing, empty
from sources.platforms import PLATFORMS
from sources.week import Week

WEEK = Week(2020, 16)


@pytest.fixture(scope="module")
def entries(samples: Path) -> pd.DataFrame:
    """The entries of one directory."""
    biolago = next(platform for platform in PLATFORMS if platform.name == "biolago")
    members = biolago.parse(read_export(biolago, samples / str(WEEK), WEEK.ends_at)).members
    assert members is not None
    return Member.validate(members)


def resolved(store: Path, entries: pd.DataFrame, week: Week = WEEK) -> tuple[pd.DataFrame, ...]:
    """Members, changes, figures and blocks, kept in the store as a run keeps them."""
    tables: tuple[pd.DataFrame, ...] = resolution(
        dg.build_asset_context(partition_key=week.monday.isoformat()),
        listings=empty(Listing),
        network_members=entries,
        history=History(store),
        decisions=DecisionFiles(store),
    )
    kept = {"organisation_members": tables[0], "listings": empty(Listing), "network_members": entries}
    for name, table in kept.items():
        (store / "tables" / name).mkdir(parents=True, exist_ok=True)
        table.to_parquet(store / "tables" / name / f"{week}.parquet")
    return tables


def explained(store: Path, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["explain", *arguments, "--store", str(store), "--language", "en"])


def decide(store: Path, *rows: tuple[str, str, str]) -> None:
    table = pd.DataFrame(rows, columns=["record_id_left", "record_id_right", "verdict"])
    table.assign(judged_by="data staff").to_csv(store / "judgements.csv", index=False)


def test_a_judgement_in_the_store_counts_and_its_removal_restores(tmp_path: Path, entries: pd.DataFrame) -> None:
    before = resolved(tmp_path, entries)[0]
    apart = before.drop_duplicates("organisation_id")["record_id"]
    one, other = apart.iloc[0], apart.iloc[1]
    decide(tmp_path, (one, other, "same"))
    joined = resolved(tmp_path, entries)[0].set_index("record_id")
    assert joined.loc[one, "organisation_id"] == joined.loc[other, "organisation_id"]
    assert "organisation_judgement" in joined.loc[one, "evidence"]
    (tmp_path / "judgements.csv").unlink()
    pd.testing.assert_frame_equal(resolved(tmp_path, entries)[0], before)


def test_contradicting_judgements_are_refused_with_both_entries_named(tmp_path: Path, entries: pd.DataFrame) -> None:
    one, other = "biolago:" + entries["member_id"].iloc[:2]
    decide(tmp_path, (one, other, "same"), (other, one, "different"))
    with pytest.raises(Contradiction, match=r"entry 1 .*; entry 2 "):
        resolved(tmp_path, entries)


def test_ids_go_on_and_what_changed_is_logged(tmp_path: Path, entries: pd.DataFrame) -> None:
    first = resolved(tmp_path, entries)[0]
    members, changes, figures, blocks = resolved(tmp_path, entries.iloc[1:], WEEK.shifted(1))
    assert set(members["organisation_id"]) <= set(first["organisation_id"])
    assert set(changes["change"]) <= {"closed"}
    assert figures.set_index("figure")["value"]["records"] == len(entries) - 1
    assert blocks["pairs"].sum() > 0
    again = resolved(tmp_path, entries, WEEK.shifted(2))[0]
    gone = set(first["organisation_id"]) - set(members["organisation_id"])
    assert not gone & set(again["organisation_id"])  # an id that ended does not come back


def test_a_pair_of_the_stored_week_is_explained(tmp_path: Path, entries: pd.DataFrame) -> None:
    assert "no organisations of any week" in explained(tmp_path, "a", "b").output
    resolved(tmp_path, entries)
    one, other = "biolago:" + entries["member_id"].iloc[:2]
    result = explained(tmp_path, one, other)
    assert result.exit_code == 0, result.output
    assert entries["city"].iloc[0] in result.output
    decide(tmp_path, (one, other, "same"))
    assert "one organisation" in explained(tmp_path, one, other, "--week", str(WEEK)).output
    assert "no organisations of 2020-W40" in explained(tmp_path, one, other, "--week", "2020-W40").output
