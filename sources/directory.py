"""Directories: who belongs to which network. Organisations without a listing, useful to tell firms apart.

A directory's rows become `Member`, never listings; refused rows go to the same quarantine as everybody's.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import pandas as pd
import pandera.pandas as pa
from pandera.typing import Series

from sources.listing import MAY_BE_A_HOME, MAY_BE_A_NAME, MAY_BEAR_A_NAME, column
from sources.platform import Parsed, RowError
from sources.rows.read import Row, listing_frame, quarantine_frame, read_row, refusal, rule_of


class Member(pa.DataFrameModel):
    """An organisation in a directory. Grain: one row per `member_id` of one platform."""

    platform: Series[str] = column("name of the platform")
    member_id: Series[str] = column(
        "the directory's own id of the entry", str_length={"min_value": 1, "max_value": 200}, unique=True
    )
    network: Series[str] = column("the cluster, region or network it belongs to, in the directory's words")
    organisation_name: Series[str] = column(
        "who is a member", personal=MAY_BE_A_NAME, str_length={"min_value": 1, "max_value": 300}
    )
    organisation_type: Series[str] = column("in the directory's words", nullable=True)
    competences: Series[str] = column('in the directory\'s words, joined by "; "', nullable=True)
    street: Series[str] = column("with house number", personal=MAY_BE_A_HOME, nullable=True)
    postal_code: Series[str] = column("as stated", nullable=True)
    city: Series[str] = column("as stated", nullable=True)
    country: Series[str] = column("ISO 3166-1, two letters", nullable=True, str_matches=r"^[A-Z]{2}$")
    website: Series[str] = column("of the organisation, as stated", personal=MAY_BEAR_A_NAME, nullable=True)

    class Config:
        strict = True
        coerce = True


def read_members(platform: str, rows: Iterable[Row], read: Callable[[Mapping[str, str]], Mapping[str, Any]]) -> Parsed:
    """Read every row of a directory into `Member`; no listings. Of rows with one id the first counts.

    A row that cannot be read or breaks a rule of `Member` is refused, the others go on.
    """
    members: dict[str, dict[str, Any]] = {}
    origins: dict[str, Row] = {}
    refused = []
    for row in rows:
        try:
            member = dict(read_row(row, read))
            if member["member_id"] in members:
                raise RowError("member_id", "duplicate", "named before")
            members[member["member_id"]], origins[member["member_id"]] = member, row
        except RowError as error:
            refused.append(refusal(platform, row.place, row.source_id, error, row.fields.get(error.field)))
    columns = list(Member.to_schema().columns)
    table = pd.DataFrame(
        [{"platform": platform, **member} for member in members.values()], columns=columns, dtype="str"
    )
    valid, failures = _split_valid(table)
    refused += [
        refusal(platform, origins[member_id].place, member_id, broken, members[member_id].get(broken.field))
        for member_id, broken in failures
    ]
    return Parsed(listing_frame([], []), quarantine_frame(refused), valid)


def _split_valid(table: pd.DataFrame) -> tuple[pd.DataFrame, list[tuple[str, RowError]]]:
    """The members that keep every rule, and the id and broken rule of the others."""
    try:
        return Member.validate(table, lazy=True), []
    except pa.errors.SchemaErrors as errors:
        cases = errors.failure_cases
    if cases["index"].isna().any():  # a rule about the whole table: an error of ours, no member's
        return Member.validate(table), []
    cases["index"] = cases["index"].astype(int)
    broken = [
        (str(table["member_id"][index]), RowError(column, *rule_of(check)))
        for index, column, check in zip(cases["index"], cases["column"], cases["check"], strict=True)
    ]
    return Member.validate(table.drop(index=cases["index"].unique()).reset_index(drop=True)), broken
