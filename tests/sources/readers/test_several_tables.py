"""Sheets with more than one table, headings with additions, lines of totals: what is a row there, and of which columns.

What is unsure stays refused: a column beside the table that may belong to it, two headings that may both be one column.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import pytest

from sources.platform import RawDocument
from sources.readers.spreadsheet import read_csv
from tests.sources.readers.test_exam_workbooks import COLUMNS, HEAD, A, B, ods, ods_row, outcome, put, saved, sheet
from tests.sources.readers.test_odd_workbooks import cell, table

OTHER_ORDER = ["PLZ", "Ab", "Firma", "Menge"]
C = ["Strickerei West", "68159", "900 Stück", "sofort"]
C_IN_OTHER_ORDER = ["68159", "sofort", "Strickerei West", "900 Stück"]
LEGEND = [["Kürzel", "Bedeutung"], ["VE", "Verpackung"], ["MNS", "Mundschutz"], ["FFP", "Halbmaske"], ["KG", "Karton"]]
ADDED = ["Firma (Name)", "PLZ [5-stellig]", "MENGE (in Stück)", "Ab(Datum)"]


def ods_lines(*rows: Sequence[str]) -> bytes:
    return ods(table(*(ods_row(*(cell(text) if text else "<table:table-cell/>" for text in row)) for row in rows)))


def beside(row: int, column: int, *rows: Sequence[Any], ours: int = 1) -> bytes:
    book = sheet(HEAD, A, B, column=ours)
    put(book.active, *rows, start=row, column=column)
    return saved(book)


@pytest.mark.parametrize("lines", [lambda *rows: saved(sheet(*rows)), ods_lines])
def test_a_heading_with_an_addition_in_brackets_is_its_column(lines: Any) -> None:
    assert outcome(lines(ADDED, A, B)) == ([A, B], 0)


def test_an_addition_is_found_in_csv_whatever_the_delimiter() -> None:
    text = '"Menge (Stück, Paar)",Firma,"PLZ (Ort)",Ab\n5,Weberei,79098,sofort\n'
    [row] = read_csv(RawDocument("x.csv", text.encode(), "", datetime(2020, 4, 20, tzinfo=UTC)), COLUMNS)
    assert dict(row.fields) == {"Firma": "Weberei", "PLZ": "79098", "Menge": "5", "Ab": "sofort"}


@pytest.mark.parametrize("menge", [["Menge", "Menge (kg)"], ["Menge (Stück)", "Menge (kg)"]])
def test_two_headings_that_may_be_one_column_are_refused(menge: list[str]) -> None:
    assert outcome(saved(sheet(["Firma", "PLZ", *menge, "Ab"], ["Weberei", "79098", "5", "6", "x"]))) == ([], 1)


@pytest.mark.parametrize("lines", [lambda *rows: saved(sheet(*rows)), ods_lines])
@pytest.mark.parametrize(
    "between",
    [
        [], [[]], [["Gesuche"]], [[], ["Gesuche"]], [["Gesuche"], []], [[], ["", "Gesuche Mai"], []],
        [["Summe", "", "12"]],
    ],
)  # fmt: skip
def test_a_second_header_orders_the_lines_below_it(lines: Any, between: list[list[str]]) -> None:
    content = lines(HEAD, A, B, *between, OTHER_ORDER, C_IN_OTHER_ORDER, OTHER_ORDER, C_IN_OTHER_ORDER)
    assert outcome(content) == ([A, B, C, C], 0)


def test_a_second_header_may_stand_elsewhere_and_say_more_or_less() -> None:
    without_ab = [["", "", "Menge (Stück)", "FIRMA", "plz"], ["", "", "900 Stück", "Strickerei West", "68159"]]
    with_more = [[*OTHER_ORDER, "IBAN"], [*C_IN_OTHER_ORDER, "DE00"], C_IN_OTHER_ORDER]
    assert outcome(saved(sheet(HEAD, A, *without_ab))) == ([A, [*C[:3], ""]], 0)
    assert outcome(saved(sheet(HEAD, A, *with_more))) == ([A, C], 1)  # what we do not know is not skipped silently


def test_the_upper_of_two_tables_may_say_less() -> None:
    title = ["Kompetenzliste", "Stand Mai"]
    content = saved(sheet(title, ["Menge", "PLZ", "Firma"], ["5", "79098", "Weberei"], [], ["Gesuche"], HEAD, B))
    assert outcome(content) == ([["Weberei", "79098", "5", ""], B], 0)


def test_a_second_header_counts_in_csv_too() -> None:
    text = "\n".join(map(";".join, [HEAD, A, ["Gesuche"], OTHER_ORDER, C_IN_OTHER_ORDER]))
    rows = read_csv(RawDocument("x.csv", text.encode(), "", datetime(2020, 4, 20, tzinfo=UTC)), COLUMNS)
    assert [list(row.fields.values()) for row in rows] == [A, C]


def test_a_blank_column_under_a_repeated_header_stays_blank() -> None:
    assert outcome(saved(sheet([*HEAD, "Bemerkung"], A, [*HEAD, "Bemerkung"], B))) == ([A, B], 0)


def test_a_row_of_one_cell_that_no_header_follows_is_a_row() -> None:
    lonely = ["Weberei Ost", "", "", ""]
    assert outcome(saved(sheet(HEAD, A, lonely, B, lonely))) == ([A, lonely, B, lonely], 0)


@pytest.mark.parametrize(
    ("row", "column", "lines", "ours"),
    [
        (1, 6, LEGEND, 1), (2, 6, LEGEND, 1), (3, 7, LEGEND[1:], 1), (1, 1, LEGEND, 4),
        (2, 6, [["x"], ["y"], ["z"], ["v"]], 1), (1, 6, [["PLZ", "Ort"], *LEGEND[1:]], 1),
    ],
)  # fmt: skip
def test_a_longer_table_beside_is_no_part_of_ours(row: int, column: int, lines: list[list[str]], ours: int) -> None:
    assert outcome(beside(row, column, *lines, ours=ours)) == ([A, B], 0)


def test_a_longer_table_beside_in_ods() -> None:
    rows = [[*own, "", *other] for own, other in zip([HEAD, A, B, [""] * 4, [""] * 4], LEGEND, strict=True)]
    assert outcome(ods_lines(*rows)) == ([A, B], 0)


def test_a_table_below_that_begins_further_right_is_read() -> None:
    assert outcome(beside(6, 6, OTHER_ORDER, C_IN_OTHER_ORDER)) == ([A, B, C], 0)


def test_columns_beside_that_end_with_ours_are_told() -> None:
    assert outcome(beside(1, 6, ["IBAN", "Telefon"], ["DE00", "0711 1"])) == ([A, B], 2)


@pytest.mark.parametrize("lines", [lambda *rows: saved(sheet(*rows)), ods_lines])
@pytest.mark.parametrize(
    "last",
    [
        ["Ergebnis", "", "", "2"], ["Gesamtergebnis", "", "12"], ["", "Ergebnis", "12"], ["2", "", "12", "Summe"],
        ["", "2", "Total:", "12"], ["2", "Gesamt", "12,5 Stück"], ["Teilergebnis", "2", "12"],
        ["", "", "12", "Total général"], ["Summe (Stück)", "", "12"],
    ],
)  # fmt: skip
def test_a_total_is_no_row_wherever_its_word_stands(lines: Any, last: list[str]) -> None:
    assert outcome(lines(HEAD, A, B, last)) == ([A, B], 0)


def test_a_total_whose_formula_was_never_computed_is_no_row() -> None:
    formula = '<table:table-cell table:formula="of:=SUM([.C2:.C3])"/>'
    assert outcome(saved(sheet(HEAD, A, B, ["Ergebnis", None, "=SUBTOTAL(109,C2:C3)"]))) == ([A, B], 0)
    assert outcome(ods(table(ods_row(*HEAD), ods_row(*A), ods_row(*B), ods_row("Summe", "", formula)))) == ([A, B], 0)


@pytest.mark.parametrize(
    "row",
    [["Gesamt", "79098", "12 Stück", "sofort"], ["12", "79098", "5", "***"], ["3", "79098", "5", "Ergebnis folgt"]],
)  # fmt: skip
def test_rows_with_words_like_totals_are_rows(row: list[str]) -> None:
    assert outcome(saved(sheet(HEAD, row, B))) == ([row, B], 0)
