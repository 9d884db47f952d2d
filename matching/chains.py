"""What must be filled and by whom it could be: needs, chains of roles, candidates for each role, capacity accounts.

Nothing is decided here: `consortia` chooses among the candidates. Amounts are totals over HORIZON_DAYS, so that a rate
and a stock can be added up, and every offer draws on one account, so that a capacity is spent once.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
import pandas as pd

from matching.figures import statements
from matching.geography import haversine_km, trade_area
from matching.recipes import CONDITIONS, Recipe, Role

HORIZON_DAYS = 28  # a rate counts for four weeks: the span a weekly report can act on
PERIOD_DAYS = {"day": 1.0, "week": 7.0, "month": 365 / 12, "year": 365.0}
TO_BASE_UNIT = {"kilogram": ("gram", 1000.0), "cubic_metre": ("litre", 1000.0), "person_day": ("hour", 8.0)}
CANDIDATES = 8  # looked at per role of a chain; for a ready product all matches are
OWN_OFFERS = 4  # of the demanding firm itself, that may have to be skipped among them
NEAR_KM = 500.0  # a partner this far away counts 1/e of one next door
UNKNOWN_PLACE = 0.5  # nearness where a place is not known


Partners = Mapping[str, frozenset[tuple[str, str]]]  # consortium -> role and listing of each partner


class ConceptTree(Protocol):
    """What is asked of the taxonomy here."""

    def ancestors(self, concept_id: str) -> tuple[str, ...]:
        """From the parent up; empty at the top."""
        ...


@dataclass(frozen=True)
class Candidate:
    """An offer that could fill a role."""

    offer: int  # row of Supply
    fit: float  # 0..1
    distance_km: float  # NaN if unknown
    whole: float  # what its whole account allows, in units of the product; NaN where quantity or unit say nothing


@dataclass(frozen=True)
class Slot:
    """One role of a chain with its candidates, the best first."""

    role: Role
    candidates: tuple[Candidate, ...]


@dataclass(frozen=True)
class Chain:
    """One way to serve a need; the ready product is a chain of one role."""

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
    is_kept: bool  # somebody served it in the week before


@dataclass(frozen=True)
class Supply:
    """Open offers, one per row, in order of their ids; columns as arrays."""

    listing_id: tuple[str, ...]
    organisation_id: tuple[str, ...]
    platform: tuple[str, ...]
    certificate: tuple[str, ...]
    region: tuple[str | None, ...]
    country: tuple[str | None, ...]
    account: npt.NDArray[np.int64]  # offers that repeat each other share one account
    capacity: npt.NDArray[np.float64]  # of the account, in `unit`, over the horizon; NaN if not stated
    unit: tuple[str | None, ...]
    minimum: npt.NDArray[np.float64]  # smallest lot, 0 if not stated
    wait_days: npt.NDArray[np.float64]  # until it becomes available
    latitude: npt.NDArray[np.float64]
    longitude: npt.NDArray[np.float64]


def total(quantity: float, period: object, days: float = HORIZON_DAYS) -> float:
    """A quantity over some days: a stock as it is, a rate times the days."""
    return quantity * days / PERIOD_DAYS[period] if isinstance(period, str) else quantity


def in_unit(quantity: float, unit: str | None, wanted: str | None) -> float:
    """A quantity in another unit; NaN where the two cannot be compared, unchanged where one is not stated."""
    if unit is None or wanted is None or unit == wanted:
        return quantity
    base, factor = TO_BASE_UNIT.get(unit, (unit, 1.0))
    wanted_base, wanted_factor = TO_BASE_UNIT.get(wanted, (wanted, 1.0))
    return quantity * factor / wanted_factor if base == wanted_base else math.nan


def read_supply(
    listings: pd.DataFrame, concepts: pd.DataFrame, members: pd.DataFrame, organisations: pd.DataFrame, on: date
) -> Supply:
    """The open offers of a week. Of repeated statements the newest one with a quantity counts."""
    offers = _placed(listings[(listings["kind"] == "offer") & (listings["status"] == "open")], members, organisations)
    offers = offers[offers["vetting"] != "rejected"].sort_values("listing_id")
    said = statements(offers, members, concepts)
    accounts = offers["listing_id"].map(said).to_list()
    numbers = {name: number for number, name in enumerate(sorted(set(accounts)))}
    capacities: dict[str, tuple[str, float, str | None]] = {}
    rows = offers[["listing_id", "quantity", "unit", "period", "updated_at", "posted_at"]]
    for account, (_, quantity, unit, period, updated, posted) in zip(
        accounts, rows.itertuples(index=False, name=None), strict=True
    ):
        if not math.isnan(quantity):
            said_at = str(posted if pd.isna(updated) else updated)
            stated = (said_at, total(quantity, period), text(unit))
            capacities[account] = max(capacities.get(account, stated), stated, key=lambda entry: entry[0])
    nothing = ("", math.nan, None)
    wait = (offers["available_from"].dt.tz_localize(None) - pd.Timestamp(on)).dt.total_seconds() / 86400
    return Supply(
        listing_id=tuple(offers["listing_id"]),
        organisation_id=tuple(offers["organisation_id"]),
        platform=tuple(offers["platform"]),
        certificate=tuple(offers["certificate"]),
        region=tuple(map(text, offers["region"])),
        country=tuple(map(text, offers["country"])),
        account=np.array([numbers[account] for account in accounts], dtype=np.int64),
        capacity=np.array([capacities.get(account, nothing)[1] for account in accounts], dtype=float),
        unit=tuple(capacities.get(account, nothing)[2] for account in accounts),
        minimum=offers["minimum_quantity"].fillna(0.0).to_numpy(dtype=float),
        wait_days=wait.fillna(0.0).clip(lower=0).to_numpy(dtype=float),
        latitude=offers["latitude"].to_numpy(dtype=float),
        longitude=offers["longitude"].to_numpy(dtype=float),
    )


def read_needs(
    listings: pd.DataFrame,
    concepts: pd.DataFrame,
    members: pd.DataFrame,
    organisations: pd.DataFrame,
    matches: pd.DataFrame,
    taxonomy: ConceptTree,
    recipes: Iterable[Recipe],
    supply: Supply,
    on: date,
    kept: Partners,
) -> tuple[Need, ...]:
    """The week's needs: one per concept, demanding organisation, region and period; the newest request speaks.

    kept: who served which consortium in the week before; they stand first among the candidates, so that a proposal
    that somebody may already be following up does not change without a reason.
    """
    requests = _placed(
        listings[(listings["kind"] == "request") & (listings["status"] == "open")], members, organisations
    )
    started = requests["posted_at"].fillna(pd.to_datetime(requests["first_seen_on"], utc=True))
    requests = requests.assign(started_on=started).merge(
        concepts[["listing_id", "concept_id"]].drop_duplicates(), on="listing_id"
    )
    ready = _ready_offers(matches, supply)
    filler = _RoleCandidates(supply, concepts, taxonomy)
    by_product = {recipe.concept_id: recipe for recipe in recipes}
    requests = requests.assign(place=requests["region"].fillna(requests["country"]).fillna("-"))
    same = ["concept_id", "organisation_id", "place"]
    requests = requests.sort_values([*same, "started_on", "listing_id"])
    requests = requests.assign(first_started_on=requests.groupby(same)["started_on"].transform("min"))
    needs = []
    columns = list(requests.columns)
    for values in requests.drop_duplicates(same, keep="last").itertuples(index=False, name=None):
        row: dict[str, Any] = dict(zip(columns, values, strict=True))
        concept_id, first = row["concept_id"], row["first_started_on"]
        chains = []
        if offers := ready.get((row["listing_id"], concept_id)):
            chains.append(_ready_chain(concept_id, text(row["unit"]), offers, supply))
        recipe = next(
            (by_product[one] for one in (concept_id, *taxonomy.ancestors(concept_id)) if one in by_product), None
        )
        if recipe is not None:
            chains.append(_chain(recipe, row, filler, on))
        period = f"{first.year}-Q{first.quarter}"
        consortium_id = f"{concept_id}:{row['organisation_id']}:{_slug(row['place'])}:{period}"
        partners = kept.get(consortium_id, frozenset())
        needs.append(
            Need(
                consortium_id=consortium_id,
                request_id=row["listing_id"],
                concept_id=concept_id,
                organisation_id=row["organisation_id"],
                platform=row["platform"],
                region=text(row["region"]),
                country=text(row["country"]),
                quantity=total(row["quantity"], row["period"]),
                unit=text(row["unit"]),
                urgency=row["urgency"],
                deadline_on=None if pd.isna(row["available_until"]) else row["available_until"].date().isoformat(),
                chains=tuple(_with_partners_first(chain, partners, supply) for chain in chains),
                is_kept=bool(partners),
            )
        )
    return tuple(needs)


def ready_role(concept_id: str, unit: str | None) -> Role:
    """The one role of a chain that delivers the finished product."""
    return Role(concept_id, (concept_id,), amount=1.0, unit=unit or "piece", lead_time_days=0.0)


def available(supply: Supply, role: Role, offer: int) -> float:
    """What an offer's whole account allows for a role, in units of the product; NaN if that cannot be said."""
    return in_unit(float(supply.capacity[offer]), supply.unit[offer], role.unit) / role.amount


