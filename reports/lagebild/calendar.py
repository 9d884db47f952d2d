"""Deadlines of the next six weeks as iCalendar (RFC 5545): one all-day event per opportunity that has one.

The UID of an event is its opportunity's number, so a calendar updates what it knows; SEQUENCE counts the weeks since
the opportunity was first reported in hundreds and the corrections of the issue in ones, so that what was said later
wins.
"""

import re
from datetime import date, timedelta

from icalendar import Calendar, Event

from reports.frames import Row
from reports.lagebild.calls import parties, plain_line, tender, what_to_do
from reports.lagebild.issue import Desk, Issue
from reports.lagebild.links import cases_page
from reports.lagebild.summary import upcoming
from reports.lagebild.words import title
from reports.language import Language
from sources.week import Week

_CONTROL = re.compile("[\x00-\x1f\x7f]")


def as_calendar(issue: Issue, language: str = "de") -> bytes:
    """The deadlines of the next weeks, see `upcoming`, by number; the same issue gives the same bytes."""
    desk, reader = issue.desk, Language(language)
    calendar = Calendar()
    for name, value in (
        ("version", "2.0"),
        ("prodid", "-//Verbundradar//Lagebild//DE"),
        ("calscale", "GREGORIAN"),
        ("method", "PUBLISH"),
    ):
        calendar.add(name, value)
    for _, row in sorted(upcoming(desk), key=lambda one: str(one[1]["opportunity_id"])):
        calendar.add_component(_event(desk, row, reader))
    written: bytes = calendar.to_ical(sorted=False)
    return written


def _event(desk: Desk, row: Row, language: Language) -> Event:
    day = date.fromisoformat(row["consortium"]["deadline_on"])
    weeks = (desk.issue.week.monday - Week.parse(row["first_reported_in"]).monday).days // 7
    event = Event()
    for name, value in (
        ("uid", f"{row['opportunity_id']}@verbundradar.example"),
        ("dtstamp", desk.issue.week.ends_at),
        ("sequence", 100 * max(0, weeks) + len(desk.issue.corrections)),
        ("dtstart", day),
        ("dtend", day + timedelta(days=1)),
        ("summary", _printable(f"{row['opportunity_id']} {title(desk, row, language)}")),
        ("description", "\n".join(_printable(line) for line in _description(desk, row, language))),
        ("transp", "TRANSPARENT"),
    ):
        event.add(name, value)
    if address := desk.issue.remit.address:
        event.add("url", f"{address}{desk.issue.week}/{cases_page(language)}#{row['opportunity_id']}")
    return event


def _description(desk: Desk, row: Row, language: Language) -> list[str]:
    """What to do, then a line for each party with its route and the address of its listing."""
    return [
        what_to_do(desk, row, language),
        *tender(desk, row, language),
        *(plain_line(desk, party, language) for party in parties(desk, row, language)),
    ]


def _printable(text: str) -> str:
    """Spaces for control characters: icalendar escapes what could end a line, but writes these, which TEXT forbids."""
    return _CONTROL.sub(" ", text)
