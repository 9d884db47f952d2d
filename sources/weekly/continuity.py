"""Does a platform still mean the same by the same id? What only a comparison with earlier weeks can tell.

Four alarms, each a `Finding`: ids that were given to other content, the same content under new ids in bulk, a platform
on which nothing moves any more, and more or less than a network, sender or file usually brings. They warn data staff;
`renamed` keeps organisations from wrong histories.
"""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta

import pandas as pd

from sources.platform import Platform
from sources.week import Week
from sources.weekly.health import Finding
from sources.weekly.parts import DELIVERIES, band, shown_by_part

# An author who rewrites an entry keeps at least the organisation or the title; two such entries may be chance.
FEWEST_ENTRIES = 3
LARGEST_REUSED_SHARE = 0.1  # of the ids known before
LARGEST_REKEYED_SHARE = 0.3  # of the listings of the week
LAPSED_AFTER = timedelta(weeks=2)  # crisis boards ask their owners for a sign of life after 14 days


def watch_continuity(platform: Platform, listings: pd.DataFrame, past: pd.DataFrame, week: Week) -> tuple[Finding, ...]:
    """The findings on one platform in one week.

    listings, past: rows of `Listing` of the week and of all stored weeks before; listings that are missing or
    ``withdrawn`` because they vanished do not count as shown.
    """
    return tuple(look(platform, listings, past, week) for look in CONTINUITY)


def reused_ids(platform: Platform, listings: pd.DataFrame, past: pd.DataFrame, week: Week) -> Finding:
    """No id names another organisation and another title than when it was last shown."""
    shown = _shown(listings, week)
    reused = len(given_to_others(shown, past))
    known = int(shown["listing_id"].isin(past["listing_id"]).sum())
    passed = reused < FEWEST_ENTRIES or reused <= LARGEST_REUSED_SHARE * known
    return Finding(platform.name, "reused_ids", passed, {"reused": reused, "known_before": known})


def given_to_others(listings: pd.DataFrame, past: pd.DataFrame) -> list[str]:
    """Ids of listings that name another organisation and another title than when they were last seen."""
    both = listings.merge(_as_last_seen(past), on="listing_id", suffixes=("", "_before"))
    title = _differs(both, "title")
    # Where organisations are not named, the whole content must differ.
    is_other = title & (_differs(both, "organisation_name") | both["organisation_name"].isna() & _differs(both, "text"))
    return list(both.loc[is_other, "listing_id"])


def renamed(listings: pd.DataFrame, past: pd.DataFrame, week: Week) -> dict[str, str]:
    """Listing ids of earlier weeks that must not be followed -> the id that the same content has now.

    An id that was given to others and whose content is gone gets a name that no listing has, so that nobody inherits
    what belonged to it.
    """
    shown = _shown(listings, week)
    reused, before = given_to_others(shown, past), _as_last_seen(past)
    left = before[before["listing_id"].isin(reused) | ~before["listing_id"].isin(shown["listing_id"])]
    came = shown[shown["listing_id"].isin(reused) | ~shown["listing_id"].isin(before["listing_id"])]
    content = ["platform", "fingerprint"]
    moved = left.drop_duplicates(content, keep=False).merge(
        came.drop_duplicates(content, keep=False), on=content, suffixes=("", "_now")
    )
    gone = {listing_id: f"{listing_id} (before re-use)" for listing_id in reused}
    return gone | dict(zip(moved["listing_id"], moved["listing_id_now"], strict=True))


def rekeyed_in_bulk(platform: Platform, listings: pd.DataFrame, past: pd.DataFrame, week: Week) -> Finding:
    """Few new ids hold what was last shown under ids that are gone now."""
    shown = _shown(listings, week)
    is_new = ~shown["listing_id"].isin(past["listing_id"])
    last = past[past["last_seen_on"] == past["last_seen_on"].max()]
    gone = last[~last["listing_id"].isin(shown["listing_id"])]
    rekeyed = int(shown.loc[is_new, "fingerprint"].isin(gone["fingerprint"]).sum())
    passed = rekeyed < FEWEST_ENTRIES or rekeyed <= LARGEST_REKEYED_SHARE * len(shown)
    return Finding(platform.name, "rekeyed_in_bulk", passed, {"rekeyed": rekeyed, "shown": len(shown)})


def lapsed(platform: Platform, listings: pd.DataFrame, past: pd.DataFrame, week: Week) -> Finding:
    """Some offer or request is new, changed or gone within two weeks; pages of information may rest."""
    shown = _shown(listings, week)
    since = (week.sunday - LAPSED_AFTER).isoformat()
    then = past[past["last_seen_on"] == since]
    content = [set(zip(rows["listing_id"], rows["fingerprint"], rows["status"], strict=True)) for rows in (shown, then)]
    is_living = bool((shown["kind"] != "information").any())
    passed = not (is_living and content[0] == content[1])
    return Finding(
        platform.name, "lapsed", passed, {"listings": len(shown), "unchanged_since": "" if passed else since}
    )


def parts_in_band(platform: Platform, listings: pd.DataFrame, past: pd.DataFrame, week: Week) -> Finding:
    """Every network, sender or file brings about as much as before, and something where listings are missing."""
    missing = Counter(map(platform.part_of, listings["source_id"][listings["missing_since"].notna()]))
    brought = shown_by_part(past, platform.part_of)
    now = {part: counts[-1] for part, counts in shown_by_part(_shown(listings, week), platform.part_of).items()}
    is_seen = bool(now) or bool(missing)  # else the whole state is carried over, which is another finding
    odd = {}
    for part, counts in sorted(brought.items()) if is_seen else ():
        fewest, most = band(counts)
        is_empty = part not in now and missing[part] >= FEWEST_ENTRIES
        if is_empty or not fewest <= now.get(part, 0) <= most:
            odd[part] = [now.get(part, 0), max(counts[-DELIVERIES:])]
    return Finding(platform.name, "parts_in_band", not odd, {"parts": odd})


def _shown(listings: pd.DataFrame, week: Week) -> pd.DataFrame:
    return listings[listings["last_seen_on"] == week.sunday.isoformat()]


def _as_last_seen(past: pd.DataFrame) -> pd.DataFrame:
    return past.sort_values("last_seen_on", kind="stable").drop_duplicates("listing_id", keep="last")


def _differs(both: pd.DataFrame, column: str) -> pd.Series:
    return both[column].fillna("") != both[f"{column}_before"].fillna("")


CONTINUITY: tuple[Callable[[Platform, pd.DataFrame, pd.DataFrame, Week], Finding], ...] = (
    reused_ids,
    rekeyed_in_bulk,
    lapsed,
    parts_in_band,
)
