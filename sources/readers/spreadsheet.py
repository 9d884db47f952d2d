"""Tables as offices export them: CSV in whatever encoding and with whatever delimiter, workbooks, one or two headers.

Where the table stands is found by the columns that we know: below a title, beside blank columns, on whatever sheet.
What surrounds it is no row: notes, rules, units, a heading that comes again in whatever order, totals, other tables.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, count, islice, zip_longest

from sources.platform import LayoutChanged, RawDocument, RowError, UnknownFormat
from sources.readers.cells import ERRORS, NOT_COMPUTED, STRUCK_OUT, Line, Spanned
from sources.readers.delimited import (
    BROKEN,
    HEAD_CHARACTERS,
    LINES_ABOVE,
    Form,
    cells_of_csv,
    forms,
    table_text,
)
from sources.readers.sheets import (
    is_page,
    is_workbook,
    names_of,
    read_workbook,
)
from sources.rows.read import Row
from sources.rows.text import ABSENT, collapse, folded

LEFTOVERS = frozenset("#\\='\0")  # begin what a spreadsheet leaves in a cell
NARROW = "\0narrow"  # stands for "####" until its line is read
FAULTS = {
    NARROW: "a column too narrow to show its number (####)",
    NOT_COMPUTED: "a formula without its value; please open and save the workbook once",
}
_BLANKS = " \t\r\n\f\v\u00a0\u00ad\u200b\u200c\u200d\u2007\u202f\u2060\ufeff"
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
_MUST_BE_FILLED = re.compile(r"\((?:pflichtfeld|erforderlich|obligatoire|requis|required|optional|facultatif)\)", re.I)
_BRACKETED = re.compile(r"\s*[\[(][^\[\]()]*[\])]")
_BROKEN_WORD = re.compile(r"(?<=\w)-\s*\n\s*(?=\w)")


@dataclass(frozen=True)
class Table:
    """A table found in a document. Lines come as they stand; `rows` gives them under the columns' names."""

    place: str  # for people, e.g. "export.xlsx: sheet 2"
    above: Sequence[Sequence[str]]  # the lines above the header
    header: Sequence[str]  # a name for each column, "" for columns without
    lines: Iterable[Line]

    def rows(self) -> Iterator[Row]:
        """One row a line that is part of the table; a line with more cells than columns carries a problem."""
        held: list[tuple[Row, bool]] = []  # lines that wait for the next, and whether they are notes if there is none
        is_below, is_first = False, True
        for number, cells, filled in self._in_order():
            if filled is None:
                yield from (row for row, is_note in held[:-1] if not is_note)  # the last may be the title of a part
                held, is_below, is_first = [], False, True
                continue
            if filled and not (initial_cell := filled[0].strip(_BLANKS)):
                filled = [cell for cell in filled if cell.strip(_BLANKS)]
                initial_cell = filled[0].strip(_BLANKS) if filled else ""
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
            if len(alike) * 2 > min(len(filled), 3) and _names_most(filled, keys):
                order = _order(cells, self.header)
                yield number, cells, None
                continue
            if order and filled and not cells[0].startswith(BROKEN):
                cells = _ordered(cells, order)
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
        if is_said or not pattern.fullmatch(cell.strip(_BLANKS)):
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


@lru_cache(maxsize=4_096)  # the same names are looked for in line after line
def key_of(name: str) -> str:
    """What a heading says whatever its capitals, accents, blanks, marks for "must be filled" and broken words."""
    whole = _MUST_BE_FILLED.sub("", folded(_BROKEN_WORD.sub("", name)))
    key = "".join(sign for sign in whole if sign.isalnum())
    return re.sub("([aou])e", r"\1", key) or whole  # Stueck, Stück and, without accents, Stuck


def _named(cells: Iterable[str], keys: Set[str]) -> set[str]:
    """Which of the keys a line names, whatever it adds in brackets."""
    return {key for cell in cells for key in (key_of(cell), key_of(_BRACKETED.sub("", cell))) if key in keys}


def _names_most(filled: Sequence[str], keys: Set[str]) -> bool:
    """Whether a line is a header again: it names two thirds of the columns or more."""
    if len(filled) * 3 < len(keys) * 2 or not _named(filled[:3], keys):  # spares most lines the walk through all cells
        return False
    return len(_named(filled, keys)) * 3 >= len(keys) * 2


