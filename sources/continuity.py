"""Does a platform still mean the same by the same id? What only a comparison with earlier weeks can tell.

Three alarms, each a `Finding`: ids that were given to other content, the same content under new ids in bulk, and a
platform on which nothing moves any more. They warn before organisations and opportunities are built on wrong histories.
"""

from collections.abc import Callable
from datetime import timedelta

import pandas as pd

from sources.health import Finding
from sources.platform import Platform
from sources.week import Week

# An author who rewrites an entry keeps at least the organisation or the title; two such entries may be chance.
FEWEST_ENTRIES = 3
LARGEST_REUSED_SHARE = 0.1  # of the ids known before
LARGEST_REKEYED_SHARE = 0.3  # of the listings of the week
LAPSED_AFTER = timedelta(weeks=2)  # crisis boards ask their owners for a sign of life after 14 days


def watch_continuity(platform: Platform, listings: pd.DataFrame, past: pd.DataFrame, week: Week) -> tuple[Finding, ...]:
    """The three findings on one platform in one week.

    listings, past: rows of `Listing` of the week and of all stored weeks before; listings that are ``withdrawn``
    because they vanished do not count as shown.
    """
    shown = listings[listings["last_seen_on"] == week.sunday.isoformat()]
    return tuple(look(platform, shown, past, week) for look in CONTINUITY)


def reused_ids(platform: Platform, shown: pd.DataFrame, past: pd.DataFrame, week: Week) -> Finding:
    """Ids that name another organisation and another title than when they were last shown."""
    before = past.sort_values("last_seen_on").drop_duplicates("listing_id", keep="last")
    both = shown.merge(before, on="listing_id", suffixes=("", "_before"))
    other = [
        (both[column].fillna("") != both[f"{column}_before"].fillna("")) for column in ("organisation_name", "title")
    ]
    # Where organisations are not named, the whole content must differ.
    is_other = other[0] & other[1] | (both["organisation_name"].isna() & other[1] & _differs(both, "text"))
    reused = int(is_other.sum())
    passed = reused < FEWEST_ENTRIES or reused <= LARGEST_REUSED_SHARE * len(both)
    return Finding(platform.name, "reused_ids", passed, {"reused": reused, "known_before": len(both)})


def rekeyed_in_bulk(platform: Platform, shown: pd.DataFrame, past: pd.DataFrame, week: Week) -> Finding:
    """New ids whose content was last shown under ids that are gone now."""
    is_new = ~shown["listing_id"].isin(past["listing_id"])
    last = past[past["last_seen_on"] == past["last_seen_on"].max()]
    gone = last[~last["listing_id"].isin(shown["listing_id"])]
    rekeyed = int(shown.loc[is_new, "fingerprint"].isin(gone["fingerprint"]).sum())
    passed = rekeyed < FEWEST_ENTRIES or rekeyed <= LARGEST_REKEYED_SHARE * len(shown)
    return Finding(platform.name, "rekeyed_in_bulk", passed, {"rekeyed": rekeyed, "shown": len(shown)})


def lapsed(platform: Platform, shown: pd.DataFrame, past: pd.DataFrame, week: Week) -> Finding:
    """Nothing new, changed or gone for `LAPSED_AFTER`. Pages of information may rest; offers and requests do not."""
    since = (week.sunday - LAPSED_AFTER).isoformat()
    then = past[past["last_seen_on"] == since]
    content = [set(zip(rows["listing_id"], rows["fingerprint"], rows["status"], strict=True)) for rows in (shown, then)]
    is_living = bool((shown["kind"] != "information").any())
    passed = not (is_living and content[0] == content[1])
    return Finding(
        platform.name, "lapsed", passed, {"listings": len(shown), "unchanged_since": "" if passed else since}
    )


def _differs(both: pd.DataFrame, column: str) -> pd.Series:
    return both[column].fillna("") != both[f"{column}_before"].fillna("")


CONTINUITY: tuple[Callable[[Platform, pd.DataFrame, pd.DataFrame, Week], Finding], ...] = (
    reused_ids,
    rekeyed_in_bulk,
    lapsed,
)
