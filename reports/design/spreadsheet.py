"""Cells for files that spreadsheets open, and long sheets written fast.

xlsxwriter makes a workbook in every detail but takes 9 µs for a cell; for the hundred thousand rows of a long week that
was most of the time of an issue. So it makes the workbook with headings alone, and the rows, of which each is plain
text and numbers, are put into its sheets here in a third of that (`benchmarks/rendering.py`).
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from html import escape
from io import BytesIO
from itertools import count, islice
from zipfile import ZIP_DEFLATED, ZipFile

Cells = Sequence[str | float | None]
LONGEST_CELL = 32_767  # characters, set by the format

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
_ROWS_AT_ONCE = 500
_COMPRESSION = 3  # of 9: an eighth more bytes than the usual 6 in two fifths of the time
_COLUMNS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
# What XML 1.0 cannot hold, and what a spreadsheet would read as its escape of such a character.
_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_ESCAPE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
_END = b"</sheetData>"


def safe_cell(value: object) -> str:
    """A cell that no spreadsheet takes for a formula: a leading = + - @ TAB or CR gets an apostrophe before it."""
    if value is None:
        return ""
    if isinstance(value, int | float):
        return f"{value:.10g}"
    text = str(value)
    return f"'{text}" if text.lstrip(" ").startswith(_FORMULA_STARTS) else text


def with_rows(workbook: bytes, sheets: Sequence[Iterable[Cells]]) -> bytes:
    """A workbook of headings with the rows of each of its sheets added below; at most 26 columns.

    Text stays text whatever it begins with. The same input gives the same bytes.
    """
    content = BytesIO()
    rows_of = {f"xl/worksheets/sheet{number}.xml": rows for number, rows in enumerate(sheets, start=1)}
    with ZipFile(BytesIO(workbook)) as made, ZipFile(content, "w", ZIP_DEFLATED, compresslevel=_COMPRESSION) as filled:
        for part in made.namelist():
            with filled.open(part, "w") as written:  # dated 1980
                if part not in rows_of:
                    written.write(made.read(part))
                    continue
                # The range in <dimension> may be left out; with the headings alone it would be wrong.
                before, end, after = re.sub(rb"<dimension [^>]*/>", b"", made.read(part)).partition(_END)
                written.write(before)
                for piece in _rows(rows_of[part]):
                    written.write(piece)
                written.write(end + after)
    return content.getvalue()


def _rows(rows: Iterable[Cells]) -> Iterator[bytes]:
    """The rows as XML, many in one piece: handed over one by one they took a sixth of the time."""
    lines = (_row(number, cells) for number, cells in zip(count(2), rows))
    while piece := "".join(islice(lines, _ROWS_AT_ONCE)):
        yield piece.encode()


def _row(number: int, cells: Cells) -> str:
    made = [
        f'<c r="{column}{number}" t="inlineStr"><is><t xml:space="preserve">{_escaped(value)}</t></is></c>'
        if isinstance(value, str)
        else f'<c r="{column}{number}"><v>{value!r}</v></c>'
        for column, value in zip(_COLUMNS, cells)  # noqa: B905 as many as there are cells
        if value is not None
    ]
    return f'<row r="{number}">{"".join(made)}</row>'


@lru_cache(maxsize=100_000)  # ids, names and addresses stand in many rows and in every language
def _escaped(value: str) -> str:
    text = _UNFIT.sub(" ", value[:LONGEST_CELL])
    if "_x" in text:
        text = _ESCAPE.sub("_x005F_", text)
    return escape(text, quote=False)
