"""Workbooks as lines of texts: XLSX, XLS, ODS, one of them in a ZIP archive, a web page's table under such a name.

What a sheet claims about its size is not believed: only cells that say something are kept. calamine reads the values,
quickly; a workbook with text struck out, with codes shown by a format (00000) or with a cell far off goes through
openpyxl, which knows formats and keeps cells one by one. ODS is read by `ods`.
"""

import io
import re
import struct
import xml.parsers.expat
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from xml.etree.ElementTree import Element
from zipfile import BadZipFile, ZipFile

import defusedxml.ElementTree
import openpyxl
from defusedxml.common import DefusedXmlException
from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.worksheet.worksheet import Worksheet
from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from sources import limits
from sources.platform import RawDocument, UnknownFormat
from sources.readers.cells import NOT_COMPUTED, STRUCK_OUT, Line, Spanned, as_text, in_row_below, plain
from sources.readers.encoding import decoded
from sources.readers.html import seen, text_of
from sources.readers.ods import sheets_of_ods
from sources.readers.office_parts import is_strict, repacked, usual
from sources.rows.fields import Number

Place = tuple[int, int]  # row and column, counted from 0

ANY_WORKBOOK = "*.[xoz][ldi][spx]*"  # file names: .xlsx .xlsm .xlsb .xls .ods .zip
ZIP, OLE, GZIP = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"\x1f\x8b"
WORKBOOKS = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods", ".xltx")
NO_SECTOR = 0xFFFFFFFA  # from here on numbers of sectors are marks
_CELL = re.compile(rb'<(?:\w+:)?c\b[^>]*?\br="([A-Z]+)(\d+)"[^>]*?(/?)>')
_REFERENCE = re.compile(rb'\br="([A-Z]{1,3})(\d{1,7})"')
_FORMULA = re.compile(
    rb"<(?:\w+:)?c\b([^>]*)>\s*<(?:\w+:)?f\b(?:[^>]*/>|[^>]*>[^<]*</(?:\w+:)?f>)\s*"
    rb"(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v></(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)
_2003 = "{urn:schemas-microsoft-com:office:spreadsheet}"
_XML_OF_2003 = _2003.strip("{}").encode()
_WIDE, _TALL = re.compile(rb' r="[A-Z]{2,}\d'), re.compile(rb' r="[A-Z]+\d{5}')
_FAR = re.compile(rb' r="(?:[A-Z]{3}\d|[A-Z]+\d{6})')
_FORMATTED = re.compile(rb'<(?:\w+:)?strike\b|formatCode="0{2,}"')


def is_workbook(content: bytes) -> bool:
    """Whether bytes begin as a workbook does, or an archive."""
    return content.startswith((ZIP, OLE))


def read_workbook(document: RawDocument) -> dict[str, list[Line]]:
    """The visible sheets of a workbook as lines of texts; raises UnknownFormat with the reason.

    A text merged over several rows stands in each of them, one merged over columns in the first. Days are ISO, numbers
    are `Number`, errors are blank. Where lines are left out because they are blank, one blank line stands.
    """
    content = document.content
    if is_page(content):
        return _tables_of_xml(document) if _XML_OF_2003 in content[:2000] else _tables_of_page(content)
    if not is_workbook(content):
        raise UnknownFormat(f"{document.name}: not a workbook; save it as .xlsx")
    if content.startswith(OLE) and "EncryptedPackage".encode("utf-16-le") in content:
        raise UnknownFormat(f"{document.name}: protected by a password; please send it without one")
    try:
        if content.startswith(ZIP):
            return _from_archive(document)
        _refuse_endless(document)
        return _by_calamine(document)
    except (UnknownFormat, KeyboardInterrupt, SystemExit):
        raise
    except BadZipFile as error:
        raise UnknownFormat(f"{document.name}: a workbook that is damaged or not whole; fetch it again") from error
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
            return _packed(document, archive)
        if "content.xml" in names:
            return _from_ods(document, archive)
        parts = {
            name: archive.read(name) for name in names if name.startswith("xl/") and name.endswith((".xml", ".rels"))
        }
    for part in parts.values():
        _refuse_faulty(part)
    if is_strict(parts.get("xl/workbook.xml", b"")):
        parts = {name: usual(part) for name, part in parts.items()}
        document = replace(document, content=repacked(document.content, parts))
    sheets = {name: part for name, part in parts.items() if "/worksheets/" in name}
    is_far = any(map(_is_far, sheets.values()))
    is_formatted = any(map(_is_formatted, parts.values()))
    if is_far and size > limits.FORMATTED_BYTES:
        raise UnknownFormat(f"{document.name}: a sheet with a cell far off, and {size:,} bytes unpacked")
    not_computed = _not_computed(parts, sheets)
    if is_far or (is_formatted and size <= limits.FORMATTED_BYTES):
        return _by_openpyxl(document, not_computed)
    return _by_calamine(document, not_computed)


def _from_ods(document: RawDocument, archive: ZipFile) -> dict[str, list[Line]]:
    manifest, styles = (
        archive.read(name) if name in archive.namelist() else b"" for name in ("META-INF/manifest.xml", "styles.xml")
    )
    if b"encryption-data" in manifest:
        raise UnknownFormat(f"{document.name}: protected by a password; please send it without one")
    content = archive.read("content.xml")
    for part in filter(None, (content, styles)):
        _refuse_faulty(part)
    return {name: _lines(lines) for name, lines in sheets_of_ods(content, styles).items()}


def _packed(document: RawDocument, archive: ZipFile) -> dict[str, list[Line]]:
    """The sheets of the workbooks in an archive."""
    workbooks = [name for name in files_in(archive) if name.lower().endswith(WORKBOOKS)]
    if len(workbooks) < 2:
        return read_workbook(unpacked(document, archive))
    found = {}
    for name in workbooks:
        inner = replace(document, name=f"{document.name}: {name}", content=archive.read(name))
        found.update({f"{name}: {sheet}": lines for sheet, lines in read_workbook(inner).items()})
    return found


def _not_computed(parts: Mapping[str, bytes], sheets: Mapping[str, bytes]) -> dict[str, list[Place]]:
    """The cells with a formula and no value, by the name of their sheet: programs that write workbooks compute none."""
    cells = {name: list(_formulas(part)) for name, part in sheets.items() if b"<f" in part or b":f" in part}
    if not any(cells.values()):
        return {}
    relations = defusedxml.ElementTree.fromstring(parts["xl/_rels/workbook.xml.rels"])
    targets = {relation.get("Id"): relation.get("Target", "").rpartition("/")[2] for relation in relations}
    by_file = {name.rpartition("/")[2]: found for name, found in cells.items()}
    named = {}
    for sheet in defusedxml.ElementTree.fromstring(parts["xl/workbook.xml"]).iterfind("{*}sheets/{*}sheet"):
        key = next((value for name, value in sheet.items() if name.endswith("}id")), None)
        named[sheet.get("name", "")] = by_file.get(targets.get(key, ""), [])
    return named


def _formulas(sheet: bytes) -> Iterator[Place]:
    for found in _FORMULA.finditer(sheet):
        reference = _REFERENCE.search(found[1])
        if reference is not None and b't="str"' not in found[1]:
            yield int(reference[2]) - 1, _column(reference[1]) - 1


def _refuse_faulty(part: bytes) -> None:
    """Raise unless a part is well-formed XML without declarations: in others calamine may wait for ever."""
    parser = xml.parsers.expat.ParserCreate()
    parser.StartDoctypeDeclHandler = _refuse_declaration
    parser.Parse(part, True)


def _refuse_declaration(*_: object) -> None:
    raise ValueError("XML with declarations of its own")


def _is_formatted(part: bytes) -> bool:
    return (b"strike" in part or b'formatCode="0' in part) and _FORMATTED.search(part) is not None


def is_page(content: bytes) -> bool:
    """Whether bytes are a web page with a table, or a workbook as one XML of Office 2003."""
    if not content[:500].removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<"):
        return False
    return _XML_OF_2003 in content[:2000] or re.search(rb"<table[\s>]", content, re.IGNORECASE) is not None


def files_in(archive: ZipFile) -> list[str]:
    """The files in an archive, without what systems leave beside them."""
    return [
        name
        for name in archive.namelist()
        if not name.startswith("__MACOSX/") and not name.rpartition("/")[2].startswith((".", "~$")) and name[-1:] != "/"
    ]


def unpacked(document: RawDocument, archive: ZipFile) -> RawDocument:
    """The one table in an archive, whatever lies beside it; raises UnknownFormat."""
    names = files_in(archive)
    names = [name for name in names if name.lower().endswith((*WORKBOOKS, ".csv", ".tsv"))] or names
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
        rows, columns = max(rows, int(row)), max(columns, _column(letters))
    return rows * columns > limits.SHEET_CELLS


def _column(letters: bytes) -> int:
    """The number of a column, A is 1."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _by_calamine(
    document: RawDocument,
    not_computed: Mapping[str, list[Place]] | None = None,
) -> dict[str, list[Line]]:
    workbook = CalamineWorkbook.from_filelike(io.BytesIO(document.content))
    sheets = {}
    for about in workbook.sheets_metadata:
        if about.visible != SheetVisibleEnum.Visible or about.typ != SheetTypeEnum.WorkSheet:
            continue
        sheet = workbook.get_sheet_by_name(about.name)
        if sheet.total_height * sheet.total_width > limits.SHEET_CELLS:
            raise UnknownFormat(f"{document.name}: sheet '{about.name}' holds more than {limits.SHEET_CELLS:,} cells")
        rows = [[as_text(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False)]
        for row, column in (not_computed or {}).get(about.name, []):
            rows += [[] for _ in range(row + 1 - len(rows))]
            rows[row] += [""] * (column + 1 - len(rows[row]))
            rows[row][column] = NOT_COMPUTED
        for (top, left), (bottom, right) in sheet.merged_cell_ranges or []:
            for below in rows[top + 1 : bottom + 1]:
                below[left : left + 1] = rows[top][left : left + 1]  # a merged area may lie beyond the cells
            if right - left >= max(1, sheet.total_width // 2) and top < len(rows):
                rows[top][left : left + 1] = map(Spanned, rows[top][left : left + 1])
        sheets[about.name] = _lines(enumerate(rows, start=1))
    return sheets


def _by_openpyxl(document: RawDocument, not_computed: Mapping[str, list[Place]]) -> dict[str, list[Line]]:
    workbook = openpyxl.load_workbook(io.BytesIO(document.content), data_only=True, rich_text=True)
    return {
        sheet.title: _lines(_sparse_rows(sheet, not_computed.get(sheet.title, [])))
        for sheet in workbook.worksheets
        if sheet.sheet_state == Worksheet.SHEETSTATE_VISIBLE
    }


def _sparse_rows(sheet: Worksheet, not_computed: Iterable[Place]) -> Iterator[Line]:
    """The rows of a sheet that hold a cell with content; walking through all rows would meet the empty ones too."""
    rows: dict[int, dict[int, str]] = {}
    for (row, column), cell in sheet._cells.items():
        text = _formatted_text(cell)
        if text.strip():
            rows.setdefault(row, {})[column] = text
    for row, column in not_computed:
        rows.setdefault(row + 1, {})[column + 1] = NOT_COMPUTED
    width = max(map(max, rows.values()), default=0)
    for area in sheet.merged_cells.ranges:
        text = rows.get(area.min_row, {}).get(area.min_col, "")
        for row in range(area.min_row + 1, min(area.max_row, max(rows, default=0)) + 1) if text else ():
            below = rows.setdefault(row, {})
            below[area.min_col] = in_row_below(text, list(below.values()))
        if text and area.max_col - area.min_col >= max(1, width // 2):
            rows[area.min_row][area.min_col] = Spanned(text)
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
    return as_text(value)


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
    page = seen(decoded(content))
    return {
        f"table {number}": _lines(
            enumerate(([text_of(cell) for cell in row.css("td, th")] for row in table.css("tr")), start=1)
        )
        for number, table in enumerate(page.css("table"), start=1)
    }


def _tables_of_xml(document: RawDocument) -> dict[str, list[Line]]:
    """The sheets of a workbook as Office 2003 and many web tools write it, one XML; it says places only after gaps."""
    try:
        root = defusedxml.ElementTree.fromstring(document.content, forbid_dtd=True)
        return {sheet.get(f"{_2003}Name", ""): _lines(_rows_of_xml(sheet)) for sheet in root.iter(f"{_2003}Worksheet")}
    except (ValueError, SyntaxError, DefusedXmlException) as error:
        raise UnknownFormat(f"{document.name}: {error}") from error


def _rows_of_xml(sheet: Element) -> Iterator[Line]:
    number, below = 0, dict[tuple[int, int], str]()
    for row in sheet.iterfind(f"{_2003}Table/{_2003}Row"):
        number = int(row.get(f"{_2003}Index", number + 1))
        cells: dict[int, str] = {column: text for (line, column), text in below.items() if line == number}
        at = 0
        for cell in row.iterfind(f"{_2003}Cell"):
            at = int(cell.get(f"{_2003}Index", at + 1))
            data = cell.find(f"{_2003}Data")
            if data is not None:
                text, kind = "".join(data.itertext()), data.get(f"{_2003}Type")
                text = text.removesuffix("T00:00:00.000") if kind == "DateTime" else text
                cells[at] = Number(plain(float(text))) if kind == "Number" else as_text(text)
                for step in range(1, min(int(cell.get(f"{_2003}MergeDown", 0)), limits.SPANNED_CELLS) + 1):
                    below[number + step, at] = cells[at]
            at += int(cell.get(f"{_2003}MergeAcross", 0))
        if max(cells, default=0) > limits.SPANNED_CELLS * 20:
            raise ValueError("a cell far off")
        yield number, [cells.get(column, "") for column in range(1, max(cells, default=0) + 1)]


def names_of(sheets: Mapping[str, object]) -> str:
    """The sheets' names for a refusal."""
    return ", ".join(f"'{name}'" for name in sheets) or "none"
