"""Who could fill a role: offers that name its concept or one that can stand in, by how well they fit."""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from matching.arrays import Floats, Integers
from matching.consortia.board import Board
from matching.consortia.options import Options
from matching.consortia.supply import Supply, in_unit, text
from matching.consortia.weights import SECOND_CHOICE, fit
from matching.places.geography import haversine_km, trade_area
from matching.ranks import SCORE_DIGITS
from matching.taxonomy.concepts import Taxonomy
from matching.taxonomy.recipes import Role
from sources.week import local_day

KNOWN = 24  # candidates of a role of a chain; for a ready product all matches are
OWN_OFFERS = 4  # of the demanding firm itself, that may have to be skipped among them

Offer = tuple[int, float, float]  # row of Supply, fit to a role, km to the demand (NaN if unknown)


@dataclass(frozen=True)
class Candidate:
    """An offer that could fill a role."""

    offer: int  # row of Supply
    role: Role  # the one among a slot's alternatives that it fills
    fit: float  # 0..1
    distance_km: float  # NaN if unknown
    whole: float  # what its whole account allows, in units of the product; NaN where quantity or unit say nothing


class RoleCandidates:
    """Finds offers for roles; the offers of a role and the distances of a place are looked up once."""

    def __init__(self, board: Board, supply: Supply, taxonomy: Taxonomy, options: Options) -> None:
        self._on = board.on
        self._supply = supply
        self._options = options
        rows = {listing_id: row for row, listing_id in enumerate(supply.listing_id)}
        self._named: dict[str, dict[int, float]] = defaultdict(dict)
        self._named_or_narrower: dict[str, dict[int, float]] = defaultdict(dict)
        columns = ["listing_id", "concept_id", "score"]
        for listing_id, concept_id, score in board.concepts[columns].itertuples(index=False, name=None):
            if (row := rows.get(listing_id)) is not None:
                self._named[concept_id][row] = score
                for concept in (concept_id, *taxonomy.ancestors(concept_id)):
                    known = self._named_or_narrower[concept].get(row, 0.0)
                    self._named_or_narrower[concept][row] = max(known, score)
        self._pools: dict[tuple[str, ...], tuple[Integers, Floats]] = {}
        self._found: dict[object, tuple[Offer, ...]] = {}  # by role, place, days and trade area

    def find(self, role: Role, request: Mapping[str, Any]) -> tuple[Candidate, ...]:
        """The best offers of others for a role that are available before the request's deadline."""
        deadline = request["available_until"]
        days = math.inf if pd.isna(deadline) else max(float((local_day(deadline) - self._on).days), 0.0)
        place = float(request["latitude"]), float(request["longitude"])
        area = trade_area(text(request["country"]))
        key = (role.concepts, None if math.isnan(place[0] + place[1]) else place, days, area)
        if key not in self._found:
            self._found[key] = self._search(role.concepts, place, days, area)
        return self.allowed(self._found[key], role, request)[:KNOWN]

    def allowed(self, offers: Iterable[Offer], role: Role, request: Mapping[str, Any]) -> tuple[Candidate, ...]:
        """Offers as candidates, without the demanding firm's own and those that the options rule out."""
        supply, options, own = self._supply, self._options, request["organisation_id"]
        found = []
        for offer, score, distance in offers:
            partner = supply.organisation_id[offer]
            is_far = distance > options.maximum_distance_km  # False where the distance is unknown
            if partner != own and not is_far and frozenset((partner, own)) not in options.forbidden_pairs:
                scored = min(score * options.scores.get(partner, 1.0), 1.0)
                whole = in_unit(float(supply.capacity[offer]), supply.unit[offer], role.unit) / role.amount
                found.append(Candidate(offer, role, scored, distance, whole))
        if options.scores:
            found.sort(key=lambda one: (-one.fit, one.offer))
        return tuple(found)

    def _pool(self, concepts: tuple[str, ...]) -> tuple[Integers, Floats]:
        """Offers of a role's own concept and narrower ones, then of what can stand in, exactly as named.

        Who offers machining is not meant where "manufacturing" at large can stand in for welding.
        """
        if concepts not in self._pools:
            scores = dict(self._named_or_narrower.get(concepts[0], {}))
            for concept in concepts[1:]:
                for row, score in self._named.get(concept, {}).items():
                    scores.setdefault(row, SECOND_CHOICE * score)
            offers = np.array(sorted(scores), dtype=np.int64)
            worth = np.array([scores[row] for row in offers.tolist()], dtype=float)
            self._pools[concepts] = (offers, worth)
        return self._pools[concepts]

    def _search(
        self, concepts: tuple[str, ...], place: tuple[float, float], days: float, area: str | None
    ) -> tuple[Offer, ...]:
        supply = self._supply
        offers, scores = self._pool(concepts)
        areas = (trade_area(supply.country[offer]) for offer in offers.tolist())
        is_reachable = [area is None or other is None or area == other for other in areas]
        can_serve = (supply.wait_days[offers] <= days) & np.array(is_reachable, dtype=bool)
        offers, scores = offers[can_serve], scores[can_serve]
        distances = haversine_km(*place, supply.latitude[offers], supply.longitude[offers])
        fits = np.round(fit(scores, distances, supply.freshness[offers]), SCORE_DIGITS)
        best = np.lexsort((offers, -fits))[: KNOWN + OWN_OFFERS]
        return tuple(zip(offers[best].tolist(), fits[best].tolist(), distances[best].tolist(), strict=True))
