"""Listing: the one shape every platform must take, one row per listing, and the quarantine for the rest.

Here belong the columns and their rules. How a platform's own words become these columns is the platform
module's business; which listings belong together is `matching`'s.
"""

from functools import cache
from typing import Annotated

import pandas as pd
import pandera.pandas as pa
from pandera.typing import Series

KINDS = ("offer", "request", "idea", "information")
STATUSES = ("open", "fulfilled", "withdrawn", "expired", "stale")
VETTING = ("unchecked", "approved", "rejected")
CERTIFICATES = ("none", "claimed", "shown", "checked")
URGENCIES = ("low", "normal", "high", "critical")
PERIODS = ("day", "week", "month", "year")
UNITS = (
    "piece",
    "pair",
    "litre",
    "kilogram",
    "gram",
    "metre",
    "square_metre",
    "test",
    "hour",
    "person_day",
    "cubic_metre",
    "pallet",
    "bed",
)

UTC_TIME = Annotated[pd.DatetimeTZDtype, "us", "UTC"]
LARGEST_PLAUSIBLE_QUANTITY = 1e9


class ParsedListing(pa.DataFrameModel):
    """What a platform says in one snapshot. Grain: one row per `source_id` of one platform.

    Text columns are as written (white space collapsed, line breaks kept in `text`), never escaped: escaping is the
    business of whoever writes a document.
    """

    platform: Series[str]
    source_id: Series[str] = pa.Field(str_length={"min_value": 1, "max_value": 200}, unique=True)
    url: Series[str] = pa.Field(nullable=True)  # as stated, untrusted
    kind: Series[str] = pa.Field(isin=KINDS)
    title: Series[str] = pa.Field(str_length={"min_value": 1, "max_value": 500})
    text: Series[str] = pa.Field(nullable=True)
    category: Series[str] = pa.Field(nullable=True)  # the platform's own words; several are joined by "; "
    language: Series[str] = pa.Field(nullable=True)  # ISO 639-1

    organisation_name: Series[str] = pa.Field(nullable=True)
    organisation_type: Series[str] = pa.Field(nullable=True)  # the platform's own words
    organisation_key: Series[str] = pa.Field(nullable=True)  # the platform's own id of the organisation
    registration_number: Series[str] = pa.Field(nullable=True)
    street: Series[str] = pa.Field(nullable=True)
    postal_code: Series[str] = pa.Field(nullable=True)
    city: Series[str] = pa.Field(nullable=True)
    region: Series[str] = pa.Field(nullable=True)  # federal state, département, US state …: its code, else as stated
    country: Series[str] = pa.Field(nullable=True, str_matches=r"^[A-Z]{2}$")
    latitude: Series[float] = pa.Field(nullable=True, ge=-90, le=90)
    longitude: Series[float] = pa.Field(nullable=True, ge=-180, le=180)
    website: Series[str] = pa.Field(nullable=True)
    email_domain: Series[str] = pa.Field(nullable=True)  # domain only: no mailbox, no person
    contact_route: Series[str]  # how to get in touch through the platform, never a person

    quantity: Series[float] = pa.Field(nullable=True, gt=0, le=LARGEST_PLAUSIBLE_QUANTITY)  # in `unit`
    unit: Series[str] = pa.Field(nullable=True, isin=UNITS)
    period: Series[str] = pa.Field(nullable=True, isin=PERIODS)  # the quantity is a rate per this period
    minimum_quantity: Series[float] = pa.Field(nullable=True, gt=0)  # in `unit`: smallest lot an offer sells
    manufacturing_step: Series[str] = pa.Field(nullable=True)
    roles_sought: Series[str] = pa.Field(nullable=True)  # the platform's own words, joined by "; "
    norms: Series[str] = pa.Field(nullable=True)  # "EN 149; EN 14683"
    is_medical: Series[pd.BooleanDtype] = pa.Field(nullable=True)
    is_sterile: Series[pd.BooleanDtype] = pa.Field(nullable=True)
    certificate: Series[str] = pa.Field(isin=CERTIFICATES)  # a bare claim is never more than "claimed"
    urgency: Series[str] = pa.Field(isin=URGENCIES)
    vetting: Series[str] = pa.Field(isin=VETTING)  # the platform's own moderation

    status: Series[str] = pa.Field(isin=STATUSES)  # as the platform states it
    posted_at: Series[UTC_TIME] = pa.Field(nullable=True)
    updated_at: Series[UTC_TIME] = pa.Field(nullable=True)
    available_from: Series[UTC_TIME] = pa.Field(nullable=True)
    available_until: Series[UTC_TIME] = pa.Field(nullable=True)  # also a request's deadline

    class Config:
        strict = True
        coerce = True


