"""An examination of workbooks, written without a look at the reader: what spreadsheet programs write, cell by cell.

A case gives the bytes of a file, the rows meant (in the order of `COLUMNS`), and how many rows are refused; a file that
is refused as a whole counts as one. Postal codes are meant as `sources/rows/fields.py` gives them for Germany.
"""

# ruff: noqa: E501, DTZ001 -- parts of files as they stand there; workbooks know no time zones

import io
import re
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, time
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import openpyxl
import pytest
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Font
from openpyxl.worksheet.table import Table

from sources.platform import BrokenStructure, RawDocument, RowError
from sources.readers.spreadsheet import find_tables
from sources.rows.fields import postal_code
from sources.rows.text import present

COLUMNS = ("Firma", "PLZ", "Menge", "Ab")
HEAD = list(COLUMNS)
A = ["Weberei Nord", "79098", "5 Stück", "sofort"]
B = ["Näherei Süd", "72764", "7 Rollen", "ab Mai"]
Meant = Sequence[Sequence[str]]
CASES: dict[str, tuple[Callable[[], bytes], Meant, int]] = {}
STILL_WRONG = {
    "another table below with another head": "its lines look like rows with few cells; platforms refuse them"
}


def saved(book: openpyxl.Workbook) -> bytes:
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def sheet(*rows: Sequence[Any], start: int = 1, column: int = 1) -> openpyxl.Workbook:
    book = openpyxl.Workbook()
    book.active.title = "Liste"
    put(book.active, *rows, start=start, column=column)
    return book


def put(target: Any, *rows: Sequence[Any], start: int = 1, column: int = 1) -> None:
    for number, row in enumerate(rows, start):
        for place, value in enumerate(row, column):
            target.cell(number, place).value = value


def edited(content: bytes, *changes: tuple[str, str, str], rename: dict[str, str | None] | None = None) -> bytes:
    """A workbook with parts changed (part, pattern, replacement), left out or renamed."""
    target = io.BytesIO()
    with ZipFile(io.BytesIO(content)) as old, ZipFile(target, "w", ZIP_DEFLATED) as new:
        for name in old.namelist():
            data = old.read(name).decode("utf-8", "surrogateescape")
            for part, pattern, replacement in changes:
                if re.fullmatch(part, name):
                    data = re.sub(pattern, replacement, data)
            wanted = (rename or {}).get(name, name)
            if wanted is not None:
                new.writestr(wanted, data.encode("utf-8", "surrogateescape"))
    return target.getvalue()


def archive(**parts: str | bytes) -> bytes:
    target = io.BytesIO()
    with ZipFile(target, "w") as new:
        for name, data in parts.items():
            new.writestr(name.replace("__", "/").replace("_DOT_", "."), data)
    return target.getvalue()


def case(trait: str, rows: Meant, refused: int = 0) -> Callable[[Callable[[], Any]], None]:
    def add(build: Callable[[], Any]) -> None:
        def content() -> bytes:
            made = build()
            return made if isinstance(made, bytes) else saved(made)

        assert trait not in CASES
        CASES[trait] = (content, rows, refused)

    return add


def simple(trait: str, table: Sequence[Sequence[Any]], rows: Meant, refused: int = 0, **where: int) -> None:
    case(trait, rows, refused)(lambda: sheet(*table, **where))


