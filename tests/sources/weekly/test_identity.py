"""Boards that number their entries anew: who is known since when, and what is lost with an id."""

from collections.abc import Sequence
from typing import Any

import pandas as pd

from sources.listing import Listing
from sources.week import Week
from sources.weekly.identity import renamed
from sources.weekly.lifecycle import with_history
from sources.weekly.memory import remembered
from tests.sources.weekly.test_lifecycle import W14, W15, W16, W17, missing, snapshot, statuses

Entry = tuple[str, str]  # id and firm; what a firm offers is its own


def board(*entries: Entry) -> pd.DataFrame:
    rows = [snapshot(id_, title=f"Masken von {firm}", organisation_name=firm) for id_, firm in entries]
    return pd.concat(rows, ignore_index=True)


def weeks(*shown: Sequence[Entry], **options: Any) -> list[pd.DataFrame]:
    """What is stored after some weeks from 2020-W14 on, each with what is remembered of those before it."""
    past, stored = Listing.empty(), []
    for number, entries in enumerate(shown):
        at = W14.shifted(number)
        stored.append(with_history(board(*entries), past, at, at.ends_at, False, **options))
        past = remembered(pd.concat([past, stored[-1]], ignore_index=True))
    return stored


def known_since(listings: pd.DataFrame) -> dict[str, str]:
    """Firm -> first day, of what is shown or missing."""
    held = listings[listings["status"] != "withdrawn"]
    return dict(zip(held["organisation_name"], held["first_seen_on"], strict=True))


DAYS = [week.sunday.isoformat() for week in (W14, W15, W16, W17)]
FIRST = [("1", "Auer"), ("2", "Bley"), ("3", "Cray")]


def test_first_days_stay_with_the_listing_and_what_is_lost_is_missing() -> None:
    anew = [("1", "Dorn"), ("2", "Auer"), ("3", "Bley")]
    stored = weeks(FIRST, anew, [*anew, ("4", "Eich")], [*anew, ("4", "Eich")])
    assert known_since(stored[1]) == {"Auer": DAYS[0], "Bley": DAYS[0], "Cray": DAYS[0], "Dorn": DAYS[1]}
    assert missing(stored[1]) == {"3 (2020-W14)": DAYS[1]}
    assert known_since(stored[2]) == {"Auer": DAYS[0], "Bley": DAYS[0], "Dorn": DAYS[1], "Eich": DAYS[2]}
    assert statuses(stored[2])["3 (2020-W14)"] == "withdrawn"
    assert statuses(stored[3]) == {"1": "open", "2": "open", "3": "open", "4": "open"}
    assert known_since(stored[3]) == known_since(stored[2])


def test_ids_that_are_given_back_leave_everything_as_it_was() -> None:
    swapped = [("1", "Bley"), ("2", "Auer"), ("3", "Dorn")]
    stored = weeks(FIRST, swapped, FIRST, [*FIRST, ("4", "Eich")])
    assert missing(stored[1]) == {"3 (2020-W14)": DAYS[1]}
    assert missing(stored[2]) == {"3 (2020-W15)": DAYS[2]}
    assert known_since(stored[2]) == {"Auer": DAYS[0], "Bley": DAYS[0], "Cray": DAYS[0], "Dorn": DAYS[1]}
    assert known_since(stored[3]) == {"Auer": DAYS[0], "Bley": DAYS[0], "Cray": DAYS[0], "Eich": DAYS[3]}


def test_a_board_that_numbers_anew_twice_is_followed_twice() -> None:
    stored = weeks(FIRST, [("1", "Bley"), ("2", "Cray")], [("1", "Cray"), ("2", "Auer"), ("3", "Bley")])
    assert missing(stored[1]) == {"1 (2020-W14)": DAYS[1]}  # nothing of id 3 is gone: its listing has id 2 now
    assert known_since(stored[2]) == {"Auer": DAYS[0], "Bley": DAYS[0], "Cray": DAYS[0]}
    assert missing(stored[2]) == {}


def test_listings_of_one_firm_are_told_apart() -> None:
    three = pd.concat([snapshot(id_, title=f"Stoff {id_}", organisation_name="Auer") for id_ in "123"])
    first = with_history(three, Listing.empty(), W14, W14.ends_at, False)
    anew = three.assign(source_id=["2", "3", "4"]).reset_index(drop=True)
    second = with_history(
        pd.concat([anew, snapshot("1", title="Filter", organisation_name="Auer")], ignore_index=True),
        first,
        W15,
        W15.ends_at,
        False,
    )
    held = second[second["status"] != "withdrawn"]
    since = dict(zip(held["title"], held["first_seen_on"], strict=True))
    assert since == {"Stoff 1": DAYS[0], "Stoff 2": DAYS[0], "Stoff 3": DAYS[0], "Filter": DAYS[1]}


def test_new_ids_for_all_are_no_new_listings() -> None:
    stored = weeks(FIRST, [(f"n{id_}", firm) for id_, firm in FIRST])
    assert known_since(stored[1]) == {"Auer": DAYS[0], "Bley": DAYS[0], "Cray": DAYS[0]}
    assert missing(stored[1]) == {}


def test_a_listing_under_a_new_id_grows_stale_as_it_would_have() -> None:
    undated = board(*FIRST).assign(posted_at=pd.NaT)
    moved = undated.assign(source_id="n" + undated["source_id"])
    last = W14.shifted(9)
    first = with_history(undated, Listing.empty(), W14, W14.ends_at, False)
    second = with_history(moved, first, W15, W15.ends_at, False)
    third = with_history(moved, pd.concat([first, second], ignore_index=True), last, last.ends_at, False)
    assert set(third["status"]) == {"stale"}


def test_whoever_rewrites_an_entry_keeps_it() -> None:
    [before] = weeks(FIRST)
    again = with_history(board(*FIRST).assign(title="Kittel"), before, W15, W15.ends_at, False)
    assert missing(again) == {}
    assert set(again["first_seen_on"]) == {DAYS[0]}


def test_former_ids_are_those_that_histories_follow() -> None:
    stored = weeks(FIRST, [("1", "Dorn"), ("2", "Auer"), ("3", "Bley")])
    moved = renamed(stored[1], stored[0], Week(2020, 15))
    assert moved == {"board:1": "board:2", "board:2": "board:3", "board:3": "board:3 (2020-W14)"}
    assert set(moved.values()) <= set(stored[1]["listing_id"])
