from datetime import UTC, date, datetime

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.rows.dates import local_midnight
from sources.week import Week, local_day, local_days


@pytest.mark.parametrize(
    ("day", "week"),
    [
        (date(2020, 4, 13), "2020-W16"),
        (date(2020, 4, 19), "2020-W16"),
        (date(2021, 1, 1), "2020-W53"),
        (date(2021, 1, 4), "2021-W01"),
        (date(2019, 12, 30), "2020-W01"),
    ],
)
def test_days_belong_to_iso_weeks(day: date, week: str) -> None:
    assert str(Week.of(day)) == week


@pytest.mark.parametrize("text", ["2020-W54", "2021-W53", "2020W16", "2020-16", "week", "", "2020-W", "2020-W00"])
def test_what_is_not_a_week_is_named(text: str) -> None:
    with pytest.raises(ValueError, match="is not an ISO week such as 2020-W16"):
        Week.parse(text)


def test_a_week_ends_at_midnight_in_berlin() -> None:
    assert Week.parse("2020-W16").ends_at == datetime(2020, 4, 19, 22, tzinfo=UTC)  # summer time
    assert Week.parse("2020-W10").ends_at == datetime(2020, 3, 8, 23, tzinfo=UTC)


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(-200, 200))
def test_weeks_read_back_and_shift(day: date, shift: int) -> None:
    week = Week.of(day)
    assert week.monday <= day <= week.sunday
    assert Week.parse(str(week)) == week
    assert week.shifted(shift).shifted(-shift) == week
    assert (week.shifted(shift) < week) == (shift < 0)


@given(st.lists(st.dates(date(2000, 1, 1), date(2100, 1, 1)), max_size=5))
def test_a_day_stored_as_a_moment_is_the_same_day_again(days: list[date]) -> None:
    moments = [local_midnight(day) for day in days]
    assert [local_day(moment) for moment in moments if moment] == days
    column = pd.Series([*moments, None], dtype="datetime64[us, UTC]")
    assert local_days(column).dropna().dt.date.tolist() == days
