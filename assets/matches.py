"""What each listing is about, and which offer can serve which request."""

import dagster as dg
import pandas as pd

from assets.metadata import OWNERS, table_metadata
from assets.partitions import WEEKLY, week_of
from matching.concepts import classify, load_taxonomy, unmapped
from matching.needs import match
from matching.schema import ListingConcept, Match


@dg.asset(
    group_name="matches",
    partitions_def=WEEKLY,
    owners=OWNERS,
    metadata=table_metadata(ListingConcept),
    description="What each listing asks for or offers. One row per listing and concept.",
)
def listing_concepts(context: dg.AssetExecutionContext, listings: pd.DataFrame) -> pd.DataFrame:
    concepts = classify(listings, load_taxonomy())
    context.add_output_metadata(
        {"dagster/row_count": len(concepts), "unmapped_categories": len(unmapped(listings, concepts))}
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
        listings[listings["kind"] == "request"],
        listings[listings["kind"] == "offer"],
        listing_concepts,
        organisations,
        organisation_members,
        on=week_of(context).sunday,
        taxonomy=load_taxonomy(),
    )
    context.add_output_metadata({"dagster/row_count": len(found), "near_misses": int(found["blocked_by"].count())})
    return found


ASSETS = [listing_concepts, matches]
