"""Workbooks that people filled in and sent back: what came of cases, and verdicts of a blind review.

A hidden sheet says which of the two a workbook is, whatever its name. Words are read in any of the languages.
"""

from collections.abc import Iterable, Iterator
from io import BytesIO
from typing import NamedTuple

from python_calamine import CalamineError, CalamineWorkbook

from pipelines.answers.mails import noted
from reports.lagebild import case_sheet
from reports.review import COLUMNS as REVIEW_COLUMNS
from reports.review import MARK as REVIEW
from reports.review import verdict_of
from sources.week import Week


class Row(NamedTuple):
    """One answered row of "Vorgänge"; a word that is on no list is kept as it stands."""

    number: str
    state: str
    reason: str
    role: str
    note: str


class Verdict(NamedTuple):
    """One judged row of a review."""

    week: str
    request_id: str
    offer_id: str
    verdict: str


class UnreadableSheet(Exception):
    """The workbook cannot be read, or is none of ours."""


def rows(content: bytes) -> list[Row | Verdict]:
    """The rows that somebody filled in, in their order; raises UnreadableSheet."""
    try:
        workbook = CalamineWorkbook.from_filelike(BytesIO(content))
        mark = str(workbook.get_sheet_by_name("verbundradar").to_python()[0][0])
        lines = [[str(cell).strip() for cell in line] for line in workbook.get_sheet_by_index(0).to_python()[1:]]
        if mark == case_sheet.MARK:
            return list(_answers(dict(zip(case_sheet.COLUMNS, line, strict=False)) for line in lines))
        kind, _, week = mark.partition(" ")
        if kind == REVIEW:
            return list(_verdicts((dict(zip(REVIEW_COLUMNS, line, strict=False)) for line in lines), Week.parse(week)))
    except (CalamineError, ValueError, LookupError, OSError) as error:
        raise UnreadableSheet(type(error).__name__) from error
    raise UnreadableSheet("mark")


def _answers(lines: Iterable[dict[str, str]]) -> Iterator[Row]:
    for cells in lines:
        if cells["state"]:
            state, reason, role = (case_sheet.code_of(name, cells[name]) for name in ("state", "reason", "role"))
            yield Row(cells["opportunity_id"], state, reason, role or "lead", noted(cells["note"]))


def _verdicts(lines: Iterable[dict[str, str]], week: Week) -> Iterator[Verdict]:
    for cells in lines:
        if verdict := verdict_of(cells["verdict"]):
            yield Verdict(str(week), cells["request_id"], cells["offer_id"], verdict)
