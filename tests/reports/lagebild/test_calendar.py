"""Deadlines as iCalendar."""

from collections.abc import Callable

import pytest

from reports.lagebild import Issue
from reports.lagebild.calendar import as_calendar
from reports.language import LANGUAGES

MakeIssue = Callable[..., Issue]


def unfolded(calendar: bytes) -> list[str]:
    return calendar.decode().replace("\r\n ", "").split("\r\n")


@pytest.mark.parametrize("language", LANGUAGES)
def test_deadlines_are_events(issue_of: MakeIssue, language: str) -> None:
    lines = unfolded(as_calendar(issue_of(), language))
    assert lines.count("BEGIN:VEVENT") == 1
    assert "UID:K-2020-17-01@verbundradar.example" in lines
    assert "DTSTART;VALUE=DATE:20200429" in lines
    assert "DTEND;VALUE=DATE:20200430" in lines
    assert as_calendar(issue_of(), language) == as_calendar(issue_of(), language)


def test_a_later_issue_wins(issue_of: MakeIssue) -> None:
    older = issue_of(opportunities=[row | {"first_reported_in": "2020-W15"} for row in _running(issue_of)])
    assert "SEQUENCE:200" in unfolded(as_calendar(older))


def _running(issue_of: MakeIssue) -> list[dict[str, object]]:
    frame = issue_of().opportunities
    return list(frame[frame["state"] != "closed"].to_dict("records"))


def test_long_lines_are_folded_between_characters(hostile: Callable[[str], Issue]) -> None:
    calendar = as_calendar(hostile("ü" * 200))
    assert all(len(line) <= 75 for line in calendar.split(b"\r\n"))
    assert "ü" * 200 in "".join(unfolded(calendar))
