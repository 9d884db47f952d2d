"""Calendars: recurring events become their occurrences, as a calendar program shows them."""

from datetime import UTC, datetime

import pytest

from sources import limits
from sources.platform import RawDocument, UnknownFormat
from sources.readers.calendar import read_events
from sources.rows.read import Row

READ_AT = datetime(2020, 4, 20, tzinfo=UTC)
NO_RULE = "the rule is none such as FREQ=WEEKLY;BYDAY=MO"
EVENT = """BEGIN:VEVENT
UID:series
DTSTAMP:20200301T080000Z
SUMMARY:Working group
{lines}
END:VEVENT"""


def rows(*events: str) -> list[Row]:
    body = "\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//x//EN", *events, "END:VCALENDAR", ""])
    return read_events(RawDocument("events.ics", body.replace("\n", "\r\n").encode(), "", READ_AT))


def series(*lines: str) -> list[Row]:
    return rows(EVENT.format(lines="\n".join(lines)))


def starts(found: list[Row]) -> list[str]:
    return [row.fields["start"] for row in found]


def test_a_single_event_is_itself() -> None:
    [row] = series("DTSTART:20200423T080000Z", "DTEND:20200423T150000Z")
    assert (row.fields["uid"], row.fields["start"], row.fields["end"]) == (
        "series",
        "2020-04-23T08:00:00+00:00",
        "2020-04-23T15:00:00+00:00",
    )


def test_a_series_keeps_its_hour_through_summer_time_and_leaves_out_exceptions() -> None:
    found = series(
        "DTSTART;TZID=Europe/Berlin:20200317T090000",
        "DTEND;TZID=Europe/Berlin:20200317T103000",
        "RRULE:FREQ=WEEKLY;COUNT=4",
        "EXDATE;TZID=Europe/Berlin:20200331T090000",
        "RDATE;TZID=Europe/Berlin:20200402T140000",
    )
    assert starts(found) == [
        "2020-03-17T08:00:00+00:00",
        "2020-03-24T08:00:00+00:00",
        "2020-04-02T12:00:00+00:00",
        "2020-04-07T07:00:00+00:00",
    ]
    assert found[3].fields["end"] == "2020-04-07T08:30:00+00:00"
    assert found[3].fields["uid"] == "series/20200407T0700"


def test_a_changed_occurrence_stands_as_changed() -> None:
    rule = EVENT.format(lines="DTSTART:20200401T080000Z\nRRULE:FREQ=DAILY;UNTIL=20200403T080000Z")
    moved = EVENT.format(lines="RECURRENCE-ID:20200402T080000Z\nDTSTART:20200402T160000Z\nSTATUS:CANCELLED")
    found = {row.fields["uid"]: row.fields for row in rows(rule, moved)}
    assert len(found) == 3
    assert found["series/20200402T0800"]["start"] == "2020-04-02T16:00:00+00:00"
    assert found["series/20200402T0800"]["status"] == "CANCELLED"


def test_a_series_without_end_is_told_for_half_a_year() -> None:
    found = series("DTSTART:20200402T080000Z", "RRULE:FREQ=MONTHLY")
    assert starts(found)[-1] == "2020-10-02T08:00:00+00:00"
    assert len({row.fields["uid"] for row in found}) == len(found) == 7


def test_whole_days_are_days_in_berlin() -> None:
    found = series("DTSTART;VALUE=DATE:20200402", "RRULE:FREQ=DAILY;COUNT=2")
    assert starts(found) == ["2020-04-01T22:00:00+00:00", "2020-04-02T22:00:00+00:00"]


@pytest.mark.parametrize(
    ("rule", "reason"),
    [
        ("FREQ=SECONDLY", "more often than daily"),
        ("FREQ=HOURLY;COUNT=3", "more often than daily"),
        ("FREQ=DAILY;UNTIL=20300101T000000Z", f"more than {limits.OCCURRENCES}"),
        ("FREQ=WEEKLY;INTERVAL=0", ""),
    ],
)
def test_a_rule_that_no_event_has_refuses_the_event(rule: str, reason: str) -> None:
    [row] = series("DTSTART:20190101T080000Z", f"RRULE:{rule}")
    assert row.problem is not None
    assert reason in row.problem.reason
    assert row.source_id == "series"


def test_a_rule_that_never_comes_true_ends() -> None:
    assert starts(series("DTSTART:20200101T080000Z", "RRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30;COUNT=2")) == []


def test_what_is_no_calendar_is_refused() -> None:
    with pytest.raises(UnknownFormat):
        read_events(RawDocument("events.ics", b"<html></html>", "", READ_AT))


@pytest.mark.parametrize(
    ("rule", "days"),
    [
        ("D1 #3", ["2020-06-01", "2020-06-02", "2020-06-03"]),
        ("D2", ["2020-06-01", "2020-06-03"]),
        ("W1 MO WE 20200608T235959", ["2020-06-01", "2020-06-03", "2020-06-08"]),
        ("W2 TU #2", ["2020-06-02", "2020-06-16"]),
        ("MP1 1+ MO #2", ["2020-06-01", "2020-07-06"]),
        ("MP1 1- FR #2", ["2020-06-26", "2020-07-31"]),
        ("MD1 15 LD #3", ["2020-06-15", "2020-06-30", "2020-07-15"]),
        ("YM1 6 #1", ["2020-06-01"]),
    ],
)
def test_rules_of_vcalendar_1_0(rule: str, days: list[str]) -> None:
    found = starts(series("DTSTART:20200601T090000", f"RRULE:{rule}"))
    assert [start[:10] for start in found] == days


@pytest.mark.parametrize(
    ("lines", "field", "reason"),
    [
        (("DTSTART:20200631T090000",), "start", "'20200631T090000' is no time"),
        (("DTSTART;TZID=Mond/Krater:20200601T090000",), "start", "the time zone 'Mond/Krater' is not known"),
        (("DTSTART:20200601T090000", "DTEND:irgendwann"), "end", "'irgendwann' is no time"),
        (("DTSTART:20200601T090000", "DURATION:lang"), "end", "the duration is none such as PT1H30M"),
        (("DTSTART:20200601T090000", "RRULE:FREQ=OFT"), "recurrence", NO_RULE),
        (("DTSTART:20200601T090000", "RRULE:INTERVAL=2"), "recurrence", NO_RULE),
        (
            ("DTSTART:20200601T090000", "RRULE:MP6 1+ TU W2 TH"),
            "recurrence",
            "the rule 'MP6 1+ TU W2 TH' of vCalendar 1.0 is not one that we can read",
        ),
    ],
)
def test_refusals_name_the_field_in_words(lines: tuple[str, ...], field: str, reason: str) -> None:
    [row] = series(*lines)
    assert row.problem is not None
    assert (row.problem.field, row.problem.rule, row.problem.reason) == (field, "format", reason)


@pytest.mark.parametrize(
    ("time", "start"),
    [
        (";TZID=UTC+05:30:20200601T090000", "2020-06-01T03:30:00+00:00"),
        (";TZID=GMT-0330:20200601T090000", "2020-06-01T12:30:00+00:00"),
        (":2020-06-01T09:00:00+05:30", "2020-06-01T03:30:00+00:00"),
        (":2020-06-01T09:00Z", "2020-06-01T09:00:00+00:00"),
        (";TZID=Z:20200601T090000", "2020-06-01T09:00:00+00:00"),
    ],
)
def test_offsets_of_a_part_of_an_hour(time: str, start: str) -> None:
    assert starts(series(f"DTSTART{time}")) == [start]
