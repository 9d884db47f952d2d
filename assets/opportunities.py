"""What is new this week, and the week in figures."""

import dagster as dg
import pandas as pd
from pandera.typing import DataFrame

from assets.history import History
from assets.metadata import OWNERS, checked, table_metadata
from assets.partitions import WEEKLY, week_of
from matching import repeats
from matching.cases.entries import entries_of
from matching.cases.history import closings
from matching.news import figures
from matching.news.opportunities import followed, numbers_after, report
from matching.schema import (
    Consortium,
    ConsortiumRole,
    KeyFigures,
    ListingConcept,
    ListingRepeat,
    Match,
    Opportunity,
    OpportunityNumber,
    OrganisationMember,
    UnmetNeed,
)
from sources.listing import Listing
from sources.week import Week
from sources.weekly.identity import renamed

OUTPUTS = {  # numbers first: a run that breaks off between the two has given out too many, never the same one twice
    "opportunity_numbers": (
        OpportunityNumber,
        "Numbers that the week gave out. One row per number; none is used again.",
    ),
    "opportunities": (
        Opportunity,
        "New, changed, unchanged and closed opportunities against all stored weeks. One row per opportunity.",
    ),
}


@dg.multi_asset(
    name="news",
    group_name="opportunities",
    partitions_def=WEEKLY,
    outs={
        name: dg.AssetOut(description=description, owners=OWNERS, metadata=table_metadata(model))
        for name, (model, description) in OUTPUTS.items()
    },
)
def opportunities(
    context: dg.AssetExecutionContext,
    listings: pd.DataFrame,
    consortia: pd.DataFrame,
    consortium_roles: pd.DataFrame,
    held_back: pd.DataFrame,
    case_entries: pd.DataFrame,
    history: dg.ResourceParam[History],
) -> tuple[pd.DataFrame, pd.DataFrame]:
    week = week_of(context)
    before = _numbers(history, week)
    past, past_listings = history.before("opportunities", week), history.before("listings", week)
    moved = renamed(listings, past_listings, week) if len(past_listings) else {}
    reported = report(
        checked(consortia, Consortium),
        checked(consortium_roles, ConsortiumRole),
        followed(past, moved),
        checked(listings, Listing),
        week=week,
        numbers=before,
        held=frozenset(held_back["listing_id"]),
        closings=closings(entries_of(case_entries)),
    )
    numbers = numbers_after(reported, week, before)
    states = reported["state"].value_counts().to_dict()
    context.add_output_metadata({"dagster/row_count": len(numbers)}, output_name="opportunity_numbers")
    context.add_output_metadata({"dagster/row_count": len(reported), **states}, output_name="opportunities")
    return numbers, reported


def _numbers(history: History, week: Week) -> DataFrame[OpportunityNumber] | None:
    """What earlier runs of the week gave out; of a week stored before numbers had a table, those of its newest run."""
    numbers = history.stored("opportunity_numbers", week)
    if numbers is not None:
        return checked(numbers, OpportunityNumber)
    reported = history.stored("opportunities", week)
    return None if reported is None else numbers_after(checked(reported, Opportunity), week)


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
    consortia: pd.DataFrame,
    opportunities: pd.DataFrame,
) -> pd.DataFrame:
    return figures.key_figures(
        week_of(context),
        checked(listings, Listing),
        checked(listing_repeats, ListingRepeat),
        checked(organisation_members, OrganisationMember),
        checked(matches, Match),
        checked(unmet_needs, UnmetNeed),
        checked(consortia, Consortium),
        checked(opportunities, Opportunity),
    )


ASSETS = [opportunities, listing_repeats, key_figures]
