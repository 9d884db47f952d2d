"""One organisation or two? Records in, organisations out.

Here belong the three steps a caller sees: `records_of` listings, `resolve` records, `describe` organisations.
"""

import hashlib
import json
from typing import NamedTuple

import pandas as pd
from pandera.typing import DataFrame

from matching.names import canonical_name
from matching.schema import Organisation, OrganisationMember, evidence
from sources.listing import Listing

RECORD_COLUMNS = (
    "record_id",
    "source",
    "name",
    "street",
    "postal_code",
    "city",
    "country",
    "website",
    "email_domain",
    "phone",
    "registration_number",
    "organisation_key",
)
PAIR_COLUMNS = ("record_id_left", "record_id_right", "match_probability", "match_weight", "evidence")
CHANGE_COLUMNS = ("change", "old_organisation_id", "organisation_id", "record_ids")


class Resolution(NamedTuple):
    """What `resolve` finds.

    members: one row per record. pairs: one row per compared pair of records, weight in bits.
    changes: one row per pair of old and new organisation id that share records without being equal.
    health: figures on clusters and blocks, by name.
    """

    members: DataFrame[OrganisationMember]
    pairs: pd.DataFrame
    changes: pd.DataFrame
    health: dict[str, float]


def records_of(listings: DataFrame[Listing]) -> pd.DataFrame:
    """The records to resolve. Grain: one row per listing, columns of `RECORD_COLUMNS`."""
    named = listings.rename(columns={"listing_id": "record_id", "platform": "source", "organisation_name": "name"})
    return named.reindex(columns=list(RECORD_COLUMNS)).reset_index(drop=True)


def resolve(
    records: pd.DataFrame, *, judgements: pd.DataFrame | None = None, previous: pd.DataFrame | None = None
) -> Resolution:
    """Group records into organisations. Columns of `RECORD_COLUMNS`; all but `record_id` and `name` may be missing."""
    rows = records.reindex(columns=list(RECORD_COLUMNS)).astype("str").fillna("").sort_values("record_id")
    place = rows["city"].map(canonical_name) + "|" + rows["country"].str.upper()
    key = ("name|" + rows["name"].map(canonical_name) + "|" + place).where(rows["name"].map(canonical_name) != "")
    anonymous = ("key|" + rows["source"] + "|" + rows["organisation_key"]).where(rows["organisation_key"] != "")
    key = key.fillna(anonymous).fillna("record|" + rows["record_id"])
    first = rows["record_id"].groupby(key).transform("min")
    members = pd.DataFrame(
        {
            "record_id": rows["record_id"],
            "organisation_id": first.map(lambda text: "O-" + hashlib.sha256(text.encode()).hexdigest()[:12]),
            "match_probability": 1.0,
            "evidence": evidence({"part": "name_equal", "score": None}),
        }
    ).reset_index(drop=True)
    changes = _changes(previous, members)
    sizes = members["organisation_id"].value_counts()
    health: dict[str, float] = {
        "records": len(members),
        "organisations": len(sizes),
        "largest_organisation": int(sizes.max()) if len(sizes) else 0,
    }
    return Resolution(OrganisationMember.validate(members), pd.DataFrame(columns=list(PAIR_COLUMNS)), changes, health)


def _changes(previous: pd.DataFrame | None, members: pd.DataFrame) -> pd.DataFrame:
    if previous is None:
        return pd.DataFrame(columns=list(CHANGE_COLUMNS))
    both = previous.merge(members, on="record_id", suffixes=("_old", ""))
    moved = both[both["organisation_id_old"] != both["organisation_id"]]
    rows = [
        ("moved", old, new, json.dumps(sorted(group["record_id"])))
        for (old, new), group in moved.groupby(["organisation_id_old", "organisation_id"])
    ]
    return pd.DataFrame(rows, columns=list(CHANGE_COLUMNS))


def describe(listings: DataFrame[Listing], members: DataFrame[OrganisationMember]) -> DataFrame[Organisation]:
    """What is known of each organisation: of every column the value most of its listings state."""
    rows = listings.merge(members, left_on="listing_id", right_on="record_id").sort_values("listing_id")
    anonymous = rows["platform"] + " " + rows["organisation_key"].fillna(rows["source_id"])
    rows["name"] = rows["organisation_name"].fillna(anonymous)
    rows["point"] = list(zip(rows["latitude"], rows["longitude"], strict=True))
    rows.loc[rows["latitude"].isna() | rows["longitude"].isna(), "point"] = None
    groups = rows.groupby("organisation_id", sort=True)
    described = pd.DataFrame(
        {column: most_frequent(rows, column) for column in ("name", "city", "region", "country", "point")},
        index=groups.size().index,
    )
    described["latitude"] = [point[0] if isinstance(point, tuple) else None for point in described["point"]]
    described["longitude"] = [point[1] if isinstance(point, tuple) else None for point in described["point"]]
    described["records"] = groups.size()
    described["platforms"] = groups["platform"].agg(lambda names: "; ".join(sorted(set(names))))
    table = described.drop(columns="point").rename_axis("organisation_id").reset_index()
    return Organisation.validate(table)


def most_frequent(rows: pd.DataFrame, column: str) -> pd.Series:
    """The most frequent value of a column by organisation; of equally frequent ones the smallest."""
    counts = rows.groupby(["organisation_id", column]).size().rename("count").reset_index()
    counts = counts.sort_values(["organisation_id", "count", column], ascending=[True, False, True])
    return counts.drop_duplicates("organisation_id").set_index("organisation_id")[column]
