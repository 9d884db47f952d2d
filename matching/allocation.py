"""Allocation: share a stock of offers out to requests, round by round, short ways first and nothing promised twice.

Each round is a transportation problem per item, solved as a linear program. What is weighed, all in units times
distance (the distance in whatever unit the table states):

    reach      a unit is worth sending this far for its own sake; beyond, an offer rather waits for the next round
    request    serving one request wholly, whatever its size; shared over its units, so small requests gain most.
               Requests of rare items count more: every item counts the same in all
    shipment   a way from one donor to one receiver; spread over the units of the shipment by solving again with the
               cost per unit that the last solution implies (dynamic slope scaling, Kim and Pardalos 1999)

Consortia with roles are the business of `consortia`.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
from pandera.typing import DataFrame
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from matching.arrays import Floats, Integers
from matching.schema import Allocation, empty

ROUNDS = {"daily": 1, "weekly": 7}  # days
# Figures are those of `benchmarks/results/consortia.md`, "Allocation"; chosen on this one data set, for want of others.
NEIGHBOURS = 150  # judgement: receivers looked at per offer and round, the most worthwhile
PRIOR_REQUESTS = 100.0  # per item, so that the first few requests do not make an item look rare: 30.8 to 25.5 miles
SOLVES = 2  # first with optimistic shipment costs, then with those it implies: 2.6 to 2.0 shipments per donor
_DUST = 1e-6


@dataclass(frozen=True)
class Weights:
    """What counts how much, in units times distance; see the module's docstring."""

    reach: float
    request: float
    shipment: float


# Near ways first (19.6 unit-miles, fill rate 0.094), or as many requests as possible (27.8 and 0.202).
NEAR = Weights(reach=200.0, request=300.0, shipment=300.0)
FAIR = Weights(reach=20.0, request=2700.0, shipment=0.0)


class _Side(NamedTuple):
    """Offers or requests as arrays in order of date and id, grouped by party and item."""

    ids: npt.NDArray[np.object_]
    group: Integers  # party and item
    day: Integers  # since the first day
    left: Floats  # quantity, shrinks as it is allocated
    party_of_group: Integers
    item_of_group: Integers


class _Ways(NamedTuple):
    """Distances by donor: receivers of donor d stand at start[d] : start[d + 1]."""

    start: Integers
    receiver: Integers
    distance: Floats


class _Edges(NamedTuple):
    """Possible shipments of one round."""

    offer_group: Integers
    request_group: Integers
    distance: Floats
    worth: Floats  # per unit, without the cost of the shipment


def allocate(
    requests: pd.DataFrame, offers: pd.DataFrame, distances: pd.DataFrame, *, weights: Weights = NEAR, days: int = 7
) -> DataFrame[Allocation]:
    """Allocate in rounds of some days; each round knows what was said before its end, the rest waits for the next.

    requests: request_id, receiver_id, item, quantity, date; offers: offer_id, donor_id, item, quantity, date;
    distances: donor_id, receiver_id, distance. Quantities above zero, dates in UTC, ids unique (ValueError otherwise).
    Donors and receivers without a distance to each other cannot ship. Within a donor's stock of an item, and within
    a receiver's need, the older row goes first.
    """
    items = pd.Index(sorted(set(requests["item"]) | set(offers["item"])))
    donors = pd.Index(sorted(set(offers["donor_id"])))
    receivers = pd.Index(sorted(set(requests["receiver_id"])))
    if not len(requests) or not len(offers):
        return DataFrame[Allocation](empty(Allocation))
    first = min(requests["date"].min(), offers["date"].min()).normalize()
    supply = _side(offers, "offer_id", _codes(donors, offers["donor_id"]), items, first)
    demand = _side(requests, "request_id", _codes(receivers, requests["receiver_id"]), items, first)
    ways = _ways(distances, donors, receivers)
    stated = demand.left.copy()
    rows: list[tuple[str, str, str, str, float, float]] = []
    for end in range(days, max(int(supply.day.max()), int(demand.day.max())) + days + 1, days):
        worth = _worth(demand, stated, end, weights.request)
        edges = _edges(supply, demand, ways, end, worth, weights.reach)
        amounts = _ship(edges, supply, demand, end, weights.shipment)
        on = (first + pd.Timedelta(days=end)).date().isoformat()
        for edge, offer, request, quantity in _pieces(edges, amounts, supply, demand, end):
            item = items[supply.item_of_group[supply.group[offer]]]
            rows.append((on, supply.ids[offer], demand.ids[request], item, quantity, edges.distance[edge]))
    if not rows:
        return DataFrame[Allocation](empty(Allocation))
    table = pd.DataFrame(rows, columns=list(Allocation.to_schema().columns))
    return DataFrame[Allocation](table.sort_values(["allocated_on", "offer_id", "request_id"], ignore_index=True))


