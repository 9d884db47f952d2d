"""Every kind of page in every language, for the tests that hold for all of them."""

from functools import cache
from itertools import product

import pandas as pd

from matching.organisations.candidates import BLOCK_COLUMNS
from matching.taxonomy.concepts import load_taxonomy
from reports import lagebild, ministry, monitor
from reports.lagebild.archive import site_files
from reports.lagebild.editions import issue_files
from reports.language import LANGUAGES
from reports.ministry.counted import KINDS
from reports.ministry.funnel import STEPS
from reports.ministry.month_document import MonthStatistics, render_month
from reports.ministry.monthly import FRAMES, axes_of
from reports.ministry.periods import Month
from reports.ministry.statistics import WEEK_AXES, Figures, Protected
from reports.privacy import Finding
from sources.listing import UNITS
from sources.week import Week
from sources.weekly.health import Finding as Watched
from sources.weekly.health import as_table
from tests.reports.builders import crowded_issue, sample_issue

Pages = dict[tuple[str, str], str]  # by kind and language


CASES = pd.DataFrame(
    [("K-2020-16-01", "answered", "taken_over", None), ("K-2020-16-02", "closed", "declined", "no_need")],
    columns=["opportunity_id", "state", "answer", "reason"],
)
ENTRIES = pd.DataFrame(
    [
        ("K-2020-16-01", "query", "", "lead", "mail", "2020-04-20T08:00:00Z", ""),
        ("K-2020-16-01", "taken_over", "", "data_staff", "command", "2020-04-21T08:00:00Z", ""),
    ],
    columns=["opportunity_id", "state", "reason", "role", "way", "said_at", "note"],
)
REFUSED = pd.DataFrame(
    [
        ("2020-04-22T08:00:00Z", "mail", "K-2020-16-03", "forged", "0f3a"),
        ("2020-04-22T09:00:00Z", "mail", None, "no_code", "1f"),
    ],
    columns=["said_at", "way", "opportunity_id", "rule", "source"],
)
VERDICTS = pd.DataFrame(
    [
        ("2020-W16", "a:1", "b:1", verdict, "lead", "2020-04-21T08:00:00Z")
        for verdict in ("fits", "fits", "does_not_fit")
    ],
    columns=["week", "request_id", "offer_id", "verdict", "role", "said_at"],
)
SCORES = pd.DataFrame(
    [("2020-W16", 12, 0.4, 0.5, 0.6, 0.7, 0.8), ("2020-W17", 14, 0.5, 0.6, 0.7, 0.8, 0.9)],
    columns=["week", "requests", "lowest_tenth", "lower_quartile", "median", "upper_quartile", "highest_tenth"],
)


def wide_statistics() -> ministry.Statistics:
    """Large numbers; every third number secret, every fifth nothing."""
    cells = {
        cell: Figures(*(None if number % 3 == 0 else number % 5 * 1000 for _ in range(2)))
        for number, cell in enumerate(product(*(axis.codes for axis in WEEK_AXES)))
    }
    return ministry.Statistics(Week(2020, 17), Protected(WEEK_AXES, cells), is_sample=True)


def wide_month() -> MonthStatistics:
    """The finest frame, filled alike; quantities of every unit."""
    taxonomy = load_taxonomy()
    axes = axes_of({taxonomy.group(concept) for concept in taxonomy.concepts})
    numbers = [None if number % 3 == 0 else number % 5 * 1000 for number in range(1000)]
    cells = {cell: Figures(*numbers[at : at + 2]) for at, cell in enumerate(FRAMES[0].cells(axes))}
    quantities = {cell: numbers[at] for at, cell in enumerate(product(axes[0].leaves, UNITS, KINDS))}
    funnel = {step: numbers[at] for at, step in enumerate(STEPS, start=5)}
    protected = Protected(axes, cells)
    month = Month(2020, 4)
    return MonthStatistics(
        month, protected, quantities, FRAMES[0], taxonomy, is_sample=True, weeks=month.weeks, funnel=funnel
    )


def monitored_run() -> monitor.Run:
    """A run with a stale source, a refused row, a failed check and contact data in a document."""
    issue = sample_issue()
    return monitor.Run(
        week=issue.week,
        source_states=issue.source_states,
        quarantine=pd.DataFrame([("boerse", "quantity", "plausible")], columns=["platform", "field", "rule"]),
        repeats=pd.DataFrame({"listing_id": []}, dtype="str"),
        held=issue.held,
        listings=issue.listings,
        resolution_figures=pd.DataFrame({"figure": ["records", "ids_split"], "value": [1017, 2]}),
        resolution_blocks=pd.DataFrame([("name", 196, 13, 0, 1237)], columns=BLOCK_COLUMNS),
        watched=as_table([Watched("boerse", "volume", False, {"rows": 7, "fewest": 10, "most": 400})]),
        platforms=issue.platforms,
        is_sample=True,
        consortia=issue.consortia,
        taxonomy=issue.taxonomy,
        cases=CASES,
        entries=ENTRIES,
        refused=REFUSED,
        verdicts=VERDICTS,
        scores=SCORES,
        states_before=pd.DataFrame([("boerse", "fresh", "2020-W16")], columns=["platform", "state", "week"]),
        findings={"lagebild.de.html": [Finding("e-mail", "anna…")], "statistics.html": []},
    )


@cache
def pages() -> Pages:
    """All pages that readers get: those of a week of the Lagebild, two more issues, statistics, monitor, archives."""
    issue, crowded, run, release = sample_issue(), crowded_issue(), monitored_run(), wide_statistics()
    month = wide_month()
    empty = sample_issue(is_empty=True, figures=[("2020-W17", 0, 0, 0, 0, 0, 0)], previous=None)
    sites = {"archive": site_files({"2020-W17": issue_files(issue)}), "empty archive": site_files({})}
    made: Pages = {}
    for language in LANGUAGES:
        for file, page in lagebild.pages(issue, language).items():
            made[file.split(".")[0], language] = page
        made["crowded cases", language] = lagebild.render_cases(crowded, language)
        made["empty", language] = lagebild.render(empty, language)
        made["crowded", language] = lagebild.render(crowded, language)
        made["ministry", language] = ministry.render(release, language)
        made["ministry month", language] = render_month(month, language)
        made["monitor", language] = monitor.render(run, language)
        for name, site in sites.items():
            made[name, language] = site.get(f"index.{language}.html", site["index.html"]).decode()
    return made
