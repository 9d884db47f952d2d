"""Consortia: who together covers a need, which roles are missing, what limits the whole.

`chains` says what could be, `greedy` decides, here it is written down. Evidence codes of this module (facts):

    role_filled         role, partners
    role_missing        role
    quantity_covered    share, quantity, unit      share of the quantity asked for
    quantity_promised   quantity, unit             the request states no quantity
    bottleneck          role, quantity, unit       the role that allows least
    lead_time           days                       to the first lot
    spread              regions, countries, km     of partners and demand; km: the longest way
    fit                 (score)                    of one partner with its role
    distance            km
    takes_share         share                      of the partner's stated capacity
"""

import math
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from pandera.typing import DataFrame

from matching.chains import ConceptTree, Need, Partners, Supply, read_needs, read_supply
from matching.concepts import ASIDE
from matching.greedy import Plan, Promise, plan
from matching.recipes import Recipe
from matching.schema import (
    Consortium,
    ConsortiumRole,
    ListingConcept,
    Match,
    Organisation,
    OrganisationMember,
    UnmetNeed,
    empty,
    evidence,
)
from sources.listing import Listing

ALTERNATES = 2  # named per role


class Composition(NamedTuple):
    """What the week's open requests and offers add up to."""

    consortia: DataFrame[Consortium]
    roles: DataFrame[ConsortiumRole]
    unmet: DataFrame[UnmetNeed]


def compose(
    listings: DataFrame[Listing],
    concepts: DataFrame[ListingConcept],
    members: DataFrame[OrganisationMember],
    organisations: DataFrame[Organisation],
    matches: DataFrame[Match],
    taxonomy: ConceptTree,
    recipes: Iterable[Recipe],
    *,
    on: date,
    previous: pd.DataFrame | None = None,
) -> Composition:
    """Serve all open requests of the week together as of a day; every need is a consortium or an unmet need.

    previous: `ConsortiumRole` of the week before; what still holds is kept.
    """
    matches = DataFrame[Match](_about_it(matches, concepts, taxonomy))
    concepts = DataFrame[ListingConcept](concepts[concepts["score"] > ASIDE])
    supply = read_supply(listings, concepts, members, organisations, on)
    needs = read_needs(
        listings, concepts, members, organisations, matches, taxonomy, recipes, supply, on, _partners(previous)
    )
    plans = plan(needs, supply)
    served = {found.need for found in plans}
    roles = [row for found in plans for row in _role_rows(needs[found.need], found, supply)]
    return Composition(
        _frame(Consortium, [_consortium_row(needs[found.need], found, supply) for found in plans], ["consortium_id"]),
        _frame(ConsortiumRole, roles, ["consortium_id", "position", "state", "listing_id"]),
        _unmet([need for number, need in enumerate(needs) if number not in served], matches),
    )


def _about_it(matches: pd.DataFrame, concepts: pd.DataFrame, taxonomy: ConceptTree) -> pd.DataFrame:
    """Matches without those whose offer names the product only aside: non-woven "for gowns" is no gown."""

    def related(named: Iterable[str], concept_id: str) -> bool:
        above = taxonomy.ancestors(concept_id)
        return any(one == concept_id or one in above or concept_id in taxonomy.ancestors(one) for one in named)

    is_aside = concepts["score"] <= ASIDE
    aside, about = (
        concepts[mask].groupby("listing_id")["concept_id"].agg(list).to_dict() for mask in (is_aside, ~is_aside)
    )
    keep = [
        offer_id not in aside
        or not related(aside[offer_id], concept_id)
        or related(about.get(offer_id, []), concept_id)
        for offer_id, concept_id in zip(matches["offer_id"], matches["concept_id"], strict=True)
    ]
    return matches[np.array(keep, dtype=bool)]


