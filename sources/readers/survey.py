"""Survey exports: LimeSurvey's CSV with a row of question codes and a row of question texts."""

from collections.abc import Iterator, Mapping
from itertools import islice

from sources.platform import LayoutChanged, RawDocument
from sources.readers.spreadsheet import cells_of_csv, check_columns, rows_of
from sources.rows.read import Row
from sources.rows.text import collapse


def read_answers(document: RawDocument, questions: Mapping[str, str]) -> Iterator[Row]:
    """The answers under their question codes.

    questions: every code that we know and how its text begins. A code with another text is another question, even if
    the code is the same: raises LayoutChanged.
    """
    lines = cells_of_csv(document)
    header = list(islice(lines, 2))
    if len(header) < 2:
        raise LayoutChanged(f"{document.name}: no row of codes and row of texts")
    codes, texts = ([collapse(cell) for cell in cells] for _, cells in header)
    check_columns(document.name, codes, questions)
    for code, text in zip(codes, texts, strict=False):
        if not text.startswith(questions[code]):
            raise LayoutChanged(f"{document.name}: question {code} reads '{text[:60]}', expected '{questions[code]}'")
    return rows_of(codes, lines)
