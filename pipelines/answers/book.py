"""The history of cases on disk, and how answers get into it; satisfies `assets.decisions.Answers`.

    <store>/cases.csv           the history (`matching.cases.entries`); lines are added, none is changed
    <store>/cases_refused.csv   answers that changed nothing, each once, with the rule that it broke
    <store>/reviews.csv         verdicts of blind reviews (`matching.cases.review`)
    <store>/answers/            mails (.eml, .mbox, Maildir) and filled workbooks; <inbox>/decisions/ likewise

An entry counts from the moment it was said, but never in a week that was run before it was read: then it counts from
the end of the newest such week. So a week that is run again knows what it knew.
"""

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
from pandera.typing import DataFrame

from matching.cases.entries import COLUMNS, NUMBER, Entry, HistoryError, is_closed_for, read_entries, written
from matching.schema import RefusedAnswer, ReviewVerdict, empty
from pipelines.answers.keys import KeyStore
from pipelines.answers.mails import Answer, Unread, digest, messages, read, source_of
from pipelines.answers.sheets import Row, UnreadableSheet, Verdict, rows
from pipelines.resources import AnswerAccess
from pipelines.tables import read_cells, why_unread
from reports.lagebild.issue import AnswerLinks
from sources.platform import RawDocument, Unreachable
from sources.readers.mailbox import Message
from sources.week import Week

FILE = "cases.csv"
REFUSED = "cases_refused.csv"
FOLDER = "answers"
REVIEWS = "reviews.csv"
REVIEW_COLUMNS = ("week", "request_id", "offer_id", "verdict", "role", "said_at")
REFUSED_COLUMNS = ("said_at", "way", "opportunity_id", "rule", "source")


