"""Which state of a platform a week uses: the newest snapshot that can be believed, else the last good one.

    pull    asks the platform once and keeps what it served
    settle  reads snapshots, newest first, until one holds, and says what was wrong with the others

A platform that fails, fails alone: both functions turn every error into a reason in words. Which platforms a store
follows: those that were named, or, if none was, all that are asked over the network and of the others each from its
first delivery on. A platform that is not followed has no row among the week's states.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from datetime import datetime
from typing import NamedTuple, Protocol

import pandas as pd

from sources.directory import Member
from sources.listing import Listing, ParsedListing, Quarantine, SourceState, empty
from sources.platform import (
    ImplausibleVolume,
    NotDelivered,
    OfAnotherTime,
    Parsed,
    Platform,
    PlatformError,
    RawDocument,
)
from sources.rows.text import mask_contacts
from sources.week import Week
from sources.weekly import wholeness
from sources.weekly.intake import count_refused, known_by, read_snapshot
from sources.weekly.lifecycle import with_history
from sources.weekly.parts import band

# Below this many rows a halving is ordinary; above it, it usually means that pages were cut off.
FEWEST_ROWS_FOR_HALVING = 20
# A row refused for these is no garbled listing but none: nothing offered any more (an amount of nought), an entry typed
# to try the form, one that its owner had taken out.
SAYS_NOTHING = ("positive", "not_a_test", "erased")


class Snapshot(NamedTuple):
    """What a platform served once, kept unchanged."""

    week: Week
    sha256: str
    documents: Callable[[], tuple[RawDocument, ...]]


class Access(Protocol):
    """How the documents of a platform are obtained in this run."""

    @property
    def followed(self) -> Collection[str]:
        """Names of the platforms to follow; none: each that delivers, from its first delivery on."""
        ...

    @property
    def is_live(self) -> bool:
        """Live pages of a past week cannot be pulled again; exports and samples can."""
        ...

    def shows(self, week: Week) -> bool:
        """Whether what can be had now may be the state of a week; otherwise nothing is asked."""
        ...

    def documents(self, platform: Platform, week: Week, known: Sequence[RawDocument]) -> tuple[RawDocument, ...]:
        """The documents as served; a server may say that a `known` one has not changed. Raises Unreachable."""
        ...


class Snapshots(Protocol):
    """Where snapshots are kept; what is kept is never changed."""

    def keep(self, platform: str, week: Week, documents: Sequence[RawDocument]) -> str:
        """Keep documents unless the week's newest snapshot has the same content; the content's SHA-256."""
        ...

    def newest_first(self, platform: str, week: Week) -> Iterable[Snapshot]:
        """All snapshots of this week and the weeks before."""
        ...

    def final(self, platform: str, week: Week) -> str | None:
        """The SHA-256 of the week's newest snapshot if it was taken after the week's end, and not too late."""
        ...


class PlatformWeek(NamedTuple):
    """One platform in one week: what it lists, what was refused, how it fared (one row; none if not followed)."""

    listings: pd.DataFrame  # Listing
    quarantine: pd.DataFrame  # Quarantine
    state: pd.DataFrame  # SourceState
    members: pd.DataFrame  # directory.Member; no rows for boards


class _Used(NamedTuple):
    snapshot: Snapshot
    retrieved_at: datetime
    parsed: Parsed

    @property
    def rows(self) -> int:
        return len(self.parsed.listings) + len(self.members) + count_refused(self.parsed.quarantine)

    @property
    def members(self) -> pd.DataFrame:
        return empty(Member) if self.parsed.members is None else self.parsed.members


def pull(platform: Platform, week: Week, access: Access, snapshots: Snapshots) -> pd.DataFrame:
    """Ask the platform once. One row: platform, input_sha256 of what is kept, failure in words.

    One of the two is null; both are if the platform is not followed. A past week is never made of today's pages: what
    was stored in its time stands for it.
    """
    sha256 = failure = None
    if not access.followed or platform.name in access.followed:
        sha256 = snapshots.final(platform.name, week) if access.is_live else None
        if sha256 is None:
            newest = next(iter(snapshots.newest_first(platform.name, week)), None)
            try:
                sha256 = _kept(platform, week, access, snapshots, newest)
            except Exception as error:  # whatever one platform does, the others go on
                is_absent = isinstance(error, NotDelivered)
                if is_absent and newest is not None and newest.week == week:
                    sha256 = newest.sha256  # the week has its delivery, though the inbox holds it no more
                elif newest is not None or platform.name in access.followed or not is_absent:
                    failure = _in_words(error)
    return pd.DataFrame({"platform": [platform.name], "input_sha256": [sha256], "failure": [failure]}, dtype="str")


def _kept(platform: Platform, week: Week, access: Access, snapshots: Snapshots, newest: Snapshot | None) -> str:
    """The SHA-256 of what was served and kept, or of what this week kept before; raises OfAnotherTime."""
    if access.shows(week):
        known = newest.documents() if newest and access.is_live else ()
        documents = access.documents(platform, week, known)
        if is_of_its_time(documents, week):
            return snapshots.keep(platform.name, week, documents)
    if newest and newest.week == week and is_of_its_time(newest.documents(), week):
        return newest.sha256
    raise OfAnotherTime(f"live pages show today, and nothing of {week} was stored in its time")


def is_of_its_time(documents: Iterable[RawDocument], week: Week) -> bool:
    """Whether every page among them was served when it showed the week."""
    return all(week.shows(document.retrieved_at) for document in documents if document.is_page)


def settle(
    platform: Platform,
    week: Week,
    pulled: pd.DataFrame,
    snapshots: Iterable[Snapshot],
    past: pd.DataFrame,
    past_states: pd.DataFrame,
) -> PlatformWeek:
    """The platform as of the week's end.

    pulled: what `pull` gave this week. snapshots: newest first, this week's and earlier ones.
    past, past_states: stored `Listing` and `SourceState` rows of this platform of all earlier weeks.
    """
    reasons = pulled["failure"].dropna().tolist()
    if not reasons and pulled["input_sha256"].isna().all():
        return PlatformWeek(*map(empty, (Listing, Quarantine, SourceState, Member)))
    past = past if len(past) else empty(Listing)
    rows_before = int(past_states["rows_read"].iloc[-1]) if len(past_states) else 0
    used = _newest_believable(_readable(platform, snapshots, reasons), rows_before, reasons)
    if used is None:
        listings = with_history(empty(ParsedListing), empty(Listing), week, week.ends_at, is_carried_over=True)
        state = _state(platform, week, reasons, None, (0, 0, 0))
        return PlatformWeek(listings, empty(Quarantine), state, empty(Member))
    known, later = known_by(used.parsed.listings, week.ends_at, set(past["source_id"]))
    quarantine = used.parsed.quarantine
    says_nothing = quarantine["rule"].isin(SAYS_NOTHING) & (quarantine["field"] != "minimum_quantity")
    refused, ended = (set(quarantine["source_id"][which].dropna()) for which in (~says_nothing, says_nothing))
    if (quarantine["rule"] == wholeness.RULE).any():  # what is not there may stand where the delivery was cut off
        refused |= set(past["source_id"]) - ended
    counts = len(known) + len(used.members), count_refused(quarantine), len(later)
    # An earlier delivery of this week has been compared with the weeks before, whatever is wrong with a later one.
    is_carried_over = bool(reasons) and used.snapshot.week != week
    return PlatformWeek(
        with_history(known, past, week, used.retrieved_at, is_carried_over, refused, ended, platform.part_of),
        quarantine,
        _state(platform, week, reasons, used, counts),
        used.members,
    )


def _readable(platform: Platform, snapshots: Iterable[Snapshot], reasons: list[str]) -> Iterator[_Used]:
    """The snapshots that can be read; why the others cannot goes to `reasons`."""
    for snapshot in snapshots:
        try:
            documents = snapshot.documents()
            if not is_of_its_time(documents, snapshot.week):  # earlier versions kept today's pages for past weeks
                raise OfAnotherTime(f"what is stored of {snapshot.week} was not served in its time")
            parsed = read_snapshot(platform, documents)
        except Exception as error:  # hostile bytes may raise anything inside a parser
            reasons.append(_in_words(error))
        else:
            yield _Used(snapshot, max(document.retrieved_at for document in documents), parsed)


def _newest_believable(readable: Iterator[_Used], rows_before: int, reasons: list[str]) -> _Used | None:
    """The newest, unless it lost too much of the week before: then the one before, until that has lost it too.

    Too much are half the rows, or of a directory what no band allows: whoever is missing there is told nowhere else.
    rows_before: rows that the last stored week used.
    """
    newest = next(readable, None)
    is_halved = newest is not None and rows_before >= FEWEST_ROWS_FOR_HALVING and newest.rows * 2 < rows_before
    if newest is None or not (is_halved or (rows_before and newest.parsed.members is not None)):
        return newest
    told = len(reasons)
    before = next(readable, None)
    del reasons[told:]  # what is wrong with snapshots that nobody needs
    if before is None:
        return newest
    if len(newest.members) < band([len(before.members)]).fewest:
        lost = f"{len(newest.members)} members after {len(before.members)} in the snapshot before"
    elif is_halved and newest.rows * 2 < before.rows:
        lost = f"{newest.rows} rows after {before.rows} in the snapshot before"
    else:
        return newest
    reasons.append(_in_words(ImplausibleVolume(lost)))
    return before


def _state(
    platform: Platform, week: Week, reasons: Sequence[str], used: _Used | None, counts: tuple[int, int, int]
) -> pd.DataFrame:
    listed, quarantined, later = counts
    state = "missing" if used is None else "stale" if reasons else "fresh"
    row = {
        "platform": platform.name,
        "state": state,
        "reason": "; ".join(reasons) or None,
        "retrieved_at": used.retrieved_at if used else None,
        "age_days": max((week.ends_at - used.retrieved_at).days, 0) if used else 0,
        "rows_read": listed + quarantined + later,
        "rows_listed": listed,
        "rows_quarantined": quarantined,
        "rows_later": later,
        "input_sha256": used.snapshot.sha256 if used else None,
    }
    return pd.DataFrame([row]).astype({"retrieved_at": "datetime64[us, UTC]"})  # validated with all other platforms


def _in_words(error: Exception) -> str:
    """What goes to tables, logs and reports: our own words. What a library says may repeat what somebody wrote."""
    if isinstance(error, PlatformError):
        return f"{type(error).__name__}: {mask_contacts(str(error))}"[:500]
    told = str(error.strerror) if isinstance(error, OSError) and error.strerror else "cannot be taken apart"
    return f"Unexpected: {told} ({type(error).__name__})"
