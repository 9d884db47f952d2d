"""Odd workbooks: what LibreOffice, Excel on a Mac and exports of databases write; a second set, twenty of them ODS.

How many of them were read right before ODS had a reader of its own stands in benchmarks/results/reading.md.
"""

# ruff: noqa: E501, DTZ001 -- parts of files as they stand there; workbooks know no time zones

from datetime import date, datetime, timedelta
from typing import Any

import openpyxl
import pytest
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Font, NamedStyle

from tests.sources.readers.test_exam_workbooks import (
    HEAD,
    SHEET,
    A,
    B,
    Meant,
    archive,
    edited,
    ods,
    ods_row,
    outcome,
    put,
    saved,
    sheet,
)

CASES: dict[str, tuple[Any, Meant, int]] = {}
STRUCK = '<style:text-properties style:text-line-through-style="solid" style:text-line-through-type="single"/>'
PLAIN = '<style:text-properties style:text-line-through-style="none" style:text-line-through-type="none"/>'


def case(trait: str, rows: Meant, refused: int = 0) -> Any:
    def add(build: Any) -> None:
        CASES[trait] = (build, rows, refused)

    return add


def style(name: str, inside: str, family: str = "table-cell", parent: str = "") -> str:
    made_from = f' style:parent-style-name="{parent}"' if parent else ""
    return f'<style:style style:name="{name}" style:family="{family}"{made_from}>{inside}</style:style>'


def cell(text: str, attributes: str = "", kind: str = 'office:value-type="string"') -> str:
    return f"<table:table-cell {kind} {attributes}><text:p>{text}</text:p></table:table-cell>"


def table(*rows: str, name: str = "Tabelle1", attributes: str = "") -> str:
    return f'<table:table table:name="{name}" {attributes}>' + "".join(rows) + "</table:table>"


def styled(styles: str, body: str) -> bytes:
    """A file with automatic styles before its body."""
    return edited(
        ods(body),
        (r"content\.xml", "<office:body>", f"<office:automatic-styles>{styles}</office:automatic-styles><office:body>"),
    )


COVERED = "<table:covered-table-cell/>"


@case("ODS: row wholly struck out, merged with the row above", [["Weberei", "79098", "5", "x"]], 1)
def _() -> bytes:
    firm = cell("Weberei", 'table:number-rows-spanned="2"')
    struck = [cell(text, 'table:style-name="ce1"') for text in ("79098", "6", "y")]
    return styled(
        style("ce1", STRUCK),
        table(ods_row(*HEAD), ods_row(firm, "79098", "5", "x"), ods_row(COVERED, *struck)),
    )


@case("ODS: struck out by a column's default style", [["Weberei Nord", "79098", "", "sofort"]])
def _() -> bytes:
    columns = '<table:table-column table:number-columns-repeated="2"/><table:table-column table:default-cell-style-name="ce1"/><table:table-column/>'
    plain = [cell(text, 'table:style-name="ce2"') for text in HEAD]
    return styled(style("ce1", STRUCK) + style("ce2", PLAIN), table(columns, ods_row(*plain), ods_row(*A)))


@case("ODS: a run that is not struck out inside a struck-out cell", [["Weberei Nord", "79098", "200 Stück", "sofort"]])
def _() -> bytes:
    amount = cell('500 <text:span text:style-name="T1">200 Stück</text:span>', 'table:style-name="ce1"')
    return styled(
        style("ce1", STRUCK) + style("T1", PLAIN, "text"),
        table(ods_row(*HEAD), ods_row(A[0], A[1], amount, A[3])),
    )


@case("ODS: struck out by a paragraph's style", [["Weberei Nord", "79098", "neu: 7", "sofort"]])
def _() -> bytes:
    amount = '<table:table-cell office:value-type="string"><text:p text:style-name="P1">alt: 5</text:p><text:p>neu: 7</text:p></table:table-cell>'
    return styled(style("P1", STRUCK, "paragraph"), table(ods_row(*HEAD), ods_row(A[0], A[1], amount, A[3])))