def text(value: object) -> str | None:
    """A text or None, whatever kind of missing value stands there."""
    return value if isinstance(value, str) else None


def _with_partners_first(chain: Chain, partners: frozenset[tuple[str, str]], supply: Supply) -> Chain:
    slots = []
    for slot in chain.slots:
        kept = [one for one in slot.candidates if (slot.role.role_id, supply.listing_id[one.offer]) in partners]
        slots.append(Slot(slot.role, (*kept, *(one for one in slot.candidates if one not in kept))))
    return Chain(chain.recipe_id, tuple(slots))


def _chain(recipe: Recipe, request: Mapping[str, Any], filler: "_RoleCandidates", on: date) -> Chain:
    slots = []
    for role in recipe.roles:
        if is_needed(role, request):
            slots.append(Slot(role, filler.find(role, request, on)))
    return Chain(recipe.recipe_id, tuple(slots))


def is_needed(role: Role, request: Mapping[str, Any]) -> bool:
    """Whether a role's condition holds for a request; what the request leaves open does not ask for the role."""
    if role.only_if is None:
        return True
    if role.only_if in CONDITIONS:
        stated = request[f"is_{role.only_if}"]
        return not pd.isna(stated) and bool(stated)
    norms = text(request["norms"]) or ""
    return role.only_if in [norm.strip() for norm in norms.split(";")]


