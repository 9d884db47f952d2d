"""What a week may still ask of all stored weeks before it: a few rows of each listing instead of one a week.

Whoever asks (`lifecycle`, `parts`, `continuity`, `state`) gets the same answer from the rows that are left as from all
of them, however often they were condensed on the way; `tests/sources/weekly/test_memory.py` holds this.
"""

import pandas as pd

from sources.weekly.parts import DELIVERIES

# Rows alike in these say the same again; the newest of them says it for all.
_SAID = ["listing_id", "first_seen_on", "last_seen_on", "fingerprint", "updated_at", "status", "missing_since"]


def remembered(past: pd.DataFrame) -> pd.DataFrame:
    """Of all rows of `Listing` of some weeks, oldest week first, those that a later week may ask for, in their order.

    These are of each listing the first it is known by, the first with each content and the latest; of each platform
    all of its last `DELIVERIES` deliveries, and those of days since which a listing is missing.
    """
    if past.empty:
        return past
    said = past.drop_duplicates(_SAID, keep="last")
    is_latest = said["last_seen_on"] == said.groupby("listing_id")["last_seen_on"].transform("max")
    is_first_known = ~said.sort_values("first_seen_on", kind="stable").duplicated("listing_id")
    is_first_shown = ~said.sort_values("last_seen_on", kind="stable").duplicated(["listing_id", "fingerprint"])
    days = pd.MultiIndex.from_frame(said[["platform", "last_seen_on"]])
    is_kept = is_latest | is_first_known | is_first_shown | days.isin(_days(said, said[is_latest]))
    return said[is_kept].reset_index(drop=True)


def _days(said: pd.DataFrame, latest: pd.DataFrame) -> list[tuple[str, str]]:
    """Platforms with the days of which every row counts."""
    delivered = said[["platform", "last_seen_on"]].drop_duplicates().sort_values("last_seen_on")
    withdrawn = latest["listing_id"][latest["status"] == "withdrawn"]
    missing = latest[~latest["listing_id"].isin(withdrawn)][["platform", "missing_since"]].dropna()
    recent = delivered.groupby("platform").tail(DELIVERIES)
    return [*recent.itertuples(index=False, name=None), *missing.itertuples(index=False, name=None)]
