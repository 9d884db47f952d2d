"""What is usual: quantities on a logarithmic scale, against the platform's own habits and the product's.

Medians are taken out of the decimal logarithms one after another, platforms first (median polish: J. W. Tukey,
Exploratory Data Analysis, 1977, chapter 11): a platform that counts everything in boxes of ten moves nothing. Spread
is the median of the absolute deviations, times 1.4826, which makes it the standard deviation of a normal distribution
(F. R. Hampel, JASA 69, 1974). Neither moves by what a few people type.
"""

import numpy as np
import pandas as pd

from matching.quantities import DEFAULT_WINDOW_DAYS, dimensions, period_days, sizes, within

ENOUGH = 8  # rows from which a median is taken: three wild ones do not move it far. Judgement
# Decades, at least: three times as much or as little is never unusual. Judgement; on the real board, products with
# fifty offers or more have 0.66 (cloth masks) to 1.64 (sanitizer).
LEAST_SPREAD = 0.5
_CONSISTENT = 1.4826
_DIGITS = 6  # logarithms differ between processors in the last bits


def on_scale(listings: pd.DataFrame) -> pd.DataFrame:
    """Listings with how far their quantity lies from what is usual.

    listings: columns platform, kind, concept_id, quantity (not missing), unit, period. Added are amount (in base
    units, a rate over four weeks), decades above the usual, spread (decades), deviations (decades by spread), usual
    and total (in `unit`, over four weeks).
    """
    size = sizes(listings["unit"])
    total = within(
        listings["quantity"].to_numpy(np.float64), period_days(listings["period"]), np.array(DEFAULT_WINDOW_DAYS)
    )
    amount = total * size
    table = listings.assign(amount=amount, total=total, measure=dimensions(listings["unit"]))
    same = ["kind", "measure"]
    logarithm = pd.Series(np.round(np.log10(amount), _DIGITS), index=table.index)
    table["decades"] = logarithm - _medians(table.assign(left=logarithm), [*same, "platform"], otherwise=same)
    table["decades"] -= _medians(table.assign(left=table["decades"]), [*same, "concept_id"])
    table["decades"] -= _medians(table.assign(left=table["decades"]), [*same, "concept_id", "platform"])
    table["decades"] = table["decades"].round(_DIGITS)
    deviation = _CONSISTENT * _medians(table.assign(left=table["decades"].abs()), [*same, "concept_id"], otherwise=same)
    spread = deviation.clip(lower=LEAST_SPREAD)
    usual = 10 ** (logarithm - table["decades"]) / size
    return table.assign(spread=spread, deviations=(table["decades"] / spread).round(_DIGITS), usual=usual)


def _medians(table: pd.DataFrame, by: list[str], otherwise: list[str] | None = None) -> pd.Series:
    """Median of column `left` in each row's group; in one of fewer than ENOUGH rows that of `otherwise`, else 0."""
    groups = table.groupby(by, dropna=False, sort=False)["left"]
    fallback = 0.0 if otherwise is None else table.groupby(otherwise, sort=False)["left"].transform("median")
    medians: pd.Series = groups.transform("median").where(groups.transform("size") >= ENOUGH, fallback)
    return medians