SHEET = r"xl/worksheets/sheet1\.xml"
simple("plain", [HEAD, A, B], [A, B])
simple("table at C7", [HEAD, A, B], [A, B], start=7, column=3)
simple("notes above", [["Kompetenzliste"], ["Stand:", date(2020, 4, 14)], [], HEAD, A], [A])
simple("notes below after a blank row", [HEAD, A, [], ["Bitte bis Freitag zurück an uns."], ["Danke!"]], [A])
simple("total row below", [HEAD, ["Weberei", "79098", 5, ""], ["Summe", "", 5, ""]], [["Weberei", "79098", "5", ""]])
simple(
    "total below with its word in the second column",
    [HEAD, ["Weberei", "79098", 5, ""], [None, "Gesamt:", 5, None]],
    [["Weberei", "79098", "5", ""]],
)
simple("head repeated", [HEAD, A, HEAD, B], [A, B])
simple(
    "units below the head",
    [HEAD, ["", "", "Stück/Woche", "Datum"], ["Weberei", "79098", 5, "sofort"]],
    [["Weberei", "79098", "5", "sofort"]],
)
simple("blank rows between", [HEAD, A, [], [], B], [A, B])
simple(
    "blank columns between",
    [["Firma", None, "PLZ", None, "Menge", "Ab"], ["Weberei", None, "79098", None, "5", "x"]],
    [["Weberei", "79098", "5", "x"]],
)
simple(
    "other order of columns",
    [["Ab", "Menge", "PLZ", "Firma"], ["x", "5", "79098", "Weberei"]],
    [["Weberei", "79098", "5", "x"]],
)
simple("head with stars, case, line breaks", [["FIRMA *", "plz", "Menge\n", " Ab:"], A], [A])
simple("head with hyphenated line break and soft hyphen", [["Fir\u00adma", "PLZ", "Men-\nge", "Ab"], A], [A])
simple("unknown column with values", [[*HEAD, "IBAN"], [*A, "DE00"]], [A], 1)
simple("unknown column without values", [[*HEAD, "Bemerkung"], [*A, None]], [A])
simple("known column missing", [HEAD[:3], A[:3]], [], 1)
simple("surplus cell in one row", [HEAD, A, [*B, "zu viel"]], [A], 1)
simple("numbering column without a head", [[None, *HEAD], [1, *A], [2, *B]], [A, B])
simple("number with three decimals", [HEAD, ["W", "79098", 12.125, "x"]], [["W", "79098", "12.125", "x"]])
simple("whole number as float", [HEAD, ["W", "79098", 5000.0, "x"]], [["W", "79098", "5000", "x"]])
simple("large number", [HEAD, ["W", "79098", 98765432000, "x"]], [["W", "79098", "98765432000", "x"]])
simple("tenth without noise", [HEAD, ["W", "79098", 0.1 + 0.2, "x"]], [["W", "79098", "0.3", "x"]])
simple("postal code as number lost its zero", [HEAD, ["W", 1067, "5", "x"]], [["W", "01067", "5", "x"]])
simple("postal code as number text with apostrophe", [HEAD, ["W", "'01067", "5", "x"]], [["W", "01067", "5", "x"]])
simple("date cell", [HEAD, ["W", "79098", "5", date(2020, 5, 4)]], [["W", "79098", "5", "2020-05-04"]])
simple(
    "date and time cell keeps its time",
    [HEAD, ["W", "79098", "5", datetime(2020, 5, 4, 13, 30)]],
    [["W", "79098", "5", "2020-05-04 13:30:00"]],
)
simple(
    "date cell with midnight is a day",
    [HEAD, ["W", "79098", "5", datetime(2020, 5, 4)]],
    [["W", "79098", "5", "2020-05-04"]],
)
simple("time cell", [HEAD, ["W", "79098", "5", time(9, 30)]], [["W", "79098", "5", "09:30:00"]])
simple("error cells are no value", [HEAD, ["W", "#N/A", "#REF!", "x"]], [["W", "", "", "x"]])
simple("blanks and no-break blanks only", [HEAD, A, ["\u00a0", " ", "\u200b", ""]], [A])
simple("line breaks in a cell", [HEAD, ["Weberei\nNord", "79098", "5", "x"]], [["Weberei\nNord", "79098", "5", "x"]])
simple(
    "carriage return escape",
    [HEAD, ["Weberei_x000D_\nNord", "79098", "5", "x"]],
    [["Weberei\nNord", "79098", "5", "x"]],
)
simple("head only", [HEAD], [])
simple("empty sheet", [], [], 1)
simple("short rows", [HEAD, ["W", "79098"]], [["W", "79098", "", ""]])
simple("boolean cells", [HEAD, ["W", "79098", True, False]], [["W", "79098", "true", "false"]])
simple("two tables one below another, same head", [["Baden"], HEAD, A, [], ["Elsass"], HEAD, B], [A, B])
simple(
    "another table below with another head",
    [HEAD, A, [], ["Ansprechpartner", "Telefon"], ["Frau Maier", "0711 1"]],
    [A],
)
simple("legend right of the table", [[*HEAD, None, "Legende"], [*A, None, "x = ja"], [*B, None, None]], [A, B], 1)
simple(
    "instructions below without a blank row, in one long cell",
    [
        HEAD,
        A,
        [
            "Bitte füllen Sie je Zeile eine Maschine aus und senden Sie die Datei bis Freitag an die Geschäftsstelle zurück."
        ],
    ],
    [A],
)
simple("dashes for nothing", [HEAD, ["W", "-", "–", "x"]], [["W", "", "", "x"]])


