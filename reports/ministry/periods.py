"""Months, and which releases bind each other."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from sources.week import Week


@dataclass(frozen=True, order=True)
class Month:
    """One month; its weeks are those whose Sunday, the day of their figures, lies in it."""

    year: int
    number: int

    @classmethod
    def parse(cls, text: str) -> "Month":
        """Read ``2020-04``; raises ValueError with the expected form for anything else."""
        try:
            first = date.fromisoformat(f"{text.strip()}-01")
        except ValueError:
            raise ValueError(f"'{text}' is not a month such as 2020-04") from None
        return cls(first.year, first.month)

    @classmethod
    def of(cls, week: Week) -> "Month":
        return cls(week.sunday.year, week.sunday.month)

    def __str__(self) -> str:
        return f"{self.year}-{self.number:02d}"

    @property
    def first(self) -> date:
        return date(self.year, self.number, 1)

    @property
    def last(self) -> date:
        return (self.first + timedelta(days=31)).replace(day=1) - timedelta(days=1)

    @property
    def weeks(self) -> tuple[Week, ...]:
        """Its weeks, oldest first."""
        first = Week.of(self.first)
        return tuple(one for number in range(6) if Month.of(one := first.shifted(number)) == self)

    @property
    def quarter(self) -> tuple[int, int]:
        return self.year, (self.number + 2) // 3

    @property
    def months_of_quarter(self) -> tuple["Month", ...]:
        first = 3 * ((self.number - 1) // 3) + 1
        return tuple(Month(self.year, number) for number in range(first, first + 3))


def of_quarter(weeks: Iterable[Week], week: Week) -> list[Week]:
    """Those of the weeks that lie in the quarter of a week and before it, oldest first."""
    return sorted(one for one in weeks if one < week and Month.of(one).quarter == Month.of(week).quarter)
