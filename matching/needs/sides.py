"""Listings of one side (requests or offers) as arrays, so that all pairs of a block can be compared at once.

Codes of organisations, regions and languages are shared by both sides; -1 stands for unknown, as NaN does for a
number.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from pandera.typing import DataFrame

from matching.arrays import Floats, Integers
from matching.needs.lots import with_stated_lots
from matching.places.geography import locate, trade_area
from matching.places.home import at_home
from matching.quantities import dimensions, period_days, sizes
from matching.schema import Organisation, OrganisationMember
from matching.taxonomy.attributes import Statements, statements
from sources.listing import Listing
from sources.week import local_days

Objects = npt.NDArray[np.object_]

# How far a listing can be relied on: the platform's own moderation, and the state of its certificate.
VETTING_TRUST = {"approved": 1.0, "unchecked": 0.5, "rejected": 0.0}
CERTIFICATE_TRUST = {"checked": 1.0, "shown": 0.8, "claimed": 0.5, "none": 0.4}


_NOWHERE = 999.0  # degrees; unlike NaN it is equal to itself


@dataclass(frozen=True, eq=False)
class Side:
    """One row per listing, sorted by listing id. Days count from the day of matching; amounts are in base units."""

    listing_id: Objects
    platform: Objects
    kind: Objects
    status: Objects
    organisation: Integers
    latitude: Floats
    longitude: Floats
    region: Integers
    region_name: Objects
    country: Integers
    trade_area: Integers
    country_code: Objects
    language: Integers
    language_code: Objects
    dimension: Integers
    unit: Objects
    unit_size: Floats
    amount: Floats
    period: Floats
    least: Floats
    start: Floats
    until: Floats
    begins_on: Objects  # ISO day of `start`
    deadline: Objects  # ISO day of `until`
    age: Floats
    trust: Floats
    vetting: Objects
    certificate: Objects
    norms: Objects  # tuple of norms
    norm_set: Integers  # position of that tuple in `norm_sets`
    norm_sets: tuple[tuple[str, ...], ...]  # shared by both sides
    is_medical: Floats
    is_sterile: Floats
    stated: Statements  # what title and text say of the thing: class, size, material …
    words: Sequence[str]  # title and text, one a line

    @cached_property
    def places(self) -> tuple[Integers, Floats]:
        """Of each listing the number of its place, and the distinct places as rows of latitude and longitude."""
        points = np.column_stack([self.latitude, self.longitude])
        distinct, number = np.unique(np.where(np.isnan(points), _NOWHERE, points), axis=0, return_inverse=True)
        return number.ravel(), np.where(distinct == _NOWHERE, np.nan, distinct)


def sides(
    requests: DataFrame[Listing],
    offers: DataFrame[Listing],
    organisations: DataFrame[Organisation],
    members: DataFrame[OrganisationMember],
    postcodes: pd.DataFrame | None,
    on: date,
) -> tuple[Side, Side]:
    """Both sides with shared codes. A listing without a place of its own stands where its organisation stands."""
    tables = [_placed(with_stated_lots(side), organisations, members, postcodes) for side in (requests, offers)]
    codes = {
        column: {
            value: number
            for number, value in enumerate(sorted(set().union(*(table[column].dropna() for table in tables))))
        }
        for column in ("organisation_id", "region_key", "language", "country", "trade_area")
    }
    stated = [_norms(table["norms"]) for table in tables]
    norm_sets = tuple(sorted({norms for side in stated for norms in side}))
    asked, offered = (_side(table, codes, norms, norm_sets, on) for table, norms in zip(tables, stated, strict=True))
    return asked, offered


def _placed(
    listings: pd.DataFrame,
    organisations: DataFrame[Organisation],
    members: DataFrame[OrganisationMember],
    postcodes: pd.DataFrame | None,
) -> pd.DataFrame:
    table = listings.sort_values("listing_id", ignore_index=True)
    table["organisation_id"] = table["listing_id"].map(members.set_index("record_id")["organisation_id"])
    table["trade_area"] = table["country"].map(trade_area, na_action="ignore")
    table = table.drop(columns=["latitude", "longitude"]).join(locate(table, postcodes))
    return at_home(table, organisations)


def _side(
    table: pd.DataFrame,
    codes: dict[str, dict[str, int]],
    norms: Objects,
    norm_sets: tuple[tuple[str, ...], ...],
    on: date,
) -> Side:
    size = sizes(table["unit"])
    begins, ends = local_days(table["available_from"]), local_days(table["available_until"])
    trust = table["vetting"].map(VETTING_TRUST) + table["certificate"].map(CERTIFICATE_TRUST)
    taken: dict[str, Any] = {
        **{name: _objects(table[column]) for name, column in _STATED.items()},
        **{name: _coded(table[column], codes[column]) for name, column in _CODED.items()},
        **{name: table[name].to_numpy(np.float64, na_value=np.nan) for name in _NUMBERS},
    }
    return Side(
        **taken,
        dimension=dimensions(table["unit"]),
        unit_size=size,
        amount=table["quantity"].to_numpy(np.float64, na_value=np.nan) * size,
        period=period_days(table["period"]),
        least=table["minimum_quantity"].to_numpy(np.float64, na_value=np.nan) * size,
        start=_days_after(begins, on),
        until=_days_after(ends, on),
        begins_on=_objects(begins.dt.strftime("%Y-%m-%d")),
        deadline=_objects(ends.dt.strftime("%Y-%m-%d")),
        age=_age(table, on),
        trust=trust.to_numpy(np.float64) / 2,
        norms=norms,
        norm_set=np.array([norm_sets.index(found) for found in norms], dtype=np.int64),
        norm_sets=norm_sets,
        stated=statements((title, text, kind == "request") for title, text, kind in _told(table)),
        words=[f"{title}\n{text}" for title, text, _ in _told(table)],
    )


def _told(table: pd.DataFrame) -> Iterable[tuple[str, str, str]]:
    """Title, text and kind of each listing."""
    fields = table.reindex(columns=["title", "text", "kind"]).astype("object")
    return fields.where(fields.notna(), "").itertuples(index=False, name=None)


# Fields of Side that are a column of the table as stated, as a number, or with values that both sides number alike.
_NUMBERS = ("latitude", "longitude", "is_medical", "is_sterile")
_STATED = {
    **{name: name for name in ("listing_id", "platform", "kind", "status", "unit", "vetting", "certificate")},
    "region_name": "region",
    "country_code": "country",
    "language_code": "language",
}
_CODED = {
    "organisation": "organisation_id",
    "region": "region_key",
    "country": "country",
    "trade_area": "trade_area",
    "language": "language",
}


def _objects(column: pd.Series) -> Objects:
    values = column.astype("object")
    stated: Objects = values.where(values.notna(), None).to_numpy("object")
    return stated


def _coded(column: pd.Series, codes: dict[str, int]) -> Integers:
    return np.asarray(column.map(codes).fillna(-1), dtype=np.int64)


def _days_after(days: pd.Series, on: date) -> Floats:
    """Whole days from one day to others, NaN for those that are not known."""
    after: Floats = (days - pd.Timestamp(on)).dt.total_seconds().to_numpy(np.float64) / 86_400
    return after


def _age(table: pd.DataFrame, on: date) -> Floats:
    """Days since the last sign of life, 0 for one that is dated later."""
    said = table["updated_at"].fillna(table["posted_at"])
    alive = said.fillna(pd.to_datetime(table["first_seen_on"], utc=True).astype(said.dtype))
    age: Floats = np.clip(-_days_after(local_days(alive), on), 0, None)
    return age


def _norms(stated: pd.Series) -> Objects:
    """Norms of each listing as a tuple, spelt alike: "DIN EN 149:2001+A1" -> "EN 149"."""
    norms = np.empty(len(stated), dtype=object)
    norms[:] = [_spelt_alike(text.split(";")) if isinstance(text, str) else () for text in stated]
    return norms


def _spelt_alike(norms: Sequence[str]) -> tuple[str, ...]:
    plain = (
        " ".join(norm.upper().replace("DIN ", "").replace("NF ", "").split(":")[0].split("+")[0].split())
        for norm in norms
    )
    return tuple(sorted({norm for norm in plain if norm}))
