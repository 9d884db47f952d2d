"""Which listings come from the same organisation."""

import dagster as dg
import pandas as pd

from assets.history import History
from assets.metadata import OWNERS, checked, table_metadata
from assets.partitions import WEEKLY, week_of
from matching.organisations import describe, records_of, records_of_directories, resolve
from matching.schema import Organisation, OrganisationMember
from sources.directory import Member
from sources.listing import Listing


@dg.asset(
    group_name="organisations",
    partitions_def=WEEKLY,
    owners=OWNERS,
    metadata=table_metadata(OrganisationMember),
    description="The organisation behind every listing and directory entry. One row per listing or entry.",
)
def organisation_members(
    context: dg.AssetExecutionContext,
    listings: pd.DataFrame,
    network_members: pd.DataFrame,
    history: dg.ResourceParam[History],
) -> pd.DataFrame:
    past = history.before("organisation_members", week_of(context))
    previous = past[past["week"] == past["week"].max()].drop(columns="week") if len(past) else None
    entries = records_of_directories(checked(network_members, Member))
    records = pd.concat([records_of(checked(listings, Listing)), entries], ignore_index=True)
    resolution = resolve(records, previous=previous)
    context.add_output_metadata({"dagster/row_count": len(resolution.members), **resolution.health})
    return resolution.members


@dg.asset(
    group_name="organisations",
    partitions_def=WEEKLY,
    owners=OWNERS,
    metadata=table_metadata(Organisation),
    description="Each organisation once, with the platforms it is on. One row per organisation.",
)
def organisations(listings: pd.DataFrame, organisation_members: pd.DataFrame) -> pd.DataFrame:
    return describe(checked(listings, Listing), checked(organisation_members, OrganisationMember))


ASSETS = [organisation_members, organisations]
