"""The optimiser: all open needs of a week together, as mixed-integer programs solved by HiGHS.

What is maximised is in `weights`, what a program says in `formulation`. The week falls into components that share no
organisation. A component of up to EXACT_EDGES possible promises is solved to optimality. A larger one is solved as a
linear program and rounded (see `rounding`), and the gap to its bound is reported; it is over the candidates that are
weighed. Beyond `Options.program_size` promises a component is served by the greedy cover ("greedy"), as is what the
optimiser leaves open, with roles missing if need be. Limits are counted in promises and nodes, never in seconds, so
that the same input gives the same answer everywhere.
"""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from matching.arrays import Floats
from matching.consortia import greedy, rounding
from matching.consortia.chains import Need
from matching.consortia.component import Component, edges_of, tied_together
from matching.consortia.formulation import Solved, exact
from matching.consortia.options import Options
from matching.consortia.plans import Plan, worth_alone
from matching.consortia.supply import Supply
from matching.consortia.weights import FREE_LOAD, LOAD

EXACT_EDGES = 250  # judgement
OPTIMAL_GAP = 1e-3  # judgement: whole pieces of small needs can cost more than that


class Outcome(NamedTuple):
    """Plans by need, and how good they are."""

    plans: list[Plan]
    value: float  # of the plans that the optimiser found
    bound: float  # no plan can be worth more

    @property
    def gap(self) -> float:
        return _gap(self.value, self.bound)


def _gap(value: float, bound: float) -> float:
    """Share of the bound that the value leaves open."""
    return max(bound - value, 0.0) / bound if bound > 0 else 0.0


def optimise(needs: Sequence[Need], supply: Supply, options: Options, kept: Sequence[Plan] = ()) -> Outcome:
    """The best plans for all needs together; what they leave open is served greedily, with roles missing if need be.

    kept: plans that stand and are not weighed again.
    """
    left = supply.untouched()
    for one in kept:
        greedy.spend(one, supply, left)
    plans: list[Plan] = list(kept)
    settled = {one.need for one in kept}
    value = bound = 0.0
    for is_open in (False, True):  # who states a quantity first: the others only ask that something is left
        left = supply.without_empty(left) if is_open else left
        asked = [number not in settled and math.isnan(need.quantity) == is_open for number, need in enumerate(needs)]
        edges = [edges_of(need, supply) if is_asked else [] for is_asked, need in zip(asked, needs, strict=True)]
        for numbers in tied_together(edges):
            solved = _solve(Component(numbers, needs, edges, supply, options), left)
            if solved is None:
                continue  # left to the greedy cover
            achieved = worth(solved[0], needs, supply)
            certain = [one for one in solved[0] if one.certainty >= options.least_certainty]
            for one in certain:
                greedy.spend(one, supply, left)
            plans.extend(_with_gap(certain, round(_gap(achieved, solved[1]), 6)))
            value += achieved
            bound += solved[1]
    served = {found.need for found in plans}
    rest = [number for number in range(len(needs)) if number not in served]
    plans.extend(greedy.serve(rest, needs, supply, left, options))
    return Outcome(sorted(plans, key=lambda found: found.need), value, bound)


def _solve(part: Component, left: Floats) -> Solved | None:
    """Plans and bound of a component; None where it is too large or nothing was found."""
    solved = exact(part, part.numbers, left) if part.size <= EXACT_EDGES else None
    if solved is None and part.size <= part.options.program_size:
        solved = rounding.rounded(part, left)
    return solved


def _with_gap(plans: Sequence[Plan], gap: float) -> list[Plan]:
    is_rounded = gap > OPTIMAL_GAP
    return [replace(one, gap=gap, method=rounding.METHOD if is_rounded else one.method) for one in plans]


def worth(plans: Sequence[Plan], needs: Sequence[Need], supply: Supply) -> float:
    """The value of plans by the optimiser's own measure."""
    load = Counter(supply.organisation_id[promise.candidate.offer] for found in plans for promise in found.promises)
    beyond = sum(max(count - FREE_LOAD, 0) for count in load.values())
    return sum(worth_alone(needs[found.need], found) for found in plans) - LOAD * beyond
