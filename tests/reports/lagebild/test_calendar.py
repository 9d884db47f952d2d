"""Deadlines as iCalendar."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from icalendar import Calendar

from reports.lagebild import Issue
from reports.lagebild.calendar import as_calendar
from reports.lagebild.remit import Remit
from reports.language import LANGUAGES
from tests.reports.builders import listing_rows

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


@pytest.mark.parametrize(
    ("deadline", "events"),
    [("2020-04-26", 0), ("2020-04-27", 1), ("2020-06-07", 1), ("2020-06-08", 0), (None, 0)],
)
def test_only_the_next_six_weeks_are_told(issue_of: MakeIssue, deadline: str | None, events: int) -> None:
    """From the Monday on which the issue appears; what lies further is no appointment yet."""
    issue = issue_of()
    dated = replace(issue, consortia=issue.consortia.assign(deadline_on=deadline).iloc[:1])
    assert unfolded(as_calendar(dated)).count("BEGIN:VEVENT") == events


def test_an_event_says_whom_to_ask_by_which_way_and_where_it_is_read(issue_of: MakeIssue) -> None:
    address = "https://lage.example/archiv/"
    listings = [row | {"url": f"https://{row['platform']}.example/{row['source_id']}"} for row in listing_rows()]
    issue = replace(issue_of(listings=listings), remit=Remit(address=address))
    (event,) = Calendar.from_ical(as_calendar(issue)).walk("VEVENT")
    told = str(event["description"])
    assert "Gesuch: Klinikum Beispielstadt – " in told
    assert "über die Plattform – https://boerse.example/g1" in told
    assert "https://drehscheibe.example/a2" in told
    assert str(event["url"]) == f"{address}2020-W17/cases.de.html#K-2020-17-01"


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
