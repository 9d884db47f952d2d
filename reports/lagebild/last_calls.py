"""What became of the calls of the issue before: each is accounted for, whether or not anybody answered."""

from collections.abc import Iterator
from datetime import date

from markupsafe import Markup

from reports.frames import Row
from reports.lagebild.calls import called
from reports.lagebild.changes import what_changed
from reports.lagebild.issue import Desk
from reports.lagebild.links import titles, with_links
from reports.lagebild.words import near_day, why_closed
from reports.language import Language
from reports.wording import ANSWERS, word


def last_calls(desk: Desk, language: Language) -> list[Markup]:
    """A line for each case that page 1 of the issue before called, in its order; none if it kept no calls."""
    rows = {row["opportunity_id"]: row for row in desk.opportunities}
    again = {row["opportunity_id"] for row in called(desk)}
    known = titles(desk, language)
    return [
        with_links(
            language.labelled(
                f"{number}, {known[number]}",
                language.series(_became(desk, rows[number], language, is_called=number in again)),
            ),
            known,
            language,
        )
        for number in desk.issue.last_calls
        if number in rows
    ]


def _became(desk: Desk, row: Row, language: Language, *, is_called: bool) -> Iterator[str]:
    """How the case stands today, what was answered first."""
    case = desk.case.get(row["opportunity_id"])
    if case and case["answer"]:
        yield language.labelled(language.gettext("Antwort"), word(ANSWERS, case["answer"], language))
    elif row["opportunity_id"] not in desk.muted:
        yield language.gettext("keine Antwort")
    if row["opportunity_id"] in desk.muted:
        yield language.gettext("stummgeschaltet")
    elif row["state"] == "closed":
        yield language.labelled(language.gettext("geschlossen"), why_closed(row, language))
    else:
        yield language.gettext("steht wieder auf Seite 1") if is_called else _goes_on(row, language)
        if passed := _passed_deadline(desk, row, language):
            yield passed
        if row["state"] == "changed":
            yield what_changed(desk, row, language)


def _goes_on(row: Row, language: Language) -> str:
    if any(part["what"] == "request" for part in row["changes"]):
        return language.gettext("läuft mit einem anderen Gesuch derselben Stelle weiter")
    return language.gettext("läuft weiter")


def _passed_deadline(desk: Desk, row: Row, language: Language) -> str:
    """That the deadline which was told with the call is over, and nobody knows what came of it; else empty."""
    moved = next((part for part in row["changes"] if part["what"] == "deadline" and part["old"]), None)
    if moved is None or date.fromisoformat(moved["old"]) > desk.issue.week.sunday:
        return ""
    day = near_day(desk, date.fromisoformat(moved["old"]), language)
    return language.gettext("Frist %(day)s verstrichen, Ausgang nicht bekannt", day=day)
