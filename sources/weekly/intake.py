"""From a snapshot to rows that can be relied on: parse, check, split, and doubt the whole if it is too small.

Nothing is lost: rows read = listings + members + refused rows + rows not yet known at the moment asked about.
"""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

import pandas as pd
import pandera.pandas as pa

from sources import limits
from sources.listing import ParsedListing
from sources.platform import ImplausibleVolume, Parsed, Platform, RawDocument, RowError, UnknownFormat
from sources.rows.placeholders import without_nobody
from sources.rows.read import quarantine_frame, refusal, rule_of
from sources.rows.urgency import stated_urgency
from sources.weekly.wholeness import refused_as_partial, without_torn_mail

OLDEST = timedelta(days=10 * 365)  # since a listing was posted: judgement, profiles of partners stand for years
LATEST = timedelta(days=365)  # until it was: a delivery may stand for an earlier week, see `known_by`


def read_snapshot(platform: Platform, documents: Sequence[RawDocument]) -> Parsed:
    """The listings of a snapshot that keep every rule of `ParsedListing`, ordered by source id, and the refused rows.

    Raises BrokenStructure if the documents are not what we know or larger than `limits` allows, ImplausibleVolume if
    there are fewer or more rows than in the platform's band (refused rows count: a page full of bad rows is not an
    empty page). An organisation named "unbekannt" or "privat" is none; a request that says "dringend" is urgent.
    """
    unread = [document for document in documents if document.refused]
    documents = [document for document in documents if not document.refused]
    for document in documents:
        if excess := limits.excess(document.name, document.content):
            raise UnknownFormat(f"{document.name}: {excess}")
    parsed = platform.parse([without_torn_mail(document) for document in documents])
    members = 0 if parsed.members is None else len(parsed.members)
    rows = len(parsed.listings) + members + count_refused(parsed.quarantine)
    fewest, most = platform.expected_rows
    if not fewest <= rows <= most:
        names = ", ".join(document.name for document in documents[:3])
        raise ImplausibleVolume(f"{names}: {rows} rows, expected {fewest} to {most}; ask whether that is all")
    named = parsed.listings.assign(
        organisation_name=without_nobody(parsed.listings["organisation_name"]), urgency=stated_urgency(parsed.listings)
    )
    valid, broken = _split_valid(platform, named)
    valid, undated = _split_of_another_time(platform, valid, max(document.retrieved_at for document in documents))
    unique, repeated = _split_repeated(platform, valid)
    if unique.empty and not members:
        names = ", ".join(document.name for document in documents[:3])
        raise ImplausibleVolume(f"{names}: {rows} rows, but none keeps the rules; what is wrong with each is told")
    files = [refusal(platform.name, one.name, None, RowError("file", "taken", one.refused), None) for one in unread]
    files += refused_as_partial(platform, documents, rows)
    refused = pd.concat([parsed.quarantine, broken, undated, repeated, quarantine_frame(files)]).sort_values(
        ["row", "field", "rule"], ignore_index=True
    )
    return Parsed(unique.sort_values("source_id", ignore_index=True), refused, parsed.members)


def count_refused(quarantine: pd.DataFrame) -> int:
    """Refused rows of one platform: a row that breaks several rules stands in the quarantine several times."""
    return int(quarantine["row"].nunique())


def known_by(
    listings: pd.DataFrame, moment: datetime, known_ids: Collection[str] = ()
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Listings known before a moment, and those posted at or after it. Listings without a date count as known.

    A snapshot shows what its export day showed: that a listing was changed or withdrawn after the moment cannot be
    undone, only that it was posted later. known_ids: source ids of earlier weeks, known whatever date they bear now.
    """
    is_later = (listings["posted_at"] >= moment).fillna(False).astype(bool) & ~listings["source_id"].isin(known_ids)
    return listings[~is_later].reset_index(drop=True), listings[is_later].reset_index(drop=True)


def _split_valid(platform: Platform, listings: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Rows that keep the rules of single columns, and the refusals of the others, one per row and broken rule."""
    schema = ParsedListing.to_schema()
    schema.columns["source_id"].unique = False  # repeated ids are told apart by content in `_split_repeated`
    positions = listings.reset_index(names="row")
    try:
        return schema.validate(positions.drop(columns="row"), lazy=True).set_index(positions["row"]), quarantine_frame(
            []
        )
    except pa.errors.SchemaErrors as errors:
        failures = errors.failure_cases
    broken = failures["index"].astype(int)
    refused = [
        refusal(
            platform.name,
            positions["row"][index],
            positions["source_id"][index],
            RowError(column, *rule_of(check, positions[column][index])),
            None if pd.isna(positions[column][index]) else positions[column][index],
        )
        for index, column, check in zip(broken, failures["column"], failures["check"], strict=True)
    ]
    kept = positions.drop(index=broken.unique())
    return schema.validate(kept.drop(columns="row")).set_index(kept["row"]), quarantine_frame(refused)


def _split_of_another_time(
    platform: Platform, listings: pd.DataFrame, retrieved_at: datetime
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Rows whose day of posting can be theirs, and the refusals of the others: 2002 or 2030 instead of 2020."""
    age = retrieved_at - listings["posted_at"]
    is_odd = ((age > OLDEST) | (age < -LATEST)).fillna(False).astype(bool)
    refused = [
        refusal(
            platform.name,
            str(place),
            source_id,
            RowError("posted_at", "plausible", "years away from the day of the delivery"),
            day.date().isoformat(),
        )
        for place, source_id, day in zip(
            listings.index[is_odd], listings["source_id"][is_odd], listings["posted_at"][is_odd], strict=True
        )
    ]
    return listings[~is_odd], quarantine_frame(refused)


def _split_repeated(platform: Platform, listings: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """One row per source id, the latest; of equally late ones the first by content, so that row order is no matter."""
    dated = listings.assign(
        _latest=listings[["posted_at", "updated_at"]].max(axis=1),
        _content=[repr(tuple(row)) for row in listings.itertuples(index=False)],
    )
    ordered = dated.sort_values(["source_id", "_latest", "_content"], ascending=[True, False, True], na_position="last")
    first = ordered.groupby("source_id", sort=False).transform("first")
    is_repeated = ordered.duplicated("source_id")
    refused = [
        refusal(
            platform.name,
            place,
            source_id,
            RowError("source_id", "duplicate", "the same row again")
            if content == kept
            else RowError("source_id", "superseded", "another row with the same id is later or stands first"),
            source_id,
        )
        for place, source_id, content, kept in zip(
            ordered.index[is_repeated],
            ordered["source_id"][is_repeated],
            ordered["_content"][is_repeated],
            first["_content"][is_repeated],
            strict=True,
        )
    ]
    return ordered[~is_repeated][listings.columns], quarantine_frame(refused)