@case("cover sheet first", [A])
def _() -> Any:
    book = openpyxl.Workbook()
    put(book.active, ["Bitte lesen"], ["Firma eintragen, PLZ eintragen"])
    put(book.create_sheet("Eingabe"), HEAD, A)
    return book


@case("active sheet is the last, table in the middle", [A])
def _() -> Any:
    book = openpyxl.Workbook()
    put(book.create_sheet("Eingabe"), HEAD, A)
    put(book.create_sheet("Auswahl"), ["Stück"], ["Rolle"])
    book.active = 2
    return book


@case("hidden sheet with the same head is not read", [A])
def _() -> Any:
    book = sheet(HEAD, A)
    put(book.create_sheet("Alt"), HEAD, B)
    book["Alt"].sheet_state = "hidden"
    return book


@case("very hidden list of choices", [A])
def _() -> Any:
    book = sheet(HEAD, A)
    put(book.create_sheet("_lists"), HEAD, B)
    book["_lists"].sheet_state = "veryHidden"
    return book


@case("two sheets with the columns: both are read", [A, B])
def _() -> Any:
    book = sheet(HEAD, A)
    put(book.create_sheet("Elsass"), HEAD, B)
    return book


@case("template sheet with head only beside the filled one", [A])
def _() -> Any:
    book = sheet(HEAD)
    put(book.create_sheet("Antworten"), HEAD, A)
    return book


@case("chart sheet first", [A])
def _() -> Any:
    book = sheet(HEAD, A)
    book.create_chartsheet("Diagramm", 0)
    return book


@case("title merged over the head", [A])
def _() -> Any:
    book = sheet(["Kompetenzliste April"], HEAD, A)
    book.active.merge_cells("A1:D1")
    return book


@case("group heads merged across above the head", [A])
def _() -> Any:
    book = sheet(["Unternehmen", None, "Kapazität", None], HEAD, A)
    book.active.merge_cells("A1:B1")
    book.active.merge_cells("C1:D1")
    return book


@case("head cells merged down over two rows", [A])
def _() -> Any:
    book = sheet(HEAD, [], A)
    for letter in "ABCD":
        book.active.merge_cells(f"{letter}1:{letter}2")
    return book


@case("firm merged down", [["Weberei", "79098", "5", "x"], ["Weberei", "72764", "6", "y"]])
def _() -> Any:
    book = sheet(HEAD, ["Weberei", "79098", "5", "x"], [None, "72764", "6", "y"])
    book.active.merge_cells("A2:A3")
    return book


@case("head merged across two columns, second empty", [A])
def _() -> Any:
    book = sheet(["Firma", None, "PLZ", "Menge", "Ab"], [A[0], None, *A[1:]])
    book.active.merge_cells("A1:B1")
    book.active.merge_cells("A2:B2")
    return book


@case("section title merged across between rows", [A, B])
def _() -> Any:
    book = sheet(HEAD, ["Baden"], A, ["Württemberg"], B)
    book.active.merge_cells("A2:D2")
    book.active.merge_cells("A4:D4")
    return book


@case("rows hidden by a filter are rows", [A, B])
def _() -> Any:
    book = sheet(HEAD, A, B)
    book.active.auto_filter.ref = "A1:D3"
    book.active.row_dimensions[3].hidden = True
    return book


@case("hidden column is read", [A])
def _() -> Any:
    book = sheet(HEAD, A)
    book.active.column_dimensions["C"].hidden = True
    return book


@case("a table object (ListObject)", [A, B])
def _() -> Any:
    book = sheet(HEAD, A, B)
    book.active.add_table(Table(displayName="Tabelle1", ref="A1:D3"))
    return book


@case("row struck out is refused, others read", [B], 1)
def _() -> Any:
    book = sheet(HEAD, A, B)
    for cell in book.active[2]:
        cell.font = Font(strike=True)
    return book


@case("amount half struck out", [["W", "79098", "200 Stück", "x"]])
def _() -> Any:
    half = CellRichText(TextBlock(InlineFont(strike=True), "500 Stück"), " 200 Stück")
    return sheet(HEAD, ["W", "79098", half, "x"])


