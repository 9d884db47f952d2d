"""Directories: who belongs to which network. Organisations without a listing, useful to tell firms apart.

A directory's rows become `Member`, never listings; refused rows go to the same quarantine as everybody's.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import pandas as pd
import pandera.pandas as pa
from pandera.typing import Series

from sources.platform import Parsed, RowError
from sources.rows.read import Row, listing_frame, quarantine_frame, refusal


class Member(pa.DataFrameModel):
    """An organisation in a directory. Grain: one row per `member_id` of one platform."""

    platform: Series[str]
    member_id: Series[str] = pa.Field(str_length={"min_value": 1, "max_value": 200}, unique=True)
    network: Series[str]  # the cluster, region or network it belongs to, in the directory's words
    organisation_name: Series[str] = pa.Field(str_length={"min_value": 1, "max_value": 300})
    organisation_type: Series[str] = pa.Field(nullable=True)  # in the directory's words
    competences: Series[str] = pa.Field(nullable=True)  # in the directory's words, joined by "; "
    street: Series[str] = pa.Field(nullable=True)
    postal_code: Series[str] = pa.Field(nullable=True)
    city: Series[str] = pa.Field(nullable=True)
    country: Series[str] = pa.Field(nullable=True, str_matches=r"^[A-Z]{2}$")
    website: Series[str] = pa.Field(nullable=True)

    class Config:
        strict = True
        coerce = True


def read_members(platform: str, rows: Iterable[Row], read: Callable[[Mapping[str, str]], Mapping[str, Any]]) -> Parsed:
    """Read every row of a directory into `Member`; no listings. Of rows with one id the first counts."""
    members: dict[str, dict[str, Any]] = {}
    refused = []
    for row in rows:
        try:
            if row.problem is not None:
                raise row.problem
            member = dict(read(row.fields))
            if member["member_id"] in members:
                raise RowError("member_id", "duplicate", "named before")
            members[member["member_id"]] = member
        except RowError as error:
            refused.append(refusal(platform, row.place, row.source_id, error, row.fields.get(error.field)))
    columns = list(Member.to_schema().columns)
    table = pd.DataFrame(
        [{"platform": platform, **member} for member in members.values()], columns=columns, dtype="str"
    )
    return Parsed(listing_frame([], []), quarantine_frame(refused), Member.validate(table))
