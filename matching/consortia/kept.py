"""What stands from the week before: a proposal that somebody may be following up does not change without a reason.

Consortia that still hold stand as they are, unless what is free now fills more of their roles or notably more of their
need, or a more important need (`Need.importance`) would go without their partners; the loss of one partner changes the
consortia it was in and no others.
"""

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence

import numpy as np
from pandera.typing import DataFrame

from matching.arrays import Floats
from matching.consortia import greedy
from matching.consortia.candidates import Candidate
from matching.consortia.chains import Chain, Need
from matching.consortia.options import Options
from matching.consortia.plans import Plan, claim, draw_up
from matching.consortia.program import SOLUTION_DIGITS
from matching.consortia.supply import DUST, Supply
from matching.consortia.weights import NOTABLE
from matching.schema import ConsortiumRole

METHOD = "kept"


def stand(
    previous: DataFrame[ConsortiumRole], needs: Sequence[Need], supply: Supply, options: Options
) -> tuple[list[Plan], Floats]:
    """Plans that stand before any need is served anew, and the shares that are not for them (`released`)."""
    standing = after_giving_way(still_hold(previous, needs, supply, options), needs, supply, options)
    withheld = released(previous, standing, needs, supply)
    return strengthened(standing, withheld, needs, supply, options), withheld


def still_hold(
    previous: DataFrame[ConsortiumRole], needs: Sequence[Need], supply: Supply, options: Options
) -> list[Plan]:
    """Plans of earlier consortia whose need and partners are all still there, as long as the accounts allow them."""
    numbers = {need.consortium_id: number for number, need in enumerate(needs)}
    left = supply.untouched()
    plans = []
    columns = ["consortium_id", "position", "role_id", "listing_id", "quantity"]
    promised = previous.loc[previous["state"] == "filled", columns]
    before: dict[str, dict[tuple[int, str, str], float]] = defaultdict(dict)
    for consortium_id, *partner, quantity in promised.itertuples(index=False, name=None):
        position, role_id, listing_id = partner
        before[consortium_id][position, role_id, listing_id] = quantity
    for consortium_id, wanted in sorted(before.items()):
        number = numbers.get(consortium_id)
        if number is None:
            continue
        again = (_again(number, needs[number], chain, wanted, supply) for chain in needs[number].chains)
        possible = (found for found in again if found is not None and _has_room(found, left))
        if found := next((one for one in possible if greedy.keeps(one, needs[number], supply, options)), None):
            greedy.spend(found, supply, left)
            plans.append(found)
    return plans


def _again(
    number: int, need: Need, chain: Chain, wanted: Mapping[tuple[int, str, str], float], supply: Supply
) -> Plan | None:
    """The same promises on today's candidates; None if one of them is gone."""
    chosen: list[tuple[int, Candidate, float]] = []
    for slot, place in enumerate(chain.slots):
        for candidate in place.candidates:
            quantity = wanted.get((slot + 1, candidate.role.role_id, supply.listing_id[candidate.offer]))
            if quantity is not None:
                is_whole = claim(need, candidate, supply)[1] == 1.0
                chosen.append((slot, candidate, 1.0 if is_whole else quantity / need.quantity))
    return draw_up(number, need, chain, chosen, supply, METHOD) if len(chosen) == len(wanted) else None


def _has_room(found: Plan, left: Floats) -> bool:
    return all(left[promise.account] >= promise.share - DUST for promise in found.promises)


def after_giving_way(standing: Sequence[Plan], needs: Sequence[Need], supply: Supply, options: Options) -> list[Plan]:
    """Plans that stand, without those that hold what a more important need would get notably less without.

    The more important need is one with a quantity that no plan stands for: a new one, or one that has lost a partner.
    """
    kept, left = list(standing), supply.untouched()
    for found in kept:
        greedy.spend(found, supply, left)
    settled = {found.need for found in kept}
    waiting = [number for number, need in enumerate(needs) if number not in settled and not math.isnan(need.quantity)]
    for number in sorted(waiting, key=lambda number: greedy.order(needs[number])):
        weaker = [found for found in kept if needs[found.need].importance < needs[number].importance]
        room = _with_shares_of(weaker, left)
        alone, together = (greedy.best(number, needs[number], supply, accounts, options) for accounts in (left, room))
        if together is None or greedy.reach(together) - (greedy.reach(alone) if alone else 0.0) < NOTABLE:
            continue
        lacking = {one.account for one in together.promises if one.share > left[one.account] + DUST}
        giving = [found for found in weaker if any(one.account in lacking for one in found.promises)]
        kept = [found for found in kept if found not in giving]
        left = _with_shares_of(giving, left)
        greedy.spend(together, supply, left)  # so that the next one in need does not count on it too
    return kept


def _with_shares_of(plans: Sequence[Plan], left: Floats) -> Floats:
    """What is left of each account if plans give back what they hold."""
    free = left.copy()
    for promise in (promise for found in plans for promise in found.promises):
        free[promise.account] += promise.share
    return free


def released(
    previous: DataFrame[ConsortiumRole], kept: Sequence[Plan], needs: Sequence[Need], supply: Supply
) -> Floats:
    """Share of each account that last week's consortia held which do not stand any more.

    It serves needs that have lost a partner, not those that stand: else one partner's leaving would reach them too.
    A week stored before roles had a share releases nothing.
    """
    shares = np.zeros_like(supply.untouched())
    standing = {needs[one.need].consortium_id for one in kept}
    account = dict(zip(supply.listing_id, supply.account.tolist(), strict=True))
    promised = previous[(previous["state"] == "filled") & ~previous["consortium_id"].isin(standing)]
    stated = promised.reindex(columns=["listing_id", "share"]).dropna()
    for listing_id, share in stated.itertuples(index=False, name=None):
        if listing_id in account:
            shares[account[listing_id]] += share
    return shares


def strengthened(
    standing: Sequence[Plan], withheld: Floats, needs: Sequence[Need], supply: Supply, options: Options
) -> list[Plan]:
    """Plans that stand, notably improved by what is free before less important needs without a plan may have it.

    Those of needs with a quantity: others ask only that something is left, when all is planned. withheld: shares of
    accounts that are for none of them.
    """
    left = supply.untouched()
    for found in standing:
        greedy.spend(found, supply, left)
    has_plan = {found.need for found in standing}
    wanted = np.zeros_like(left)  # by account, the importance of who waits for it
    for waiting in (need for number, need in enumerate(needs) if number not in has_plan):
        for candidate in (one for chain in waiting.chains for slot in chain.slots for one in slot.candidates):
            account = supply.account[candidate.offer]
            wanted[account] = max(wanted[account], waiting.importance)
    improved = []
    for found in sorted(standing, key=lambda found: greedy.order(needs[found.need])):
        need = needs[found.need]
        not_its = np.where(wanted >= need.importance, math.inf, withheld)
        is_counted = not math.isnan(need.quantity)
        improved.append(_improved(found, not_its, need, supply, left, options) if is_counted else found)
    return improved


def settled(
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
            accounts[promise.account] += promise.share
    claims = {promise.candidate: promise.fraction for promise in found.promises}
    others = (greedy.fill(found.need, need, chain, supply, free, claims=claims) for chain in need.chains)
    allowed = [one for one in others if one is not None and greedy.keeps(one, need, supply, options)]
    best = max(allowed, key=greedy.reach, default=found)
    gained = round(greedy.reach(best) - greedy.reach(found), SOLUTION_DIGITS)
    chosen = best if gained >= NOTABLE else found
    greedy.spend(chosen, supply, left)
    return chosen
