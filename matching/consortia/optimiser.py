"""The optimiser: all open needs of a week together, as a mixed-integer program solved by HiGHS.

For every need at most one chain; in it every slot that has a candidate is filled to the same fraction of the need, so
nobody promises what another role cannot follow. No account gives more than it has. Maximised, in this order of weight:

    COVER     covered need by urgency (low 1 … critical 8), times the share of the chain's roles that can be filled
    PARTNER   cost of every promise: one more partner must cover 1 % more of a normal need
    FIT       fit of the partners (concept, nearness, freshness, trust) by the fraction they promise
    LOAD      cost of every promise of an organisation beyond its first FREE_LOAD: balanced load

The week falls into components that share no organisation. A component of up to EXACT_EDGES possible promises is solved
to optimality. A larger one is solved as a linear program, which gives a bound and a claim on every account for each
need; then every need is filled along its claims, from these and what is free ("rounded"), and the gap to the bound is
reported; it is over the candidates that are weighed, PER_ROLE of a role. Beyond `Options.program_size` promises
a component is served by the greedy cover ("greedy"), as is what the optimiser leaves open, with roles missing if need
be. Limits are counted in promises and nodes, never in seconds, so that the same input gives the same answer everywhere.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from matching.arrays import Floats
from matching.consortia import greedy
from matching.consortia.chains import Candidate, Need
from matching.consortia.options import EU_ENTITIES, EU_STATES, Options
from matching.consortia.plans import DUST, LEAST_FRACTION, PARTNERS_PER_ROLE, Plan, claim, draw_up
from matching.consortia.program import Program
from matching.consortia.supply import Supply

COVER = {"low": 1.0, "normal": 2.0, "high": 4.0, "critical": 8.0}
PARTNER = 0.02
FIT = 0.02
LOAD = 0.01
FREE_LOAD = 3
EXACT_EDGES = 250
PER_ROLE = 8  # candidates of a role of a chain that are weighed; what they leave open is filled from all others
OPTIMAL_GAP = 1e-3

Solved = tuple[list[Plan], float]  # plans and bound


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


class _Edge(NamedTuple):
    """A possible promise."""

    chain: int
    slot: int
    candidate: Candidate
    account: int
    organisation_id: str
    share: float  # of the account, for the whole need
    least: float  # fraction of the need


def optimise(needs: Sequence[Need], supply: Supply, options: Options, kept: Sequence[Plan] = ()) -> Outcome:
    """The best plans for all needs together; what they leave open is served greedily, with roles missing if need be.

    kept: plans that stand and are not weighed again.
    """
    left = np.ones(supply.accounts)
    for one in kept:
        greedy.spend(one, supply, left)
    plans: list[Plan] = list(kept)
    settled = {one.need for one in kept}
    edges = [[] if number in settled else _edges(need, supply) for number, need in enumerate(needs)]
    value = bound = 0.0
    for component in _components(edges):
        week = _Week(component, needs, edges, supply, options)
        size = sum(len(edges[number]) for number in component)
        solved = _exact(week, component, left) if size <= EXACT_EDGES else None
        if solved is None and size <= options.program_size:
            solved = _rounded(week, left)
        if solved is None:
            continue  # left to the greedy cover
        for one in solved[0]:
            greedy.spend(one, supply, left)
        achieved = worth(solved[0], needs, supply)
        gap = round(_gap(achieved, solved[1]), 6)
        is_rounded = gap > OPTIMAL_GAP  # whole pieces of small needs can cost more than that
        plans.extend(replace(one, gap=gap, method="rounded" if is_rounded else one.method) for one in solved[0])
        value += achieved
        bound += solved[1]
    served = {found.need for found in plans}
    rest = [number for number in range(len(needs)) if number not in served]
    plans.extend(greedy.serve(rest, needs, supply, left, options))
    return Outcome(sorted(plans, key=lambda found: found.need), value, bound)


def worth(plans: Sequence[Plan], needs: Sequence[Need], supply: Supply) -> float:
    """The value of plans by the optimiser's own measure."""
    load = Counter(supply.organisation_id[promise.candidate.offer] for found in plans for promise in found.promises)
    beyond = sum(max(count - FREE_LOAD, 0) for count in load.values())
    return sum(_value(needs[found.need], found) for found in plans) - LOAD * beyond


class _Week(NamedTuple):
    """What a component of the week has to be solved from."""

    component: list[int]
    needs: Sequence[Need]
    edges: Sequence[list[_Edge]]
    supply: Supply
    options: Options


class _Columns(NamedTuple):
    """Where a program keeps its answer."""

    covered: dict[tuple[int, int], int]  # need and chain -> fraction of the need
    promised: dict[tuple[int, int], int]  # need and place of the edge -> fraction of the need


