"""Open offers as arrays, and the accounts that they draw on: a capacity is spent once, however often it is stated.

Amounts are totals over DEFAULT_WINDOW_DAYS, so that a rate and a stock can be added up, in base units of
`quantities.UNIT_SIZES`, so that kilograms and grams can.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from matching.arrays import Floats, Integers
from matching.consortia.board import Board
from matching.curves import HALF_LIFE_DAYS, OPEN_STATUSES, freshness
from matching.quantities import DEFAULT_WINDOW_DAYS, PERIOD_DAYS, UNIT_SIZES
from matching.repeats import statements
from sources.week import local_days

DUST = 1e-6  # of an account or a need: less is nothing
DIVISIBLE_UNITS = ("litre", "kilogram", "gram", "metre", "square_metre", "cubic_metre", "hour", "person_day")


@dataclass(frozen=True, eq=False)
class Supply:
    """Open offers, one per row, in order of their ids; columns as arrays or tuples."""

    listing_id: tuple[str, ...]
    organisation_id: tuple[str, ...]
    platform: tuple[str, ...]
    certificate: tuple[str, ...]
    region: tuple[str | None, ...]
    country: tuple[str | None, ...]
    account: Integers  # offers that repeat each other share one
    capacity: Floats  # of the account as this offer states it, over the window; NaN if not stated
    unit: tuple[str | None, ...]  # of the capacity and the smallest lot
    minimum: Floats  # smallest lot, 0 if not stated
    wait_days: Floats  # until it becomes available
    freshness: Floats  # see `curves.freshness`
    latitude: Floats
    longitude: Floats

    @property
    def accounts(self) -> int:
        return int(self.account.max()) + 1 if len(self.account) else 0

    def untouched(self) -> Floats:
        """What is left of every account before anything is promised: of the stocks, then of the calls.

        Calls are what requests without a quantity take: nothing of the stock, but somebody's time.
        """
        return np.ones(2 * self.accounts)

    def without_empty(self, left: Floats) -> Floats:
        """The same, without calls about stocks of which nothing is left."""
        stocks, calls = left[: self.accounts], left[self.accounts :]
        return np.concatenate([stocks, np.where(stocks > DUST, calls, 0.0)])


def total(quantity: float, period: object) -> float:
    """A quantity over the window: a stock as it is, a rate times its periods."""
    return quantity * DEFAULT_WINDOW_DAYS / PERIOD_DAYS[period] if isinstance(period, str) else quantity


def wanted(quantity: float, period: object, unit: str | None) -> float:
    """A quantity that is asked for over the window, of things that cannot be divided in whole ones; NaN stays."""
    amount = total(quantity, period)
    return amount if math.isnan(amount) or unit in DIVISIBLE_UNITS else float(math.ceil(round(amount, 3)))


def in_unit(quantity: float, unit: str | None, wanted: str | None) -> float:
    """A quantity in another unit; NaN where the two cannot be compared, unchanged where one is not stated."""
    if unit is None or wanted is None:
        return quantity
    (dimension, size), (wanted_dimension, wanted_size) = UNIT_SIZES[unit], UNIT_SIZES[wanted]
    return quantity * size / wanted_size if dimension == wanted_dimension else math.nan


def text(value: object) -> str | None:
    """A text or None, whatever kind of missing value stands there."""
    return value if isinstance(value, str) else None


def read_supply(board: Board) -> Supply:
    """The open offers. Of repeated statements the newest one with a quantity counts, of each no more than it states."""
    listings = board.listings
    is_open = listings["status"].isin(OPEN_STATUSES) & (listings["vetting"] != "rejected")
    offers = board.placed(listings[(listings["kind"] == "offer") & is_open]).sort_values("listing_id")
    said = statements(offers, board.members, board.concepts)
    accounts = offers["listing_id"].map(said).to_list()
    numbers = {name: number for number, name in enumerate(sorted(set(accounts)))}
    said_at = offers["updated_at"].fillna(offers["posted_at"])
    capacities = list(_capacities(accounts, offers, said_at))
    today = pd.Timestamp(board.on)
    wait = (local_days(offers["available_from"]) - today).dt.total_seconds() / 86400
    age = (today - local_days(said_at)).dt.total_seconds() / 86400
    return Supply(
        listing_id=tuple(offers["listing_id"]),
        organisation_id=tuple(offers["organisation_id"]),
        platform=tuple(offers["platform"]),
        certificate=tuple(offers["certificate"]),
        region=tuple(map(text, offers["region"])),
        country=tuple(map(text, offers["country"])),
        account=np.array([numbers[account] for account in accounts], dtype=np.int64),
        capacity=np.array([capacity for capacity, _ in capacities], dtype=float),
        unit=tuple(unit for _, unit in capacities),
        minimum=offers["minimum_quantity"].fillna(0.0).to_numpy(dtype=float),
        wait_days=np.asarray(wait.fillna(0.0).clip(lower=0), dtype=np.float64),
        freshness=freshness(age.fillna(HALF_LIFE_DAYS).clip(lower=0).to_numpy(dtype=float)),
        latitude=offers["latitude"].to_numpy(dtype=float),
        longitude=offers["longitude"].to_numpy(dtype=float),
    )


def _capacities(accounts: list[str], offers: pd.DataFrame, said_at: pd.Series) -> Iterator[tuple[float, str | None]]:
    """Of each offer the newest stated total of its account, but no more than it states itself, and the unit."""
    newest: dict[str, tuple[str, float, str | None]] = {}
    stated = list(zip(offers["quantity"], map(text, offers["unit"]), offers["period"], strict=True))
    said = said_at.fillna(pd.Timestamp(0, tz="UTC")).astype("str")
    for account, when, (quantity, unit, period) in zip(accounts, said, stated, strict=True):
        if not math.isnan(quantity) and when > newest.get(account, ("",))[0]:
            newest[account] = when, total(quantity, period), unit
    for account, (quantity, unit, period) in zip(accounts, stated, strict=True):
        _, capacity, known_unit = newest.get(account, ("", math.nan, None))
        own = in_unit(total(quantity, period), unit, known_unit)
        yield (own if own < capacity else capacity), known_unit or unit