def _partners(previous: pd.DataFrame | None) -> Partners:
    if previous is None:
        return {}
    filled = previous[previous["state"] == "filled"]
    kept: dict[str, set[tuple[str, str]]] = {}
    for consortium_id, role_id, listing_id in zip(
        filled["consortium_id"], filled["role_id"], filled["listing_id"], strict=True
    ):
        kept.setdefault(consortium_id, set()).add((role_id, listing_id))
    return {consortium_id: frozenset(partners) for consortium_id, partners in kept.items()}


def _frame(model: Any, rows: Sequence[dict[str, Any]], order: list[str]) -> Any:
    if not rows:
        return empty(model)
    return model.validate(pd.DataFrame(rows).sort_values(order, ignore_index=True))


def _by_slot(found: Plan) -> list[list[Promise]]:
    return [[promise for promise in found.promises if promise.slot == place] for place in range(len(found.chain.slots))]


def _role_rows(need: Need, found: Plan, supply: Supply) -> Iterable[dict[str, Any]]:
    for place, (slot, promises) in enumerate(zip(found.chain.slots, _by_slot(found), strict=True)):
        common = {
            "consortium_id": need.consortium_id,
            "position": place + 1,
            "role_id": slot.role.role_id,
            "concept_id": slot.role.concepts[0],
        }
        candidates = {candidate.offer: candidate for candidate in slot.candidates}
        for promise in promises:
            candidate = candidates[promise.offer]
            parts: list[dict[str, Any]] = [{"part": "fit", "score": candidate.fit}]
            if not math.isnan(candidate.distance_km):
                parts.append({"part": "distance", "score": None, "km": round(candidate.distance_km)})
            parts.append({"part": "takes_share", "score": None, "share": round(promise.share, 4)})
            yield (
                common
                | _partner(supply, promise.offer, candidate.distance_km, "filled")
                | {
                    "quantity": promise.quantity,
                    "evidence": evidence(*parts),
                }
            )
        chosen = {supply.organisation_id[promise.offer] for promise in promises}
        spare = [c for c in slot.candidates if supply.organisation_id[c.offer] not in chosen][:ALTERNATES]
        for candidate in spare if promises else []:
            yield (
                common
                | _partner(supply, candidate.offer, candidate.distance_km, "alternate")
                | {
                    "quantity": math.nan,
                    "evidence": evidence({"part": "fit", "score": candidate.fit}),
                }
            )
        if not promises:
            yield common | {
                "state": "missing",
                "organisation_id": None,
                "listing_id": None,
                "platform": None,
                "quantity": math.nan,
                "distance_km": math.nan,
                "certificate": None,
                "evidence": evidence({"part": "role_missing", "score": None, "role": slot.role.role_id}),
            }


def _partner(supply: Supply, offer: int, distance: float, state: str) -> dict[str, Any]:
    return {
        "state": state,
        "organisation_id": supply.organisation_id[offer],
        "listing_id": supply.listing_id[offer],
        "platform": supply.platform[offer],
        "distance_km": distance,
        "certificate": supply.certificate[offer],
    }


def _consortium_row(need: Need, found: Plan, supply: Supply) -> dict[str, Any]:
    slots = found.chain.slots
    by_slot = _by_slot(found)
    filled = sum(bool(promises) for promises in by_slot)
    bottleneck = None if found.bottleneck is None else slots[found.bottleneck].role.role_id
    fits = [
        next(candidate.fit for candidate in slots[promise.slot].candidates if candidate.offer == promise.offer)
        for promise in found.promises
    ]
    lead_time = _lead_time(found, by_slot, supply)
    return {
        "consortium_id": need.consortium_id,
        "request_id": need.request_id,
        "concept_id": need.concept_id,
        "recipe_id": found.chain.recipe_id,
        "organisation_id": need.organisation_id,
        "region": need.region,
        "country": need.country,
        "roles": len(slots),
        "roles_filled": filled,
        "is_multi_role": len(slots) > 1,
        "is_cross_platform": any(supply.platform[promise.offer] != need.platform for promise in found.promises),
        "quantity": need.quantity,
        "quantity_covered": found.quantity,
        "unit": need.unit,
        "bottleneck_role": bottleneck,
        "lead_time_days": lead_time,
        "deadline_on": need.deadline_on,
        "urgency": need.urgency,
        "score": round(min(sum(fits) / len(fits), 1.0) * filled / len(slots), 6),
        "evidence": evidence(*_parts(need, found, by_slot, supply, bottleneck, lead_time)),
    }


