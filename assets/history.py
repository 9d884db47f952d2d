"""What the assets ask of storage beyond their inputs: the weeks before, and what people decided."""

from collections.abc import Collection, Mapping
from datetime import date
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


class Issued(Protocol):
    """What was published before, and what data staff decided about it."""

    def files(self, week: Week, name: str = "*") -> Mapping[str, bytes]:
        """Files of a week's issue and its replaced editions by path, all or those of one name; empty if unpublished."""
        ...

    def mutes(self) -> bytes:
        """The content of the file of mutes, see `reports.lagebild.muted`."""
        ...

    def today(self) -> date:
        """The day by which a correction is dated."""
        ...
