"""Frames as plain rows, the form in which documents read them."""

from typing import Any

import pandas as pd

Row = dict[str, Any]


def rows(frame: pd.DataFrame) -> list[Row]:
    """The rows of a frame as dictionaries in which a missing value is None."""
    names = [str(name) for name in frame.columns]
    complete = frame.astype("object").where(frame.notna(), None)
    # Column by column: `to_dict` looks at every cell again and takes three times as long.
    columns = [complete.iloc[:, place].tolist() for place in range(len(names))]
    return [dict(zip(names, values, strict=True)) for values in zip(*columns, strict=True)]
