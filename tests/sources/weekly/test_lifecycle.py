"""First and last seen, withdrawn, expired and stale, from history alone."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pandas as pd
import pytest

from sources.listing import Listing
from sources.rows.read import DEFAULTS, listing_frame
from sources.week import Week
from sources.weekly.lifecycle import STALE_AFTER, with_history

W14, W15, W16 = Week(2020, 14), Week(2020, 15), Week(2020, 16)
EMPTY = Listing.empty()


def snapshot(*ids: str, **columns: Any) -> pd.DataFrame:
    record = {"platform": "board", "kind": "request", "title": "Masken", "contact_route": "Büro", **DEFAULTS}
    record |= {"posted_at": datetime(2020, 3, 30, tzinfo=UTC), **columns}
    return listing_frame([record | {"source_id": id_} for id_ in ids], list(ids)).reset_index(drop=True)


def week(
    current: pd.DataFrame, past: Sequence[pd.DataFrame], at: Week, *, is_carried_over: bool = False
) -> pd.DataFrame:
    history = pd.concat(past) if past else EMPTY
    return with_history(current, history, at, at.ends_at, is_carried_over)


def statuses(listings: pd.DataFrame) -> dict[str, str]:
    return dict(zip(listings["source_id"], listings["status"], strict=True))


def test_first_and_last_seen() -> None:
    one = week(snapshot("a"), [], W14)
    two = week(snapshot("a", "b"), [one], W15)
    assert two[["listing_id", "first_seen_on", "last_seen_on"]].values.tolist() == [
        ["board:a", "2020-04-05", "2020-04-12"],
        ["board:b", "2020-04-12", "2020-04-12"],
    ]


def test_what_vanishes_stays_one_week_as_withdrawn() -> None:
    one = week(snapshot("a", "b"), [], W14)
    two = week(snapshot("a"), [one], W15)
    three = week(snapshot("a"), [one, two], W16)
    assert statuses(two) == {"a": "open", "b": "withdrawn"}
    assert two.set_index("source_id").loc["b", "last_seen_on"] == "2020-04-05"
    assert statuses(three) == {"a": "open"}


def test_what_comes_back_is_open_and_can_vanish_again() -> None:
    one = week(snapshot("a", "b"), [], W14)
    two = week(snapshot("a"), [one], W15)
    three = week(snapshot("a", "b"), [one, two], W16)
    four = week(snapshot("a"), [one, two, three], Week(2020, 17))
    assert statuses(three) == {"a": "open", "b": "open"}
    assert three.set_index("source_id").loc["b", "first_seen_on"] == "2020-04-05"
    assert statuses(four) == {"a": "open", "b": "withdrawn"}


def test_a_carried_over_state_withdraws_nothing_and_sees_nothing() -> None:
    one = week(snapshot("a", "b"), [], W14)
    two = week(snapshot("a", "b"), [one], W15, is_carried_over=True)
    assert statuses(two) == {"a": "open", "b": "open"}
    assert set(two["last_seen_on"]) == {"2020-04-05"}
    assert two["is_carried_over"].all()
    three = week(snapshot("a"), [one, two], W16)
    assert statuses(three) == {"a": "open", "b": "withdrawn"}


def test_what_is_shown_but_cannot_be_read_keeps_its_last_good_state() -> None:
    until = datetime(2020, 4, 15, tzinfo=UTC)
    one = week(snapshot("a", "b", available_until=until), [], W14)
    two = with_history(snapshot("a"), one, W15, W15.ends_at, False, {"b", "never read before"})
    held = two.set_index("source_id").loc["b"]
    assert statuses(two) == {"a": "open", "b": "open"}
    assert (held["is_carried_over"], held["last_seen_on"], held["title"]) == (True, "2020-04-12", "Masken")
    assert held["retrieved_at"] == W14.ends_at
    three = with_history(snapshot("a"), pd.concat([one, two]), W16, W16.ends_at, False, {"b"})
    assert statuses(three) == {"a": "open", "b": "expired"}  # its own last day still counts
    assert statuses(week(snapshot("a"), [one, two], W16)) == {"a": "open", "b": "withdrawn"}  # now it is really gone


def test_what_was_withdrawn_does_not_come_back_unread() -> None:
    one = week(snapshot("a", "b"), [], W14)
    two = week(snapshot("a"), [one], W15)
    three = with_history(snapshot("a"), pd.concat([one, two]), W16, W16.ends_at, False, {"b"})
    assert statuses(three) == {"a": "open"}


@pytest.mark.parametrize(
    ("until", "expected"),
    [
        ("2020-04-11T22:00", "expired"),
        ("2020-04-12T21:59", "expired"),
        ("2020-04-12T22:00", "open"),
        ("2020-03-01", "expired"),
    ],
)
def test_an_open_listing_expires_when_its_last_day_is_over(until: str, expected: str) -> None:
    listings = snapshot("a", available_until=datetime.fromisoformat(until).replace(tzinfo=UTC))
    assert statuses(week(listings, [], W15)) == {"a": expected}


def test_a_fulfilled_listing_does_not_expire() -> None:
    listings = snapshot("a", status="fulfilled", available_until=datetime(2020, 3, 1, tzinfo=UTC))
    assert statuses(week(listings, [], W15)) == {"a": "fulfilled"}


def test_silence_makes_stale_and_an_update_makes_open_again() -> None:
    posted = W15.ends_at - STALE_AFTER - timedelta(seconds=1)
    assert statuses(week(snapshot("a", posted_at=posted), [], W15)) == {"a": "stale"}
    assert statuses(week(snapshot("a", posted_at=posted + timedelta(seconds=1)), [], W15)) == {"a": "open"}
    assert statuses(week(snapshot("a", posted_at=posted, updated_at=W14.ends_at), [], W15)) == {"a": "open"}


def test_without_dates_the_first_week_with_this_content_counts() -> None:
    undated = snapshot("a", posted_at=None)
    one = week(undated, [], W14)
    assert statuses(week(undated, [one], W14.shifted(8))) == {"a": "open"}
    assert statuses(week(undated, [one], W14.shifted(9))) == {"a": "stale"}
    changed = snapshot("a", posted_at=None, title="Kittel")
    assert statuses(week(changed, [one], W14.shifted(9))) == {"a": "open"}


def test_the_fingerprint_is_of_content_only() -> None:
    one = week(snapshot("a"), [], W14)["fingerprint"]
    same = week(snapshot("z", posted_at=None, url="https://x.example", status="fulfilled"), [], W16)["fingerprint"]
    other = week(snapshot("a", quantity=5.0), [], W14)["fingerprint"]
    assert one.tolist() == same.tolist() != other.tolist()


def test_reruns_in_any_order_give_the_same_answer() -> None:
    one = week(snapshot("a", "b"), [], W14)
    two = week(snapshot("b"), [one], W15)
    again = with_history(snapshot("b"), pd.concat([one])[::-1], W15, W15.ends_at, is_carried_over=False)
    pd.testing.assert_frame_equal(two, again)
