"""The headings of a table: which line holds them, and which of the columns that we know they name."""

import re
from collections.abc import Iterable, Iterator, Sequence, Set
from functools import lru_cache
from itertools import zip_longest

from sources.platform import LayoutChanged, RowError
from sources.readers.cells import Line
from sources.rows.read import Row
from sources.rows.text import collapse, folded

BLANKS = " \t\r\n\f\v\u00a0\u00ad\u200b\u200c\u200d\u2007\u202f\u2060\ufeff"
NEW_COLUMN = "the column is new: nothing of it is read; ask the source what it says and tell the developers"
_MUST_BE_FILLED = re.compile(r"\((?:pflichtfeld|erforderlich|obligatoire|requis|required|optional|facultatif)\)", re.I)
_BRACKETED = re.compile(r"\s*[\[(][^\[\]()]*[\])]")
_BROKEN_WORD = re.compile(r"(?<=\w)-\s*\n\s*(?=\w)")


@lru_cache(maxsize=4_096)  # the same names are looked for in line after line
def key_of(name: str) -> str:
    """What a heading says whatever its capitals, accents, blanks, marks for "must be filled" and broken words."""
    whole = _MUST_BE_FILLED.sub("", folded(_BROKEN_WORD.sub("", name)))
    key = "".join(sign for sign in whole if sign.isalnum())
    return re.sub("([aou])e", r"\1", key) or whole  # Stueck, Stück and, without accents, Stuck


def named(cells: Iterable[str], keys: Set[str]) -> set[str]:
    """Which of the keys a line names, whatever it adds in brackets."""
    return {key for cell in cells for key in (key_of(cell), key_of(_BRACKETED.sub("", cell))) if key in keys}


def names_most(filled: Sequence[str], keys: Set[str]) -> bool:
    """Whether a line is a header again: it names two thirds of the columns or more."""
    if len(filled) * 3 < len(keys) * 2 or not named(filled[:3], keys):  # spares most lines the walk through all cells
        return False
    return len(named(filled, keys)) * 3 >= len(keys) * 2


def order_of(cells: Sequence[str], header: Sequence[str]) -> list[int | None]:
    """Where a later header has the columns of the first; empty if they stand as they stood."""
    names = header_of(cells, list(filter(None, header)))
    order = [names.index(name) if name in names and name else None for name in header]
    return [] if all(place == index for index, place in enumerate(order) if header[index]) else order


def ordered(cells: Sequence[str], order: Sequence[int | None]) -> list[str]:
    """Cells in an order; what stands in none of its places follows, as cells too many."""
    own = [cells[place] if place is not None and place < len(cells) else "" for place in order]
    return own + [cell for place, cell in enumerate(cells) if place not in order and cell.strip()]


def most_named(lines: Sequence[Line], columns: Iterable[str]) -> tuple[int, int]:
    """How many of the known columns the line names that names most, and which line that is."""
    known = {key_of(name) for name in columns}
    most, best = 0, 0
    for index, (_, cells) in enumerate(lines):
        count = len(named(cells, known))
        if count > most:
            most, best = count, index
        if count == len(known):
            break
    return most, best


def without_blank_columns(header: Sequence[str], columns: Iterable[str], lines: Iterable[Line]) -> list[str]:
    """The header without the names of columns that we do not know and in which nothing stands."""
    known = {collapse(name) for name in columns}
    blank = {index for index, name in enumerate(header) if name and name not in known}
    for _, cells in lines if blank else ():
        blank = {index for index in blank if index >= len(cells) or cells[index].strip(BLANKS) in ("", header[index])}
        if not blank:
            break
    return ["" if index in blank else name for index, name in enumerate(header)]


def earlier_header(lines: Sequence[Line], columns: Sequence[str]) -> int | None:
    """Where a table with most of the columns begins above the last line, which is the header with more of them."""
    keys = {key_of(name) for name in columns}
    headers = [index for index, (_, cells) in enumerate(lines) if names_most(list(filter(str.strip, cells)), keys)]
    return headers[0] if len(headers) > 1 and headers[-1] == len(lines) - 1 else None


def in_two_lines(lines: Sequence[Line], columns: Sequence[str]) -> tuple[int, list[str]] | None:
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


def check_columns(place: str, found: Iterable[str], known: Iterable[str]) -> tuple[Row, ...]:
    """Raise LayoutChanged unless all known columns are there, each once; one refused row for each new column.

    A new column beside all others takes nothing from what they say; whatever it says is not read, and that is told.
    Where none of them is there, the first line is somebody's row and not told: messages go to logs and reports.
    """
    names = [collapse(name) for name in known]
    present = list(found)
    missing = [name for name in names if name not in present]
    has_header = any(name in names for name in present)
    unknown = [name for name in present if name not in names] if has_header else []
    repeated = sorted({name for name in present if has_header and present.count(name) > 1})
    keys = {key_of(name) for name in names}
    repeated += [name for name in unknown if key_of(_BRACKETED.sub("", name)) in keys]  # "Menge (kg)" beside "Menge"
    problems = [
        f"{word} {', '.join(repr(name) for name in list_)}"
        for word, list_ in (("missing", missing), ("unknown", unknown), ("repeated", repeated))
        if list_
    ]
    if present and not has_header:
        problems.append(f"a first line of {len(present)} other cells")
    if missing or repeated or not has_header:
        raise LayoutChanged(f"{place}: columns {'; '.join(problems)}")
    return tuple(
        Row(f"{place}: column '{name}'", {}, problem=RowError(name, "known_column", NEW_COLUMN)) for name in unknown
    )
