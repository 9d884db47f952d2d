"""What the assets ask of storage beyond their inputs: the weeks before."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Protocol

import pandas as pd

from sources.week import Week


class History(Protocol):
    """Stored tables of earlier weeks. Not a partition dependency: a missing week must not make everything new."""

    def before(self, asset: str, week: Week, table: str = "") -> pd.DataFrame:
        """Rows of an asset's table of all stored weeks before `week`, with a column `week`; empty if there is none."""
        ...

    def latest(self, asset: str, week: Week) -> pd.DataFrame | None:
        """Rows of an asset of the newest stored week before `week`; None if there is none."""
        ...

    def stored(self, asset: str, week: Week) -> pd.DataFrame | None:
        """Rows of an asset as an earlier run of this very week left them; None if there was none."""
        ...

    def together(self, assets: Sequence[str], week: Week) -> Iterator[Sequence[pd.DataFrame]]:
        """Rows of several assets as one run left them: an earlier run of this very week, then the newest week before.

        A run one of whose tables is missing or cannot be read is left out.
        """
        ...


class Issued(Protocol):
    """What was published before."""

    def files(self, week: Week | str, name: str = "*") -> Mapping[str, bytes]:
        """Files of a week's or month's issue and its replaced editions by path, all or of one name; empty if none."""
        ...

    def today(self) -> date:
        """The day by which a correction is dated."""
        ...
