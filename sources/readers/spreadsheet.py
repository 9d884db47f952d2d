"""Tables as offices export them: CSV in whatever encoding and with whatever delimiter, one or two header rows."""

import csv
import io
from collections.abc import Iterable

from sources.platform import LayoutChanged, RawDocument, RowError, UnknownFormat
from sources.rows import Row
from sources.text import collapse

DELIMITERS = ",;\t|"
MAX_CELL_CHARACTERS = 1_000_000
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


def read_csv(document: RawDocument, columns: Iterable[str], header_rows: int = 1) -> list[Row]:
    """The rows of a CSV file under their column names; blank lines are skipped.

    columns: every column that we know, read or ignored; leading and trailing blanks do not count. With two header
    rows the first (machine) row names the columns. Raises LayoutChanged if a column is missing or new: what we do
    not know we do not skip silently. A row with more cells than columns carries a problem.
    """
    csv.field_size_limit(MAX_CELL_CHARACTERS)
    text = decode(document)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
    try:
        header = [collapse(name) for name in next(reader, [])]
        check_columns(document.name, header, columns)
        for _ in range(header_rows - 1):
            next(reader, None)
        rows = []
        start = reader.line_num + 1
        for cells in reader:
            if any(cell.strip() for cell in cells):
                surplus = len(cells) - len(header)
                fields = dict(zip(header, cells + [""] * -surplus, strict=False))
                problem = RowError(header[0], "cells", f"{surplus} cells too many") if surplus > 0 else None
                rows.append(Row(f"line {start}", fields, problem=problem))
            start = reader.line_num + 1
    except csv.Error as error:
        raise UnknownFormat(f"{document.name}: {error}") from error
    return rows


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


def _delimiter(text: str) -> str:
    """The delimiter that splits the first line into most cells."""
    first_line = text.lstrip().partition("\n")[0]
    return max(DELIMITERS, key=first_line.count)
