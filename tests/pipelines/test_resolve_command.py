from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner, Result

from pipelines.cli import main

RECORDS = """record_id,name,city,country,website,colour
a,Nähwerk Müller GmbH,Reutlingen,DE,www.naehwerk.example,red
b,NAEHWERK MUELLER GMBH,Reutlingen,DE,https://naehwerk.example/x,blue
c,Nähwerk Müller Holding GmbH,Reutlingen,DE,,
d,Ελληνικά Υφάσματα,Athens,GR,,
e,,,,,
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "records.csv").write_text(RECORDS, encoding="utf-8")
    return tmp_path


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def test_csv_and_parquet_give_the_same_clusters(folder: Path) -> None:
    pd.read_csv(folder / "records.csv", dtype="str").to_parquet(folder / "records.parquet")
    for ending in ("csv", "parquet"):
        result = run("resolve", folder / f"records.{ending}", "--output", folder / f"clusters.{ending}")
        assert result.exit_code == 0, result.output
        assert "ignored columns: colour" in result.output
    from_csv, from_parquet = pd.read_csv(folder / "clusters.csv"), pd.read_parquet(folder / "clusters.parquet")
    assert list(from_csv.columns) == ["record_id", "organisation_id", "site_id", "group_id", "match_probability"]
    assert from_csv.to_numpy().tolist() == from_parquet.to_numpy().tolist()
    ids = from_csv.set_index("record_id")["organisation_id"]
    assert ids["a"] == ids["b"]
    assert ids.nunique() == 4


@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_tables_from_german_spreadsheets_are_read(folder: Path, delimiter: str) -> None:
    spreadsheet = folder / "spreadsheet.csv"
    spreadsheet.write_text(RECORDS.replace(",", delimiter), encoding="utf-8-sig")
    for name in ("records", "spreadsheet"):
        assert run("resolve", folder / f"{name}.csv", "--output", folder / f"{name}.out.csv").exit_code == 0
    assert (folder / "records.out.csv").read_bytes() == (folder / "spreadsheet.out.csv").read_bytes()


def test_pairs_say_why(folder: Path) -> None:
    run("resolve", folder / "records.csv", "--output", folder / "o.csv", "--pairs", folder / "p.csv")
    pairs = pd.read_csv(folder / "p.csv")
    assert list(pairs.columns) == ["record_id_left", "record_id_right", "match_probability", "match_weight", "why"]
    assert (pairs.loc[0, "record_id_left"], pairs.loc[0, "record_id_right"]) == ("a", "b")
    assert pairs.loc[0, "why"].startswith("gleicher, seltener Name; gleiche Rechtsform; gleicher Ort")


def test_ids_go_on_and_changes_are_written(folder: Path) -> None:
    run("resolve", folder / "records.csv", "--output", folder / "first.csv")
    (folder / "j.csv").write_text("record_id_left,record_id_right,verdict\na,b,different\n", encoding="utf-8")
    options = ["--judgements", folder / "j.csv", "--previous", folder / "first.csv", "--changes", folder / "log.csv"]
    result = run("resolve", folder / "records.csv", "--output", folder / "second.csv", *options)
    assert result.exit_code == 0, result.output
    first = pd.read_csv(folder / "first.csv").set_index("record_id")["organisation_id"]
    second = pd.read_csv(folder / "second.csv").set_index("record_id")["organisation_id"]
    assert second["a"] == first["a"]
    assert second["b"] not in set(first)
    assert list(pd.read_csv(folder / "log.csv")["change"]) == ["split"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("id,name\n1,x\n", "missing column record_id"),
        ("record_id,name\n1,x\n1,y\n", "record_id is not unique: 1"),
        ("record_id,name\n,x\n", "1 rows without record_id"),
    ],
)
def test_bad_tables_are_refused_with_a_reason(tmp_path: Path, content: str, message: str) -> None:
    (tmp_path / "r.csv").write_text(content, encoding="utf-8")
    result = run("resolve", tmp_path / "r.csv", "--output", tmp_path / "o.csv")
    assert result.exit_code == 1
    assert message in result.output


def test_contradicting_judgements_are_refused(folder: Path) -> None:
    rows = "record_id_left,record_id_right,verdict\na,b,different\nb,a,same\n"
    (folder / "j.csv").write_text(rows, encoding="utf-8")
    result = run("resolve", folder / "records.csv", "--output", folder / "o.csv", "--judgements", folder / "j.csv")
    assert result.exit_code == 1
    assert "entry 1" in result.output
    assert "entry 2" in result.output


def test_explain_shows_the_waterfall_also_for_a_non_match(folder: Path) -> None:
    match = run("explain", "b", "a", "--records", folder / "records.csv")
    assert match.exit_code == 0, match.output
    assert "one organisation" in match.output
    non_match = run("explain", "a", "d", "--records", folder / "records.csv", "--language", "en")
    assert "two organisations" in non_match.output
    assert "different country" in non_match.output


def test_explain_names_a_record_that_is_not_there(folder: Path) -> None:
    result = run("explain", "a", "nobody", "--records", folder / "records.csv")
    assert result.exit_code == 1
    assert "no record 'nobody'" in result.output
