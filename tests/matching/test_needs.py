"""Requests meet the offers that can serve them; what stands in the way of the others is named."""

import json
from datetime import date
from typing import Any

import pandas as pd
import pytest
from pandera.typing import DataFrame

from matching.concepts import classify, load_taxonomy
from matching.needs import match
from matching.schema import Match, Organisation, OrganisationMember, empty
from sources.listing import Listing

ON = date(2020, 4, 5)
DEFAULTS: dict[str, Any] = {
    "platform": "board_a",
    "kind": "request",
    "contact_route": "office@board-a.example",
    "certificate": "none",
    "urgency": "normal",
    "vetting": "unchecked",
    "status": "open",
    "fingerprint": "f",
    "first_seen_on": "2020-04-05",
    "last_seen_on": "2020-04-05",
    "is_carried_over": False,
    "retrieved_at": pd.Timestamp("2020-04-05", tz="UTC"),
}


def listings(*rows: dict[str, Any]) -> DataFrame[Listing]:
    """Listings with ids a1, a2 … and the columns given."""
    filled = [{**DEFAULTS, "source_id": row["listing_id"], "title": row.get("category", "-"), **row} for row in rows]
    return DataFrame[Listing](pd.DataFrame(filled).reindex(columns=list(Listing.to_schema().columns)))


def matched(
    requests: DataFrame[Listing], offers: DataFrame[Listing], members: dict[str, str] | None = None, top: int = 10
) -> DataFrame[Match]:
    taxonomy = load_taxonomy()
    both = DataFrame[Listing](pd.concat([requests, offers]))
    grouped = empty(OrganisationMember)
    if members:
        grouped = pd.DataFrame(
            [(record, organisation, 1.0, "[]") for record, organisation in members.items()],
            columns=list(OrganisationMember.to_schema().columns),
        )
    return match(
        requests,
        offers,
        classify(both, taxonomy),
        DataFrame[Organisation](empty(Organisation)),
        DataFrame[OrganisationMember](grouped),
        on=ON,
        top=top,
        taxonomy=taxonomy,
    )


REQUEST = {
    "listing_id": "r",
    "category": "FFP2-Masken",
    "quantity": 1000,
    "unit": "piece",
    "norms": "EN 149",
    "is_medical": True,
    "is_sterile": True,
    "available_until": pd.Timestamp("2020-04-20", tz="UTC"),
    "city": "Freiburg im Breisgau",
    "country": "DE",
    "language": "de",
}
OFFER = {
    **REQUEST,
    "listing_id": "o",
    "kind": "offer",
    "category": "masques FFP2",
    "city": "Strasbourg",
    "country": "FR",
}


def test_a_pair_without_contradiction_is_a_match_with_its_reasons() -> None:
    offer = {
        **OFFER,
        "quantity": 40,
        "period": "day",
        "platform": "board_b",
        "certificate": "shown",
        "available_until": None,
    }
    table = matched(listings(REQUEST), listings(offer))
    assert table[["request_id", "offer_id", "concept_id", "rank"]].to_numpy().tolist() == [["r", "o", "ffp2_mask", 1]]
    assert table["blocked_by"].isna().all()
    assert table["is_cross_platform"].all()
    assert table["quantity_cover"][0] == pytest.approx(0.6)  # 15 days of 40 pieces
    assert 55 < table["distance_km"][0] < 75
    parts = {part["part"]: part for part in json.loads(table["evidence"][0])}
    assert parts["concept_same"]["offer_concept"] == "ffp2_mask"
    assert (parts["quantity_cover"]["quantity"], parts["quantity_cover"]["unit"]) == (600, "piece")
    assert parts["certificate"] == {"part": "certificate", "score": None, "state": "shown", "norm": "EN 149"}
    assert parts["in_time"]["until"] == "2020-04-20"


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ({"kind": "idea"}, "kind"),
        ({"category": "OP-Masken"}, "concept"),
        ({"category": "Beatmungsmasken"}, "concept"),
        ({"norms": "EN 14683"}, "norm"),
        ({"is_medical": False}, "medical"),
        ({"is_sterile": False}, "sterile"),
        ({"minimum_quantity": 5000}, "minimum_quantity"),
        ({"available_from": pd.Timestamp("2020-05-01", tz="UTC"), "available_until": None}, "time_window"),
        ({"available_until": pd.Timestamp("2020-04-01", tz="UTC")}, "time_window"),
        ({"status": "fulfilled"}, "open_for_interest"),
        ({"vetting": "rejected"}, "vetting"),
        ({"country": "US", "region": "CA", "city": None}, "country"),
    ],
)
def test_a_near_miss_names_the_one_constraint(change: dict[str, Any], constraint: str) -> None:
    table = matched(listings(REQUEST), listings({**OFFER, **change}))
    assert table["blocked_by"].tolist() == [constraint]
    assert json.loads(table["evidence"][0])[0]["constraint"] == constraint


def test_two_broken_constraints_are_no_near_miss() -> None:
    assert matched(listings(REQUEST), listings({**OFFER, "norms": "EN 14683", "vetting": "rejected"})).empty


def test_what_nobody_stated_rules_nothing_out() -> None:
    bare = {"listing_id": "o", "kind": "offer", "category": "FFP2 masks"}
    assert matched(listings(REQUEST), listings(bare))["blocked_by"].isna().all()


def test_an_organisation_is_not_matched_with_itself() -> None:
    requests, offers = listings(REQUEST), listings(OFFER)
    assert matched(requests, offers, {"r": "org-1", "o": "org-1"}).empty
    assert len(matched(requests, offers, {"r": "org-1", "o": "org-2"})) == 1


def test_order_of_rows_does_not_matter_and_ties_follow_the_id() -> None:
    offers = listings(*({**OFFER, "listing_id": f"o{number}"} for number in range(9)))
    table = matched(listings(REQUEST), offers, top=4)
    assert table["offer_id"].tolist() == ["o0", "o1", "o2", "o3"]
    pd.testing.assert_frame_equal(table, matched(listings(REQUEST), offers.iloc[::-1], top=4))
