"""Where supply falls short: needs and offers by product and region, and what blocks most of them.

A need counts as covered where every role of its consortium is filled for nearly all of the quantity, as partly covered
where the consortium lacks a role or quantity, and as unmet where there is no consortium. Ideas are no needs.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import pandas as pd
from pandera.typing import DataFrame

from matching.consortia.plans import LEAST_FRACTION
from matching.consortia.supply import text
from matching.curves import OPEN_STATUSES
from matching.schema import (
    Consortium,
    ConsortiumRole,
    ListingConcept,
    ListingRepeat,
    Match,
    Shortage,
    UnmetNeed,
    empty,
)
from matching.taxonomy.concepts import Taxonomy
from matching.taxonomy.finding import ASIDE
from sources.listing import Listing
from sources.week import Week

Place = tuple[str | None, str | None]  # country and region


COURSE_WEEKS = 53
"""So many weeks does the course of a product's needs show, this one included: a year, so that seasons can be seen."""


def remembered(past: pd.DataFrame) -> pd.DataFrame:
    """Of all rows of Shortage of some weeks with their ``week`` (ISO week), those that a later course still shows."""
    if past.empty:
        return past
    first = Week.parse(past["week"].max()).shifted(2 - COURSE_WEEKS)
    return past[past["week"] >= str(first)].reset_index(drop=True)


class _Need(NamedTuple):
    """How one need stands and what blocks it."""

    concept_id: str
    place: Place
    request_id: str
    state: str  # covered, partly_covered or unmet
    blocking_roles: tuple[str, ...]
    blocked_by: str | None
    nearest_offer_id: str | None
    nearness: float  # score of the nearest offer


def shortages(
    consortia: DataFrame[Consortium],
    roles: DataFrame[ConsortiumRole],
    unmet: DataFrame[UnmetNeed],
    matches: DataFrame[Match],
    listings: DataFrame[Listing],
    concepts: DataFrame[ListingConcept],
    repeats: DataFrame[ListingRepeat],
    taxonomy: Taxonomy,
) -> DataFrame[Shortage]:
    """One row per product and region that needs it, and one per product for all regions together, sorted."""
    by_product: dict[str, list[_Need]] = defaultdict(list)
    ideas = set(listings.loc[listings["kind"] == "idea", "listing_id"])
    for need in (*_served(consortia, roles), *_unmet(unmet, matches)):
        if need.request_id not in ideas:
            by_product[need.concept_id].append(need)
    if not by_product:
        return DataFrame[Shortage](empty(Shortage))
    offers = _offers(listings, concepts, repeats, taxonomy)
    rows = []
    for concept_id, needs in sorted(by_product.items()):
        there = offers[concept_id]
        common = {"concept_id": concept_id, "country": None, "region": None}
        rows.append(common | {"is_total": True} | _totals(needs, there.total()))
        for country, region in sorted({need.place for need in needs}, key=str):
            here = [need for need in needs if need.place == (country, region)]
            place = {"country": country, "region": region, "is_total": False}
            rows.append(common | place | _totals(here, there[country, region]))
    return DataFrame[Shortage](pd.DataFrame(rows))


def _served(consortia: pd.DataFrame, roles: pd.DataFrame) -> Iterator[_Need]:
    missing: dict[str, list[str]] = defaultdict(list)
    is_open = roles["state"].isin(("missing", "to_clarify"))
    open_roles = roles.loc[is_open, ["consortium_id", "role_id"]].drop_duplicates()
    for consortium_id, role_id in open_roles.to_numpy():
        missing[consortium_id].append(role_id)
    for row in consortia.to_dict("records"):
        blocking = missing[row["consortium_id"]]
        is_short = row["quantity_covered"] < (1 - LEAST_FRACTION) * row["quantity"]
        if is_short and (narrow := text(row["bottleneck_role"])):
            blocking.append(narrow)
        state = "partly_covered" if is_short or row["roles_filled"] < row["roles"] else "covered"
        place = text(row["country"]), text(row["region"])
        yield _Need(row["concept_id"], place, row["request_id"], state, tuple(blocking), None, None, 0.0)


def _unmet(unmet: pd.DataFrame, matches: pd.DataFrame) -> Iterator[_Need]:
    scores = matches.groupby(["request_id", "concept_id", "offer_id"])["score"].max().to_dict()
    for row in unmet.to_dict("records"):
        near = scores.get((row["request_id"], row["concept_id"], row["nearest_offer_id"]), 0.0)
        place, reason = (text(row["country"]), text(row["region"])), text(row["blocked_by"])
        nearest = text(row["nearest_offer_id"])
        told = json.loads(text(row.get("evidence")) or "[]") if reason == "missing_role" else ()
        lacks = tuple(part["role"] for part in told)
        yield _Need(row["concept_id"], place, row["request_id"], "unmet", lacks, reason, nearest, near)


def _offers(
    listings: pd.DataFrame, concepts: pd.DataFrame, repeats: pd.DataFrame, taxonomy: Taxonomy
) -> Mapping[str, Counter[Place]]:
    """Open offers that repeat nothing, counted by place for each concept they are about and each wider one."""
    is_current = listings["status"].isin(OPEN_STATUSES) & ~listings["listing_id"].isin(repeats["listing_id"])
    offers = listings.loc[is_current & (listings["kind"] == "offer"), ["listing_id", "country", "region"]]
    places = {name: (text(country), text(region)) for name, country, region in offers.to_numpy()}
    about: dict[str, set[str]] = defaultdict(set)
    for name, concept_id in concepts.loc[concepts["score"] > ASIDE, ["listing_id", "concept_id"]].to_numpy():
        if name in places:
            about[name].update((concept_id, *taxonomy.ancestors(concept_id)))
    counts: dict[str, Counter[Place]] = defaultdict(Counter)
    for name, named in about.items():
        for concept_id in named:
            counts[concept_id][places[name]] += 1
    return counts


def _totals(needs: Sequence[_Need], offers: int) -> dict[str, Any]:
    states = Counter(need.state for need in needs)
    near = [need for need in needs if need.nearest_offer_id is not None]
    nearest = min(near, key=lambda need: (-need.nearness, need.request_id), default=None)
    return {
        "requests": len(needs),
        **{state: states[state] for state in ("covered", "partly_covered", "unmet")},
        "offers": offers,
        "blocking_role": _commonest(role for need in needs for role in need.blocking_roles),
        "blocked_by": _commonest(need.blocked_by for need in needs if need.blocked_by),
        "nearest_request_id": nearest.request_id if nearest else None,
        "nearest_offer_id": nearest.nearest_offer_id if nearest else None,
    }


def _commonest(names: Iterable[str]) -> str | None:
    """The most frequent name, of equals the first by alphabet."""
    counts = Counter(names)
    return min(counts, key=lambda name: (-counts[name], name)) if counts else None