@case("ODS: strike by a parent in styles.xml", [["Näherei Süd", "72764", "7 Rollen", "ab Mai"]], 1)
def _() -> bytes:
    styles = (
        '<?xml version="1.0"?><office:document-styles xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0"><office:styles>'
        + style("Erledigt", STRUCK)
        + "</office:styles></office:document-styles>"
    )
    struck = [cell(text, 'table:style-name="ce7"') for text in A]
    body = table(ods_row(*HEAD), ods_row(*struck), ods_row(*B))
    return edited(
        ods(body, styles_DOT_xml=styles),
        (
            r"content\.xml",
            "<office:body>",
            "<office:automatic-styles>"
            + style("ce7", "", parent="Erledigt")
            + "</office:automatic-styles><office:body>",
        ),
    )


@case("ODS: hidden sheet with the same head", [A])
def _() -> bytes:
    hidden = style("ta2", '<style:table-properties table:display="false"/>', "table")
    return styled(
        hidden,
        table(ods_row(*HEAD), ods_row(*B), name="Alt", attributes='table:style-name="ta2"')
        + table(ods_row(*HEAD), ods_row(*A), name="Neu"),
    )


@case("ODS: filtered and grouped rows", [A, B])
def _() -> bytes:
    filtered = ods_row(*B).replace("<table:table-row ", '<table:table-row table:visibility="filter" ')
    return ods(
        table(
            "<table:table-header-rows>" + ods_row(*HEAD) + "</table:table-header-rows>",
            "<table:table-row-group>" + ods_row(*A) + filtered + "</table:table-row-group>",
        )
    )


@case(
    "ODS: currency, percentage, time and boolean",
    [["Weberei", "79098", "12.5", "10:30:00"], ["true", "79098", "0.25", "x"]],
)
def _() -> bytes:
    euro = cell("12,50 €", kind='office:value-type="currency" office:currency="EUR" office:value="12.5"')
    clock = cell("10:30", kind='office:value-type="time" office:time-value="PT10H30M00S"')
    part = cell("25 %", kind='office:value-type="percentage" office:value="0.25"')
    is_so = cell("WAHR", kind='office:value-type="boolean" office:boolean-value="true"')
    return ods(table(ods_row(*HEAD), ods_row("Weberei", "79098", euro, clock), ods_row(is_so, "79098", part, "x")))


@case("ODS: date with a time of day and at midnight", [["W", "79098", "2020-05-04 10:30:00", "2020-05-04"]])
def _() -> bytes:
    moment = cell("04.05.20 10:30", kind='office:value-type="date" office:date-value="2020-05-04T10:30:00"')
    midnight = cell("04.05.20", kind='office:value-type="date" office:date-value="2020-05-04T00:00:00"')
    return ods(table(ods_row(*HEAD), ods_row("W", "79098", moment, midnight)))


@case(
    "ODS: errors of German and English LibreOffice are blank",
    [["Weberei", "79098", "", "x"], ["Weberei", "79098", "", "y"], ["Weberei", "79098", "", "z"]],
)
def _() -> bytes:
    calc = 'xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0" calcext:value-type="error"'
    wrong = cell(
        "#NV", calc, 'table:formula="of:=VLOOKUP(1;[.A1:.B2];2)" office:value-type="string" office:string-value=""'
    )
    broken = cell("#REF!", calc, 'table:formula="of:=[.#REF!]" office:value-type="string" office:string-value=""')
    code = cell("Err:502", calc, 'table:formula="of:=X()" office:value-type="string" office:string-value=""')
    return ods(
        table(
            ods_row(*HEAD),
            ods_row("Weberei", "79098", wrong, "x"),
            ods_row("Weberei", "79098", broken, "y"),
            ods_row("Weberei", "79098", code, "z"),
        )
    )


@case("ODS: formula with its value, formula of an empty text, formula never computed", [["W", "79098", "12", ""]], 1)
def _() -> bytes:
    value = cell("12", kind='table:formula="of:=6*2" office:value-type="float" office:value="12"')
    empty = '<table:table-cell table:formula="of:=&quot;&quot;" office:value-type="string" office:string-value=""/>'
    lost = '<table:table-cell table:formula="of:=6*2"/>'
    return ods(table(ods_row(*HEAD), ods_row("W", "79098", value, empty), ods_row("W", "79098", lost, "x")))


