"""Amounts of two listings in a common unit: how much of a need one offer covers within the time there is.

The units themselves are `sources.listing.UNITS`; how a board's words become them is the platforms' business.
"""

import numpy as np
import numpy.typing as npt
import pandas as pd

from matching.arrays import Floats

# unit -> dimension, how many of the dimension's first unit
UNIT_SIZES = {
    "piece": ("count", 1.0),
    "pair": ("count", 2.0),
    "test": ("count", 1.0),
    "bed": ("count", 1.0),
    "litre": ("volume", 1.0),
    "cubic_metre": ("volume", 1000.0),
    "kilogram": ("mass", 1.0),
    "gram": ("mass", 0.001),
    "metre": ("length", 1.0),
    "square_metre": ("area", 1.0),
    "hour": ("work", 1.0),
    "person_day": ("work", 8.0),
    "pallet": ("pallet", 1.0),
}
PERIOD_DAYS = {"day": 1.0, "week": 7.0, "month": 30.4375, "year": 365.25}
DEFAULT_WINDOW_DAYS = 28.0  # what a rate delivers counts for four weeks where no deadline is given

_DIMENSIONS = {name: number for number, name in enumerate(sorted({dimension for dimension, _ in UNIT_SIZES.values()}))}


def dimensions(units: pd.Series) -> npt.NDArray[np.int64]:
    """Number of the dimension of each unit, -1 without unit: only equal dimensions can be compared."""
    return np.asarray(
        units.map({unit: _DIMENSIONS[name] for unit, (name, _) in UNIT_SIZES.items()}).fillna(-1), dtype=np.int64
    )


def sizes(units: pd.Series) -> Floats:
    """How many base units one unit holds, 1 without unit."""
    return np.asarray(units.map({unit: size for unit, (_, size) in UNIT_SIZES.items()}).fillna(1.0), dtype=np.float64)


def period_days(periods: pd.Series) -> Floats:
    """Days of a rate's period, NaN for a plain amount."""
    return np.asarray(periods.map(PERIOD_DAYS), dtype=np.float64)


def within(amount: Floats, period: Floats, window: Floats) -> Floats:
    """What an amount or rate comes to within a window of days; shapes broadcast."""
    return np.where(np.isnan(period), amount, amount * window / np.where(np.isnan(period), 1.0, period))
