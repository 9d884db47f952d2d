"""Each rule on a small table of its own: what it holds back, what it leaves, and the facts that it gives."""

from typing import Any, cast

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandera.typing import DataFrame

from matching.plausibility.choices import LIMITS
from matching.plausibility.gate import let_through
from sources.listing import Listing
from tests.matching.plausibility.boards import gate, offer

MASKS = (50, 100, 100, 200, 200, 300, 500, 1000)  # what people offer


def usual(
    concept: str = "surgical_mask", platform: str = "board", times: float = 1, **more: Any
) -> list[dict[str, Any]]:
    return [
        offer(f"{concept}{number}", quantity * times, concept, platform=platform, **more)
        for number, quantity in enumerate(MASKS)
    ]


def reasons(held: pd.DataFrame) -> dict[str, list[str]]:
    return {
        str(listing_id).partition(":")[2]: rows["reason"].to_list() for listing_id, rows in held.groupby("listing_id")
    }


def test_a_quantity_far_above_the_usual_is_held_back_with_its_facts() -> None:
    held = gate([*usual(), offer("wild", 10_000_000), offer("large", 20_000)])
    assert reasons(held) == {"wild": ["quantity_outlier"]}
    row = held.iloc[0]
    assert (row["platform"], row["kind"], row["concept_id"], row["unit"]) == (
        "board",
        "offer",
        "surgical_mask",
        "piece",
    )
    assert row["quantity"] == 10_000_000
    assert row["usual"] == 245.0  # the median
    assert row["limit"] < row["quantity"]


def test_each_platform_has_its_own_scale() -> None:
    """Where all offers are of boxes of ten thousand, one of three million is usual."""
    warehouse = usual(platform="warehouse", times=10_000)
    assert reasons(gate([*usual(), *warehouse, offer("one", 3_000_000, platform="warehouse")])) == {}
    assert reasons(gate([*usual(), *warehouse, offer("one", 3_000_000)])) == {"one": ["quantity_outlier"]}


def test_a_rate_counts_for_four_weeks_and_units_are_made_equal() -> None:
    assert reasons(gate([*usual(), offer("rate", 500_000, period="day")])) == {"rate": ["quantity_outlier"]}
    gloves = usual("examination_gloves", unit="pair")
    assert gate([*gloves, offer("wild", 1e8, "examination_gloves", unit="pair")]).iloc[0]["usual"] == 200.0


def test_few_rows_say_nothing_about_what_is_usual() -> None:
    assert reasons(gate([offer("one", 100), offer("other", 100_000_000)])) == {}


PRODUCTS = ("surgical_mask", "gown", "face_shield", "thermometer", "coverall")


def test_one_donor_who_offers_hugely_of_everything() -> None:
    board = [row for concept in PRODUCTS for row in usual(concept)]
    huge = [offer(f"huge{place}", 15_000, concept, "O-1") for place, concept in enumerate(PRODUCTS)]
    assert reasons(gate([*board, *huge])) == {f"huge{place}": ["huge_in_everything"] for place in range(5)}
    assert reasons(gate([*board, *huge[: int(LIMITS["huge_in_everything"]) - 1]])) == {}
    apart = [row | {"owner": f"O-{place}"} for place, row in enumerate(huge)]
    assert reasons(gate([*board, *apart])) == {}, "of five donors each of one product"


@pytest.mark.parametrize(
    ("quantity", "is_filler"), [(9999, True), (10_000, True), (12_345, True), (22_220, True), (11_400, False)]
)
def test_the_same_filler_number_for_many_products(quantity: int, is_filler: bool) -> None:
    board = [row for concept in PRODUCTS[:3] for row in usual(concept)]
    typed = [offer(f"typed{place}", quantity, concept, "O-1") for place, concept in enumerate(PRODUCTS[:3])]
    held = reasons(gate([*board, *typed]))
    assert held == ({f"typed{place}": ["filler_number"] for place in range(3)} if is_filler else {})
    assert reasons(gate([*board, *typed[:2]])) == {}


def test_a_round_number_that_is_usual_is_no_filler() -> None:
    board = [row for concept in PRODUCTS for row in usual(concept)]
    hundred = [offer(f"hundred{place}", 100, concept, "O-1") for place, concept in enumerate(PRODUCTS)]
    assert reasons(gate([*board, *hundred])) == {}


@pytest.mark.parametrize(
    ("place", "told"),
    [
        ({"country": "DE", "region": "BW", "city": "Hamburg"}, ("DE-BW", "Hamburg: HH")),
        ({"country": "DE", "region": "BW", "postal_code": "20095"}, ("DE-BW", "20095: HB, HH, MV, NI, SH")),
        ({"country": "FR", "region": "GES", "postal_code": "69001"}, ("FR-GES", "69001: ARA")),
        ({"country": "US", "region": "WI", "city": "Bath", "postal_code": "14810"}, ("US-WI", "14810: DE, NY, PA")),
        ({"country": "IT", "city": "Lyon"}, None),  # no country whose towns are told apart
        ({"country": "CH", "city": "Stuttgart"}, ("CH", "Stuttgart: DE")),
        ({"country": "DE", "region": "BW", "city": "Stuttgart", "postal_code": "70173"}, None),
        ({"country": "DE", "region": "RP", "city": "Ludwigshafen", "postal_code": "67059"}, None),
        ({"country": "DE", "region": "SL", "city": "Freiburg im Nirgendwo"}, None),
        ({"country": "DE", "region": "BY", "city": "Neustadt"}, None),
        ({"country": "US", "region": "MS", "city": "Houston"}, None),  # there is one
        ({"country": "DE", "city": "Hamburg"}, None),
        ({"region": "BW", "city": "Hamburg"}, None),
    ],
)  # fmt: skip
def test_a_town_or_postcode_that_contradicts_the_region(place: dict[str, str], told: tuple[str, str] | None) -> None:
    held = gate([offer("here", 100, **place)])
    assert reasons(held) == ({} if told is None else {"here": ["place_contradiction"]})
    assert told is None or (held.iloc[0]["stated"], held.iloc[0]["found"]) == told


