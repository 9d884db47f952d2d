"""All offers ranked for each request by everything that is said, text first: for tables without categories.

Texts choose a pool of offers per request (`similarity.py`); within it hard constraints and the soft score of
`pairs.py` decide as they do for the weekly tables (`needs.py`). Where nothing but text is given, text decides alone.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import NamedTuple, cast

import numpy as np
import pandas as pd
from pandera.typing import DataFrame

from matching.concepts import Taxonomy, classify
from matching.constraints import OPEN_STATUSES, violations
from matching.encoder import Encoder
from matching.feedback import weights_after
from matching.needs import NEAR_MISSES, best_cells
from matching.pairs import Kinship, facts, pair_evidence, soft_score
from matching.relations import INCOMPATIBLE, WORTH, relation
from matching.schema import ListingConcept, Organisation, OrganisationMember, empty
from matching.sides import Integers, Side, sides
from matching.similarity import Fusion, readings, views
from sources.listing import Listing

POOL = 50  # offers per request that texts let through, or three times as many as are wanted
_MIDDLE, _SLOPE = 6.0, 3.0  # of the logistic curve that turns fused deviations into a likeness of 0 to 1
_CELLS = 20_000_000  # pairs of texts compared at a time: 80 MB a view


class Ranking(NamedTuple):
    """What `rank` finds.

    pairs: request_id, offer_id, rank (within request and blocked or not), score, blocked_by, evidence.
    known: sentence vectors of all texts ever encoded, None without an encoder.
    """

    pairs: pd.DataFrame
    known: pd.DataFrame | None


def rank(
    requests: pd.DataFrame,
    offers: pd.DataFrame,
    *,
    on: date,
    taxonomy: Taxonomy,
    encoder: Encoder | None,
    known: pd.DataFrame | None = None,
    codes: pd.DataFrame | None = None,
    reranker: Encoder | None = None,
    postcodes: pd.DataFrame | None = None,
    feedback: pd.DataFrame | None = None,
    top: int = 10,
    cross_language_only: bool = False,
) -> Ranking:
    """The best `top` offers for each request, and up to NEAR_MISSES that one constraint blocks.

    requests, offers: columns of Listing, one row per listing_id; title or text may be missing.
    codes: labels of the Common Procurement Vocabulary (see `procurement.py`). reranker: a second encoder that looks at
    the pool again. cross_language_only: leave out offers in the request's own language.
    """
    requests = requests[requests["status"].isin(OPEN_STATUSES)].sort_values("listing_id", ignore_index=True)
    offers = offers.sort_values("listing_id", ignore_index=True)
    if requests.empty or offers.empty:
        columns = ["request_id", "offer_id", "rank", "score", "blocked_by", "evidence"]
        return Ranking(pd.DataFrame(columns=columns), known)
    left, right = readings(requests, offers), readings(offers, requests)
    asking, offering = _as_read(requests, left), _as_read(offers, right)
    concepts = pd.concat([classify(side, taxonomy) for side in (asking, offering)])
    all_views, known = views(
        requests, offers, left, right, concepts=concepts, taxonomy=taxonomy, encoder=encoder, known=known, codes=codes
    )
    if reranker is not None:
        second, _ = views(requests, offers, left, right, concepts=None, taxonomy=taxonomy, encoder=reranker)
        all_views.append(second[0])
    nobody = DataFrame[OrganisationMember](empty(OrganisationMember))
    asked, offered = sides(asking, offering, DataFrame[Organisation](empty(Organisation)), nobody, postcodes, on)
    kin = _Kin(asked, offered, DataFrame[ListingConcept](concepts), taxonomy)
    weights, fusion = weights_after(feedback), Fusion(all_views)
    size = max(1, _CELLS // len(offers))
    blocks = [
        _rank_block(
            np.arange(start, min(start + size, len(requests))),
            fusion,
            asked,
            offered,
            kin,
            weights,
            top,
            cross_language_only,
        )
        for start in range(0, len(requests), size)
    ]
    return Ranking(pd.concat(blocks, ignore_index=True), known)


def _as_read(listings: pd.DataFrame, read: pd.DataFrame) -> DataFrame[Listing]:
    """Listings with boilerplate out of the text and the language filled in; not validated, see `rank`."""
    return cast("DataFrame[Listing]", listings.assign(text=read["body"], language=read["language"]))


class _Kin:
    """How the concepts of any two listings stand to each other; equal sets of concepts are looked up once."""

    def __init__(self, asked: Side, offered: Side, concepts: DataFrame[ListingConcept], taxonomy: Taxonomy) -> None:
        best = concepts.groupby("listing_id")["score"].transform("max")
        # What a listing mentions aside neither serves nor blocks.
        focus = concepts[concepts["score"] >= best - 1e-9]
        grouped = focus.groupby("listing_id", sort=True)[["concept_id", "score"]].agg(tuple)
        sets = {listing: tuple(sorted(zip(ids, scores, strict=True))) for listing, ids, scores in grouped.itertuples()}
        self._asked = [sets.get(listing_id, ()) for listing_id in asked.listing_id]
        self._offered = [sets.get(listing_id, ()) for listing_id in offered.listing_id]
        self._kinship = lru_cache(maxsize=1_000_000)(lambda left, right: _best_kinship(left, right, taxonomy))

    def between(self, request: int, offer: int) -> Kinship | None:
        found: Kinship | None = self._kinship(self._asked[request], self._offered[offer])
        return found


def _best_kinship(
    wanted: Sequence[tuple[str, float]], found: Sequence[tuple[str, float]], taxonomy: Taxonomy
) -> Kinship | None:
    """The most useful relation of two listings' concepts; incompatible only if nothing better connects them."""
    best: tuple[bool, float, Kinship] | None = None
    for asked, _ in wanted:
        for offered, score in found:
            related = relation(asked, offered, taxonomy)
            if related is None or related == "sibling":  # words alone are too unsure to rule a sibling out
                continue
            kinship = Kinship(asked, offered, related, WORTH[related] * score)
            if best is None or (related not in INCOMPATIBLE, kinship.worth) > best[:2]:
                best = (related not in INCOMPATIBLE, kinship.worth, kinship)
    return best[2] if best else None


