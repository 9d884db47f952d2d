"""Consortia: who together covers a need, which roles are missing, what limits the whole.

`chains` says what could be, `optimiser` and `greedy` decide, here it is written down. Evidence codes (facts):

    of a consortium
    role_filled         role, partners
    role_missing        role
    quantity_covered    share, quantity, unit      share of the quantity asked for
    quantity_promised   quantity, unit             the request states no quantity
    bottleneck          role, quantity, unit       the role that allows least
    lead_time           days                       to the first lot, where the recipe or a partner's start says so
    spread              regions, countries, km     of partners and demand; km: the longest way
    certificates        none, claimed, shown, checked   how many promises rest on which state
    if_leaves           organisation_id, role, share, alternates   the partner whose leaving costs most: what remains
    alternative         rank, recipe, organisations, share         another way, from what is still free
    information         listing_id                 funding, law or an event that concerns the product or a role
    composed_by         state, gap                 optimal, rounded (gap to the bound), greedy (see `optimiser`) or kept

    of a role
    fit                 (score)
    distance            km
    takes_share         share                      of the partner's stated capacity
    if_leaves           share, alternates          of the consortium's reach that remains without this partner
    role_missing        role
"""

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from pandera.typing import DataFrame

from matching.arrays import Floats
from matching.consortia import greedy, robustness
from matching.consortia.chains import Candidate, Chain, Need, read_needs
from matching.consortia.optimiser import optimise
from matching.consortia.options import Options
from matching.consortia.plans import DUST, Plan, claim, draw_up
from matching.consortia.supply import Supply, read_supply
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
from matching.taxonomy.concepts import Taxonomy
from matching.taxonomy.finding import ASIDE, find
from matching.taxonomy.recipes import Recipe
from sources.listing import CERTIFICATES, Listing

ALTERNATES = 2  # named per role
KEPT = "kept"  # method of plans that stand from the week before
NOTABLE = 0.1  # of filled roles times covered share: a plan changes for no less
INFORMATION_ITEMS = 3  # attached per consortium, the newest


class Composition(NamedTuple):
    """What the week's open requests, ideas and offers add up to."""

    consortia: DataFrame[Consortium]
    roles: DataFrame[ConsortiumRole]
    unmet: DataFrame[UnmetNeed]


def compose(
    listings: DataFrame[Listing],
    concepts: DataFrame[ListingConcept],
    members: DataFrame[OrganisationMember],
    organisations: DataFrame[Organisation],
    matches: DataFrame[Match],
    taxonomy: Taxonomy,
    recipes: Iterable[Recipe],
    *,
    on: date,
    options: Options | None = None,
    previous: pd.DataFrame | None = None,
) -> Composition:
    """Serve all open requests of the week together as of a day; every need is a consortium or an unmet need.

    previous: `ConsortiumRole` of the week before. Consortia of it that still hold stand as they are, unless what is
    free now fills more of their roles or notably more of their need: a proposal that somebody may be following up does
    not change without a reason, and the loss of one partner changes the consortia it was in.
    """
    options = options or Options()
    matches = DataFrame[Match](_about_it(matches, concepts, taxonomy))
    concepts = DataFrame[ListingConcept](concepts[concepts["score"] > ASIDE])
    supply = read_supply(listings, concepts, members, organisations, on)
    needs = read_needs(listings, concepts, members, organisations, matches, taxonomy, recipes, supply, options, on)
    kept = [] if previous is None else _still_hold(previous, needs, supply, options)
    plans = optimise(needs, supply, options, kept).plans
    left = np.ones(supply.accounts)
    for found in plans:
        greedy.spend(found, supply, left)
    released = np.zeros(supply.accounts) if previous is None else _released(previous, kept, needs, supply)
    plans = _settled(plans, {one.need: released for one in kept}, needs, supply, left, options)
    information = _Information(listings, taxonomy)
    served = {found.need for found in plans}
    consortia = [_consortium_row(needs[found.need], found, supply, left, information) for found in plans]
    roles = [row for found in plans for row in _role_rows(needs[found.need], found, supply, left)]
    return Composition(
        _frame(Consortium, consortia, ["consortium_id"]),
        _frame(ConsortiumRole, roles, ["consortium_id", "position", "state", "listing_id"]),
        _unmet([need for number, need in enumerate(needs) if number not in served], matches),
    )


