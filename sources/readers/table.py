"""A table found in a document, line by line: what is a row of it, and what only surrounds it.

Notes, rules, units, a heading that comes again in whatever order, totals and numbers of pages are no rows.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from sources.platform import RowError
from sources.readers.cells import ERRORS, NOT_COMPUTED, STRUCK_OUT, Line, Spanned
from sources.readers.delimited import BROKEN
from sources.readers.headings import BLANKS, key_of, names_most, order_of, ordered
from sources.rows.read import Row
from sources.rows.text import ABSENT

LEFTOVERS = frozenset("#\\='\0")  # begin what a spreadsheet leaves in a cell
NARROW = "\0narrow"  # stands for "####" until its line is read
FAULTS = {
    NARROW: "a column too narrow to show its number (####)",
    NOT_COMPUTED: "a formula without its value; please open and save the workbook once",
}
_LONE = re.compile("[\udc80-\udcff]")  # half a letter: stands for a byte that is none
_RULE = re.compile(r"[-=_+*|.\s]{3,}")
_SUM_ALONE = (
    r"(?:(?:gesamt|zwischen|end|teil)?(?:summe|ergebnis)|(?:ins)?gesamt(?:zahl|menge)?|(?:sous-|sub|grand )?total"
    r"|somme)"
)
_SUM = rf"(?:{_SUM_ALONE}|anzahl|nombre|\*+)"
_TOTAL = re.compile(
    rf"(?=[adegimnstz*∑Σ])(?:{_SUM}(?:\s+(?:{_SUM}|général))?(?:\s*:?\s*\(?\d[\d.,' ]*\)?|\s*\([^()]*\)|\s*:)?"
    r"|(?:zwischensumme|teilsumme|sous-total|subtotal)\s.*|[∑Σ]|mittelwert|durchschnitt|moyenne|average|median)",
    re.IGNORECASE,
)
_TOTAL_BEHIND = re.compile(rf"{_SUM_ALONE}(?:\s+(?:{_SUM_ALONE}|général))?\s*:?", re.I)  # "***" there may be a value
_FIGURE = re.compile(r"[\s\d.,'%€+-]*\d[\s\d.,'%€+-]*(?:[^\W\d_]{1,10}\.?)?")
# What printing and exporting add in a line of its own: numbers of pages, the end, a count, notes to a sign.
_ADDED = re.compile(
    r"(?:seite|page)\s+\d+(?:\s*(?:von|/|sur|of)\s*\d+)?|[-*=\s]*(?:ende|fin|end)(?:\s+(?:der|de la|de|of)(?: the)?"
    r"\s+(?:liste?|tabelle|table|bericht|report))?[-*=\s]*|n\s*=\s*\d+|[*¹²³†‡]+\s?[^\W\d_].*"
    r"|\d+\s+(?:einträge|zeilen|datensätze|entrées|lignes|enregistrements|rows|records|entries)\.?",
    re.IGNORECASE,
)
_GUARDED = re.compile(r'="(.*)"|=(\d+)|\'(\+?\d.*)', re.DOTALL)  # ="01067" and '01067: a spreadsheet's marks for "text"
# What stands below a heading and says in what its column counts.
_UNIT = re.compile(
    r"[\[(].{1,20}[\])]|(?:mm|cm|m|km|m²|m³|g|kg|t|ml|l|h|%|€|eur|[tk]€|(?:mio|tsd)\.? ?€|stk?\.?|stück|pcs|pieces"
    r"|pièces|anzahl|nombre|number|datum|date|text|tage|jours"
    r"|tt\.mm\.jjjj|jj/mm/aaaa|ja/nein|oui/non)(?:\s?/\s?\w{1,8}\.?)?",
    re.IGNORECASE,
)
# What begins a line that people add below a table.
_NOTE = re.compile(
    r"(?:hinweise?|anmerkung(?:en)?|quellen?|stand|legende|erläuterung(?:en)?|kontakt|ansprechpartner(?:in)?|notes?|sources?"
    r"|remarques?|légende|contact|updated|mise à jour)\s*:",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"\S+(?:\s+\S+){7,}[.!?]", re.DOTALL)


@dataclass(frozen=True)
class Table:
    """A table found in a document. Lines come as they stand; `rows` gives them under the columns' names."""

    place: str  # for people, e.g. "export.xlsx: sheet 2"
    above: Sequence[Sequence[str]]  # the lines above the header
    header: Sequence[str]  # a name for each column, "" for columns without
    lines: Iterable[Line]
    strange: Sequence[Row] = ()  # one for each column that we do not know

    def rows(self) -> Iterator[Row]:
        """One row a line that is part of the table, then `strange`; one with more cells than columns has a problem."""
        yield from self._rows_of_lines()
        yield from self.strange

    def _rows_of_lines(self) -> Iterator[Row]:
        held: list[tuple[Row, bool]] = []  # lines that wait for the next, and whether they are notes if there is none
        is_below, is_first = False, True
        for number, cells, filled in self._in_order():
            if filled is None:
                yield from (row for row, is_note in held[:-1] if not is_note)  # the last may be the title of a part
                held, is_below, is_first = [], False, True
                continue
            if filled and not (initial_cell := filled[0].strip(BLANKS)):
                filled = [cell for cell in filled if cell.strip(BLANKS)]
                initial_cell = filled[0].strip(BLANKS) if filled else ""
            if not filled or _says_nothing(filled):
                is_below = is_below or not filled
                continue
            if is_first and _explains(cells, filled):
                is_first = False
                continue
            is_first = False
            if len(filled) == 1 < len(self.header) and (
                isinstance(filled[0], Spanned) or _ADDED.fullmatch(initial_cell)
            ):
                continue  # the title of a part, the number of a page
            if _is_total(filled):
                is_below = True
                continue
            row = self._row(number, cells)
            is_note = _is_aside(filled, is_below)
            if row.problem is None and len(self.header) > 1 and (is_note or len(filled) == 1):
                held.append((row, is_note))
                continue
            yield from (row for row, _ in held)
            held, is_below = [], False
            yield row
        yield from (row for row, is_note in held if not is_note)

    def _in_order(self) -> Iterator[tuple[int, Sequence[str], list[str] | None]]:
        """Every line: its number, its cells in the order of the header, and those that are filled.

        None instead of the last: a header again. It may name the columns in another order, for the lines below it.
        Lines in which nothing stands under a name have no cell filled.
        """
        keys = {key_of(name) for name in self.header if name}
        begins = {text[:2] for name in self.header if name for text in (key_of(name), name.casefold())}
        first = next((place for place, name in enumerate(self.header) if name), 0)
        order: list[int | None] = []
        for number, cells in self.lines:
            filled = list(filter(str.strip, cells))
            alike = [cell for cell in filled[:3] if cell.lstrip()[:2].casefold() in begins]  # costs less than keys
            if len(alike) * 2 > min(len(filled), 3) and names_most(filled, keys):
                order = order_of(cells, self.header)
                yield number, cells, None
                continue
            if order and filled and not cells[0].startswith(BROKEN):
                cells = ordered(cells, order)
                filled = list(filter(str.strip, cells))
            if not cells[first : first + 1] or not cells[first].strip():  # spares nearly all lines the walk
                filled = filled if self._says(cells) else []
            yield number, cells, filled

    def _says(self, cells: Sequence[str]) -> bool:
        """Whether a line says something under a name, or what is wrong with it."""
        named = (cell for name, cell in zip(self.header, cells, strict=False) if name)
        return any(map(str.strip, named)) or (cells[:1] != [] and cells[0].startswith(BROKEN))

    def _row(self, number: int, cells: Sequence[str]) -> Row:
        values = [_value(cell) if cell[:1] in LEFTOVERS else cell for cell in cells]
        said, missing = "".join(values), len(self.header) - len(values)
        fields = dict(zip(self.header, values + [""] * missing if missing > 0 else values, strict=False))
        fields.pop("", None)
        row = Row(f"{self.place}: line {number}", fields)
        if missing >= 0 and said.isascii() and "\0" not in said and said.strip():
            return row  # nearly all
        return self._doubtful(row, cells, values)

    def _doubtful(self, row: Row, cells: Sequence[str], values: Sequence[str]) -> Row:
        """The row of a line with signs beyond ASCII, with marks of ours or with too many cells."""
        first = next(filter(None, self.header), "")
        if cells[0].startswith(BROKEN):
            reason = cells[0].removeprefix(BROKEN)
            return row._replace(fields={}, problem=RowError(first, "readable", reason))
        if STRUCK_OUT in cells and all(cell == STRUCK_OUT or not cell.strip() for cell in cells):
            return row._replace(fields={}, problem=RowError(first, "struck_out", "the whole line is struck out"))
        if surplus := sum(1 for value in values[len(self.header) :] if value.strip()):
            row = row._replace(problem=RowError(first, "cells", f"{surplus} cells too many"))
        for fault in FAULTS.keys() & values:
            fields = {name: "" if value == fault else value for name, value in row.fields.items()}
            row = row._replace(fields=fields, problem=row.problem or RowError(first, "readable", FAULTS[fault]))
        if row.problem is None and any(map(_LONE.search, values)):
            fields = {name: value.encode("utf-8", "replace").decode() for name, value in row.fields.items()}
            reason = "bytes that are no letter in any encoding that we know"
            row = row._replace(fields=fields, problem=RowError(first, "encoding", reason))
        return row