class Listing(ParsedListing):
    """One listing as of one week, with what only history can tell. Grain: one row per `listing_id`.

    A listing that its platform no longer shows is ``missing_since`` that week, in its last state, until a second
    delivery confirms it (`sources.weekly.lifecycle`); then it stays one week as ``withdrawn``, so that reports can
    close it.
    """

    source_id: Series[str] = pa.Field(str_length={"min_value": 1, "max_value": 200})  # unique on its platform only
    listing_id: Series[str] = pa.Field(unique=True)  # "<platform>:<source_id>"
    fingerprint: Series[str]  # of the content, not of ids or dates
    first_seen_on: Series[str]  # ISO day of the first week's end that held it
    last_seen_on: Series[str]
    is_carried_over: Series[bool]  # content of an earlier week: what came this week could not be read or lacks it
    missing_since: Series[str] = pa.Field(nullable=True)  # ISO day of the first week's end whose delivery lacks it
    retrieved_at: Series[UTC_TIME]


class Quarantine(pa.DataFrameModel):
    """Rows that were refused. Grain: one row per refused row and broken rule, raw value cut to 200 characters."""

    platform: Series[str]
    row: Series[str]  # "line 17", or the page it stood on
    source_id: Series[str] = pa.Field(nullable=True)
    field: Series[str]
    rule: Series[str]
    reason: Series[str]
    value: Series[str] = pa.Field(nullable=True)

    class Config:
        strict = True
        coerce = True


class SourceState(pa.DataFrameModel):
    """How a platform fared in one week. Grain: one row per platform that the store follows.

    rows_read = rows_listed + rows_quarantined + rows_later: nothing is lost.
    """

    platform: Series[str] = pa.Field(unique=True)
    state: Series[str] = pa.Field(isin=("fresh", "stale", "missing"))  # missing: never had a good state
    reason: Series[str] = pa.Field(nullable=True)  # why not fresh: error class and sentence
    retrieved_at: Series[UTC_TIME] = pa.Field(nullable=True)  # of the state that the week uses
    age_days: Series[int] = pa.Field(ge=0)  # of that state at the week's end
    rows_read: Series[int] = pa.Field(ge=0)
    rows_listed: Series[int] = pa.Field(ge=0)  # listings, and members where the platform is a directory
    rows_quarantined: Series[int] = pa.Field(ge=0)
    rows_later: Series[int] = pa.Field(ge=0)  # posted after the week's end: not known then
    input_sha256: Series[str] = pa.Field(nullable=True)  # of the snapshot that the week uses

    class Config:
        strict = True
        coerce = True


def is_anonymous(listings: pd.DataFrame) -> pd.Series:
    """Which listings name nobody: no organisation and no account of their platform. They are told, matched and served,
    but whoever counts organisations leaves them out."""
    return listings["organisation_name"].isna() & listings["organisation_key"].isna()


def empty(model: type[pa.DataFrameModel]) -> pd.DataFrame:
    """A frame without rows that is valid for the model."""
    return _empty(model).copy()


@cache
def _empty(model: type[pa.DataFrameModel]) -> pd.DataFrame:
    columns = {name: pd.Series([], dtype="object") for name in model.to_schema().columns}
    return model.validate(pd.DataFrame(columns))
