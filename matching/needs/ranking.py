"""All offers ranked for each request by everything that is said, text first: for tables without categories.

Texts choose a pool of offers per request (`similarity.py`); within it hard constraints and the soft score of
`pairs.py` decide as they do for the weekly tables (`match.py`). Where nothing but text is given, text decides alone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple, cast

import numpy as np
import pandas as pd
from pandera.typing import DataFrame

from matching.arrays import Floats, Integers
from matching.curves import OPEN_STATUSES
from matching.needs.constraints import first_broken, violations
from matching.needs.feedback import weights_after
from matching.needs.match import NEAR_MISSES
from matching.needs.pairs import Kinship, Pairs, facts, pair_table, soft_score
from matching.needs.sides import Side, sides
from matching.ranks import SCORE_DIGITS, best_cells, ranks
from matching.schema import ListingConcept, Organisation, OrganisationMember, empty
from matching.taxonomy.concepts import Taxonomy
from matching.taxonomy.finding import classify
from matching.taxonomy.relations import INCOMPATIBLE, RELATIONS, WORTH, relation_codes
from matching.texts.similarity import Fusion, Means, readings, views
from sources.listing import Listing

POOL = 50  # offers per request that texts let through, or three times as many as are wanted
_MIDDLE, _SLOPE = 10.0, 4.0  # of the logistic curve that turns fused deviations into a likeness of 0 to 1
_CELLS = 20_000_000  # pairs of texts compared at a time: 80 MB a view


class Ranking(NamedTuple):
    """What `rank` finds.

    pairs: request_id, offer_id, rank (within request and blocked or not), score, blocked_by, evidence.
    known: sentence vectors of all texts ever encoded, None without an encoder.
    """

    pairs: pd.DataFrame
    known: pd.DataFrame | None


@dataclass(frozen=True)
class Wanted:
    """How many offers a request gets, and whether only those in another language than its own."""

    top: int = 10
    cross_language_only: bool = False


def rank(
    requests: pd.DataFrame,
    offers: pd.DataFrame,
    *,
    on: date,
    taxonomy: Taxonomy,
    means: Means,
    postcodes: pd.DataFrame | None = None,
    feedback: pd.DataFrame | None = None,
    wanted: Wanted = Wanted(),
) -> Ranking:
    """The best offers for each request, and up to NEAR_MISSES that one constraint blocks.

    requests, offers: columns of Listing, one row per listing_id; title or text may be missing. means: what texts are
    compared with. postcodes: see `geography.locate`. feedback: see `feedback.read_feedback`.
    """
    requests = requests[requests["status"].isin(OPEN_STATUSES)].sort_values("listing_id", ignore_index=True)
    offers = offers.sort_values("listing_id", ignore_index=True)
    if requests.empty or offers.empty:
        columns = ["request_id", "offer_id", "rank", "score", "blocked_by", "evidence"]
        return Ranking(pd.DataFrame(columns=columns), means.known)
    left, right = readings(requests, offers), readings(offers, requests)
    asking, offering = _as_read(requests, left), _as_read(offers, right)
    concepts = pd.concat([classify(side, taxonomy) for side in (asking, offering)])
    found, known = views(requests, offers, (left, right), concepts=concepts, taxonomy=taxonomy, means=means)
    nobody = DataFrame[OrganisationMember](empty(OrganisationMember))
    asked, offered = sides(asking, offering, DataFrame[Organisation](empty(Organisation)), nobody, postcodes, on)
    kin = _Kin(asked, offered, DataFrame[ListingConcept](concepts), taxonomy)
    table = _Table(Fusion(found), asked, offered, kin, weights_after(feedback), wanted)
    size = max(1, _CELLS // len(offers))
    blocks = np.split(np.arange(len(requests)), range(size, len(requests), size))
    return Ranking(pd.concat([_rank_block(block, table) for block in blocks], ignore_index=True), known)


def _as_read(listings: pd.DataFrame, read: pd.DataFrame) -> DataFrame[Listing]:
    """Listings with boilerplate out of the text and the language filled in; not validated, see `rank`."""
    return cast("DataFrame[Listing]", listings.assign(text=read["body"], language=read["language"]))


@dataclass(frozen=True, eq=False)
class _Kinships:
    """The most useful relation of the concepts of pairs, by position in the taxonomy; -1: nothing in common."""

    asked: Integers
    offered: Integers
    relation: Integers  # position in RELATIONS
    worth: Floats

    def at(self, pair: int, ids: Sequence[str]) -> Kinship | None:
        if self.relation[pair] < 0:
            return None
        asked, offered = ids[self.asked[pair]], ids[self.offered[pair]]
        return Kinship(asked, offered, RELATIONS[self.relation[pair]], float(self.worth[pair]))


class _Kin:
    """How the concepts of any two listings stand to each other."""

    def __init__(self, asked: Side, offered: Side, concepts: DataFrame[ListingConcept], taxonomy: Taxonomy) -> None:
        self.ids = tuple(taxonomy.concepts)
        best = concepts.groupby("listing_id")["score"].transform("max")
        # What a listing mentions aside neither serves nor blocks.
        focus = concepts[concepts["score"] >= best - 1e-9].sort_values(["listing_id", "concept_id"])
        self._asked, _ = _padded(asked, focus, self.ids)
        self._offered, self._scores = _padded(offered, focus, self.ids)
        codes = relation_codes(taxonomy)
        # Words alone are too unsure to rule a sibling out.
        self._codes = np.where(codes == RELATIONS.index("sibling"), -1, codes)
        self._worth = np.array([*WORTH.values(), 0.0])
        self._is_compatible = np.array([*(name not in INCOMPATIBLE for name in RELATIONS), False])

    def between(self, requests: Integers, offers: Integers) -> _Kinships:
        """The best of all combinations, an incompatible one only if nothing better connects the two."""
        size = len(requests)
        found = _Kinships(np.full(size, -1), np.full(size, -1), np.full(size, -1), np.zeros(size))
        value = np.zeros(size)
        for left, right in np.ndindex(self._asked.shape[1], self._offered.shape[1]):
            asked, offered = self._asked[requests, left], self._offered[offers, right]
            pairs = np.nonzero((asked >= 0) & (offered >= 0))[0]
            asked, offered = asked[pairs], offered[pairs]
            code = self._codes[asked, offered]
            worth = self._worth[code] * self._scores[offers[pairs], right]
            better = worth + self._is_compatible[code] > value[pairs]
            pairs = pairs[better]
            value[pairs] = (worth + self._is_compatible[code])[better]
            found.asked[pairs], found.offered[pairs] = asked[better], offered[better]
            found.relation[pairs], found.worth[pairs] = code[better], worth[better]
        return found


def _padded(side: Side, focus: pd.DataFrame, ids: Sequence[str]) -> tuple[Integers, Floats]:
    """Concepts of each listing, by position in the taxonomy, and their scores: listings x most concepts of one, -1."""
    row = pd.Index(side.listing_id).get_indexer(pd.Index(focus["listing_id"]))
    own = focus[row >= 0]
    row, place = row[row >= 0], own.groupby("listing_id").cumcount().to_numpy()
    shape = (len(side.listing_id), int(place.max(initial=-1)) + 1)
    concepts, scores = np.full(shape, -1), np.zeros(shape)
    concepts[row, place] = pd.Index(ids).get_indexer(pd.Index(own["concept_id"]))
    scores[row, place] = own["score"]
    return concepts, scores


@dataclass(frozen=True, eq=False)
class _Table:
    """Both sides, what relates them, and what is wanted of their pairs: all that every block needs."""

    fusion: Fusion
    asked: Side
    offered: Side
    kin: _Kin
    weights: Mapping[str, float]
    wanted: Wanted


def _rank_block(requests: Integers, table: _Table) -> pd.DataFrame:
    asked, offered = table.asked, table.offered
    text = table.fusion.scores(slice(int(requests[0]), int(requests[-1]) + 1))
    if table.wanted.cross_language_only:
        text[asked.language[requests][:, None] == offered.language[None, :]] = -np.inf
    row, offer, _ = best_cells(text, max(POOL, 3 * table.wanted.top))
    request = requests[row]
    likeness = 1 / (1 + np.exp((_MIDDLE - text[row, offer].astype(np.float64)) / _SLOPE))
    kinships = table.kin.between(request, offer)
    broken = violations(asked, offered, request, offer)
    broken["concept"] = np.isin(kinships.relation, [RELATIONS.index(name) for name in INCOMPATIBLE])
    count = np.sum([*broken.values()], axis=0)
    known = facts(asked, offered, request, offer)
    score = np.round(soft_score(known, likeness, table.weights), SCORE_DIGITS)
    frames = []
    for breaks, kept in ((0, table.wanted.top), (1, NEAR_MISSES)):
        pair = np.nonzero(count == breaks)[0]
        order, place = ranks(request[pair], offer[pair], score[pair])
        pair, place = pair[order][place <= kept], place[place <= kept]
        chosen = Pairs(
            request=request[pair],
            offer=offer[pair],
            rank=place,
            score=score[pair],
            known={name: values[pair] for name, values in known.items()},
            kinships=[kinships.at(number, table.kin.ids) for number in pair.tolist()],
            likeness=likeness[pair],
            blocked_by=first_broken(broken, pair) if breaks else [None] * len(pair),
        )
        frames.append(pair_table(chosen, asked, offered, bool(breaks)))
    found = pd.concat(frames, ignore_index=True)
    return found.sort_values(["request_id", "_is_near_miss", "rank"], ignore_index=True).drop(columns="_is_near_miss")
