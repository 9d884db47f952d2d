"""The descriptions of the tables hold for the tables, judged by libraries that others wrote; each rule can fail."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from warnings import catch_warnings, simplefilter

import csvw
import pytest
from frictionless import Package, system

from reports.language import LANGUAGES, Language
from reports.ministry.package import Release, package_files
from tests.reports.ministry.package.released import LATER, OFFICE, release_files, written
from tests.reports.ministry.test_month import april

PERIODS = {"week": release_files, "month": lambda: april().files}


def package_faults(folder: Path) -> list[str]:
    """Types of errors that frictionless finds."""
    with system.use_context(trusted=True):
        report = Package(str(folder / "datapackage.json")).validate()
    return sorted({kind for (kind,) in report.flatten(["type"])})


def is_valid_on_the_web(folder: Path) -> bool:
    """No fault and nothing that csvw only warns of; some faults it raises."""
    try:
        with catch_warnings(record=True) as warned:
            simplefilter("always")
            is_valid = csvw.CSVW(str(folder / "statistics.csv-metadata.json"), validate=True).is_valid
    except ValueError:
        return False
    return bool(is_valid) and not warned


@pytest.mark.parametrize("period", PERIODS)
def test_both_descriptions_name_every_table_and_hold(period: str, tmp_path: Path) -> None:
    files = PERIODS[period]()
    folder = written(tmp_path, files)
    assert package_faults(folder) == []
    assert is_valid_on_the_web(folder)
    tables = sorted(name for name in files if name.endswith(".csv"))
    package = json.loads(files["datapackage.json"])
    on_the_web = json.loads(files["statistics.csv-metadata.json"])
    assert sorted(one["path"] for one in package["resources"]) == tables
    assert sorted(one["url"] for one in on_the_web["tables"]) == tables


def test_a_quantity_is_told_apart_by_its_unit(tmp_path: Path) -> None:
    rows = april().files["statistics.csv"].decode()
    folder = written(
        tmp_path, april().files, statistics_csv=rows.replace(",quantity,litre,", ",quantity,piece,").encode()
    )
    assert "primary-key" in package_faults(folder)
    assert not is_valid_on_the_web(folder)


def first(pattern: str, new: str) -> Callable[[str], str]:
    def change(text: str) -> str:
        changed, count = re.subn(pattern, new, text, count=1)
        assert count
        return changed

    return change


def twice(text: str) -> str:
    return text + text.splitlines(keepends=True)[1]


# Rule -> what breaks it in the long file, and how frictionless calls that.
BROKEN = {
    "a number is a whole number": (first(r",listing,(?=\d)", ",listing,x"), "type-error"),
    "a key is there once": (twice, "primary-key"),
    "a code is in its list": (first(",DE-BW,", ",DE-XX,"), "foreign-key"),
    "a sign is in its list": (first(r",\.,p", ",?,p"), "foreign-key"),
    "a period has its form": (first(r"2020-(W18|04),", "18/2020,"), "constraint-error"),
    "a code is required": (first(",offer,listings", ",,listings"), "constraint-error"),
    "columns are named as described": (first("unit,value", "unit,wert"), "incorrect-label"),
    "no number is below zero": (first(r",listing,(?=[1-9])", ",listing,-"), "constraint-error"),
}


@pytest.mark.parametrize("period", PERIODS)
@pytest.mark.parametrize("rule", BROKEN)
def test_each_rule_of_the_tables_can_fail(rule: str, period: str, tmp_path: Path) -> None:
    change, fault = BROKEN[rule]
    files = PERIODS[period]()
    folder = written(tmp_path, files, statistics_csv=change(files["statistics.csv"].decode()).encode())
    found = package_faults(folder)
    assert fault in found
    assert {"hash-count", "byte-count"} & set(found)  # of another file than was described
    assert not is_valid_on_the_web(folder)


@pytest.mark.parametrize("period", PERIODS)
def test_each_code_list_and_each_required_field_can_fail(period: str, tmp_path: Path) -> None:
    """In one row each column's code is none of its list, in the next the column is empty."""
    files = PERIODS[period]()
    head, *rows = (line.split(",") for line in files["statistics.csv"].decode().splitlines())
    listed = [column for column in head if f"codes_{column}.csv" in files]
    required = [column for column in head if column not in ("value", "sign")]
    for at, column in enumerate(listed):
        rows[at][head.index(column)] = "?"
    for at, column in enumerate(required, start=len(listed)):
        rows[at][head.index(column)] = ""
    changed = "\r\n".join(",".join(row) for row in (head, *rows, []))
    folder = written(tmp_path, files, statistics_csv=changed.encode())
    with system.use_context(trusted=True):
        found = Package(str(folder / "datapackage.json")).validate().flatten(["type", "rowNumber", "note"])
    for at, column in enumerate(listed):
        notes = [note for kind, row, note in found if kind == "foreign-key" and row == at + 2]
        assert any(column in note for note in notes), column
    empty = [row for kind, row, _ in found if kind == "constraint-error"]
    assert empty == [at + 2 for at in range(len(listed), len(listed) + len(required))]


def test_a_description_without_what_it_must_have_fails(tmp_path: Path) -> None:
    described = json.loads(release_files()["datapackage.json"])
    described["resources"][0].pop("path")
    folder = written(tmp_path, release_files(), datapackage_json=json.dumps(described).encode())
    with pytest.raises(Exception, match="resource"):
        package_faults(folder)


@pytest.mark.parametrize("period", PERIODS)
def test_descriptions_of_the_samples_say_so_in_each_language(period: str) -> None:
    files = PERIODS[period]()
    mark = {code: Language(code).gettext("Beispieldaten, keine echten Zahlen") for code in LANGUAGES}
    package = json.loads(files["datapackage.json"])
    assert all(mark["de"] in package[name] for name in ("title", "description"))
    on_the_web = json.loads(files["statistics.csv-metadata.json"])
    entry = json.loads(files["dcat.jsonld"])["@graph"]
    told = [on_the_web[name] for name in ("dc:title", "dc:description")]
    told += [node[name] for node in entry for name in ("dct:title", "dct:description")]
    for texts in told:
        assert [mark[one["@language"]] in one["@value"] for one in texts] == [True] * len(LANGUAGES)


def test_descriptions_of_real_figures_have_no_mark() -> None:
    real = Release.of(str(LATER), release_files()["statistics.csv"], is_sample=False)
    for name, content in package_files(real, OFFICE, release_files()["statistics.csv"]).items():
        assert b"Beispieldaten" not in content, name
