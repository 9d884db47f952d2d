"""What is new this week, and the week in figures."""

import json

import dagster as dg
import pandas as pd

from assets.history import History, Issued
from assets.metadata import OWNERS, checked, table_metadata
from assets.partitions import WEEKLY, week_of
from matching import repeats
from matching.news import figures
from matching.news.opportunities import report
from matching.schema import (
    Consortium,
    ConsortiumRole,
    KeyFigures,
    ListingConcept,
    ListingRepeat,
    Match,
    Opportunity,
    OrganisationMember,
    UnmetNeed,
)
from reports.lagebild.corrections import issued_numbers
from reports.lagebild.editions import FACTS
from sources.listing import Listing


@dg.asset(
    group_name="opportunities",
    partitions_def=WEEKLY,
    owners=OWNERS,
    metadata=table_metadata(Opportunity),
    description="New, changed, unchanged and closed opportunities against all stored weeks. One row per opportunity.",
)
def opportunities(
    context: dg.AssetExecutionContext,
    listings: pd.DataFrame,
    consortia: pd.DataFrame,
    consortium_roles: pd.DataFrame,
    history: dg.ResourceParam[History],
    issued: dg.ResourceParam[Issued],
) -> pd.DataFrame:
    week = week_of(context)
    past = history.before("opportunities", week)
    editions = [json.loads(content) for content in issued.files(week, FACTS).values()]
    reported = report(
        checked(consortia, Consortium),
        checked(consortium_roles, ConsortiumRole),
        past,
        checked(listings, Listing),
        week=week,
        issued=issued_numbers(editions),
    )
    context.add_output_metadata({"dagster/row_count": len(reported), **reported["state"].value_counts().to_dict()})
    return reported


@dg.asset(
    group_name="opportunities",
    partitions_def=WEEKLY,
    owners=OWNERS,
    metadata=table_metadata(ListingRepeat),
    description="Listings that say again what their organisation said before. One row per such listing.",
)
def listing_repeats(
    listings: pd.DataFrame, organisation_members: pd.DataFrame, listing_concepts: pd.DataFrame
) -> pd.DataFrame:
    return repeats.repeats(
        checked(listings, Listing),
        checked(organisation_members, OrganisationMember),
        checked(listing_concepts, ListingConcept),
    )


@dg.asset(
    group_name="opportunities",
    partitions_def=WEEKLY,
    owners=OWNERS,
    metadata=table_metadata(KeyFigures),
    description="The week in figures. One row.",
)
def key_figures(
    context: dg.AssetExecutionContext,
    listings: pd.DataFrame,
    listing_repeats: pd.DataFrame,
    organisation_members: pd.DataFrame,
    matches: pd.DataFrame,
    unmet_needs: pd.DataFrame,
    opportunities: pd.DataFrame,
) -> pd.DataFrame:
    return figures.key_figures(
        week_of(context),
        checked(listings, Listing),
        checked(listing_repeats, ListingRepeat),
        checked(organisation_members, OrganisationMember),
        checked(matches, Match),
        checked(unmet_needs, UnmetNeed),
        checked(opportunities, Opportunity),
    )


ASSETS = [opportunities, listing_repeats, key_figures]
