"""What came of the calls so far: the figures of use, from what people answered and what they said came of it."""

from collections.abc import Mapping, Sequence
from statistics import median
from typing import NamedTuple

from matching.cases.entries import Entry, entries_of
from reports.frames import Row, rows
from reports.lagebild.issue import Desk
from sources.week import Week, local_day

_CONTACT = ("reached", "in_talks", "agreed", "delivered")  # somebody was spoken to
_RESULT = ("in_talks", "agreed", "delivered")  # more than a call
_WITHOUT = ("declined", "closed", "reopened")  # an end without success, or the taking back of one


class Outcomes(NamedTuple):
    """What came of cases of all issues so far, whatever their remit; numbers of cases in their order.

    days: from the Monday of the issue that first told a case to the first word that somebody was spoken to. needs:
    the needs behind all cases, cases that were merged into others left out; served: cases of those for which something
    was delivered, one a need. last: the last thing said of each answered case.
    """

    answered: Sequence[str]
    successful: Sequence[str]
    days: Mapping[str, int]
    needs: int
    served: Sequence[str]
    last: Mapping[str, str]

    @property
    def median_days(self) -> float:
        """Half of the cases had their first contact within so many days; raises StatisticsError without one."""
        return float(median(self.days.values()))


def outcomes(desk: Desk) -> Outcomes:
    """The figures of use as of the end of the week."""
    said: dict[str, list[Entry]] = {}
    for entry in entries_of(desk.issue.entries):
        said.setdefault(entry.opportunity_id, []).append(entry)
    cases = [row for row in rows(desk.issue.cases) if row["reason"] != "merged"]
    told = _first_told(desk)
    known = {row["opportunity_id"]: row["consortium_id"] for row in cases}
    answered = sorted(number for number in said if any(entry.state != "reopened" for entry in said[number]))
    served = {
        known[number]: number for number in answered if number in known and _came_to(said[number], ("delivered",))
    }
    return Outcomes(
        answered=answered,
        successful=[number for number in answered if _came_to(said[number], _RESULT)],
        days={number: days for number in answered if (days := _days(said[number], told.get(number))) is not None},
        needs=len(set(known.values())),
        served=sorted(served.values()),
        last={number: said[number][-1].state for number in answered},
    )


def _came_to(said: Sequence[Entry], states: Sequence[str]) -> bool:
    """Whether one of these states was said of a case and no end without success after it."""
    return said[-1].state not in _WITHOUT and any(entry.state in states for entry in said)


def _first_told(desk: Desk) -> dict[str, Week]:
    """The week whose issue told a case first."""
    found: list[Row] = [*rows(desk.issue.reported), *rows(desk.issue.opportunities)]
    return {row["opportunity_id"]: Week.parse(row["first_reported_in"]) for row in found}


def _days(said: Sequence[Entry], told: Week | None) -> int | None:
    """Days from the Monday on which a case was published to its first contact; what was said before counts as 0."""
    first = next((entry for entry in said if entry.state in _CONTACT), None)
    if first is None or told is None:
        return None
    return max(0, (local_day(first.said_at) - told.shifted(1).monday).days)
