"""Who could fill a role: offers that name its concept or one that can stand in, by how well they fit."""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from matching.arrays import Flags, Floats, Integers
from matching.cases.experience import Moves
from matching.consortia.board import Board
from matching.consortia.options import Options
from matching.consortia.supply import Supply, in_unit, text, total
from matching.consortia.weights import SECOND_CHOICE, fit
from matching.places.geography import haversine_km, trade_area
from matching.ranks import SCORE_DIGITS
from matching.taxonomy.attributes import insisted_on, is_left_open
from matching.taxonomy.concepts import Taxonomy
from matching.taxonomy.evidence import TO_CLARIFY, Offer, Reader
from matching.taxonomy.recipes import Role
from sources.week import local_day

KNOWN = 24  # candidates of a role of a chain; for a ready product all matches are
UNCLEAR = 3  # judgement: of those whose words leave it open; they are asked, not counted on
# Days after which an offer begins too late, from now or from the day that the need begins. These and LARGE_NEED are
# the rules of whoever judged 217 proposed consortia in November 2026: of seats of offers that begin 4 to 10 days from
# then, 22 of 24 were right, of those that begin later 21 of 40.
LATEST_DAYS: Mapping[str, float] = {"critical": 7, "high": 7, "normal": 10, "low": 21}
# Over `quantities.DEFAULT_WINDOW_DAYS`, 300 a week: for more, who states no quantity is to be asked first.
LARGE_NEED = 1200
FEW_UNITS = ("test", "hour", "person_day")  # of which a chain takes few, however much it makes
OWN_OFFERS = 4  # of the demanding firm itself, that may have to be skipped among them

Ranked = tuple[int, float, float]  # row of Supply, fit to a role, km to the demand (NaN if unknown)


@dataclass(frozen=True)
class Candidate:
    """An offer that could fill a role."""

    offer: int  # row of Supply
    role: Role  # the one among a slot's alternatives that it fills
    fit: float  # 0..1
    distance_km: float  # NaN if unknown
    whole: float  # what its whole account allows, in units of the product; NaN where quantity or unit say nothing
    quote: str = ""  # the words that show it
    certainty: float = 1.0  # that it can fill the role, by these words; OPEN: to be clarified


