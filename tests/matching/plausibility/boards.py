"""Small boards: a few fields a listing, everything else filled in, and the gate on them."""

from datetime import date
from typing import Any

import pandas as pd
from pandera.typing import DataFrame

from matching.plausibility.choices import Choices
from matching.plausibility.gate import held_back
from matching.schema import HeldBack, ListingConcept, OrganisationMember
from matching.taxonomy.concepts import load_taxonomy
from sources.listing import Listing

ON = date(2020, 4, 19)


def gate(rows: list[dict[str, Any]], choices: Choices | None = None) -> DataFrame[HeldBack]:
    """rows: fields of listings of the board unless `platform` says otherwise, with name, concept and owner."""
    table = pd.DataFrame([{"platform": "board"} | row for row in rows])
    table["listing_id"] = table["platform"] + ":" + table["name"]
    table["source_id"] = table["fingerprint"] = table["name"]
    missing = [name for name in Listing.to_schema().columns if name not in table.columns]
    full = table.assign(**dict.fromkeys(missing))
    for name in ("posted_at", "available_from", "available_until", "updated_at"):
        full[name] = pd.to_datetime(full[name], utc=True)
    concepts = [
        {"listing_id": row.listing_id, "concept_id": concept, "matched_text": concept, "score": 0.9}
        for row in table.itertuples()
        for concept in str(row.concept).split()
    ]
    members = table.rename(columns={"listing_id": "record_id", "owner": "organisation_id"})
    members = members[["record_id", "organisation_id"]].assign(match_probability=1.0, evidence="[]")
    return held_back(
        DataFrame[Listing](full[list(Listing.to_schema().columns)]),
        DataFrame[ListingConcept](pd.DataFrame(concepts)),
        DataFrame[OrganisationMember](members),
        load_taxonomy(),
        ON,
        choices or Choices(),
    )


_OFFER = {
    "kind": "offer",
    "title": "Angebot",
    "contact_route": "office",
    "unit": "piece",
    "certificate": "none",
    "urgency": "normal",
    "vetting": "unchecked",
    "status": "open",
    "posted_at": pd.Timestamp("2020-04-14", tz="UTC"),
    "first_seen_on": "2020-04-19",
    "last_seen_on": "2020-04-19",
    "is_carried_over": False,
    "missing_since": None,
    "retrieved_at": pd.Timestamp("2020-04-19", tz="UTC"),
}


def offer(
    name: str, quantity: float | None, concept: str = "surgical_mask", owner: str = "", **more: Any
) -> dict[str, Any]:
    """One listing of an owner of its own unless one is named."""
    return _OFFER | {"name": name, "quantity": quantity, "concept": concept, "owner": owner or f"O-{name}"} | more
