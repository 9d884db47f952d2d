"""What the assets ask of storage beyond their inputs: the weeks before."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import Protocol

import pandas as pd

from matching.news import opportunities, shortages
from matching.organisations import identity
from sources.week import Week
from sources.weekly import memory

# Table, or part of a platform's week -> of its rows of all weeks before, oldest first, those that a week may ask for.
# Of others every row is.
REMEMBERED: Mapping[str, Callable[[pd.DataFrame], pd.DataFrame]] = {
    "listings": memory.remembered,
    "state": lambda past: past.tail(1).reset_index(drop=True),
    "organisation_members": identity.remembered,
    "opportunities": opportunities.remembered,
    "shortages": shortages.remembered,
}


class History(Protocol):
    """Stored tables of earlier weeks. Not a partition dependency: a missing week must not make everything new."""

    def before(self, asset: str, week: Week, table: str = "") -> pd.DataFrame:
        """Rows of an asset's table of all stored weeks before `week`, with a column `week`; empty if there is none.

        Only those that are `REMEMBERED`, so that a week after years costs what the first did.
        """
        ...

    def within(self, asset: str, first: Week, week: Week) -> pd.DataFrame:
        """Every row of an asset of the stored weeks from `first` to before `week`, with a column `week`."""
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
