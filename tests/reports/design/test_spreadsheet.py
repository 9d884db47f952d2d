"""Cells are text or numbers, never formulas, and read as they were written."""

from collections.abc import Sequence
from datetime import UTC, datetime
from io import BytesIO
from zipfile import ZipFile

import pytest
import xlsxwriter
from openpyxl import load_workbook
from python_calamine import CalamineWorkbook

from reports.design.spreadsheet import LONGEST_CELL, Cells, safe_cell, with_rows


@pytest.mark.parametrize("text", ['=HYPERLINK("x")', "+1", "-1", "@x", "\tx", "\rx", " =x"])
def test_no_cell_is_a_formula(text: str) -> None:
    assert safe_cell(text).startswith("'")


@pytest.mark.parametrize(("value", "cell"), [(-1.5, "-1.5"), (3, "3"), (None, ""), ("a-b", "a-b"), (0.1 + 0.2, "0.3")])
def test_numbers_and_plain_text_stay(value: object, cell: str) -> None:
    assert safe_cell(value) == cell


def _book(headings: Sequence[Sequence[str]], rows: Sequence[Sequence[Cells]]) -> bytes:
    content = BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        book.set_properties({"created": datetime(2020, 4, 26, tzinfo=UTC).replace(tzinfo=None)})
        for names in headings:
            sheet = book.add_worksheet()
            for column, name in enumerate(names):
                sheet.write_string(0, column, name)
    return with_rows(content.getvalue(), rows)


TEXTS = ["=1+1", "@x", "<f>1</f>&amp;", " two  spaces ", "ü„“\u202e", "tab\tline\nend", "{=x}", "http://a.example"]


def test_rows_read_as_written_by_two_readers() -> None:
    rows: list[Cells] = [[text, number, None, 0.1] for number, text in enumerate(TEXTS)]
    book = _book([["A", "B", "C", "D"], ["E"]], [rows, []])
    assert book == _book([["A", "B", "C", "D"], ["E"]], [rows, []])
    opened = load_workbook(BytesIO(book))
    assert opened.sheetnames == ["Sheet1", "Sheet2"]
    assert [[cell.value for cell in row] for row in opened["Sheet1"].iter_rows()] == [["A", "B", "C", "D"], *rows]
    assert {cell.data_type for cell in opened["Sheet1"]["A"]} == {"s"}
    assert not [cell.hyperlink for cell in opened["Sheet1"]["A"] if cell.hyperlink]
    again = CalamineWorkbook.from_filelike(BytesIO(book)).get_sheet_by_name("Sheet1").to_python()
    assert [row[0] for row in again[1:]] == TEXTS


def test_text_that_looks_like_an_escape_is_escaped() -> None:
    sheet = ZipFile(BytesIO(_book([["A"]], [[["_x0041_"]]]))).read("xl/worksheets/sheet1.xml")
    assert b">_x005F_x0041_<" in sheet  # a spreadsheet reads this as the text; unescaped it would read A


def test_what_a_sheet_cannot_hold_is_replaced_or_cut() -> None:
    book = _book([["A"]], [[["a\x00b\x0bc\ud800d\uffff"], ["x" * 40_000]]])
    values = [row[0] for row in load_workbook(BytesIO(book))["Sheet1"].iter_rows(values_only=True)]
    assert values[1] == "a b c d "
    assert len(values[2]) == LONGEST_CELL
