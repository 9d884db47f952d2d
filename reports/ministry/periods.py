"""What a release tells of: a week or a month."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sources.week import Week


@dataclass(frozen=True, order=True)
class Month:
    """A calendar month. A week belongs to the month of its Sunday, the day of its figures."""

    year: int
    number: int

    @classmethod
    def parse(cls, text: str) -> "Month":
        """From "2020-04"; raises ValueError."""
        year, _, number = text.partition("-")
        if not (len(year) == 4 and len(number) == 2 and (year + number).isdigit() and 1 <= int(number) <= 12):
            raise ValueError(f"{text!r} is no month such as 2020-04")
        return cls(int(year), int(number))

    @classmethod
    def of(cls, week: Week) -> "Month":
        """The month of the week's Sunday."""
        return cls(week.sunday.year, week.sunday.month)

    def __str__(self) -> str:
        return f"{self.year}-{self.number:02}"

    @property
    def quarter(self) -> tuple[int, int]:
        """Year and number of the quarter."""
        return self.year, (self.number + 2) // 3

    @property
    def first(self) -> date:
        return date(self.year, self.number, 1)

    @property
    def last_week(self) -> Week:
        """The last week whose Sunday lies in the month."""
        following = date(self.year + self.number // 12, self.number % 12 + 1, 1)
        return Week.of(following).shifted(-1)


def of_quarter(weeks: Iterable[Week], week: Week) -> list[Week]:
    """Those of the weeks that lie in the quarter of a week and before it, oldest first."""
    quarter = Month.of(week).quarter
    return sorted(one for one in weeks if one < week and Month.of(one).quarter == quarter)
