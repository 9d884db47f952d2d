"""Listing: the one shape every platform must take, one row per listing, and the quarantine for the rest.

Here belong the columns and their rules. How a platform's own words become these columns is the platform
module's business; which listings belong together is `matching`'s.
"""

from functools import cache
from typing import Annotated, Any

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


def column(meaning: str, *, unit: str = "", personal: str = "", **rules: Any) -> Any:
    """A column of a table with what docs/data-dictionary.md says of it.

    unit: of a number, unless its name says it; personal: how it may tell of a person; rules: as of `pandera.Field`.
    """
    stated = {"unit": unit, "personal": personal}
    return pa.Field(description=meaning, metadata={name: said for name, said in stated.items() if said}, **rules)


# How columns may tell of a person.
FREE_TEXT = "free text, contacts masked"
MAY_BE_A_NAME = "a sole trader's firm is a name"
MAY_BE_A_HOME = "of a sole trader it may be home"
MAY_BEAR_A_NAME = "may bear a name"


class ParsedListing(pa.DataFrameModel):
    """What a platform says in one snapshot. Grain: one row per `source_id` of one platform.

    Text columns are as written (white space collapsed, line breaks kept in `text`), never escaped: escaping is the
    business of whoever writes a document.
    """

    platform: Series[str] = column("name of the platform")
    source_id: Series[str] = column(
        "the platform's own id of the listing", str_length={"min_value": 1, "max_value": 200}, unique=True
    )
    url: Series[str] = column("its page, as stated, untrusted", personal=MAY_BEAR_A_NAME, nullable=True)
    kind: Series[str] = column("what it is", isin=KINDS)
    title: Series[str] = column("its heading", personal=FREE_TEXT, str_length={"min_value": 1, "max_value": 500})
    text: Series[str] = column("what it says", personal=FREE_TEXT, nullable=True)
    category: Series[str] = column('in the platform\'s own words; several are joined by "; "', nullable=True)
    language: Series[str] = column("of title and text, ISO 639-1", nullable=True)

    organisation_name: Series[str] = column("who offers or asks", personal=MAY_BE_A_NAME, nullable=True)
    organisation_type: Series[str] = column("in the platform's own words", nullable=True)
    organisation_key: Series[str] = column(
        "the platform's own id of the organisation", personal="a pseudonym, perhaps of a person", nullable=True
    )
    registration_number: Series[str] = column("in a register of companies, as stated", nullable=True)
    street: Series[str] = column("with house number", personal=MAY_BE_A_HOME, nullable=True)
    postal_code: Series[str] = column("as stated", nullable=True)
    city: Series[str] = column("as stated", nullable=True)
    region: Series[str] = column("federal state, département, US state …: its code, else as stated", nullable=True)
    country: Series[str] = column("ISO 3166-1, two letters", nullable=True, str_matches=r"^[A-Z]{2}$")
    latitude: Series[float] = column("WGS 84", unit="degrees", personal=MAY_BE_A_HOME, nullable=True, ge=-90, le=90)
    longitude: Series[float] = column("WGS 84", unit="degrees", personal=MAY_BE_A_HOME, nullable=True, ge=-180, le=180)
    website: Series[str] = column("of the organisation, as stated", personal=MAY_BEAR_A_NAME, nullable=True)
    email_domain: Series[str] = column("domain only: no mailbox, no person", personal=MAY_BEAR_A_NAME, nullable=True)
    contact_route: Series[str] = column("how to get in touch through the platform, never a person")

    quantity: Series[float] = column(
        "offered or asked for; a rate where there is a `period`",
        unit="`unit`",
        nullable=True,
        gt=0,
        le=LARGEST_PLAUSIBLE_QUANTITY,
    )
    unit: Series[str] = column("of the quantities", nullable=True, isin=UNITS)
    period: Series[str] = column("the quantity is a rate per this period", nullable=True, isin=PERIODS)
    minimum_quantity: Series[float] = column("smallest lot an offer sells", unit="`unit`", nullable=True, gt=0)
    manufacturing_step: Series[str] = column("in the platform's own words", nullable=True)
    roles_sought: Series[str] = column('in the platform\'s own words, joined by "; "', nullable=True)
    norms: Series[str] = column('that are named: "EN 149; EN 14683"', nullable=True)
    is_medical: Series[pd.BooleanDtype] = column("medical goods are meant; null: not said", nullable=True)
    is_sterile: Series[pd.BooleanDtype] = column("sterile goods are meant; null: not said", nullable=True)
    certificate: Series[str] = column('a bare claim is never more than "claimed"', isin=CERTIFICATES)
    urgency: Series[str] = column("as stated, else normal", isin=URGENCIES)
    vetting: Series[str] = column("the platform's own moderation", isin=VETTING)

    status: Series[str] = column("as the platform states it; `listings` adds what history tells", isin=STATUSES)
    posted_at: Series[UTC_TIME] = column("when it was published, as stated", nullable=True)
    updated_at: Series[UTC_TIME] = column("when it was last changed, as stated", nullable=True)
    available_from: Series[UTC_TIME] = column("from when, as stated", nullable=True)
    available_until: Series[UTC_TIME] = column("until when; also a request's deadline", nullable=True)

    class Config:
        strict = True
        coerce = True


