"""The three documents, each for its own readers, and what goes back to the platforms."""

import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import dagster as dg
import pandas as pd

from assets.decisions import Answers, Decisions
from assets.history import History, Issued
from assets.metadata import OWNERS
from assets.partitions import EVERY_WEEK, WEEKLY, week_of
from matching.taxonomy.concepts import load_taxonomy
from reports import lagebild as lagebild_room
from reports import ministry as ministry_room
from reports import monitor as monitor_room
from reports.lagebild.editions import FACTS, calls_in, published, remits_in
from reports.language import LANGUAGES
from reports.rejects import reject_files
from reports.reminders import reminder_files
from sources.platforms import PLATFORMS
from sources.week import Week

Documents = dict[str, bytes]


@dataclass(frozen=True)
class Edition:
    """What the settings decide about a document."""

    is_sample: bool
    office: ministry_room.Office = ministry_room.Office()  # noqa: RUF009 frozen; who publishes the statistics


# Field of `lagebild.Issue` -> the table that it shows.
ISSUE_TABLES = {
    "listings": "listings",
    "concepts": "listing_concepts",
    "members": "organisation_members",
    "organisations": "organisations",
    "matches": "matches",
    "consortia": "consortia",
    "roles": "consortium_roles",
    "unmet": "unmet_needs",
    "shortages": "shortages",
    "opportunities": "opportunities",
    "key_figures": "key_figures",
    "source_states": "source_states",
    "repeats": "listing_repeats",
    "held": "held_back",
    "cases": "cases",
    "entries": "case_entries",
}
# Field of `monitor.Run` -> the table that it shows.
RUN_TABLES = {
    "source_states": "source_states",
    "quarantine": "quarantine",
    "listings": "listings",
    "repeats": "listing_repeats",
    "held": "held_back",
    "resolution_figures": "resolution_figures",
    "resolution_blocks": "resolution_blocks",
    "consortia": "consortia",
    "cases": "cases",
    "entries": "case_entries",
    "refused": "refused_answers",
    "verdicts": "review_verdicts",
}


@dg.asset(
    group_name="reports",
    partitions_def=WEEKLY,
    owners=OWNERS,
    io_manager_key="documents",
    ins={field: dg.AssetIn(table) for field, table in ISSUE_TABLES.items()},
    freshness_policy=EVERY_WEEK,
    description="For task-force leads: what is new, who must act, by when, whom to call; in all languages and forms.",
)
def lagebild(
    context: dg.AssetExecutionContext,
    history: dg.ResourceParam[History],
    issued: dg.ResourceParam[Issued],
    decisions: dg.ResourceParam[Decisions],
    answers: dg.ResourceParam[Answers],
    edition: dg.ResourceParam[Edition],
    **tables: pd.DataFrame,
) -> Documents:
    week = week_of(context)
    taxonomy = load_taxonomy()
    earlier = history.before("key_figures", week)
    figures = pd.concat([earlier, tables.pop("key_figures")], ignore_index=True)
    weeks = [Week.parse(one) for one in sorted(set(earlier["week"]))] if len(earlier) else []
    told = {one: files[FACTS] for one in weeks if FACTS in (files := issued.files(one, FACTS))}
    issue = lagebild_room.Issue(
        week=week,
        key_figures=figures,
        taxonomy=taxonomy,
        platforms=PLATFORMS,
        is_sample=edition.is_sample,
        previous=weeks[-1] if weeks else None,
        next_issue_on=week.shifted(2).monday,
        reported=history.before("opportunities", week),
        earlier_shortages=history.before("shortages", week),
        mutes=decisions.mutes(taxonomy.concepts),
        corrections=(),
        links=answers.links(),
        remit=decisions.remit(taxonomy.concepts),
        remits=remits_in(told),
        last_calls=calls_in(told.get(weeks[-1])) if weeks else (),
        **tables,
    )
    context.add_output_metadata({"muted": len(issue.desk.muted)})
    return published(issue, issued.files(week), issued.today())


# Field of `ministry.Frames` -> the table that it holds.
STATISTICS_TABLES = {
    "listings": "listings",
    "members": "organisation_members",
    "repeats": "listing_repeats",
}
# What a month needs more.
MONTH_TABLES = {"concepts": "listing_concepts", "held_back": "held_back", "matches": "matches", "cases": "cases"}


with warnings.catch_warnings():
    warnings.simplefilter("ignore", dg.PreviewWarning)  # as in `assets.checks`
    AUDIT = dg.AssetCheckSpec(
        "audit",
        asset="ministry_statistics",
        partitions_def=WEEKLY,
        description="No protected count can be worked out, not even from all releases together; else nothing goes out.",
    )