@case("ODS: links, tabs, lists and fields in a cell", [["Weberei Nord GmbH", "79098", "5 Stück", "a\nb"]])
def _() -> bytes:
    firm = cell(
        '<text:a xlink:href="https://w.example" xmlns:xlink="http://www.w3.org/1999/xlink">Weberei</text:a> Nord<text:s/>GmbH'
    )
    amount = cell("5<text:tab/>Stück")
    lines = cell("a<text:line-break/>b")
    return ods(table(ods_row(*HEAD), ods_row(firm, "79098", amount, lines)))


@case("ODS: notes and shapes are no text", [A])
def _() -> bytes:
    shape = '<table:shapes><draw:frame xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0"><draw:text-box><text:p>Achtung</text:p></draw:text-box></draw:frame></table:shapes>'
    note = '<table:table-cell office:value-type="string"><office:annotation office:display="false"><text:p>Frau Muster fragen</text:p></office:annotation><text:p>79098</text:p></table:table-cell>'
    drawn = '<table:table-cell office:value-type="string"><draw:custom-shape xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0"><text:p>Pfeil</text:p></draw:custom-shape><text:p>5 Stück</text:p></table:table-cell>'
    return ods(table(shape, ods_row(*HEAD), ods_row(A[0], note, drawn, A[3])))


@case("ODS: title rows, head of merged cells, total and foot line", [A, B])
def _() -> bytes:
    title = cell("Kompetenzliste Textil", 'table:number-columns-spanned="4"')
    total = ods_row("Summe", "", cell("12", kind='office:value-type="float" office:value="12"'), "")
    return ods(
        table(
            ods_row(title, COVERED, COVERED, COVERED),
            ods_row("Stand: 14.04.2020"),
            ods_row(""),
            ods_row(*HEAD),
            ods_row(*A),
            ods_row(*B),
            total,
            ods_row(""),
            ods_row("Quelle: eigene Erhebung"),
        )
    )


@case(
    "ODS: the same value in neighbouring cells is written once",
    [["Weberei", "79098", "x", "x"], ["Weberei", "79098", "x", "x"]],
)
def _() -> bytes:
    twice = cell("x", 'table:number-columns-repeated="2"')
    return ods(table(ods_row(*HEAD), ods_row("Weberei", "79098", twice, repeated=2)))


@case("ODS: blank columns before and between", [A, B])
def _() -> bytes:
    blank = '<table:table-cell table:number-columns-repeated="2"/>'
    rows = [ods_row(blank, row[0], row[1], "<table:table-cell/>", row[2], row[3]) for row in (HEAD, A, B)]
    return ods(table(ods_row("<table:table-cell/>", repeated=3), *rows))


@case("ODS: protected by a password", [], 1)
def _() -> bytes:
    return archive(
        mimetype="application/vnd.oasis.opendocument.spreadsheet",
        META_DASH_INF="",
        **{
            "META-INF__manifest_DOT_xml": '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"><manifest:file-entry manifest:full-path="content.xml"><manifest:encryption-data/></manifest:file-entry></manifest:manifest>',
            "content_DOT_xml": b"\x8a\x01\x92\xff" * 40,
        },
    )


@case("ODS: codes with zeros as text and by format", [["W", "01067", "0", "x"], ["W", "01067", "007", "x"]])
def _() -> bytes:
    code = cell("01067", kind='office:value-type="float" office:value="1067"')
    zero = cell("0", kind='office:value-type="float" office:value="0"')
    article = cell("007", kind='office:value-type="float" office:value="7"')
    return ods(table(ods_row(*HEAD), ods_row("W", "01067", zero, "x"), ods_row("W", code, article, "x")))


@case("ODS: big numbers, exponents and fractions", [["W", "79098", "1500000", "0.125"]])
def _() -> bytes:
    big = cell("1,5E+06", kind='office:value-type="float" office:value="1.5E6"')
    part = cell("1/8", kind='office:value-type="float" office:value="0.125"')
    return ods(table(ods_row(*HEAD), ods_row("W", "79098", big, part)))


