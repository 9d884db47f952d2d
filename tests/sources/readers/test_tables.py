"""Tables as offices export them: what surrounds the table, where it stands, and what one bad line may do."""

import io
from collections.abc import Sequence
from datetime import UTC, datetime
from zipfile import ZipFile

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Font

from sources.platform import BrokenStructure, RawDocument, UnknownFormat
from sources.readers.encoding import decoded
from sources.readers.sheets import read_workbook
from sources.readers.spreadsheet import find_tables, read_csv
from sources.readers.survey import read_answers
from sources.rows.fields import Number, postal_code, quantity
from sources.rows.read import Row

COLUMNS = ("Firma", "PLZ", "Menge")
GOOD = ["Weberei Nord;01067;5 Stück", "Näherei Süd;79098;7 Stück"]


def document(content: bytes | str, name: str = "liste.csv") -> RawDocument:
    return RawDocument(name, content.encode() if isinstance(content, str) else content, "", datetime(2020, 4, 20, tzinfo=UTC))  # fmt: skip # noqa: E501


def csv_rows(text: str | bytes) -> list[Row]:
    return list(read_csv(document(text), COLUMNS))


def firms(rows: Sequence[Row]) -> list[str]:
    return [row.fields["Firma"] for row in rows if row.problem is None]


def workbook(fill: object, *names: str) -> bytes:
    book = openpyxl.Workbook()
    book.active.title = names[0] if names else "Liste"
    for name in names[1:]:
        book.create_sheet(name)
    fill(book)  # type: ignore[operator]
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


@pytest.mark.parametrize(
    "text",
    [
        "sep=;\n{head}\n{rows}\n",
        "Kompetenzliste;;\nStand: 1. April;;\n\n{head}\n{rows}\n",
        "{head}\n{rows}\nSumme;;12\n",
        "{head}\n{rows}\n\nQuelle: eigene Erhebung\n",
        "{head}\n{first}\n{head}\n{second}\n",
        "{head};\n{first};\n{second};\n",
        "FIRMA ; plz;Menge\n{rows}\n",
        "----;----;----\n{head}\n-----------\n{rows}\n",
    ],
)
def test_what_surrounds_a_table_is_no_row(text: str) -> None:
    written = text.format(head=";".join(COLUMNS), rows="\n".join(GOOD), first=GOOD[0], second=GOOD[1])
    rows = csv_rows(written)
    assert firms(rows) == ["Weberei Nord", "Näherei Süd"]
    assert len(rows) == 2


@pytest.mark.parametrize(
    "bad", ['"Offen;77694;3 Stück', "Zu; viele;Zellen;hier", b"Wer\x81\x8d;1;2", '77694;"Offen;3'], ids=str
)
def test_one_bad_line_takes_no_other(bad: str | bytes) -> None:
    line = bad if isinstance(bad, bytes) else bad.encode()
    rows = csv_rows(b"\n".join([";".join(COLUMNS).encode(), GOOD[0].encode(), line, GOOD[1].encode(), b""]))
    assert firms(rows) == ["Weberei Nord", "Näherei Süd"]
    assert len(rows) == 3


def test_a_line_in_another_encoding_and_broken_letters_are_read() -> None:
    assert decoded("Müller\n".encode() + "Köhler\n".encode("cp1252")) == "Müller\nKöhler\n"
    assert decoded("Müller\n".encode().decode("cp1252").encode()) == "Müller\n"
    assert "�" not in decoded(b"\x81\xff\n", keeps_broken=True)


def test_a_short_row_stays_a_row_and_a_cell_keeps_its_lines() -> None:
    rows = csv_rows('Firma;PLZ;Menge\nNur Name\n"Weberei\nNord";01067;5\n')
    assert firms(rows) == ["Nur Name", "Weberei\nNord"]


@pytest.mark.parametrize(
    ("said", "country", "meant"),
    [
        ("1067", "DE", "01067"), ("1067.0", "FR", "01067"), ('="01067"', "DE", "01067"), ("'01067", "DE", "01067"),
        ("4051", "CH", "4051"), ("4051", None, "4051"), ("D-79098", "DE", "79098"), ("6,7117E+04", "DE", "67117"),
        ("B 1067", "DE", "B 1067"),
    ],
)  # fmt: skip
def test_postal_codes_get_back_what_a_spreadsheet_took(said: str, country: str | None, meant: str) -> None:
    [row] = csv_rows(f"Firma;PLZ;Menge\nWeberei;{said};1\n")
    assert postal_code(row.fields, "PLZ", country) == meant


