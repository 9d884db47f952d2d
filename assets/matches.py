"""What each listing is about, and which offer can serve which request."""

import warnings
from collections.abc import Iterator
from typing import Protocol

import dagster as dg
import pandas as pd

from assets.decisions import Decisions
from assets.history import History
from assets.metadata import OWNERS, checked, table_metadata
from assets.partitions import WEEKLY, week_of
from matching.cases.entries import entries_of
from matching.cases.experience import experience
from matching.needs.feedback import FeedbackError, after_outcomes
from matching.needs.match import Known, match
from matching.plausibility import gate
from matching.schema import (
    Case,
    HeldBack,
    ListingConcept,
    Match,
    Organisation,
    OrganisationMember,
    TextVector,
    empty,
)
from matching.taxonomy.concepts import Taxonomy, load_taxonomy
from matching.taxonomy.finding import classify, unmapped
from matching.texts.encoder import Encoder, load_encoder
from matching.texts.similarity import Means
from matching.texts.store import VectorStore
from matching.texts.vectors import as_read, encode_week
from sources.listing import Listing


class Names(Protocol):
    """Vectors of what the taxonomy says."""

    def of(self, encoder: Encoder, taxonomy: Taxonomy) -> pd.DataFrame:
        """TextVector rows of all names of a taxonomy."""
        ...


with warnings.catch_warnings():
    warnings.simplefilter("ignore", dg.PreviewWarning)  # checks of a partition, see `assets.checks`
    ENCODER_CHECK = dg.AssetCheckSpec(
        "encoder",
        asset="text_vectors",
        partitions_def=WEEKLY,
        description="A sentence encoder was there; without it offers are ranked by words, concepts and facts alone.",
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
    metadata=table_metadata(TextVector),
    check_specs=[ENCODER_CHECK],
    description="What is said, as vectors; only new texts are encoded. One row per text, sentence, word or name.",
)
def text_vectors(
    context: dg.AssetExecutionContext,
    listings: pd.DataFrame,
    history: dg.ResourceParam[History],
    names: dg.ResourceParam[Names],
) -> Iterator[dg.Output[pd.DataFrame] | dg.AssetCheckResult]:
    notices: list[str] = []
    encoder = load_encoder(notices.append)
    table, new = empty(TextVector), 0
    if encoder is not None:
        known = history.latest("text_vectors", week_of(context))
        store = VectorStore(encoder, names.of(encoder, load_taxonomy()) if known is None else known)
        table, new = encode_week(checked(listings, Listing), load_taxonomy(), store), store.encoded
    counts = {"dagster/row_count": len(table), "encoded": new, "reused": len(table) - new}
    yield dg.Output(table, metadata={**counts, "encoder": encoder.name if encoder else "none"})
    yield _warning(ENCODER_CHECK, notices)


@dg.asset(
    group_name="matches",
    partitions_def=WEEKLY,
    owners=OWNERS,
    metadata=table_metadata(ListingConcept),
    description="What each listing asks for or offers. One row per listing and concept.",
)
def listing_concepts(
    context: dg.AssetExecutionContext, listings: pd.DataFrame, text_vectors: pd.DataFrame
) -> pd.DataFrame:
    typed, taxonomy = checked(listings, Listing), load_taxonomy()
    concepts = classify(as_read(typed, taxonomy, _stored(text_vectors)), taxonomy)
    context.add_output_metadata(
        {"dagster/row_count": len(concepts), "unmapped_categories": len(unmapped(typed, concepts))}
    )
    return concepts


def _stored(text_vectors: pd.DataFrame) -> VectorStore | None:
    """The week's vectors with the encoder that they came from, None for a week without."""
    encoder = load_encoder(lambda notice: None) if len(text_vectors) else None
    return VectorStore(encoder, text_vectors) if encoder is not None else None


@dg.asset(
    group_name="matches",
    partitions_def=WEEKLY,
    owners=OWNERS,
    metadata=table_metadata(HeldBack),
    description="Listings that nobody would call: they are shown, not matched. One row per listing and reason.",
)
def held_back(
    context: dg.AssetExecutionContext,
    listings: pd.DataFrame,
    listing_concepts: pd.DataFrame,
    organisation_members: pd.DataFrame,
    decisions: dg.ResourceParam[Decisions],
) -> pd.DataFrame:
    day, taxonomy = week_of(context).sunday, load_taxonomy()
    held = gate.held_back(
        checked(listings, Listing),
        checked(listing_concepts, ListingConcept),
        checked(organisation_members, OrganisationMember),
        taxonomy,
        day,
        decisions.plausible(taxonomy.concepts).until(day),
    )
    reasons = held["reason"].value_counts().to_dict()
    context.add_output_metadata({"dagster/row_count": len(held), "listings": held["listing_id"].nunique(), **reasons})
    return held


@dg.asset(
    group_name="matches",
    partitions_def=WEEKLY,
    owners=OWNERS,
    metadata=table_metadata(Match),
    check_specs=[FEEDBACK_CHECK],
    ins={name: dg.AssetIn(name) for name in ("listing_concepts", "organisations", "organisation_members")},
    description="Offers that can serve a request, and near-misses. One row per request, offer and concept.",
)
def matches(
    context: dg.AssetExecutionContext,
    listings: pd.DataFrame,
    held_back: pd.DataFrame,
    text_vectors: pd.DataFrame,
    case_entries: pd.DataFrame,
    history: dg.ResourceParam[History],
    decisions: dg.ResourceParam[Decisions],
    **known: pd.DataFrame,
) -> Iterator[dg.Output[pd.DataFrame] | dg.AssetCheckResult]:
    day, verdicts, notices = week_of(context).sunday, None, []
    try:
        verdicts = decisions.feedback(day)
    except FeedbackError as error:
        notices.append(f"feedback not used: {error}")
    plausible = gate.let_through(checked(listings, Listing), checked(held_back, HeldBack))
    found = match(
        checked(plausible[plausible["kind"] == "request"], Listing),
        checked(plausible[plausible["kind"] == "offer"], Listing),
        on=day,
        taxonomy=load_taxonomy(),
        means=Means(_stored(text_vectors)),
        known=Known(
            checked(known["listing_concepts"], ListingConcept),
            checked(known["organisations"], Organisation),
            checked(known["organisation_members"], OrganisationMember),
            feedback=verdicts,
        ),
    )
    told = history.latest("cases", week_of(context))
    learnt = experience(entries_of(case_entries), None if told is None else checked(told, Case))
    found = after_outcomes(found, learnt, known["organisation_members"], listings)
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


ASSETS = [text_vectors, listing_concepts, held_back, matches]
