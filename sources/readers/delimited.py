"""Delimited text as lines of cells: what stands around the table, how cells are quoted, where a quote was lost.

How libraries that look at the shape of a text alone do on the same files stands in benchmarks/results/reading.md.
"""

import csv
import io
import re
import zlib
from collections.abc import Iterator, Sequence
from html.entities import name2codepoint
from zipfile import BadZipFile, ZipFile

from sources import limits
from sources.platform import LayoutChanged, RawDocument, UnknownFormat
from sources.readers.cells import Line
from sources.readers.encoding import decoded
from sources.readers.sheets import GZIP, unpacked

DELIMITERS = ",;\t|"
LINES_ABOVE = 40  # the header of a table stands among the first lines that say something
HEAD_CHARACTERS = 100_000  # in which they stand
# An archive, PDF, JPEG, PNG, GIF, TIFF: what people send instead of a table.
NO_TEXT = (b"PK\x03\x04", b"%PDF", b"\xff\xd8\xff", b"\x89PNG", b"GIF8", b"II*\0", b"MM\0*")
BROKEN = "\0broken"  # begins a line that cannot be taken apart; its reason follows

_BACKSLASHED = re.compile(
    r'\\"(?=[^;,\t|\r\n"]|"[;,\t|\r\n])'
)  # MySQL and PHP; before a delimiter it ends a cell such as "C:\"
# A semicolon ends an entity and may part cells too: those of letters and dashes are made signs before.
_BACKSLASHED_BEFORE_MORE = re.compile(
    r'\\"(?:(?="(?:[;,\t|\r\n]|\Z))|(?![;,\t|]?["\r\n]|\Z))'
)  # the same where every cell is enclosed
_ALL_ENCLOSED = re.compile(r'"[^"]*"(?:[;,\t|]"[^"]*")+\r?\n')
_ENTITY = re.compile(r"&(#\d{2,5}|[A-Za-z]{2,6}\d?);")
_SIGNS = {
    name: chr(number)
    for name, number in name2codepoint.items()
    if chr(number).isalpha()
    or name in ("amp", "nbsp", "ndash", "mdash", "euro", "deg", "sup2", "sup3", "hellip", "rsquo")
}
_WHOLE_ROW = re.compile(r'"(?:[^"]|"")*"')
_MARKDOWN = re.compile(r"^[ \t]*\|(.*)\|[ \t]*$", re.MULTILINE)
Form = tuple[str, str]  # a text and the sign that encloses its cells


def table_text(document: RawDocument) -> tuple[str, Sequence[str]]:
    """The text of a CSV file, alone in an archive or not, and the delimiters to try, the likeliest first.

    Raises UnknownFormat, and LayoutChanged for an empty file.
    """
    text, said = _without_separator_line(_unpacked_text(document))
    text = text.rstrip("\x1a\0")  # the end of a file in DOS
    if not text.strip():
        raise LayoutChanged(f"{document.name}: nothing in the file; fetch it again")
    if "&" in text:
        text = _ENTITY.sub(_sign, text)
    if '\\"' in text:
        pattern = _BACKSLASHED_BEFORE_MORE if _ALL_ENCLOSED.match(text) else _BACKSLASHED
        text = pattern.sub('""', text)
    return text, [said] if said else sorted(DELIMITERS, key=delimiter_of(text).__ne__)


def decode(document: RawDocument) -> str:
    """The text of a file, see `decoded`; raises UnknownFormat if it is no text or a web page."""
    content = document.content
    if content.startswith(NO_TEXT):
        raise UnknownFormat(f"{document.name}: not a text file; ask for the table itself")
    try:
        text = decoded(content, keeps_broken=True)
    except (ValueError, LookupError) as error:
        raise UnknownFormat(f"{document.name}: not a text file ({error})") from error
    text = text.removeprefix("\ufeff")
    if text.lstrip()[:15].lower().startswith(("<!doctype", "<html", "<?xml")):
        raise UnknownFormat(f"{document.name}: a web page instead of a table; look at it, then fetch the table again")
    return text


def _unpacked_text(document: RawDocument) -> str:
    content = document.content
    try:
        if content.startswith(GZIP):
            packed = zlib.decompressobj(wbits=31)
            content = packed.decompress(content, limits.UNPACKED_BYTES)
            if packed.unconsumed_tail:
                raise UnknownFormat(f"{document.name}: unpacks to too much")
            return decode(RawDocument(document.name, content, document.url, document.retrieved_at))
        if not content.startswith(b"PK\x03\x04"):
            return decode(document)
        with ZipFile(io.BytesIO(content)) as archive:
            if "[Content_Types].xml" in archive.namelist():
                raise UnknownFormat(f"{document.name}: a workbook, not a text file")
            if sum(entry.file_size for entry in archive.infolist()) > limits.UNPACKED_BYTES:
                raise UnknownFormat(f"{document.name}: unpacks to too much")
            return decode(unpacked(document, archive))
    except BadZipFile as error:
        raise UnknownFormat(f"{document.name}: a ZIP archive that ends in the middle; fetch it again") from error
    except (OSError, ValueError, RuntimeError, zlib.error) as error:
        raise UnknownFormat(f"{document.name}: {error}") from error


