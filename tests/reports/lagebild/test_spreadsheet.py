"""The workbook of matches and listings."""

import zipfile
from collections.abc import Callable
from io import BytesIO

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
    request = ("boerse:g1", "BIOPRO Kooperationsbörse")
    assert matches[1][:7] == (*request, "drehscheibe:a2", "MedicalMountains Drehscheibe", "Schutzkittel", 1, 0.91)
    assert "38 km entfernt" in matches[1][9]
    listings = {row[0]: row[1:] for row in book["Inserate"].iter_rows(values_only=True)}
    assert len(listings) == 8
    assert listings["drehscheibe:g3"][-1] == "Beatmungsventile"


def test_a_full_sheet_is_continued(issue_of: MakeIssue, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spreadsheet, "MOST_ROWS", 3)
    book = load_workbook(BytesIO(as_workbook(issue_of(), "de")), read_only=True)
    assert book.sheetnames == ["Treffer", "Inserate", "Inserate 2", "Inserate 3"]
    rows = [list(book[name].iter_rows(values_only=True, max_col=1)) for name in book.sheetnames[1:]]
    assert [row[0] for rows_of in rows for row in rows_of[1:]] == sorted(issue_of().listings["listing_id"])
    assert {rows_of[0][0] for rows_of in rows} == {"Inserat"}
