"""The gate: open listings in, those that are held back before ranking out, each with its reasons."""

from datetime import date

import pandas as pd
from pandera.typing import DataFrame

from matching.curves import OPEN_STATUSES
from matching.plausibility.choices import LIMITS, Choices
from matching.plausibility.rules import RULES, Facts
from matching.plausibility.scale import on_scale
from matching.repeats import main_concepts
from matching.schema import HOLD_REASONS, HeldBack, ListingConcept, OrganisationMember, empty
from matching.taxonomy.concepts import Taxonomy
from sources.listing import Listing
from sources.week import local_days

_DIGITS = "{:.3g}"  # of what is calculated: usual and limit
NOTHING_DECIDED = Choices()


def held_back(
    listings: DataFrame[Listing],
    concepts: DataFrame[ListingConcept],
    members: DataFrame[OrganisationMember],
    taxonomy: Taxonomy,
    on: date,
    choices: Choices = NOTHING_DECIDED,
) -> DataFrame[HeldBack]:
    """Open offers, requests and ideas that are held back as of a day, by listing and in the order of HOLD_REASONS."""
    is_open = listings["status"].isin(OPEN_STATUSES) & (listings["kind"] != "information")
    facts = _facts(listings[is_open], concepts, members, taxonomy, on)
    tables = []
    for name, rule in RULES.items():
        limit = choices.limit(name) if name in LIMITS else 0.0
        tables.append(rule(facts, limit).assign(reason=name))
    found = _decided(facts.open, pd.concat([table for table in tables if len(table)] or tables[:1]), choices)
    if found.empty:
        return DataFrame[HeldBack](empty(HeldBack))
    columns = list(HeldBack.to_schema().columns)
    table = found.reindex(columns=columns).sort_values(
        ["listing_id", "reason"],
        key=lambda column: column.map(HOLD_REASONS.index) if column.name == "reason" else column,
        ignore_index=True,
    )
    for name in ("usual", "limit"):
        table[name] = [float(_DIGITS.format(value)) for value in table[name].astype(float)]
    return DataFrame[HeldBack](table)


def let_through(listings: DataFrame[Listing], held: DataFrame[HeldBack]) -> DataFrame[Listing]:
    """The listings that take part in matches and consortia."""
    return listings[~listings["listing_id"].isin(held["listing_id"])]


def _facts(
    listings: pd.DataFrame, concepts: pd.DataFrame, members: pd.DataFrame, taxonomy: Taxonomy, on: date
) -> Facts:
    today = pd.Timestamp(on, tz="UTC")
    said = listings[["posted_at", "updated_at"]].max(axis=1)
    alive = said.fillna(pd.to_datetime(listings["first_seen_on"], utc=True).astype(said.dtype))
    table = listings.assign(
        organisation_id=listings["listing_id"].map(members.set_index("record_id")["organisation_id"]),
        concept_id=listings["listing_id"].map(main_concepts(listings, concepts)),
        age_days=(pd.Timestamp(on) - local_days(alive)).dt.days.astype(float),
    )
    return Facts(table, on_scale(table[table["quantity"].notna()]), concepts, taxonomy, today)


def _decided(listings: pd.DataFrame, found: pd.DataFrame, choices: Choices) -> pd.DataFrame:
    """What the rules found, after what people decided of products and, above them, of single listings."""
    of_product = {(one.platform, one.concept_id): one for one in choices.products}
    of_listing = {one.listing_id: one for one in choices.listings}
    keys = listings[["listing_id", "platform", "concept_id"]].itertuples(index=False, name=None)
    decided = {
        listing_id: one
        for listing_id, platform, concept_id in keys
        if (one := of_listing.get(listing_id, of_product.get((platform, concept_id)))) is not None
    }
    notes = {listing_id: one.reason for listing_id, one in decided.items() if one.verdict == "hold"}
    by_hand = listings[listings["listing_id"].isin(notes)]
    by_hand = by_hand.assign(reason="by_hand", note=by_hand["listing_id"].map(notes))
    through = [listing_id for listing_id, one in decided.items() if one.verdict == "let_through"]
    parts = [found[~found["listing_id"].isin(through)], by_hand]
    return pd.concat([part for part in parts if len(part)] or parts[:1])
