"""OpenDocument spreadsheets (.ods) as lines of texts, read row by row from their `content.xml`.

What a cell says beside its value decides here: runs that are struck out by whatever style, covered cells, notes and
shapes, errors, codes that a format shows with zeros. A library that gives values alone would lose it.
"""

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from xml.etree.ElementTree import Element, iterparse

from sources import limits
from sources.readers.cells import ERRORS, NOT_COMPUTED, STRUCK_OUT, Line, Spanned, as_text, in_row_below
from sources.rows.fields import Number

_OFFICE, _STYLE, _TABLE, _TEXT = (
    f"{{urn:oasis:names:tc:opendocument:xmlns:{name}:1.0}}" for name in ("office", "style", "table", "text")
)
_CALC = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}"
_ROWS_SPANNED, _COLUMNS_SPANNED = f"{_TABLE}number-rows-spanned", f"{_TABLE}number-columns-spanned"
_CELLS = frozenset({f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"})
_PARAGRAPHS = (f"{_TEXT}p", f"{_TEXT}h")
_NO_TEXT = frozenset({f"{_OFFICE}annotation", f"{_TEXT}note", f"{_TEXT}ruby-text"})
_SIGNS = {f"{_TEXT}tab": " ", f"{_TEXT}line-break": "\n"}
_WHITE = re.compile(r"[ \t\r\n]+")
_DURATION = re.compile(r"-?PT(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)(?:[.,]\d+)?S)?")


@dataclass
class _Sheet:
    """A table while its rows come in."""

    column_styles: list[str] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    titles: list[tuple[int, int, int]] = field(default_factory=list)  # line, column and columns of merged cells
    below: dict[int, tuple[int, str]] = field(default_factory=dict)  # column -> further rows, text
    number: int = 0
    cells: int = 0


class Styles:
    """Which styles strike text out, by themselves or by the style they are made from, and which hide a sheet."""

    def __init__(self) -> None:
        self._parents: dict[tuple[str, str], str] = {}
        self._struck: dict[tuple[str, str], bool] = {}
        self._hidden: set[str] = set()

    def add(self, style: Element) -> None:
        """One `style:style` or, without a name, the `style:default-style` of a family."""
        family, name = style.get(f"{_STYLE}family", ""), style.get(f"{_STYLE}name", "")
        self._parents[family, name] = style.get(f"{_STYLE}parent-style-name", "")
        for properties in style:
            said = [
                value
                for key, value in properties.items()
                if key.startswith(f"{_STYLE}text-line-through-") and key.endswith(("-style", "-type"))
            ]
            if said:
                self._struck[family, name] = any(value != "none" for value in said)
            if properties.get(f"{_TABLE}display") == "false":
                self._hidden.add(name)

    def is_hidden(self, name: str) -> bool:
        """Whether a sheet of this style is hidden."""
        return name in self._hidden

    def is_struck(self, family: str, name: str | None, otherwise: bool) -> bool:
        """Whether text of a style is struck out; `otherwise` holds where it says nothing."""
        for _ in range(9):  # styles are made from styles, a damaged file's in a circle
            if not name:
                break
            if (family, name) in self._struck:
                return self._struck[family, name]
            name = self._parents.get((family, name))
        return otherwise


def sheets_of_ods(content: bytes, styles: bytes) -> dict[str, list[Line]]:
    """The visible sheets: lines with their numbers, from 1; blank ones are left out.

    A text merged over rows stands in each of them; one merged over half of its sheet or more is `Spanned`. Parts
    must be free of declarations. Raises ValueError for more cells than fit.
    """
    known = Styles()
    for _, element in iterparse(io.BytesIO(styles)) if styles else ():  # noqa: S314 -- without declarations
        if element.tag == f"{_STYLE}style":
            known.add(element)
    found: dict[str, list[Line]] = {}
    open_tables: list[_Sheet | None] = []  # None: a hidden one, or one inside another
    for event, element in iterparse(io.BytesIO(content), ("start", "end")):  # noqa: S314 -- without declarations
        if event == "start":
            if element.tag == f"{_TABLE}table":
                is_seen = not open_tables and not known.is_hidden(element.get(f"{_TABLE}style-name", ""))
                open_tables.append(_Sheet() if is_seen else None)
        elif element.tag == f"{_STYLE}style":
            known.add(element)
        elif element.tag == f"{_TABLE}table":
            sheet = open_tables.pop()
            if sheet is not None:
                found[element.get(f"{_TABLE}name", "")] = _finished(sheet)
            element.clear()
        elif open_tables and (sheet := open_tables[-1]) is not None:
            if element.tag == f"{_TABLE}table-column":
                times = min(_times(element, "columns"), limits.SPANNED_CELLS)
                sheet.column_styles += [element.get(f"{_TABLE}default-cell-style-name", "")] * times
            elif element.tag == f"{_TABLE}table-row":
                _add_row(sheet, element, known)
                element.clear()
    return found


def _times(element: Element, what: str) -> int:
    return max(int(element.get(f"{_TABLE}number-{what}-repeated", "1")), 1)


def _add_row(sheet: _Sheet, row: Element, styles: Styles) -> None:
    cells, covered = _cells_of(sheet, row, styles)
    times = _times(row, "rows")
    own = list(cells)
    for column in covered:
        rest, text = sheet.below.get(column, (0, ""))
        if rest:
            cells[column] = in_row_below(text, own)
            sheet.below[column] = (rest - 1, text)
    while cells and not cells[-1].strip():
        cells.pop()
    sheet.cells += len(cells) * times
    if sheet.cells > limits.SHEET_CELLS:
        raise ValueError(f"more than {limits.SHEET_CELLS:,} cells")
    if cells:
        sheet.lines += [(sheet.number + step, list(cells)) for step in range(1, times + 1)]
    sheet.number += times


def _cells_of(sheet: _Sheet, row: Element, styles: Styles) -> tuple[list[str], list[int]]:
    """The texts of a row, and the columns that other cells cover."""
    texts: list[str] = []
    covered: list[int] = []
    row_style = row.get(f"{_TABLE}default-cell-style-name")
    cells = [cell for cell in row if cell.tag in _CELLS]
    for cell in cells:
        column, times = len(texts), _times(cell, "columns")
        if cell.tag == f"{_TABLE}covered-table-cell":
            times = min(times, limits.SPANNED_CELLS)
            covered += range(column, column + times)
            texts += [""] * times
            continue
        style = cell.get(f"{_TABLE}style-name") or row_style
        if style is None and column < len(sheet.column_styles):
            style = sheet.column_styles[column]
        text = _text_of_cell(cell, styles, styles.is_struck("table-cell", style, otherwise=False))
        if not text and cell is cells[-1]:
            break  # "and so on" to the last column that a sheet may have
        if len(texts) + times > limits.SHEET_CELLS:
            raise ValueError(f"more than {limits.SHEET_CELLS:,} cells")
        rows, columns = int(cell.get(_ROWS_SPANNED, "1")), int(cell.get(_COLUMNS_SPANNED, "1"))
        if text and rows > 1:
            sheet.below[column] = (rows - 1, text)
        if text and columns > 1:
            sheet.titles.append((sheet.number + 1, column, columns))
        texts += [text] * times
    return texts, covered


def _finished(sheet: _Sheet) -> list[Line]:
    width = max((len(cells) for _, cells in sheet.lines), default=0)
    by_number = dict(sheet.lines)
    for number, column, columns in sheet.titles:
        if columns - 1 >= max(1, width // 2) and number in by_number:
            by_number[number][column] = Spanned(by_number[number][column])
    return sheet.lines


def _text_of_cell(cell: Element, styles: Styles, is_struck: bool) -> str:
    """What a cell says, as typed as it is; "" for an error."""
    kind = cell.get(f"{_CALC}value-type") or cell.get(f"{_OFFICE}value-type")
    if kind == "error":
        return ""
    whole, seen = _paragraphs(cell, styles, is_struck)
    try:
        value = _value(cell, kind) if kind else ""
    except ValueError:  # "0000-00-00": what is shown stays for the field to judge
        value = ""
    if value:
        is_code = isinstance(value, Number) and whole[:1] == "0" and whole.lstrip("0") == value
        return STRUCK_OUT if is_struck else whole if is_code else value
    if not whole:
        whole = cell.get(f"{_OFFICE}string-value", "")
        seen = "" if is_struck else whole
    if not whole and kind is None and cell.get(f"{_TABLE}formula"):
        return NOT_COMPUTED
    return STRUCK_OUT if whole.strip() and not seen.strip() else "" if seen in ERRORS else seen


def _value(cell: Element, kind: str) -> str:
    """The typed value of a cell as text; "" if the file keeps none."""
    match kind:
        case "float" | "percentage" | "currency":
            number = cell.get(f"{_OFFICE}value", "")
            return as_text(float(number)) if number else ""
        case "date":
            written = cell.get(f"{_OFFICE}date-value", "")
            return as_text(datetime.fromisoformat(written).replace(tzinfo=None)) if written else ""
        case "time":
            found = _DURATION.fullmatch(cell.get(f"{_OFFICE}time-value", ""))
            return ":".join(f"{int(part or 0):02}" for part in found.groups()) if found else ""
        case "boolean":
            return cell.get(f"{_OFFICE}boolean-value", "")
        case _:
            return ""


def _paragraphs(cell: Element, styles: Styles, is_struck: bool) -> tuple[str, str]:
    """The text of a cell, a line for each paragraph, and what of it is not struck out."""
    if len(cell) == 1 and cell[0].tag in _PARAGRAPHS and not (len(cell[0]) or cell[0].attrib):  # most cells
        text = _WHITE.sub(" ", cell[0].text or "")
        return text, "" if is_struck else text
    whole: list[str] = []
    seen: list[str] = []
    for paragraph in _own_paragraphs(cell):
        struck = styles.is_struck("paragraph", paragraph.get(f"{_TEXT}style-name"), is_struck)
        runs = list(_runs(paragraph, styles, struck))
        whole.append("".join(text for text, _ in runs))
        seen.append("".join(text for text, out in runs if not out))
    return "\n".join(whole), "\n".join(seen).strip("\n") if any(seen) else ""


def _own_paragraphs(element: Element) -> Iterator[Element]:
    """Paragraphs, also those in lists; not those of notes and shapes."""
    for part in element:
        if part.tag in _PARAGRAPHS:
            yield part
        elif part.tag.startswith(f"{_TEXT}list"):
            yield from _own_paragraphs(part)


def _runs(element: Element, styles: Styles, is_struck: bool) -> Iterator[tuple[str, bool]]:
    """The pieces of text in an element, and whether each is struck out."""
    if element.text:
        yield _WHITE.sub(" ", element.text), is_struck
    for part in element:
        if part.tag == f"{_TEXT}s":
            yield " " * min(int(part.get(f"{_TEXT}c", "1")), limits.SPANNED_CELLS), is_struck
        elif part.tag in _SIGNS:
            yield _SIGNS[part.tag], is_struck
        elif part.tag not in _NO_TEXT and part.tag.startswith(_TEXT):
            yield from _runs(part, styles, styles.is_struck("text", part.get(f"{_TEXT}style-name"), is_struck))
        if part.tail:
            yield _WHITE.sub(" ", part.tail), is_struck