def _still_hold(previous: pd.DataFrame, needs: Sequence[Need], supply: Supply, options: Options) -> list[Plan]:
    """Plans of earlier consortia whose need and partners are all still there, as long as the accounts allow them."""
    numbers = {need.consortium_id: number for number, need in enumerate(needs)}
    left = np.ones(supply.accounts)
    plans = []
    promised = previous[previous["state"] == "filled"]
    for consortium_id, rows in promised.groupby("consortium_id", sort=True):
        number = numbers.get(str(consortium_id))
        if number is None:
            continue
        wanted = {
            (position, listing_id): quantity
            for position, listing_id, quantity in rows[["position", "listing_id", "quantity"]].itertuples(
                index=False, name=None
            )
        }
        for chain in needs[number].chains:
            found = _again(number, needs[number], chain, wanted, supply)
            if (
                found is not None
                and greedy.keeps(found, needs[number], supply, options)
                and all(
                    left[supply.account[promise.candidate.offer]] >= promise.share - DUST for promise in found.promises
                )
            ):
                greedy.spend(found, supply, left)
                plans.append(found)
                break
    return plans


def _again(
    number: int, need: Need, chain: Chain, wanted: Mapping[tuple[int, str], float], supply: Supply
) -> Plan | None:
    """The same promises on today's candidates; None if one of them is gone."""
    chosen: list[tuple[int, Candidate, float]] = []
    for slot, place in enumerate(chain.slots):
        for candidate in place.candidates:
            quantity = wanted.get((slot + 1, supply.listing_id[candidate.offer]))
            if quantity is not None:
                is_whole = claim(need, candidate, supply)[1] == 1.0
                chosen.append((slot, candidate, 1.0 if is_whole else quantity / need.quantity))
    return draw_up(number, need, chain, chosen, supply, KEPT) if len(chosen) == len(wanted) else None


def _released(previous: pd.DataFrame, kept: Sequence[Plan], needs: Sequence[Need], supply: Supply) -> Floats:
    """Share of each account that last week's consortia held which do not stand any more.

    It serves needs that have lost a partner, not those that stand: else one partner's leaving would reach them too.
    """
    shares = np.zeros(supply.accounts)
    standing = {needs[one.need].consortium_id for one in kept}
    account = dict(zip(supply.listing_id, supply.account.tolist(), strict=True))
    promised = previous[(previous["state"] == "filled") & ~previous["consortium_id"].isin(standing)]
    for listing_id, told in promised[["listing_id", "evidence"]].itertuples(index=False, name=None):
        if listing_id in account:
            parts = json.loads(told)
            shares[account[listing_id]] += sum(part["share"] for part in parts if part["part"] == "takes_share")
    return shares


def _settled(
    plans: Sequence[Plan],
    withheld: Mapping[int, Floats],
    needs: Sequence[Need],
    supply: Supply,
    left: Floats,
    options: Options,
) -> list[Plan]:
    """Plans of which none can be improved notably with what is free, so that an unchanged week changes nothing.

    withheld: by need, shares of accounts that are not for it though they are left.
    """
    before, now = list[Plan](), list(plans)
    while now != before:
        before = now
        now = [_improved(one, withheld.get(one.need), needs[one.need], supply, left, options) for one in before]
    return now


def _improved(found: Plan, withheld: Floats | None, need: Need, supply: Supply, left: Floats, options: Options) -> Plan:
    """A plan, or a notably better one from its own accounts and what is free (taken from `left`)."""
    if greedy.reach(found) > 1 - NOTABLE:
        return found
    free = left.copy() if withheld is None else np.maximum(left - withheld, 0.0)
    for promise in found.promises:
        for accounts in (left, free):
            accounts[supply.account[promise.candidate.offer]] += promise.share
    claims = {promise.candidate: promise.fraction for promise in found.promises}
    others = (greedy.fill(found.need, need, chain, supply, free, claims=claims) for chain in need.chains)
    allowed = [one for one in others if one is not None and greedy.keeps(one, need, supply, options)]
    best = max(allowed, key=greedy.reach, default=found)
    chosen = best if greedy.reach(best) >= greedy.reach(found) + NOTABLE else found
    greedy.spend(chosen, supply, left)
    return chosen


