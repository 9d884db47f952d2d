"""Who and what a month counts: each listing that was open on one of its Sundays, once.

A month is no sum of weeks' stocks: a listing that stays open five weeks counts once. Of its weeks the last one that
counted a listing says where it lies and what it is about.
"""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd

from matching.places.districts import district_of
from matching.quantities import DEFAULT_WINDOW_DAYS, period_days, within
from reports.disclosure import NOBODY
from reports.language import Labels
from reports.ministry.counted import BW, ELSEWHERE, GRAND_EST, Entry, Frames, entries
from sources.week import Week

NO_PRODUCT = "NONE"  # listings that name no product
NOT_STATED = "-NN"  # part of a region that cannot be told
LAENDER = tuple(f"DE-{code}" for code in "BY BE BB HB HH HE MV NI NW RP SL SN ST SH TH".split())
DEPARTEMENTS = ("FRF11", "FRF12")  # the others lie with what is not stated: the boards of 2020 reach Alsace alone
GERMANY_NOT_STATED = f"DE{NOT_STATED}"
# Why an amount is not believed (`matching.plausibility`): forty million gloves of one offer were nine tenths of a sum.
_INCREDIBLE = ("quantity_outlier", "huge_in_everything", "filler_number")


class MonthEntry(NamedTuple):
    """One listing of a month. quantity: whole `unit`, a rate as four weeks of it; 0 without one that is believed."""

    listing_id: str
    product: str  # its product group
    area: str  # the smallest area that is counted
    kind: str
    firm: str
    group: str
    quantity: int
    unit: str


def month_entries(weeks: Mapping[Week, Frames], taxonomy: Labels) -> list[MonthEntry]:
    """By listing id. A firm, or group, that the last week no longer knows is the one its listing has since.

    Two that the last week knows stay two: a platform that numbers its listings anew gives one firm's id to another's.
    """
    counted: dict[str, tuple[Week, Entry]] = {}
    firms, groups = _Same(), _Same()
    known = _known(weeks[max(weeks)].members) if weeks else frozenset()
    for week in sorted(weeks):
        for entry in entries(weeks[week]):
            if entry.listing_id in counted:
                before = counted[entry.listing_id][1]
                if before.firm not in known:
                    firms.join(before.firm, entry.firm)
                if before.firm == entry.firm or before.group not in known:
                    groups.join(before.group, entry.group)
            counted[entry.listing_id] = week, entry
    doubted = _doubted(weeks.values())
    found = []
    for week, frames in weeks.items():
        own = [entry for last, entry in counted.values() if last == week]
        product_of = _products(frames.concepts, taxonomy)
        about = {one.listing_id: one for one in _abouts(frames.listings)}
        for entry in own:
            _, city, postal_code, quantity, unit = about[entry.listing_id]
            is_doubted = entry.listing_id in doubted
            found.append(
                MonthEntry(
                    entry.listing_id,
                    product_of.get(entry.listing_id, NO_PRODUCT),
                    _area(entry, city, postal_code),
                    entry.kind,
                    firms.of(entry.firm),
                    groups.of(entry.group),
                    0 if is_doubted else quantity,
                    "" if is_doubted else unit,
                )
            )
    return sorted(found)


def _doubted(weeks: Iterable[Frames]) -> frozenset[str]:
    """Ids of the listings that some week held back for their amount."""
    tables = [frames.held_back for frames in weeks if len(frames.held_back)]
    return frozenset().union(*(table.loc[table["reason"].isin(_INCREDIBLE), "listing_id"] for table in tables))


def _known(members: pd.DataFrame) -> frozenset[str]:
    """Ids of firms and of groups."""
    columns = [members[name].dropna() for name in ("organisation_id", "group_id") if name in members]
    return frozenset().union(*(column.tolist() for column in columns))


class _Same:
    """Which ids mean the same; nobody is the same as no one."""

    def __init__(self) -> None:
        self._first: dict[str, str] = {}

    def of(self, one: str) -> str:
        while one in self._first:
            one = self._first[one]
        return one

    def join(self, left: str, right: str) -> None:
        first, second = sorted((self.of(left), self.of(right)))
        if NOBODY != first != second:
            self._first[second] = first


class _About(NamedTuple):
    listing_id: str
    city: str | None
    postal_code: str | None
    quantity: int
    unit: str


def _abouts(listings: pd.DataFrame) -> Iterable[_About]:
    columns = ["listing_id", "city", "postal_code", "quantity", "unit", "period"]
    stated = listings.reindex(columns=columns).astype("object")
    period = period_days(stated["period"])
    amounts = within(stated["quantity"].to_numpy(dtype=np.float64), period, np.array(DEFAULT_WINDOW_DAYS))
    whole = np.nan_to_num(np.round(amounts)).astype(np.int64)
    texts = stated[columns[:3]].where(stated[columns[:3]].notna(), None)
    for (listing_id, city, postal_code), amount, unit in zip(
        texts.itertuples(index=False, name=None), whole.tolist(), stated["unit"], strict=True
    ):
        is_told = amount > 0 and isinstance(unit, str)
        yield _About(listing_id, city, postal_code, amount if is_told else 0, unit if is_told else "")


def _area(entry: Entry, city: str | None, postal_code: str | None) -> str:
    if entry.region == ELSEWHERE:
        return ELSEWHERE
    if entry.region in (BW, GRAND_EST):
        district = district_of(entry.place[:2], city, postal_code)
        is_counted = district is not None and (entry.region == BW or district in DEPARTEMENTS)
        return district if is_counted and district else entry.region + NOT_STATED
    return entry.place if entry.place in LAENDER else GERMANY_NOT_STATED


def _products(concepts: pd.DataFrame, taxonomy: Labels) -> dict[str, str]:
    """Listing id -> product group of its highest score; of equal ones the first by name.

    Each listing counts in one group: mentions would be more than listings, and bound withheld cells from above.
    """
    best: dict[str, tuple[float, str]] = {}
    if len(concepts):
        columns = (concepts[name] for name in ("listing_id", "concept_id", "score"))
        for listing_id, concept, score in zip(*columns, strict=True):
            one = (-round(float(score), 6), taxonomy.group(concept))
            best[listing_id] = min(one, best.get(listing_id, one))
    return {listing_id: product for listing_id, (_, product) in best.items()}
