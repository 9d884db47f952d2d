"""The program for a component of the week: its columns and rows, and the plans that its answer stands for.

For every need at most one chain; in it every slot that has a candidate is filled to the same fraction of the need, so
nobody promises what another role cannot follow. No account gives more than it has.
"""

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from matching.arrays import Floats
from matching.consortia import greedy
from matching.consortia.chains import Need
from matching.consortia.component import Component, Edge
from matching.consortia.options import EU_ENTITIES, EU_STATES, Options
from matching.consortia.plans import PARTNERS_PER_ROLE, Plan, draw_up
from matching.consortia.program import Program
from matching.consortia.supply import DUST
from matching.consortia.weights import FIT, FREE_LOAD, LOAD, PARTNER

Solved = tuple[list[Plan], float]  # plans and bound
Term = tuple[int, float]  # column and its factor in a row
OPTIMAL = "optimal"  # method of plans that an exact answer stands for
NO_LOAD: Mapping[str, int] = {}


class Columns(NamedTuple):
    """Where a program keeps its answer."""

    covered: dict[tuple[int, int], int]  # need and chain -> fraction of the need
    promised: dict[tuple[int, int], int]  # need and place of the edge -> fraction of the need


def exact(part: Component, numbers: Sequence[int], left: Floats, load: Mapping[str, int] = NO_LOAD) -> Solved | None:
    """Plans and bound for some needs; None if nothing was found within the limit of nodes."""
    program, columns = formulate(part, numbers, left, load, relaxed=False)
    values, least = program.solve()
    if values is None:
        return None
    plans = [_plan(part, number, columns, values) for number in numbers]
    return [one for one in plans if one is not None], -least


def formulate(
    part: Component, numbers: Sequence[int], left: Floats, load: Mapping[str, int] = NO_LOAD, *, relaxed: bool
) -> tuple[Program, Columns]:
    """The program for some needs; relaxed: with the yes-or-no questions in part, whose answer only gets better thereby.

    left: shares of accounts that may be promised. load: promises that organisations have given already.
    What an account and the number of partners allow at most bounds both what is covered and what is promised for a yes:
    that keeps the relaxed answer close to what can be done.
    """
    draft = _Draft(part, left, relaxed)
    for number in numbers:
        draft.add_need(number)
    draft.limit_accounts()
    draft.charge_load(load)
    return draft.program, draft.columns


@dataclass(frozen=True, eq=False)
class _Draft:
    """A program to which needs are added one by one."""

    part: Component
    left: Floats
    relaxed: bool
    program: Program = field(default_factory=Program)
    columns: Columns = field(default_factory=lambda: Columns({}, {}))
    by_account: dict[int, list[Term]] = field(default_factory=lambda: defaultdict(list))
    by_organisation: dict[str, list[Term]] = field(default_factory=lambda: defaultdict(list))

    def add_need(self, number: int) -> None:
        """At most one of its chains."""
        chains = sorted({edge.chain for edge in self.part.edges[number]})
        self.program.row([(self._add_chain(number, chain), 1.0) for chain in chains], high=1.0)

    def _add_chain(self, number: int, chain: int) -> int:
        """All slots that have a candidate, or none of them; the column of the answer."""
        need, program = self.part.needs[number], self.program
        by_slot: dict[int, list[tuple[int, Edge, float]]] = defaultdict(list)
        for place, edge in enumerate(self.part.edges[number]):
            if edge.chain == chain:
                by_slot[edge.slot].append((place, edge, _most(edge, self.left)))
        size = len(need.chains[chain].slots)
        covered = program.column(-need.importance * len(by_slot) / size)
        self.columns.covered[number, chain] = covered
        yes = program.column(0.0, whole=not self.relaxed)
        largest = (sorted((most for *_, most in here), reverse=True) for here in by_slot.values())
        reach = min(1.0, *(sum(most[:PARTNERS_PER_ROLE]) for most in largest))
        program.row([(covered, 1.0), (yes, -reach)], high=0.0)
        taken: list[tuple[int, Edge]] = []
        for here in by_slot.values():
            filled, partners = [(covered, -1.0)], [(yes, -float(PARTNERS_PER_ROLE))]
            for place, edge, most in here:
                promised, whether = _promise(program, edge, most, size, relaxed=self.relaxed)
                self.columns.promised[number, place] = promised
                filled.append((promised, 1.0))
                partners.append(whether)
                self.by_account[edge.account].append((promised, edge.share))
                self.by_organisation[edge.organisation_id].append(whether)
                taken.append((whether[0], edge))
            program.row(filled, low=0.0, high=0.0)
            program.row(partners, high=0.0)
        if not self.relaxed:
            _prescribe(program, self.part, need, yes, taken)
        return yes

    def limit_accounts(self) -> None:
        """No account gives more than it has."""
        for account, terms in sorted(self.by_account.items()):
            self.program.row(terms, high=max(float(self.left[account]), 0.0))

    def charge_load(self, load: Mapping[str, int]) -> None:
        """Every promise of an organisation beyond its first ones has a price."""
        for name, terms in sorted(self.by_organisation.items()):
            free = max(FREE_LOAD - load.get(name, 0), 0)
            if len(terms) > free:
                beyond = self.program.column(LOAD, upper=math.inf)
                self.program.row([*terms, (beyond, -1.0)], high=free)


def _most(edge: Edge, left: Floats) -> float:
    """Largest fraction of the need that an edge's account allows; 0 where it is below the smallest lot."""
    most = min(1.0, max(float(left[edge.account]), 0.0) / edge.share)
    return most if most >= edge.least - DUST else 0.0


def _promise(program: Program, edge: Edge, most: float, size: int, *, relaxed: bool) -> tuple[int, tuple[int, float]]:
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


def _prescribe(program: Program, part: Component, need: Need, yes: int, taken: Sequence[tuple[int, Edge]]) -> None:
    """Rows for the options that concern a consortium as a whole."""
    if not has_prescriptions(part.options, need):
        return
    options, country = part.options, part.supply.country
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


def has_prescriptions(options: Options, need: Need) -> bool:
    """Whether an option concerns the need's consortium as a whole."""
    is_limited = options.maximum_partners is not None or options.maximum_countries is not None
    return (
        is_limited
        or bool(options.forbidden_pairs)
        or need.concept_id in options.eu_rule
        or bool(greedy.required(need, options))
    )


def _plan(part: Component, number: int, columns: Columns, values: Floats) -> Plan | None:
    need = part.needs[number]
    for chain, way in enumerate(need.chains):
        covered = columns.covered.get((number, chain))
        if covered is not None and values[covered] > DUST:
            chosen = [
                (edge.slot, edge.candidate, float(values[columns.promised[number, place]]))
                for place, edge in enumerate(part.edges[number])
                if edge.chain == chain and values[columns.promised[number, place]] > DUST
            ]
            return draw_up(number, need, way, chosen, part.supply, OPTIMAL)
    return None