def _side(table: pd.DataFrame, name: str, party: Integers, items: pd.Index, first: pd.Timestamp) -> _Side:
    if table[name].duplicated().any():
        raise ValueError(f"{name} {table.loc[table[name].duplicated(), name].iloc[0]} stands twice")
    if not (table["quantity"] > 0).all():
        raise ValueError(f"{name}: a quantity is not above zero")
    item = _codes(items, table["item"])
    keys, group = np.unique(party * len(items) + item, return_inverse=True)
    order = np.lexsort((table[name].to_numpy(dtype=str), table["date"].to_numpy()))
    return _Side(
        ids=table[name].to_numpy(dtype=object)[order],
        group=group[order],
        day=np.asarray((table["date"] - first).dt.days, dtype=np.int64)[order],
        left=table["quantity"].to_numpy(dtype=float)[order],
        party_of_group=keys // len(items),
        item_of_group=keys % len(items),
    )


def _codes(names: pd.Index, column: pd.Series) -> Integers:
    """Place of each name, -1 where it is unknown; a categorical column is looked up by its categories."""
    if isinstance(column.dtype, pd.CategoricalDtype):
        known = np.append(names.get_indexer(column.cat.categories), -1)
        return np.asarray(known[column.cat.codes], dtype=np.int64)
    return np.asarray(names.get_indexer(pd.Index(column)), dtype=np.int64)


def _ways(distances: pd.DataFrame, donors: pd.Index, receivers: pd.Index) -> _Ways:
    donor, receiver = _codes(donors, distances["donor_id"]), _codes(receivers, distances["receiver_id"])
    known = np.flatnonzero((donor >= 0) & (receiver >= 0))
    # Small integers are sorted by radix: 10 times faster on the yardstick's 4 million rows.
    small = donor[known].astype(np.uint16) if len(donors) <= np.iinfo(np.uint16).max else donor[known]
    order = known[np.argsort(small, kind="stable")]
    return _Ways(
        start=np.searchsorted(donor[order], np.arange(len(donors) + 1)),
        receiver=receiver[order],
        distance=distances["distance"].to_numpy(dtype=float)[order],
    )


def _worth(demand: _Side, stated: Floats, end: int, value: float) -> Floats:
    """What one unit is worth to each request group: the value of a request over its size and its item's frequency."""
    known = demand.day < end
    size = np.bincount(demand.group[known], stated[known], minlength=len(demand.item_of_group))
    frequency = np.bincount(demand.item_of_group[size > 0], minlength=demand.item_of_group.max() + 1) + PRIOR_REQUESTS
    rarity = frequency.mean() / frequency
    worth: Floats = value * rarity[demand.item_of_group] / np.maximum(size, _DUST)
    return worth


def _edges(supply: _Side, demand: _Side, ways: _Ways, end: int, worth: Floats, reach: float) -> _Edges:
    """Pairs of the same item that are worth a way, at most NEIGHBOURS per offer group, the best first."""
    offers = np.unique(supply.group[(supply.day < end) & (supply.left > _DUST)])
    requests = np.unique(demand.group[(demand.day < end) & (demand.left > _DUST)])
    item_count = max(int(supply.item_of_group.max()), int(demand.item_of_group.max())) + 1
    group_of = np.full(int(demand.party_of_group.max() + 1) * item_count, -1)
    group_of[demand.party_of_group[requests] * item_count + demand.item_of_group[requests]] = requests
    found = []
    for offer in offers.tolist():
        donor = supply.party_of_group[offer]
        here = slice(ways.start[donor], ways.start[donor + 1])
        request = group_of[ways.receiver[here] * item_count + supply.item_of_group[offer]]
        distance = ways.distance[here]
        gain = np.where(request >= 0, reach + worth[request] - distance, 0.0)
        worthwhile = np.flatnonzero(gain > 0)
        best = np.lexsort((request[worthwhile], -gain[worthwhile]))[:NEIGHBOURS]
        worthwhile = worthwhile[best]
        found.append((np.full(len(worthwhile), offer), request[worthwhile], distance[worthwhile], gain[worthwhile]))
    if not found:
        return _Edges(np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0), np.empty(0))
    return _Edges(*(np.concatenate(columns) for columns in zip(*found, strict=True)))


