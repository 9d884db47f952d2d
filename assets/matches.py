"""What each listing is about, and which offer can serve which request."""

import dagster as dg
import pandas as pd

from assets.metadata import OWNERS, checked, table_metadata
from assets.partitions import WEEKLY, week_of
from matching.concepts import classify, load_taxonomy, unmapped
from matching.needs import match
from matching.schema import ListingConcept, Match, Organisation, OrganisationMember
from sources.listing import Listing


@dg.asset(
    group_name="matches",
    partitions_def=WEEKLY,
    owners=OWNERS,
    metadata=table_metadata(ListingConcept),
    description="What each listing asks for or offers. One row per listing and concept.",
)
def listing_concepts(context: dg.AssetExecutionContext, listings: pd.DataFrame) -> pd.DataFrame:
    typed = checked(listings, Listing)
    concepts = classify(typed, load_taxonomy())
    context.add_output_metadata(
        {"dagster/row_count": len(concepts), "unmapped_categories": len(unmapped(typed, concepts))}
    )
    return concepts


@dg.asset(
    group_name="matches",
    partitions_def=WEEKLY,
    owners=OWNERS,
    metadata=table_metadata(Match),
    description="Offers that can serve a request, and near-misses. One row per request, offer and concept.",
)
def matches(
    context: dg.AssetExecutionContext,
    listings: pd.DataFrame,
    listing_concepts: pd.DataFrame,
    organisations: pd.DataFrame,
    organisation_members: pd.DataFrame,
) -> pd.DataFrame:
    found = match(
        checked(listings[listings["kind"] == "request"], Listing),
        checked(listings[listings["kind"] == "offer"], Listing),
        checked(listing_concepts, ListingConcept),
        checked(organisations, Organisation),
        checked(organisation_members, OrganisationMember),
        on=week_of(context).sunday,
        taxonomy=load_taxonomy(),
    )
    context.add_output_metadata({"dagster/row_count": len(found), "near_misses": int(found["blocked_by"].count())})
    return found


ASSETS = [listing_concepts, matches]
