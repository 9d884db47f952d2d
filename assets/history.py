"""What the assets ask of storage beyond their inputs: the weeks before, and what people decided."""

from collections.abc import Collection
from typing import Protocol

import pandas as pd

from matching.options import Options
from sources.week import Week


class History(Protocol):
    """Stored tables of earlier weeks. Not a partition dependency: a missing week must not make everything new."""

    def before(self, asset: str, week: Week, table: str = "") -> pd.DataFrame:
        """Rows of an asset's table of all stored weeks before `week`, with a column `week`; empty if there is none."""
        ...

    def latest(self, asset: str, week: Week) -> pd.DataFrame | None:
        """Rows of an asset of the newest stored week before `week`; None if there is none."""
        ...


class Judgements(Protocol):
    """What data staff decided about pairs of records."""

    def read(self) -> pd.DataFrame | None:
        """The entries as they stand now, in the columns of `matching.judgements`; None if nobody decided anything."""
        ...


class StoredOptions(Protocol):
    """What data staff prescribe to the composer; it holds for every week that is run while it lies there."""

    def read(self, concepts: Collection[str]) -> Options:
        """The options, checked against the taxonomy's concepts; raises OptionsError. Without a file: the defaults."""
        ...