class CaseBook:
    """The history of one store."""

    def __init__(self, store: Path, inbox: Path | None = None, access: AnswerAccess | None = None) -> None:
        self.store = store
        self.access = access or AnswerAccess()
        self.keys = KeyStore(store, self.access.key)
        self._folders = [store / FOLDER, *([inbox / "decisions"] if inbox else [])]

    def entries(self, until: datetime | None = None) -> tuple[Entry, ...]:
        """What was said before a moment; raises HistoryError naming file and line."""
        table = _read(self.store / FILE, COLUMNS)
        try:
            return read_entries(table, until)
        except HistoryError as error:
            raise HistoryError(f"{FILE}: {error}") from error

    def refused(self, until: datetime) -> DataFrame[RefusedAnswer]:
        """What was refused before a moment, in the order of time."""
        table = _read(self.store / REFUSED, REFUSED_COLUMNS)
        known = table[table["said_at"] < written(until)].astype("object")
        if known.empty:
            return DataFrame[RefusedAnswer](empty(RefusedAnswer))
        known = known.assign(opportunity_id=known["opportunity_id"].where(known["opportunity_id"].ne(""), None))
        return DataFrame[RefusedAnswer](
            known[["said_at", "way", "opportunity_id", "rule", "source"]].reset_index(drop=True)
        )

    def reviews(self, until: datetime) -> DataFrame[ReviewVerdict]:
        """Verdicts on matches given before a moment."""
        table = _read(self.store / REVIEWS, REVIEW_COLUMNS)
        known = table.loc[table["said_at"] < written(until), list(REVIEW_COLUMNS)]
        return DataFrame[ReviewVerdict](known.reset_index(drop=True))

    def links(self) -> AnswerLinks | None:
        """How an issue's readers answer by mail; None where no address for answers is set."""
        return AnswerLinks(self.access.address, self.keys.token) if self.access.address else None

    def numbers(self) -> frozenset[str]:
        """The numbers that stored weeks gave out."""
        stored = [
            pd.read_parquet(path, columns=["opportunity_id"])["opportunity_id"]
            for table in ("opportunity_numbers", "opportunities")
            for path in (self.store / "tables" / table).glob("[!.]*.parquet")
        ]
        return frozenset().union(*stored)

    def newest_end(self) -> datetime:
        """The end of the newest week that was run; before all weeks if none was."""
        weeks = [Week.parse(path.stem) for path in (self.store / "tables" / "opportunities").glob("[!.]*.parquet")]
        return max(weeks).ends_at if weeks else datetime(2020, 1, 1, tzinfo=UTC)

    def add(self, entry: Entry) -> Entry:
        """Add one entry, said at the earliest when the newest stored week ended."""
        added = entry._replace(said_at=max(self.newest_end(), entry.said_at))
        _append(self.store / FILE, COLUMNS, added.cells)
        return added

    def collect(self, until: datetime) -> list[str]:
        """Add what came before a moment by mail and workbook; notices of what could not be reached."""
        notices: list[str] = []
        documents = [*self._documents()]
        try:
            documents += self.access.mails()
        except Unreachable as error:
            notices.append(f"answers by mail could not be read: {error}")
        known = self.entries()
        for message in messages(documents):
            if message.sent_at is None or message.sent_at < until:
                known = (*known, *self._take_mail(message, known))
        for document in documents:
            if document.name.endswith(".xlsx") and document.retrieved_at < until:
                self._take_sheet(document)
        return notices

    def _documents(self) -> Iterator[RawDocument]:
        """Files of the folders, each as old as its last change."""
        for folder in self._folders:
            for path in sorted(folder.rglob("*")) if folder.is_dir() else ():
                if path.is_file() and not path.name.startswith((".", "~$")):
                    name = path.relative_to(folder).as_posix()
                    changed = datetime.fromtimestamp(path.stat().st_mtime, UTC)
                    yield RawDocument(name, path.read_bytes(), name, changed)

    def _take_mail(self, message: Message, before: tuple[Entry, ...]) -> tuple[Entry, ...]:
        """Add what a mail says to what was said before, or note why not: what was added, if anything was."""
        said = read(message)
        at = message.sent_at or self.newest_end()
        if isinstance(said, Unread):
            self._refuse("mail", said.number, said.rule, digest(source_of(message), message.text, message.place), at)
            return ()
        entry = Entry(
            said.number, said.state, said.reason, "lead", "mail", at, said.note, source_of(message), said.token
        )
        if any(_same(one, entry) and one.source == entry.source for one in before):
            return ()  # the mailbox is read again with every run
        rule = self._wrong(said, entry, before)
        if rule is None:
            return (self.add(entry._replace(said_at=max(at, said.week.ends_at))),)  # no answer is older than its issue
        self._refuse("mail", said.number, rule, digest(source_of(message), message.text), at)
        return ()

    def _wrong(self, said: Answer, entry: Entry, before: Sequence[Entry]) -> str | None:
        """The rule that a mailed answer breaks, None if it may be added."""
        rules: tuple[tuple[str, Callable[[], bool]], ...] = (
            ("forged", lambda: not self.keys.is_genuine(said.token, said.number, said.state, said.reason, said.week)),
            ("message_again", lambda: any(one.source == entry.source for one in before)),
            ("token_again", lambda: any(one.token == entry.token for one in before)),
            ("unknown", lambda: entry.opportunity_id not in self.numbers()),
            ("closed", lambda: is_closed_for(entry._replace(said_at=self._earliest(entry)), tuple(before))),
        )
        return next((rule for rule, is_broken in rules if is_broken()), None)

    def _earliest(self, entry: Entry) -> datetime:
        return max(entry.said_at, self.newest_end())

    def _take_sheet(self, document: RawDocument) -> None:
        try:
            found = list(rows(document.content))
        except UnreadableSheet as error:
            self._refuse("workbook", None, "unreadable", digest(document.name, error), document.retrieved_at)
            return
        for row in found:
            if isinstance(row, Row):
                self._take_row(row, document)
            else:
                self._take_verdict(row, document)

    def _take_verdict(self, row: Verdict, document: RawDocument) -> None:
        """Add a verdict; each pair of a week is judged once, by whoever is first."""
        known = _read(self.store / REVIEWS, REVIEW_COLUMNS)
        if not (
            (known["week"] == row.week) & (known["request_id"] == row.request_id) & (known["offer_id"] == row.offer_id)
        ).any():
            said_at = written(max(document.retrieved_at, self.newest_end()))
            _append(self.store / REVIEWS, REVIEW_COLUMNS, (*row, "lead", said_at))

    def _take_row(self, row: Row, document: RawDocument) -> None:
        source = digest(document.name, row.number)
        at = max(document.retrieved_at, self.newest_end())
        entry = Entry(row.number, row.state, row.reason, row.role, "workbook", at, row.note, source)
        before = self.entries()
        from_here = [one for one in before if one.source == source][-1:]
        of_case = [one for one in before if one.opportunity_id == row.number][-1:]
        if any(_same(one, entry) for one in (*from_here, *of_case)):
            return
        rule = self._wrong_row(entry, before)
        if rule is None:
            self.add(entry)
        else:
            self._refuse("workbook", row.number, rule, digest(source, *row), document.retrieved_at)

    def _wrong_row(self, entry: Entry, before: Sequence[Entry]) -> str | None:
        if entry.opportunity_id not in self.numbers():
            return "unknown"
        try:
            read_entries(pd.DataFrame([entry.cells], columns=list(COLUMNS)))
        except HistoryError:
            return "words"
        return "closed" if is_closed_for(entry, tuple(before)) else None

    def _refuse(self, way: str, number: str | None, rule: str, source: str, at: datetime) -> None:
        """Note a refused answer, unless it was noted before."""
        known = _read(self.store / REFUSED, REFUSED_COLUMNS)
        if source not in set(known["source"]):
            told = number if number and NUMBER.fullmatch(number) else ""  # whatever else stands there may name somebody
            cells = (written(max(at, self.newest_end())), way, told, rule, source)
            _append(self.store / REFUSED, REFUSED_COLUMNS, cells)


def _same(left: Entry, right: Entry) -> bool:
    return (left.opportunity_id, left.state, left.reason, left.note, left.token) == (
        right.opportunity_id, right.state, right.reason, right.note, right.token,
    )  # fmt: skip


def _read(path: Path, columns: Sequence[str]) -> pd.DataFrame:
    if not path.exists():
        return pd.DataFrame({name: pd.Series([], dtype="str") for name in columns})
    try:
        return read_cells(path)
    except (OSError, ValueError) as error:
        raise HistoryError(f"{path.name}: cannot be read: {why_unread(error, path)}") from error


def _append(path: Path, columns: Sequence[str], cells: Sequence[str]) -> None:
    """Add a line in one write, so that of two who add at once neither takes the other's away."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with path.open("x", encoding="utf-8", newline="") as file:
            file.write(_line(columns))
    except FileExistsError:  # the rule: only the first entry makes the file
        pass
    is_cut = not path.read_bytes().endswith(b"\n")  # as some editors leave it
    with path.open("a", encoding="utf-8", newline="") as file:
        file.write("\n" * is_cut + _line(cells))


def _line(cells: Sequence[str]) -> str:
    written = io.StringIO()
    csv.writer(written, lineterminator="\n").writerow(cells)
    return written.getvalue()
