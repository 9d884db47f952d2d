"""Needs that are tied together by organisations, and the promises that are possible among them."""

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from matching.consortia.candidates import Candidate
from matching.consortia.chains import Need
from matching.consortia.options import Options
from matching.consortia.plans import booked_on, claim
from matching.consortia.supply import Supply

# Candidates of a role of a chain that are weighed; what they leave open is filled from all others. Judgement:
# with 8, 2,000 requests stay within `Options.program_size` (124,661 promises, `benchmarks/results/consortia.md`).
PER_ROLE = 8


class Edge(NamedTuple):
    """A possible promise."""

    chain: int
    slot: int
    candidate: Candidate
    account: int
    organisation_id: str
    share: float  # of the account, for the whole need
    least: float  # fraction of the need


class Component(NamedTuple):
    """A part of the week that shares no organisation with the rest of it, and what it has to be solved from."""

    numbers: list[int]  # of its needs
    needs: Sequence[Need]  # of the week
    edges: Sequence[list[Edge]]  # by need of the week
    supply: Supply
    options: Options

    @property
    def size(self) -> int:
        """Possible promises."""
        return sum(len(self.edges[number]) for number in self.numbers)

    def share_of_slots(self, number: int, chain: int) -> float:
        """Share of a chain's slots for which somebody could promise something."""
        slots = {edge.slot for edge in self.edges[number] if edge.chain == chain}
        return len(slots) / len(self.needs[number].chains[chain].slots)


def edges_of(need: Need, supply: Supply) -> list[Edge]:
    edges = []
    for chain, way in enumerate(need.chains):
        for slot, place in enumerate(way.slots):
            for candidate in place.candidates[:PER_ROLE] if len(way.slots) > 1 else place.candidates:
                share, least = claim(need, candidate, supply)
                if least <= 1 and share * least <= 1:
                    account, name = booked_on(need, candidate, supply), supply.organisation_id[candidate.offer]
                    edges.append(Edge(chain, slot, candidate, account, name, share, least))
    return edges


def tied_together(edges: Sequence[list[Edge]]) -> list[list[int]]:
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
