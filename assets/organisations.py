"""Which listings come from the same organisation."""

from collections.abc import Mapping

import dagster as dg
import pandas as pd
from pandera.typing import DataFrame

from assets.decisions import Decisions
from assets.history import History
from assets.metadata import OWNERS, checked, table_metadata
from assets.partitions import WEEKLY, week_of
from matching.organisations.resolve import (
    Found,
    describe,
    find,
    found_again,
    records_of,
    records_of_directories,
)
from matching.organisations.reuse import digests, with_results
from matching.schema import (
    Organisation,
    OrganisationChange,
    OrganisationMember,
    ResolutionBlock,
    ResolutionDigest,
    ResolutionFigure,
)
from sources.directory import Member
from sources.listing import Listing, empty
from sources.week import Week
from sources.weekly.identity import renamed

OUTPUTS = {
    "organisation_members": (
        OrganisationMember,
        "The organisation behind every listing and directory entry. One row per listing or entry.",
    ),
    "organisation_changes": (
        OrganisationChange,
        "What became of the organisation ids of the last stored week. One row per id that did not simply go on.",
    ),
    "resolution_figures": (ResolutionFigure, "Sizes of organisations, doubtful pairs, changes. One row per figure."),
    "resolution_blocks": (ResolutionBlock, "Which records were compared, and how many. One row per way to block."),
    "resolution_digests": (
        ResolutionDigest,
        "What the organisations follow from: the same records, judgements and program need not be resolved again. "
        "One row per input, and one for the results.",
    ),
}


@dg.multi_asset(
    name="resolution",
    group_name="organisations",
    partitions_def=WEEKLY,
    outs={
        name: dg.AssetOut(description=description, owners=OWNERS, metadata=table_metadata(model))
        for name, (model, description) in OUTPUTS.items()
    },
)
def resolution(
    context: dg.AssetExecutionContext,
    listings: pd.DataFrame,
    network_members: pd.DataFrame,
    history: dg.ResourceParam[History],
    decisions: dg.ResourceParam[Decisions],
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    week = week_of(context)
    past, past_listings = history.before("organisation_members", week), history.before("listings", week)
    entries = records_of_directories(checked(network_members, Member))
    records = pd.concat([records_of(checked(listings, Listing)), entries], ignore_index=True)
    judgements = decisions.judgements()
    inputs = digests(records, judgements)
    known = _found_before(history, week, inputs)
    found = known or find(records, judgements)[0]
    resolved = found.among(
        previous=past[past["week"] == past["week"].max()].drop(columns="week") if len(past) else None,
        renamed=renamed(listings, past_listings if len(past_listings) else empty(Listing), week),
        retired=set(past["organisation_id"]) if len(past) else (),
    )
    figures: pd.DataFrame = ResolutionFigure.validate(
        pd.DataFrame(resolved.health.items(), columns=["figure", "value"])
    )
    blocks, members = resolved.blocks, resolved.members
    told = with_results(inputs, members, figures, blocks)
    facts: list[Mapping[str, int | bool]] = [
        {**resolved.health, "found_before": known is not None},
        {},
        {},
        dict(zip(blocks["key"], blocks["largest_block"], strict=True)),
        {},
    ]
    changes: pd.DataFrame = resolved.changes
    tables: tuple[pd.DataFrame, ...] = (members, changes, figures, blocks, told)
    for name, table, more in zip(OUTPUTS, tables, facts, strict=True):
        context.add_output_metadata({"dagster/row_count": len(table), **more}, output_name=name)
    return members, changes, figures, blocks, told


def _found_before(history: History, week: Week, inputs: DataFrame[ResolutionDigest]) -> Found | None:
    """What an earlier run of this week or the last stored week found, if it began with the same and is stored whole."""
    for told, members, figures, blocks in history.together(("resolution_digests", *_RESULTS), week):
        if told.equals(with_results(inputs, members, figures, blocks)):
            return found_again(members, dict(zip(figures["figure"], figures["value"], strict=True)), blocks)
    return None


_RESULTS = ("organisation_members", "resolution_figures", "resolution_blocks")


@dg.asset(
    group_name="organisations",
    partitions_def=WEEKLY,
    owners=OWNERS,
    metadata=table_metadata(Organisation),
    description="Each organisation once, with the platforms it is on. One row per organisation.",
)
def organisations(listings: pd.DataFrame, organisation_members: pd.DataFrame) -> pd.DataFrame:
    return describe(checked(listings, Listing), checked(organisation_members, OrganisationMember))


ASSETS = [resolution, organisations]
