"""Tables as offices export them: CSV in whatever encoding and with whatever delimiter, workbooks, one or two headers.

Where the table stands is found by the columns that we know: below a title, beside blank columns, on whatever sheet.
What surrounds it is no row: notes, rules, a heading that comes again on every page, totals.
"""

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from zipfile import BadZipFile, ZipFile

import ftfy

from sources import limits
from sources.platform import LayoutChanged, RawDocument, RowError, UnknownFormat
from sources.readers.sheets import (
    ERRORS,
    STRUCK_OUT,
    Line,
    is_workbook,
    names_of,
    read_workbook,
    unpacked,
)
from sources.rows.read import Row
from sources.rows.text import collapse

DELIMITERS = ",;\t|"
LOOKED_AT = 1_000  # characters; binary formats give themselves away by a NUL soon
LINES_ABOVE = 40  # the header of a table stands among the first lines that say something
HEAD_CHARACTERS = 100_000  # in which they stand
BROKEN = "\0broken"  # begins a line that cannot be taken apart; its reason follows

_MOJIBAKE = re.compile("[\u00c2\u00c3\u00c5\u00e2][\u0080-\u00bf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013-\u2022\u2026\u2030\u2039\u203a\u20ac\u2122]|\u00ef\u00bb\u00bf")  # fmt: skip # noqa: E501
LEFTOVERS = frozenset("#\\='\0")  # begin what a spreadsheet leaves in a cell
_LONE = re.compile("[\udc80-\udcff]")  # half a letter: stands for a byte that is none
_RULE = re.compile(r"[-=_+*|\s]{3,}")
_TOTAL = re.compile(r"(?:(?:gesamt|zwischen|end)?summe|(?:ins)?gesamt|(?:sub)?total|sous-total|somme|\*+)\s*:?", re.I)
_FIGURE = re.compile(r"[\s\d.,'%€+-]*\d[\s\d.,'%€+-]*")
_GUARDED = re.compile(r'="(.*)"|=(\d+)|\'(\+?\d.*)', re.DOTALL)  # ="01067" and '01067: a spreadsheet's marks for "text"


@dataclass(frozen=True)
class Table:
    """A table found in a document. Lines come as they stand; `rows` gives them under the columns' names."""

    place: str  # for people, e.g. "export.xlsx: sheet 2"
    above: Sequence[Sequence[str]]  # the lines above the header
    header: Sequence[str]  # a name for each column, "" for columns without
    lines: Iterable[Line]

    def rows(self) -> Iterator[Row]:
        """One row a line that is part of the table; a line with more cells than columns carries a problem."""
        repeated = _names(self.header)
        initial = next(filter(None, repeated), " ")[0]
        held: list[Row] = []  # single cells below a blank line: notes, if nothing follows
        is_below = False
        for number, cells in self.lines:
            filled = [cell for cell in cells if cell.strip()]
            if not filled or (filled[0].strip()[0] in "-=_+*|" and all(map(_RULE.fullmatch, filled))):
                is_below = is_below or not filled
                continue
            if filled[0].strip()[0].casefold() == initial and _names(cells) == repeated:
                continue
            if _TOTAL.fullmatch(filled[0].strip()) and all(map(_FIGURE.fullmatch, filled[1:])):
                is_below = True
                continue
            row = self._row(number, cells)
            if is_below and len(filled) == 1 and len(self.header) > 1 and row.problem is None:
                held.append(row)
                continue
            yield from held
            held, is_below = [], False
            yield row

    def _row(self, number: int, cells: Sequence[str]) -> Row:
        place = f"{self.place}: line {number}"
        first = next(filter(None, self.header), "")
        if cells[0].startswith(BROKEN):
            return Row(place, {}, problem=RowError(first, "readable", cells[0].removeprefix(BROKEN)))
        if STRUCK_OUT in cells and all(cell == STRUCK_OUT or not cell.strip() for cell in cells):
            return Row(place, {}, problem=RowError(first, "struck_out", "the whole line is struck out"))
        values = [_value(cell) for cell in cells]
        missing = len(self.header) - len(values)
        surplus = sum(1 for value in values[len(self.header) :] if value.strip()) if missing < 0 else 0
        fields = dict(zip(self.header, values + [""] * missing, strict=False))
        fields.pop("", None)
        problem = RowError(first, "cells", f"{surplus} cells too many") if surplus else None
        if problem is None and _LONE.search("".join(values)):
            fields = {name: value.encode("utf-8", "replace").decode() for name, value in fields.items()}
            problem = RowError(first, "encoding", "bytes that are no letter in any encoding that we know")
        return Row(place, fields, problem=problem)


def _names(cells: Sequence[str]) -> list[str]:
    names = [collapse(cell).casefold() for cell in cells]
    while names and not names[-1]:
        names.pop()
    return names


def _value(cell: str) -> str:
    """A cell without what spreadsheets leave on it."""
    if cell[:1] not in LEFTOVERS:
        return cell
    if cell == STRUCK_OUT or cell.strip() in ERRORS:
        return ""
    if guarded := _GUARDED.fullmatch(cell):
        return guarded[1] or guarded[2] or guarded[3] or ""
    return cell


