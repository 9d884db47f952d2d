"""Time to write one issue of the Lagebild: all forms but the PDF, in all three languages, by form.

    python benchmarks/rendering.py [OPPORTUNITIES MATCHES] ...      generated weeks, e.g. 500 10000
    python benchmarks/rendering.py STORE WEEK                       a week that was run

CPU seconds of one process, the first week cold (with its imports' first uses), each form measured alone.
"""

import json
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path

import pandas as pd

from matching.schema import evidence
from matching.taxonomy.concepts import load_taxonomy
from reports.lagebild import Issue, as_calendar, as_csv, as_mail, as_workbook, pages
from reports.lagebild.corrections import facts
from reports.language import LANGUAGES
from sources.platforms import PLATFORMS
from sources.week import Week
from tests.reports.builders import sample_issue

SIZES = ((500, 10_000), (500, 100_000))
_IDS = (
    "listing_id",
    "record_id",
    "organisation_id",
    "consortium_id",
    "request_id",
    "nearest_offer_id",
    "repeats_listing_id",
)


def generated(opportunities: int, matches: int) -> Issue:
    """The small week of the tests many times over, two running opportunities each; every request with many offers."""
    issue, copies = sample_issue(), opportunities // 2

    def copied(frame: pd.DataFrame) -> pd.DataFrame:
        parts = []
        for copy in range(copies):
            ids = {name: frame[name] + f"-{copy}" for name in _IDS if name in frame}
            parts.append(frame.assign(**ids))
        return pd.concat(parts, ignore_index=True)

    every = copied(issue.opportunities[issue.opportunities["state"] != "closed"])
    ranks = range(1, len(every) + 1)
    numbers = [f"K-2020-17-{rank:02d}" for rank in ranks]
    frames = {name: copied(getattr(issue, name)) for name in ("listings", "concepts", "members", "organisations")}
    frames |= {name: copied(getattr(issue, name)) for name in ("consortia", "roles", "unmet")}
    return replace(
        issue,
        **frames,
        opportunities=every.assign(opportunity_id=numbers, rank=ranks, state="new", change="[]"),
        matches=_matches(issue.matches, copies, matches),
    )


def _matches(pattern: pd.DataFrame, copies: int, count: int) -> pd.DataFrame:
    """Requests of all copies with offers of all copies; facts and scores differ from row to row."""
    rows = pattern.to_dict("records")
    found = []
    for number in range(count):
        row, request, offer = rows[number % 2], number // 2 % copies, number // 2 // copies
        parts = json.loads(row["evidence"])
        parts[1] |= {"km": round(number * 7.3 % 900, 1)}
        parts[2] |= {"share": round(number * 0.37 % 1, 2), "quantity": number % 5000}
        parts[3] |= {"days": number % 40}
        ids = {
            "request_id": f"{row['request_id']}-{request}",
            "offer_id": f"{row['offer_id']}-{(request + offer) % copies}",
        }
        found.append({**row, **ids, "rank": offer + 1, "evidence": evidence(*parts)})
    return pd.DataFrame(found).drop_duplicates(["request_id", "offer_id", "concept_id"], ignore_index=True)


def stored(store: Path, week: Week) -> Issue:
    """A week as it was run, from its tables."""

    def table(name: str, of: Week = week) -> pd.DataFrame:
        return pd.read_parquet(store / "tables" / name / f"{of}.parquet")

    weeks = sorted(Week.parse(path.stem) for path in (store / "tables" / "key_figures").glob("*.parquet"))
    earlier = [one for one in weeks if one < week]
    return Issue(
        week=week,
        listings=table("listings"),
        concepts=table("listing_concepts"),
        members=table("organisation_members"),
        organisations=table("organisations"),
        matches=table("matches"),
        consortia=table("consortia"),
        roles=table("consortium_roles"),
        unmet=table("unmet_needs"),
        shortages=table("shortages"),
        opportunities=table("opportunities"),
        key_figures=pd.concat([table("key_figures", one) for one in (*earlier, week)], ignore_index=True),
        source_states=table("source_states"),
        taxonomy=load_taxonomy(),
        platforms=PLATFORMS,
        is_sample=True,
        previous=earlier[-1] if earlier else None,
        next_issue_on=week.shifted(2).monday,
        repeats=table("listing_repeats"),
        held=table("held_back"),
        reported=pd.concat([table("opportunities", one).assign(week=str(one)) for one in earlier])
        if earlier
        else pd.DataFrame(),
    )


def measure(issue: Issue) -> None:
    """Print CPU seconds by form, all languages together."""
    forms: dict[str, Callable[[], list[str | bytes]]] = {
        "layout of the issue": lambda: [str(len(issue.desk.running))],
        "HTML": lambda: [page for language in LANGUAGES for page in pages(issue, language).values()],
        "XLSX": lambda: [as_workbook(issue, language) for language in LANGUAGES],
        "ICS": lambda: [as_calendar(issue, language) for language in LANGUAGES],
        "mail": lambda: [as_mail(issue, language) for language in LANGUAGES],
        "CSV": lambda: [as_csv(issue)],
        "facts": lambda: [json.dumps(facts(issue.desk))],
    }
    print(
        f"{len(issue.opportunities):,} opportunities, {len(issue.listings):,} listings, {len(issue.matches):,} matches"
    )
    whole = 0.0
    for name, make in forms.items():
        start = time.process_time()
        made = make()
        spent = time.process_time() - start
        whole += spent
        print(f"  {name:<20}{spent:>7.2f} s{sum(map(len, made)) / 1e6:>8.2f} MB")
    print(f"  {'together':<20}{whole:>7.2f} s")


def main(arguments: list[str]) -> None:
    """Measure the sizes or the week given."""
    names = ("pandas", "great-tables", "jinja2", "xlsxwriter", "babel")
    print(", ".join(f"{name} {version(name)}" for name in names))
    if len(arguments) == 2 and not arguments[0].isdigit():
        measure(stored(Path(arguments[0]), Week.parse(arguments[1])))
        return
    numbers = [int(argument) for argument in arguments]
    for opportunities, matches in list(zip(numbers[::2], numbers[1::2], strict=True)) or SIZES:
        measure(generated(opportunities, matches))


if __name__ == "__main__":
    main(sys.argv[1:])
