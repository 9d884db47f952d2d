"""What only history can tell about a listing: since when it is known, whether it vanished, expired or went stale.

Pure: this week's listings and all stored earlier ones in, `Listing` out. A week compares itself with everything stored
before it, so reruns in any order give the same answer.
"""

import hashlib
import json
from collections.abc import Callable, Collection
from datetime import datetime, timedelta

import pandas as pd

from sources.listing import Listing
from sources.platform import whole
from sources.week import Week
from sources.weekly.identity import told_apart
from sources.weekly.parts import confirms

# Content is what a reader would call the listing; ids, addresses of pages, dates and states are not.
CONTENT_COLUMNS = (
    "kind", "title", "text", "category", "organisation_name", "organisation_type", "street", "postal_code", "city",
    "region", "country", "quantity", "unit", "period", "minimum_quantity", "manufacturing_step", "roles_sought",
    "norms", "is_medical", "is_sterile", "certificate", "available_from", "available_until",
)  # fmt: skip
# The boards of spring 2020 asked owners for a sign of life after 14 days; after four such rounds in vain we call an
# open listing stale. It is still shown, but counts for less.
STALE_AFTER = timedelta(weeks=8)


def with_history(
    current: pd.DataFrame,
    past: pd.DataFrame,
    week: Week,
    retrieved_at: datetime,
    is_carried_over: bool,
    refused_ids: Collection[str] = (),
    ended_ids: Collection[str] = (),
    part_of: Callable[[str], str] = whole,
) -> pd.DataFrame:
    """The platform's listings as of a week's end, in the shape of `Listing`, ordered by listing id.

    current: `ParsedListing` rows of one platform known by the end of the week; past: `Listing` rows of all earlier
    weeks of the same platform (may be empty); refused_ids: source ids of rows that the platform shows, but that cannot
    be read; ended_ids: of rows that say that nothing is offered or sought any more; part_of: `Platform.part_of`.
    A stored listing among the refused is still listed: its last good state is carried over. One that a fresh snapshot
    no longer holds at all is listed as before and ``missing_since`` this week, until a second delivery of its part
    confirms it; then it stays one week as ``withdrawn``. One that has ended or got a new id needs none: what came under
    the new one is known as long as it was. If the whole state is carried over, nothing has vanished.
    """
    day = week.sunday.isoformat()
    named = _named(current)
    past = told_apart(past, named[:0] if is_carried_over else named)
    gone = _gone(named, past)
    listings = _dated(named, past, gone, day, is_carried_over).assign(retrieved_at=retrieved_at)
    if is_carried_over:
        held, gone = gone[gone["missing_since"].notna()], gone[:0]
    else:
        is_refused = gone["source_id"].isin(refused_ids)
        refused, gone = gone[is_refused], gone[~is_refused]
        refused = refused.assign(last_seen_on=day, is_carried_over=True, missing_since=None)
        came = listings.loc[~listings["listing_id"].isin(past["listing_id"]), "fingerprint"]
        is_told = gone["source_id"].isin(ended_ids) | gone["fingerprint"].isin(came)
        is_final = is_told | confirms(listings, gone, past, part_of)
        held = pd.concat([refused, _missing(gone[~is_final], day)])
        gone = gone[is_final]
    listings = pd.concat([listings, held.astype({"missing_since": "str"})], ignore_index=True)
    listings["status"] = _status(listings, past, week)
    gone = gone.assign(status="withdrawn", is_carried_over=False, missing_since=None, retrieved_at=retrieved_at)
    return _in_order(pd.concat([listings, gone]))


def _in_order(every: pd.DataFrame) -> pd.DataFrame:
    """In the columns of `Listing`, which are validated with all other platforms, by listing id."""
    columns = list(Listing.to_schema().columns)
    return every[columns].astype({"missing_since": "str"}).sort_values("listing_id", ignore_index=True)


def _named(current: pd.DataFrame) -> pd.DataFrame:
    """What is shown, with its identity: that of the listing, and that of what it says."""
    return current.assign(
        listing_id=current["platform"] + ":" + current["source_id"], fingerprint=fingerprints(current)
    )


def _dated(
    named: pd.DataFrame, past: pd.DataFrame, gone: pd.DataFrame, day: str, is_carried_over: bool
) -> pd.DataFrame:
    """What is shown, and since when it is known: by its id, or by the id that has the same content no more."""
    listing_id = named["listing_id"]
    seen_before = listing_id.map(past.groupby("listing_id")["last_seen_on"].max()).astype("str").fillna(day)
    first_seen = past.groupby("listing_id")["first_seen_on"].min()
    moved = gone["listing_id"].map(first_seen).groupby(gone["fingerprint"]).min()
    known = listing_id.map(first_seen).astype("str").fillna(named["fingerprint"].map(moved).astype("str"))
    return named.assign(
        first_seen_on=known.fillna(day),
        last_seen_on=seen_before if is_carried_over else day,
        is_carried_over=is_carried_over,
        missing_since=pd.Series(None, index=named.index, dtype="str"),
    )


def fingerprints(listings: pd.DataFrame) -> pd.Series:
    """SHA-256 over `CONTENT_COLUMNS` as JSON, one per row: equal content, equal fingerprint."""
    texts = pd.DataFrame({name: listings[name].astype("str").fillna("") for name in CONTENT_COLUMNS})
    digests = [
        hashlib.sha256(json.dumps(row, ensure_ascii=False).encode()).hexdigest()
        for row in texts.itertuples(index=False, name=None)
    ]
    return pd.Series(digests, index=listings.index, dtype="str")


def _status(listings: pd.DataFrame, past: pd.DataFrame, week: Week) -> pd.Series:
    """The platform's own status; an open listing is expired after its last day, stale after `STALE_AFTER` in silence.

    The last sign of life is the latest of the platform's dates and of the first stored week with the present content,
    under whatever id, since the listing is known.
    """
    is_open = listings["status"] == "open"
    is_expired = (listings["available_until"] < week.ends_at).fillna(False)
    first_shown = listings["fingerprint"].map(past.groupby("fingerprint")["last_seen_on"].min())
    shown_on = first_shown.astype("str").fillna(week.sunday.isoformat())
    shown_on = shown_on.where(shown_on > listings["first_seen_on"], listings["first_seen_on"])
    stated = listings[["posted_at", "updated_at"]].max(axis=1)
    last_sign = stated.fillna(pd.to_datetime(shown_on, utc=True) + timedelta(days=1))
    is_silent = (week.ends_at - last_sign) > STALE_AFTER
    status = listings["status"].mask(is_open & is_silent, "stale")
    return status.mask(is_open & is_expired, "expired")


def _missing(gone: pd.DataFrame, day: str) -> pd.DataFrame:
    """Listings that are not there, since this day or since an earlier one."""
    return gone.assign(is_carried_over=True, missing_since=gone["missing_since"].fillna(day))


def _gone(listings: pd.DataFrame, past: pd.DataFrame) -> pd.DataFrame:
    """The latest row of every listing that is not there now and was not already closed as withdrawn.

    Of rows with one ``last_seen_on`` the one that says that it is missing is the latest.
    """
    gone = past[~past["listing_id"].isin(listings["listing_id"])]
    latest = gone[gone["last_seen_on"] == gone.groupby("listing_id")["last_seen_on"].transform("max")]
    closed = latest["listing_id"][latest["status"] == "withdrawn"]
    leaving = latest[~latest["listing_id"].isin(closed)].sort_values(
        ["listing_id", "missing_since", "retrieved_at"], na_position="first"
    )
    return leaving.drop_duplicates("listing_id", keep="last")