def _about_it(matches: pd.DataFrame, concepts: pd.DataFrame, taxonomy: Taxonomy) -> pd.DataFrame:
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


def _frame(model: Any, rows: Sequence[dict[str, Any]], order: list[str]) -> Any:
    if not rows:
        return empty(model)
    return model.validate(pd.DataFrame(rows).sort_values(order, ignore_index=True))


def _role_rows(need: Need, found: Plan, supply: Supply, left: Floats) -> Iterable[dict[str, Any]]:
    for place, slot in enumerate(found.chain.slots):
        common = {"consortium_id": need.consortium_id, "position": place + 1}
        promises = found.of_slot(place)
        spare = robustness.spare(need, found, place, supply, left)
        for promise in promises:
            parts: list[dict[str, Any]] = [{"part": "fit", "score": promise.candidate.fit}]
            if not math.isnan(promise.candidate.distance_km):
                parts.append({"part": "distance", "score": None, "km": round(promise.candidate.distance_km)})
            parts.append({"part": "takes_share", "score": None, "share": round(promise.share, 4)})
            remains = robustness.without(found, promise.candidate, supply)
            parts.append({"part": "if_leaves", "score": None, "share": remains, "alternates": len(spare)})
            yield (
                common
                | _partner(supply, promise.candidate, "filled")
                | {
                    "quantity": promise.quantity,
                    "evidence": evidence(*parts),
                }
            )
        for candidate in spare[:ALTERNATES] if promises else ():
            yield (
                common
                | _partner(supply, candidate, "alternate")
                | {
                    "quantity": math.nan,
                    "evidence": evidence({"part": "fit", "score": candidate.fit}),
                }
            )
        if not promises:
            role = slot.roles[0].role_id
            yield common | {
                "role_id": role,
                "concept_id": role,
                "state": "missing",
                "organisation_id": None,
                "listing_id": None,
                "platform": None,
                "quantity": math.nan,
                "distance_km": math.nan,
                "certificate": None,
                "evidence": evidence({"part": "role_missing", "score": None, "role": role}),
            }


def _partner(supply: Supply, candidate: Candidate, state: str) -> dict[str, Any]:
    return {
        "role_id": candidate.role.role_id,
        "concept_id": candidate.role.role_id,
        "state": state,
        "organisation_id": supply.organisation_id[candidate.offer],
        "listing_id": supply.listing_id[candidate.offer],
        "platform": supply.platform[candidate.offer],
        "distance_km": candidate.distance_km,
        "certificate": supply.certificate[candidate.offer],
    }


def _consortium_row(
    need: Need, found: Plan, supply: Supply, left: Floats, information: "_Information"
) -> dict[str, Any]:
    slots = found.chain.slots
    filled = len({promise.slot for promise in found.promises})
    fits = [promise.candidate.fit for promise in found.promises]
    lead_time = _lead_time(found, supply)
    bottleneck = robustness.bottleneck(need, found, supply, left)
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
        "is_cross_platform": any(supply.platform[one.candidate.offer] != need.platform for one in found.promises),
        "quantity": need.quantity,
        "quantity_covered": found.quantity,
        "unit": need.unit,
        "bottleneck_role": bottleneck,
        "lead_time_days": lead_time,
        "deadline_on": need.deadline_on,
        "urgency": need.urgency,
        "score": round(min(sum(fits) / len(fits), 1.0) * filled / len(slots), 6),
        "method": found.method,
        "gap": found.gap,
        "evidence": evidence(
            *_role_parts(found),
            *_quantity_parts(need, found, bottleneck),
            *([] if math.isnan(lead_time) else [{"part": "lead_time", "score": None, "days": round(lead_time)}]),
            _spread(need, found, supply),
            _certificates(found, supply),
            robustness.most_missed(need, found, supply, left),
            *robustness.alternatives(need, found, supply, left),
            *information.parts(need.concept_id, found),
            _composed_by(found),
        ),
    }


def _role_parts(found: Plan) -> Iterable[dict[str, Any]]:
    for place in range(len(found.chain.slots)):
        promises = found.of_slot(place)
        part: dict[str, Any] = {"score": None, "role": found.role_of(place)}
        if promises:
            yield {"part": "role_filled", "partners": len(promises)} | part
        else:
            yield {"part": "role_missing"} | part


