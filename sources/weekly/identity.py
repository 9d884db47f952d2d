"""Which listing an id means: boards number their entries anew, so content is followed, not ids.

An id that names another organisation and another title than before was given to another listing. The listing before
bears from then on its id with the week in which it was last seen under it, ``T006 (2020-W16)``: nobody inherits what
belonged to it, and that it is gone has to be confirmed as of any other.
"""

import re
from collections.abc import Iterable
from datetime import date

import pandas as pd

from sources.week import Week

_FORMER = re.compile(r"(?P<id>.+) \((?P<week>\d{4}-W\d\d)\)")


def shown_in(listings: pd.DataFrame, week: Week) -> pd.DataFrame:
    """The rows of `Listing` that a platform showed in a week."""
    return listings[listings["last_seen_on"] == week.sunday.isoformat()]


def given_to_others(listings: pd.DataFrame, past: pd.DataFrame) -> list[str]:
    """Ids of listings that name another organisation and another title than when they were last seen.

    Or whose content went from one id to another, word for word: one organisation may have several listings.
    """
    before = as_last_seen(past)
    both = listings.merge(before, on="listing_id", suffixes=("", "_before"))
    title = _differs(both, "title")
    # Where organisations are not named, the whole content must differ.
    is_other = title & (_differs(both, "organisation_name") | both["organisation_name"].isna() & _differs(both, "text"))
    pairs = [pd.MultiIndex.from_frame(rows[["listing_id", "fingerprint"]]) for rows in (before, listings)]
    left, came = before[~pairs[0].isin(pairs[1])], listings[~pairs[1].isin(pairs[0])]
    is_moved = both["fingerprint"].isin(left["fingerprint"]) | both["fingerprint_before"].isin(came["fingerprint"])
    return list(both.loc[is_other | is_moved & _differs(both, "fingerprint"), "listing_id"])


def renamed(listings: pd.DataFrame, past: pd.DataFrame, week: Week) -> dict[str, str]:
    """Listing ids of earlier weeks that must not be followed -> the id that the same content has now.

    listings: rows of `Listing` of the week; past: of all weeks before it. The content of an id that was given to others
    has its former id if it is gone.
    """
    shown = shown_in(listings, week)
    reused, before = given_to_others(shown, past), as_last_seen(past)
    left = before[before["listing_id"].isin(reused) | ~before["listing_id"].isin(shown["listing_id"])]
    came = shown[shown["listing_id"].isin(reused) | ~shown["listing_id"].isin(before["listing_id"])]
    content = ["platform", "fingerprint"]
    moved = left.drop_duplicates(content, keep=False).merge(
        came.drop_duplicates(content, keep=False), on=content, suffixes=("", "_now")
    )
    return _former(before, reused) | dict(zip(moved["listing_id"], moved["listing_id_now"], strict=True))


def told_apart(past: pd.DataFrame, shown: pd.DataFrame) -> pd.DataFrame:
    """All earlier rows of a platform, those of another listing than the one that bears their id now under a former id.

    past: rows of `Listing` of one platform; shown: its listings of the week, with ``listing_id`` and content. That an
    id was given to another listing in an earlier week is known by the former id, which has a row since.
    """
    now = _former(as_last_seen(past), given_to_others(shown, past))
    former: dict[str, list[tuple[str, str]]] = {}
    for one in sorted({*past["listing_id"], *now.values()}):
        if match := _FORMER.fullmatch(one):
            former.setdefault(match["id"], []).append((Week.parse(match["week"]).sunday.isoformat(), one))
    if not former:
        return past
    listing_id = pd.Series(
        [
            next((name for day, name in former.get(one, ()) if seen <= day), one)
            for one, seen in zip(past["listing_id"], past["last_seen_on"], strict=True)
        ],
        index=past.index,
        dtype="str",
    )
    return past.assign(listing_id=listing_id, source_id=listing_id.str.partition(":")[2])


def as_shown(listing_id: str) -> str:
    """The id that the platform shows or showed: a former one without its week."""
    match = _FORMER.fullmatch(listing_id)
    return match["id"] if match else listing_id


def _former(before: pd.DataFrame, listing_ids: Iterable[str]) -> dict[str, str]:
    """Ids that were given to others -> the former ids of what bore them. before: each id as it was last seen."""
    seen = dict(zip(before["listing_id"], before["last_seen_on"], strict=True))
    return {one: f"{one} ({Week.of(date.fromisoformat(seen[one]))})" for one in listing_ids}


def as_last_seen(past: pd.DataFrame) -> pd.DataFrame:
    """Of rows of `Listing` of some weeks the newest of each id."""
    return past.sort_values("last_seen_on", kind="stable").drop_duplicates("listing_id", keep="last")


def _differs(both: pd.DataFrame, column: str) -> pd.Series:
    return both[column].fillna("") != both[f"{column}_before"].fillna("")