def test_no_sign_of_life() -> None:
    old, young = (pd.Timestamp(day, tz="UTC") for day in ("2019-12-01", "2020-01-10"))
    rows = [
        offer("silent", 100, posted_at=old),
        offer("touched", 100, posted_at=old, updated_at=young),
        offer("young", 100, posted_at=young),
        offer("valid", 100, posted_at=old, available_until=pd.Timestamp("2020-12-01", tz="UTC")),
        offer("seen", 100, posted_at=None, first_seen_on="2019-12-01"),
    ]
    held = gate(rows)
    assert reasons(held) == {"seen": ["no_sign_of_life"], "silent": ["no_sign_of_life"]}
    assert held["quantity"].tolist() == [140, 140]


@pytest.mark.parametrize(
    ("row", "is_few"),
    [
        (offer("one", 2), True),
        (offer("one", 2, kind="request"), True),
        (offer("one", 9), True),
        (offer("one", 10), False),
        (offer("one", 3, kind="request"), False),
        (offer("one", 9, "examination_gloves", unit="pair"), True),
        (offer("one", 9, "examination_gloves", unit="pallet"), False),
        (offer("one", 9, "face_shield"), True),
        (offer("one", 4, "safety_glasses"), True),
        (offer("one", 9, "antigen_test", unit="test"), False),
        (offer("one", 9, "surgical_mask printing_3d"), False),
        (offer("one", 4.5, "hand_sanitiser", unit="litre"), True),
        (offer("one", 5, "hand_sanitiser", unit="litre"), False),
        (offer("one", 1, "hand_sanitiser", unit="litre", kind="request"), False),
        (offer("one", 1, "ethanol", unit="litre"), False),
        (offer("one", 1, "ventilator"), False),
        (offer("one", 1, "mask_machine"), False),
        (offer("one", 1, "papr"), False),
        (offer("one", 1, "surgical_mask mask_machine"), False),  # a machine for masks
        (offer("one", 2, unit="pallet"), False),
        (offer("one", 2, "spunbond", unit="piece"), False),  # rolls
        (offer("one", 1, period="day"), False),  # 28 in four weeks
        (offer("one", None), False),
    ],
)
def test_too_few_of_what_is_needed_in_masses(row: dict[str, Any], is_few: bool) -> None:
    assert reasons(gate([row])) == ({"one": ["too_few"]} if is_few else {})


def test_closed_listings_and_information_are_nobodys_business() -> None:
    assert reasons(gate([offer("gone", 1, status="withdrawn"), offer("news", 1, kind="information")])) == {}


def test_several_reasons_stand_in_their_order_and_what_is_held_back_is_let_through_no_more() -> None:
    rows = [*usual(), offer("wild", 1e7, country="DE", region="BW", city="Hamburg")]
    held = gate(rows)
    assert reasons(held) == {"wild": ["quantity_outlier", "place_contradiction"]}
    listings = pd.DataFrame({"listing_id": ["board:wild", "board:other"]})
    assert let_through(cast("DataFrame[Listing]", listings), held)["listing_id"].tolist() == ["board:other"]


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["board", "market"]),
            st.sampled_from(PRODUCTS),
            st.integers(min_value=10, max_value=10_000),
            st.integers(min_value=0, max_value=4),
            st.sampled_from(["O-1", "O-2", "O-3"]),
        ),
        min_size=24,
        max_size=60,
    )
)
@settings(max_examples=25, deadline=None)
def test_whatever_a_platform_counts_in_the_same_rows_are_held_back(
    drawn: list[tuple[str, str, int, int, str]],
) -> None:
    """Ten times as much of everything on one platform changes nothing, as long as it has rows enough to know itself."""
    rows = [*usual(), *usual(platform="market")]
    rows += [
        offer(f"drawn{number}", float(digits * 10**zeros), concept, owner, platform=platform)
        for number, (platform, concept, digits, zeros, owner) in enumerate(drawn)
    ]
    tenfold = [row | {"quantity": row["quantity"] * 10} if row["platform"] == "market" else row for row in rows]
    keys = ["listing_id", "reason"]
    before, after = gate(rows), gate(tenfold)
    pd.testing.assert_frame_equal(before[keys], after[keys])
    ratio = after["usual"] / before["usual"]
    assert np.allclose(ratio, np.where(before["platform"] == "market", 10, 1), rtol=0.02)