def decoded(content: bytes) -> str:
    """The text of bytes: by their mark, else UTF-8, else line by line UTF-8 or Windows-1252; broken letters mended.

    A byte that is no letter in either becomes a lone surrogate: the row with it is refused, its neighbours go on.
    """
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", "surrogateescape" if len(content) % 2 == 0 else "ignore")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = "".join(map(_decoded_line, content.removeprefix(b"\xef\xbb\xbf").splitlines(keepends=True)))
    if _MOJIBAKE.search(text) is None:
        return text
    return "".join(ftfy.fix_encoding(line) if _MOJIBAKE.search(line) else line for line in text.splitlines(True))


def _decoded_line(line: bytes) -> str:
    for encoding in ("utf-8", "cp1252"):
        try:
            return line.decode(encoding)
        except UnicodeDecodeError:
            continue
    return line.decode("utf-8", "surrogateescape")


def decode(document: RawDocument) -> str:
    """The text of a file, see `decoded`; raises UnknownFormat if it is no text or a web page."""
    content = document.content
    if content.startswith((b"PK\x03\x04", b"%PDF")):
        raise UnknownFormat(f"{document.name}: not a text file")
    try:
        text = decoded(content)
    except UnicodeDecodeError as error:
        raise UnknownFormat(f"{document.name}: text in an unknown encoding ({error.reason})") from error
    text = text.removeprefix("\ufeff")
    if "\x00" in text[:LOOKED_AT]:
        raise UnknownFormat(f"{document.name}: not a text file")
    if text.lstrip()[:15].lower().startswith(("<!doctype", "<html", "<?xml")):
        raise UnknownFormat(f"{document.name}: a web page instead of a table")
    return text


def read_csv(document: RawDocument, columns: Iterable[str], header_rows: int = 1) -> Iterator[Row]:
    """The rows of a CSV file under their column names; what surrounds the table is skipped.

    columns: every column that we know, read or ignored; blanks and capitals do not count. With two header rows the
    first (machine) row names the columns. Raises LayoutChanged if a column is missing or new: what we do not know we
    do not skip silently. A row with more cells than columns carries a problem.
    """
    table = csv_table(document, list(columns))
    rows = table.rows()
    return islice(rows, header_rows - 1, None)


def csv_table(document: RawDocument, columns: Sequence[str]) -> Table:
    """The table in a CSV file, with the delimiter that shows most of its columns; raises as `read_csv`."""
    text, delimiters = table_text(document)
    best = max(delimiters, key=lambda delimiter: _known(_head(text, delimiter), columns)[0])
    head = _head(text, best)
    _, index = _known(head, columns)
    header = header_of([collapse(cell) for cell in head[index][1]] if head else [], columns)
    check_columns(document.name, filter(None, header), columns)
    lines = cells_of_csv(text, best, len(header))
    above = [cells for _, cells in islice(lines, index + 1)][:index]
    return Table(document.name, above, header, lines)


def table_text(document: RawDocument) -> tuple[str, Sequence[str]]:
    """The text of a CSV file, alone in an archive or not, and the delimiters to try, the likeliest first.

    Raises UnknownFormat, and LayoutChanged for an empty file.
    """
    text, said = _without_separator_line(_unzipped_text(document))
    if not text.strip():
        raise LayoutChanged(f"{document.name}: nothing in the file")
    return text, [said] if said else sorted(DELIMITERS, key=delimiter_of(text).__ne__)


def _head(text: str, delimiter: str) -> list[Line]:
    return list(islice(cells_of_csv(text[:HEAD_CHARACTERS], delimiter, 0), LINES_ABOVE))


def _known(lines: Sequence[Line], columns: Iterable[str]) -> tuple[int, int]:
    """How many of the known columns the line names that names most, and which line that is."""
    known = {collapse(name).casefold() for name in columns}
    found = [
        (len(known & {collapse(cell).casefold() for cell in cells}), -index) for index, (_, cells) in enumerate(lines)
    ]
    count, index = max(found, default=(0, 0))
    return count, -index


def _unzipped_text(document: RawDocument) -> str:
    if not document.content.startswith(b"PK\x03\x04"):
        return decode(document)
    try:
        with ZipFile(io.BytesIO(document.content)) as archive:
            if "[Content_Types].xml" in archive.namelist():
                raise UnknownFormat(f"{document.name}: a workbook, not a text file")
            if sum(entry.file_size for entry in archive.infolist()) > limits.UNPACKED_BYTES:
                raise UnknownFormat(f"{document.name}: unpacks to too much")
            return decode(unpacked(document, archive))
    except (BadZipFile, OSError, ValueError, RuntimeError) as error:
        raise UnknownFormat(f"{document.name}: {error}") from error


def _without_separator_line(text: str) -> tuple[str, str]:
    """A text without Excel's line ``sep=;`` on top, and the delimiter that it says."""
    match = re.match(r'\s*"?sep=(.)"?[ ;,\t]*(?:\r\n|\r|\n)', text, re.IGNORECASE)
    return (text[match.end() :], match[1]) if match else (text, "")


