"""What is known of a pair of request and offer: facts, a soft score with fixed weights, and the evidence of both.

Evidence codes, in the order a reader meets them (facts language-free, worded by `reports.sentences`):

| part | facts |
| --- | --- |
| blocked | constraint, wanted, found: the one constraint that a near-miss breaks |
| concept_same | request_concept, offer_concept (equal); request_language, offer_language where they differ |
| concept_related | request_concept, offer_concept, relation: one of relations.WORTH |
| text_similarity | score: 0 to 1, how alike the texts are |
| certificate | state (sources.listing.CERTIFICATES), norm: the one both name, else the offer's first, else null |
| distance | km |
| same_region | region, as the request states it |
| place_stated | state: "region" or "country", region, country: the offer names no more, so no distance is known |
| quantity_cover | share (0 to 1), quantity: what the offer delivers in time, in the request's unit; unit; until |
| in_time | until: ISO day of the request's deadline, where no quantity can be compared |
| freshness | days since the offer's last sign of life |
| language | language both are written in |
| vetting | state (sources.listing.VETTING) |

Rules for pairs that must not meet belong in `constraints.py`; what people's verdicts change in `feedback.py`.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from matching.arrays import Floats, Integers
from matching.curves import UNKNOWN, freshness, nearness
from matching.needs.constraints import facts as constraint_facts
from matching.needs.sides import Side
from matching.places.geography import haversine_km
from matching.quantities import DEFAULT_WINDOW_DAYS, within
from matching.schema import evidence

WEIGHTS = {  # of the soft score; they add up to one
    "relevance": 0.42,  # concept and text
    "quantity": 0.18,
    "distance": 0.18,
    "freshness": 0.08,
    "trust": 0.08,
    "time": 0.05,
    "language": 0.01,  # no more than a tie-breaker: partners across the border are what is sought
}
SAME_REGION = 0.8  # nearness of two places known by the same region only


class Kinship(NamedTuple):
    """How the concepts of a pair stand to each other, None where texts alone brought them together."""

    request_concept: str
    offer_concept: str
    relation: str
    worth: float


def facts(asked: Side, offered: Side, rows: Integers, columns: Integers) -> dict[str, Floats]:
    """Facts of pairs, NaN where unknown; positions on the two sides broadcast to the shape of all results."""
    shape = np.broadcast_shapes(rows.shape, columns.shape)
    ends = np.fmin(asked.until[rows], offered.until[columns])
    start = np.fmax(offered.start[columns], 0.0)
    window = np.clip(np.where(np.isnan(ends), DEFAULT_WINDOW_DAYS, ends) - start, 0, None)
    comparable = (asked.dimension[rows] == offered.dimension[columns]) & (asked.dimension[rows] >= 0)
    need = within(asked.amount[rows], asked.period[rows], window)
    supply = within(offered.amount[columns], offered.period[columns], window)
    with np.errstate(divide="ignore", invalid="ignore"):
        cover = np.where(comparable & (need > 0), np.minimum(supply / need, 1.0), np.nan)
    both_languages = (asked.language[rows] >= 0) & (offered.language[columns] >= 0)
    found = {
        "km": haversine_km(
            asked.latitude[rows], asked.longitude[rows], offered.latitude[columns], offered.longitude[columns]
        ),
        "cover": cover,
        "supply": np.where(comparable, supply / asked.unit_size[rows], np.nan),
        "same_region": (asked.region[rows] == offered.region[columns]) & (asked.region[rows] >= 0),
        "same_language": np.where(both_languages, asked.language[rows] == offered.language[columns], np.nan),
        "slack": asked.until[rows] - start,
        "age": offered.age[columns],
        "trust": offered.trust[columns],
    }
    return {name: np.broadcast_to(np.asarray(values, dtype=np.float64), shape) for name, values in found.items()}


def soft_score(known: Mapping[str, Floats], relevance: Floats, weights: Mapping[str, float]) -> Floats:
    """Weighted sum of all parts, 0 to 1."""
    close = np.where(
        np.isnan(known["km"]),
        np.where(known["same_region"] > 0, SAME_REGION, UNKNOWN),
        nearness(known["km"]),
    )
    in_time = np.where(np.isnan(known["slack"]), UNKNOWN, known["slack"] >= 0)
    total: Floats = (
        weights["relevance"] * relevance
        + weights["quantity"] * _or_unknown(known["cover"])
        + weights["distance"] * close
        + weights["freshness"] * _or_unknown(freshness(known["age"]))
        + weights["trust"] * known["trust"]
        + weights["time"] * in_time
        + weights["language"] * _or_unknown(known["same_language"])
    )
    return total


def _or_unknown(values: Floats) -> Floats:
    return np.where(np.isnan(values), UNKNOWN, values)


@dataclass(frozen=True, eq=False)
class Pairs:
    """Chosen pairs, one entry each in every array and list.

    known: the cells of `facts`. kinships: None where texts alone brought a pair together. likeness: of the texts, 0 to
    1; None where texts were not compared. blocked_by: the one constraint a near-miss breaks, None for a match.
    """

    request: Integers  # position on the asking side
    offer: Integers
    rank: Integers
    score: Floats
    known: Mapping[str, Floats]
    kinships: Sequence[Kinship | None]
    likeness: Floats | None
    blocked_by: Sequence[str] | Sequence[None]


def pair_table(pairs: Pairs, asked: Side, offered: Side, is_near_miss: bool) -> pd.DataFrame:
    """Columns request_id, offer_id, rank, score, blocked_by, evidence and _is_near_miss; one row per pair."""
    known = {**pairs.known, "near": nearness(pairs.known["km"]), "fresh": freshness(pairs.known["age"])}
    cells = [dict(zip(known, row, strict=True)) for row in np.column_stack([*known.values()]).tolist()]
    likeness = [None] * len(pairs.request) if pairs.likeness is None else pairs.likeness.astype(float).tolist()
    places = zip(pairs.request.tolist(), pairs.offer.tolist(), strict=True)
    said = [_Pair(asked, offered, *place, cell) for place, cell in zip(places, cells, strict=True)]
    texts = [
        evidence(*one.blocked(constraint, kinship), *one.alike(kinship, alike), *one.proven(), *one.near(), *one.able())
        for one, constraint, kinship, alike in zip(said, pairs.blocked_by, pairs.kinships, likeness, strict=True)
    ]
    return pd.DataFrame(
        {
            "request_id": asked.listing_id[pairs.request],
            "offer_id": offered.listing_id[pairs.offer],
            "rank": pairs.rank,
            "score": pairs.score,
            "blocked_by": pd.Series(list(pairs.blocked_by), dtype="object"),
            "evidence": texts,
            "_is_near_miss": is_near_miss,
        }
    )


class _Pair(NamedTuple):  # a frozen dataclass takes five times as long to make, and there are millions
    """One pair with its cell of every fact; each method gives parts of its evidence (see the table above).

    known: the cells of `facts`, and of `nearness` (near) and `freshness` (fresh).
    """

    asked: Side
    offered: Side
    request: int
    offer: int
    known: Mapping[str, float]

    def blocked(self, constraint: str | None, kinship: Kinship | None) -> Iterator[dict[str, Any]]:
        if constraint is None:
            return
        if constraint == "concept" and kinship is not None:
            wanted, found = kinship.request_concept, kinship.offer_concept
        else:
            wanted, found = constraint_facts(constraint, self.asked, self.offered, self.request, self.offer)
        yield {"part": "blocked", "score": None, "constraint": constraint, "wanted": wanted, "found": found}

    def alike(self, kinship: Kinship | None, likeness: float | None) -> Iterator[dict[str, Any]]:
        if kinship is not None:
            concepts = {"request_concept": kinship.request_concept, "offer_concept": kinship.offer_concept}
            score = round(kinship.worth, 3)
            if kinship.relation == "same":
                if self.known["same_language"] == 0:
                    concepts["request_language"] = self.asked.language_code[self.request]
                    concepts["offer_language"] = self.offered.language_code[self.offer]
                yield {"part": "concept_same", "score": score, **concepts}
            else:
                yield {"part": "concept_related", "score": score, "relation": kinship.relation, **concepts}
        if likeness is not None:
            yield {"part": "text_similarity", "score": round(likeness, 3)}

    def proven(self) -> Iterator[dict[str, Any]]:
        state, norms = self.offered.certificate[self.offer], self.offered.norms[self.offer]
        if state != "none":
            shared = [norm for norm in self.asked.norms[self.request] if norm in norms] or norms
            yield {"part": "certificate", "score": None, "state": state, "norm": shared[0] if shared else None}

    def near(self) -> Iterator[dict[str, Any]]:
        km = self.known["km"]
        if not math.isnan(km):
            yield {"part": "distance", "score": round(self.known["near"], 3), "km": round(km)}
        if self.known["same_region"] > 0:
            yield {"part": "same_region", "score": None, "region": self.asked.region_name[self.request]}
        region, country = self.offered.region_name[self.offer], self.offered.country_code[self.offer]
        if math.isnan(self.offered.latitude[self.offer]) and (region or country):
            state = "region" if region else "country"
            yield {"part": "place_stated", "score": None, "state": state, "region": region, "country": country}

    def able(self) -> Iterator[dict[str, Any]]:
        cover, age, is_in_time = self.known["cover"], self.known["age"], self.known["slack"] >= 0
        until = self.asked.deadline[self.request] if is_in_time else None
        if not math.isnan(cover):
            share, quantity = round(cover, 3), float(f"{self.known['supply']:.4g}")
            amount = {"quantity": quantity, "unit": self.asked.unit[self.request], "until": until}
            yield {"part": "quantity_cover", "score": share, "share": share, **amount}
        elif is_in_time:
            yield {"part": "in_time", "score": 1.0, "until": until}
        if not math.isnan(age):
            yield {"part": "freshness", "score": round(self.known["fresh"], 3), "days": int(age)}
        if self.known["same_language"] == 1:
            yield {"part": "language", "score": 1.0, "language": self.asked.language_code[self.request]}
        yield {"part": "vetting", "score": None, "state": self.offered.vetting[self.offer]}