def _ship(edges: _Edges, supply: _Side, demand: _Side, end: int, shipment: float) -> Floats:
    """Units on each edge."""
    stock = _open(supply, end)[edges.offer_group]
    need = _open(demand, end)[edges.request_group]
    most = np.minimum(stock, need)
    ways = supply.party_of_group[edges.offer_group] * (demand.party_of_group.max() + 1)
    _, way = np.unique(ways + demand.party_of_group[edges.request_group], return_inverse=True)
    item = supply.item_of_group[edges.offer_group]
    amounts = np.zeros(len(most))
    load = most
    for _ in range(SOLVES if shipment else 1):
        worth = edges.worth - shipment / np.maximum(load, _DUST)
        for one in np.unique(item):
            part = item == one
            amounts[part] = _transport(
                edges.offer_group[part], edges.request_group[part], worth[part], stock[part], need[part]
            )
        loads = np.bincount(way, amounts, minlength=way.max() + 1 if len(way) else 0)[way]
        load = np.where(loads > _DUST, loads, most)
    return amounts


def _open(side: _Side, end: int) -> Floats:
    known = side.day < end
    return np.asarray(np.bincount(side.group[known], side.left[known], minlength=len(side.item_of_group)), dtype=float)


def _transport(offer: Integers, request: Integers, worth: Floats, stock: Floats, need: Floats) -> Floats:
    """Maximise worth; no offer group gives more than its stock, no request group gets more than its need."""
    offers, first_offer, row_of_offer = np.unique(offer, return_index=True, return_inverse=True)
    _, first_request, row_of_request = np.unique(request, return_index=True, return_inverse=True)
    columns = np.arange(len(worth))
    rows = np.concatenate((row_of_offer, len(offers) + row_of_request))
    matrix = csr_array((np.ones(2 * len(worth)), (rows, np.concatenate((columns, columns)))))
    limits = LinearConstraint(matrix, ub=np.concatenate((stock[first_offer], need[first_request])))
    solution = milp(-worth, constraints=limits, bounds=Bounds(0, np.inf))
    if solution.x is None:
        raise RuntimeError(f"the transportation problem was not solved: {solution.message}")
    amounts: Floats = solution.x
    return amounts


def _pieces(
    edges: _Edges, amounts: Floats, supply: _Side, demand: _Side, end: int
) -> Iterator[tuple[int, int, int, float]]:
    """Edge, offer row, request row, quantity: the groups' amounts on their rows, the older row first."""
    offers, requests = _rows_by_group(supply, end), _rows_by_group(demand, end)
    for edge in np.flatnonzero(amounts > _DUST).tolist():
        rest = round(float(amounts[edge]), 6)
        from_rows, to_rows = offers[int(edges.offer_group[edge])], requests[int(edges.request_group[edge])]
        while rest > _DUST and from_rows and to_rows:
            offer, request = from_rows[-1], to_rows[-1]
            quantity = min(rest, supply.left[offer], demand.left[request])
            if quantity > _DUST:
                yield edge, offer, request, float(quantity)
            supply.left[offer] -= quantity
            demand.left[request] -= quantity
            rest -= quantity
            if supply.left[offer] <= _DUST:
                from_rows.pop()
            if demand.left[request] <= _DUST:
                to_rows.pop()


def _rows_by_group(side: _Side, end: int) -> dict[int, list[int]]:
    """Open rows of each group, the oldest last."""
    rows: dict[int, list[int]] = defaultdict(list)
    open_rows = np.flatnonzero((side.day < end) & (side.left > _DUST))[::-1]
    for row, group in zip(open_rows.tolist(), side.group[open_rows].tolist(), strict=True):
        rows[group].append(row)
    return rows
