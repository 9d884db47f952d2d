"""Tables as offices export them: CSV in whatever encoding and with whatever delimiter, workbooks, one or two headers.

Where the table stands is found by the columns that we know: below a title, beside blank columns, on whatever sheet.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain, count, islice

from sources.platform import RawDocument, UnknownFormat
from sources.readers.cells import Line
from sources.readers.delimited import (
    BROKEN,
    HEAD_CHARACTERS,
    LINES_ABOVE,
    Form,
    cells_of_csv,
    forms,
    table_text,
)
from sources.readers.headings import (
    check_columns,
    earlier_header,
    header_of,
    in_two_lines,
    key_of,
    most_named,
    names_most,
    without_blank_columns,
)
from sources.readers.sheets import (
    is_page,
    is_workbook,
    names_of,
    read_workbook,
)
from sources.readers.table import Table
from sources.rows.read import Row
from sources.rows.text import collapse


def read_csv(document: RawDocument, columns: Iterable[str], header_rows: int = 1) -> Iterator[Row]:
    """The rows of a CSV file under their column names; what surrounds the table is skipped.

    columns: every column that we know, read or ignored; blanks, capitals and accents do not count. With two header
    rows the first (machine) row names the columns. A workbook or a page with a table under the name of a CSV file is
    read as what it is. Raises LayoutChanged if a column is missing. A column that is new and not blank is a refused
    row: what we do not know we do not skip silently. A row with more cells than columns carries a problem.
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
    _, index = most_named(head, columns)
    header = header_of(head[index][1] if head else [], columns)
    below = islice(cells_of_csv(text, delimiter, len(header), quote), index + 1, None)
    header = without_blank_columns(header, columns, below)
    strange = check_columns(document.name, filter(None, header), columns)
    lines = cells_of_csv(text, delimiter, len(header), quote)
    above = [cells for _, cells in islice(lines, index + 1)][:index]
    return Table(document.name, above, header, lines, strange)


def _form(document: RawDocument, columns: Sequence[str]) -> tuple[str, Form]:
    """The delimiter and the form of a text in which most of the columns are found, the likeliest first."""
    text, delimiters = table_text(document)
    best, most = (delimiters[0], (text, '"')), 0
    for delimiter in delimiters:
        for form in forms(text, delimiter):
            count, _ = most_named(_head(form[0], delimiter, form[1]), columns)
            if count > most:
                best, most = (delimiter, form), count
            if most == len(columns):
                return best
    return best


def _head(text: str, delimiter: str, quote: str) -> list[Line]:
    return list(islice(cells_of_csv(text[:HEAD_CHARACTERS], delimiter, 0, quote), LINES_ABOVE))


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
        header = without_blank_columns(header, columns, lines[below:])
        if join is None and (earlier := earlier_header(lines[: index + 1], columns)) is not None:
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
        strange = check_columns(place, filter(None, header), columns)
        tables.append(Table(place, [cells for _, cells in lines[:index]], header, lines[begin:], strange))
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
    if sum(alone) < 2 or any(names_most(filled, keys) for filled in beyond):
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
    if most_named(_head(text, delimiter, quote), columns)[0] * 2 < len(columns):
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
        count, index = most_named(lines[:LINES_ABOVE], columns)
        if count < len(columns) and (found := in_two_lines(lines[:LINES_ABOVE], columns)):
            return found
        return index, header_of(lines[index][1] if lines else [], columns)
    headers = [header_of(join(lines, index), columns) for index in range(min(len(lines), LINES_ABOVE) - 1)]
    known = {collapse(name) for name in columns}
    best = max(range(len(headers)), key=lambda index: len(known & set(headers[index])), default=0)
    return best, headers[best] if headers else []