def _parts(
    need: Need,
    found: Plan,
    by_slot: Sequence[Sequence[Promise]],
    supply: Supply,
    bottleneck: str | None,
    lead_time: float,
) -> list[dict[str, Any]]:
    parts: list[dict[str, Any]] = []
    for slot, promises in zip(found.chain.slots, by_slot, strict=True):
        role = slot.role.role_id
        if promises:
            parts.append({"part": "role_filled", "score": None, "role": role, "partners": len(promises)})
        else:
            parts.append({"part": "role_missing", "score": None, "role": role})
    if not math.isnan(found.quantity):
        amount = {"score": None, "quantity": round(found.quantity, 2), "unit": need.unit}
        if math.isnan(need.quantity):
            parts.append({"part": "quantity_promised", **amount})
        else:
            share = round(min(found.quantity / need.quantity, 1.0), 4)
            parts.append({"part": "quantity_covered", "share": share, **amount})
        if bottleneck is not None:
            parts.append({"part": "bottleneck", "role": bottleneck, **amount})
    parts.append({"part": "lead_time", "score": None, "days": round(lead_time)})
    offers = [promise.offer for promise in found.promises]
    ways = [
        candidate.distance_km
        for promise in found.promises
        for candidate in found.chain.slots[promise.slot].candidates
        if candidate.offer == promise.offer and not math.isnan(candidate.distance_km)
    ]
    parts.append(
        {
            "part": "spread",
            "score": None,
            "regions": len({(need.country, need.region), *((supply.country[o], supply.region[o]) for o in offers)}),
            "countries": len({need.country, *(supply.country[offer] for offer in offers)} - {None}),
            "km": round(max(ways)) if ways else None,
        }
    )
    return parts


def _lead_time(found: Plan, by_slot: Sequence[Sequence[Promise]], supply: Supply) -> float:
    """Days to the first lot: the roles one after another, each starting when its first partner is available."""
    days = 0.0
    for slot, promises in zip(found.chain.slots, by_slot, strict=True):
        wait = min((float(supply.wait_days[promise.offer]) for promise in promises), default=0.0)
        days = max(days, wait) + slot.role.lead_time_days
    return days


def _unmet(needs: Sequence[Need], matches: pd.DataFrame) -> DataFrame[UnmetNeed]:
    """Needs without a consortium, with the nearest near-miss and what blocks it."""
    best = matches.sort_values(["rank", "offer_id"]).drop_duplicates(["request_id", "concept_id"])
    nearest = {
        (request_id, concept_id): (offer_id, blocked_by)
        for request_id, concept_id, offer_id, blocked_by in best[
            ["request_id", "concept_id", "offer_id", "blocked_by"]
        ].itertuples(index=False, name=None)
    }
    rows = []
    for need in needs:
        nothing = (None, "missing_role" if need.chains else None)
        offer_id, blocked_by = nearest.get((need.request_id, need.concept_id), nothing)
        is_used_up = offer_id is not None and not isinstance(blocked_by, str)
        rows.append(
            {
                "request_id": need.request_id,
                "concept_id": need.concept_id,
                "organisation_id": need.organisation_id,
                "region": need.region,
                "nearest_offer_id": offer_id,
                "blocked_by": "capacity" if is_used_up else blocked_by,
            }
        )
    return DataFrame[UnmetNeed](_frame(UnmetNeed, rows, ["request_id", "concept_id"]))
