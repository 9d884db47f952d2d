"""Which offer can serve which request: hard constraints first, then a soft score whose every part explains itself.

A pair that breaks no constraint is a match; one that breaks exactly one is a near-miss with that constraint named;
all others are dropped. An organisation is never matched with itself. Concepts come from `concepts.py`, coordinates
from `geography.py`, text similarity from `similarity.py`; chains of several partners are `consortia.py`'s business.

Evidence codes, in the order a reader meets them (facts language-free, worded by `reports.sentences`):

| part | facts |
| --- | --- |
| concept_same | request_concept, offer_concept (equal) |
| concept_related | request_concept, offer_concept, relation: one of CONCEPT_WORTH |
| quantity_cover | share (0..1), quantity (what the offer delivers in time, in the request's unit), unit |
| certificate | state (sources.listing.CERTIFICATES), norm (the one both name, else the offer's first, else null) |
| distance | km |
| same_region | region (as the request states it) |
| in_time | until (ISO day of the request's deadline) |
| freshness | days since the offer's last sign of life |
| language | language both are written in |
| vetting | state (sources.listing.VETTING) |
| blocked | constraint, wanted, found: the one constraint a near-miss breaks, always first |
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from pandera.typing import DataFrame

from matching.concepts import Taxonomy
from matching.constraints import OPEN_STATUSES, violations
from matching.constraints import facts as constraint_facts
from matching.geography import haversine_km
from matching.quantities import DEFAULT_WINDOW_DAYS, Floats, within
from matching.schema import ListingConcept, Match, Organisation, OrganisationMember, empty, evidence
from matching.sides import Side, sides
from sources.listing import Listing

NEAR_MISSES = 3  # kept per request and concept: enough to see what stands in the way
WEIGHTS = {  # of the soft score; they add up to one
    "concept": 0.40,
    "quantity": 0.18,
    "distance": 0.18,
    "freshness": 0.08,
    "trust": 0.08,
    "time": 0.05,
    "language": 0.03,
}
UNKNOWN = 0.5  # a part that nobody stated speaks neither for nor against
HALF_DISTANCE_KM = 250.0  # the nearness part halves with every such distance
HALF_LIFE_DAYS = 45.0  # and freshness with every such age
CONCEPT_WORTH = {"same": 1.0, "narrower": 0.9, "substitute": 0.75, "wider": 0.5, "look_alike": 0.5, "sibling": 0.5}
_CELLS = 1_000_000  # pairs worked on at a time
_SCORE_DIGITS = 6  # what lies closer together is a tie, settled by the offer's id


@dataclass(frozen=True)
class _Candidates:
    """Offers for one request concept: positions in the offer side, each with the concept that fits best."""

    offers: npt.NDArray[np.int64]
    concepts: npt.NDArray[np.object_]
    relations: npt.NDArray[np.object_]
    worth: Floats
    is_concept_blocked: npt.NDArray[np.bool_]


def match(
    requests: DataFrame[Listing],
    offers: DataFrame[Listing],
    concepts: DataFrame[ListingConcept],
    organisations: DataFrame[Organisation],
    members: DataFrame[OrganisationMember],
    *,
    on: date,
    taxonomy: Taxonomy,
    top: int = 10,
    postcodes: pd.DataFrame | None = None,
) -> DataFrame[Match]:
    """The best `top` offers per request and concept, and up to NEAR_MISSES blocked ones.

    requests, offers: one row per listing; closed requests are left out, closed offers can only be near-misses.
    on: the day as of which windows and ages count. postcodes: see `geography.locate`.
    """
    is_asking = requests["kind"].eq("request") & requests["status"].isin(OPEN_STATUSES)
    asked, offered = sides(requests[is_asking], offers, organisations, members, postcodes, on)
    parts = [
        _match_concept(concept_id, positions, candidates, asked, offered, top)
        for concept_id, positions, candidates in _blocks(asked, offered, concepts, taxonomy)
    ]
    if not parts:
        return DataFrame[Match](empty(Match))
    table = pd.concat(parts, ignore_index=True)
    table = table.sort_values(["request_id", "concept_id", "_is_near_miss", "rank"], ignore_index=True)
    return DataFrame[Match](table.drop(columns="_is_near_miss"))


def _blocks(
    asked: Side, offered: Side, concepts: DataFrame[ListingConcept], taxonomy: Taxonomy
) -> Iterator[tuple[str, npt.NDArray[np.int64], _Candidates]]:
    """Per concept asked for: the requests and all offers worth comparing with them."""
    requesting = _positions_by_concept(concepts, asked)
    offering = _positions_by_concept(concepts, offered)
    for concept_id in sorted(requesting):
        candidates = _candidates(concept_id, offering, taxonomy)
        if candidates is not None:
            positions = np.array([position for position, _ in requesting[concept_id]], dtype=np.int64)
            yield concept_id, positions, candidates


def _positions_by_concept(concepts: DataFrame[ListingConcept], listings: Side) -> dict[str, list[tuple[int, float]]]:
    position = {listing_id: number for number, listing_id in enumerate(listings.listing_id)}
    grouped: dict[str, list[tuple[int, float]]] = defaultdict(list)
    for listing_id, concept_id, score in concepts[["listing_id", "concept_id", "score"]].itertuples(
        index=False, name=None
    ):
        if listing_id in position:
            grouped[concept_id].append((position[listing_id], score))
    return {concept_id: sorted(found) for concept_id, found in grouped.items()}


def relation(request_concept: str, offer_concept: str, taxonomy: Taxonomy) -> str | None:
    """How an offer's concept stands to a request's: same, narrower, substitute, wider, look_alike, sibling or None."""
    asked, offered = taxonomy.concepts[request_concept], taxonomy.concepts[offer_concept]
    if request_concept == offer_concept:
        return "same"
    if offer_concept in asked.accepts:
        return "substitute"
    above_request, above_offer = taxonomy.ancestors(request_concept), taxonomy.ancestors(offer_concept)
    if request_concept in above_offer:
        return "narrower"
    if asked.look_alikes & {offer_concept, *above_offer} or offered.look_alikes & {request_concept, *above_request}:
        return "look_alike"
    if offer_concept in above_request:
        return "wider"
    if (
        asked.parent is not None
        and asked.parent == offered.parent
        and taxonomy.concepts[asked.parent].parent is not None
    ):
        return "sibling"
    return None


def _candidates(
    concept_id: str, offering: Mapping[str, list[tuple[int, float]]], taxonomy: Taxonomy
) -> _Candidates | None:
    best: dict[int, tuple[bool, float, str, str]] = {}
    for offer_concept in sorted(offering):
        related = relation(concept_id, offer_concept, taxonomy)
        if related is None:
            continue
        blocked = related in ("look_alike", "sibling")
        for position, score in offering[offer_concept]:
            found = (not blocked, CONCEPT_WORTH[related] * score, offer_concept, related)
            if position not in best or found[:2] > best[position][:2]:
                best[position] = found
    if not best:
        return None
    positions = sorted(best)
    return _Candidates(
        offers=np.array(positions, dtype=np.int64),
        concepts=np.array([best[position][2] for position in positions], dtype=object),
        relations=np.array([best[position][3] for position in positions], dtype=object),
        worth=np.array([best[position][1] for position in positions]),
        is_concept_blocked=np.array([not best[position][0] for position in positions]),
    )


def _match_concept(
    concept_id: str,
    requests: npt.NDArray[np.int64],
    candidates: _Candidates,
    asked: Side,
    offered: Side,
    top: int,
) -> pd.DataFrame:
    step = max(1, _CELLS // len(candidates.offers))
    blocks = [requests[start : start + step] for start in range(0, len(requests), step)]
    return pd.concat(
        [_match_block(concept_id, block, candidates, asked, offered, top) for block in blocks], ignore_index=True
    )


def _match_block(
    concept_id: str,
    requests: npt.NDArray[np.int64],
    candidates: _Candidates,
    asked: Side,
    offered: Side,
    top: int,
) -> pd.DataFrame:
    rows, columns = requests[:, None], candidates.offers[None, :]
    broken = violations(asked, offered, rows, columns)
    broken["concept"] = np.broadcast_to(candidates.is_concept_blocked[None, :], (len(requests), len(candidates.offers)))
    count = np.sum([*broken.values()], axis=0)
    own = (asked.organisation[rows] == offered.organisation[columns]) & (asked.organisation[rows] >= 0)
    facts = _facts(asked, offered, rows, columns)
    score = np.round(_score(facts, candidates.worth), _SCORE_DIGITS)
    matches = _top(np.where((count == 0) & ~own, score, -1.0), top)
    misses = _top(np.where((count == 1) & ~own, score, -1.0), NEAR_MISSES)
    frames = []
    for (row, column, rank), is_near_miss in ((matches, False), (misses, True)):
        chosen = {name: values[row, column] for name, values in facts.items()}
        blocked_by = (
            [next(name for name in broken if broken[name][r, c]) for r, c in zip(row, column, strict=True)]
            if is_near_miss
            else [None] * len(row)
        )
        request, offer = requests[row], candidates.offers[column]
        frames.append(
            pd.DataFrame(
                {
                    "request_id": asked.listing_id[request],
                    "offer_id": offered.listing_id[offer],
                    "concept_id": concept_id,
                    "rank": rank,
                    "score": score[row, column],
                    "blocked_by": pd.Series(blocked_by, dtype="object"),
                    "distance_km": np.round(chosen["km"], 1),
                    "quantity_cover": np.round(chosen["cover"], 4),
                    "is_cross_platform": asked.platform[request] != offered.platform[offer],
                    "evidence": [
                        _evidence(asked, offered, r, o, c, concept_id, candidates, chosen, number, name)
                        for number, (r, o, c, name) in enumerate(zip(request, offer, column, blocked_by, strict=True))
                    ],
                    "_is_near_miss": is_near_miss,
                }
            )
        )
    return pd.concat(frames, ignore_index=True)


def _facts(
    asked: Side, offered: Side, rows: npt.NDArray[np.int64], columns: npt.NDArray[np.int64]
) -> dict[str, Floats]:
    """Facts of all pairs of a block, NaN where unknown."""
    km = haversine_km(
        asked.latitude[rows], asked.longitude[rows], offered.latitude[columns], offered.longitude[columns]
    )
    ends = np.fmin(asked.until[rows], offered.until[columns])
    start = np.fmax(offered.start[columns], 0.0)
    window = np.clip(np.where(np.isnan(ends), DEFAULT_WINDOW_DAYS, ends) - start, 0, None)
    comparable = (asked.dimension[rows] == offered.dimension[columns]) & (asked.dimension[rows] >= 0)
    need = within(asked.amount[rows], asked.period[rows], window)
    supply = within(offered.amount[columns], offered.period[columns], window)
    with np.errstate(divide="ignore", invalid="ignore"):
        cover = np.where(comparable & (need > 0), np.minimum(supply / need, 1.0), np.nan)
    shape = np.broadcast_shapes(rows.shape, columns.shape)
    return {
        "km": km,
        "cover": cover,
        "supply": np.where(comparable, supply / asked.unit_size[rows], np.nan),
        "same_region": ((asked.region[rows] == offered.region[columns]) & (asked.region[rows] >= 0)).astype("float64"),
        "same_language": np.where(
            (asked.language[rows] < 0) | (offered.language[columns] < 0),
            np.nan,
            asked.language[rows] == offered.language[columns],
        ),
        "slack": np.broadcast_to(asked.until[rows] - start, shape),
        "age": np.broadcast_to(offered.age[columns], shape),
        "trust": np.broadcast_to(offered.trust[columns], shape),
    }


def _score(facts: Mapping[str, Floats], worth: Floats) -> Floats:
    def known(values: Floats) -> Floats:
        return np.where(np.isnan(values), UNKNOWN, values)

    nearness = np.where(
        np.isnan(facts["km"]), np.where(facts["same_region"] > 0, 0.8, UNKNOWN), 0.5 ** (facts["km"] / HALF_DISTANCE_KM)
    )
    total: Floats = (
        WEIGHTS["concept"] * worth[None, :]
        + WEIGHTS["quantity"] * known(facts["cover"])
        + WEIGHTS["distance"] * nearness
        + WEIGHTS["freshness"] * known(0.5 ** (facts["age"] / HALF_LIFE_DAYS))
        + WEIGHTS["trust"] * facts["trust"]
        + WEIGHTS["time"] * known(np.where(np.isnan(facts["slack"]), np.nan, (facts["slack"] >= 0).astype("float64")))
        + WEIGHTS["language"] * known(facts["same_language"])
    )
    return total


def _top(scores: Floats, wanted: int) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Rows, columns and ranks of the best cells per row; cells below zero are out, ties go to the lower column."""
    wanted = min(wanted, scores.shape[1])
    border = -np.partition(-scores, wanted - 1, axis=1)[:, wanted - 1 : wanted]
    row, column = np.nonzero((scores >= border) & (scores >= 0))
    order = np.lexsort((column, -scores[row, column], row))
    row, column = row[order], column[order]
    first = np.searchsorted(row, row)
    rank = np.arange(len(row)) - first + 1
    keep = rank <= wanted
    return row[keep], column[keep], rank[keep]


