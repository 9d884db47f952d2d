"""A release from the stored tables to files, or to the reasons why it must not go out."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from reports.disclosure import TOTAL, Rules
from reports.ministry import audit
from reports.ministry.counted import KINDS, REGIONS, Entry, Frames, entries
from reports.ministry.document import CSV_COLUMNS, Statistics, files
from reports.ministry.periods import of_quarter
from reports.ministry.statistics import STRICTER, weekly
from sources.week import Week

WEEK_SUMS = ({TOTAL: REGIONS}, {TOTAL: KINDS})


@dataclass(frozen=True)
class Checked:
    """Files by name, and what the audit found in them; with any finding they must not go out."""

    files: Mapping[str, bytes]
    findings: tuple[str, ...]


def week_release(
    week: Week, tables: Mapping[Week, Frames], released: Mapping[Week, bytes], *, is_sample: bool
) -> Checked:
    """The open listings of a week: the first release that its audit lets pass, else the strictest with its findings.

    tables: the week's own and those of the quarter's weeks before; released: those weeks' files as written.
    """
    earlier = {one: entries(tables[one]) for one in of_quarter(tables, week)}
    own = entries(tables[week])
    before = [
        audit.read_release(released[one], WEEK_SUMS, week_truth(counted))
        for one, counted in earlier.items()
        if is_comparable(released.get(one, b""))
    ]

    def attempt(rules: Rules) -> Checked:
        made = files(Statistics(week, weekly(own, earlier.values(), rules), is_sample))
        release = audit.read_release(made["statistics.csv"], WEEK_SUMS, week_truth(own))
        return Checked(made, (*audit.findings(release, before), *of_pages(made)))

    made = attempt(STRICTER[0])
    for rules in STRICTER[1:]:
        if made.findings:
            made = attempt(rules)
    return made


def is_comparable(file: bytes) -> bool:
    """Whether the file has today's columns: releases of another frame tell of other cells."""
    return file.decode().splitlines()[:1] == [",".join(CSV_COLUMNS)]


def week_truth(counted: Iterable[Entry]) -> list[audit.Statement]:
    return [audit.Statement((one.region, one.kind), one.listing_id, one.group) for one in counted]


def of_pages(made: Mapping[str, bytes]) -> list[str]:
    return [
        f"{name}: {finding}"
        for name, content in made.items()
        if name.endswith(".html")
        for finding in audit.page_findings(content, made["statistics.csv"])
    ]
