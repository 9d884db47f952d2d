"""What a consortium stands on: its bottleneck, who could step in, what breaks if a partner leaves, other ways.

`left` is what all plans of the week leave of every account.
"""

import math
from collections.abc import Iterable
from typing import Any

from matching.arrays import Floats
from matching.consortia import greedy
from matching.consortia.candidates import Candidate
from matching.consortia.chains import Need
from matching.consortia.plans import LEAST_FRACTION, Plan, Promise, booked_on, claim
from matching.consortia.supply import DUST, Supply

ALTERNATIVES = 2  # named per consortium


def spare(need: Need, found: Plan, place: int, supply: Supply, left: Floats) -> list[Candidate]:
    """Candidates of others for a slot that still have room for the smallest promise, one per organisation."""
    chosen = {supply.organisation_id[promise.candidate.offer] for promise in found.of_slot(place)}
    spare: dict[str, Candidate] = {}
    for candidate in found.chain.slots[place].candidates:
        share, least = claim(need, candidate, supply)
        name = supply.organisation_id[candidate.offer]
        if name not in chosen and left[booked_on(need, candidate, supply)] >= share * least - DUST:
            spare.setdefault(name, candidate)
    return list(spare.values())


def without(found: Plan, leaving: Candidate, supply: Supply) -> float:
    """Share of the plan's reach that remains if an organisation leaves and nobody steps in; 0 if a role is empty."""
    name = supply.organisation_id[leaving.offer]
    remains = 1.0
    for slot in {promise.slot for promise in found.promises}:
        promises = found.of_slot(slot)
        kept = sum(one.fraction for one in promises if supply.organisation_id[one.candidate.offer] != name)
        remains = min(remains, kept / found.fraction)
    return round(max(remains, 0.0), 4)


def bottleneck(need: Need, found: Plan, supply: Supply, left: Floats) -> str | None:
    """The filled role of a chain that could give least beyond its promises, where the need is not covered."""
    if len(found.chain.slots) == 1 or found.fraction >= 1 - LEAST_FRACTION:
        return None
    room: dict[int, float] = {}
    for place in sorted({promise.slot for promise in found.promises}):
        shares = {
            booked_on(need, candidate, supply): claim(need, candidate, supply)[0]
            for candidate in found.chain.slots[place].candidates
        }
        room[place] = round(sum(max(float(left[account]), 0.0) / share for account, share in shares.items()), 6)
    return found.role_of(min(room, key=lambda place: (room[place], place)))


def most_missed(need: Need, found: Plan, supply: Supply, left: Floats) -> dict[str, Any]:
    """The partner whose leaving costs most; of equals the one that fewest could replace."""

    def cost(promise: Promise) -> tuple[float, int, int]:
        alternates = len(spare(need, found, promise.slot, supply, left))
        return without(found, promise.candidate, supply), alternates, promise.slot

    missed = min(found.promises, key=cost)
    remains, alternates, _ = cost(missed)
    return {
        "part": "if_leaves",
        "score": None,
        "organisation_id": supply.organisation_id[missed.candidate.offer],
        "role": missed.candidate.role.role_id,
        "share": remains,
        "alternates": alternates,
    }


def alternatives(need: Need, found: Plan, supply: Supply, left: Floats) -> Iterable[dict[str, Any]]:
    """Other ways to serve the need with what is free, ranked by filled roles and covered share.

    Tried are each chain as it is, without each of today's partners, without all of them, and then without those found.
    A way that fills a smaller part of its roles than today's is none; one that lacks a role covers no stated share.
    """
    free = left.copy()
    for promise in found.promises:
        free[promise.account] += promise.share
    partners = frozenset(supply.organisation_id[promise.candidate.offer] for promise in found.promises)
    seen = {(found.chain.recipe_id, partners)}
    least = _filled(found)
    ways: list[tuple[float, str, tuple[str, ...], float]] = []
    for chain in (chain for chain in need.chains if chain.concept_id == found.chain.concept_id):
        left_out = [frozenset[str](), *(frozenset((name,)) for name in sorted(partners)), partners]
        for excluded in left_out:
            other = greedy.fill(found.need, need, chain, supply, free, excluded)
            if other is None:
                continue
            names = frozenset(supply.organisation_id[promise.candidate.offer] for promise in other.promises)
            if (chain.recipe_id, names) not in seen:
                seen.add((chain.recipe_id, names))
                if (filled := _filled(other)) >= least:
                    worth = filled * round(other.fraction, 4)
                    ways.append((-worth, chain.recipe_id, tuple(sorted(names)), round(other.coverage, 4)))
                if partners <= excluded and len(left_out) < len(partners) + 2 + ALTERNATIVES:
                    left_out.append(excluded | names)
    for rank, (_, recipe_id, organisations, share) in enumerate(sorted(ways)[:ALTERNATIVES], start=1):
        yield {
            "part": "alternative",
            "score": None,
            "rank": rank,
            "recipe": recipe_id,
            "organisations": organisations,
            "share": None if math.isnan(need.quantity) else share or None,
        }


def _filled(plan: Plan) -> float:
    """The part of the roles of a chain that somebody fills."""
    return len({promise.slot for promise in plan.promises}) / len(plan.chain.slots)
