"""Survey exports: what LimeSurvey writes as CSV and as VV file.

Known (LimeSurvey's CsvWriter and its VV export): the CSV has one header row, of codes, of texts, or of both
("Q1. Text"), in UTF-8 with a mark, quoted throughout; the VV file is separated by tabs, its first row holds the texts,
its second the codes, and marks in braces stand for what its cells cannot hold. Assumed: codes above texts.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

from sources.platform import LayoutChanged, RawDocument
from sources.readers.cells import Line
from sources.readers.delimited import cells_of_csv, table_text
from sources.readers.headings import check_columns
from sources.readers.table import Table
from sources.rows.read import Row
from sources.rows.text import collapse

# The order counts: a brace is put back last. A question that was not shown has no answer.
MARKS = {
    "{question_not_shown}": "", "{cr}{newline}": "\n", "{cr}": "\n", "{newline}": "\n", "{tab}": " ", "{quote}": '"',
    "{lbrace}": "{",
}  # fmt: skip


def read_answers(document: RawDocument, questions: Mapping[str, str]) -> Iterator[Row]:
    """The answers under their question codes.

    questions: every code that we know and how its text begins. A code with another text is another question, even if
    the code is the same: raises LayoutChanged.
    """
    text, delimiters = table_text(document)
    heads = {delimiter: list(islice(_filled(text, delimiter, 0), 2)) for delimiter in delimiters}
    best = max(heads, key=lambda delimiter: _known(heads[delimiter][0][1], questions))
    header, rows = _header(document.name, [cells for _, cells in heads[best]], questions)
    strange = check_columns(document.name, header, questions)
    lines = islice(_filled(text, best, len(header)), rows, None)
    is_vv = best == "\t"
    return Table(document.name, [], header, map(_unmarked, lines) if is_vv else lines, strange).rows()


def _filled(text: str, delimiter: str, width: int) -> Iterator[Line]:
    return (line for line in cells_of_csv(text, delimiter, width) if line[1])


def _header(place: str, lines: Sequence[Sequence[str]], questions: Mapping[str, str]) -> tuple[list[str], int]:
    """The codes of the columns, and how many rows say so."""
    codes = [_code(cell, questions) for cell in lines[0]]
    while codes and not codes[-1]:
        codes.pop()
    if len(lines) < 2 or _known(lines[1], questions) * 2 <= len(codes):
        return codes, 1
    for first, second in zip(codes, lines[1], strict=False):
        if first in questions and _code(second, questions) != first:
            raise LayoutChanged(f"{place}: question {first} reads '{second[:60]}', expected '{questions[first]}'")
    return codes, 2


def _known(cells: Sequence[str], questions: Mapping[str, str]) -> int:
    return sum(_code(cell, questions) in questions for cell in cells)


def _code(cell: str, questions: Mapping[str, str]) -> str:
    """The code of the question that a heading names by its code, its text or both; the heading itself if none."""
    name = collapse(cell)
    if name in questions:
        return name
    code, _, text = name.partition(". ")
    if code in questions:
        return code if text.startswith(questions[code]) else name
    meant = [code for code, begin in questions.items() if begin and name.startswith(begin)]
    return max(meant, key=lambda code: len(questions[code]), default=name)


def _unmarked(line: Line) -> Line:
    number, cells = line
    for mark, sign in MARKS.items():
        cells = [cell.replace(mark, sign) for cell in cells]
    return number, cells