@case("rich text, bold part", [["W", "79098", "500 Stück", "x"]])
def _() -> Any:
    return sheet(HEAD, ["W", "79098", CellRichText(TextBlock(InlineFont(b=True), "500"), " Stück"), "x"])


@case("formula with cached values", [["Weberei Nord", "79098", "10", "2020-05-04"]])
def _() -> Any:
    content = saved(sheet(HEAD, ["=A9", "79098", "=5+5", "=DATE(2020,5,4)"]))
    return edited(
        content,
        (SHEET, r'<c r="A2"><f>A9</f><v ?/>(?:</v>)?</c>', '<c r="A2" t="str"><f>A9</f><v>Weberei Nord</v></c>'),
        (SHEET, r"<f>5\+5</f><v ?/>", "<f>5+5</f><v>10</v>"),
        (SHEET, r"<f>DATE\(2020,5,4\)</f><v ?/>", "<f>DATE(2020,5,4)</f><v>43955</v>"),
        (SHEET, r'<c r="D2"', '<c r="D2" s="1"'),
        (
            r"xl/styles\.xml",
            r"<cellXfs count=\"1\">(.*?)</cellXfs>",
            r'<cellXfs count="2">\1<xf numFmtId="14" fontId="0" fillId="0" borderId="0" applyNumberFormat="1"/></cellXfs>',
        ),
    )


@case("formula without a cached value: the row is refused", [B], 1)
def _() -> Any:
    return sheet(HEAD, ["Weberei", "79098", "=5+5", "x"], B)


@case("formula of an empty text", [["Weberei", "79098", "", "x"]])
def _() -> Any:
    return edited(
        saved(sheet(HEAD, ["Weberei", "79098", '=IF(1,"",2)', "x"])),
        (SHEET, r'<c r="C2"[^>]*><f>(.*?)</f><v ?/></c>', r'<c r="C2" t="str"><f>\1</f><v></v></c>'),
    )


@case("formula with an error", [["Weberei", "", "5", "x"]])
def _() -> Any:
    return edited(
        saved(sheet(HEAD, ["Weberei", "=VLOOKUP(1,A1:B2,2)", "5", "x"])),
        (SHEET, r'<c r="B2"[^>]*><f>(.*?)</f><v ?/></c>', r'<c r="B2" t="e"><f>\1</f><v>#N/A</v></c>'),
    )


@case("dimension too small", [A, B])
def _() -> Any:
    return edited(saved(sheet(HEAD, A, B)), (SHEET, r'<dimension ref="[^"]*"', '<dimension ref="A1"'))


@case("dimension far too large", [A, B])
def _() -> Any:
    return edited(saved(sheet(HEAD, A, B)), (SHEET, r'<dimension ref="[^"]*"', '<dimension ref="A1:XFD1048576"'))


@case("no dimension", [A, B])
def _() -> Any:
    return edited(saved(sheet(HEAD, A, B)), (SHEET, r'<dimension ref="[^"]*" ?/>', ""))


@case("no cell references (as some writers leave them out)", [A, B])
def _() -> Any:
    return edited(
        saved(sheet(HEAD, A, B)), (SHEET, r'(<c) r="[A-Z]+\d+"', r"\1"), (SHEET, r'<row r="\d+"[^>]*>', "<row>")
    )


@case("inline strings (as report writers do)", [["Weberei", "79098", "5 Stück", "x"]])
def _() -> Any:
    content = saved(sheet(HEAD, ["Weberei", 79098, 5, "x"]))
    return edited(
        content,
        (
            SHEET,
            r'<c r="C2"[^>]*><v>5</v></c>',
            '<c r="C2" t="inlineStr"><is><r><t xml:space="preserve">5 </t></r><r><t>Stück</t></r></is></c>',
        ),
    )


@case("phonetic readings beside a shared string", [A])
def _() -> Any:
    return edited(
        saved(sheet(HEAD, A)),
        (
            r"xl/sharedStrings\.xml",
            r"<si><t>Weberei Nord</t></si>",
            '<si><t>Weberei Nord</t><rPh sb="0" eb="2"><t>WEB</t></rPh><phoneticPr fontId="1"/></si>',
        ),
    )


