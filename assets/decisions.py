"""What people decided and the graph obeys: files that data staff keep; a run reads them and never writes them."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from typing import Protocol

import pandas as pd
from pandera.typing import DataFrame

from matching.cases.entries import Entry
from matching.consortia.options import Options
from matching.plausibility.choices import Choices
from matching.schema import RefusedAnswer, ReviewVerdict
from reports.lagebild.issue import AnswerLinks
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

    def plausible(self, concepts: Collection[str]) -> Choices:
        """What is let through or held back against the rules, checked against the taxonomy; raises FileFault."""
        ...

    def mutes(self, concepts: Collection[str]) -> Sequence[Mute]:
        """What is off the lists, checked against the taxonomy's concepts; raises UnreadableMutes."""
        ...

    def remit(self, concepts: Collection[str]) -> Remit:
        """For whom the Lagebild is written, checked against the taxonomy's concepts; raises FileFault."""
        ...

    def faults(self, concepts: Collection[str]) -> Iterable[str]:
        """What keeps a file from being used without which no week must be made: file, line, column and rule."""
        ...


class Answers(Protocol):
    """What people answered to issues, and how they can. Entries are only ever added; each counts from its time on."""

    def collect(self, until: datetime) -> Sequence[str]:
        """Add what came by mail and workbook before a moment; notices of what could not be reached."""
        ...

    def entries(self, until: datetime | None = None) -> tuple[Entry, ...]:
        """The history before a moment; raises HistoryError."""
        ...

    def refused(self, until: datetime) -> DataFrame[RefusedAnswer]:
        """Answers that were refused before a moment."""
        ...

    def reviews(self, until: datetime) -> DataFrame[ReviewVerdict]:
        """Verdicts on matches of the blind sample, given before a moment."""
        ...

    def links(self) -> AnswerLinks | None:
        """How an issue's readers answer by mail; None where no address for answers is set."""
        ...