@dg.asset(
    group_name="reports",
    partitions_def=WEEKLY,
    owners=OWNERS,
    io_manager_key="documents",
    ins={field: dg.AssetIn(table) for field, table in STATISTICS_TABLES.items()},
    check_specs=[AUDIT],
    freshness_policy=EVERY_WEEK,
    description="For the ministry: protected counts by region and kind, in all languages. A release that fails its "
    "audit is not written: the one before stays.",
)
def ministry_statistics(
    context: dg.AssetExecutionContext,
    history: dg.ResourceParam[History],
    released: dg.ResourceParam[Issued],
    edition: dg.ResourceParam[Edition],
    lagebild: Documents,
    **tables: pd.DataFrame,
) -> Iterator[dg.Output[Documents] | dg.AssetCheckResult]:
    week = week_of(context)
    frames = {**statistics_frames(history, week), week: ministry_room.Frames(**tables)}
    files = {one: released.files(one, "statistics.csv").get("statistics.csv", b"") for one in frames}
    made = ministry_room.week_release(
        week,
        frames,
        files,
        is_sample=edition.is_sample,
        office=edition.office,
        lagebild=lagebild.get("lagebild.de.html", b""),
    )
    yield dg.Output(dict(made.files if not made.findings else released.files(week)))
    yield dg.AssetCheckResult(
        check_name="audit",
        passed=not made.findings,
        severity=dg.AssetCheckSeverity.WARN,
        description="; ".join(("not released", *made.findings)) if made.findings else None,
    )


def statistics_frames(history: History, before: Week) -> dict[Week, ministry_room.Frames]:
    """The tables of the stored weeks of a quarter before a week, for its statistics."""
    found = _frames(history, ministry_room.Month.of(before), before, STATISTICS_TABLES)
    return {week: found[week] for week in ministry_room.of_quarter(found, before)}


def month_frames(history: History, month: ministry_room.Month) -> dict[Week, ministry_room.Frames]:
    """The tables of all stored weeks of a month's quarter, with what their listings are about and what came of them."""
    last = Week.of(month.months_of_quarter[-1].last).shifted(1)
    found = _frames(history, month, last, {**STATISTICS_TABLES, **MONTH_TABLES})
    return {week: one for week, one in found.items() if ministry_room.Month.of(week).quarter == month.quarter}


def _frames(
    history: History, month: ministry_room.Month, before: Week, tables: Mapping[str, str]
) -> dict[Week, ministry_room.Frames]:
    """The tables of the stored weeks before a week, from the first that may lie in the quarter of a month."""
    first = Week.of(month.months_of_quarter[0].first)
    stored = {field: history.within(table, first, before) for field, table in tables.items()}
    weeks = sorted(stored["listings"]["week"].unique()) if len(stored["listings"]) else []
    return {
        Week.parse(name): ministry_room.Frames(
            **{field: table[table["week"] == name] if len(table) else table for field, table in stored.items()}
        )
        for name in weeks
    }


@dg.asset(
    group_name="reports",
    partitions_def=WEEKLY,
    owners=OWNERS,
    io_manager_key="documents",
    description="For the platforms' operators: one CSV per platform of which a row was refused, to be sent back.",
)
def rejects(context: dg.AssetExecutionContext, quarantine: pd.DataFrame) -> Documents:
    rows = quarantine.groupby("platform")["row"].nunique()
    context.add_output_metadata({"rows": int(rows.sum()), "platforms": len(rows)})
    return reject_files(quarantine, PLATFORMS)


@dg.asset(
    group_name="reports",
    partitions_def=WEEKLY,
    owners=OWNERS,
    io_manager_key="documents",
    description="For the platforms' operators: whose owner to ask whether the listing still holds. One CSV each.",
)
def reminders(context: dg.AssetExecutionContext, listings: pd.DataFrame) -> Documents:
    files = reminder_files(listings, PLATFORMS, week_of(context))
    context.add_output_metadata({"platforms": len(files)})
    return files


@dg.asset(
    group_name="reports",
    partitions_def=WEEKLY,
    owners=OWNERS,
    io_manager_key="documents",
    ins={field: dg.AssetIn(table) for field, table in RUN_TABLES.items()},
    freshness_policy=EVERY_WEEK,
    description="For data staff: did every platform deliver, what was refused and why; in all languages.",
)
def monitor(
    context: dg.AssetExecutionContext,
    platform_findings: pd.DataFrame,
    lagebild: Documents,
    ministry_statistics: Documents,
    match_scores: pd.DataFrame,
    history: dg.ResourceParam[History],
    edition: dg.ResourceParam[Edition],
    **tables: pd.DataFrame,
) -> Documents:
    week = week_of(context)
    run = monitor_room.Run(
        week=week,
        watched=platform_findings,
        platforms=PLATFORMS,
        is_sample=edition.is_sample,
        figures_before=_figures(history.latest("resolution_figures", week)),
        taxonomy=load_taxonomy(),
        # None of them would be stored if it held contact data.
        findings={name: () for name in (*lagebild, *ministry_statistics) if name.endswith((".html", ".csv"))},
        states_before=history.before("source_states", week),
        scores=pd.concat(
            [history.before("match_scores", week), match_scores.assign(week=str(week))], ignore_index=True
        ),
        **tables,
    )
    pages = {monitor_room.page_name(language): monitor_room.render(run, language) for language in LANGUAGES}
    return _encoded({**pages, "monitor.json": monitor_room.as_json(run)})


def _figures(table: pd.DataFrame | None) -> dict[str, int]:
    return {} if table is None else dict(zip(table["figure"], table["value"], strict=True))


def _encoded(documents: Mapping[str, str]) -> Documents:
    return {name: text.encode() for name, text in documents.items()}


ASSETS = [lagebild, ministry_statistics, rejects, reminders, monitor]