@case("strict OOXML", [A, B])
def _() -> Any:
    strict = "http://purl.oclc.org/ooxml/"
    return edited(
        saved(sheet(HEAD, A, B)),
        (r"xl/.*", r"http://schemas\.openxmlformats\.org/spreadsheetml/2006/main", strict + "spreadsheetml/main"),
        (
            r".*",
            r"http://schemas\.openxmlformats\.org/officeDocument/2006/relationships",
            strict + "officeDocument/relationships",
        ),
    )


@case("dates as ISO text (t=d), as strict workbooks hold them", [["W", "79098", "5", "2020-05-04"]])
def _() -> Any:
    return edited(
        saved(sheet(HEAD, ["W", "79098", 5, 43955])),
        (SHEET, r'<c r="D2"[^>]*><v>43955</v></c>', '<c r="D2" t="d"><v>2020-05-04</v></c>'),
    )


@case("calendar of 1904", [["W", "79098", "5", "2020-05-04"]])
def _() -> Any:
    book = sheet(HEAD, ["W", "79098", "5", date(2020, 5, 4)])
    content = saved(book)
    return edited(
        content,
        (r"xl/workbook\.xml", r"<workbookPr ?/?>", '<workbookPr date1904="1"/>'),
        (SHEET, r"<v>43955</v>", "<v>42493</v>"),
    )


@case("German date format by code", [["W", "79098", "5", "2020-05-04"]])
def _() -> Any:
    book = sheet(HEAD, ["W", "79098", "5", 43955])
    book.active["D2"].number_format = "[$-407]d. mmmm yyyy;@"
    return book


@case("number with a unit in its format is a number", [["W", "79098", "5000", "x"]])
def _() -> Any:
    book = sheet(HEAD, ["W", "79098", 5000, "x"])
    book.active["C2"].number_format = '#,##0 "Stück"'
    return book


@case("postal code with leading zeros by format", [["W", "01067", "5", "x"]])
def _() -> Any:
    book = sheet(HEAD, ["W", 1067, "5", "x"])
    book.active["B2"].number_format = "00000"
    return book


@case("percent cell", [["W", "79098", "0.5", "x"]])
def _() -> Any:
    book = sheet(HEAD, ["W", "79098", 0.5, "x"])
    book.active["C2"].number_format = "0%"
    return book


@case("macro workbook (.xlsm)", [A])
def _() -> Any:
    return edited(
        saved(sheet(HEAD, A)),
        (
            r"\[Content_Types\]\.xml",
            r"application/vnd\.openxmlformats-officedocument\.spreadsheetml\.sheet\.main\+xml",
            "application/vnd.ms-excel.sheet.macroEnabled.main+xml",
        ),
    )


@case("template (.xltx)", [A])
def _() -> Any:
    return edited(
        saved(sheet(HEAD, A)),
        (r"\[Content_Types\]\.xml", r"spreadsheetml\.sheet\.main\+xml", "spreadsheetml.template.main+xml"),
    )


@case("no styles part", [A])
def _() -> Any:
    return edited(
        saved(sheet(HEAD, A)),
        (r"\[Content_Types\]\.xml", r'<Override PartName="/xl/styles\.xml"[^>]*/>', ""),
        (r"xl/_rels/workbook\.xml\.rels", r"<Relationship [^>]*styles\.xml[^>]*/>", ""),
        rename={"xl/styles.xml": None},
    )


@case("style number that the styles do not have", [A])
def _() -> Any:
    return edited(saved(sheet(HEAD, A)), (SHEET, r'<c r="A2"', '<c r="A2" s="77"'))


@case("fill pattern unknown to the library (as made by some online tools)", [A])
def _() -> Any:
    return edited(
        saved(sheet(HEAD, A)),
        (
            r"xl/styles\.xml",
            r"<fills.*?</fills>",
            '<fills count="1"><fill><patternFill patternType="none2"/></fill></fills>',
        ),
    )


@case("font family out of range", [A])
def _() -> Any:
    return edited(saved(sheet(HEAD, A)), (r"xl/styles\.xml", r'<family val="2" ?/>', '<family val="34"/>'))


@case("broken data validation and conditional format", [A])
def _() -> Any:
    return edited(
        saved(sheet(HEAD, A)),
        (
            SHEET,
            r"<pageMargins",
            '<dataValidations count="1"><dataValidation type="strange" sqref="A1:Z9999999"/></dataValidations><pageMargins',
        ),
    )


@case("broken core properties", [A])
def _() -> Any:
    return edited(saved(sheet(HEAD, A)), (r"docProps/core\.xml", r"\d{4}-\d\d-\d\dT[^<]*", "gestern"))