def _edges(need: Need, supply: Supply) -> list[_Edge]:
    edges = []
    for chain, way in enumerate(need.chains):
        for slot, place in enumerate(way.slots):
            for candidate in place.candidates[:PER_ROLE] if len(way.slots) > 1 else place.candidates:
                share, least = claim(need, candidate, supply)
                if least <= 1 and share * least <= 1:
                    account, name = supply.account[candidate.offer], supply.organisation_id[candidate.offer]
                    edges.append(_Edge(chain, slot, candidate, int(account), name, share, least))
    return edges


def _components(edges: Sequence[list[_Edge]]) -> list[list[int]]:
    """Needs that are tied together by organisations, in order of their first need."""
    organisations = {
        name: place for place, name in enumerate(sorted({e.organisation_id for row in edges for e in row}))
    }
    ties = sorted({(need, organisations[edge.organisation_id]) for need, row in enumerate(edges) for edge in row})
    if not ties:
        return []
    rows, columns = zip(*ties, strict=True)
    size = len(edges) + len(organisations)
    graph = coo_array((np.ones(len(ties)), (rows, np.array(columns) + len(edges))), shape=(size, size))
    _, label = connected_components(graph, directed=False)
    members: dict[int, list[int]] = defaultdict(list)
    for need, row in enumerate(edges):
        if row:
            members[int(label[need])].append(need)
    return sorted(members.values())


def _build(
    week: _Week, numbers: Sequence[int], left: Floats, load: dict[str, int], *, relaxed: bool
) -> tuple[Program, _Columns]:
    """The program for some needs; relaxed: with the yes-or-no questions in part, whose answer only gets better thereby.

    What an account and the number of partners allow at most bounds both what is covered and what is promised for a yes:
    that keeps the relaxed answer close to what can be done.
    """
    program, columns = Program(), _Columns({}, {})
    by_account: dict[int, list[tuple[int, float]]] = defaultdict(list)
    by_organisation: dict[str, list[tuple[int, float]]] = defaultdict(list)
    for number in numbers:
        need, edges = week.needs[number], week.edges[number]
        chosen = []
        for chain in sorted({edge.chain for edge in edges}):
            by_slot: dict[int, list[tuple[int, _Edge, float]]] = defaultdict(list)
            for place, edge in enumerate(edges):
                if edge.chain == chain:
                    by_slot[edge.slot].append((place, edge, _most(edge, left)))
            size = len(need.chains[chain].slots)
            covered = program.column(-COVER[need.urgency] * len(by_slot) / size)
            columns.covered[number, chain] = covered
            yes = program.column(0.0, whole=not relaxed)
            chosen.append((yes, 1.0))
            largest = (sorted((most for *_, most in here), reverse=True) for here in by_slot.values())
            program.row(
                [(covered, 1.0), (yes, -min(1.0, *(sum(most[:PARTNERS_PER_ROLE]) for most in largest)))], high=0.0
            )
            taken: list[tuple[int, _Edge]] = []
            for here in by_slot.values():
                filled, partners = [(covered, -1.0)], [(yes, -float(PARTNERS_PER_ROLE))]
                for place, edge, most in here:
                    promised, whether = _promise(program, edge, most, size, relaxed=relaxed)
                    columns.promised[number, place] = promised
                    filled.append((promised, 1.0))
                    partners.append(whether)
                    by_account[edge.account].append((promised, edge.share))
                    by_organisation[edge.organisation_id].append(whether)
                    taken.append((whether[0], edge))
                program.row(filled, low=0.0, high=0.0)
                program.row(partners, high=0.0)
            if not relaxed:
                _prescribe(program, week, need, yes, taken)
        program.row(chosen, high=1.0)
    for account, terms in sorted(by_account.items()):
        program.row(terms, high=max(float(left[account]), 0.0))
    for name, terms in sorted(by_organisation.items()):
        free = max(FREE_LOAD - load.get(name, 0), 0)
        if len(terms) > free:
            beyond = program.column(LOAD, upper=math.inf)
            program.row([*terms, (beyond, -1.0)], high=free)
    return program, columns


def _most(edge: _Edge, left: Floats) -> float:
    """Largest fraction of the need that an edge's account allows; 0 where it is below the smallest lot."""
    most = min(1.0, max(float(left[edge.account]), 0.0) / edge.share)
    return most if most >= edge.least - DUST else 0.0


def _promise(program: Program, edge: _Edge, most: float, size: int, *, relaxed: bool) -> tuple[int, tuple[int, float]]:
    """Column of how much is promised, and column and factor of whether it is; the same column if relaxed."""
    gain = FIT * edge.candidate.fit / size
    if relaxed:
        per_unit = 1.0 / max(most, DUST)
        promised = program.column(PARTNER * per_unit - gain, upper=most)
        return promised, (promised, per_unit)
    promised, whether = program.column(-gain), program.column(PARTNER, whole=True)
    program.row([(promised, 1.0), (whether, -most)], high=0.0)
    program.row([(promised, 1.0), (whether, -edge.least)], low=0.0)
    return promised, (whether, 1.0)


