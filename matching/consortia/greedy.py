"""A greedy cover: needs in order of urgency take the best candidates that are left.

Fast and simple: it serves what the optimiser leaves open, and stands in for it when it finds no answer in time.
Nothing is promised twice: what is left of each account only shrinks.
"""

import math
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import numpy.typing as npt

from matching.consortia.candidates import Candidate
from matching.consortia.chains import Chain, Need, Slot
from matching.consortia.options import EU_ENTITIES, EU_STATES, Options
from matching.consortia.plans import LEAST_FRACTION, PARTNERS_PER_ROLE, Plan, booked_on, claim, draw_up
from matching.consortia.supply import DUST, Supply

METHOD = "greedy"
NO_CLAIMS: Mapping[Candidate, float] = {}


def serve(
    numbers: Iterable[int], needs: Sequence[Need], supply: Supply, left: npt.NDArray[np.float64], options: Options
) -> list[Plan]:
    """Plans for needs that can be served from what is left of the accounts (changed in place), by need."""
    plans = []
    for number in sorted(numbers, key=lambda number: order(needs[number])):
        need = needs[number]
        if found := best(number, need, supply, left, options):
            spend(found, supply, left)
            plans.append(found)
    return sorted(plans, key=lambda found: found.need)


def best(number: int, need: Need, supply: Supply, left: npt.NDArray[np.float64], options: Options) -> Plan | None:
    """The plan that fills and covers most with what is left, the first and shortest among equals; None if none can."""
    ways = (fill(number, need, chain, supply, left) for chain in need.chains)
    possible = [way for way in ways if way is not None and keeps(way, need, supply, options)]
    return max(possible, key=reach, default=None)


def reach(found: Plan) -> float:
    """Share of the roles that are filled times share of the need that they cover."""
    return len({promise.slot for promise in found.promises}) / len(found.chain.slots) * found.fraction


def order(need: Need) -> tuple[float, str, int, float, str]:
    """The important first, then by deadline, then who has the fewest ways out, then the small before the large."""
    choices = sum(len(slot.candidates) for chain in need.chains for slot in chain.slots)
    size = math.inf if math.isnan(need.quantity) else need.quantity
    return -need.importance, need.deadline_on or "9999", choices, size, need.consortium_id


def spend(found: Plan, supply: Supply, left: npt.NDArray[np.float64]) -> None:
    """Take a plan's promises from the accounts."""
    for promise in found.promises:
        left[promise.account] -= promise.share


def fill(
    number: int,
    need: Need,
    chain: Chain,
    supply: Supply,
    left: npt.NDArray[np.float64],
    without: frozenset[str] = frozenset(),
    claims: Mapping[Candidate, float] = NO_CLAIMS,
) -> Plan | None:
    """Fill a chain slot by slot from what is left; None if no slot can be filled.

    without: organisations to leave out. claims: who is to be asked first, those with the largest claim before.
    """
    taken: dict[int, float] = {}  # an account may serve several roles of one chain
    chosen: list[tuple[int, Candidate, float]] = []
    for place, slot in enumerate(chain.slots):
        chosen.extend((place, *choice) for choice in _take(need, slot, supply, left, taken, without, claims))
    return draw_up(number, need, chain, chosen, supply, METHOD) if chosen else None


def _take(
    need: Need,
    slot: Slot,
    supply: Supply,
    left: npt.NDArray[np.float64],
    taken: dict[int, float],
    without: frozenset[str],
    claims: Mapping[Candidate, float],
) -> list[tuple[Candidate, float]]:
    """Candidates and fractions for one slot, the best candidates first; one who can alone does it alone."""
    chosen: list[tuple[Candidate, float]] = []
    missing = 1.0
    candidates = [one for one in slot.candidates if supply.organisation_id[one.offer] not in without]
    if claims:
        candidates.sort(key=lambda one: -claims.get(one, 0.0))

    def most(candidate: Candidate) -> float:
        account = booked_on(need, candidate, supply)
        rest = float(left[account]) - taken.get(account, 0.0)
        return max(rest, 0.0) / claim(need, candidate, supply)[0]

    alone = next((one for one in candidates if most(one) >= 1 - DUST), None)
    for candidate in candidates if alone is None else [alone]:
        if len(chosen) == PARTNERS_PER_ROLE or missing <= LEAST_FRACTION:
            break
        share, least = claim(need, candidate, supply)
        fraction = min(missing, most(candidate))
        if fraction >= max(least - DUST, DUST):
            chosen.append((candidate, fraction))
            account = booked_on(need, candidate, supply)
            taken[account] = taken.get(account, 0.0) + fraction * share
            missing -= fraction
    return chosen


def keeps(found: Plan, need: Need, supply: Supply, options: Options) -> bool:
    """Whether a plan is certain enough and keeps to the options that concern a consortium as a whole."""
    if found.certainty < options.least_certainty:
        return False
    offers = [promise.candidate.offer for promise in found.promises]
    partners = {supply.organisation_id[offer] for offer in offers}
    states = {supply.country[offer] for offer in offers} | {need.country}
    known_states = len(states - {None})
    if any(pair <= partners for pair in options.forbidden_pairs):
        return False
    if options.maximum_partners is not None and len(partners) > options.maximum_partners:
        return False
    if options.maximum_countries is not None and known_states > options.maximum_countries:
        return False
    if need.concept_id in options.eu_rule and (len(partners) + 1 < EU_ENTITIES or known_states < EU_STATES):
        return False
    return all(name in partners or not _can_take_part(name, found.chain, supply) for name in required(need, options))


def required(need: Need, options: Options) -> tuple[str, ...]:
    """Organisations that must take part, by concept and by request."""
    return (*options.required.get(need.concept_id, ()), *options.required.get(need.request_id, ()))


def _can_take_part(name: str, chain: Chain, supply: Supply) -> bool:
    return any(supply.organisation_id[one.offer] == name for slot in chain.slots for one in slot.candidates)
