"""The history of cases: one entry per answer or outcome; entries are added, never changed.

Lines stand in the order in which they were read; what counts is when they were said, since mails are read late.

| column | content |
| --- | --- |
| opportunity_id | K-2020-18-03 |
| state | one of `states.STATES` |
| reason | of declined and closed: one of `states.REASONS`, else empty |
| role | who said it: one of `states.ROLES`, never a person |
| way | how it came: one of `states.WAYS` |
| said_at | moment in UTC, 2020-04-29T08:15:00Z; a week knows the entries before its end |
| note | free text, contact data masked; may be empty |
| source | digest of the mail or of the workbook's row, empty for the command |
| token | of a mailed answer; it counts once |
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import NamedTuple

import pandas as pd
from pandera.typing import DataFrame

from matching.cases.states import AFTER_CLOSING, NEEDS_REASON, REASONS, ROLES, STATES, WAYS
from matching.schema import CaseEntry
from sources.week import Week, local_day

COLUMNS = ("opportunity_id", "state", "reason", "role", "way", "said_at", "note", "source", "token")
NUMBER = re.compile(r"K-\d{4}-\d{2}-\d{2,}")
_MOMENT = "%Y-%m-%dT%H:%M:%SZ"


class HistoryError(ValueError):
    """The history cannot be used; the message names every line and what is wrong with it."""


class Entry(NamedTuple):
    """One line of the history, see the table above."""

    opportunity_id: str
    state: str
    reason: str
    role: str
    way: str
    said_at: datetime
    note: str = ""
    source: str = ""
    token: str = ""

    @property
    def week(self) -> Week:
        """The week in which it was said: the first one whose issue knows it."""
        return Week.of(local_day(self.said_at))

    @property
    def cells(self) -> tuple[str, ...]:
        """The line as text, in the order of `COLUMNS`."""
        return tuple(written(value) if isinstance(value, datetime) else value for value in self)


def written(moment: datetime) -> str:
    """A moment as the history writes it, whole seconds in UTC."""
    return moment.astimezone(UTC).strftime(_MOMENT)


def read_entries(table: pd.DataFrame, until: datetime | None = None) -> tuple[Entry, ...]:
    """The entries before a moment, in the order of time; raises HistoryError.

    table: columns as above, every cell text. Lines are counted as in a file whose first line names the columns.
    """
    missing = [column for column in COLUMNS if column not in table]
    if missing:
        raise HistoryError(f"missing column {', '.join(missing)}; found {', '.join(table.columns) or 'none'}")
    lines = [tuple(str(cell).strip() for cell in row) for row in table[list(COLUMNS)].fillna("").to_numpy()]
    faults = [f"line {number}: {fault}" for number, cells in enumerate(lines, start=2) for fault in _faults(cells)]
    if faults:
        raise HistoryError("; ".join(faults))
    entries = sorted((_entry(cells) for cells in lines), key=lambda entry: entry.said_at)
    return tuple(entry for entry in entries if until is None or entry.said_at < until)


def _faults(cells: tuple[str, ...]) -> Iterator[str]:
    number, state, reason, role, way, said_at, *_ = cells
    if not NUMBER.fullmatch(number):
        yield f"opportunity_id {number!r} is no number such as K-2020-18-03"
    yield from wrong_words(state, reason)
    yield from wrong_role(role)
    if way not in WAYS:
        yield f"way {way!r} is none of {', '.join(WAYS)}"
    if _moment(said_at) is None:
        yield f"said_at {said_at!r} is no moment such as 2020-04-29T08:15:00Z"


def wrong_words(state: str, reason: str) -> Iterator[str]:
    """What is wrong with a state and its reason, in words."""
    if state not in STATES:
        yield f"state {state!r} is none of {', '.join(STATES)}"
    elif state in NEEDS_REASON and reason not in REASONS:
        yield f"reason {reason!r} of {state} is none of {', '.join(REASONS)}"
    elif state not in NEEDS_REASON and reason:
        yield f"{state} has no reason, found {reason!r}"


def wrong_role(role: str) -> Iterator[str]:
    """What is wrong with a role, in words."""
    if role not in ROLES:
        yield f"role {role!r} is none of {', '.join(ROLES)}"


def _moment(text: str) -> datetime | None:
    try:
        return datetime.strptime(text, _MOMENT).replace(tzinfo=UTC)
    except ValueError:
        return None


def _entry(cells: tuple[str, ...]) -> Entry:
    moment = _moment(cells[5])
    assert moment is not None  # noqa: S101 - `_faults` looked at it
    number, state, reason, role, way = cells[:5]
    return Entry(number, state, reason, role, way, moment, *cells[6:])


def is_closed_for(entry: Entry, before: tuple[Entry, ...]) -> bool:
    """Whether an earlier week closed the case and this entry says nothing that may follow.

    Within one week the later entry wins, whatever the earlier said; once an issue has told that a case is closed, only
    what `AFTER_CLOSING` names may follow.
    """
    earlier = [one for one in before if one.opportunity_id == entry.opportunity_id and one.week < entry.week]
    return bool(earlier) and entry.state not in AFTER_CLOSING.get(earlier[-1].state, STATES)


def entry_table(entries: tuple[Entry, ...]) -> DataFrame[CaseEntry]:
    """The entries in the columns of `CaseEntry`."""
    table = pd.DataFrame([entry.cells for entry in entries], columns=list(COLUMNS))
    return DataFrame[CaseEntry](table.drop(columns=["source", "token"]))


def entries_of(table: pd.DataFrame) -> tuple[Entry, ...]:
    """Entries from the columns of `CaseEntry`; they were read by `read_entries` before they were stored."""
    return read_entries(table.assign(source="", token=""))
