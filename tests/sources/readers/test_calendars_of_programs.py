"""Calendars as Outlook, Exchange, Google, Apple, Nextcloud, telephones and site plug-ins write them (`calendars.json`).

Set "first" was written before the reader was changed for it (53 of 84 right at first sight), "second" was run once
afterwards (31 of 33). An event is start, end, title (null: any) and status; "!" is one that is refused alone.
"""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from sources.platform import RawDocument
from sources.readers.calendar import read_events

CASES: list[dict[str, Any]] = json.loads((Path(__file__).parent / "calendars.json").read_text("utf-8"))
READ_AT = datetime(2020, 4, 20, tzinfo=UTC)


def calendar(lines: list[str]) -> RawDocument:
    version = [] if any(line.startswith("VERSION") for line in lines) else ["VERSION:2.0"]
    body = "\r\n".join(["BEGIN:VCALENDAR", *version, "PRODID:-//x//EN", *lines, "END:VCALENDAR", ""])
    return RawDocument("events.ics", body.encode(), "", READ_AT)


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_a_calendar_is_read_as_its_program_shows_it(case: dict[str, Any]) -> None:
    rows = read_events(calendar(case["lines"]))
    expected = sorted((event for event in case["events"] if event != "!"), key=str)
    found = sorted(
        ([row.fields["start"][:16], row.fields["end"][:16], row.fields["summary"], row.fields["status"]]
         for row in rows if not row.problem),
        key=str,
    )  # fmt: skip
    assert [row.problem is not None for row in rows].count(True) == case["events"].count("!")
    assert len(found) == len(expected)
    for event, wanted in zip(found, expected, strict=True):
        assert [None if said is None else read for read, said in zip(event, wanted, strict=True)] == wanted


def test_one_broken_event_takes_none_of_its_neighbours() -> None:
    good = ["BEGIN:VEVENT", "UID:good", "DTSTART:20200506T090000Z", "SUMMARY:Runde", "END:VEVENT"]
    for line in (
        "DTSTART:morgen", "DTSTART;TZID=Mars/Base:20200506T090000", "RRULE:FREQ=SECONDLY", "RRULE:W1 1+ MO MX #2",
        "DURATION:eine Stunde", "EXDATE:gestern", "RECURRENCE-ID:einmal", "DTEND:20209999T000000",
    ):  # fmt: skip
        start = [] if line.startswith("DTSTART") else ["DTSTART:20200506T090000Z"]
        bad = ["BEGIN:VEVENT", "UID:bad", *start, line, "SUMMARY:x", "END:VEVENT"]
        rows = read_events(calendar([*bad, *good]))
        assert [row.fields["uid"] for row in rows if not row.problem] == ["good"], line
        [problem] = [row.problem for row in rows if row.problem]
        assert problem is not None
        assert problem.reason


def test_what_ends_at_midnight_ends_on_the_day_before() -> None:
    lines = "DTSTART;TZID=Europe/Berlin:20200506T180000 DTEND;TZID=Europe/Berlin:20200507T000000 SUMMARY:Abend".split()
    [row] = read_events(calendar(["BEGIN:VEVENT", "UID:e", *lines, "END:VEVENT"]))
    assert row.fields["until"] == "2020-05-06T21:59:59+00:00"
