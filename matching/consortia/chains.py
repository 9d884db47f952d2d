"""What must be filled and by whom it could be: the week's needs, their chains of roles, candidates for each role.

Nothing is decided here; `optimiser` and `greedy` choose among the candidates.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from matching.arrays import Floats
from matching.consortia.options import Options
from matching.consortia.supply import Supply, in_unit, placed, text, total
from matching.curves import HALF_DISTANCE_KM, OPEN_STATUSES, UNKNOWN
from matching.places.geography import haversine_km, trade_area
from matching.taxonomy.concepts import Taxonomy
from matching.taxonomy.finding import find
from matching.taxonomy.recipes import CONDITIONS, Recipe, Role

CANDIDATES = 24  # known per role of a chain; for a ready product all matches are
OWN_OFFERS = 4  # of the demanding firm itself, that may have to be skipped among them
SECOND_CHOICE = 0.9  # worth of a concept that can fill a role but is not its first
IDEA = "idea"  # recipe of consortia that come from the roles an idea seeks


@dataclass(frozen=True)
class Candidate:
    """An offer that could fill a role."""

    offer: int  # row of Supply
    role: Role  # the one among a slot's alternatives that it fills
    fit: float  # 0..1
    distance_km: float  # NaN if unknown
    whole: float  # what its whole account allows, in units of the product; NaN where quantity or unit say nothing


@dataclass(frozen=True)
class Slot:
    """One place in a chain: a role, or roles that can stand for each other, with candidates, the best first."""

    roles: tuple[Role, ...]
    candidates: tuple[Candidate, ...]


@dataclass(frozen=True)
class Chain:
    """One way to serve a need; the ready product is a chain of one slot."""

    recipe_id: str
    slots: tuple[Slot, ...]


@dataclass(frozen=True)
class Need:
    """One request's need for one concept, with the ways to serve it, the shortest chain first."""

    consortium_id: str
    request_id: str
    concept_id: str
    organisation_id: str
    platform: str
    region: str | None
    country: str | None
    quantity: float  # NaN if not stated
    unit: str | None
    urgency: str
    deadline_on: str | None
    chains: tuple[Chain, ...]


def read_needs(
    listings: pd.DataFrame,
    concepts: pd.DataFrame,
    members: pd.DataFrame,
    organisations: pd.DataFrame,
    matches: pd.DataFrame,
    taxonomy: Taxonomy,
    recipes: Iterable[Recipe],
    supply: Supply,
    options: Options,
    on: date,
) -> tuple[Need, ...]:
    """The week's needs: one per concept, demanding organisation, region and period; the newest request speaks.

    An idea needs the roles that it seeks.
    """
    is_asking = listings["kind"].isin(("request", "idea")) & listings["status"].isin(OPEN_STATUSES)
    requests = placed(listings[is_asking], members, organisations)
    rows = _needs_of_requests(requests, concepts)
    ready = _ready_offers(matches, supply)
    candidates = _RoleCandidates(supply, concepts, taxonomy, options, on)
    by_product = {recipe.concept_id: recipe for recipe in recipes}
    needs = []
    for row in rows:
        concept_id = row["concept_id"]
        recipe = next((way for way in map(by_product.get, (concept_id, *taxonomy.ancestors(concept_id))) if way), None)
        unit = text(row["unit"])
        if unit is None and math.isnan(row["quantity"]):  # then promises count in the product's own unit
            unit = recipe.unit if recipe is not None else "piece"
        chains = []
        if row["kind"] == "idea":
            if slots := _slots(_roles_sought(row, taxonomy), row, candidates):
                chains.append(Chain(IDEA, slots))
            else:
                continue  # an idea that seeks nobody is no need
        else:
            role = Role(concept_id, (concept_id,), amount=1.0, unit=unit or "piece", lead_time_days=0.0)
            offers = ready.get((row["listing_id"], concept_id), ())
            if found := candidates.allowed(offers, role, row):
                chains.append(Chain(concept_id, (Slot((role,), found),)))
            if recipe is not None:
                roles = [role for role in recipe.roles if is_needed(role, row)]
                chains.append(Chain(recipe.recipe_id, _slots(roles, row, candidates)))
        needs.append(
            Need(
                consortium_id=row["consortium_id"],
                request_id=row["listing_id"],
                concept_id=concept_id,
                organisation_id=row["organisation_id"],
                platform=row["platform"],
                region=text(row["region"]),
                country=text(row["country"]),
                quantity=total(row["quantity"], row["period"]),
                unit=unit,
                urgency=row["urgency"],
                deadline_on=None if pd.isna(row["available_until"]) else row["available_until"].date().isoformat(),
                chains=tuple(chains),
            )
        )
    return tuple(needs)


