"""The files in which data staff decide, directly in the store; satisfies `assets.decisions.Decisions`.

judgements.csv  which records are the same organisation    `matching.organisations.judgements`
feedback.csv    verdicts on matches                        `matching.needs.feedback`
options.yaml    what is prescribed to the composer         `matching.consortia.options`
plausible.yaml  what is held back, or is not               `matching.plausibility.choices`
muted.csv       what is off the lists                      `reports.lagebild.muted`
lagebild.yaml   for whom the Lagebild is written           `reports.lagebild.remit`
retention.yaml  how long what is kept               `pipelines.retention`
cases.csv       what came of opportunities                 `matching.cases.entries`; added to by `pipelines.answers`
"""

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import date
from difflib import get_close_matches
from pathlib import Path

import click
import pandas as pd

from matching.cases.entries import HistoryError
from matching.consortia.options import Options, read_options
from matching.needs.feedback import FeedbackError
from matching.organisations.judgements import COLUMNS, Contradiction, read_judgements
from matching.plausibility.choices import Choices, read_choices
from matching.yaml_files import FileFault
from pipelines.answers.book import CaseBook
from pipelines.retention import read_periods
from pipelines.tables import read_table, read_verdicts
from reports.lagebild.muted import Mute, UnreadableMutes, read_mutes
from reports.lagebild.remit import FILE, Remit, read_remit
from sources.platforms import PLATFORMS
from sources.week import Week

FILES = (
    "judgements.csv",
    "feedback.csv",
    "options.yaml",
    "plausible.yaml",
    "muted.csv",
    "lagebild.yaml",
    "retention.yaml",
    "cases.csv",
)
_COPY = re.compile(r"( \(\d+\)| - (kopie|copy|copie)|_copy)$")  # what programs put behind the name of a copy
_ALIKE = 0.8  # "mutet" is as much like "muted"
_LIKE_OURS = (".csv", ".yaml", ".yml", ".txt", ".xlsx", ".xls", ".ods")


class DecisionFiles:
    """The decisions of one store; a missing file decides nothing."""

    def __init__(self, store: Path) -> None:
        self.store = store

    def judgements(self) -> pd.DataFrame | None:
        """None without the file; raises ClickException naming file and column, or Contradiction naming entries."""
        path = self.store / "judgements.csv"
        if not path.exists():
            return None
        table = read_table(path, COLUMNS[:3], COLUMNS)
        judged = pd.concat([table["record_id_left"], table["record_id_right"]]).dropna().drop_duplicates().sort_values()
        try:
            read_judgements(table, judged)
        except Contradiction as error:
            raise Contradiction(f"{path.name}: {error}") from error
        return table

    def feedback(self, until: date) -> pd.DataFrame | None:
        """Verdicts up to a day, None without the file; raises FeedbackError."""
        path = self.store / "feedback.csv"
        return read_verdicts(path, until) if path.exists() else None

    def options(self, concepts: Collection[str]) -> Options:
        """The defaults without the file; raises FileFault, which names file and entry."""
        path = self.store / "options.yaml"
        return read_options(path, concepts) if path.exists() else Options()

    def plausible(self, concepts: Collection[str]) -> Choices:
        """The documented limits without the file; raises FileFault, which names file, entry and field."""
        path = self.store / "plausible.yaml"
        return read_choices(path, concepts, [one.name for one in PLATFORMS]) if path.exists() else Choices()

    def mutes(self, concepts: Collection[str]) -> Sequence[Mute]:
        """None without the file; raises UnreadableMutes, which names every line."""
        path = self.store / "muted.csv"
        return read_mutes(path.read_bytes(), concepts) if path.exists() else ()

    def idle(self, concepts: Collection[str]) -> Iterator[str]:
        """What is decided about nothing that any stored week knows; raises as `mutes`."""
        named = sorted({mute.opportunity_id for mute in self.mutes(concepts)} - {""})
        known = CaseBook(self.store).numbers() if named else ()
        for number in named:
            if number not in known:
                yield f"muted.csv: {number} mutes nothing: no stored week has an opportunity of this number"
        for record_id in self._in_no_week(self._judged(), "organisation_members", "record_id"):
            yield f"judgements.csv: {record_id} judges nothing: no stored week has a record of this id"
        chosen = {one.listing_id: one.decided_on for one in self.plausible(concepts).listings}
        for listing_id in self._in_no_week(chosen, "listings", "listing_id"):
            yield f"plausible.yaml: {listing_id} decides nothing: no stored week has a listing of this id"

    def _judged(self) -> Mapping[str, date]:
        """Judged records with the last day of a judgement."""
        table = self.judgements()
        if table is None:
            return {}
        days = pd.to_datetime(table["judged_on"]).dt.date.fillna(date.max)
        return {
            record_id: day
            for column in ("record_id_left", "record_id_right")
            for record_id, day in sorted(zip(table[column], days, strict=True), key=str)
            if isinstance(record_id, str)
        }

    def _in_no_week(self, decided: Mapping[str, date], table: str, column: str) -> list[str]:
        """Of ids with the day on which something was decided about them, those that no stored week has.

        What was decided before the oldest stored week may be about one that was purged.
        """
        paths = sorted((self.store / "tables" / table).glob("[!.]*.parquet"), reverse=True)
        left = {one for one, day in decided.items() if paths and day >= Week.parse(paths[-1].stem).monday}
        for path in paths if left else ():
            left -= set(pd.read_parquet(path, columns=[column])[column])
        return sorted(left)

    def remit(self, concepts: Collection[str]) -> Remit:
        """The default without the file; raises FileFault, which names file and entry."""
        path = self.store / FILE
        return read_remit(path, concepts) if path.exists() else Remit()

    def faults(self, concepts: Collection[str]) -> Iterator[str]:
        """What keeps each file from being used: to be told before a run, not in the middle of it.

        Not of the verdicts: see `verdict_faults`.
        """
        yield from _faults(
            self.judgements,
            lambda: self.options(concepts),
            lambda: self.plausible(concepts),
            lambda: self.mutes(concepts),
            CaseBook(self.store).entries,
            lambda: self.remit(concepts),
            lambda: read_periods(self.store),
        )
        yield from self._misnamed()

    def _misnamed(self) -> Iterator[str]:
        """Files that somebody meant for one of ours: what they say would count for nothing, and nobody would know."""
        stems = {Path(name).stem: name for name in FILES}
        for path in sorted(self.store.glob("[!.]*")) if self.store.is_dir() else ():
            if path.name in FILES:
                if not path.stat().st_size:
                    yield f"{path.name} is empty: fill it, or delete it if it decides nothing"
                continue
            stem = _COPY.sub("", path.name.partition(".")[0].casefold())
            meant = get_close_matches(stem, stems, n=1, cutoff=_ALIKE)
            if meant and path.suffix.lower() in _LIKE_OURS:
                yield f"{path.name} is not read: save it as {stems[meant[0]]}"

    def verdict_faults(self) -> Iterator[str]:
        """What keeps the verdicts from being used; without them a week can still be made, and says so."""
        yield from _faults(lambda: self.feedback(date.max))


def _faults(*reads: Callable[[], object]) -> Iterator[str]:
    for read in reads:
        try:
            read()
        except (
            click.ClickException,
            Contradiction,
            FeedbackError,
            FileFault,
            HistoryError,
            UnreadableMutes,
        ) as error:
            yield str(error)
