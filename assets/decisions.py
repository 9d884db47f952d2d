"""What people decided and the graph obeys: files that data staff keep; a run reads them and never writes them."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Protocol

import pandas as pd

from matching.consortia.options import Options
from reports.lagebild.muted import Mute
from reports.lagebild.remit import Remit


class Decisions(Protocol):
    """The decisions as they stand now. Whoever decided nothing has no file, and nothing changes."""

    def judgements(self) -> pd.DataFrame | None:
        """Which records are one organisation and which are not; columns of `matching.organisations.judgements`."""
        ...

    def feedback(self, until: date) -> pd.DataFrame | None:
        """Verdicts on matches up to a day, see `matching.needs.feedback`; raises FeedbackError."""
        ...

    def options(self, concepts: Collection[str]) -> Options:
        """What is prescribed to the composer, checked against the taxonomy's concepts; raises FileFault."""
        ...

    def mutes(self, concepts: Collection[str]) -> Sequence[Mute]:
        """What is off the lists, checked against the taxonomy's concepts; raises UnreadableMutes."""
        ...

    def remit(self, concepts: Collection[str]) -> Remit:
        """For whom the Lagebild is written, checked against the taxonomy's concepts; raises FileFault."""
        ...