@case(
    "ODS: merged over rows and columns, hidden content under it",
    [["Weberei", "79098", "5", "x"], ["Weberei", "72764", "6", "y"]],
)
def _() -> bytes:
    firm = cell("Weberei", 'table:number-rows-spanned="2" table:number-columns-spanned="1"')
    under = '<table:covered-table-cell office:value-type="string"><text:p>verdeckt</text:p></table:covered-table-cell>'
    return ods(table(ods_row(*HEAD), ods_row(firm, "79098", "5", "x"), ods_row(under, "72764", "6", "y")))


@case(
    "ODS: days that are none, and moments with very small parts",
    [["W", "79098", "2020-05-04 10:30:00", "00.00.0000"], ["W", "79098", "1e", "x"]],
)
def _() -> bytes:
    never = cell("00.00.0000", kind='office:value-type="date" office:date-value="0000-00-00"')
    exact = cell("10:30", kind='office:value-type="date" office:date-value="2020-05-04T10:30:00.000000000"')
    broken = cell("1e", kind='office:value-type="float" office:value="1e"')
    return ods(table(ods_row(*HEAD), ods_row("W", "79098", exact, never), ods_row("W", "79098", broken, "x")))


@case("ODS: heads with line breaks and a hyphen", [A])
def _() -> bytes:
    return ods(table(ods_row(cell("Fir-<text:line-break/>ma"), cell("PLZ<text:line-break/>"), *HEAD[2:]), ods_row(*A)))


@case("XLSX: row wholly struck out, merged with the row above", [["Weberei", "79098", "5", "x"]], 1)
def _() -> bytes:
    book = sheet(HEAD, ["Weberei", "79098", "5", "x"], [None, "72764", "6", "y"])
    book.active.merge_cells("A2:A3")
    for place in ("B3", "C3", "D3"):
        book.active[place].font = Font(strike=True)
    return saved(book)


@case("XLSX: struck out by a named style", [B], 1)
def _() -> bytes:
    book = sheet(HEAD, A, B)
    book.add_named_style(NamedStyle("Erledigt", font=Font(strike=True)))
    for cell_ in book.active[2]:
        cell_.style = "Erledigt"
    return saved(book)


@case("XLSX: a run struck out, merged down", [["W", "79098", "200 Stück", "x"], ["W", "72764", "200 Stück", "y"]])
def _() -> bytes:
    amount = CellRichText(TextBlock(InlineFont(strike=True), "500 Stück "), "200 Stück")
    book = sheet(HEAD, ["W", "79098", amount, "x"], ["W", "72764", None, "y"])
    book.active.merge_cells("C2:C3")
    return saved(book)


@case("XLSX: two tables side by side", [A, B])
def _() -> bytes:
    book = sheet(HEAD, A, B)
    put(book.active, ["Kürzel", "Bedeutung"], ["VE", "Verpackungseinheit"], start=1, column=7)
    for place in ("G1", "H1"):
        book.active[place].value = None
    put(book.active, ["", ""], start=2, column=7)
    return saved(book)


@case("XLSX: durations and moments", [["W", "79098", "1 day, 6:30:00", "2020-05-04 10:30:00"]])
def _() -> bytes:
    return saved(sheet(HEAD, ["W", "79098", timedelta(hours=30, minutes=30), datetime(2020, 5, 4, 10, 30)]))


@case("XLSX: a day of 1904 on a Mac, with a format in French", [["W", "79098", "5", "2020-05-04"]])
def _() -> bytes:
    book = openpyxl.Workbook()
    book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    put(book.active, HEAD, ["W", "79098", 5, date(2020, 5, 4)])
    book.active["D2"].number_format = "[$-40C]d mmmm yyyy;@"
    return saved(book)


@case("XLSX: codes by formats of their own", [["W", "01067", "5", "x"], ["W", "01067", "5", "x"]])
def _() -> bytes:
    book = sheet(HEAD, ["W", 1067, "5", "x"], ["W", 1067, "5", "x"])
    book.active["B2"].number_format = "00000"
    book.active["B3"].number_format = "[$-407]00000"
    return saved(book)


@case("XLSX: parts with a mark of their encoding, and in UTF-16", [A, B])
def _() -> bytes:
    return edited(saved(sheet(HEAD, A, B)), (SHEET, r"^", "\ufeff"))


