"""A large component: its linear program gives a bound and claims, along which one need after the other is filled."""

from collections import defaultdict
from dataclasses import dataclass, field, replace

from matching.arrays import Floats
from matching.consortia import greedy
from matching.consortia.candidates import Candidate
from matching.consortia.component import Component
from matching.consortia.formulation import Columns, Solved, exact, formulate, has_prescriptions
from matching.consortia.plans import LEAST_FRACTION, PARTNERS_PER_ROLE, Plan, booked_on, claim, worth_alone
from matching.consortia.supply import DUST

METHOD = "rounded"


def rounded(part: Component, left: Floats) -> Solved | None:
    """Plans of a component along the claims of its linear program, need by need; None if it was not solved.

    The first answer bounds what is possible and settles the chain of every need, the second its partners, the third
    their claims on accounts: on a scarce week each of the two further programs halves the gap
    (`benchmarks/results/consortia.md`, "Composition at scale").
    """
    program, columns = formulate(part, part.numbers, left, relaxed=True)
    values, least = program.solve()
    settled = part
    for narrow in (_one_chain_each, _few_partners):
        if values is None:
            return None
        settled = narrow(settled, columns, values)
        program, columns = formulate(settled, part.numbers, left, relaxed=True)
        values, _ = program.solve()
    if values is None:
        return None
    claims = {number: _claims(settled, number, columns, values) for number in part.numbers}
    return _filled(part, claims, left), -least


def _claims(part: Component, number: int, columns: Columns, values: Floats) -> dict[Candidate, float]:
    """What the answer promises a need, by candidate."""
    return {
        edge.candidate: amount
        for place, edge in enumerate(part.edges[number])
        if (amount := float(values[columns.promised[number, place]])) > DUST
    }


def _filled(part: Component, claims: dict[int, dict[Candidate, float]], left: Floats) -> list[Plan]:
    """Plans by need, the most urgent needs filled first; each need's claims are kept for it until it is its turn."""
    free = left.copy()
    for number in part.numbers:
        _give(part, number, free, claims[number], -1.0)
    books = _Books(part, free)
    numbers = sorted(part.numbers, key=lambda number: greedy.order(part.needs[number]))
    for number in numbers:
        _give(part, number, free, claims[number], 1.0)
        if claims[number]:
            books.settle(number, claims[number])
    for number in numbers:  # once more: what others gave back may serve who got too little
        if number not in books.plans or books.plans[number].fraction < 1 - LEAST_FRACTION:
            books.settle(number, claims[number])
    return [books.plans[number] for number in sorted(books.plans)]


def _one_chain_each(part: Component, columns: Columns, values: Floats) -> Component:
    """The part with the edges of the chain that covers most of each need; where none covers anything, with all."""
    edges = list(part.edges)
    for number in part.numbers:
        covered: dict[int, float] = {}
        for chain in {edge.chain for edge in edges[number]}:
            covered[chain] = part.share_of_slots(number, chain) * float(values[columns.covered[number, chain]])
        best = max(sorted(covered), key=covered.__getitem__)
        if covered[best] > DUST:
            edges[number] = [edge for edge in edges[number] if edge.chain == best]
    return part._replace(edges=edges)


def _few_partners(part: Component, columns: Columns, values: Floats) -> Component:
    """The part with the edges that promise most in each slot, as many as may be partners of it.

    All edges stay where a slot would be left without one.
    """
    edges = list(part.edges)
    for number in part.numbers:
        promised: dict[int, list[tuple[float, int]]] = {edge.slot: [] for edge in edges[number]}
        for place, edge in enumerate(edges[number]):
            amount = float(values[columns.promised[number, place]])
            if amount >= edge.least - DUST:
                promised[edge.slot].append((-amount, place))
        if all(promised.values()):
            places = [place for slot in promised.values() for _, place in sorted(slot)[:PARTNERS_PER_ROLE]]
            edges[number] = [edges[number][place] for place in places]
    return part._replace(edges=edges)


@dataclass(frozen=True, eq=False)
class _Books:
    """Plans of a component so far, what they leave of the accounts, and how often each organisation has promised."""

    part: Component
    free: Floats
    load: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    plans: dict[int, Plan] = field(default_factory=dict)

    def settle(self, number: int, claims: dict[Candidate, float]) -> None:
        """Serve one need from what is free for it, along its claims; an earlier plan of it stands if none is better."""
        before = self.plans.pop(number, None)
        if before is not None:
            self._enter(before, -1)
        found = self._along(number, claims)
        if found is None and has_prescriptions(self.part.options, self.part.needs[number]):
            solved = exact(self.part, [number], self.free, self.load)
            found = solved[0][0] if solved is not None and solved[0] else None
        if before is not None and (found is None or found.fraction <= before.fraction):
            found = before
        if found is not None:
            self.plans[number] = replace(found, method=METHOD)
            self._enter(found, 1)

    def _along(self, number: int, claims: dict[Candidate, float]) -> Plan | None:
        """The chain with the largest claims, filled in their order; None unless all slots with candidates are."""
        part, need = self.part, self.part.needs[number]
        best: Plan | None = None
        for chain, way in enumerate(need.chains):
            found = greedy.fill(number, need, way, part.supply, self.free, claims=claims)
            if found is None or not greedy.keeps(found, need, part.supply, part.options):
                continue
            fillable = {edge.slot for edge in part.edges[number] if edge.chain == chain}
            filled = {promise.slot for promise in found.promises}
            if filled == fillable and (best is None or worth_alone(need, found) > worth_alone(need, best)):
                best = found
        return best

    def _enter(self, found: Plan, sign: int) -> None:
        for promise in found.promises:
            self.free[promise.account] -= sign * promise.share
            self.load[self.part.supply.organisation_id[promise.candidate.offer]] += sign


def _give(part: Component, number: int, free: Floats, claims: dict[Candidate, float], sign: float) -> None:
    """Take a need's claims from the free accounts (sign -1) or give them back."""
    for candidate, fraction in claims.items():
        share, _ = claim(part.needs[number], candidate, part.supply)
        free[booked_on(part.needs[number], candidate, part.supply)] += sign * share * fraction