def cells_of_csv(text: str, delimiter: str, width: int) -> Iterator[Line]:
    """The lines of a CSV text with their numbers, blank ones without cells.

    width: cells of the header, 0 if not known. A quote that is opened and never closed would swallow the lines below:
    its own line alone is broken then.
    """
    csv.field_size_limit(limits.CELL_CHARACTERS)
    lines = io.StringIO(text, newline="").readlines()
    start = 0
    while start < len(lines):
        reader = csv.reader(islice(lines, start, None), delimiter=delimiter)
        begin, number = start, start
        try:
            for cells in reader:
                begin, number = number, start + reader.line_num
                if number > begin + 1 and _has_swallowed(cells, delimiter, width):
                    break
                yield begin + 1, cells if cells and (cells[0] or any(map(str.strip, cells))) else []
            else:
                return
            reason = "a quote that is not closed"
        except csv.Error as error:
            begin, reason = number, str(error)
        yield begin + 1, [BROKEN + reason]
        start = begin + 1


def _has_swallowed(cells: Sequence[str], delimiter: str, width: int) -> bool:
    """Whether a record of several lines holds what should be records of their own."""
    if any(cell.count("\n") > limits.CELL_LINES for cell in cells):
        return True
    if width < 2:
        return False
    inside = (line for cell in cells for line in cell.splitlines()[1:])
    return any(line.count(delimiter) >= width - 1 for line in inside)


def find_tables(
    document: RawDocument, columns: Sequence[str], join: Callable[[Sequence[Line], int], list[str]] | None = None
) -> list[Table]:
    """The tables in a workbook with the columns that we know, on whatever visible sheets; at least one.

    join: makes the header of several lines, from the lines of a sheet and the first of them. A CSV file under a
    workbook's name is read as what it is. Raises UnknownFormat, and LayoutChanged with the sheets' names if none holds
    the columns. A sheet with most of them beside a right one is one refused row.
    """
    if not is_workbook(document.content) and not document.content[:500].lstrip().startswith(b"<"):
        return [_csv_as_workbook(document, columns)]
    sheets = read_workbook(document)
    found = [(name, lines, *_header(lines, columns, join)) for name, lines in sheets.items()]
    known = {collapse(name) for name in columns}
    complete = [part for part in found if known <= set(part[3])]
    partial = [part for part in found if part not in complete and len(known & set(part[3])) * 2 > len(known)]
    if not complete:
        name, _, _, header = max(found, key=lambda part: len(known & set(part[3])), default=("", [], 0, []))
        check_columns(f"{document.name}: sheet '{name}' of {names_of(sheets)}", filter(None, header), columns)
    tables = []
    for name, lines, index, header in complete:
        place = document.name if len(complete) == 1 else f"{document.name}: {name}"
        check_columns(place, filter(None, header), columns)
        tables.append(Table(place, [cells for _, cells in lines[:index]], header, lines[index + (2 if join else 1) :]))
    reason = BROKEN + "most of the columns, but not all"
    return tables + [Table(f"{document.name}: {name}", [], header, [(1, [reason])]) for name, _, _, header in partial]


def _csv_as_workbook(document: RawDocument, columns: Sequence[str]) -> Table:
    text, delimiters = table_text(document)
    if max(_known(_head(text, delimiter), columns)[0] for delimiter in delimiters) * 2 < len(columns):
        raise UnknownFormat(f"{document.name}: not an XLSX workbook")
    return csv_table(document, columns)


def _header(
    lines: Sequence[Line], columns: Sequence[str], join: Callable[[Sequence[Line], int], list[str]] | None
) -> tuple[int, list[str]]:
    """Where the header of a sheet stands and what it says."""
    if join is None:
        _, index = _known(lines[:LINES_ABOVE], columns)
        return index, header_of([collapse(cell) for cell in lines[index][1]] if lines else [], columns)
    headers = [header_of(join(lines, index), columns) for index in range(min(len(lines), LINES_ABOVE) - 1)]
    known = {collapse(name) for name in columns}
    best = max(range(len(headers)), key=lambda index: len(known & set(headers[index])), default=0)
    return best, headers[best] if headers else []


def two_header_lines(lines: Sequence[Line], index: int) -> list[str]:
    """The names of columns in two lines, the upper one merged over groups: "group / name"."""
    (_, upper), (_, lower) = lines[index], lines[index + 1]
    names = [collapse(cell) for cell in lower]
    groups = filled_right([*upper, *[""] * (len(names) - len(upper))])
    names += [""] * (len(groups) - len(names))
    return [f"{group} / {name}" if name and name != group else group for group, name in zip(groups, names, strict=True)]


def header_of(names: Sequence[str], columns: Iterable[str]) -> list[str]:
    """A header with the known names as we write them, whatever their capitals; no blank columns at the end."""
    exact = [collapse(name) for name in columns]
    known = {name.casefold(): name for name in exact}
    header = [name if name in exact else known.get(name.casefold(), name) for name in map(collapse, names)]
    while header and not header[-1]:
        header.pop()
    return header


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