def _quantity_parts(need: Need, found: Plan, bottleneck: str | None) -> Iterable[dict[str, Any]]:
    if math.isnan(found.quantity):
        return
    amount = {"score": None, "quantity": round(found.quantity, 2), "unit": need.unit}
    if math.isnan(need.quantity):
        yield {"part": "quantity_promised"} | amount
    else:
        yield {"part": "quantity_covered", "share": round(found.fraction, 4)} | amount
    if bottleneck is not None:
        yield {"part": "bottleneck", "role": bottleneck} | amount


def _lead_time(found: Plan, supply: Supply) -> float:
    """Days to the first lot: the roles one after another, each from when its first partner can start.

    A missing role counts with its recipe's time; NaN if neither recipe nor partners say anything.
    """
    days = 0.0
    for place, slot in enumerate(found.chain.slots):
        promises = found.of_slot(place)
        wait = min((float(supply.wait_days[one.candidate.offer]) for one in promises), default=0.0)
        role = promises[0].candidate.role if promises else slot.roles[0]
        days = max(days, wait) + role.lead_time_days
    return days if days > 0 else math.nan


def _spread(need: Need, found: Plan, supply: Supply) -> dict[str, Any]:
    offers = [promise.candidate.offer for promise in found.promises]
    ways = [one.candidate.distance_km for one in found.promises if not math.isnan(one.candidate.distance_km)]
    regions = {(need.country, need.region), *((supply.country[offer], supply.region[offer]) for offer in offers)}
    countries = {need.country, *(supply.country[offer] for offer in offers)}
    return {
        "part": "spread",
        "score": None,
        "regions": sum(region is not None for _, region in regions),
        "countries": len(countries - {None}),
        "km": round(max(ways)) if ways else None,
    }


def _composed_by(found: Plan) -> dict[str, Any]:
    part = {"part": "composed_by", "score": None, "state": found.method}
    return part if found.method != "rounded" else part | {"gap": found.gap}


def _certificates(found: Plan, supply: Supply) -> dict[str, Any]:
    stated = [supply.certificate[promise.candidate.offer] for promise in found.promises]
    return {"part": "certificates", "score": None} | {state: stated.count(state) for state in CERTIFICATES}


class _Information:
    """Information items by the concepts that their texts name."""

    def __init__(self, listings: pd.DataFrame, taxonomy: Taxonomy) -> None:
        items = listings[(listings["kind"] == "information") & (listings["status"] == "open")]
        items = items.sort_values(["posted_at", "listing_id"], ascending=[False, True])
        self._taxonomy = taxonomy
        self._by_concept: dict[str, list[tuple[int, str]]] = {}
        texts = items[["listing_id", "title", "category"]].itertuples(index=False, name=None)
        for age, (listing_id, *words) in enumerate(texts):
            for concept_id in find(taxonomy, " ".join(word for word in words if isinstance(word, str))):
                self._by_concept.setdefault(concept_id, []).append((age, listing_id))

    def parts(self, concept_id: str, found: Plan) -> Iterable[dict[str, Any]]:
        """The newest items about the product, its wider concepts or a role of the chain."""
        if not self._by_concept:
            return
        about = {concept_id, *self._taxonomy.ancestors(concept_id)}
        about |= {role.role_id for slot in found.chain.slots for role in slot.roles}
        items = {item for concept in about for item in self._by_concept.get(concept, ())}
        for _, listing_id in sorted(items)[:INFORMATION_ITEMS]:
            yield {"part": "information", "score": None, "listing_id": listing_id}


def _unmet(needs: Sequence[Need], matches: pd.DataFrame) -> DataFrame[UnmetNeed]:
    """Needs without a consortium, with the nearest near-miss and what blocks it."""
    best = matches.sort_values(["rank", "offer_id"]).drop_duplicates(["request_id", "concept_id"])
    columns = ["request_id", "concept_id", "offer_id", "blocked_by"]
    nearest = {
        (request_id, concept_id): (offer_id, blocked_by)
        for request_id, concept_id, offer_id, blocked_by in best[columns].itertuples(index=False, name=None)
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
                "country": need.country,
                "nearest_offer_id": offer_id,
                "blocked_by": "capacity" if is_used_up else blocked_by,
            }
        )
    return DataFrame[UnmetNeed](_frame(UnmetNeed, rows, ["request_id", "concept_id"]))
