"""Workbooks as lines of texts: XLSX, XLS, ODS, one of them in a ZIP archive, a web page's table under such a name.

What a sheet claims about its size is not believed: only cells that say something are kept. calamine reads the values,
quickly; a workbook with text struck out, with codes shown by a format (00000) or with a cell far off goes through
openpyxl, which knows formats and keeps cells one by one.
"""

import io
import re
import struct
import xml.parsers.expat
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time
from decimal import Decimal
from zipfile import ZipFile

import defusedxml.ElementTree
import openpyxl
from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.worksheet.worksheet import Worksheet
from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum
from selectolax.lexbor import LexborHTMLParser

from sources import limits
from sources.platform import RawDocument, UnknownFormat
from sources.readers.html import text_of
from sources.rows.fields import Number

Area = tuple[tuple[int, int], tuple[int, int]]  # first and last row and column, counted from 0
Line = tuple[int, list[str]]  # as counted in the file, from 1, and its cells without blank ones at the end

ANY_WORKBOOK = "*.[xoz][ldi][spx]*"  # file names: .xlsx .xlsm .xlsb .xls .ods .zip
ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ERRORS = frozenset({"#NV", "#N/A", "#DIV/0!", "#WERT!", "#VALUE!", "#BEZUG!", "#REF!", "#NAME?", "#NULL!", "#ZAHL!", "#NUM!", "\\N"})  # fmt: skip # noqa: E501
NO_SECTOR = 0xFFFFFFFA  # from here on numbers of sectors are marks
STRUCK_OUT = "\0struck out"  # stands for a cell whose whole text is struck out until its line is read
_CELL = re.compile(rb'<(?:\w+:)?c\b[^>]*?\br="([A-Z]+)(\d+)"[^>]*?(/?)>')
_WIDE, _TALL = re.compile(rb' r="[A-Z]{2,}\d'), re.compile(rb' r="[A-Z]+\d{5}')
_FAR = re.compile(rb' r="(?:[A-Z]{3}\d|[A-Z]+\d{6})')
_FORMATTED = re.compile(rb'<(?:\w+:)?strike\b|formatCode="0{2,}"')
_ODS = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_REPEATED_ROW = re.compile(rb"<table:table-row\b([^>]*)>(.*?)</table:table-row>", re.DOTALL)
_REPEATED = re.compile(rb'table:number-(?:rows|columns)-repeated="(\d+)"')
_ODS_CELL = re.compile(rb"<table:table-cell\b[^>]*office:value-type=[^>]*>")


def is_workbook(content: bytes) -> bool:
    """Whether bytes begin as a workbook does, or an archive."""
    return content.startswith((ZIP, OLE))


