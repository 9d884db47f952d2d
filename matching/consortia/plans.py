"""Plans: who promises what for a need, and how much of an account a promise takes.

A promise is a fraction of a need. Where the need states no quantity, a promise takes nothing of the stock: nobody knows
how much it is about, and the offer stays available to others. It takes one of the calls that an offer may get.
**Fairness**: such a promise is one OPEN_CLAIM of the calls, and where the offer states no quantity one of its stock,
all or nothing: an offer can serve five such requests and none can swallow it.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from matching.consortia.candidates import Candidate
from matching.consortia.certainty import certainty
from matching.consortia.chains import Chain, Need
from matching.consortia.supply import DIVISIBLE_UNITS, DUST, Supply
from matching.consortia.weights import FIT, PARTNER

OPEN_CLAIM = 0.2  # judgement
PARTNERS_PER_ROLE = 4  # judgement: beyond that a lead would be coordinating deliveries, not a consortium
LEAST_FRACTION = 0.02  # of the need: less is not missed
LEAST_GIVEN = 0.1  # judgement, of the need: who gives less is not worth a telephone call
TOLERANCE = 1e-3  # of a piece: what solvers leave undone


@dataclass(frozen=True)
class Promise:
    """What one partner promises for one role."""

    candidate: Candidate
    slot: int  # place in the chain, from 0
    fraction: float  # of the need, 0..1
    share: float  # of `account`
    account: int  # on which it is booked, see `booked_on`
    quantity: float  # in units of the product; NaN if the need states none


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

    @property
    def is_measured(self) -> bool:
        """Whether amounts that can be compared with the need's allow all of it that is planned, in every filled role.

        Hours of a machine are promised for pieces too, but nobody knows for how many.
        """
        stated = {one.slot: 0.0 for one in self.promises}
        for one in self.promises:
            stated[one.slot] += 0.0 if math.isnan(one.candidate.whole) else one.fraction
        return min(stated.values()) >= self.fraction - DUST

    @property
    def certainty(self) -> float:
        """See `matching.consortia.certainty`."""
        least: dict[int, float] = {}
        for one in self.promises:
            least[one.slot] = min(least.get(one.slot, 1.0), one.candidate.certainty)
        return certainty(list(least.values()), len(self.chain.slots))

    @property
    def coverage(self) -> float:
        """Share of the need that the weakest necessary role allows: nothing while one is missing or unclear."""
        return self.fraction if len({one.slot for one in self.promises}) == len(self.chain.slots) else 0.0

    def role_of(self, slot: int) -> str:
        """The role that stands for a slot: the one of its first promise, else its first alternative."""
        promises = self.of_slot(slot)
        return promises[0].candidate.role.role_id if promises else self.chain.slots[slot].roles[0].role_id


def claim(need: Need, candidate: Candidate, supply: Supply) -> tuple[float, float]:
    """Share of the account that the whole need would take, and the smallest fraction that can be promised."""
    capacity = float(supply.capacity[candidate.offer])
    least_share = 0.0 if math.isnan(capacity) else float(supply.minimum[candidate.offer]) / capacity
    if math.isnan(need.quantity):
        return OPEN_CLAIM, 1.0
    if math.isnan(candidate.whole):
        return max(OPEN_CLAIM, least_share), 1.0
    share = need.quantity / candidate.whole
    return share, max(LEAST_GIVEN, least_share / share)


def booked_on(need: Need, candidate: Candidate, supply: Supply) -> int:
    """The account that a promise draws on: the offer's stock, or its calls where the need states no quantity."""
    stock = int(supply.account[candidate.offer])
    return stock + supply.accounts if math.isnan(need.quantity) else stock


def draw_up(
    number: int, need: Need, chain: Chain, chosen: Sequence[tuple[int, Candidate, float]], supply: Supply, method: str
) -> Plan | None:
    """A plan from slot, candidate and fraction; what a role allows beyond the weakest filled role is given back.

    Where the need states a quantity of things that cannot be divided, every promise is of whole ones, and a slot that
    comes to none is left out; None if that leaves nothing. A plan drawn up again from its own promises stays the same.
    """
    is_divisible = math.isnan(need.quantity) or need.unit in DIVISIBLE_UNITS
    step = 0.0 if is_divisible else min(1.0, need.quantity)
    by_slot: dict[int, list[tuple[Candidate, float]]] = {}
    for slot, candidate, fraction in sorted(chosen, key=lambda entry: entry[0]):
        is_lot = claim(need, candidate, supply)[1] == 1.0  # all or nothing, whatever the pieces
        kept = fraction if is_lot else _whole(fraction, need.quantity, step)
        if kept > DUST:
            by_slot.setdefault(slot, []).append((candidate, kept))
    if not by_slot:
        return None
    reach = _whole(min(1.0, *(sum(kept for _, kept in entries) for entries in by_slot.values())), need.quantity, step)
    promises = [
        promise for slot, entries in by_slot.items() for promise in _promises(need, slot, entries, reach, supply)
    ]
    return Plan(number, chain, tuple(promises), reach, _least(promises), method)


def _whole(fraction: float, quantity: float, step: float) -> float:
    """The largest fraction not above the given one that is a whole number of steps of the quantity."""
    return fraction if step == 0 else math.floor(fraction * quantity / step + TOLERANCE) * step / quantity


def _promises(
    need: Need, slot: int, entries: Sequence[tuple[Candidate, float]], reach: float, supply: Supply
) -> Iterator[Promise]:
    """Promises of one slot up to the reach; who gives lots keeps them, but promises no more than the reach."""
    used = 0.0
    for candidate, fraction in entries:
        share, least = claim(need, candidate, supply)
        covered = min(fraction, reach - used)
        if covered > DUST:
            used += covered
            kept = fraction if least == 1.0 else covered
            account = booked_on(need, candidate, supply)
            yield Promise(candidate, slot, kept, kept * share, account, round(covered * need.quantity, 6))


def _least(promises: Sequence[Promise]) -> float:
    """The smallest quantity that a slot promises; NaN if none states one."""
    sums: dict[int, float] = {}
    for promise in promises:
        sums[promise.slot] = sums.get(promise.slot, 0.0) + promise.quantity
    known = [quantity for quantity in sums.values() if not math.isnan(quantity)]
    return min(known) if known else math.nan


def worth_alone(need: Need, found: Plan) -> float:
    """What a plan is worth by itself, without the cost of load (see `weights`)."""
    size = len(found.chain.slots)
    covered = need.importance * len({promise.slot for promise in found.promises}) / size * found.fraction
    fits = sum(FIT * promise.candidate.fit / size * promise.fraction for promise in found.promises)
    return covered + fits - PARTNER * len(found.promises)
