"""Deadlines of the issue as iCalendar (RFC 5545): one all-day event per opportunity that has one.

The UID of an event is its opportunity's number, so a calendar updates what it knows; SEQUENCE counts the weeks since
the opportunity was first reported in hundreds and the corrections of the issue in ones, so that what was said later
wins.
"""

from datetime import date, timedelta

from reports.frames import Row
from reports.lagebild.issue import Desk, Issue
from reports.lagebild.words import next_step, title
from reports.language import Language
from sources.week import Week

_MOST_OCTETS = 75  # in a line, the rest is folded (RFC 5545, 3.1)


def as_calendar(issue: Issue, language: str = "de") -> str:
    """All deadlines of running opportunities by number; lines end in CRLF."""
    desk, reader = issue.desk, Language(language)
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Verbundradar//Lagebild//DE",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
    ]
    for row in sorted(desk.running, key=lambda row: str(row["opportunity_id"])):
        if row["consortium"]["deadline_on"]:
            lines += _event(desk, row, reader)
    lines.append("END:VCALENDAR")
    return "".join(_folded(line) + "\r\n" for line in lines)


def _event(desk: Desk, row: Row, language: Language) -> list[str]:
    day = date.fromisoformat(row["consortium"]["deadline_on"])
    told_at = desk.issue.week.ends_at
    weeks = (desk.issue.week.monday - Week.parse(row["first_reported_in"]).monday).days // 7
    return [
        "BEGIN:VEVENT",
        f"UID:{row['opportunity_id']}@verbundradar.example",
        f"DTSTAMP:{told_at:%Y%m%dT%H%M%SZ}",
        f"SEQUENCE:{100 * max(0, weeks) + len(desk.issue.corrections)}",
        f"DTSTART;VALUE=DATE:{day:%Y%m%d}",
        f"DTEND;VALUE=DATE:{day + timedelta(days=1):%Y%m%d}",
        f"SUMMARY:{_text(row['opportunity_id'] + ' ' + title(desk, row, language))}",
        f"DESCRIPTION:{_text(next_step(desk, row, language))}",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
    ]


def _text(value: str) -> str:
    """A value of type TEXT: nothing in it can end the line or start a property."""
    printable = "".join(character if character >= " " and character != "\x7f" else " " for character in value)
    return printable.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")


def _folded(line: str) -> str:
    parts: list[str] = []
    current = ""
    for character in line:
        if len((current + character).encode()) > _MOST_OCTETS - bool(parts):
            parts.append(current)
            current = ""
        current += character
    return "\r\n ".join([*parts, current])
