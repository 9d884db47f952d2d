"""Which offer can serve which request, concept by concept: hard constraints first, then the soft score of `pairs.py`.

A pair that breaks no constraint is a match; one that breaks exactly one is a near-miss with that constraint named;
all others are dropped. An organisation is never matched with itself. Texts without structure are ranked by
`ranking.py`; chains of several partners are `matching.consortia`'s business.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
from pandera.typing import DataFrame

from matching.arrays import Floats, Integers
from matching.curves import OPEN_STATUSES
from matching.needs.constraints import first_broken, violations
from matching.needs.feedback import weights_after
from matching.needs.pairs import Kinship, Pairs, facts, pair_table, soft_score
from matching.needs.sides import Side, sides
from matching.ranks import SCORE_DIGITS, best_cells
from matching.schema import ListingConcept, Match, Organisation, OrganisationMember, empty
from matching.taxonomy.concepts import Taxonomy
from matching.taxonomy.relations import INCOMPATIBLE, WORTH, relation
from matching.texts.grid import ONE, centred
from sources.listing import Listing

NEAR_MISSES = 3  # kept per request and concept: enough to see what stands in the way
TEXT_SHARE = 0.25  # of the relevance, where sentence vectors are at hand
_CELLS = 1_000_000  # pairs worked on at a time


@dataclass(frozen=True, eq=False)
class _Candidates:
    """Offers for one request concept: positions in the offer side, each with the concept that fits best."""

    offers: Integers
    kinships: tuple[Kinship, ...]
    worth: Floats
    is_concept_blocked: npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class _Table:
    """Both sides, their sentence vectors if any, and the weights: what every block needs."""

    asked: Side
    offered: Side
    vectors: tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]] | None
    weights: Mapping[str, float]
    top: int


class Known(NamedTuple):
    """What a week knows of its listings: what they are about, whose they are, and what they say.

    vectors: sentence vectors of requests and offers (see `texts.vectors`); without them texts do not count.
    """

    concepts: DataFrame[ListingConcept]
    organisations: DataFrame[Organisation]
    members: DataFrame[OrganisationMember]
    vectors: pd.DataFrame | None = None


def match(
    requests: DataFrame[Listing],
    offers: DataFrame[Listing],
    known: Known,
    *,
    on: date,
    taxonomy: Taxonomy,
    top: int = 10,
    feedback: pd.DataFrame | None = None,
) -> DataFrame[Match]:
    """The best `top` offers per request and concept, and up to NEAR_MISSES blocked ones.

    requests, offers: one row per listing; closed requests are left out, closed offers can only be near-misses.
    on: the day as of which windows and ages count. feedback: see `feedback.read_feedback`.
    """
    is_asking = requests["kind"].eq("request") & requests["status"].isin(OPEN_STATUSES)
    asked, offered = sides(requests[is_asking], offers, known.organisations, known.members, None, on)
    table = _Table(asked, offered, _by_side(known.vectors, asked, offered), weights_after(feedback), top)
    step = [
        _match_block(concept_id, block, candidates, table)
        for concept_id, positions, candidates in _blocks(asked, offered, known.concepts, taxonomy)
        for block in np.array_split(positions, -(-len(positions) * len(candidates.offers) // _CELLS))
    ]
    if not step:
        return DataFrame[Match](empty(Match))
    found = pd.concat(step, ignore_index=True)
    found = found.sort_values(["request_id", "concept_id", "_is_near_miss", "rank"], ignore_index=True)
    return DataFrame[Match](found[[*Match.to_schema().columns]])


def _by_side(
    vectors: pd.DataFrame | None, asked: Side, offered: Side
) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]] | None:
    if vectors is None or not len(vectors):
        return None
    known = dict(zip(vectors["listing_id"], vectors["vector"], strict=True))
    blank = np.zeros(len(vectors["vector"].iloc[0]), dtype=np.float32)
    left, right = (
        centred(
            np.array([known.get(listing_id, blank) for listing_id in side.listing_id], dtype=np.float32).reshape(
                len(side.listing_id), len(blank)
            ),
            list(side.language),
        )
        for side in (asked, offered)
    )
    return left, right


def _blocks(
    asked: Side, offered: Side, concepts: DataFrame[ListingConcept], taxonomy: Taxonomy
) -> Iterator[tuple[str, Integers, _Candidates]]:
    """Per concept asked for: the requests and all offers worth comparing with them."""
    requesting = _positions_by_concept(concepts, asked)
    offering = _positions_by_concept(concepts, offered)
    for concept_id in sorted(requesting):
        candidates = _candidates(concept_id, offering, taxonomy)
        if candidates is not None:
            yield concept_id, np.array([position for position, _ in requesting[concept_id]], dtype=np.int64), candidates


def _positions_by_concept(concepts: DataFrame[ListingConcept], listings: Side) -> dict[str, list[tuple[int, float]]]:
    position = {listing_id: number for number, listing_id in enumerate(listings.listing_id)}
    grouped: dict[str, list[tuple[int, float]]] = defaultdict(list)
    named = concepts[["listing_id", "concept_id", "score"]]
    for listing_id, concept_id, score in named.itertuples(index=False, name=None):
        if listing_id in position:
            grouped[concept_id].append((position[listing_id], score))
    return {concept_id: sorted(found) for concept_id, found in grouped.items()}


def _candidates(
    concept_id: str, offering: Mapping[str, list[tuple[int, float]]], taxonomy: Taxonomy
) -> _Candidates | None:
    best: dict[int, tuple[bool, Kinship]] = {}
    for offer_concept in sorted(offering):
        related = relation(concept_id, offer_concept, taxonomy)
        if related is None:
            continue
        is_compatible = related not in INCOMPATIBLE
        for position, score in offering[offer_concept]:
            kinship = Kinship(concept_id, offer_concept, related, WORTH[related] * score)
            known = best.get(position)
            if known is None or (is_compatible, kinship.worth) > (known[0], known[1].worth):
                best[position] = (is_compatible, kinship)
    if not best:
        return None
    positions = sorted(best)
    return _Candidates(
        offers=np.array(positions, dtype=np.int64),
        kinships=tuple(best[position][1] for position in positions),
        worth=np.array([best[position][1].worth for position in positions]),
        is_concept_blocked=np.array([not best[position][0] for position in positions]),
    )


def _match_block(concept_id: str, requests: Integers, candidates: _Candidates, table: _Table) -> pd.DataFrame:
    rows, columns = requests[:, None], candidates.offers[None, :]
    broken = violations(table.asked, table.offered, rows, columns)
    broken["concept"] = np.broadcast_to(candidates.is_concept_blocked, (len(requests), len(candidates.offers)))
    count = np.sum([*broken.values()], axis=0)
    owner = table.asked.organisation[rows]
    is_own = (owner == table.offered.organisation[columns]) & (owner >= 0)
    known = facts(table.asked, table.offered, rows, columns)
    relevance, likeness = np.broadcast_to(candidates.worth, count.shape), None
    if table.vectors is not None:
        likeness = np.clip((table.vectors[0][requests] @ table.vectors[1][candidates.offers].T) / ONE, 0.0, 1.0)
        relevance = relevance * (1 - TEXT_SHARE + TEXT_SHARE * likeness)
    score = np.round(soft_score(known, relevance, table.weights), SCORE_DIGITS)
    frames = []
    for breaks, kept in ((0, table.top), (1, NEAR_MISSES)):
        row, column, rank = best_cells(np.where((count == breaks) & ~is_own, score, -np.inf), kept)
        chosen = Pairs(
            request=requests[row],
            offer=candidates.offers[column],
            rank=rank,
            score=score[row, column],
            known={name: values[row, column] for name, values in known.items()},
            kinships=[candidates.kinships[one] for one in column.tolist()],
            likeness=None if likeness is None else likeness[row, column],
            blocked_by=first_broken(broken, row, column) if breaks else [None] * len(row),
        )
        frames.append(_described(chosen, concept_id, table, is_near_miss=bool(breaks)))
    return pd.concat(frames, ignore_index=True)


def _described(chosen: Pairs, concept_id: str, table: _Table, *, is_near_miss: bool) -> pd.DataFrame:
    """The pairs in the columns of Match, and `_is_near_miss`."""
    platforms = table.asked.platform[chosen.request], table.offered.platform[chosen.offer]
    found = pair_table(chosen, table.asked, table.offered, is_near_miss)
    return found.assign(
        concept_id=concept_id,
        distance_km=np.round(chosen.known["km"], 1),
        quantity_cover=np.round(chosen.known["cover"], 4),
        is_cross_platform=platforms[0] != platforms[1],
    )
