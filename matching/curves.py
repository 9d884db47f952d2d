"""How nearness and freshness fade, and what is open: the few numbers on which needs and consortia must agree.

The two halves are judgements of ours. Checked was the distance: 20, 50 or 250 km change the rank of the hidden member
of awarded consortia by 0.02 at most (`benchmarks/results/consortia.md`, "Completing awarded consortia").
"""

import numpy as np

from matching.arrays import Floats

OPEN_STATUSES = ("open", "stale")  # of a listing; a stale one has not been confirmed for long, but was not withdrawn
UNKNOWN = 0.5  # a part that nobody stated speaks neither for nor against
HALF_DISTANCE_KM = 250.0  # the nearness part halves with every such distance
HALF_LIFE_DAYS = 45.0  # and freshness with every such age


def nearness(distance_km: Floats | float) -> Floats:
    """1 at the same place, half at HALF_DISTANCE_KM; NaN where the distance is unknown."""
    near: Floats = np.power(0.5, np.asarray(distance_km) / HALF_DISTANCE_KM)
    return near


def freshness(age_days: Floats | float) -> Floats:
    """1 when said today, half after HALF_LIFE_DAYS; NaN where the age is unknown."""
    fresh: Floats = np.power(0.5, np.asarray(age_days) / HALF_LIFE_DAYS)
    return fresh