def is_needed(role: Role, request: Mapping[str, Any]) -> bool:
    """Whether a role's condition holds for a request; what the request leaves open does not ask for the role."""
    if role.only_if is None:
        return True
    if role.only_if in CONDITIONS:
        stated = request[f"is_{role.only_if}"]
        return not pd.isna(stated) and bool(stated)
    norms = text(request["norms"]) or ""
    return role.only_if in [norm.strip() for norm in norms.split(";")]


def fit(scores: Floats, distances_km: Floats, freshness: Floats) -> Floats:
    """How well offers fit a role: what they are about, then how near and how fresh; 0..1, shapes broadcast."""
    nearness = np.where(np.isnan(distances_km), UNKNOWN, 0.5 ** (distances_km / HALF_DISTANCE_KM))
    fits: Floats = scores * (0.5 + 0.3 * nearness + 0.2 * freshness)
    return fits


def _needs_of_requests(requests: pd.DataFrame, concepts: pd.DataFrame) -> list[dict[str, Any]]:
    """One row per need with the columns of the listing that speaks for it, sorted by consortium id."""
    started = requests["posted_at"].fillna(pd.to_datetime(requests["first_seen_on"], utc=True))
    asked = concepts.sort_values(["listing_id", "score", "concept_id"], ascending=[True, False, True])
    asked = asked[["listing_id", "concept_id"]].drop_duplicates()
    rows = requests.assign(started_on=started).merge(asked, on="listing_id")
    rows = rows[(rows["kind"] == "request") | ~rows.duplicated("listing_id")]  # an idea has one subject
    same = ["concept_id", "organisation_id", "place"]
    rows = rows.assign(place=rows["region"].fillna(rows["country"]).fillna("-"))
    rows = rows.sort_values([*same, "started_on", "listing_id"])
    since = rows.groupby(same)["started_on"].transform("min").dt
    period = since.year.astype("str") + "-Q" + since.quarter.astype("str")
    key = rows["concept_id"] + ":" + rows["organisation_id"] + ":" + rows["place"].map(_slug) + ":" + period
    rows = rows.assign(consortium_id=key).drop_duplicates("consortium_id", keep="last").sort_values("consortium_id")
    columns = list(rows.columns)
    return [dict(zip(columns, values, strict=True)) for values in rows.itertuples(index=False, name=None)]


def _roles_sought(idea: Mapping[str, Any], taxonomy: Taxonomy) -> list[Role]:
    """The roles that an idea names, in the order of its text; how much of each is for the partners to settle."""
    found = find(taxonomy, text(idea["roles_sought"]) or "")
    return [
        Role(concept_id, (concept_id,), 1.0, taxonomy.concepts[concept_id].unit or "piece", lead_time_days=0.0)
        for concept_id in found
    ]


def _slots(roles: Sequence[Role], request: Mapping[str, Any], candidates: "_RoleCandidates") -> tuple[Slot, ...]:
    """Roles as slots; alternatives share the slot where the first of them stands."""
    groups: dict[str, list[Role]] = defaultdict(list)
    for role in roles:
        groups[role.one_of or f"role {role.role_id}"].append(role)
    slots = []
    for alternatives in groups.values():
        found = [one for role in alternatives for one in candidates.find(role, request)]
        found.sort(key=lambda one: (-one.fit, one.offer))
        slots.append(Slot(tuple(alternatives), tuple(found[:CANDIDATES])))
    return tuple(slots)