class RoleCandidates:
    """Finds offers for roles; the offers of a role and the distances of a place are looked up once."""

    def __init__(self, board: Board, supply: Supply, taxonomy: Taxonomy, options: Options) -> None:
        self._on = board.on
        self._supply = supply
        self._options = options
        self._moves = board.moves
        self.reader = Reader(taxonomy)
        said = board.listings.set_index("listing_id")[["title", "text", "norms"]].reindex(supply.listing_id)
        self._said = tuple(
            Offer(*(text(word) or "" for word in row)) for row in said.itertuples(index=False, name=None)
        )
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
        self._pools: dict[Role, tuple[Integers, Floats, Flags]] = {}
        self._found: dict[object, tuple[Ranked, ...]] = {}  # by role, place, days and trade area

    def find(self, role: Role, request: Mapping[str, Any]) -> tuple[Candidate, ...]:
        """The best offers of others for a role that are there before the request's deadline, the unclear ones last."""
        deadline = request["available_until"]
        days = math.inf if pd.isna(deadline) else max(float((local_day(deadline) - self._on).days), 0.0)
        days = min(days, self._latest(request))
        place = float(request["latitude"]), float(request["longitude"])
        area = trade_area(text(request["country"]))
        key = (role, None if math.isnan(place[0] + place[1]) else place, days, area)
        if key not in self._found:
            self._found[key] = self._search(role, place, days, area)
        return self.allowed(self._found[key], role, request)

    def allowed(
        self, offers: Iterable[Ranked], role: Role, request: Mapping[str, Any], *, is_ready: bool = False
    ) -> tuple[Candidate, ...]:
        """Offers as candidates, without the asking firm's own, and those that options, words or dates rule out.

        is_ready: whether the role is the very thing that is asked for, so that it must be as the request insists.
        """
        supply, options, own = self._supply, self._options, request["organisation_id"]
        wanted = insisted_on(text(request["title"]) or "", text(request["text"]) or "") if is_ready else ()
        found = []
        for offer, score, distance in offers:
            partner = supply.organisation_id[offer]
            is_far = distance > options.maximum_distance_km  # False where the distance is unknown
            if partner == own or is_far or frozenset((partner, own)) in options.forbidden_pairs:
                continue
            if (request["listing_id"], supply.listing_id[offer]) in self._moves.away:
                continue
            if self._is_too_late(offer, role, request) or self._is_too_large(offer, role, request):
                continue
            if shown := self.reader.shown(role, self._said[offer]):
                if self._leaves_open(offer, role, request) or self._is_silent(offer, wanted):
                    shown = TO_CLARIFY
                moved = 1.0 if is_ready else self._moves.factor(own, partner)
                scored = round(min(score * options.scores.get(partner, 1.0) * moved, 1.0), SCORE_DIGITS)
                whole = in_unit(float(supply.capacity[offer]), supply.unit[offer], role.unit) / role.amount
                found.append(Candidate(offer, role, scored, distance, whole, *shown))
        if options.scores or self._moves != Moves():
            found.sort(key=lambda one: (-one.fit, one.offer))
        return tuple(found)

    def _is_too_late(self, offer: int, role: Role, request: Mapping[str, Any]) -> bool:
        """Whether an offer begins long after the need, or so late that no lot is ready by the deadline."""
        wait = float(self._supply.wait_days[offer])
        deadline = _days(request["available_until"], self._on)
        return wait > 0 and (wait > self._latest(request) or wait + role.lead_time_days > deadline)

    def _latest(self, request: Mapping[str, Any]) -> float:
        """Days from now until which an offer must have begun."""
        begins = _days(request["available_from"], self._on)
        return LATEST_DAYS[request["urgency"]] + (0.0 if math.isnan(begins) else max(begins, 0.0))

    def _is_silent(self, offer: int, wanted: tuple[int, ...]) -> bool:
        """Whether an offer, with the norms that it states in a field of their own, says nothing of what is wanted."""
        title, said, norms = self._said[offer]
        return bool(wanted) and is_left_open(wanted, title, f"{said}\n{norms}")

    def _leaves_open(self, offer: int, role: Role, request: Mapping[str, Any]) -> bool:
        """Whether how much an offer has, or what for, is to be asked first."""
        is_for_it = self.reader.is_for_purpose(role.role_id, text(request["title"]) or "", self._said[offer])
        return not is_for_it or self._is_of_unknown_size(offer, role, request)

    def _is_of_unknown_size(self, offer: int, role: Role, request: Mapping[str, Any]) -> bool:
        """Whether an offer states no quantity where a large one is needed, which that of few tests or hours is not."""
        is_counted = role.unit not in FEW_UNITS
        is_large = total(request["quantity"], request["period"]) > LARGE_NEED
        return is_large and is_counted and math.isnan(self._supply.capacity[offer])

    def _is_too_large(self, offer: int, role: Role, request: Mapping[str, Any]) -> bool:
        """Whether the smallest lot is more than the need, in pieces of it where a role counts in other units."""
        supply = self._supply
        least = in_unit(float(supply.minimum[offer]), supply.unit[offer], role.unit) / role.amount
        if math.isnan(least):
            least = in_unit(float(supply.minimum[offer]), supply.unit[offer], text(request["unit"]))
        return least > total(request["quantity"], request["period"])

    def _pool(self, role: Role) -> tuple[Integers, Floats, Flags]:
        """Offers of a role's own concept and narrower ones, then of what can stand in, exactly as named.

        Who offers machining is not meant where "manufacturing" at large can stand in for welding.
        """
        if role not in self._pools:
            scores = dict(self._named_or_narrower.get(role.concepts[0], {}))
            for concept in role.concepts[1:]:
                for row, score in self._named.get(concept, {}).items():
                    scores.setdefault(row, SECOND_CHOICE * score)
            read = ((row, self.reader.shown(role, self._said[row])) for row in sorted(scores))
            shown = {row: evidence for row, evidence in read if evidence is not None}
            offers = list(shown)
            self._pools[role] = (
                np.array(offers, dtype=np.int64),
                np.array([scores[row] * (shown[row].certainty or 1.0) for row in offers], dtype=float),
                np.array([shown[row] == TO_CLARIFY for row in offers], dtype=bool),
            )
        return self._pools[role]

    def _search(self, role: Role, place: tuple[float, float], days: float, area: str | None) -> tuple[Ranked, ...]:
        supply = self._supply
        offers, scores, is_open = self._pool(role)
        areas = (trade_area(supply.country[offer]) for offer in offers.tolist())
        is_reachable = [area is None or other is None or area == other for other in areas]
        can_serve = (supply.wait_days[offers] <= days) & np.array(is_reachable, dtype=bool)
        offers, scores, is_open = offers[can_serve], scores[can_serve], is_open[can_serve]
        distances = haversine_km(*place, supply.latitude[offers], supply.longitude[offers])
        fits = np.round(fit(scores, distances, supply.freshness[offers]), SCORE_DIGITS)
        best = np.lexsort((offers, -fits))
        open_ones = best[is_open[best]]
        best = np.concatenate([best[~is_open[best]][: KNOWN + OWN_OFFERS], open_ones[: UNCLEAR + OWN_OFFERS]])
        return tuple(zip(offers[best].tolist(), fits[best].tolist(), distances[best].tolist(), strict=True))


def _days(moment: Any, on: date) -> float:
    """Days from a day until a moment, NaN if it is not stated."""
    return math.nan if pd.isna(moment) else float((local_day(moment) - on).days)
