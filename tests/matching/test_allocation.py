"""Allocation: what a round may do, as laws over small random weeks, and a few cases by hand."""

import itertools
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.allocation import FAIR, NEAR, Weights, allocate

FIRST = pd.Timestamp("2020-04-06", tz="UTC")
PLAIN = Weights(reach=100.0, request=0.0, shipment=0.0)


def _requests(*rows: tuple[str, str, float, int]) -> pd.DataFrame:
    return pd.DataFrame(
        [
            (f"r{number}", receiver, item, quantity, FIRST + pd.Timedelta(days=day))
            for number, (receiver, item, quantity, day) in enumerate(rows)
        ],
        columns=["request_id", "receiver_id", "item", "quantity", "date"],
    )


def _offers(*rows: tuple[str, str, float, int]) -> pd.DataFrame:
    table = _requests(*rows).rename(columns={"request_id": "offer_id", "receiver_id": "donor_id"})
    return table.assign(offer_id="o" + table["offer_id"].str[1:])


def _distances(**ways: float) -> pd.DataFrame:
    rows = [(*pair.split("_"), distance) for pair, distance in ways.items()]
    return pd.DataFrame(rows, columns=["donor_id", "receiver_id", "distance"])


def _rows(table: pd.DataFrame) -> list[list[Any]]:
    return table[["allocated_on", "offer_id", "request_id", "quantity"]].to_numpy().tolist()


def test_nearest_first_and_the_rest_to_the_next() -> None:
    table = allocate(
        _requests(("far", "masks", 50, 0), ("near", "masks", 30, 0)),
        _offers(("d", "masks", 60, 1)),
        _distances(d_far=90, d_near=5),
        weights=PLAIN,
    )
    assert _rows(table) == [["2020-04-13", "o0", "r0", 30.0], ["2020-04-13", "o0", "r1", 30.0]]
    assert table["distance"].tolist() == [90, 5]


def test_beyond_reach_an_offer_waits_for_a_nearer_request() -> None:
    table = allocate(
        _requests(("far", "masks", 50, 0), ("near", "masks", 50, 9)),
        _offers(("d", "masks", 50, 1)),
        _distances(d_far=101, d_near=5),
        weights=PLAIN,
    )
    assert _rows(table) == [["2020-04-20", "o0", "r1", 50.0]]


def test_only_the_same_item_and_only_known_ways() -> None:
    table = allocate(
        _requests(("a", "gowns", 5, 0), ("b", "masks", 5, 0)),
        _offers(("d", "masks", 5, 0)),
        _distances(d_a=1),
        weights=PLAIN,
    )
    assert table.empty


def test_older_rows_go_first() -> None:
    table = allocate(
        _requests(("a", "masks", 4, 3), ("a", "masks", 4, 1)),
        _offers(("d", "masks", 3, 2), ("d", "masks", 3, 0)),
        _distances(d_a=1),
        weights=PLAIN,
    )
    assert _rows(table) == [
        ["2020-04-13", "o0", "r0", 2.0],
        ["2020-04-13", "o0", "r1", 1.0],
        ["2020-04-13", "o1", "r1", 3.0],
    ]


def test_fair_weights_serve_the_small_request_first() -> None:
    requests = _requests(("big", "masks", 1000, 0), ("small", "masks", 10, 0))
    offers, ways = _offers(("d", "masks", 10, 0)), _distances(d_big=5, d_small=15)
    assert allocate(requests, offers, ways, weights=PLAIN)["request_id"].tolist() == ["r0"]
    assert allocate(requests, offers, ways, weights=FAIR)["request_id"].tolist() == ["r1"]


def test_shipment_costs_bundle_what_goes_the_same_way() -> None:
    requests = _requests(*(("one", item, 5, 0) for item in "abc"), *(("two", item, 5, 0) for item in "abc"))
    offers = _offers(*(("d", item, 5, 0) for item in "abc"))
    ways = _distances(d_one=10, d_two=10)
    table = allocate(requests, offers, ways, weights=NEAR)
    assert len(set(table["request_id"].isin(["r0", "r1", "r2"]))) == 1