def _without_separator_line(text: str) -> tuple[str, str]:
    """A text without Excel's line ``sep=;`` on top, and the delimiter that it says."""
    match = re.match(r'\s*"?sep=(.)"?[ ;,\t]*(?:\r\n|\r|\n)', text, re.IGNORECASE)
    return (text[match.end() :], match[1]) if match else (text, "")


def _sign(match: re.Match[str]) -> str:
    if match[1][0] != "#":
        return _SIGNS.get(match[1], match[0])
    sign = chr(int(match[1][1:]))
    return sign if sign.isalpha() or sign in "&–—’„“”€\u00a0" else match[0]


def delimiter_of(text: str) -> str:
    """The delimiter that splits the first line of a table into most cells: German and French spreadsheets save ";"."""
    first_line = text.lstrip().partition("\n")[0]
    return max(DELIMITERS, key=first_line.count)


def forms(text: str, delimiter: str) -> Iterator[Form]:
    """The ways in which a text may be meant, the usual one first: as it stands; each row or cell enclosed otherwise."""
    head = text[:HEAD_CHARACTERS]
    first = next(filter(None, map(str.strip, head.splitlines())), "")
    if first[:1] == first[-1:] == "'" and f"'{delimiter}'" in first:
        yield text, "'"
    yield text, '"'
    if _WHOLE_ROW.fullmatch(first) and delimiter in first:
        rows = csv.reader(io.StringIO(text, newline=""), delimiter="\0")
        yield "\n".join(cells[0] if cells else "" for cells in rows), '"'
    if delimiter == "|" and first.startswith("|"):
        yield _MARKDOWN.sub(r"\1", text), '"'


def cells_of_csv(text: str, delimiter: str, width: int, quote: str = '"') -> Iterator[Line]:
    """The lines of a CSV text with their numbers, blank ones without cells.

    width: cells of the header, 0 if not known. A quote that is opened and never closed would swallow the lines below:
    its own line alone is broken then, and one whose quotes leave open where its cells end.
    """
    csv.field_size_limit(limits.CELL_CHARACTERS)
    lines = io.StringIO(text, newline="").readlines()
    is_spaced = f"{delimiter} {quote}" in text[:HEAD_CHARACTERS]
    start = 0
    while start < len(lines):
        rest = map(lines.__getitem__, range(start, len(lines)))
        reader = csv.reader(rest, delimiter=delimiter, quotechar=quote, skipinitialspace=is_spaced, strict=True)
        begin, number = start, start
        try:
            for cells in reader:
                begin, number = number, start + reader.line_num
                if number > begin + 1 and _has_swallowed(cells, delimiter, width):
                    break
                if number == begin + 1 and lines[begin].count(quote) & 1 and _lost_one(cells, lines[begin], quote):
                    cells = [BROKEN + "a quote that was not opened"]
                yield begin + 1, cells if cells and (cells[0] or any(map(str.strip, cells))) else []
            else:
                return
            read = [BROKEN + "a quote that is not closed"]
        except csv.Error as error:
            begin = number
            read = _loose(lines[begin], delimiter, quote, width) or [BROKEN + str(error)]
        yield begin + 1, read
        start = begin + 1


def _has_swallowed(cells: Sequence[str], delimiter: str, width: int) -> bool:
    """Whether a record of several lines holds what should be records of their own."""
    if any(cell.count("\n") > limits.CELL_LINES for cell in cells):
        return True
    if width < 2:
        return False
    inside = (line for cell in cells for line in cell.splitlines()[1:])
    return any(line.count(delimiter) >= width - 1 for line in inside)


def _lost_one(cells: Sequence[str], line: str, quote: str) -> bool:
    """Whether a cell ends with a quote that no other opened, in a line that quotes its cells; 3/4" is inches."""
    stray = [cell for cell in cells if cell.endswith(quote) and cell.count(quote) == 1 and not cell[-2:-1].isdigit()]
    return bool(stray) and line.count(quote) >= 3


def _loose(line: str, delimiter: str, quote: str, width: int) -> list[str] | None:
    """The cells of a line whose quotes inside cells are not doubled: one that ends a cell stands before a delimiter.

    None unless that gives as many cells as the header has.
    """
    if width < 2:
        return None
    part, sign = re.escape(delimiter), re.escape(quote)
    cell = re.compile(rf"[ ]*{sign}(.*?){sign}[ ]*(?={part}|$)|([^{part}]*)")
    cells, at, line = [], 0, line.rstrip("\r\n")
    while at <= len(line):
        found = cell.match(line, at)
        if found is None or (found[2] or "").startswith(quote):
            return None
        cells.append((found[1] if found[1] is not None else found[2]).replace(quote * 2, quote))
        at = found.end() + 1
    return cells if len(cells) == width else None
