"""Who and what is counted: each open listing once, in its region and kind; listings add up over every axis."""

from dataclasses import dataclass, field
from typing import NamedTuple

import pandas as pd

from reports.disclosure import NOBODY

KINDS = ("offer", "request")
BW, REST_OF_GERMANY, GRAND_EST, ELSEWHERE = "DE-BW", "DE-REST", "FR-GES", "OTHER"
REGIONS = (BW, REST_OF_GERMANY, GRAND_EST, ELSEWHERE)


class Entry(NamedTuple):
    """One listing. group: who stands behind it for disclosure, firm: for counting; `NOBODY` if no name is told."""

    listing_id: str
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
    """The tables of one week: `Listing`, `OrganisationMember` and `ListingRepeat`.

    For a month `ListingConcept` and `HeldBack`, and for how far its requests came `Match` and `Case`.
    """

    listings: pd.DataFrame
    members: pd.DataFrame
    repeats: pd.DataFrame
    concepts: pd.DataFrame = field(default_factory=pd.DataFrame)
    held_back: pd.DataFrame = field(default_factory=pd.DataFrame)
    matches: pd.DataFrame = field(default_factory=pd.DataFrame)
    cases: pd.DataFrame = field(default_factory=pd.DataFrame)


def entries(frames: Frames) -> list[Entry]:
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
    is_counted = (listings["status"] == "open") & listings["kind"].isin(KINDS)
    is_counted &= ~listings["listing_id"].isin(frames.repeats["listing_id"])
    columns = (listings.loc[is_counted, name] for name in ("listing_id", "kind", "country", "region"))
    found = []
    for listing_id, kind, country, region in zip(*columns, strict=True):
        firm = firm_of.get(listing_id, listing_id)
        firm = firm if firm in named else NOBODY
        place = "-".join(part for part in (country, region) if isinstance(part, str))
        found.append(Entry(listing_id, place, kind, firm, group_of.get(firm, firm)))
    return sorted(found)


def _groups_of(members: pd.DataFrame) -> dict[str, str]:
    """Organisation id -> group id, where that is told."""
    told = members.dropna(subset="group_id") if "group_id" in members else members.iloc[:0].assign(group_id="")
    return dict(zip(told["organisation_id"], told["group_id"], strict=True))