@pytest.mark.parametrize(
    ("offers", "complaint"),
    [
        (pd.concat([_offers(("d", "masks", 5, 0))] * 2), "o0 stands twice"),
        (_offers(("d", "masks", 0, 0)), "quantity"),
    ],
)
def test_unsound_offers_are_refused(offers: pd.DataFrame, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        allocate(_requests(("a", "masks", 5, 0)), offers, _distances(d_a=1))


def test_nothing_to_do() -> None:
    nothing = _offers().astype({"date": "datetime64[us, UTC]"})
    assert allocate(_requests(("a", "masks", 5, 0)), nothing, _distances(d_a=1)).empty


ROW = st.tuples(
    st.sampled_from(["a", "b", "c"]), st.sampled_from(["masks", "gowns"]), st.integers(1, 9), st.integers(0, 12)
)


@settings(deadline=None, max_examples=40)
@given(
    st.lists(ROW, min_size=1, max_size=6),
    st.lists(ROW, min_size=1, max_size=6),
    st.lists(st.integers(0, 150), min_size=9, max_size=9),
    st.sampled_from([PLAIN, NEAR, FAIR]),
    st.randoms(use_true_random=False),
)
def test_laws(asked: Any, given_: Any, lengths: Any, weights: Weights, random: Any) -> None:
    requests, offers = _requests(*asked), _offers(*given_)
    ways = pd.DataFrame(
        [(*pair, float(length)) for pair, length in zip(itertools.product("abc", "abc"), lengths, strict=True)],
        columns=["donor_id", "receiver_id", "distance"],
    )
    table = allocate(requests, offers, ways, weights=weights)
    said = table.merge(offers, on="offer_id", suffixes=("", "_offer")).merge(
        requests, on="request_id", suffixes=("", "_request")
    )
    assert (said["item"] == said["item_offer"]).all()
    assert (said["item"] == said["item_request"]).all()
    for side, name in ((offers, "offer_id"), (requests, "request_id")):
        left = side.set_index(name)["quantity"].sub(table.groupby(name)["quantity"].sum(), fill_value=0)
        assert (left >= -1e-6).all(), "promised twice"
    ends = pd.to_datetime(said["allocated_on"], utc=True)
    assert (said["date"] < ends).all()
    assert (said["date_request"] < ends).all()
    mixed = [side.sample(frac=1, random_state=random.randrange(99)) for side in (requests, offers, ways)]
    pd.testing.assert_frame_equal(allocate(*mixed, weights=weights), table)


@settings(deadline=None, max_examples=40)
@given(
    st.lists(st.integers(1, 3), min_size=1, max_size=2),
    st.lists(st.integers(1, 3), min_size=1, max_size=2),
    st.lists(st.integers(0, 120), min_size=4, max_size=4),
)
def test_one_round_is_optimal(stocks: list[int], needs: list[int], lengths: list[int]) -> None:
    """Beside every possible way to share out single pieces."""
    requests = _requests(*((f"r{number}", "masks", need, 0) for number, need in enumerate(needs)))
    offers = _offers(*((f"d{number}", "masks", stock, 0) for number, stock in enumerate(stocks)))
    pairs = list(itertools.product(range(len(stocks)), range(len(needs))))
    length = dict(zip(pairs, lengths, strict=False))
    ways = pd.DataFrame(
        [(f"d{i}", f"r{j}", float(km)) for (i, j), km in length.items()],
        columns=["donor_id", "receiver_id", "distance"],
    )
    table = allocate(requests, offers, ways, weights=PLAIN)
    best = 0.0
    for amounts in itertools.product(range(4), repeat=len(pairs)):
        flow = dict(zip(pairs, amounts, strict=True))
        fits = all(sum(flow[i, j] for j in range(len(needs))) <= stocks[i] for i in range(len(stocks))) and all(
            sum(flow[i, j] for i in range(len(stocks))) <= needs[j] for j in range(len(needs))
        )
        if fits:
            best = max(best, sum(amount * (100 - length[pair]) for pair, amount in flow.items()))
    assert (table["quantity"] * (100 - table["distance"])).sum() == pytest.approx(best)