def _order(cells: Sequence[str], header: Sequence[str]) -> list[int | None]:
    """Where a later header has the columns of the first; empty if they stand as they stood."""
    names = header_of(cells, list(filter(None, header)))
    order = [names.index(name) if name in names and name else None for name in header]
    return [] if all(place == index for index, place in enumerate(order) if header[index]) else order


def _ordered(cells: Sequence[str], order: Sequence[int | None]) -> list[str]:
    """Cells in an order; what stands in none of its places follows, as cells too many."""
    own = [cells[place] if place is not None and place < len(cells) else "" for place in order]
    return own + [cell for place, cell in enumerate(cells) if place not in order and cell.strip()]


def _value(cell: str) -> str:
    """A cell that begins with one of `LEFTOVERS` without what spreadsheets leave on it."""
    if cell == STRUCK_OUT or cell.strip() in ERRORS:
        return ""
    if cell[:3] == "###" and not cell.strip("# "):
        return NARROW
    if guarded := _GUARDED.fullmatch(cell):
        return guarded[1] or guarded[2] or guarded[3] or ""
    return cell


def read_csv(document: RawDocument, columns: Iterable[str], header_rows: int = 1) -> Iterator[Row]:
    """The rows of a CSV file under their column names; what surrounds the table is skipped.

    columns: every column that we know, read or ignored; blanks, capitals and accents do not count. With two header
    rows the first (machine) row names the columns. A workbook or a page with a table under the name of a CSV file is
    read as what it is. Raises LayoutChanged if a column is missing, or new and not blank: what we do not know we do
    not skip silently. A row with more cells than columns carries a problem.
    """
    known = list(columns)
    if is_workbook(document.content) or is_page(document.content):
        tables = find_tables(document, known)
    else:
        tables = [csv_table(document, known)]
    return islice(chain.from_iterable(table.rows() for table in tables), header_rows - 1, None)


def csv_table(document: RawDocument, columns: Sequence[str]) -> Table:
    """The table in a CSV file, with the delimiter that shows most of its columns; raises as `read_csv`."""
    delimiter, (text, quote) = _form(document, columns)
    head = _head(text, delimiter, quote)
    _, index = _known(head, columns)
    header = header_of(head[index][1] if head else [], columns)
    below = islice(cells_of_csv(text, delimiter, len(header), quote), index + 1, None)
    header = _without_blank_columns(header, columns, below)
    check_columns(document.name, filter(None, header), columns)
    lines = cells_of_csv(text, delimiter, len(header), quote)
    above = [cells for _, cells in islice(lines, index + 1)][:index]
    return Table(document.name, above, header, lines)


def _form(document: RawDocument, columns: Sequence[str]) -> tuple[str, Form]:
    """The delimiter and the form of a text in which most of the columns are found, the likeliest first."""
    text, delimiters = table_text(document)
    best, most = (delimiters[0], (text, '"')), 0
    for delimiter in delimiters:
        for form in forms(text, delimiter):
            count, _ = _known(_head(form[0], delimiter, form[1]), columns)
            if count > most:
                best, most = (delimiter, form), count
            if most == len(columns):
                return best
    return best


def _head(text: str, delimiter: str, quote: str) -> list[Line]:
    return list(islice(cells_of_csv(text[:HEAD_CHARACTERS], delimiter, 0, quote), LINES_ABOVE))


def _known(lines: Sequence[Line], columns: Iterable[str]) -> tuple[int, int]:
    """How many of the known columns the line names that names most, and which line that is."""
    known = {key_of(name) for name in columns}
    most, best = 0, 0
    for index, (_, cells) in enumerate(lines):
        named = len(_named(cells, known))
        if named > most:
            most, best = named, index
        if named == len(known):
            break
    return most, best


def _without_blank_columns(header: Sequence[str], columns: Iterable[str], lines: Iterable[Line]) -> list[str]:
    """The header without the names of columns that we do not know and in which nothing stands."""
    known = {collapse(name) for name in columns}
    blank = {index for index, name in enumerate(header) if name and name not in known}
    for _, cells in lines if blank else ():
        blank = {index for index in blank if index >= len(cells) or cells[index].strip(_BLANKS) in ("", header[index])}
        if not blank:
            break
    return ["" if index in blank else name for index, name in enumerate(header)]


