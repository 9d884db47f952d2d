"""Which week it is, by the clock that Dagster's daemon goes by."""

from datetime import UTC, datetime, timedelta

from dagster._time import get_current_datetime

from sources.week import Week, local_day

DUE_AFTER = timedelta(hours=12)
"""After Monday's midnight. The weekly run starts at six; a busy queue holds it for minutes, not for hours."""


def now() -> datetime:
    """The moment, in UTC."""
    return get_current_datetime().astimezone(UTC)


def running_week() -> Week:
    """The week that is not over yet."""
    return Week.of(local_day(now()))


def last_due() -> Week:
    """The newest week whose report should be there: from Monday noon on the one before."""
    return Week.of(local_day(now() - DUE_AFTER)).shifted(-1)
