"""The grid on which readers see the numbers of a frame."""

import pandas as pd

from reports.wording import shown_amount

# The grid on which readers see a number: decimals by column. Whatever tells of a score reads it from here, so that the
# word for it, its sentence, the files and what decides about a correction agree, and no digit below makes a difference.
DECIMALS = {"score": 2, "distance_km": 0, "quantity_cover": 2, "gap": 4, "lead_time_days": 0}
AMOUNTS = ("quantity", "quantity_covered")


def as_shown(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with its numbers on the grid on which readers see them."""
    amounts = {name: frame[name].map(shown_amount, na_action="ignore") for name in AMOUNTS if name in frame}
    return frame.round({name: digits for name, digits in DECIMALS.items() if name in frame}).assign(**amounts)