@case("no core properties", [A])
def _() -> Any:
    return edited(
        saved(sheet(HEAD, A)),
        (r"_rels/\.rels", r"<Relationship [^>]*core\.xml[^>]*/>", ""),
        (r"\[Content_Types\]\.xml", r'<Override PartName="/docProps/core\.xml"[^>]*/>', ""),
        rename={"docProps/core.xml": None},
    )


@case("shared strings in capitals (SharedStrings.xml)", [A])
def _() -> Any:
    return edited(
        saved(sheet(HEAD, A)),
        (r"\[Content_Types\]\.xml|xl/_rels/workbook\.xml\.rels", r"sharedStrings\.xml", "SharedStrings.xml"),
        rename={"xl/sharedStrings.xml": "xl/SharedStrings.xml"},
    )


@case("names with backslashes (as old .NET zips)", [A])
def _() -> Any:
    content = saved(sheet(HEAD, A))
    with ZipFile(io.BytesIO(content)) as old:
        names = {name: name.replace("/", "\\") for name in old.namelist()}
    return edited(content, rename=dict(names))


@case("prefix x: on every element (as OpenXML SDK writes)", [A])
def _() -> Any:
    return edited(saved(sheet(HEAD, A)), (SHEET, r"<(/?)(?=[a-zA-Z])", r"<\1x:"), (SHEET, r'xmlns="', 'xmlns:x="'))


@case("defined names broken", [A])
def _() -> Any:
    return edited(
        saved(sheet(HEAD, A)),
        (
            r"xl/workbook\.xml",
            r"<calcPr",
            '<definedNames><definedName name="_xlnm.Print_Area" localSheetId="7">#REF!</definedName></definedNames><calcPr',
        ),
    )


@case("far cell with a blank", [A])
def _() -> Any:
    book = sheet(HEAD, A)
    book.active["XFD1048576"] = " "
    return book


@case("comments in cells", [A])
def _() -> Any:
    from openpyxl.comments import Comment

    book = sheet(HEAD, A)
    book.active["A2"].comment = Comment("geprüft", "Maier")
    return book


@case("hyperlinks keep their text", [A])
def _() -> Any:
    book = sheet(HEAD, A)
    book.active["A2"].hyperlink = "https://weberei.example"
    return book


@case("zipped export with one workbook in a folder", [A])
def _() -> Any:
    return archive(**{"Export 2020__liste_DOT_xlsx": saved(sheet(HEAD, A)), "Export 2020__liesmich_DOT_txt": "Hinweis"})


@case("zipped export with two workbooks", [A, B])
def _() -> Any:
    return archive(a_DOT_xlsx=saved(sheet(HEAD, A)), b_DOT_xlsx=saved(sheet(HEAD, B)))


@case("password-protected", [], 1)
def _() -> Any:
    return (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
        + b"\0" * 504
        + "EncryptionInfo".encode("utf-16-le")
        + b"\0" * 100
        + "EncryptedPackage".encode("utf-16-le")
        + b"\0" * 900
    )


@case("cut off in the middle", [], 1)
def _() -> Any:
    return saved(sheet(HEAD, A))[:-700]


@case("HTML table named .xls (as web tools export)", [A])
def _() -> Any:
    rows = "".join("<tr>" + "".join(f"<td>{value}</td>" for value in row) + "</tr>" for row in (HEAD, A))
    return f'<html xmlns:x="urn:schemas-microsoft-com:office:excel"><head><meta charset="utf-8"></head><body><table>{rows}</table></body></html>'.encode()


@case("SpreadsheetML 2003 (XML) named .xls", [A])
def _() -> Any:
    rows = "".join(
        "<Row>" + "".join(f'<Cell><Data ss:Type="String">{value}</Data></Cell>' for value in row) + "</Row>"
        for row in (HEAD, A)
    )
    return (
        '<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" '
        f'xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet ss:Name="Liste"><Table>{rows}</Table></Worksheet></Workbook>'
    ).encode()


@case("tab-separated text named .xls", [A, B])
def _() -> Any:
    return "\n".join("\t".join(row) for row in (HEAD, A, B)).encode("cp1252")


@case("UTF-16 text named .xls (Unicode text)", [A, B])
def _() -> Any:
    return "\r\n".join("\t".join(row) for row in (HEAD, A, B)).encode("utf-16")


