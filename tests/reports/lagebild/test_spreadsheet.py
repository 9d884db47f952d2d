"""The workbook of matches and listings: to be read by people, and safe to open."""

import subprocess
import zipfile
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from shutil import which

import pandas as pd
import pytest
from openpyxl import load_workbook

from reports.lagebild import Issue, spreadsheet
from reports.lagebild.spreadsheet import as_workbook
from reports.language import LANGUAGES

MakeIssue = Callable[..., Issue]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_workbook_holds_all_matches(issue_of: MakeIssue, language: str) -> None:
    content = as_workbook(issue_of(), language)
    assert content == as_workbook(issue_of(), language)
    sheet = zipfile.ZipFile(BytesIO(content)).read("xl/worksheets/sheet1.xml").decode()
    assert sheet.count("<row ") == 3


def test_the_workbook_reads_as_written(issue_of: MakeIssue) -> None:
    book = load_workbook(BytesIO(as_workbook(issue_of(), "de")), read_only=True)
    assert book.sheetnames == ["Treffer", "Inserate"]
    matches = list(book["Treffer"].iter_rows(values_only=True))
    assert matches[1][:7] == (
        "boerse:g1", "Klinikum Beispielstadt", "Tübingen", 5000, "Stück", "BIOPRO Kooperationsbörse", "Schutzkittel",
    )  # fmt: skip
    assert matches[1][7:17] == (
        "drehscheibe:a2", "Muster Textil KG", "Albstadt", 4000, "Stück", "MedicalMountains Drehscheibe", 1, 0.91,
        38, 80,
    )  # fmt: skip
    assert "38\u00a0km entfernt" in matches[1][17]
    assert matches[1][18:] == ("https://boerse.example/", "https://drehscheibe.example/")
    listings = {row[0]: row[1:] for row in book["Inserate"].iter_rows(values_only=True)}
    assert len(listings) == 8
    assert listings["drehscheibe:g3"][-1] == "Beatmungsventile"


@pytest.mark.parametrize("language", LANGUAGES)
def test_sheets_are_made_to_be_read(issue_of: MakeIssue, language: str) -> None:
    for sheet in load_workbook(BytesIO(as_workbook(issue_of(), language))):
        headings = [cell.value for cell in sheet[1]]
        assert len(set(headings)) == len(headings)
        assert sheet.freeze_panes == "B2"
        assert sheet.auto_filter.ref
        widths = [sheet.column_dimensions[cell.column_letter].width for cell in sheet[1]]
        assert all(width and width > 5 for width in widths)


@pytest.mark.skipif(which("soffice") is None, reason="soffice is missing: install libreoffice-calc")
def test_the_workbook_opens_in_libreoffice(issue_of: MakeIssue, tmp_path: Path) -> None:
    (tmp_path / "matches.xlsx").write_bytes(as_workbook(issue_of(), "de"))
    command = ["soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--convert-to", "csv"]
    done = subprocess.run([*command, "matches.xlsx"], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert "rror" not in done.stderr
    assert "Klinikum Beispielstadt" in (tmp_path / "matches.csv").read_text("utf-8", "replace")


def test_a_request_has_its_best_matches_alone(issue_of: MakeIssue) -> None:
    issue = issue_of()
    many = pd.concat([issue.matches.iloc[:1].assign(rank=rank) for rank in range(1, 20)], ignore_index=True)
    book = load_workbook(BytesIO(as_workbook(replace(issue, matches=many), "de")), read_only=True)
    assert [row[13] for row in book["Treffer"].iter_rows(min_row=2, values_only=True)] == [1, 2, 3, 4, 5]


def test_a_full_sheet_is_continued(issue_of: MakeIssue, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spreadsheet, "MOST_ROWS", 3)
    book = load_workbook(BytesIO(as_workbook(issue_of(), "de")), read_only=True)
    assert book.sheetnames == ["Treffer", "Inserate", "Inserate 2", "Inserate 3"]
    rows = [list(book[name].iter_rows(values_only=True, max_col=1)) for name in book.sheetnames[1:]]
    assert [row[0] for rows_of in rows for row in rows_of[1:]] == sorted(issue_of().listings["listing_id"])
    assert {rows_of[0][0] for rows_of in rows} == {"Inserat"}
