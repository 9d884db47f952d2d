"""First and last seen, missing, withdrawn, expired and stale, from history alone."""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pandas as pd
import pytest

from sources.listing import Listing
from sources.platform import before_colon
from sources.rows.read import DEFAULTS, listing_frame
from sources.week import Week
from sources.weekly.lifecycle import STALE_AFTER, with_history

W14, W15, W16, W17 = (Week(2020, number) for number in range(14, 18))
EMPTY = Listing.empty()


def snapshot(*ids: str, **columns: Any) -> pd.DataFrame:
    record = {"platform": "board", "kind": "request", "contact_route": "Büro", **DEFAULTS}
    record |= {"posted_at": datetime(2020, 3, 30, tzinfo=UTC), **columns}
    titled = [{"title": f"Masken {id_}", **record, "source_id": id_} for id_ in ids]
    return listing_frame(titled, list(ids)).reset_index(drop=True)


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


def missing(listings: pd.DataFrame) -> dict[str, str]:
    return dict(listings.set_index("source_id")["missing_since"].dropna())


def test_what_vanishes_is_missing_until_a_second_delivery_confirms_it() -> None:
    one = week(snapshot("a", "b"), [], W14)
    two = week(snapshot("a"), [one], W15)
    three = week(snapshot("a", "c"), [one, two], W16)
    four = week(snapshot("a", "c"), [one, two, three], W17)
    assert (statuses(two), missing(two)) == ({"a": "open", "b": "open"}, {"b": "2020-04-12"})
    assert two.set_index("source_id").loc["b", ["last_seen_on", "is_carried_over"]].tolist() == ["2020-04-05", True]
    assert (statuses(three), missing(three)) == ({"a": "open", "b": "withdrawn", "c": "open"}, {})
    assert statuses(four) == {"a": "open", "c": "open"}


def test_the_same_delivery_again_confirms_nothing() -> None:
    stored = [week(snapshot("a", "b"), [], W14)]
    for at in (W15, W16, W17):
        stored.append(week(snapshot("a"), stored, at))
        assert missing(stored[-1]) == {"b": "2020-04-12"}
    last = week(snapshot("a", title="Kittel"), stored, W17.shifted(1))
    assert statuses(last) == {"a": "open", "b": "withdrawn"}


def test_a_delivery_that_loses_still_more_confirms_nothing() -> None:
    ids = [f"x{number}" for number in range(10)]
    stored = [week(snapshot(*ids), [], W14)]
    stored.append(week(snapshot(*ids[:6]), stored, W15))
    stored.append(week(snapshot(*ids[:2]), stored, W16))
    assert set(statuses(stored[-1]).values()) == {"open"}
    assert Counter(missing(stored[-1]).values()) == {"2020-04-12": 4, "2020-04-19": 4}
    last = week(snapshot(*ids[:2], "new"), stored, W17)
    assert Counter(statuses(last).values()) == {"open": 3, "withdrawn": 8}


def test_a_part_that_is_not_delivered_at_all_withdraws_nothing() -> None:
    stored = [week(snapshot("north:1", "south:1"), [], W14)]
    for at in (W15, W16, W17):
        current = snapshot("north:1", title=f"changed in {at}")
        history = pd.concat(stored)
        stored.append(with_history(current, history, at, at.ends_at, False, part_of=before_colon))
    assert statuses(stored[-1]) == {"north:1": "open", "south:1": "open"}
    assert missing(stored[-1]) == {"south:1": "2020-04-12"}


def test_what_was_missing_comes_back() -> None:
    one = week(snapshot("a", "b"), [], W14)
    two = week(snapshot("a"), [one], W15)
    three = week(snapshot("a", "b"), [one, two], W16)
    four = week(snapshot("a"), [one, two, three], W17)
    assert (statuses(three), missing(three)) == ({"a": "open", "b": "open"}, {})
    assert three.set_index("source_id").loc["b", "first_seen_on"] == "2020-04-05"
    assert missing(four) == {"b": W17.sunday.isoformat()}  # another disappearance, to be confirmed anew


def test_what_has_ended_or_moved_needs_no_second_delivery() -> None:
    one = week(snapshot("a", "b", "c"), [], W14)
    moved = pd.concat([snapshot("a"), snapshot("z", title="Masken c")], ignore_index=True)
    two = with_history(moved, one, W15, W15.ends_at, False, ended_ids={"b"})
    assert statuses(two) == {"a": "open", "b": "withdrawn", "c": "withdrawn", "z": "open"}


def test_a_carried_over_state_withdraws_nothing_and_sees_nothing() -> None:
    one = week(snapshot("a", "b", "c"), [], W14)
    two = week(snapshot("a", "b"), [one], W15)
    three = week(snapshot("a", "b"), [one, two], W16, is_carried_over=True)
    assert statuses(three) == {"a": "open", "b": "open", "c": "open"}
    assert set(three["last_seen_on"]) == {"2020-04-05", "2020-04-12"}
    assert missing(three) == {"c": "2020-04-12"}
    assert three["is_carried_over"].all()
    four = week(snapshot("a", "d"), [one, two, three], W17)
    assert statuses(four) == {"a": "open", "b": "open", "c": "withdrawn", "d": "open"}


def test_what_is_shown_but_cannot_be_read_keeps_its_last_good_state() -> None:
    until = datetime(2020, 4, 15, tzinfo=UTC)
    one = week(snapshot("a", "b", available_until=until), [], W14)
    two = with_history(snapshot("a"), one, W15, W15.ends_at, False, {"b", "never read before"})
    held = two.set_index("source_id").loc["b"]
    assert statuses(two) == {"a": "open", "b": "open"}
    assert (held["is_carried_over"], held["last_seen_on"], held["title"]) == (True, "2020-04-12", "Masken b")
    assert held["retrieved_at"] == W14.ends_at
    three = with_history(snapshot("a"), pd.concat([one, two]), W16, W16.ends_at, False, {"b"})
    assert statuses(three) == {"a": "open", "b": "expired"}  # its own last day still counts
    gone = week(snapshot("a"), [one, two], W16)
    assert missing(gone) == {"b": "2020-04-19"}  # now it is not even there
    assert statuses(week(snapshot("a", "c"), [one, two, gone], W17))["b"] == "withdrawn"


def test_what_was_withdrawn_does_not_come_back_unread() -> None:
    one = week(snapshot("a", "b"), [], W14)
    two = with_history(snapshot("a"), one, W15, W15.ends_at, False, ended_ids={"b"})
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
    same = week(snapshot("z", title="Masken a", posted_at=None, url="https://x.example", status="fulfilled"), [], W16)[
        "fingerprint"
    ]
    other = week(snapshot("a", quantity=5.0), [], W14)["fingerprint"]
    assert one.tolist() == same.tolist() != other.tolist()


def test_reruns_in_any_order_give_the_same_answer() -> None:
    one = week(snapshot("a", "b"), [], W14)
    two = week(snapshot("b"), [one], W15)
    again = with_history(snapshot("b"), pd.concat([one])[::-1], W15, W15.ends_at, is_carried_over=False)
    pd.testing.assert_frame_equal(two, again)