def _prescribe(program: Program, week: _Week, need: Need, yes: int, taken: Sequence[tuple[int, _Edge]]) -> None:
    """Rows for the options that concern a consortium as a whole."""
    if not _has_prescriptions(week.options, need):
        return
    options, country = week.options, week.supply.country
    has_eu_rule = need.concept_id in options.eu_rule
    wanted = [name for name in greedy.required(need, options) if any(e.organisation_id == name for _, e in taken)]
    partner = _indicators(program, [(whether, edge.organisation_id) for whether, edge in taken])
    state = _indicators(program, [(whether, country[edge.candidate.offer]) for whether, edge in taken])
    abroad = [(column, 1.0) for name, column in state.items() if name is not None and name != need.country]
    for name in wanted:
        program.row([(partner[name], 1.0), (yes, -1.0)], low=0.0)
    for one, other in sorted(tuple(sorted(pair)) for pair in options.forbidden_pairs):
        if one in partner and other in partner:
            program.row([(partner[one], 1.0), (partner[other], 1.0)], high=1.0)
    if options.maximum_partners is not None:
        program.row([(column, 1.0) for column in partner.values()], high=options.maximum_partners)
    if options.maximum_countries is not None and abroad:
        program.row(abroad, high=options.maximum_countries - (need.country is not None))
    if has_eu_rule:
        program.row([*((column, 1.0) for column in partner.values()), (yes, 1.0 - EU_ENTITIES)], low=0.0)
        program.row([*abroad, (yes, float((need.country is not None) - EU_STATES))], low=0.0)


def _indicators(program: Program, members: Sequence[tuple[int, Any]]) -> dict[Any, int]:
    """One yes-or-no column per name, yes exactly if one of its members is."""
    columns: dict[Any, int] = {}
    by_name: dict[Any, list[int]] = defaultdict(list)
    for whether, name in members:
        by_name[name].append(whether)
    for name, all_of_it in by_name.items():
        columns[name] = program.column(0.0, whole=True)
        program.row([*((whether, 1.0) for whether in all_of_it), (columns[name], -1.0)], low=0.0)
        for whether in all_of_it:
            program.row([(whether, 1.0), (columns[name], -1.0)], high=0.0)
    return columns


def _exact(week: _Week, numbers: Sequence[int], left: Floats, load: dict[str, int] | None = None) -> Solved | None:
    """Plans and bound for some needs; None if nothing was found within the limit of nodes."""
    program, columns = _build(week, numbers, left, load or {}, relaxed=False)
    values, least = program.solve()
    if values is None:
        return None
    plans = [_plan(week, number, columns, values, "optimal") for number in numbers]
    return [one for one in plans if one is not None], -least


def _plan(week: _Week, number: int, columns: _Columns, values: Floats, method: str) -> Plan | None:
    need = week.needs[number]
    for chain, way in enumerate(need.chains):
        covered = columns.covered.get((number, chain))
        if covered is not None and values[covered] > DUST:
            chosen = [
                (edge.slot, edge.candidate, float(values[columns.promised[number, place]]))
                for place, edge in enumerate(week.edges[number])
                if edge.chain == chain and values[columns.promised[number, place]] > DUST
            ]
            return draw_up(number, need, way, chosen, week.supply, method)
    return None


def _rounded(week: _Week, left: Floats) -> Solved | None:
    """Plans of a large component along the claims of its linear program, need by need; None if it was not solved.

    The first answer bounds what is possible and settles the chain of every need, the second its partners, the third
    their claims on accounts: on a scarce week each of the two further programs halves the gap.
    """
    program, columns = _build(week, week.component, left, {}, relaxed=True)
    values, least = program.solve()
    settled = week
    for narrow in (_one_chain_each, _few_partners):
        if values is None:
            return None
        settled = narrow(settled, columns, values)
        program, columns = _build(settled, week.component, left, {}, relaxed=True)
        values, _ = program.solve()
    if values is None:
        return None
    free = left.copy()
    claimed: dict[int, dict[Candidate, float]] = {}
    for number in week.component:
        claimed[number] = {
            edge.candidate: amount
            for place, edge in enumerate(settled.edges[number])
            if (amount := float(values[columns.promised[number, place]])) > DUST
        }
        _give(week, number, free, claimed[number], -1.0)
    load: dict[str, int] = defaultdict(int)
    plans: dict[int, Plan] = {}
    numbers = sorted(week.component, key=lambda number: greedy.order(week.needs[number]))
    for number in numbers:
        _give(week, number, free, claimed[number], 1.0)
        if claimed[number]:
            _settle(week, number, free, load, plans, claimed[number])
    for number in numbers:  # once more: what others gave back may serve who got too little
        if number not in plans or plans[number].fraction < 1 - LEAST_FRACTION:
            _settle(week, number, free, load, plans, claimed[number])
    return [plans[number] for number in sorted(plans)], -least


