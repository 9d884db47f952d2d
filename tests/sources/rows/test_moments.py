"""A field's point in time: with or without a zone, a bare day, the end of a day, a placeholder where there is none."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.platform import RowError
from sources.rows.fields import deadline, moment
from sources.week import local_day


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2020-04-20T10:15:00+02:00", "2020-04-20T08:15"),
        ("2020-04-20T10:15:00Z", "2020-04-20T10:15"),
        ("2020-04-20T10:15:00.000+0000", "2020-04-20T10:15"),
        ("2020-04-20T10:15:00", "2020-04-20T08:15"),  # without a zone it is the platform's clock
        ("2020-01-20 10:15:00", "2020-01-20T09:15"),
        ("2020-04-20", "2020-04-19T22:00"),
        ("2020-04-20+02:00", "2020-04-19T22:00"),
        ("2020-04-20+0200", "2020-04-19T22:00"),
        ("2020-04-20Z", "2020-04-19T22:00"),
        ("2020-04-20-05:00", "2020-04-19T22:00"),
        ("Mon, 20 Apr 2020 10:15:00 +0200", "2020-04-20T08:15"),
        ("Mon, 20 Apr 2020 10:15:00 GMT", "2020-04-20T10:15"),
        ("20 Apr 2020 10:15:00 -0000", "2020-04-20T10:15"),
        ("20 Apr 2020 10:15", "2020-04-20T08:15"),
    ],
)
def test_a_time_is_of_its_zone_or_of_the_platform(text: str, expected: str) -> None:
    assert moment({"at": text}, "at") == datetime.fromisoformat(expected).replace(tzinfo=UTC)


def test_a_platform_may_keep_its_clock_in_utc() -> None:
    assert moment({"at": "2020-04-20T23:30:00"}, "at", UTC) == datetime(2020, 4, 20, 23, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "", "1970-01-01T00:00:00Z", "1970-01-01T01:00:00+01:00", "1970-01-01 01:00:00", "1980-01-01",
        "1980-01-01 00:00:00",
        "0001-01-01T00:00:00", "0001-01-01T00:00:00Z", "0000-00-00 00:00:00", "0000-00-00", "-0001-11-30T00:00:00",
        "-0001-11-30T00:00:00+00:00", "Wed, 30 Nov -0001 00:00:00 +0000", "Thu, 01 Jan 1970 00:00:00 +0000",
        "1900-01-00", "1900-01-00 00:00:00", "1899-12-30", "1899-12-30T00:00:00", "1601-01-01T00:00:00Z",
        "9999-12-31T23:59:59Z", "9999-12-31", "01.01.1970 00:00", "00.00.0000", "0/0/0000", "1/0/1900", "N/A", "null",
        "1753-01-01T00:00:00", "1904-01-01",
    ],
)  # fmt: skip
def test_a_placeholder_is_no_time(text: str) -> None:
    assert moment({"at": text}, "at") is None
    assert deadline({"at": text}, "at") is None


@pytest.mark.parametrize("text", ["morgen", "2020-13-01", "2020-04-31T10:00:00", "20.04.2020 25:00"])
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(RowError):
        moment({"at": text}, "at")


@pytest.mark.parametrize(
    "text",
    ["2020-05-08", "2020-05-08T23:59:59Z", "2020-05-08T23:59:59+02:00", "2020-05-08T23:59:59", "2020-05-08+02:00",
     "2020-05-08T00:00:00Z", "2020-05-08T12:00:00Z", "2020-05-08T23:59:59.999Z"],
)  # fmt: skip
def test_until_the_eighth_is_until_the_eighth(text: str) -> None:
    until = deadline({"at": text}, "at")
    assert until is not None
    assert local_day(until) == date(2020, 5, 8)


@given(st.dates(date(1995, 1, 1), date(2099, 1, 1)), st.integers(-11, 12))
def test_a_bare_day_is_that_day_whatever_its_offset(day: date, hours: int) -> None:
    offset = f"{'-' if hours < 0 else '+'}{abs(hours):02d}:00"
    for text in (day.isoformat(), day.isoformat() + offset):
        found = moment({"at": text}, "at")
        assert found is not None
        assert local_day(found) == day
        assert local_day(found - timedelta(seconds=1)) == day - timedelta(days=1)