@case("XLSX: shared formula, array formula, a text and an error as results", [["ab", "79098", "", "x"]])
def _() -> bytes:
    return edited(
        saved(sheet(HEAD, ["W", "79098", 5, "x"])),
        (
            SHEET,
            r'<c r="A2"[^>]*>.*?</c>',
            '<c r="A2" t="str"><f t="array" ref="A2">CONCATENATE("a","b")</f><v>ab</v></c>',
        ),
        (
            SHEET,
            r'<c r="C2"[^>]*>.*?</c>',
            '<c r="C2" t="e"><f t="shared" ref="C2:C3" si="0">1/0</f><v>#DIV/0!</v></c>',
        ),
    )


@case("XLSX: inline rich text with one run struck out", [["W", "79098", "7", "x"]])
def _() -> bytes:
    rich = (
        '<c r="C2" t="inlineStr"><is><r><rPr><strike/></rPr><t xml:space="preserve">5 </t></r><r><t>7</t></r></is></c>'
    )
    return edited(saved(sheet(HEAD, ["W", "79098", "5", "x"])), (SHEET, r'<c r="C2"[^>]*>.*?</c>', rich))


@case("XLSX: strike switched off by its value", [A])
def _() -> bytes:
    book = sheet(HEAD, A)
    book.active["A2"].font = Font(strike=True)
    return edited(saved(book), (r"xl/styles\.xml", r"<strike[^>]*/>", '<strike val="0"/>'))


@case("XLSX: relations to absolute parts under other names", [A])
def _() -> bytes:
    return edited(
        saved(sheet(HEAD, A)),
        (r"xl/_rels/workbook\.xml\.rels", r'Target="[^"]*sheet1\.xml"', 'Target="/xl/worksheets/Blatt.xml"'),
        (r"\[Content_Types\]\.xml", r"/xl/worksheets/sheet1\.xml", "/xl/worksheets/Blatt.xml"),
        rename={"xl/worksheets/sheet1.xml": "xl/worksheets/Blatt.xml"},
    )


@case("XLSX: numbers that are stored as text, with an apostrophe and blanks", [["W", "01067", "5000", "x"]])
def _() -> bytes:
    book = sheet(HEAD, ["W", "'01067", "\u00a05000 ", "x"])
    book.active["B2"].quotePrefix = True
    return saved(book)


@case("XLSX: exported by a database: NULL, \\N and blanks", [["W", "79098", "", ""], ["W", "79098", "", "x"]])
def _() -> bytes:
    return saved(sheet(HEAD, ["W", "79098", "NULL", "\\N"], ["W", "79098", " ", "x"]))


@case("XLSX: header in two lines, the lower one says units", [A])
def _() -> bytes:
    return saved(sheet(HEAD, [None, None, "[Stück]", "(Datum)"], A))


@pytest.mark.parametrize("trait", CASES)
def test_an_odd_workbook(trait: str) -> None:
    build, rows, refused = CASES[trait]
    assert outcome(build()) == ([list(row) for row in rows], refused)


@pytest.mark.parametrize(
    "last",
    [
        ["Summe: 12"], ["Gesamt (2)"], ["Total : 12 700"], ["Σ", "", "12"], ["2 Einträge"], ["Gesamt", "", "12 Stück"],
        ["Mittelwert", "", "6"], ["Zwischensumme Baden", "", "12"], ["Sous-total Textile", "", "12"], ["* geschätzt"],
        ["Ende der Liste"], ["--- Ende ---"], ["Seite 1 von 3"], ["Page 1/3"], ["n = 2"],
    ],
)  # fmt: skip
def test_what_is_added_below_a_table_is_no_row(last: list[str]) -> None:
    assert outcome(saved(sheet(HEAD, A, B, last))) == ([A, B], 0)


@pytest.mark.parametrize(
    "row",
    [["Total Textil", "79098", "12 Stück", "x"], ["Ende GmbH", "79098", "5", "x"], ["Page", "79098", "5", "sofort"]],
)
def test_firms_named_like_totals_and_pages_are_rows(row: list[str]) -> None:
    assert outcome(saved(sheet(HEAD, row, B))) == ([row, B], 0)


def test_a_header_may_stand_in_two_lines_below_titles_of_groups() -> None:
    assert outcome(saved(sheet(["Firma", "Angebot"], ["", "PLZ", "Menge", "Ab"], A, B))) == ([A, B], 0)
