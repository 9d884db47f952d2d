"""A release from the stored tables to files, or to the reasons why it must not go out."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial

from reports.disclosure import TOTAL, Axis, Rules, UnprotectableError
from reports.ministry import audit
from reports.ministry.attackers import binding
from reports.ministry.counted import KINDS, REGIONS, Entry, Frames, entries
from reports.ministry.document import CSV_COLUMNS, Statistics, files
from reports.ministry.outside import UnknownClassError, told_by_lagebild
from reports.ministry.package import Office, Release
from reports.ministry.page_audit import page_findings
from reports.ministry.periods import of_quarter
from reports.ministry.revised import revision_findings
from reports.ministry.statistics import STRICTER, WEEK_AXES, WEEK_FRAMES, members_of_week, weekly
from sources.week import Week

WEEK_SUMS = ({TOTAL: REGIONS}, {TOTAL: KINDS})


@dataclass(frozen=True)
class Checked:
    """Files by name, and what the audit found in them; with any finding they must not go out."""

    files: Mapping[str, bytes]
    findings: tuple[str, ...]


def week_release(
    week: Week,
    tables: Mapping[Week, Frames],
    released: Mapping[Week, bytes],
    *,
    is_sample: bool,
    office: Office | None = None,
    lagebild: bytes = b"",
) -> Checked:
    """The open listings of a week: the first release that its audit lets pass, else the last one with its findings.

    tables: the week's own and those of the quarter's weeks before; released: those weeks' files as written, and the
    week's own if it is released anew.
    lagebild: the German page of the week's Lagebild, if there is one: together with it, too, nothing may be told.
    """
    try:
        known = told_by_lagebild(lagebild)
    except UnknownClassError as error:
        return Checked({}, (f"beside the Lagebild: {error}",))
    earlier = {one: entries(tables[one]) for one in of_quarter(tables, week)}
    own = entries(tables[week])
    written = {one: released[one] for one in earlier if is_comparable(released.get(one, b""))}
    before = {one: audit.read_release(file, WEEK_SUMS, week_truth(earlier[one])) for one, file in written.items()}
    bound = [binding(read.published, members_of_week(earlier[one]), WEEK_AXES) for one, read in before.items()]
    last = max(earlier, default=None)
    is_break = last is not None and _platforms(own) != _platforms(earlier[last])
    replaced = released.get(week, b"") if is_comparable(released.get(week, b"")) else b""
    shown = [Release.of(str(one), file, is_sample=is_sample) for one, file in written.items()]

    def attempt(axes: tuple[Axis, ...], rules: Rules) -> Checked:
        protected = weekly(own, bound, rules, known, axes)
        made = files(Statistics(week, protected, is_sample, office or Office(), shown, replaced, is_break))
        release = audit.read_release(made["statistics.csv"], WEEK_SUMS, week_truth(own))
        found = audit.findings(release, list(before.values()))
        found += revision_findings(made["statistics.csv"], replaced)
        if known and not found:
            found = [f"beside the Lagebild: {one}" for one in audit.findings_beside(release, known)]
        return Checked(made, tuple(dict.fromkeys([*found, *of_pages(made)])))  # many contributors find the same

    return first_passed([partial(attempt, axes, rules) for axes in _frames(replaced) for rules in STRICTER])


def _frames(replaced: bytes) -> list[tuple[Axis, ...]]:
    """Those with every kind that the week's file told before: none is taken back."""
    told = {kind for _, kind in audit.read_release(replaced, WEEK_SUMS, ()).published}
    return [axes for axes in WEEK_FRAMES if told <= set(axes[-1].codes)]


def first_passed(attempts: Iterable[Callable[[], Checked]]) -> Checked:
    """What the audit lets pass first, else the last attempt. One that admits no safe pattern fails by its reason.

    Where the audit gets no answer in time nothing more is tried: on a faster machine another attempt might have passed.
    """
    made = Checked({}, ())
    for attempt in attempts:
        try:
            made = attempt()
        except audit.UnansweredError as error:
            return Checked({}, (str(error),))
        except UnprotectableError as error:
            made = Checked({}, (str(error),))
        if not made.findings:
            break
    return made


def _platforms(counted: Iterable[Entry]) -> set[str]:
    return {one.listing_id.partition(":")[0] for one in counted}


def is_comparable(file: bytes) -> bool:
    """Whether the file has today's columns: releases of another frame tell of other cells."""
    return file.decode().splitlines()[:1] == [",".join(CSV_COLUMNS)]


def week_truth(counted: Iterable[Entry]) -> list[audit.Statement]:
    return [audit.Statement((one.region, one.kind), one.listing_id, one.group) for one in counted]


def of_pages(made: Mapping[str, bytes]) -> list[str]:
    return [
        f"{name}: {finding}"
        for name, content in made.items()
        if name.startswith("statistics") and name.endswith(".html")
        for finding in page_findings(content, made["statistics.csv"])
    ]
