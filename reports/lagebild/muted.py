"""Opportunities that data staff took off the lists for some weeks: data with a reason, never branches in code.

One row of the file mutes one opportunity by its number, or all that an organisation asks for, or all of one concept;
if a row names several of these, all must fit. From its first to its last week, both included, what it fits is off the
lists and stands at the end of the page of cases instead; after its last week it comes back.
"""

import csv
import io
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from reports.frames import Row
from sources.readers.delimited import delimiter_of
from sources.week import Week

FILE = "muted.csv"
COLUMNS = ("opportunity_id", "organisation_id", "concept_id", "from_week", "until_week", "reason")
OPPORTUNITY_ID = r"K-\d{4}-\d{2}-\d{2,}"
LONGEST_REASON = 200


class UnreadableMutes(ValueError):
    """The file of mutes has faults; the message names each with its line."""


@dataclass(frozen=True)
class Mute:
    """One row of the file; an empty text stands for "any"."""

    opportunity_id: str
    organisation_id: str  # who asks
    concept_id: str  # what is asked for
    first: Week
    last: Week
    reason: str

    def holds_in(self, week: Week) -> bool:
        """Whether the week lies in its time."""
        return self.first <= week <= self.last

    def fits(self, opportunity: Row) -> bool:
        """Whether an opportunity as laid out by `Desk` is meant."""
        asks = opportunity["consortium"]["organisation_id"] if opportunity["consortium"] else ""
        stated = (
            (self.opportunity_id, opportunity["opportunity_id"]),
            (self.organisation_id, asks),
            (self.concept_id, opportunity["title_concept_id"]),
        )
        return all(wanted == found for wanted, found in stated if wanted)


def read_mutes(content: bytes, concepts: Collection[str]) -> tuple[Mute, ...]:
    """The rows of a CSV file (RFC 4180, UTF-8, with header); raises UnreadableMutes with all faults at once.

    concepts: ids that the taxonomy knows. No content at all means no mutes.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise UnreadableMutes(f"{FILE}: line {line} is not UTF-8; save it as CSV in UTF-8") from error
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter_of(text))
    header = tuple(next(reader, COLUMNS))
    if header != COLUMNS:
        raise UnreadableMutes(f"{FILE}: line 1: the columns must be {','.join(COLUMNS)}, found {','.join(header)}")
    mutes, faults = [], []
    for cells in reader:
        if not cells:
            continue
        try:
            mutes.append(_mute([cell.strip() for cell in cells], concepts))
        except ValueError as error:
            faults.append(f"line {reader.line_num}: {error}")
    if faults:
        raise UnreadableMutes(f"{FILE}: {'; '.join(faults)}")
    return tuple(mutes)


def _mute(cells: Sequence[str], concepts: Collection[str]) -> Mute:
    if len(cells) != len(COLUMNS):
        raise ValueError(f"{len(cells)} cells, needed are {len(COLUMNS)}")
    opportunity_id, organisation_id, concept_id, first, last, reason = cells
    if not (opportunity_id or organisation_id or concept_id):
        raise ValueError("names no opportunity, organisation or concept")
    if opportunity_id and not re.fullmatch(OPPORTUNITY_ID, opportunity_id):
        raise ValueError(f"opportunity_id '{opportunity_id}' is no number such as K-2020-16-01")
    if concept_id and concept_id not in concepts:
        raise ValueError(f"concept_id '{concept_id}' is not in the taxonomy")
    if not 0 < len(reason) <= LONGEST_REASON:
        raise ValueError(f"a reason of 1 to {LONGEST_REASON} characters is needed, it has {len(reason)}")
    mute = Mute(opportunity_id, organisation_id, concept_id, Week.parse(first), Week.parse(last), reason)
    if mute.last < mute.first:
        raise ValueError(f"until_week {mute.last} lies before from_week {mute.first}")
    return mute
