"""Which offers are looked at for each request: what comes to mind by texts, and by concepts and facts.

Both ways propose at once, because each misses what the other finds: an offer in other words, a common product whose
best offers by text are all far away. Facts are compared for candidates only.
"""

from dataclasses import dataclass

import numpy as np

from matching.arrays import Flags, Floats, Integers, Vectors
from matching.curves import UNKNOWN, freshness, nearness
from matching.needs.kinship import Kinships
from matching.needs.sides import Side
from matching.places.geography import haversine_km
from matching.ranks import SCORE_DIGITS, best_cells, ranks
from matching.texts.similarity import Likeness

# Offers per request. On the sample boards 300 instead of 50 gave 1,162 more matches and 998 instead of 891 requests
# served, for 1.2 s.
BY_TEXTS, BY_CONCEPTS = 100, 200


@dataclass(frozen=True, eq=False)
class Candidates:
    """Pairs by their positions on both sides, each once, in order; likeness of their texts."""

    request: Integers
    offer: Integers
    likeness: Vectors


def candidates(
    rows: slice, likeness: Likeness, kinships: Kinships, sides: tuple[Side, Side], allowed: Flags | None, top: int
) -> Candidates:
    """Candidates of a block of requests among all offers.

    allowed: requests x offers, False where a pair is not wanted at all; None allows all. top: how many are wanted in
    the end; at least three times as many are looked at.
    """
    text = likeness.block(rows)
    if allowed is not None:
        text[~allowed] = -np.inf
    block = np.arange(rows.start, rows.stop)
    by_text = best_cells(text, max(BY_TEXTS, 3 * top))[:2]
    related = kinships.kin(block).tocoo()
    cells = related.row.astype(np.int64), related.col.astype(np.int64)
    by_concept = _nearest(cells, text, rows.start, sides, max(BY_CONCEPTS, 3 * top))
    cell = np.unique(np.concatenate([found[0] * text.shape[1] + found[1] for found in (by_text, by_concept)]))
    row, offer = np.divmod(cell, text.shape[1])
    found = text[row, offer]
    possible = found > -np.inf
    row, offer, found = row[possible], offer[possible], found[possible]
    request = row + rows.start
    if likeness.second is not None:
        found = found + likeness.second.change(request, offer)
    return Candidates(request, offer, found)


def _nearest(
    cells: tuple[Integers, Integers], text: Vectors, first: int, sides: tuple[Side, Side], wanted: int
) -> tuple[Integers, Integers]:
    """Of the related pairs those with the best texts, nearest places and latest signs of life."""
    row, offer = cells
    count = np.bincount(row, minlength=len(text))
    crowded = count[row] > wanted
    if not crowded.any():
        return cells
    many, offers = row[crowded], offer[crowded]
    asked, offered = sides
    value = (
        text[many, offers]
        + _closeness(asked, many + first, offered, offers)
        + _or_unknown(freshness(offered.age))[offers]
    )
    value = np.round(value, SCORE_DIGITS)
    kept = _reaching(value, count[count > wanted], wanted)
    many, offers = many[kept], offers[kept]
    order, place = ranks(many, offers, value[kept])
    best = order[place <= wanted]
    return np.concatenate([row[~crowded], many[best]]), np.concatenate([offer[~crowded], offers[best]])


def _closeness(asked: Side, requests: Integers, offered: Side, offers: Integers) -> Floats:
    """Nearness of pairs; each two places are compared once, where that is less work, since most share theirs."""
    (place_of_request, asked_places), (place_of_offer, offered_places) = asked.places, offered.places
    left, right = place_of_request[requests], place_of_offer[offers]
    used = np.nonzero(np.bincount(left))[0]
    if len(used) * len(offered_places) > len(requests):
        return _close(asked_places[left], offered_places[right])
    row = np.zeros(len(asked_places), dtype=np.int64)
    row[used] = np.arange(len(used))
    return _close(asked_places[used][:, None], offered_places)[row[left], right]


def _close(here: Floats, there: Floats) -> Floats:
    """here, there: latitude and longitude in the last dimension."""
    return _or_unknown(nearness(haversine_km(here[..., 0], here[..., 1], there[..., 0], there[..., 1])))


def _reaching(value: Floats, counts: Integers, wanted: int) -> Integers:
    """Positions of values that reach the `wanted`-th of their own stretch; counts: lengths of the stretches, in order.

    Nine in ten need no sorting then, and a stretch grows with the number of offers.
    """
    ends = np.cumsum(counts).tolist()
    borders = [
        np.partition(value[end - size : end], size - wanted)[size - wanted]
        for end, size in zip(ends, counts.tolist(), strict=True)
    ]
    found: Integers = np.nonzero(value >= np.repeat(borders, counts))[0]
    return found


def _or_unknown(values: Floats) -> Floats:
    return np.where(np.isnan(values), UNKNOWN, values)