def _says_nothing(filled: Sequence[str]) -> bool:
    """Whether a line is a rule, or says "nothing" in every cell."""
    if filled[0].strip()[0] not in "-=_+*|.–—n/?kN":
        return False
    return all(map(_RULE.fullmatch, filled)) or (
        len(filled) > 2 and all(cell.strip().casefold() in ABSENT for cell in filled)
    )


def _is_total(filled: Sequence[str]) -> bool:
    """Whether a line says once that it is a total, and otherwise numbers alone."""
    is_said = False
    for index, cell in enumerate(filled):
        if _FIGURE.fullmatch(cell) or cell == NOT_COMPUTED:
            continue
        pattern = _TOTAL_BEHIND if index else _TOTAL
        if is_said or not pattern.fullmatch(cell.strip(BLANKS)):
            return False  # nearly all, at their first word
        is_said = True
    return is_said


def _explains(cells: Sequence[str], filled: Sequence[str]) -> bool:
    """Whether the line below a header says the units of its columns, or counts them."""
    if [cell.strip() for cell in filled] == [str(number) for number in range(1, len(filled) + 1)] and len(filled) > 2:
        return True
    return not cells[0].strip() and len(filled) > 1 and all(_UNIT.fullmatch(cell.strip()) for cell in filled)


def _is_aside(filled: Sequence[str], is_below: bool) -> bool:
    """Whether a line may be a note, if no row follows: alone in its line below a blank one, or a whole sentence."""
    if len(filled) == 1:
        return is_below or _SENTENCE.fullmatch(filled[0].strip()) is not None
    return is_below and _NOTE.match(filled[0].strip()) is not None


def _value(cell: str) -> str:
    """A cell that begins with one of `LEFTOVERS` without what spreadsheets leave on it."""
    if cell == STRUCK_OUT or cell.strip() in ERRORS:
        return ""
    if cell[:3] == "###" and not cell.strip("# "):
        return NARROW
    if guarded := _GUARDED.fullmatch(cell):
        return guarded[1] or guarded[2] or guarded[3] or ""
    return cell
