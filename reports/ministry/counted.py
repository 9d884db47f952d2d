"""Who and what is counted: each open listing once, in its region, kind and main product group.

Listings add up over every axis. A listing of several product groups counts in the one its words name most clearly, so
that no sum counts it twice: mentions would be more than listings, and bound withheld cells of listings from above.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import pandas as pd

from reports.disclosure import NOBODY
from reports.language import Labels

KINDS = ("offer", "request")
NO_PRODUCT = "NONE"  # listings that name no product
BW, REST_OF_GERMANY, GRAND_EST, ELSEWHERE = "DE-BW", "DE-REST", "FR-GES", "OTHER"
REGIONS = (BW, REST_OF_GERMANY, GRAND_EST, ELSEWHERE)


class Entry(NamedTuple):
    """One listing. group: who stands behind it for disclosure, firm: for counting; `NOBODY` if no name is told."""

    listing_id: str
    product: str
    place: str  # "DE-BY", "DE", "" without a country
    kind: str
    firm: str
    group: str

    @property
    def region(self) -> str:
        """One of `REGIONS`."""
        if self.place in (BW, GRAND_EST):
            return self.place
        return REST_OF_GERMANY if self.place[:2] == "DE" else ELSEWHERE


@dataclass(frozen=True)
class Frames:
    """The tables of one week: `Listing`, `ListingConcept`, `OrganisationMember` and `ListingRepeat`."""

    listings: pd.DataFrame
    concepts: pd.DataFrame
    members: pd.DataFrame
    repeats: pd.DataFrame


def entries(frames: Frames, taxonomy: Labels) -> list[Entry]:
    """Open offers and requests without repeats, by listing id. A listing of no known organisation is one of its own.

    A firm is an organisation that some listing names; listings of accounts without any name stand for nobody, or each
    account would be a firm more and lift a cell over the threshold.
    """
    listings, members = frames.listings, frames.members
    firm_of = dict(zip(members["record_id"], members["organisation_id"], strict=True))
    named = {
        firm_of.get(listing, listing)
        for listing in listings.loc[listings["organisation_name"].notna(), "listing_id"].tolist()
    }
    group_of = _groups_of(members)
    product_of = _products(frames.concepts, taxonomy)
    is_counted = (listings["status"] == "open") & listings["kind"].isin(KINDS)
    is_counted &= ~listings["listing_id"].isin(frames.repeats["listing_id"])
    columns = (listings.loc[is_counted, name] for name in ("listing_id", "kind", "country", "region"))
    found = []
    for listing_id, kind, country, region in zip(*columns, strict=True):
        firm = firm_of.get(listing_id, listing_id)
        firm = firm if firm in named else NOBODY
        place = "-".join(part for part in (country, region) if isinstance(part, str))
        product = product_of.get(listing_id, NO_PRODUCT)
        found.append(Entry(listing_id, product, place, kind, firm, group_of.get(firm, firm)))
    return sorted(found)


def _groups_of(members: pd.DataFrame) -> dict[str, str]:
    """Organisation id -> group id, where that is told."""
    told = members.dropna(subset="group_id") if "group_id" in members else members.iloc[:0].assign(group_id="")
    return dict(zip(told["organisation_id"], told["group_id"], strict=True))


def _products(concepts: pd.DataFrame, taxonomy: Labels) -> dict[str, str]:
    """Listing id -> product group of its highest score; of equal ones the first by name."""
    best: dict[str, tuple[float, str]] = {}
    columns = (concepts[name] for name in ("listing_id", "concept_id", "score"))
    for listing_id, concept, score in zip(*columns, strict=True):
        one = (-round(float(score), 6), taxonomy.group(concept))
        best[listing_id] = min(one, best.get(listing_id, one))
    return {listing_id: product for listing_id, (_, product) in best.items()}


def came_in(weeks: Sequence[Frames], taxonomy: Labels) -> list[Entry]:
    """Listings that were first seen in one of these weeks, oldest week first; each as its first open week states it."""
    found: dict[str, Entry] = {}
    days = {day for frames in weeks for day in frames.listings["last_seen_on"]}
    for frames in weeks:
        new = set(frames.listings.loc[frames.listings["first_seen_on"].isin(days), "listing_id"])
        for entry in entries(frames, taxonomy):
            if entry.listing_id in new:
                found.setdefault(entry.listing_id, entry)
    return sorted(found.values())