def _placed(listings: pd.DataFrame, members: pd.DataFrame, organisations: pd.DataFrame) -> pd.DataFrame:
    """Listings with their organisation; its place stands in where the listing names none."""
    owner = members.set_index("record_id")["organisation_id"]
    placed = listings.assign(organisation_id=listings["listing_id"].map(owner))
    placed = placed[placed["organisation_id"].notna()]
    homes = organisations.set_index("organisation_id").reindex(placed["organisation_id"])
    has_place = placed["latitude"].notna() & placed["longitude"].notna()
    return placed.assign(
        latitude=placed["latitude"].where(has_place, homes["latitude"].to_numpy(dtype=float)),
        longitude=placed["longitude"].where(has_place, homes["longitude"].to_numpy(dtype=float)),
        region=placed["region"].where(placed["region"].notna(), homes["region"].to_numpy()),
        country=placed["country"].where(placed["country"].notna(), homes["country"].to_numpy()),
    )


def _ready_chain(
    concept_id: str, unit: str | None, offers: Sequence[tuple[int, float, float]], supply: Supply
) -> Chain:
    role = ready_role(concept_id, unit)
    candidates = (Candidate(offer, fit, distance, available(supply, role, offer)) for offer, fit, distance in offers)
    return Chain(concept_id, (Slot(role, tuple(candidates)),))


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

    def __init__(self, supply: Supply, concepts: pd.DataFrame, taxonomy: ConceptTree) -> None:
        self.supply = supply
        rows = {listing_id: row for row, listing_id in enumerate(supply.listing_id)}
        self._by_concept: dict[str, dict[int, float]] = defaultdict(dict)
        columns = ["listing_id", "concept_id", "score"]
        for listing_id, concept_id, score in concepts[columns].itertuples(index=False, name=None):
            if (row := rows.get(listing_id)) is not None:
                for concept in (concept_id, *taxonomy.ancestors(concept_id)):
                    known = self._by_concept[concept].get(row, 0.0)
                    self._by_concept[concept][row] = max(known, score)
        self._pools: dict[tuple[str, ...], tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]] = {}
        self._found: dict[object, tuple[Candidate, ...]] = {}  # by role, place and days

    def _pool(self, concepts: Sequence[str]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]:
        key = tuple(concepts)
        if key not in self._pools:
            scores: dict[int, float] = {}
            for place, concept in enumerate(concepts):
                for row, score in self._by_concept.get(concept, {}).items():
                    scores.setdefault(row, score if place == 0 else 0.9 * score)
            offers = np.array(sorted(scores), dtype=np.int64)
            self._pools[key] = (offers, np.array([scores[row] for row in offers], dtype=float))
        return self._pools[key]

    def find(self, role: Role, request: Mapping[str, Any], on: date) -> tuple[Candidate, ...]:
        """The best offers of others for a role that are available before the request's deadline."""
        deadline = request["available_until"]
        days = math.inf if pd.isna(deadline) else max((deadline.date() - on) / timedelta(days=1), 0.0)
        place = float(request["latitude"]), float(request["longitude"])
        known = not math.isnan(place[0] + place[1])
        area = trade_area(text(request["country"]))
        key = (role, place if known else None, days, area)
        if key not in self._found:
            self._found[key] = self._search(role, place, days, area)
        own = request["organisation_id"]
        others = [one for one in self._found[key] if self.supply.organisation_id[one.offer] != own]
        return tuple(others[:CANDIDATES])

    def _search(self, role: Role, place: tuple[float, float], days: float, area: str | None) -> tuple[Candidate, ...]:
        offers, scores = self._pool(role.concepts)
        areas = (trade_area(self.supply.country[offer]) for offer in offers.tolist())
        is_reachable = [area is None or other is None or area == other for other in areas]
        can_serve = (self.supply.wait_days[offers] <= days) & np.array(is_reachable, dtype=bool)
        offers, scores = offers[can_serve], scores[can_serve]
        distances = haversine_km(*place, self.supply.latitude[offers], self.supply.longitude[offers])
        nearness = np.where(np.isnan(distances), UNKNOWN_PLACE, np.exp(-distances / NEAR_KM))
        fits = np.round(scores * (0.5 + 0.5 * nearness), 6)
        best = np.lexsort((offers, -fits))[: CANDIDATES + OWN_OFFERS]
        return tuple(
            Candidate(offer, fit, distance, available(self.supply, role, offer))
            for offer, fit, distance in zip(
                offers[best].tolist(), fits[best].tolist(), distances[best].tolist(), strict=True
            )
        )


def _slug(place: str) -> str:
    return "-".join("".join(letter if letter.isalnum() else " " for letter in place).split())
