"""A release from the stored tables to files, or to the reasons why it must not go out."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from reports.disclosure import TOTAL, Rules
from reports.ministry import audit
from reports.ministry.counted import KINDS, REGIONS, Entry, Frames, entries
from reports.ministry.document import CSV_COLUMNS, Statistics, files
from reports.ministry.outside import told_by_lagebild
from reports.ministry.package import Office, Release
from reports.ministry.page_audit import page_findings
from reports.ministry.periods import of_quarter
from reports.ministry.revised import revision_findings
from reports.ministry.statistics import STRICTER, weekly
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
    """The open listings of a week: the first release that its audit lets pass, else the strictest with its findings.

    tables: the week's own and those of the quarter's weeks before; released: those weeks' files as written, and the
    week's own if it is released anew.
    lagebild: the German page of the week's Lagebild, if there is one: together with it, too, nothing may be told.
    """
    earlier = {one: entries(tables[one]) for one in of_quarter(tables, week)}
    own = entries(tables[week])
    written = {one: released[one] for one in earlier if is_comparable(released.get(one, b""))}
    before = [audit.read_release(file, WEEK_SUMS, week_truth(earlier[one])) for one, file in written.items()]
    last = max(earlier, default=None)
    is_break = last is not None and _platforms(own) != _platforms(earlier[last])
    replaced = released.get(week, b"") if is_comparable(released.get(week, b"")) else b""
    shown = [Release.of(str(one), file, is_sample=is_sample) for one, file in written.items()]

    def attempt(rules: Rules) -> Checked:
        protected = weekly(own, earlier.values(), rules)
        made = files(Statistics(week, protected, is_sample, office or Office(), shown, replaced, is_break))
        release = audit.read_release(made["statistics.csv"], WEEK_SUMS, week_truth(own))
        found = audit.findings(release, before)
        found += revision_findings(made["statistics.csv"], replaced)
        found = found or _beside(release, lagebild)
        return Checked(made, tuple(dict.fromkeys([*found, *of_pages(made)])))  # many contributors find the same

    made = attempt(STRICTER[0])
    for rules in STRICTER[1:]:
        if made.findings:
            made = attempt(rules)
    return made


def _platforms(counted: Iterable[Entry]) -> set[str]:
    return {one.listing_id.partition(":")[0] for one in counted}


def _beside(release: audit.Released, lagebild: bytes) -> list[str]:
    """What the release gives away together with the Lagebild; a page that cannot be read is a finding too."""
    try:
        known = told_by_lagebild(lagebild)
    except ValueError as error:
        return [f"beside the Lagebild: {error}"]
    return [f"beside the Lagebild: {one}" for one in audit.findings_beside(release, known)] if known else []


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