def read_workbook(document: RawDocument) -> dict[str, list[Line]]:
    """The visible sheets of a workbook as lines of texts; raises UnknownFormat with the reason.

    A text merged over several rows stands in each of them, one merged over columns in the first. Days are ISO, numbers
    are `Number`, errors are blank. Where lines are left out because they are blank, one blank line stands.
    """
    content = document.content
    if content[:500].lstrip().lower().startswith((b"<html", b"<!doctype html", b"<table")):
        return _tables_of_page(content)
    if not is_workbook(content):
        raise UnknownFormat(f"{document.name}: not a workbook")
    if content.startswith(OLE) and "EncryptedPackage".encode("utf-16-le") in content:
        raise UnknownFormat(f"{document.name}: protected by a password; please send it without one")
    try:
        if content.startswith(ZIP):
            return _from_archive(document)
        _refuse_endless(document)
        return _by_calamine(document)
    except (UnknownFormat, KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # what libraries make of a damaged file; a panic inside calamine is no Exception
        raise UnknownFormat(f"{document.name}: {error or type(error).__name__}") from error


def _refuse_endless(document: RawDocument) -> None:
    """Old workbooks are chains of sectors. calamine follows one that bites its tail until the process is ended."""
    content = document.content
    size = 1 << min(int.from_bytes(content[30:32], "little"), 16)

    def words(sector: int) -> tuple[int, ...]:
        part = content[(sector + 1) * size : (sector + 2) * size]
        return struct.unpack(f"<{len(part) // 4}I", part[: len(part) // 4 * 4])

    tables = list(struct.unpack("<109I", content[76:512]))
    at, seen = int.from_bytes(content[68:72], "little"), set[int]()
    while at < NO_SECTOR and at not in seen and (more := words(at)):
        seen.add(at)
        tables += more[:-1]
        at = more[-1]
    links = [link for table in tables if table < NO_SECTOR for link in words(table)]
    small, short = int.from_bytes(content[60:64], "little"), list[int]()
    is_endless = at in seen or _bites_its_tail(links)
    while not is_endless and small < len(links):
        short += words(small)
        small = links[small]
    if is_endless or _bites_its_tail(short):
        raise UnknownFormat(f"{document.name}: a damaged workbook, its parts go round in a circle")


def _bites_its_tail(links: Sequence[int]) -> bool:
    ends = bytearray(len(links))  # 1: on the way that is walked, 2: known to end
    for start in range(len(links)):
        way, at = [], start
        while at < len(links) and not ends[at]:
            ends[at] = 1
            way.append(at)
            at = links[at]
        if at < len(links) and ends[at] == 1:
            return True
        for step in way:
            ends[step] = 2
    return False


def _from_archive(document: RawDocument) -> dict[str, list[Line]]:
    with ZipFile(io.BytesIO(document.content)) as archive:
        entries = archive.infolist()
        size = sum(entry.file_size for entry in entries)
        if size > limits.UNPACKED_BYTES:
            raise UnknownFormat(f"{document.name}: unpacks to {size:,} bytes")
        names = [entry.filename for entry in entries]
        if "[Content_Types].xml" not in names and "content.xml" not in names:
            return read_workbook(unpacked(document, archive))
        if "content.xml" in names:
            content = archive.read("content.xml")
            _refuse_faulty(content)
            _refuse_repeats(document, content)
            return _by_calamine(document, _merged_in_ods(content) if b"number-rows-spanned" in content else {})
        parts = [name for name in names if name.startswith("xl/") and name.endswith(".xml")]
        for name in parts:
            _refuse_faulty(archive.read(name))
        is_far = any(_is_far(archive.read(name)) for name in parts if "/worksheets/" in name)
        is_formatted = any(
            _is_formatted(archive.read(name)) for name in parts if "/worksheets/" not in name or "inlineStr" in name
        )
    if not is_far and not is_formatted:
        return _by_calamine(document)
    if size > limits.FORMATTED_BYTES:
        if is_far:
            raise UnknownFormat(f"{document.name}: a sheet with a cell far off, and {size:,} bytes unpacked")
        return _by_calamine(document)
    return _by_openpyxl(document)


def _refuse_faulty(part: bytes) -> None:
    """Raise unless a part is well-formed XML without declarations: in others calamine may wait for ever."""
    parser = xml.parsers.expat.ParserCreate()
    parser.StartDoctypeDeclHandler = _refuse_declaration
    parser.Parse(part, True)


def _refuse_declaration(*_: object) -> None:
    raise ValueError("XML with declarations of its own")


def _is_formatted(part: bytes) -> bool:
    return (b"strike" in part or b'formatCode="0' in part) and _FORMATTED.search(part) is not None


def unpacked(document: RawDocument, archive: ZipFile) -> RawDocument:
    """The one file in an archive, without what systems leave beside it; raises UnknownFormat."""
    names = [
        name
        for name in archive.namelist()
        if not name.startswith("__MACOSX/") and not name.rpartition("/")[2].startswith((".", "~$")) and name[-1:] != "/"
    ]
    if len(names) != 1 or names[0].lower().endswith(".zip"):
        raise UnknownFormat(f"{document.name}: an archive with {len(names)} files; please send the workbook alone")
    if archive.getinfo(names[0]).flag_bits & 1:
        raise UnknownFormat(f"{document.name}: protected by a password; please send it without one")
    return replace(document, content=archive.read(names[0]))


def _is_far(sheet: bytes) -> bool:
    """Whether a sheet's last cells lie so far off that everything before them would not fit into memory."""
    if not (_WIDE.search(sheet) and _TALL.search(sheet)) and not _FAR.search(sheet):
        return False  # spares nearly all sheets the walk through their cells
    rows = columns = 1
    for found in _CELL.finditer(sheet):
        letters, row, closed = found.groups()
        if len(letters) > 3 or len(row) > 7:  # calamine would make room for everything before it
            raise ValueError(f"a cell {(letters + row).decode()[:40]}, which no sheet has")
        if closed:  # a cell without content
            continue
        number = 0
        for letter in letters:
            number = number * 26 + letter - 64
        rows, columns = max(rows, int(row)), max(columns, number)
    return rows * columns > limits.SHEET_CELLS


def _refuse_repeats(document: RawDocument, content: bytes) -> None:
    """ODS says "and so on" in a word: refuse what would unfold to more cells than fit."""
    cells = 0
    for attributes, row in _REPEATED_ROW.findall(content):
        filled = [int(found[1]) if (found := _REPEATED.search(cell)) else 1 for cell in _ODS_CELL.findall(row)]
        times = int(found[1]) if (found := _REPEATED.search(attributes)) else 1
        cells += times * sum(filled)
    if cells > limits.SHEET_CELLS:
        raise UnknownFormat(f"{document.name}: {cells:,} cells")


def _merged_in_ods(content: bytes) -> dict[str, list[Area]]:
    """The merged cells of every sheet; calamine knows those of the other formats only."""
    root = defusedxml.ElementTree.fromstring(content, forbid_dtd=True)
    merged: dict[str, list[Area]] = {}
    for sheet in root.iter(f"{_ODS}table"):
        areas = merged.setdefault(sheet.get(f"{_ODS}name", ""), [])
        row = 0
        for line in sheet.iter(f"{_ODS}table-row"):
            column = 0
            for cell in line:
                if (spanned := int(cell.get(f"{_ODS}number-rows-spanned", "1"))) > 1:
                    areas.append(((row, column), (row + spanned - 1, column)))
                column += int(cell.get(f"{_ODS}number-columns-repeated", "1"))
            row += int(line.get(f"{_ODS}number-rows-repeated", "1"))
    return merged


def _by_calamine(document: RawDocument, merged: Mapping[str, list[Area]] | None = None) -> dict[str, list[Line]]:
    workbook = CalamineWorkbook.from_filelike(io.BytesIO(document.content))
    sheets = {}
    for about in workbook.sheets_metadata:
        if about.visible != SheetVisibleEnum.Visible or about.typ != SheetTypeEnum.WorkSheet:
            continue
        sheet = workbook.get_sheet_by_name(about.name)
        if sheet.total_height * sheet.total_width > limits.SHEET_CELLS:
            raise UnknownFormat(f"{document.name}: sheet '{about.name}' holds more than {limits.SHEET_CELLS:,} cells")
        rows = sheet.to_python(skip_empty_area=False)
        for (top, left), (bottom, _) in sheet.merged_cell_ranges or (merged or {}).get(about.name, []):
            for below in rows[top + 1 : bottom + 1]:
                below[left : left + 1] = rows[top][left : left + 1]  # a merged area may lie beyond the cells
        sheets[about.name] = _lines(enumerate(([_as_text(cell) for cell in row] for row in rows), start=1))
    return sheets


def _by_openpyxl(document: RawDocument) -> dict[str, list[Line]]:
    workbook = openpyxl.load_workbook(io.BytesIO(document.content), data_only=True, rich_text=True)
    return {
        sheet.title: _lines(_sparse_rows(sheet))
        for sheet in workbook.worksheets
        if sheet.sheet_state == Worksheet.SHEETSTATE_VISIBLE
    }


def _sparse_rows(sheet: Worksheet) -> Iterator[Line]:
    """The rows of a sheet that hold a cell with content; walking through all rows would meet the empty ones too."""
    rows: dict[int, dict[int, str]] = {}
    for (row, column), cell in sheet._cells.items():
        text = _formatted_text(cell)
        if text.strip():
            rows.setdefault(row, {})[column] = text
    for area in sheet.merged_cells.ranges:
        text = rows.get(area.min_row, {}).get(area.min_col, "")
        for row in range(area.min_row + 1, min(area.max_row, max(rows, default=0)) + 1) if text else ():
            rows.setdefault(row, {})[area.min_col] = text
    if sum(map(max, rows.values())) > limits.SHEET_CELLS:
        raise ValueError(f"sheet '{sheet.title}' holds more than {limits.SHEET_CELLS:,} cells")
    for row in sorted(rows):
        cells = rows[row]
        yield row, [cells.get(column, "") for column in range(1, max(cells) + 1)]


def _formatted_text(cell: Cell | MergedCell) -> str:
    value: object = cell.value
    if value is None:
        return ""
    if cell.font is not None and cell.font.strike and not isinstance(value, CellRichText):
        return STRUCK_OUT
    if isinstance(value, CellRichText):
        kept = "".join(
            str(part)
            for part in value
            if not (isinstance(part, TextBlock) and part.font is not None and part.font.strike)
        )
        return kept if kept.strip() or not str(value).strip() else STRUCK_OUT
    if isinstance(value, int) and not isinstance(value, bool) and re.fullmatch("0{2,}", cell.number_format or ""):
        return str(value).zfill(len(cell.number_format))
    return _as_text(value)


def _as_text(cell: object) -> str:
    if isinstance(cell, str):
        return "" if cell in ERRORS else cell.replace("_x000D_", "")
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ", "seconds")
    if isinstance(cell, bool):
        return str(cell).lower()
    if isinstance(cell, int | float):
        return Number(plain(cell))
    if isinstance(cell, date):
        return cell.isoformat()
    return str(cell)


def plain(value: float) -> str:
    """A stored number as text: a point, no exponent, fifteen digits as spreadsheets keep them."""
    if isinstance(value, int) or (value.is_integer() and abs(value) < 1e15):
        return str(int(value))
    digits = format(Decimal(f"{value:.15g}"), "f")
    return digits.rstrip("0").rstrip(".") if "." in digits else digits


def _lines(rows: Iterable[Line]) -> list[Line]:
    """Rows without blank cells at their end; of blank rows in a row one stays."""
    lines: list[Line] = []
    for number, cells in rows:
        last = next((index for index in range(len(cells), 0, -1) if cells[index - 1].strip()), 0)
        if lines and lines[-1][1] and (not last or number > lines[-1][0] + 1):
            lines.append((lines[-1][0] + 1, []))
        if last:
            lines.append((number, cells[:last]))
    return lines


def _tables_of_page(content: bytes) -> dict[str, list[Line]]:
    """The tables of a web page that a portal serves under the name of a workbook."""
    page = LexborHTMLParser(content)
    return {
        f"table {number}": _lines(
            enumerate(([text_of(cell) for cell in row.css("td, th")] for row in table.css("tr")), start=1)
        )
        for number, table in enumerate(page.css("table"), start=1)
    }


def names_of(sheets: Mapping[str, object]) -> str:
    """The sheets' names for a refusal."""
    return ", ".join(f"'{name}'" for name in sheets) or "none"
