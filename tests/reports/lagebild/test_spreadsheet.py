"""The workbook of matches and listings: to be read by people, and safe to open."""

import csv
import re
import subprocess
import zipfile
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO, StringIO
from pathlib import Path
from shutil import which

import pandas as pd
import pytest
from openpyxl import load_workbook

from reports.lagebild import Issue, spreadsheet
from reports.lagebild.case_sheet import as_case_sheet
from reports.lagebild.spreadsheet import as_workbook
from reports.language import LANGUAGES
from tests.reports.builders import listing_rows

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
        assert sheet.auto_filter.ref == f"A1:{sheet.cell(1, len(headings)).column_letter}{sheet.max_row}"
        for cell in sheet[1]:  # a heading breaks between its words, never within one
            assert cell.alignment.wrap_text
            assert sheet.column_dimensions[cell.column_letter].width > max(map(len, cell.value.split()))


def test_amounts_are_numbers_beside_their_unit(issue_of: MakeIssue) -> None:
    rate = [row | {"quantity": 9400.0, "unit": "piece", "period": "week"} for row in listing_rows()]
    for language, unit in (("de", "Stück je Woche"), ("fr", "pièces par semaine"), ("en", "pieces per week")):
        book = load_workbook(BytesIO(as_workbook(issue_of(listings=rate), language)))
        told = [(row[3].value, row[4].value) for row in book.worksheets[0].iter_rows(min_row=2)]
        assert told == [(9400, unit)] * 2
        assert {row[7].data_type for row in book.worksheets[1].iter_rows(min_row=2)} == {"n"}


def test_addresses_are_text_that_a_reader_may_follow(issue_of: MakeIssue) -> None:
    own = {"boerse:g1": "https://boerse.example/eintrag/1", "drehscheibe:a2": "javascript:alert(1)"}
    listings = [row | {"url": own.get(row["listing_id"])} for row in listing_rows()]
    book = load_workbook(BytesIO(as_workbook(issue_of(listings=listings), "de")))
    first = book["Treffer"][2]
    assert [cell.value for cell in first[18:20]] == ["https://boerse.example/eintrag/1", "https://drehscheibe.example/"]
    for sheet in book:
        cells = [cell for row in sheet.iter_rows() for cell in row]
        assert not [cell for cell in cells if cell.hyperlink or cell.data_type == "f"]


CSV_OF_ALL_SHEETS = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1"
# What LibreOffice says of the machine it stands on, and not of the file.
OF_THE_MACHINE = re.compile(r"javaldx|^$")


def opened_in_libreoffice(content: bytes, folder: Path) -> dict[str, list[list[str]]]:
    """The sheets as LibreOffice reads them; it must say nothing but what it wrote."""
    (folder / "book.xlsx").write_bytes(content)
    command = ["soffice", f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to"]
    done = subprocess.run(
        [*command, CSV_OF_ALL_SHEETS, "book.xlsx"], cwd=folder, capture_output=True, text=True, check=True
    )
    assert [line for line in done.stderr.splitlines() if not OF_THE_MACHINE.search(line)] == []
    assert not re.search("warn|error|fail", done.stdout, re.IGNORECASE)
    written = {path.stem.removeprefix("book-"): path.read_text("utf-8") for path in sorted(folder.glob("*.csv"))}
    return {name: list(csv.reader(StringIO(text))) for name, text in written.items()}


@pytest.mark.skipif(which("soffice") is None, reason="soffice is missing: install libreoffice-calc-nogui")
@pytest.mark.parametrize("made", [as_workbook, as_case_sheet])
def test_a_workbook_opens_in_libreoffice(
    issue_of: MakeIssue, made: Callable[[Issue, str], bytes], tmp_path: Path
) -> None:
    content = made(issue_of(), "de")
    opened = opened_in_libreoffice(content, tmp_path)
    for sheet in load_workbook(BytesIO(content)).worksheets:
        if sheet.sheet_state == "hidden":
            continue
        texts = [[cell for cell in row if cell and isinstance(cell, str)] for row in sheet.iter_rows(values_only=True)]
        assert [
            [cell for cell in row if cell in told] for row, told in zip(opened[sheet.title], texts, strict=True)
        ] == (texts)


@pytest.mark.skipif(which("soffice") is None, reason="soffice is missing: install libreoffice-calc-nogui")
def test_a_formula_of_a_platform_stays_text_in_libreoffice(hostile: Callable[[str], Issue], tmp_path: Path) -> None:
    opened = opened_in_libreoffice(as_workbook(hostile("=1+1"), "de"), tmp_path)
    assert {row[3] for row in opened["Inserate"][1:]} == {"=1+1"}


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
