"""Frames as plain rows, the form in which documents read them."""

from typing import Any

import pandas as pd

Row = dict[str, Any]


def rows(frame: pd.DataFrame) -> list[Row]:
    """The rows of a frame as dictionaries in which a missing value is None."""
    complete = frame.astype("object").where(frame.notna(), None)
    return [{str(name): value for name, value in row.items()} for row in complete.to_dict("records")]
