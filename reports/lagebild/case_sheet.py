"""The workbook "Vorgänge": what runs, with drop-down lists for what came of it, to be filled in and sent back."""

from collections.abc import Iterator, Mapping
from functools import cache
from io import BytesIO

import xlsxwriter

from reports.lagebild.calls import by_harm
from reports.lagebild.issue import Desk, Issue
from reports.lagebild.words import due_day, title
from reports.language import LANGUAGES, N_, Language
from reports.wording import ANSWER_ROLES, ANSWERS, CLOSING_REASONS, word

# Column -> heading and width; `pipelines.answers.sheets` reads them back by their place.
COLUMNS = {
    "opportunity_id": (N_("Nr."), 16),
    "title": (N_("Vorgang"), 50),
    "due": (N_("Bis"), 16),
    "standing": (N_("Bisher"), 20),
    "state": (N_("Antwort"), 20),
    "reason": (N_("Grund, wenn abgelehnt oder geschlossen"), 30),
    "role": (N_("Wer antwortet"), 20),
    "note": (N_("Anmerkung (keine Namen von Personen)"), 60),
}
MARK = "cases"  # in a hidden sheet by which the workbook is known again
_REASONS = ("no_supply", "no_contact_provider", "no_contact_seeker", "no_need", "prefers_other", "test")
# Columns with a drop-down list -> its words by code.
CHOICES: Mapping[str, Mapping[str, str]] = {
    "state": ANSWERS,
    "reason": {code: CLOSING_REASONS[code] for code in _REASONS},
    "role": ANSWER_ROLES,
}


def as_case_sheet(issue: Issue, language: str = "de") -> bytes:
    """One row per running opportunity, as XLSX, the calls of page 1 first; every text stays text."""
    desk, reader = issue.desk, Language(language)
    content = BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as workbook:
        # A fixed time of making: the same week is the same file.
        workbook.set_properties(
            {"title": reader.gettext("Vorgänge"), "created": issue.week.ends_at.replace(tzinfo=None)}
        )
        head = workbook.add_format({"bold": True, "text_wrap": True})
        sheet = workbook.add_worksheet(reader.gettext("Vorgänge"))
        sheet.freeze_panes(1, 1)
        for column, (heading, width) in enumerate(COLUMNS.values()):
            sheet.set_column(column, column, width)
            sheet.write_string(0, column, reader.gettext(heading), head)
        count = 0
        for count, cells in enumerate(_rows(desk, reader), start=1):
            for column, text in enumerate(cells):
                sheet.write_string(count, column, text)
        for column, name in enumerate(COLUMNS):
            if count and name in CHOICES:
                words = [reader.gettext(text) for text in CHOICES[name].values()]
                sheet.data_validation(1, column, count, column, {"validate": "list", "source": words})
        mark = workbook.add_worksheet("verbundradar")
        mark.write_string(0, 0, MARK)
        mark.hide()
    return content.getvalue()


def _rows(desk: Desk, language: Language) -> Iterator[tuple[str, ...]]:
    first = by_harm(desk)
    numbers = {row["opportunity_id"] for row in first}
    for row in (*first, *(row for row in desk.running if row["opportunity_id"] not in numbers)):
        case = desk.case.get(row["opportunity_id"])
        standing = word(ANSWERS, case["answer"], language) if case and case["answer"] else ""
        due = due_day(desk, row, language)
        yield row["opportunity_id"], title(desk, row, language), due, standing


@cache
def _codes(column: str) -> Mapping[str, str]:
    return {
        Language(code).gettext(text).casefold(): answer
        for code in LANGUAGES
        for answer, text in CHOICES[column].items()
    }


def code_of(column: str, text: str) -> str:
    """The code of a word of a drop-down list in any language; a word that is on none stays as it is."""
    return _codes(column).get(text.casefold(), text)