def _evidence(
    asked: Side,
    offered: Side,
    request: int,
    offer: int,
    column: int,
    concept_id: str,
    candidates: _Candidates,
    chosen: Mapping[str, Floats],
    number: int,
    blocked_by: str | None,
) -> str:
    parts: list[dict[str, Any]] = []
    if blocked_by is not None:
        wanted, found = (
            (concept_id, candidates.concepts[column])
            if blocked_by == "concept"
            else constraint_facts(blocked_by, asked, offered, request, offer)
        )
        parts.append({"part": "blocked", "score": None, "constraint": blocked_by, "wanted": wanted, "found": found})
    concept: dict[str, Any] = {"request_concept": concept_id, "offer_concept": candidates.concepts[column]}
    score = round(float(candidates.worth[column]), 3)
    if candidates.relations[column] == "same":
        parts.append({"part": "concept_same", "score": score, **concept})
    else:
        parts.append({"part": "concept_related", "score": score, "relation": candidates.relations[column], **concept})
    cover, supply = chosen["cover"][number], chosen["supply"][number]
    if not np.isnan(cover):
        quantity = float(f"{supply:.4g}")
        parts.append(
            {
                "part": "quantity_cover",
                "score": round(float(cover), 3),
                "share": round(float(cover), 3),
                "quantity": quantity,
                "unit": asked.unit[request],
            }
        )
    if offered.certificate[offer] != "none":
        shared = [norm for norm in asked.norms[request] if norm in offered.norms[offer]] or offered.norms[offer]
        parts.append(
            {
                "part": "certificate",
                "score": None,
                "state": offered.certificate[offer],
                "norm": shared[0] if shared else None,
            }
        )
    km = chosen["km"][number]
    if not np.isnan(km):
        parts.append(
            {"part": "distance", "score": round(float(0.5 ** (km / HALF_DISTANCE_KM)), 3), "km": round(float(km))}
        )
    if chosen["same_region"][number] > 0:
        parts.append({"part": "same_region", "score": None, "region": asked.region_name[request]})
    if chosen["slack"][number] >= 0:
        parts.append({"part": "in_time", "score": 1.0, "until": asked.deadline[request]})
    age = chosen["age"][number]
    if not np.isnan(age):
        parts.append({"part": "freshness", "score": round(float(0.5 ** (age / HALF_LIFE_DAYS)), 3), "days": int(age)})
    if chosen["same_language"][number] == 1:
        parts.append({"part": "language", "score": 1.0, "language": asked.language_code[request]})
    parts.append({"part": "vetting", "score": None, "state": offered.vetting[offer]})
    return evidence(*parts)