def test_the_table_is_found_on_whatever_sheet_and_hidden_ones_are_not_read() -> None:
    def fill(book: openpyxl.Workbook) -> None:
        book["Deckblatt"]["A1"] = "Kompetenzliste"
        for name, start in (("Alt", 1), ("Liste", 5)):
            for row, cells in enumerate([COLUMNS, ("Weberei " + name, "01067", 5)]):
                for column, value in enumerate(cells):
                    book[name].cell(start + row, start + column, value)
        book["Alt"].sheet_state = "hidden"

    [table] = find_tables(document(workbook(fill, "Deckblatt", "Alt", "Liste"), "x.xlsx"), COLUMNS)
    assert firms(list(table.rows())) == ["Weberei Liste"]


def test_merged_numbers_struck_out_and_far_cells() -> None:
    def fill(book: openpyxl.Workbook) -> None:
        sheet = book.active
        half = CellRichText(TextBlock(InlineFont(strike=True), "500"), " 200 Stück")
        for cells in (COLUMNS, ("Weberei", "01067", 12.125), (None, "79098", half), ("Fort", "1", "2")):
            sheet.append(cells)
        sheet.merge_cells("A2:A3")
        for cell in sheet[4]:
            cell.font = Font(strike=True)
        sheet["XFD1048576"] = " "

    [table] = find_tables(document(workbook(fill), "x.xlsx"), COLUMNS)
    first, second, third = table.rows()
    assert (first.fields["Firma"], second.fields["Firma"]) == ("Weberei", "Weberei")
    assert first.fields["Menge"] == Number("12.125")
    assert quantity(first.fields, "Menge", "de")["quantity"] == 12.125
    assert second.fields["Menge"] == " 200 Stück"
    assert third.problem is not None
    assert third.problem.rule == "struck_out"


def test_a_workbook_in_an_archive_is_read_and_a_strange_one_refused_in_words() -> None:
    content = workbook(lambda book: [book.active.append(row) for row in (COLUMNS, ("Weberei", "01067", 5))])
    packed = io.BytesIO()
    with ZipFile(packed, "w") as archive:
        archive.writestr("liste.xlsx", content)
        archive.writestr("__MACOSX/._liste.xlsx", b"x")
    [table] = find_tables(document(packed.getvalue(), "x.zip"), COLUMNS)
    assert firms(list(table.rows())) == ["Weberei"]
    for odd in (content[:2000], b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, b"\x00\x01"):
        with pytest.raises(BrokenStructure):
            find_tables(document(odd, "x.xlsx"), COLUMNS)
    locked = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le")
    with pytest.raises(UnknownFormat, match="password"):
        read_workbook(document(locked, "x.xlsx"))


QUESTIONS = {"id": "Antwort ID", "Q1": "Name", "Q2": "Was genau?"}


@pytest.mark.parametrize(
    "head",
    ['"id";"Q1";"Q2"', '"Antwort ID";"Name";"Was genau?"', '"id. Antwort ID";"Q1. Name";"Q2. Was genau?"',
     "id;Q1;Q2\nAntwort ID;Name;Was genau?", "Antwort ID;Name;Was genau?\nid;Q1;Q2"],
)  # fmt: skip
@pytest.mark.parametrize("delimiter", [";", "\t", ","])
def test_a_survey_is_read_whatever_its_header_says(head: str, delimiter: str) -> None:
    text = f"\ufeff{head}\n1;Weberei;Masken\n".replace(";", delimiter)
    [row] = read_answers(document(text), QUESTIONS)
    assert dict(row.fields) == {"id": "1", "Q1": "Weberei", "Q2": "Masken"}


def test_the_marks_of_a_vv_file_are_read() -> None:
    text = "Antwort ID\tName\tWas genau?\nid\tQ1\tQ2\n1\tA{newline}B\t{question_not_shown}\n"
    [row] = read_answers(document(text), QUESTIONS)
    assert dict(row.fields) == {"id": "1", "Q1": "A\nB", "Q2": ""}


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    for head in (b"", ";".join(COLUMNS).encode() + b"\n"):
        try:
            rows = list(read_csv(document(head + content), COLUMNS))
        except BrokenStructure:
            continue
        assert all(
            "�" not in value or row.problem or "�".encode() in content for row in rows for value in row.fields.values()
        )