def find_tables(
    document: RawDocument, columns: Sequence[str], join: Callable[[Sequence[Line], int], list[str]] | None = None
) -> list[Table]:
    """The tables in a workbook with the columns that we know, on whatever visible sheets; at least one.

    join: makes the header of several lines, from the lines of a sheet and the first of them. A CSV file under a
    workbook's name is read as what it is. Raises UnknownFormat, and LayoutChanged with the sheets' names if none holds
    the columns. A sheet with most of them beside a right one is one refused row.
    """
    if not is_workbook(document.content) and not document.content[:500].lstrip().startswith(b"<"):
        if join is None:
            return [_csv_as_workbook(document, columns)]
        sheets: Mapping[str, list[Line]] = {document.name: _lines_of_csv(document, columns, join)}
    else:
        sheets = read_workbook(document)
    known = {collapse(name) for name in columns}
    found = []
    for name, lines in sheets.items():
        index, header = _header(lines, columns, join)
        lines, header = _without_neighbours(lines, index, header, columns)
        below = index + (2 if join else 1)
        header = _without_blank_columns(header, columns, lines[below:])
        if join is None and (earlier := _earlier_header(lines[: index + 1], columns)) is not None:
            index = below = earlier
        found.append((name, lines, index, below, header))
    complete = [part for part in found if known <= set(part[4])]
    partial = [part for part in found if part not in complete and len(known & set(part[4])) * 2 > len(known)]
    if not complete:
        name, *_, header = max(found, key=lambda part: len(known & set(part[4])), default=("", [], 0, 0, []))
        check_columns(f"{document.name}: sheet '{name}' of {names_of(sheets)}", filter(None, header), columns)
    tables = []
    for name, lines, index, begin, header in complete:
        place = document.name if len(complete) == 1 else f"{document.name}: {name}"
        check_columns(place, filter(None, header), columns)
        tables.append(Table(place, [cells for _, cells in lines[:index]], header, lines[begin:]))
    reason = BROKEN + "most of the columns, but not all"
    return tables + [Table(f"{document.name}: {name}", [], header, [(1, [reason])]) for name, *_, header in partial]


def _without_neighbours(
    lines: list[Line], index: int, header: list[str], columns: Sequence[str]
) -> tuple[list[Line], list[str]]:
    """Lines and header without another table beside ours.

    It stands behind an empty column, goes on in lines where ours says nothing, and names few of our columns. One that
    ends with ours or before stays: its columns may be columns of ours that we do not know.
    """
    known = {collapse(name) for name in columns}
    ours = sorted(header.index(name) for name in known.intersection(header))  # another table may name one too
    below = [cells for _, cells in lines[index:]]
    if not ours or (ours[0] == 0 and max(map(len, below)) <= ours[-1] + 1):
        return lines, header
    left, right = _margins(below, ours[0], ours[-1])
    beyond = [list(filter(str.strip, cells[: max(left, 0)] + cells[right + 1 :])) for cells in below]
    alone = [
        len(filled)
        for cells, filled in zip(below, beyond, strict=True)
        if not any(map(str.strip, cells[left + 1 : right]))
    ]
    keys = {key_of(name) for name in columns}
    if sum(alone) < 2 or any(_names_most(filled, keys) for filled in beyond):
        return lines, header
    blank = [""] * (left + 1)
    return [(number, blank + cells[left + 1 : right]) for number, cells in lines], blank + header[left + 1 : right]


def _margins(lines: Iterable[Sequence[str]], first: int, last: int) -> tuple[int, int]:
    """The nearest columns before the first and behind the last in which nothing stands; -1 if there is none before."""
    used = {
        place
        for cells in lines
        for place in chain(range(min(first, len(cells))), range(last + 1, len(cells)))
        if cells[place].strip()
    }
    left = next((place for place in range(first - 1, -1, -1) if place not in used), -1)
    return left, next(place for place in count(last + 1) if place not in used)


def _csv_as_workbook(document: RawDocument, columns: Sequence[str]) -> Table:
    delimiter, (text, quote) = _form(document, columns)
    if _known(_head(text, delimiter, quote), columns)[0] * 2 < len(columns):
        raise UnknownFormat(f"{document.name}: not an XLSX workbook")
    return csv_table(document, columns)


