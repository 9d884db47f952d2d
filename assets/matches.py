"""What each listing is about, and which offer can serve which request."""

import warnings
from collections.abc import Iterator

import dagster as dg
import pandas as pd

from assets.decisions import Decisions
from assets.history import History
from assets.metadata import OWNERS, checked, table_metadata
from assets.partitions import WEEKLY, week_of
from matching.needs.feedback import FeedbackError
from matching.needs.match import Known, match
from matching.schema import ListingConcept, ListingVector, Match, Organisation, OrganisationMember, empty
from matching.taxonomy.concepts import load_taxonomy
from matching.taxonomy.finding import classify, unmapped
from matching.texts.encoder import load_encoder
from matching.texts.vectors import listing_vectors as encoded
from sources.listing import Listing

with warnings.catch_warnings():
    warnings.simplefilter("ignore", dg.PreviewWarning)  # checks of a partition, see `assets.checks`
    ENCODER_CHECK = dg.AssetCheckSpec(
        "encoder",
        asset="listing_vectors",
        partitions_def=WEEKLY,
        description="A sentence encoder was there; without it offers are ranked by concepts and facts alone.",
    )
    FEEDBACK_CHECK = dg.AssetCheckSpec(
        "feedback",
        asset="matches",
        partitions_def=WEEKLY,
        description="The verdicts on earlier matches could be read; if not, the documented weights hold.",
    )


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
    metadata=table_metadata(ListingVector),
    check_specs=[ENCODER_CHECK],
    description="What requests and offers say, as sentence vectors; only new texts are encoded. One row per listing.",
)
def listing_vectors(
    context: dg.AssetExecutionContext, listings: pd.DataFrame, history: dg.ResourceParam[History]
) -> Iterator[dg.Output[pd.DataFrame] | dg.AssetCheckResult]:
    notices: list[str] = []
    encoder = load_encoder(notices.append)
    table, new = empty(ListingVector), 0
    if encoder is not None:
        table, new = encoded(checked(listings, Listing), encoder, history.latest("listing_vectors", week_of(context)))
    counts = {"dagster/row_count": len(table), "encoded": new, "reused": len(table) - new}
    yield dg.Output(table, metadata={**counts, "encoder": encoder.name if encoder else "none"})
    yield _warning(ENCODER_CHECK, notices)


@dg.asset(
    group_name="matches",
    partitions_def=WEEKLY,
    owners=OWNERS,
    metadata=table_metadata(Match),
    check_specs=[FEEDBACK_CHECK],
    description="Offers that can serve a request, and near-misses. One row per request, offer and concept.",
)
def matches(
    context: dg.AssetExecutionContext,
    listings: pd.DataFrame,
    listing_concepts: pd.DataFrame,
    listing_vectors: pd.DataFrame,
    organisations: pd.DataFrame,
    organisation_members: pd.DataFrame,
    decisions: dg.ResourceParam[Decisions],
) -> Iterator[dg.Output[pd.DataFrame] | dg.AssetCheckResult]:
    day, verdicts, notices = week_of(context).sunday, None, []
    try:
        verdicts = decisions.feedback(day)
    except FeedbackError as error:
        notices.append(f"feedback not used: {error}")
    found = match(
        checked(listings[listings["kind"] == "request"], Listing),
        checked(listings[listings["kind"] == "offer"], Listing),
        Known(
            checked(listing_concepts, ListingConcept),
            checked(organisations, Organisation),
            checked(organisation_members, OrganisationMember),
            listing_vectors,
        ),
        on=day,
        taxonomy=load_taxonomy(),
        feedback=verdicts,
    )
    counts = {"dagster/row_count": len(found), "near_misses": int(found["blocked_by"].count())}
    yield dg.Output(found, metadata={**counts, "verdicts": 0 if verdicts is None else len(verdicts)})
    yield _warning(FEEDBACK_CHECK, notices)


def _warning(check: dg.AssetCheckSpec, notices: list[str]) -> dg.AssetCheckResult:
    return dg.AssetCheckResult(
        asset_key=check.asset_key,
        check_name=check.name,
        passed=not notices,
        severity=dg.AssetCheckSeverity.WARN,
        description="; ".join(notices),
    )


ASSETS = [listing_concepts, listing_vectors, matches]