MANIFEST = '<?xml version="1.0"?><manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"><manifest:file-entry manifest:full-path="/" manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/></manifest:manifest>'


def ods(body: str, **more: str) -> bytes:
    head = (
        '<?xml version="1.0" encoding="UTF-8"?><office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" office:version="1.2">'
        "<office:body><office:spreadsheet>"
    )
    return archive(
        mimetype="application/vnd.oasis.opendocument.spreadsheet",
        **{"META-INF__manifest_DOT_xml": MANIFEST},
        content_DOT_xml=head + body + "</office:spreadsheet></office:body></office:document-content>",
        **more,
    )


def ods_row(*cells: str, repeated: int = 1) -> str:
    inner = "".join(
        cell
        if cell.startswith("<")
        else f'<table:table-cell office:value-type="string"><text:p>{cell}</text:p></table:table-cell>'
        if cell
        else "<table:table-cell/>"
        for cell in cells
    )
    return f'<table:table-row table:number-rows-repeated="{repeated}">{inner}</table:table-row>'


@case("ODS with typed cells", [["Weberei", "01067", "12.125", "2020-05-04"]])
def _() -> Any:
    number = (
        '<table:table-cell office:value-type="float" office:value="12.125"><text:p>12,13</text:p></table:table-cell>'
    )
    day = '<table:table-cell office:value-type="date" office:date-value="2020-05-04"><text:p>04.05.20</text:p></table:table-cell>'
    code = '<table:table-cell office:value-type="float" office:value="1067"><text:p>01067</text:p></table:table-cell>'
    return ods(
        '<table:table table:name="T">' + ods_row(*HEAD) + ods_row("Weberei", code, number, day) + "</table:table>"
    )


@case("ODS that repeats blank rows and columns to the edge", [A, A])
def _() -> Any:
    blank = '<table:table-cell table:number-columns-repeated="16380"/>'
    return ods(
        '<table:table table:name="T">'
        + ods_row(*HEAD, blank)
        + ods_row(*A, blank, repeated=2)
        + ods_row(blank, repeated=1048570)
        + "</table:table>"
    )


@case(
    "ODS with covered cells, line breaks and a note",
    [["Weberei\nNord", "79098", "5  Stück", "x"], ["Weberei\nNord", "72764", "6", "y"]],
)
def _() -> Any:
    firm = '<table:table-cell office:value-type="string" table:number-rows-spanned="2"><office:annotation><text:p>geprüft</text:p></office:annotation><text:p>Weberei</text:p><text:p>Nord</text:p></table:table-cell>'
    blanks = (
        '<table:table-cell office:value-type="string"><text:p>5<text:s text:c="2"/>Stück</text:p></table:table-cell>'
    )
    return ods(
        '<table:table table:name="T">'
        + ods_row(*HEAD)
        + ods_row(firm, "79098", blanks, "x")
        + ods_row("<table:covered-table-cell/>", "72764", "6", "y")
        + "</table:table>"
    )


@case("ODS with the table on its second sheet", [A])
def _() -> Any:
    return ods(
        '<table:table table:name="Hinweise">'
        + ods_row("Bitte lesen")
        + '</table:table><table:table table:name="Liste">'
        + ods_row(*HEAD)
        + ods_row(*A)
        + "</table:table>"
    )


def said_lines(text: str) -> str:
    return "" if present(text) is None else str(text).strip()


def said(fields: dict[str, str], name: str) -> str:
    return (postal_code(fields, name, "DE") or "") if name == "PLZ" else said_lines(fields[name])


def outcome(content: bytes) -> tuple[list[list[str]], int]:
    document = RawDocument("liste.xlsx", content, "", datetime(2020, 4, 20, tzinfo=UTC))
    rows, refused = [], 0
    try:
        for table in find_tables(document, COLUMNS):
            for row in table.rows():
                try:
                    if row.problem is not None:
                        raise row.problem
                    rows.append([said(dict(row.fields), name) for name in COLUMNS])
                except RowError:
                    refused += 1
    except BrokenStructure:
        return [], 1
    return rows, refused


@pytest.mark.parametrize("trait", CASES)
def test_a_workbook_as_programs_write_it(trait: str) -> None:
    build, rows, refused = CASES[trait]
    right = outcome(build()) == ([list(row) for row in rows], refused)
    assert right == (trait not in STILL_WRONG), outcome(build())