def _rank_block(
    requests: Integers,
    fusion: Fusion,
    asked: Side,
    offered: Side,
    kin: _Kin,
    weights: Mapping[str, float],
    top: int,
    cross_language_only: bool,
) -> pd.DataFrame:
    text = fusion.scores(slice(int(requests[0]), int(requests[-1]) + 1))
    if cross_language_only:
        text[asked.language[requests][:, None] == offered.language[None, :]] = -np.inf
    wanted = min(max(POOL, 3 * top), text.shape[1])
    pool = np.sort(np.argpartition(-text, wanted - 1, axis=1)[:, :wanted], axis=1)
    likeness = 1 / (1 + np.exp((_MIDDLE - np.take_along_axis(text, pool, axis=1).astype(np.float64)) / _SLOPE))
    is_out = np.isneginf(np.take_along_axis(text, pool, axis=1))
    rows = requests[:, None]
    kinships = [
        [kin.between(request, offer) for offer in offers]
        for request, offers in zip(requests.tolist(), pool.tolist(), strict=True)
    ]
    broken = violations(asked, offered, rows, pool)
    broken["concept"] = np.array([[k is not None and k.relation in INCOMPATIBLE for k in row] for row in kinships])
    count = np.sum([*broken.values()], axis=0)
    known = facts(asked, offered, rows, pool)
    score = np.round(soft_score(known, likeness, weights), 6)
    names = np.array(list(broken), dtype=object)
    frames = []
    for breaks, kept in ((0, top), (1, NEAR_MISSES)):
        row, column, place = best_cells(np.where((count == breaks) & ~is_out, score, -1.0), kept)
        blocked = (
            [None] * len(row)
            if not breaks or not len(row)
            else names[np.argmax([broken[n][row, column] for n in names], axis=0)]
        )
        request, offer = requests[row], pool[row, column]
        lists = {name: values[row, column].tolist() for name, values in known.items()}
        frames.append(
            pd.DataFrame(
                {
                    "request_id": asked.listing_id[request],
                    "offer_id": offered.listing_id[offer],
                    "rank": place,
                    "score": score[row, column],
                    "blocked_by": pd.Series(list(blocked), dtype="object"),
                    "evidence": [
                        pair_evidence(
                            asked,
                            offered,
                            r,
                            o,
                            {name: values[number] for name, values in lists.items()},
                            kinships[i][j],
                            float(likeness[i, j]),
                            blocked[number],
                        )
                        for number, (r, o, i, j) in enumerate(
                            zip(request.tolist(), offer.tolist(), row.tolist(), column.tolist(), strict=True)
                        )
                    ],
                    "_is_near_miss": bool(breaks),
                }
            )
        )
    table = pd.concat(frames, ignore_index=True)
    return table.sort_values(["request_id", "_is_near_miss", "rank"], ignore_index=True).drop(columns="_is_near_miss")