class Listing(ParsedListing):
    """One listing as of one week, with what only history can tell. Grain: one row per `listing_id`.

    A listing that its platform no longer shows is ``missing_since`` that week, in its last state, until a second
    delivery confirms it (`sources.weekly.lifecycle`); then it stays one week as ``withdrawn``, so that reports can
    close it.
    """

    source_id: Series[str] = column(
        "the platform's own id of the listing, unique there only; with the week in which it was last seen under it, if "
        "the platform gave the id to another listing",
        str_length={"min_value": 1, "max_value": 240},
    )
    listing_id: Series[str] = column("`platform`:`source_id`", unique=True)
    fingerprint: Series[str] = column("SHA-256 of the content, not of ids or dates")
    first_seen_on: Series[str] = column("ISO day of the first week's end that held it")
    last_seen_on: Series[str] = column("ISO day of the last week's end that held it")
    is_carried_over: Series[bool] = column(
        "content of an earlier week: what came this week could not be read or lacks it"
    )
    missing_since: Series[str] = column("ISO day of the first week's end whose delivery lacks it", nullable=True)
    retrieved_at: Series[UTC_TIME] = column("when what the week uses was fetched")


class Quarantine(pa.DataFrameModel):
    """Rows that were refused. Grain: one row per refused row and broken rule, raw value cut to 200 characters."""

    platform: Series[str] = column("name of the platform")
    row: Series[str] = column('where it stands: "line 17", or the page')
    source_id: Series[str] = column("the platform's own id, if one could be read", nullable=True)
    field: Series[str] = column("column that breaks the rule, in the platform's words or ours")
    rule: Series[str] = column("name of the rule")
    reason: Series[str] = column("what is wrong, in words")
    value: Series[str] = column(
        "what stands there", personal="of a refused row, contacts masked, at most 200 signs", nullable=True
    )

    class Config:
        strict = True
        coerce = True


class SourceState(pa.DataFrameModel):
    """How a platform fared in one week. Grain: one row per platform that the store follows.

    rows_read = rows_listed + rows_quarantined + rows_later: nothing is lost.
    """

    platform: Series[str] = column("name of the platform", unique=True)
    state: Series[str] = column("missing: never had a good state", isin=("fresh", "stale", "missing"))
    reason: Series[str] = column("why not fresh: error class and sentence", nullable=True)
    retrieved_at: Series[UTC_TIME] = column("when the state that the week uses was fetched", nullable=True)
    age_days: Series[int] = column("of that state at the week's end", ge=0)
    rows_read: Series[int] = column("rows of the delivery", ge=0)
    rows_listed: Series[int] = column("listings, and members where the platform is a directory", ge=0)
    rows_quarantined: Series[int] = column("rows that were refused", ge=0)
    rows_later: Series[int] = column("rows posted after the week's end: not known then", ge=0)
    input_sha256: Series[str] = column("of the snapshot that the week uses", nullable=True)

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
