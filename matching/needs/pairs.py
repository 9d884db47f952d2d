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
| quantity_cover | share (0 to 1), quantity: what the offer delivers in time, in the request's unit; unit; until |
| in_time | until: ISO day of the request's deadline, where no quantity can be compared |
| freshness | days since the offer's last sign of life |
| language | language both are written in |
| vetting | state (sources.listing.VETTING) |

Rules for pairs that must not meet belong in `constraints.py`; what people's verdicts change in `feedback.py`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from matching.arrays import Floats, Integers
from matching.curves import HALF_DISTANCE_KM, HALF_LIFE_DAYS, UNKNOWN
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


@dataclass(frozen=True)
class Kinship:
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
    nearness = np.where(
        np.isnan(known["km"]),
        np.where(known["same_region"] > 0, SAME_REGION, UNKNOWN),
        _halved(known["km"], HALF_DISTANCE_KM),
    )
    in_time = np.where(np.isnan(known["slack"]), UNKNOWN, known["slack"] >= 0)
    total: Floats = (
        weights["relevance"] * relevance
        + weights["quantity"] * _or_unknown(known["cover"])
        + weights["distance"] * nearness
        + weights["freshness"] * _or_unknown(_halved(known["age"], HALF_LIFE_DAYS))
        + weights["trust"] * known["trust"]
        + weights["time"] * in_time
        + weights["language"] * _or_unknown(known["same_language"])
    )
    return total


def _or_unknown(values: Floats) -> Floats:
    return np.where(np.isnan(values), UNKNOWN, values)


def _halved(values: Floats, half: float) -> Floats:
    score: Floats = 0.5 ** (values / half)
    return score


def pair_evidence(
    asked: Side,
    offered: Side,
    request: int,
    offer: int,
    known: Mapping[str, float],
    kinship: Kinship | None,
    likeness: float | None,
    blocked_by: str | None,
) -> str:
    """The evidence of one pair as JSON (see the table above); known: this pair's cell of every fact."""
    parts: list[dict[str, Any]] = []
    if blocked_by is not None:
        if blocked_by == "concept" and kinship is not None:
            wanted, found = kinship.request_concept, kinship.offer_concept
        else:
            wanted, found = constraint_facts(blocked_by, asked, offered, request, offer)
        parts.append({"part": "blocked", "score": None, "constraint": blocked_by, "wanted": wanted, "found": found})
    if kinship is not None:
        concepts = {"request_concept": kinship.request_concept, "offer_concept": kinship.offer_concept}
        score = round(kinship.worth, 3)
        if kinship.relation == "same":
            if known["same_language"] == 0:
                concepts["request_language"] = asked.language_code[request]
                concepts["offer_language"] = offered.language_code[offer]
            parts.append({"part": "concept_same", "score": score, **concepts})
        else:
            parts.append({"part": "concept_related", "score": score, "relation": kinship.relation, **concepts})
    if likeness is not None:
        parts.append({"part": "text_similarity", "score": round(likeness, 3)})
    if offered.certificate[offer] != "none":
        shared = [norm for norm in asked.norms[request] if norm in offered.norms[offer]] or offered.norms[offer]
        norm = shared[0] if shared else None
        parts.append({"part": "certificate", "score": None, "state": offered.certificate[offer], "norm": norm})
    km, cover, age = known["km"], known["cover"], known["age"]
    if km == km:  # not NaN
        parts.append({"part": "distance", "score": round(0.5 ** (km / HALF_DISTANCE_KM), 3), "km": round(km)})
    if known["same_region"] > 0:
        parts.append({"part": "same_region", "score": None, "region": asked.region_name[request]})
    if cover == cover:
        share, quantity = round(cover, 3), float(f"{known['supply']:.4g}")
        until = asked.deadline[request] if known["slack"] >= 0 else None
        amount = {"quantity": quantity, "unit": asked.unit[request], "until": until}
        parts.append({"part": "quantity_cover", "score": share, "share": share, **amount})
    elif known["slack"] >= 0:
        parts.append({"part": "in_time", "score": 1.0, "until": asked.deadline[request]})
    if age == age:
        parts.append({"part": "freshness", "score": round(0.5 ** (age / HALF_LIFE_DAYS), 3), "days": int(age)})
    if known["same_language"] == 1:
        parts.append({"part": "language", "score": 1.0, "language": asked.language_code[request]})
    parts.append({"part": "vetting", "score": None, "state": offered.vetting[offer]})
    return evidence(*parts)
