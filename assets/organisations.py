"""Which listings come from the same organisation."""

from collections.abc import Mapping

import dagster as dg
import pandas as pd

from assets.decisions import Decisions
from assets.history import History
from assets.metadata import OWNERS, checked, table_metadata
from assets.partitions import WEEKLY, week_of
from matching.organisations.resolve import describe, records_of, records_of_directories, resolve
from matching.schema import Organisation, OrganisationChange, OrganisationMember, ResolutionBlock, ResolutionFigure
from sources.directory import Member
from sources.listing import Listing, empty
from sources.weekly.continuity import renamed

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
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    week = week_of(context)
    past, past_listings = history.before("organisation_members", week), history.before("listings", week)
    entries = records_of_directories(checked(network_members, Member))
    resolved = resolve(
        pd.concat([records_of(checked(listings, Listing)), entries], ignore_index=True),
        judgements=decisions.judgements(),
        previous=past[past["week"] == past["week"].max()].drop(columns="week") if len(past) else None,
        renamed=renamed(listings, past_listings if len(past_listings) else empty(Listing), week),
        retired=set(past["organisation_id"]) if len(past) else (),
    )
    figures = ResolutionFigure.validate(pd.DataFrame(resolved.health.items(), columns=["figure", "value"]))
    blocks = resolved.blocks
    facts: list[Mapping[str, int]] = [
        resolved.health,
        {},
        {},
        dict(zip(blocks["key"], blocks["largest_block"], strict=True)),
    ]
    members: pd.DataFrame = resolved.members
    tables = members, resolved.changes, figures, blocks
    for name, table, known in zip(OUTPUTS, tables, facts, strict=True):
        context.add_output_metadata({"dagster/row_count": len(table), **known}, output_name=name)
    return tables


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
