"""A greedy cover: needs in order of urgency take the best candidates that are left.

Fast and simple, and what stands in when the optimiser has no time. Nothing is promised twice: each account holds a
share that only shrinks. **Fairness**: a need without a quantity claims one lot, OPEN_CLAIM of an account, so that an
offer can serve five such requests and no request can swallow it; an account without a quantity is shared in such lots.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from matching.chains import Chain, Need, Slot, Supply
from sources.listing import URGENCIES

OPEN_CLAIM = 0.2
MAXIMUM_PARTNERS = 4  # per role: beyond that a lead would be coordinating deliveries, not a consortium
LEAST_PROMISE = 0.02  # of the need: smaller crumbs are not worth a telephone call
DIVISIBLE_UNITS = ("litre", "kilogram", "gram", "metre", "square_metre", "cubic_metre", "hour", "person_day")
_NOTHING_LEFT = 1e-9


@dataclass(frozen=True)
class Promise:
    """What one partner promises for one role."""

    offer: int  # row of Supply
    slot: int  # place in the chain, from 0
    share: float  # of the offer's account
    quantity: float  # in units of the product; NaN if the offer states none


@dataclass(frozen=True)
class Plan:
    """How one need is served."""

    need: int
    chain: Chain  # alternatives decided: one slot per role that is needed
    promises: tuple[Promise, ...]
    quantity: float  # of the product that all filled roles allow; NaN if unknown
    bottleneck: int | None  # the slot that allows least, where that is less than was asked for


def plan(needs: Sequence[Need], supply: Supply) -> list[Plan]:
    """Serve the needs one after another; a need that nobody can serve has no plan. In the order of `needs`."""
    left = np.ones(int(supply.account.max()) + 1 if len(supply.account) else 0)
    plans = []
    for number in sorted(range(len(needs)), key=lambda number: _order(needs[number])):
        need = needs[number]
        ways = [_fill(number, need, decided(chain, supply, left), supply, left) for chain in need.chains]
        possible = [way for way in ways if way is not None]
        if possible:
            found = max(possible, key=lambda way: _worth(way, need))  # the first, shortest one among equals
            for promise in found.promises:
                left[supply.account[promise.offer]] -= promise.share
            plans.append(found)
    return sorted(plans, key=lambda found: found.need)


def _worth(way: Plan, need: Need) -> float:
    """Share of the roles filled times share of the quantity they allow; what nobody stated counts as enough."""
    filled = len({promise.slot for promise in way.promises}) / len(way.chain.slots)
    share = way.quantity / need.quantity
    return filled * (1.0 if math.isnan(share) else min(share, 1.0))


def _order(need: Need) -> tuple[int, str, bool, int, float, str]:
    """Urgent first, then by deadline, then who was served before, then who has the fewest ways out, then the small."""
    choices = sum(len(slot.candidates) for chain in need.chains for slot in chain.slots)
    size = math.inf if math.isnan(need.quantity) else need.quantity
    return (
        -URGENCIES.index(need.urgency),
        need.deadline_on or "9999",
        not need.is_kept,
        choices,
        size,
        need.consortium_id,
    )


def decided(chain: Chain, supply: Supply, left: npt.NDArray[np.float64]) -> Chain:
    """The chain with one slot per group of alternatives: the one whose candidates have most to give."""
    best: dict[str, Slot] = {}
    for slot in chain.slots:
        group = slot.role.one_of
        if group is not None and (
            group not in best or _strength(slot, supply, left) > _strength(best[group], supply, left)
        ):
            best[group] = slot
    slots = tuple(slot for slot in chain.slots if slot.role.one_of is None or best[slot.role.one_of] is slot)
    return Chain(chain.recipe_id, slots)


def _strength(slot: Slot, supply: Supply, left: npt.NDArray[np.float64]) -> float:
    return sum(candidate.fit for candidate in slot.candidates if left[supply.account[candidate.offer]] > _NOTHING_LEFT)


def _fill(number: int, need: Need, chain: Chain, supply: Supply, left: npt.NDArray[np.float64]) -> Plan | None:
    target = need.quantity
    taken: dict[int, float] = {}  # an account may serve several roles of one chain
    promises: list[Promise] = []
    for place, slot in enumerate(chain.slots):
        promises.extend(_take(place, slot, need, supply, left, taken))
    if not promises:
        return None
    sums = _sums(promises)
    if not sums:
        return Plan(number, chain, tuple(promises), math.nan, None)
    bottleneck = min(sums, key=lambda place: (sums[place], place))
    reach = sums[bottleneck]
    limits = len(chain.slots) > 1 and not reach >= target * (1 - LEAST_PROMISE)
    if not math.isnan(target):
        promises = _cut_to(promises, reach)
    return Plan(number, chain, tuple(promises), reach, bottleneck if limits else None)


def _take(
    place: int, slot: Slot, need: Need, supply: Supply, left: npt.NDArray[np.float64], taken: dict[int, float]
) -> list[Promise]:
    """Promises for one slot up to the quantity needed, the best candidates first; of counted things whole ones."""
    promises: list[Promise] = []
    open_quantity = target = need.quantity
    is_counted = need.unit not in DIVISIBLE_UNITS
    for candidate in slot.candidates:
        if len(promises) == MAXIMUM_PARTNERS or (not math.isnan(target) and open_quantity <= target * LEAST_PROMISE):
            break
        offer = candidate.offer
        account = int(supply.account[offer])
        rest = left[account] - taken.get(account, 0.0)
        if rest <= _NOTHING_LEFT:
            continue
        whole = candidate.whole
        share = OPEN_CLAIM if math.isnan(target) or math.isnan(whole) else min(open_quantity / whole, rest)
        if not math.isnan(supply.capacity[offer]):
            share = max(share, min(float(supply.minimum[offer]) / float(supply.capacity[offer]), 1.0))
        if share > rest + _NOTHING_LEFT:
            continue
        quantity = share * whole
        if is_counted and not math.isnan(quantity):
            quantity = max(math.floor(quantity + _NOTHING_LEFT), min(1.0, math.floor(rest * whole)))
            share = quantity / whole
        if quantity < target * LEAST_PROMISE or quantity == 0:
            continue
        promises.append(Promise(offer, place, share, quantity))
        taken[account] = taken.get(account, 0.0) + share
        if math.isnan(target) or math.isnan(quantity):
            break
        open_quantity -= quantity
    return promises


def _sums(promises: Sequence[Promise]) -> dict[int, float]:
    """Units of the product that each filled slot allows; slots where a partner states no quantity are left out."""
    sums: dict[int, float] = {}
    for promise in promises:
        sums[promise.slot] = sums.get(promise.slot, 0.0) + promise.quantity
    return {place: quantity for place, quantity in sums.items() if not math.isnan(quantity)}


def _cut_to(promises: Sequence[Promise], reach: float) -> list[Promise]:
    """Give back what a role promises beyond what the weakest role allows."""
    cut: list[Promise] = []
    used: dict[int, float] = {}
    for promise in promises:
        allowed = reach - used.get(promise.slot, 0.0)
        if math.isnan(promise.quantity) or promise.quantity <= allowed:
            cut.append(promise)
        elif allowed > 0:
            cut.append(Promise(promise.offer, promise.slot, promise.share * allowed / promise.quantity, allowed))
        used[promise.slot] = used.get(promise.slot, 0.0) + (0.0 if math.isnan(promise.quantity) else promise.quantity)
    return cut
