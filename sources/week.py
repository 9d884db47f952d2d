"""ISO weeks as the pipeline counts them: Monday to Sunday, the end of Sunday is the cut-off.

Only calendar facts belong here; "today" is known to `pipelines` alone.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

LOCAL_TIME = ZoneInfo("Europe/Berlin")


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

    def shifted(self, weeks: int) -> "Week":
        """The week that lies ``weeks`` later (earlier if negative)."""
        return Week.of(self.monday + timedelta(weeks=weeks))