def _lines_of_csv(
    document: RawDocument, columns: Sequence[str], join: Callable[[Sequence[Line], int], list[str]]
) -> list[Line]:
    """The lines of a text whose header takes several, by the delimiter that shows most of the columns."""
    text, delimiters = table_text(document)
    known = {collapse(name) for name in columns}
    lines = [list(cells_of_csv(text, delimiter, 0)) for delimiter in delimiters]
    return max(lines, key=lambda found: len(known & set(_header(found, columns, join)[1])))


def _header(
    lines: Sequence[Line], columns: Sequence[str], join: Callable[[Sequence[Line], int], list[str]] | None
) -> tuple[int, list[str]]:
    """Where the header of a sheet stands and what it says."""
    if join is None:
        count, index = _known(lines[:LINES_ABOVE], columns)
        if count < len(columns) and (found := _in_two_lines(lines[:LINES_ABOVE], columns)):
            return found
        return index, header_of(lines[index][1] if lines else [], columns)
    headers = [header_of(join(lines, index), columns) for index in range(min(len(lines), LINES_ABOVE) - 1)]
    known = {collapse(name) for name in columns}
    best = max(range(len(headers)), key=lambda index: len(known & set(headers[index])), default=0)
    return best, headers[best] if headers else []


def _earlier_header(lines: Sequence[Line], columns: Sequence[str]) -> int | None:
    """Where a table with most of the columns begins above the last line, which is the header with more of them."""
    keys = {key_of(name) for name in columns}
    headers = [index for index, (_, cells) in enumerate(lines) if _names_most(list(filter(str.strip, cells)), keys)]
    return headers[0] if len(headers) > 1 and headers[-1] == len(lines) - 1 else None


def _in_two_lines(lines: Sequence[Line], columns: Sequence[str]) -> tuple[int, list[str]] | None:
    """A header whose names stand in two lines, those of the lower below titles of groups; None if there is none."""
    known = {collapse(name) for name in columns}
    for index in range(1, len(lines)):
        names = zip_longest(lines[index - 1][1], lines[index][1], fillvalue="")
        header = header_of([lower if lower.strip() else upper for upper, lower in names], columns)
        if known <= set(header):
            return index, header
    return None


def two_header_lines(lines: Sequence[Line], index: int) -> list[str]:
    """The names of columns in two lines, the upper one merged over groups: "group / name"."""
    (_, upper), (_, lower) = lines[index], lines[index + 1]
    names = [collapse(cell) for cell in lower]
    groups = filled_right([*upper, *[""] * (len(names) - len(upper))])
    names += [""] * (len(groups) - len(names))
    return [f"{group} / {name}" if name and name != group else group for group, name in zip(groups, names, strict=True)]


def header_of(names: Sequence[str], columns: Iterable[str]) -> list[str]:
    """A header with the known names as we write them, however they are written there; no blank columns at the end.

    "Menge (in Stück)" is the known column "Menge" if no other heading is or may be.
    """
    exact = {collapse(name) for name in columns}
    keys = [key_of(name) for name in columns]
    known = {key: name for key, name in zip(keys, map(collapse, columns), strict=True) if keys.count(key) == 1}
    header = []
    for name in names:
        written = collapse(name)
        header.append(written if written in exact or not written else known.get(key_of(name), written))
    while header and not header[-1]:
        header.pop()
    bare = [None if name in exact else known.get(key_of(_BRACKETED.sub("", name))) for name in header]
    return [
        short if short and short not in header and bare.count(short) == 1 else name
        for name, short in zip(header, bare, strict=True)
    ]


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
    """Raise LayoutChanged unless exactly the known columns are there, each once.

    Where none of them is there, the first line is somebody's row and not told: messages go to logs and reports.
    """
    names = [collapse(name) for name in known]
    present = list(found)
    missing = [name for name in names if name not in present]
    has_header = any(name in names for name in present)
    unknown = [name for name in present if name not in names] if has_header else []
    repeated = sorted({name for name in present if has_header and present.count(name) > 1})
    problems = [
        f"{word} {', '.join(repr(name) for name in list_)}"
        for word, list_ in (("missing", missing), ("unknown", unknown), ("repeated", repeated))
        if list_
    ]
    if present and not has_header:
        problems.append(f"a first line of {len(present)} other cells")
    if problems:
        raise LayoutChanged(f"{place}: columns {'; '.join(problems)}")
