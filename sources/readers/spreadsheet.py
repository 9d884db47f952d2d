"""Tables as offices export them: CSV in whatever encoding and with whatever delimiter, XLSX, one or two header rows."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, time
from itertools import islice
from zipfile import BadZipFile, ZipFile

from python_calamine import CalamineError, CalamineWorkbook

from sources.platform import LayoutChanged, RawDocument, RowError, UnknownFormat
from sources.rows.read import Row
from sources.rows.text import collapse

DELIMITERS = ",;\t|"
MAX_CELL_CHARACTERS = 1_000_000
MAX_UNPACKED_BYTES = 200_000_000  # of a workbook, which is a ZIP archive
LOOKED_AT = 1_000  # characters; binary formats give themselves away by a NUL soon


def decode(document: RawDocument) -> str:
    """The text of a file: UTF-8 or UTF-16 with a BOM, UTF-8 without, else Windows-1252; raises UnknownFormat.

    Windows-1252 accepts nearly any bytes, so a file with NUL bytes or an HTML page is refused by its look.
    """
    content = document.content
    is_utf16 = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    encodings = ["utf-16"] if is_utf16 else ["utf-8-sig", "cp1252"]
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" in text[:LOOKED_AT] or content.startswith((b"PK\x03\x04", b"%PDF")):
            raise UnknownFormat(f"{document.name}: not a text file")
        if text.lstrip()[:15].lower().startswith(("<!doctype", "<html", "<?xml")):
            raise UnknownFormat(f"{document.name}: a web page instead of a table")
        return text
    raise UnknownFormat(f"{document.name}: text in an unknown encoding")


def read_csv(document: RawDocument, columns: Iterable[str], header_rows: int = 1) -> Iterator[Row]:
    """The rows of a CSV file under their column names; blank lines are skipped.

    columns: every column that we know, read or ignored; leading and trailing blanks do not count. With two header
    rows the first (machine) row names the columns. Raises LayoutChanged if a column is missing or new: what we do
    not know we do not skip silently. A row with more cells than columns carries a problem.
    """
    lines = cells_of_csv(document)
    _, first = next(lines, ("", []))
    header = [collapse(name) for name in first]
    check_columns(document.name, header, columns)
    return rows_of(header, islice(lines, header_rows - 1, None))


def cells_of_csv(document: RawDocument) -> Iterator[tuple[str, list[str]]]:
    """The lines of a CSV file that hold anything, each with its place ("export.csv: line 17"); raises UnknownFormat."""
    csv.field_size_limit(MAX_CELL_CHARACTERS)
    text = decode(document)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter_of(text))
    start = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield f"{document.name}: line {start}", cells
            start = reader.line_num + 1
    except csv.Error as error:
        raise UnknownFormat(f"{document.name}: {error}") from error


def read_workbook(document: RawDocument) -> dict[str, list[list[str]]]:
    """The sheets of an XLSX workbook as rows of texts; raises UnknownFormat.

    A cell that spans several columns or rows has its text in its first place, the others are empty. Days are ISO,
    whole numbers have no decimals.
    """
    if not document.content.startswith(b"PK\x03\x04"):
        raise UnknownFormat(f"{document.name}: not an XLSX workbook")
    try:
        _refuse_bomb(document)
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(document.content))
        sheets = {
            name: workbook.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in workbook.sheet_names
        }
    except (CalamineError, BadZipFile, OSError, ValueError) as error:
        raise UnknownFormat(f"{document.name}: {error}") from error
    return {name: [[_as_text(cell) for cell in row] for row in rows] for name, rows in sheets.items()}


def _refuse_bomb(document: RawDocument) -> None:
    with ZipFile(io.BytesIO(document.content)) as archive:
        size = sum(entry.file_size for entry in archive.infolist())
    if size > MAX_UNPACKED_BYTES:
        raise UnknownFormat(f"{document.name}: unpacks to {size:,} bytes")


def _as_text(cell: object) -> str:
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ")
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)


def filled_right(header: Sequence[str]) -> list[str]:
    """A header row with merged cells: empty cells take the text on their left."""
    filled: list[str] = []
    for cell in header:
        filled.append(collapse(cell) or (filled[-1] if filled else ""))
    return filled


def rows_of(header: Sequence[str], lines: Iterable[tuple[str, Sequence[str]]]) -> Iterator[Row]:
    """Cells under their column names; a line with more cells than columns carries a problem."""
    for place, cells in lines:
        surplus = len(cells) - len(header)
        problem = RowError(header[0], "cells", f"{surplus} cells too many") if surplus > 0 else None
        yield Row(place, dict(zip(header, [*cells, *[""] * -surplus], strict=False)), problem=problem)


def rows_below(
    header: Sequence[str], document: RawDocument, lines: Sequence[Sequence[str]], first: int
) -> Iterator[Row]:
    """The lines of a sheet that hold anything, from one on (counted from 0), under their column names."""
    places = ((f"{document.name}: line {number}", cells) for number, cells in enumerate(lines[first:], start=first + 1))
    return rows_of(header, ((place, cells) for place, cells in places if any(map(str.strip, cells))))


def check_columns(place: str, found: Iterable[str], known: Iterable[str]) -> None:
    """Raise LayoutChanged unless exactly the known columns are there, each once."""
    names = [collapse(name) for name in known]
    present = list(found)
    missing = [name for name in names if name not in present]
    unknown = [name for name in present if name not in names]
    repeated = sorted({name for name in present if present.count(name) > 1})
    problems = [
        f"{word} {', '.join(repr(name) for name in list_)}"
        for word, list_ in (("missing", missing), ("unknown", unknown), ("repeated", repeated))
        if list_
    ]
    if problems:
        raise LayoutChanged(f"{place}: columns {'; '.join(problems)}")


def delimiter_of(text: str) -> str:
    """The delimiter that splits the first line of a table into most cells: German and French spreadsheets save ";"."""
    first_line = text.lstrip().partition("\n")[0]
    return max(DELIMITERS, key=first_line.count)
