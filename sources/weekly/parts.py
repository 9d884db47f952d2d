"""The parts of a platform's deliveries: networks, senders, files. How much each brings, and what a delivery confirms.

A part is named by `Platform.part_of`; where everything comes as one, it is "". Deliveries are told from stored rows
alone: in the week whose last day is D, a part brought the listings that were ``last_seen_on`` D.
"""

from collections.abc import Callable, Mapping
from typing import NamedTuple

import pandas as pd

# Of a part in a week. The sample weeks lose up to 22 %, see `tests/sources/weekly/test_continuity.py`.
LARGEST_ORDINARY_LOSS = 0.25
LARGEST_ORDINARY_GROWTH = 3
FEWEST_ENTRIES = 3  # fewer are no loss but chance
DELIVERIES = 4  # a band is learnt from so many: a month


class Band(NamedTuple):
    """How many listings a part plausibly brings."""

    fewest: int
    most: int


def shown_by_part(past: pd.DataFrame, part_of: Callable[[str], str]) -> Mapping[str, list[int]]:
    """How many listings each part brought in each week in which the platform was seen, oldest first.

    past: rows of `Listing` of one platform of any weeks.
    """
    seen = past[["listing_id", "source_id", "last_seen_on"]].drop_duplicates(["listing_id", "last_seen_on"])
    counts = pd.crosstab(seen["source_id"].map(part_of), seen["last_seen_on"]).sort_index(axis="columns")
    return {str(part): [int(count) for count in row] for part, row in zip(counts.index, counts.to_numpy(), strict=True)}


def band(brought: list[int]) -> Band:
    """What a part may bring after what it brought, oldest first: its last delivery or the median of `DELIVERIES`.

    The larger of the two counts, so that a part that shrinks twice in a row is not ordinary the second time.
    """
    recent = sorted(brought[-DELIVERIES:])
    usual = max(recent[len(recent) // 2], brought[-1])
    lost = max(int(usual * LARGEST_ORDINARY_LOSS), FEWEST_ENTRIES - 1)
    return Band(max(usual - lost, 0), usual * LARGEST_ORDINARY_GROWTH + 10 * FEWEST_ENTRIES)


def confirms(
    listings: pd.DataFrame, gone: pd.DataFrame, past: pd.DataFrame, part_of: Callable[[str], str]
) -> pd.Series:
    """Of which missing listings this delivery confirms that they are gone.

    listings: what is shown now; gone: the latest row of each listing that is not; past: all earlier rows. A second
    delivery is one in which the part says something else than when the listing was first missed (the same file that
    still lies there tells nothing new, nor does a part of which nothing came either time), and in which it did not
    lose more than is ordinary.
    """
    parts, now = gone["source_id"].map(part_of), _said(listings, part_of)
    brought = shown_by_part(past, part_of)
    then = {day: _said(past[past["last_seen_on"] == day], part_of) for day in gone["missing_since"].dropna().unique()}
    confirmed = [
        pd.notna(since)
        and now.get(part, set()) != then[since].get(part, set())
        and len(now.get(part, set())) >= band(brought.get(part, [0])[-1:]).fewest
        for part, since in zip(parts, gone["missing_since"], strict=True)
    ]
    return pd.Series(confirmed, index=gone.index, dtype="bool")


def _said(shown: pd.DataFrame, part_of: Callable[[str], str]) -> Mapping[str, set[tuple[str, ...]]]:
    """What each part says: id, content and date of every listing."""
    found: dict[str, set[tuple[str, ...]]] = {}
    for source_id, *rest in zip(
        shown["source_id"], shown["fingerprint"], shown["updated_at"].astype("str"), strict=True
    ):
        found.setdefault(part_of(source_id), set()).add((source_id, *map(str, rest)))
    return found