def _ready_offers(matches: pd.DataFrame, supply: Supply) -> dict[tuple[str, str], list[tuple[int, float, float]]]:
    """Request and concept -> row of the offer, score, distance; best first."""
    rows = {listing_id: row for row, listing_id in enumerate(supply.listing_id)}
    found: dict[tuple[str, str], list[tuple[int, float, float]]] = defaultdict(list)
    served = matches[matches["blocked_by"].isna()].sort_values(["request_id", "concept_id", "rank"])
    columns = ["request_id", "concept_id", "offer_id", "score", "distance_km"]
    for request_id, concept_id, offer_id, score, distance in served[columns].itertuples(index=False, name=None):
        if offer_id in rows:
            found[request_id, concept_id].append((rows[offer_id], score, distance))
    return found


class _RoleCandidates:
    """Finds offers for roles; the offers of a role and the distances of a place are looked up once."""

    def __init__(self, supply: Supply, concepts: pd.DataFrame, taxonomy: Taxonomy, options: Options, on: date) -> None:
        self._supply = supply
        self._options = options
        self._on = on
        rows = {listing_id: row for row, listing_id in enumerate(supply.listing_id)}
        self._named: dict[str, dict[int, float]] = defaultdict(dict)
        self._named_or_narrower: dict[str, dict[int, float]] = defaultdict(dict)
        columns = ["listing_id", "concept_id", "score"]
        for listing_id, concept_id, score in concepts[columns].itertuples(index=False, name=None):
            if (row := rows.get(listing_id)) is not None:
                self._named[concept_id][row] = score
                for concept in (concept_id, *taxonomy.ancestors(concept_id)):
                    known = self._named_or_narrower[concept].get(row, 0.0)
                    self._named_or_narrower[concept][row] = max(known, score)
        self._pools: dict[tuple[str, ...], tuple[npt.NDArray[np.int64], Floats]] = {}
        self._found: dict[object, tuple[tuple[int, float, float], ...]] = {}  # by role, place, days and trade area

    def find(self, role: Role, request: Mapping[str, Any]) -> tuple[Candidate, ...]:
        """The best offers of others for a role that are available before the request's deadline."""
        deadline = request["available_until"]
        days = math.inf if pd.isna(deadline) else max(float((deadline.date() - self._on).days), 0.0)
        place = float(request["latitude"]), float(request["longitude"])
        area = trade_area(text(request["country"]))
        key = (role.concepts, None if math.isnan(place[0] + place[1]) else place, days, area)
        if key not in self._found:
            self._found[key] = self._search(role.concepts, place, days, area)
        return self.allowed(self._found[key], role, request)[:CANDIDATES]

    def allowed(
        self, offers: Iterable[tuple[int, float, float]], role: Role, request: Mapping[str, Any]
    ) -> tuple[Candidate, ...]:
        """Offers as candidates, without the demanding firm's own and those that the options rule out."""
        supply, options, own = self._supply, self._options, request["organisation_id"]
        found = []
        for offer, fit, distance in offers:
            partner = supply.organisation_id[offer]
            is_far = distance > options.maximum_distance_km  # False where the distance is unknown
            if partner != own and not is_far and frozenset((partner, own)) not in options.forbidden_pairs:
                scored = min(fit * options.scores.get(partner, 1.0), 1.0)
                whole = in_unit(float(supply.capacity[offer]), supply.unit[offer], role.unit) / role.amount
                found.append(Candidate(offer, role, scored, distance, whole))
        if options.scores:
            found.sort(key=lambda one: (-one.fit, one.offer))
        return tuple(found)

    def _pool(self, concepts: tuple[str, ...]) -> tuple[npt.NDArray[np.int64], Floats]:
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
    ) -> tuple[tuple[int, float, float], ...]:
        supply = self._supply
        offers, scores = self._pool(concepts)
        areas = (trade_area(supply.country[offer]) for offer in offers.tolist())
        is_reachable = [area is None or other is None or area == other for other in areas]
        can_serve = (supply.wait_days[offers] <= days) & np.array(is_reachable, dtype=bool)
        offers, scores = offers[can_serve], scores[can_serve]
        distances = haversine_km(*place, supply.latitude[offers], supply.longitude[offers])
        fits = np.round(fit(scores, distances, supply.freshness[offers]), 6)
        best = np.lexsort((offers, -fits))[: CANDIDATES + OWN_OFFERS]
        return tuple(zip(offers[best].tolist(), fits[best].tolist(), distances[best].tolist(), strict=True))


def _slug(place: str) -> str:
    return "-".join("".join(letter if letter.isalnum() else " " for letter in place).split())