def _one_chain_each(week: _Week, columns: _Columns, values: Floats) -> _Week:
    """The week with the edges of the chain that covers most of each need; where none covers anything, with all."""
    edges = list(week.edges)
    for number in week.component:
        covered: dict[int, float] = {}
        for chain in {edge.chain for edge in edges[number]}:
            slots = {edge.slot for edge in edges[number] if edge.chain == chain}
            share = len(slots) / len(week.needs[number].chains[chain].slots)
            covered[chain] = share * float(values[columns.covered[number, chain]])
        best = max(sorted(covered), key=covered.__getitem__)
        if covered[best] > DUST:
            edges[number] = [edge for edge in edges[number] if edge.chain == best]
    return week._replace(edges=edges)


def _few_partners(week: _Week, columns: _Columns, values: Floats) -> _Week:
    """The week with the edges that promise most in each slot, as many as may be partners of it.

    All edges stay where a slot would be left without one.
    """
    edges = list(week.edges)
    for number in week.component:
        promised: dict[int, list[tuple[float, int]]] = {edge.slot: [] for edge in edges[number]}
        for place, edge in enumerate(edges[number]):
            amount = float(values[columns.promised[number, place]])
            if amount >= edge.least - DUST:
                promised[edge.slot].append((-amount, place))
        if all(promised.values()):
            places = [place for slot in promised.values() for _, place in sorted(slot)[:PARTNERS_PER_ROLE]]
            edges[number] = [edges[number][place] for place in places]
    return week._replace(edges=edges)


def _settle(
    week: _Week,
    number: int,
    free: Floats,
    load: dict[str, int],
    plans: dict[int, Plan],
    claims: dict[Candidate, float],
) -> None:
    """Serve one need from what is free for it, along its claims; an earlier plan of it stands if none is better."""
    before = plans.pop(number, None)
    if before is not None:
        _book(week, before, free, load, -1)
    found = _along(week, number, free, claims)
    if found is None and _has_prescriptions(week.options, week.needs[number]):
        solved = _exact(week, [number], free, load)
        found = solved[0][0] if solved is not None and solved[0] else None
    if before is not None and (found is None or found.fraction <= before.fraction):
        found = before
    if found is not None:
        plans[number] = replace(found, method="rounded")
        _book(week, found, free, load, 1)


def _along(week: _Week, number: int, free: Floats, claims: dict[Candidate, float]) -> Plan | None:
    """The chain with the largest claims, filled in their order; None unless every slot with candidates is filled."""
    need = week.needs[number]
    best: Plan | None = None
    for chain, way in enumerate(need.chains):
        found = greedy.fill(number, need, way, week.supply, free, claims=claims)
        if found is None or not greedy.keeps(found, need, week.supply, week.options):
            continue
        fillable = {edge.slot for edge in week.edges[number] if edge.chain == chain}
        filled = {promise.slot for promise in found.promises}
        if filled == fillable and (best is None or _value(need, found) > _value(need, best)):
            best = found
    return best


def _value(need: Need, found: Plan) -> float:
    """What a plan is worth by itself, without the cost of load."""
    size = len(found.chain.slots)
    covered = COVER[need.urgency] * len({promise.slot for promise in found.promises}) / size * found.fraction
    fits = sum(FIT * promise.candidate.fit / size * promise.fraction for promise in found.promises)
    return covered + fits - PARTNER * len(found.promises)


def _has_prescriptions(options: Options, need: Need) -> bool:
    """Whether an option concerns the need's consortium as a whole."""
    is_limited = options.maximum_partners is not None or options.maximum_countries is not None
    return (
        is_limited
        or bool(options.forbidden_pairs)
        or need.concept_id in options.eu_rule
        or bool(greedy.required(need, options))
    )


def _book(week: _Week, found: Plan, free: Floats, load: dict[str, int], sign: int) -> None:
    for promise in found.promises:
        free[week.supply.account[promise.candidate.offer]] -= sign * promise.share
        load[week.supply.organisation_id[promise.candidate.offer]] += sign


def _give(week: _Week, number: int, free: Floats, claims: dict[Candidate, float], sign: float) -> None:
    """Take a need's claims from the free accounts (sign -1) or give them back."""
    for candidate, fraction in claims.items():
        share, _ = claim(week.needs[number], candidate, week.supply)
        free[week.supply.account[candidate.offer]] += sign * share * fraction
