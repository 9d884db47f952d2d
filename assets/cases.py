"""What came of opportunities: answers and outcomes, how each case stands, what reviewers said of matches."""

import warnings
from collections.abc import Iterator

import dagster as dg
import pandas as pd

from assets.decisions import Answers
from assets.history import History
from assets.metadata import OWNERS, checked, table_metadata
from assets.partitions import WEEKLY, week_of
from matching.cases.entries import entries_of, entry_table
from matching.cases.history import cases as standing
from matching.news.figures import match_scores as scores_of
from matching.schema import Case, CaseEntry, ConsortiumRole, Match, MatchScores, RefusedAnswer, ReviewVerdict
from sources.listing import Listing

with warnings.catch_warnings():
    warnings.simplefilter("ignore", dg.PreviewWarning)  # checks of a partition, see `assets.checks`
    REACHED_CHECK = dg.AssetCheckSpec(
        "mailbox",
        asset="case_entries",
        partitions_def=WEEKLY,
        description="The mailbox for answers could be read; if not, its answers count from the next run on.",
    )

OUTPUTS = {
    "case_entries": (CaseEntry, "Answers and outcomes known at the week's end. One row per entry, oldest first."),
    "refused_answers": (RefusedAnswer, "Answers that changed nothing, with the rule that they broke."),
    "review_verdicts": (ReviewVerdict, "What people said of matches without seeing their scores."),
}


@dg.multi_asset(
    name="answers",
    group_name="cases",
    partitions_def=WEEKLY,
    check_specs=[REACHED_CHECK],
    outs={
        name: dg.AssetOut(description=description, owners=OWNERS, metadata=table_metadata(model))
        for name, (model, description) in OUTPUTS.items()
    },
)
def answered(
    context: dg.AssetExecutionContext, answers: dg.ResourceParam[Answers]
) -> Iterator[dg.Output[pd.DataFrame] | dg.AssetCheckResult]:
    until = week_of(context).ends_at
    notices = answers.collect(until)
    known: dict[str, pd.DataFrame] = {
        "case_entries": entry_table(answers.entries(until)),
        "refused_answers": answers.refused(until),
        "review_verdicts": answers.reviews(until),
    }
    for name, table in known.items():
        yield dg.Output(table, output_name=name, metadata={"dagster/row_count": len(table)})
    yield dg.AssetCheckResult(
        asset_key=REACHED_CHECK.asset_key,
        check_name=REACHED_CHECK.name,
        passed=not notices,
        severity=dg.AssetCheckSeverity.WARN,
        description="; ".join(notices),
    )


@dg.asset(
    group_name="cases",
    partitions_def=WEEKLY,
    owners=OWNERS,
    metadata=table_metadata(Case),
    description="How each opportunity that was ever told stands. One row per opportunity.",
)
def cases(
    context: dg.AssetExecutionContext,
    opportunities: pd.DataFrame,
    case_entries: pd.DataFrame,
    consortium_roles: pd.DataFrame,
    listings: pd.DataFrame,
    organisation_members: pd.DataFrame,
    history: dg.ResourceParam[History],
) -> pd.DataFrame:
    week = week_of(context)
    before = history.latest("cases", week)
    table = standing(
        pd.concat([history.before("opportunities", week), opportunities.assign(week=str(week))], ignore_index=True),
        entries_of(case_entries),
        checked(consortium_roles, ConsortiumRole),
        checked(listings, Listing),
        dict(zip(organisation_members["record_id"], organisation_members["organisation_id"], strict=True)),
        None if before is None else checked(before, Case),
    )
    context.add_output_metadata({"dagster/row_count": len(table), **table["state"].value_counts().to_dict()})
    return table


@dg.asset(
    group_name="cases",
    partitions_def=WEEKLY,
    owners=OWNERS,
    metadata=table_metadata(MatchScores),
    description="How well the best matches fit, to be compared over weeks. One row.",
)
def match_scores(matches: pd.DataFrame) -> pd.DataFrame:
    return scores_of(checked(matches, Match))


ASSETS = [answered, cases, match_scores]
