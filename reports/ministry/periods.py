"""Which releases bind each other."""

from collections.abc import Iterable

from sources.week import Week


def of_quarter(weeks: Iterable[Week], week: Week) -> list[Week]:
    """Those of the weeks that lie in the quarter of a week and before it, oldest first."""
    return sorted(one for one in weeks if one < week and _quarter(one) == _quarter(week))


def _quarter(week: Week) -> tuple[int, int]:
    """Year and number of the quarter of the week's Sunday, the day of its figures."""
    return week.sunday.year, (week.sunday.month + 2) // 3
