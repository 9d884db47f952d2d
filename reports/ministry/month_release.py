"""A month from the stored tables to files, or to the reasons why it must not go out."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from reports.disclosure import TOTAL, Axis, Cell, Rules
from reports.language import Labels
from reports.ministry import audit
from reports.ministry.attackers import Earlier, binding
from reports.ministry.counted import Entry, Frames, entries
from reports.ministry.funnel_release import MonthSteps
from reports.ministry.linked import month_findings, quantity_findings, told_quantities, widened
from reports.ministry.month_counted import MonthEntry, month_entries
from reports.ministry.month_document import MonthStatistics, month_files
from reports.ministry.monthly import FRAMES, Frame, axes_of, members_of, monthly
from reports.ministry.outside import UnknownClassError, told_by_lagebild
from reports.ministry.package import Office, Release
from reports.ministry.periods import Month
from reports.ministry.quantities import Amounts, amounts_of, quantities
from reports.ministry.release import WEEK_SUMS, Checked, first_passed, is_comparable, of_pages, week_truth
from reports.ministry.statistics import STRICTER, WEEK_AXES, members_of_week
from sources.week import Week

# (frame, rules) in the order in which they are tried: what protects against more contributors first, then fewer cells.
ATTEMPTS = tuple((frame, rules) for frame in FRAMES for rules in STRICTER[:2])


@dataclass(frozen=True)
class Stored:
    """What a store has of a quarter.

    tables: of each week; released: long files as written, by week or month; lagebilder: German pages as written.
    """

    tables: Mapping[Week, Frames]
    released: Mapping[str, bytes]
    taxonomy: Labels
    products: Collection[str]
    lagebilder: Mapping[Week, bytes] = field(default_factory=dict)

    def weeks_of(self, month: Month) -> dict[Week, Frames]:
        return {week: frames for week, frames in self.tables.items() if Month.of(week) == month}


@dataclass(frozen=True)
class _Released:
    """A release that binds, for the protection and for the audit, which reads it anew."""

    bound: Earlier
    read: audit.Released
    amounts: Amounts = field(default_factory=dict)
    told_amounts: frozenset[Cell] = frozenset()


def month_release(month: Month, stored: Stored, *, is_sample: bool, office: Office | None = None) -> Checked:
    """The first attempt that the audit lets pass, else the last one with its findings."""
    axes = axes_of(stored.products)
    own, weeks = month_entries(stored.weeks_of(month), stored.taxonomy), sorted(stored.weeks_of(month))
    try:
        inside, others = releases(month, stored, axes)
    except UnknownClassError as error:
        return Checked({}, (f"beside the Lagebild: {error}",))
    earlier = [one.bound for one in (*others.values(), *inside.values())]
    before = [(one.amounts, one.told_amounts) for one in others.values()]
    shown = _shown(month, stored, is_sample=is_sample)
    steps = MonthSteps.of(month, stored.tables, stored.released, stored.taxonomy)

    def attempt(frame: Frame, rules: Rules) -> Checked:
        protected = monthly(own, axes, frame, earlier, rules)
        stated = quantities(amounts_of(own), protected, before, rules)
        told = MonthStatistics(
            month, protected, stated, frame, stored.taxonomy, is_sample, weeks, office or Office(), shown
        )
        # Where the number of requests itself is withheld, a later step would tell how many there are at least.
        is_told = protected.cells[(TOTAL, TOTAL, "request")].listings is not None
        files = month_files(replace(told, funnel=steps.told(rules) if is_told else {}))
        found = month_findings(
            audit.read_release(files["statistics.csv"], _sums(axes), statements(own)),
            {name: replace(one.read, bounds=one.bound.bounds) for name, one in inside.items()},
            {name: one.read for name, one in others.items()},
        )
        found += quantity_findings(files["statistics.csv"], amounts_of(own), before)
        found += steps.findings(files)
        return Checked(files, (*found, *of_pages(files)))

    return first_passed([partial(attempt, *one) for one in ATTEMPTS])


def _shown(month: Month, stored: Stored, *, is_sample: bool) -> list[Release]:
    """Those months of the quarter that went out before it, oldest first."""
    before = [str(one) for one in month.months_of_quarter if one < month and str(one) in stored.released]
    return [Release.of(name, stored.released[name], is_sample=is_sample) for name in before]


def releases(month: Month, stored: Stored, axes: tuple[Axis, ...]) -> tuple[dict[str, _Released], dict[str, _Released]]:
    """Releases of the month's weeks, and all others of its quarter but its own, oldest first."""
    inside: dict[str, _Released] = {}
    others: dict[str, _Released] = {}
    for other in month.months_of_quarter:
        if str(other) in stored.released and other != month:
            counted = month_entries(stored.weeks_of(other), stored.taxonomy)
            members = {
                cell: {one.listing_id: one.group for one in found} for cell, found in members_of(axes, counted).items()
            }
            read = audit.read_release(stored.released[str(other)], _sums(axes), statements(counted))
            file = stored.released[str(other)]
            others[str(other)] = _Released(
                binding(read.published, members, axes), read, amounts_of(counted), told_quantities(file)
            )
    for week in sorted(stored.tables):
        if is_comparable(stored.released.get(str(week), b"")):
            made = _week(entries(stored.tables[week]), stored.released[str(week)])
            if Month.of(week) == month:
                told = told_by_lagebild(stored.lagebilder.get(week, b""))
                bounds = {(TOTAL, *cell): bounds for cell, bounds in told.items()}
                inside[str(week)] = replace(made, bound=replace(made.bound, part=str(week), bounds=bounds))
            else:
                others[str(week)] = made
    return inside, others


def _week(counted: Sequence[Entry], file: bytes) -> _Released:
    read = widened(audit.read_release(file, WEEK_SUMS, week_truth(counted)), TOTAL)
    members = {(TOTAL, *cell): found for cell, found in members_of_week(counted).items()}
    return _Released(binding(read.published, members, (Axis((TOTAL,), ()), *WEEK_AXES)), read)


def _sums(axes: Sequence[Axis]) -> list[Mapping[str, Sequence[str]]]:
    return [dict(axis.sums) for axis in axes]


def statements(counted: Sequence[MonthEntry]) -> list[audit.Statement]:
    return [audit.Statement((one.product, one.area, one.kind), one.listing_id, one.group) for one in counted]
