"""A release from the stored tables to files, or to the reasons why it must not go out."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from reports.disclosure import TOTAL, Rules
from reports.language import Labels
from reports.ministry import audit
from reports.ministry.counted import KINDS, NO_PRODUCT, REGIONS, Entry, Frames, came_in, entries
from reports.ministry.document import CSV_COLUMNS, Statistics, files
from reports.ministry.periods import Month, of_quarter
from reports.ministry.statistics import STRICTER, month_axes, monthly, place_of, shown_states, weekly
from sources.week import Week

WEEK_SUMS = ({TOTAL: REGIONS}, {TOTAL: KINDS})


@dataclass(frozen=True)
class Checked:
    """Files by name, and what the audit found in them; with any finding they must not go out."""

    files: Mapping[str, bytes]
    findings: tuple[str, ...]


def week_release(
    week: Week, tables: Mapping[Week, Frames], released: Mapping[Week, bytes], taxonomy: Labels, *, is_sample: bool
) -> Checked:
    """The open listings of a week. tables: own and the quarter's before; released: those weeks' files as written."""
    earlier = {one: entries(tables[one], taxonomy) for one in of_quarter(tables, week)}
    own = entries(tables[week], taxonomy)
    before = [
        audit.read_release(released[one], WEEK_SUMS, _week_truth(counted))
        for one, counted in earlier.items()
        if _is_comparable(released.get(one, b""))
    ]

    def attempt(rules: Rules) -> Checked:
        made = files(Statistics(week, weekly(own, earlier.values(), rules), taxonomy, is_sample))
        release = audit.read_release(made["statistics.csv"], WEEK_SUMS, _week_truth(own))
        return Checked(made, (*audit.findings(release, before), *_of_pages(made)))

    return _first_safe(attempt)


def _first_safe(attempt: Callable[[Rules], Checked]) -> Checked:
    """The first release that the audit lets pass, else the strictest with what was found in it."""
    made = attempt(STRICTER[0])
    for rules in STRICTER[1:]:
        if made.findings:
            made = attempt(rules)
    return made


def _is_comparable(file: bytes) -> bool:
    """Whether the file has today's columns: releases of another frame tell of other cells."""
    return file.decode().splitlines()[:1] == [",".join(CSV_COLUMNS)]


def _week_truth(counted: Iterable[Entry]) -> list[audit.Statement]:
    return [audit.Statement((one.region, one.kind), one.listing_id, one.group) for one in counted]


def month_release(
    month: Month, tables: Mapping[Week, Frames], taxonomy: Labels, products: Iterable[str], *, is_sample: bool
) -> Checked:
    """What came in during a month's weeks. tables: of the quarter's weeks; the first decides which Länder are shown.

    Raises KeyError without a week of the month.
    """
    quarter = sorted(week for week in tables if Month.of(week).quarter == month.quarter)
    states = shown_states(entries(tables[quarter[0]], taxonomy))
    counted = came_in([tables[week] for week in quarter if Month.of(week) == month], taxonomy)
    named = (*sorted(products), NO_PRODUCT)
    sums = tuple(dict(axis.sums) for axis in month_axes(named, states))
    truth = [
        audit.Statement((one.product, place_of(one, states), one.kind), one.listing_id, one.group) for one in counted
    ]

    def attempt(rules: Rules) -> Checked:
        made = files(Statistics(month, monthly(counted, named, states, rules), taxonomy, is_sample))
        release = audit.read_release(made["statistics.csv"], sums, truth)
        return Checked(made, (*audit.findings(release), *_of_pages(made)))

    return _first_safe(attempt)


def _of_pages(made: Mapping[str, bytes]) -> list[str]:
    return [
        f"{name}: {finding}"
        for name, content in made.items()
        if name.endswith(".html")
        for finding in audit.page_findings(content, made["statistics.csv"])
    ]
