"""Plans: who promises what for a need, and how much of an account a promise takes.

A promise is a fraction of a need. **Fairness**: where the need or the offer states no quantity, a promise takes one
lot, OPEN_CLAIM of the account, and is all or nothing: an offer can serve five such requests and none can swallow it.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from matching.chains import Candidate, Chain, Need
from matching.supply import Supply

OPEN_CLAIM = 0.2
PARTNERS_PER_ROLE = 4  # beyond that a lead would be coordinating deliveries, not a consortium
LEAST_FRACTION = 0.02  # of the need: smaller crumbs are not worth a telephone call
DUST = 1e-6
DIVISIBLE_UNITS = ("litre", "kilogram", "gram", "metre", "square_metre", "cubic_metre", "hour", "person_day")


@dataclass(frozen=True)
class Promise:
    """What one partner promises for one role."""

    candidate: Candidate
    slot: int  # place in the chain, from 0
    fraction: float  # of the need, 0..1
    share: float  # of the offer's account
    quantity: float  # in units of the product; NaN if nobody states one


@dataclass(frozen=True)
class Plan:
    """How one need is served."""

    need: int
    chain: Chain
    promises: tuple[Promise, ...]  # by slot, then as they were chosen
    fraction: float  # of the need that all filled roles allow
    quantity: float  # of the product that they allow; NaN if unknown
    method: str  # how it was found: one of `schema.METHODS`
    gap: float = math.nan  # of all plans solved with it to the best that is possible; NaN where no bound is known

    def of_slot(self, slot: int) -> tuple[Promise, ...]:
        return tuple(promise for promise in self.promises if promise.slot == slot)

    def role_of(self, slot: int) -> str:
        """The role that stands for a slot: the one of its first promise, else its first alternative."""
        promises = self.of_slot(slot)
        return promises[0].candidate.role.role_id if promises else self.chain.slots[slot].roles[0].role_id


def claim(need: Need, candidate: Candidate, supply: Supply) -> tuple[float, float]:
    """Share of the account that the whole need would take, and the smallest fraction that can be promised."""
    capacity = float(supply.capacity[candidate.offer])
    least_share = 0.0 if math.isnan(capacity) else float(supply.minimum[candidate.offer]) / capacity
    if math.isnan(need.quantity) or math.isnan(candidate.whole):
        lot = max(OPEN_CLAIM, least_share)
        if need.unit not in DIVISIBLE_UNITS and candidate.whole >= 1:
            lot = max(math.floor(lot * candidate.whole), 1) / candidate.whole
        return lot, 1.0
    share = need.quantity / candidate.whole
    return share, max(LEAST_FRACTION, least_share / share)


def draw_up(
    number: int, need: Need, chain: Chain, chosen: Sequence[tuple[int, Candidate, float]], supply: Supply, method: str
) -> Plan:
    """A plan from slot, candidate and fraction; what a role allows beyond the weakest filled role is given back."""
    sums: dict[int, float] = {}
    for slot, _, fraction in chosen:
        sums[slot] = sums.get(slot, 0.0) + fraction
    reach = min(1.0, *sums.values())
    used = dict.fromkeys(sums, 0.0)
    promises = []
    for slot, candidate, fraction in sorted(chosen, key=lambda entry: entry[0]):
        share, least = claim(need, candidate, supply)
        kept = fraction if least == 1.0 else min(fraction, reach - used[slot])
        if kept > DUST:
            used[slot] += kept
            quantity = kept * (share * candidate.whole if math.isnan(need.quantity) else need.quantity)
            if need.unit not in DIVISIBLE_UNITS and quantity >= 1:
                quantity = float(math.floor(quantity + DUST))
            promises.append(Promise(candidate, slot, kept, kept * share, quantity))
    quantity = _least(promises)
    return Plan(number, chain, tuple(promises), reach, quantity, method)


def _least(promises: Sequence[Promise]) -> float:
    """The smallest quantity that a slot promises; NaN if none states one."""
    sums: dict[int, float] = {}
    for promise in promises:
        sums[promise.slot] = sums.get(promise.slot, 0.0) + promise.quantity
    known = [quantity for quantity in sums.values() if not math.isnan(quantity)]
    return min(known) if known else math.nan
