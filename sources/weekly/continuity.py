"""Does a platform still mean the same by the same id? What only a comparison with earlier weeks can tell.

Six alarms, each a `Finding`: ids that were given to other content, the same content under new ids in bulk, amounts
that all changed by one factor, days in which day and month changed places, a platform on which nothing moves any more,
and more or less than a network, sender or file usually brings. They warn data staff; what follows from new ids for
histories is a matter of `identity`.
"""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta

import pandas as pd

from sources.platform import Platform
from sources.week import Week, local_days
from sources.weekly.health import Finding
from sources.weekly.identity import as_last_seen, given_to_others, shown_in
from sources.weekly.parts import DELIVERIES, band, shown_by_part

# An author who rewrites an entry keeps at least the organisation or the title; two such entries may be chance.
FEWEST_ENTRIES = 3
LARGEST_REUSED_SHARE = 0.1  # of the ids known before
LARGEST_REKEYED_SHARE = 0.3  # of the listings of the week
FEWEST_RESCALED = 5  # fewer may really have doubled what they have
LEAST_RESCALED_SHARE = 0.5  # of the listings with an amount, then and now
LAPSED_AFTER = timedelta(weeks=2)  # crisis boards ask their owners for a sign of life after 14 days


def watch_continuity(platform: Platform, listings: pd.DataFrame, past: pd.DataFrame, week: Week) -> tuple[Finding, ...]:
    """The findings on one platform in one week.

    listings, past: rows of `Listing` of the week and of all stored weeks before; listings that are missing or
    ``withdrawn`` because they vanished do not count as shown.
    """
    return tuple(look(platform, listings, past, week) for look in CONTINUITY)


def reused_ids(platform: Platform, listings: pd.DataFrame, past: pd.DataFrame, week: Week) -> Finding:
    """No id names another organisation and another title than when it was last shown."""
    shown = shown_in(listings, week)
    reused = len(given_to_others(shown, past))
    known = int(shown["listing_id"].isin(past["listing_id"]).sum())
    passed = reused < FEWEST_ENTRIES or reused <= LARGEST_REUSED_SHARE * known
    return Finding(platform.name, "reused_ids", passed, {"reused": reused, "known_before": known})


def rekeyed_in_bulk(platform: Platform, listings: pd.DataFrame, past: pd.DataFrame, week: Week) -> Finding:
    """Few new ids hold what was last shown under ids that are gone now."""
    shown = shown_in(listings, week)
    is_new = ~shown["listing_id"].isin(past["listing_id"])
    last = past[past["last_seen_on"] == past["last_seen_on"].max()]
    gone = last[~last["listing_id"].isin(shown["listing_id"])]
    rekeyed = int(shown.loc[is_new, "fingerprint"].isin(gone["fingerprint"]).sum())
    passed = rekeyed < FEWEST_ENTRIES or rekeyed <= LARGEST_REKEYED_SHARE * len(shown)
    return Finding(platform.name, "rekeyed_in_bulk", passed, {"rekeyed": rekeyed, "shown": len(shown)})


def rescaled(platform: Platform, listings: pd.DataFrame, past: pd.DataFrame, week: Week) -> Finding:
    """The amounts of known listings did not all change by one factor: thousands for pieces, packs for pieces."""
    same = ["listing_id", "unit", "period"]
    both = shown_in(listings, week).merge(as_last_seen(past), on=same, suffixes=("", "_before"))
    factors = (both["quantity"] / both["quantity_before"]).dropna().round(3)
    rescaled = int(factors[factors != 1].value_counts().max()) if (factors != 1).any() else 0
    passed = rescaled < FEWEST_RESCALED or rescaled < LEAST_RESCALED_SHARE * len(factors)
    return Finding(platform.name, "rescaled", passed, {"rescaled": rescaled, "known": len(factors)})


def swapped_days(platform: Platform, listings: pd.DataFrame, past: pd.DataFrame, week: Week) -> Finding:
    """No known listings were posted on 4 May that were posted on 5 April before."""
    both = shown_in(listings, week).merge(as_last_seen(past), on="listing_id", suffixes=("", "_before"))
    now, before = (local_days(both[name]).dt for name in ("posted_at", "posted_at_before"))
    is_swapped = (now.day == before.month) & (now.month == before.day) & (now.day != before.day)
    swapped = int((is_swapped & (now.year == before.year)).sum())
    return Finding(platform.name, "swapped_days", swapped < FEWEST_ENTRIES, {"swapped": swapped, "known": len(both)})


def lapsed(platform: Platform, listings: pd.DataFrame, past: pd.DataFrame, week: Week) -> Finding:
    """Some offer or request is new, changed or gone within two weeks; pages of information may rest."""
    shown = shown_in(listings, week)
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
    now = {part: counts[-1] for part, counts in shown_by_part(shown_in(listings, week), platform.part_of).items()}
    is_seen = bool(now) or bool(missing)  # else the whole state is carried over, which is another finding
    odd = {}
    for part, counts in sorted(brought.items()) if is_seen else ():
        fewest, most = band(counts)
        is_empty = part not in now and missing[part] >= FEWEST_ENTRIES
        if is_empty or not fewest <= now.get(part, 0) <= most:
            odd[part] = [now.get(part, 0), max(counts[-DELIVERIES:])]
    return Finding(platform.name, "parts_in_band", not odd, {"parts": odd})


CONTINUITY: tuple[Callable[[Platform, pd.DataFrame, pd.DataFrame, Week], Finding], ...] = (
    reused_ids,
    rekeyed_in_bulk,
    rescaled,
    swapped_days,
    lapsed,
    parts_in_band,
)
