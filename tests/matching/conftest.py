"""A small world to compose in: a few words a listing, everything else filled in.

The chains here are constructed for these tests; the platforms' sample world is another, larger one.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import pandas as pd
import pytest
from pandera.typing import DataFrame

from matching.cases.experience import Moves
from matching.consortia.board import Board
from matching.consortia.compose import Composition, compose
from matching.schema import ListingConcept, Match, Organisation, OrganisationMember, empty, evidence
from matching.taxonomy.concepts import load_taxonomy
from matching.taxonomy.recipes import Recipe, Role
from sources.listing import Listing

ON = date(2020, 4, 19)
PLACES = {
    "Tuttlingen": (47.98, 8.82, "BW", "DE"),
    "Stuttgart": (48.78, 9.18, "BW", "DE"),
    "Strasbourg": (48.58, 7.75, "GES", "FR"),
    "Leipzig": (51.34, 12.37, "SN", "DE"),
}
MASK = Recipe(
    "surgical_mask",
    "surgical_mask",
    "piece",
    "for tests",
    (
        Role("meltblown", ("meltblown", "filter_media"), 2.0, "gram", 10.0),
        Role("ultrasonic_welding", ("ultrasonic_welding",), 1.0, "piece", 5.0, one_of="making"),
        Role("sewing", ("sewing",), 1.0, "piece", 7.0, one_of="making"),
        Role("sterilisation", ("sterilisation",), 1.0, "piece", 7.0, only_if="sterile"),
        Role("mask_testing", ("mask_testing",), 0.001, "test", 14.0),
    ),
)


@dataclass
class World:
    """Collects listings and composes them."""

    listings: list[dict[str, Any]] = field(default_factory=list)
    concepts: list[dict[str, Any]] = field(default_factory=list)
    owners: dict[str, str] = field(default_factory=dict)
    near_misses: list[tuple[str, str, str, str]] = field(default_factory=list)

    def say(
        self,
        kind: str,
        organisation: str,
        concept: str,
        quantity: float | None = None,
        city: str = "Tuttlingen",
        **more: Any,
    ) -> str:
        """One listing of an organisation about one or, joined by blanks, several concepts; returns its id."""
        platform = more.pop("platform", "biopro_boerse")
        listing_id = f"{platform}:{len(self.listings) + 1:04d}"
        latitude, longitude, region, country = PLACES[city]
        self.listings.append(
            {
                "platform": platform,
                "source_id": listing_id,
                "kind": kind,
                "title": f"{kind} {concept}",
                "organisation_name": organisation,
                "city": city,
                "region": region,
                "country": country,
                "latitude": latitude,
                "longitude": longitude,
                "contact_route": "office",
                "quantity": quantity,
                "unit": "piece",
                "certificate": "none",
                "urgency": "normal",
                "vetting": "unchecked",
                "status": "open",
                "posted_at": pd.Timestamp("2020-04-14", tz="UTC"),
                "listing_id": listing_id,
                "fingerprint": listing_id,
                "first_seen_on": "2020-04-19",
                "last_seen_on": "2020-04-19",
                "is_carried_over": False,
                "missing_since": None,
                "retrieved_at": pd.Timestamp("2020-04-19", tz="UTC"),
            }
            | more
        )
        for concept_id in concept.split():
            self.concepts.append(
                {"listing_id": listing_id, "concept_id": concept_id, "matched_text": concept_id, "score": 1.0}
            )
        self.owners[listing_id] = organisation
        return listing_id

    def frame(self) -> DataFrame[Listing]:
        table = pd.DataFrame(self.listings)
        missing = [name for name in Listing.to_schema().columns if name not in table.columns]
        table = table.assign(**dict.fromkeys(missing))
        for name in ("available_from", "available_until", "updated_at"):
            table[name] = pd.to_datetime(table[name], utc=True)
        return DataFrame[Listing](table[list(Listing.to_schema().columns)])

    def members(self) -> DataFrame[OrganisationMember]:
        rows = [
            {"record_id": key, "organisation_id": name, "match_probability": 1.0, "evidence": "[]"}
            for key, name in self.owners.items()
        ]
        return DataFrame[OrganisationMember](pd.DataFrame(rows))

    def organisations(self) -> DataFrame[Organisation]:
        rows = [
            {
                "organisation_id": name,
                "name": name,
                "city": None,
                "region": None,
                "country": None,
                "latitude": None,
                "longitude": None,
                "records": 1,
                "platforms": "biopro_boerse",
            }
            for name in sorted(set(self.owners.values()))
        ]
        return DataFrame[Organisation](pd.DataFrame(rows))

    def concept_frame(self) -> DataFrame[ListingConcept]:
        return DataFrame[ListingConcept](pd.DataFrame(self.concepts))

    def matches(self) -> DataFrame[Match]:
        """Every request with every offer of the same concept, the nearest id first, and the near-misses asked for."""
        kinds = {row["listing_id"]: row["kind"] for row in self.listings}
        pairs = [
            (request["listing_id"], offer["listing_id"], request["concept_id"], None)
            for request in self.concepts
            for offer in self.concepts
            if kinds[request["listing_id"]] == "request"
            and kinds[offer["listing_id"]] == "offer"
            and request["concept_id"] == offer["concept_id"]
            and self.owners[request["listing_id"]] != self.owners[offer["listing_id"]]
        ]
        blocked = {(request, offer) for request, offer, _, _ in self.near_misses}
        pairs = [pair for pair in pairs if pair[:2] not in blocked] + self.near_misses
        rows: list[dict[str, Any]] = []
        seen: dict[tuple[str, str, bool], int] = {}
        for request_id, offer_id, concept_id, blocked_by in sorted(pairs, key=str):
            place = request_id, concept_id, blocked_by is None
            seen[place] = seen.get(place, 0) + 1
            rows.append(
                {
                    "request_id": request_id,
                    "offer_id": offer_id,
                    "concept_id": concept_id,
                    "rank": seen[place],
                    "score": max(0.9 - 0.01 * seen[place], 0.1),
                    "blocked_by": blocked_by,
                    "distance_km": None,
                    "quantity_cover": None,
                    "is_cross_platform": request_id.split(":")[0] != offer_id.split(":")[0],
                    "evidence": evidence(),
                }
            )
        return DataFrame[Match](pd.DataFrame(rows) if rows else empty(Match))

    def board(self, on: date = ON) -> Board:
        return Board(self.frame(), self.concept_frame(), self.members(), self.organisations(), self.matches(), on)

    def compose(
        self,
        *recipes: Recipe,
        on: date = ON,
        moves: Moves | None = None,
        living: frozenset[str] = frozenset(),
        home: frozenset[str] = frozenset(),
        **more: Any,
    ) -> Composition:
        board = replace(self.board(on), moves=moves or Moves(), living=living, home=home)
        return compose(board, load_taxonomy(), recipes or (MASK,), **more)

    def shuffled(self, seed: int) -> "World":
        """The same world with its rows in another order."""
        mixed = pd.Series(range(len(self.listings))).sample(frac=1, random_state=seed)
        return World([self.listings[row] for row in mixed], self.concepts[::-1], self.owners, self.near_misses)


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def worlds() -> Callable[[], World]:
    """For tests that need several."""
    return World
