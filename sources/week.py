"""Days and ISO weeks as the pipeline counts them: Monday to Sunday in Berlin, the end of Sunday is the cut-off.

Columns of moments (`…_at`, `available_…`) are UTC. A day that a platform names ("bis 08.05.") is stored as its first
moment in Berlin, 2020-05-07T22:00Z; who means the day of a moment asks `local_day` or `local_days`, never the UTC day.
Only calendar facts belong here; "today" is known to `pipelines` alone.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pandas as pd

LOCAL_TIME = ZoneInfo("Europe/Berlin")


def local_day(moment: datetime) -> date:
    """The day on which a moment falls where our readers live: 2020-05-07T22:00Z is 8 May in Berlin and Strasbourg."""
    # By way of seconds: moments of a frame are pandas' own, whose `astimezone` takes ten times as long (60 µs).
    return datetime.fromtimestamp(moment.timestamp(), LOCAL_TIME).date()


def local_days(moments: pd.Series) -> pd.Series:
    """The days of many stored moments, as midnights without a zone; see `local_day`."""
    days: pd.Series = moments.dt.tz_convert(LOCAL_TIME).dt.tz_localize(None).dt.normalize()
    return days


@dataclass(frozen=True, order=True)
class Week:
    """One ISO week, e.g. ``2020-W16`` = 13 to 19 April 2020."""

    year: int
    number: int

    @classmethod
    def parse(cls, text: str) -> "Week":
        """Read ``2020-W16``; raises ValueError with the expected form for anything else."""
        year, separator, number = text.strip().partition("-W")
        try:
            week = cls(int(year), int(number))
            _ = week.monday
        except ValueError:
            separator = ""
        if not separator:
            raise ValueError(f"'{text}' is not an ISO week such as 2020-W16")
        return week

    @classmethod
    def of(cls, day: date) -> "Week":
        """The ISO week a day belongs to (1 January 2021 lies in 2020-W53)."""
        year, number, _ = day.isocalendar()
        return cls(year, number)

    def __str__(self) -> str:
        return f"{self.year}-W{self.number:02d}"

    @property
    def monday(self) -> date:
        return date.fromisocalendar(self.year, self.number, 1)

    @property
    def sunday(self) -> date:
        return self.monday + timedelta(days=6)

    @property
    def ends_at(self) -> datetime:
        """The first moment after the week in UTC: Monday 00:00 in Berlin."""
        return datetime.combine(self.monday + timedelta(days=7), time(), LOCAL_TIME).astimezone(UTC)

    @property
    def begins_at(self) -> datetime:
        """The first moment of the week in UTC: Monday 00:00 in Berlin."""
        return datetime.combine(self.monday, time(), LOCAL_TIME).astimezone(UTC)

    def shows(self, moment: datetime) -> bool:
        """Whether what a page shows at a moment is the state of this week: during it, or on the day of its report."""
        return self.begins_at <= moment < self.ends_at + timedelta(days=1)

    def shifted(self, weeks: int) -> "Week":
        """The week that lies ``weeks`` later (earlier if negative)."""
        return Week.of(self.monday + timedelta(weeks=weeks))
