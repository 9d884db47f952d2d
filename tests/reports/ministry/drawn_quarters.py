"""Invented quarters of few listings: three weeks and two months go out in turn, each attacked with all before it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import product
from typing import TypeVar

import numpy as np

from reports.disclosure import NOBODY, TOTAL, Axis, Cell, Rules, UnprotectableError
from reports.lagebild.where import CLASSES
from reports.ministry import audit
from reports.ministry.attackers import Bounds, Earlier, binding
from reports.ministry.counted import Entry
from reports.ministry.linked import month_findings, widened
from reports.ministry.month_counted import MonthEntry
from reports.ministry.month_release import ATTEMPTS, statements
from reports.ministry.monthly import axes_of, members_of, monthly
from reports.ministry.release import WEEK_SUMS, week_truth
from reports.ministry.statistics import STRICTER, WEEK_AXES, Protected, members_of_week, weekly

AXES = axes_of(["diagnostics", "hygiene", "protective_equipment"])
MONTH_SUMS = tuple(dict(axis.sums) for axis in AXES)
# Area and the place that a week knows of it; the more frequent first.
AREAS = {"DE11": "DE-BW", "DE12": "DE-BW", "DE-BY": "DE-BY", "FRF11": "FR-GES", "DE-TH": "DE-TH", "OTHER": "IT"}
One = TypeVar("One", Entry, MonthEntry)
MONTHS = ((0, 1), (2,))  # weeks of each


@dataclass(frozen=True)
class Off:
    """What is switched off, to see that the audit finds it."""

    secondary: bool = False
    freezing: bool = False
    key: bool = False


CONTROLS = {
    "secondary suppression": Off(secondary=True),
    "the quarter's earlier releases": Off(freezing=True),
    "the contributors' key": Off(key=True),
}


@dataclass(frozen=True)
class Done:
    """One release as it went out, or its last attempt. by_all: what everybody finds in the first attempt."""

    read: audit.Released
    bound: Earlier
    found: list[str]
    by_all: list[str]


@dataclass
class Quarter:
    """Releases by name, those that went out only."""

    weeks: list[list[MonthEntry]]
    off: Off
    out: dict[str, Done] = field(default_factory=dict)


def drawn_weeks(seed: int) -> list[list[MonthEntry]]:
    """Who is open in each week: nine of ten stay, few change their area."""
    chance = np.random.default_rng(seed)
    size, groups = 60 + seed % 5 * 30, 12 + seed % 7 * 5
    share = 1 / np.arange(1, len(AREAS) + 1)

    def listing(number: int) -> MonthEntry:
        area = str(chance.choice(list(AREAS), p=share / share.sum()))
        about = str(chance.choice(AXES[0].leaves[:3], p=[0.1, 0.3, 0.6]))
        kind = str(chance.choice(["offer", "request"]))
        group = f"g{chance.integers(groups)}" if chance.random() > 0.1 else NOBODY
        return MonthEntry(f"p:{number}", about, area, kind, group, group, 0, "")

    weeks = [[listing(number) for number in range(size)]]
    for week in range(1, 3):
        stayed = [one for one in weeks[-1] if chance.random() > 0.1]
        moved = [one._replace(area="OTHER") if chance.random() < 0.02 else one for one in stayed]
        weeks.append(moved + [listing(1000 * week + number) for number in range(size // 8)])
    return weeks


def released(seed: int, off: Off = Off()) -> dict[str, Done]:
    """All releases of a quarter in the order in which they go out."""
    quarter, found = Quarter(drawn_weeks(seed), off), {}
    for number, of_month in enumerate(MONTHS):
        for week in of_month:
            found[f"W{week}"] = _week(quarter, week)
            if not found[f"W{week}"].found:
                quarter.out[f"W{week}"] = found[f"W{week}"]
        found[f"M{number}"] = _month(quarter, number)
        if not found[f"M{number}"].found:
            quarter.out[f"M{number}"] = found[f"M{number}"]
    return found


def _week(quarter: Quarter, week: int) -> Done:
    own = [Entry(one.listing_id, AREAS[one.area], one.kind, one.firm, one.group) for one in quarter.weeks[week]]
    before = [done for name, done in quarter.out.items() if name[0] == "W"]
    bounds = classes(own)
    truth, members = week_truth(own), members_of_week(own)

    def attempt(rules: Rules) -> tuple[audit.Released, list[str]]:
        bound = [] if quarter.off.freezing else [done.bound for done in before]
        made = weekly(keyless(own) if quarter.off.key else own, bound, rules, bounds)
        read = _read(made, WEEK_SUMS, truth, quarter.off)
        found = audit.findings(read, [done.read for done in before])
        return read, [*found, *audit.findings_beside(read, bounds)]

    read, found, by_all = _tried(attempt, [(rules,) for rules in STRICTER])
    return Done(
        read, replace(binding(read.published, members, WEEK_AXES), part=f"W{week}", bounds=bounds), found, by_all
    )


def _month(quarter: Quarter, number: int) -> Done:
    last = {one.listing_id: one for week in MONTHS[number] for one in quarter.weeks[week]}
    own = sorted(last.values())
    inside = {f"W{week}": quarter.out[f"W{week}"] for week in MONTHS[number] if f"W{week}" in quarter.out}
    others = {name: done for name, done in quarter.out.items() if name not in inside}
    read_inside = {
        name: replace(
            widened(done.read, TOTAL), bounds={(TOTAL, *cell): known for cell, known in done.bound.bounds.items()}
        )
        for name, done in inside.items()
    }
    read_others = {name: widened(done.read, TOTAL) if name[0] == "W" else done.read for name, done in others.items()}
    earlier = [*(_wide(done.bound, "") for done in others.values()), *(_wide(done.bound) for done in inside.values())]

    def attempt(*how: object) -> tuple[audit.Released, list[str]]:
        frame, rules = how
        bound = [] if quarter.off.freezing else earlier
        made = monthly(keyless(own) if quarter.off.key else own, AXES, frame, bound, rules)
        read = _read(made, MONTH_SUMS, statements(own), quarter.off)
        return read, month_findings(read, read_inside, read_others)

    read, found, by_all = _tried(attempt, ATTEMPTS)
    behind = {cell: {one.listing_id: one.group for one in of_cell} for cell, of_cell in members_of(AXES, own).items()}
    return Done(read, binding(read.published, behind, AXES), found, by_all)


def _wide(bound: Earlier, part: str | None = None) -> Earlier:
    """A week's release with the month's axes; part: empty where the month does not count it again."""
    if len(bound.axes) == len(AXES):
        return bound

    def wide(cell: Cell) -> Cell:
        return (TOTAL, *cell)

    return Earlier(
        frozenset(map(wide, bound.withheld)),
        frozenset(map(wide, bound.told)),
        {wide(cell): found for cell, found in bound.behind.items()},
        (Axis((TOTAL,), ()), *WEEK_AXES),
        bound.part if part is None else part,
        {wide(cell): known for cell, known in bound.bounds.items()},
    )


def _tried(
    attempt: Callable[..., tuple[audit.Released, list[str]]], several: Sequence[Sequence[object]]
) -> tuple[audit.Released, list[str], list[str]]:
    """The first attempt that passes, else the last; and what everybody finds in any."""
    by_all: list[str] = []
    read, found = audit.Released((), {}, ()), ["no safe pattern"]
    for how in several:
        try:
            read, found = attempt(*how)
        except UnprotectableError as error:
            found = [str(error)]
            continue
        by_all += [one for one in found if "contributor" not in one]
        if not found:
            break
    return read, found, by_all


def _read(made: Protected, sums: Sequence[audit.Sums], truth: Sequence[audit.Statement], off: Off) -> audit.Released:
    """As published; without secondary suppression every number is told that no rule names."""
    published = {cell: figures.listings for cell, figures in made.cells.items()}
    hidden = audit.Released(tuple(sums), published, tuple(truth))
    if off.secondary:
        limits = audit.Limits()
        for cell, behind in hidden.behind.items():
            groups = {one.group: sum(other.group == one.group for other in behind) for one in behind if one.group}
            if published[cell] is None and not audit.breaks(groups, limits):
                published[cell] = len(behind)
    return replace(hidden, published=published)


def keyless(own: Sequence[One]) -> list[One]:
    """Every listing as somebody else's."""
    return [one._replace(firm=one.listing_id, group=one.listing_id) for one in own]


def classes(own: Sequence[Entry]) -> Mapping[Cell, Bounds]:
    """What the Lagebild tells of a week: regions in classes, the totals of kinds exactly."""
    least = sorted(one[0] for one in CLASSES)
    found: dict[Cell, Bounds] = {}
    for region, kind in product(WEEK_AXES[0].leaves, WEEK_AXES[1].leaves):
        count = sum((one.region, one.kind) == (region, kind) for one in own)
        low = max(one for one in least if one <= count)
        found[region, kind] = low, min((one - 1 for one in least if one > low), default=None) if low else 0
    for kind in WEEK_AXES[1].leaves:
        count = sum(one.kind == kind for one in own)
        found[TOTAL, kind] = count, count
    return found
