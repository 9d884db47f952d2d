"""What counts how much where consortia are composed: all weights of the composer, each with where it comes from.

Two measures. **Fit** says how well an offer fits a role, before anything is decided (`fit`); it is the soft score of
this room as `matching.needs.pairs` holds that of a pair, and has nearness, freshness and "unknown" in common with it
(`matching.curves`). **Worth** says how good plans are, and is what the optimiser maximises, in this order of weight:

    COVER     covered need by urgency, times the share of the chain's roles that can be filled; OUTSIDE of it elsewhere
    PARTNER   cost of every promise
    FIT       fit of the partners by the fraction that they promise
    LOAD      cost of every promise of an organisation beyond its first FREE_LOAD: balanced load

"Judgement": chosen by us, not measured; what stands beside it says what it comes to. How near the optimiser comes to
the best by this measure is in `benchmarks/results/consortia.md`; whether the measure is right is not known: the
tables at hand say which consortia were formed, not which of several would have been better.
"""

import numpy as np

from matching.arrays import Floats
from matching.curves import UNKNOWN, nearness

# Judgement: a step of urgency counts as much as two needs of the step below.
COVER = {"low": 1.0, "normal": 2.0, "high": 4.0, "critical": 8.0}
OUTSIDE = 0.25  # judgement, of COVER: two steps of urgency less for a need outside the countries of the task force
PARTNER = 0.02  # judgement: one more partner must cover 1 % more of a normal need
FIT = 0.02  # judgement: the best fit instead of none makes up for one more partner
LOAD = 0.01  # judgement: half as much as one more partner, so it decides between firms that serve a need alike
FREE_LOAD = 3  # judgement

# How well an offer fits a role. Judgement: what it is about decides, and leaves half to place and age. Checked on
# awarded consortia with one member hidden, where nothing was tuned: mean reciprocal rank 0.217 by subject alone, 0.387
# with the place, 0.407 with size in the seat of freshness (four digits of the code; `benchmarks/results/consortia.md`).
SUBJECT, NEARNESS, FRESHNESS = 0.5, 0.3, 0.2
# Judgement: worth of a concept that can fill a role but is not its first, and of one that a request names second.
SECOND_CHOICE = 0.9
# Judgement: a plan changes for no less than this much of filled roles times covered share.
NOTABLE = 0.1


def fit(scores: Floats, distances_km: Floats, freshness: Floats) -> Floats:
    """How well offers fit a role, 0 to 1: what they are about, times how near and how fresh they are.

    scores: how much an offer is about the role, 0 to 1 (`ListingConcept.score`, SECOND_CHOICE of it for a stand-in).
    distances_km: from the demand, NaN if unknown. freshness: 0 to 1 (`curves.freshness`). Shapes broadcast.
    """
    near = np.where(np.isnan(distances_km), UNKNOWN, nearness(distances_km))
    fits: Floats = scores * (SUBJECT + NEARNESS * near + FRESHNESS * freshness)
    return fits
