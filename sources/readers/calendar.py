"""iCalendar: the events of a calendar file, each occurrence of a recurring one by itself.

Times keep their kind until they become moments: a whole day begins at midnight in Berlin, a time without a zone is that
of the calendar (X-WR-TIMEZONE) or Berlin's. Each event is taken apart by itself: a broken one is refused alone. How
programs write their files is the business of `calendar_lines`.
"""

import html
import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from dateutil.rrule import DAILY, rrule, rruleset, rrulestr
from icalendar import Calendar, Event
from icalendar.timezone import tzp

from sources import limits
from sources.platform import RawDocument, RowError, UnknownFormat
from sources.readers.calendar_lines import Unreadable, standard_lines, unfolded, zone_named
from sources.readers.html import text_of_fragment
from sources.rows.read import Row
from sources.rows.text import collapse
from sources.week import LOCAL_TIME

HORIZON = timedelta(weeks=26)  # a series without an end is told this far after the calendar was read
OLDEST = 1990  # clocks that were never set and empty fields say 1980, 1970, 1601 or 1

_ZONE_OF_CALENDAR = re.compile(r"^X-WR-TIMEZONE[^:\n]*:(.+)$", re.MULTILINE | re.IGNORECASE)
_CANCELS = re.compile(r"^METHOD:\s*CANCEL\s*$", re.MULTILINE | re.IGNORECASE)
# Outlook cancels in the title, and leaves the status as it was.
_CANCELLED = re.compile(
    r"[\s\[(*]*(?:abgesagt|storniert|entfällt|fällt aus|cancel+ed|annulée?s?|reporté[es]* sine die)\b[\s\])*]*[:–—-]",
    re.IGNORECASE,
)
_ESCAPED = re.compile(r"\\([nN;,\\])")
_MARKUP = re.compile(r"</?(?:p|br|div|a|ul|li|b|strong|span)\b", re.IGNORECASE)


@dataclass(frozen=True)
class _Frame:
    """What a calendar says of all its events."""

    name: str  # of the document
    zone: ZoneInfo  # of times without a zone
    is_cancelling: bool
    until: datetime  # how far series are told


_Key = tuple[str, datetime | str | None]


class _Version(NamedTuple):
    """One block of a file: an event, or one occurrence of a series as it was changed."""

    place: str
    event: Event
    key: _Key  # its uid and, of an occurrence, which one
    day_key: _Key  # the same with the day, where the file names the occurrence by its day
    order: tuple[int, str]  # SEQUENCE and time of the last change


def read_events(document: RawDocument) -> list[Row]:
    """The events with uid, summary, description, location, url, categories, status and times (ISO, UTC).

    start, end: the end is exclusive as in the file; until: the last moment, of whole days the last midnight;
    created, modified, stamp: the stamp is the time of export in most files.
    Occurrences of a series follow its rule and dates (RRULE, RDATE, EXDATE) up to `HORIZON`; one that was changed by
    itself (RECURRENCE-ID) stands as changed. Their uid is that of the series with the start. Of several versions of an
    event the one with the highest SEQUENCE, of these the one changed last holds. Raises UnknownFormat if there is no
    calendar.
    """
    try:
        lines = unfolded(document.content)
    except (ValueError, LookupError) as error:
        raise UnknownFormat(f"{document.name}: no calendar ({error})") from error
    if not any(line.upper() == "BEGIN:VCALENDAR" for line in lines):
        raise UnknownFormat(f"{document.name}: no calendar (it does not begin as one)")
    named = _ZONE_OF_CALENDAR.search("\n".join(lines))
    zone = zone_named(named[1]) if named else None
    cancels = _CANCELS.search("\n".join(lines)) is not None
    frame = _Frame(document.name, zone or LOCAL_TIME, cancels, document.retrieved_at + HORIZON)
    return list(_read(frame, lines))


def _read(frame: _Frame, lines: list[str]) -> Iterator[Row]:
    zones, blocks = _blocks(lines)
    versions: list[_Version] = []
    for number, block in enumerate(blocks, start=1):
        place = f"{frame.name}: event {number}"
        try:
            versions.append(_version(place, _event(block, zones)))
        except (ValueError, LookupError, TypeError, AttributeError) as error:
            yield Row(place, {}, _uid_in(block), _refusal(error, "event"))
    current = _current(versions)
    changed = {key for one in current if "RECURRENCE-ID" in one.event for key in (one.key, one.day_key)}
    for one in current:
        try:
            yield from list(_rows(one.place, one.event, changed, frame))
        except (ValueError, LookupError, TypeError, AttributeError, OverflowError) as error:
            yield Row(one.place, {}, _uid(one.event) or None, _refusal(error, "recurrence"))


def _refusal(error: Exception, field: str) -> RowError:
    """A refusal in words for who wrote the calendar; those of libraries are for programmers."""
    if isinstance(error, Unreadable):
        return RowError(error.field, "format", error.reason)
    return RowError(field, "format", "not written as calendars write it")


def _current(versions: list[_Version]) -> list[_Version]:
    """The latest version of every event; of those that nothing tells apart each with another content."""
    latest: dict[_Key, tuple[int, str]] = {}
    for one in versions:
        latest[one.key] = max(one.order, latest.get(one.key, one.order))
    found = [one for one in versions if one.order == latest[one.key]]
    return [one for number, one in enumerate(found) if one.event not in [other.event for other in found[:number]]]


def _version(place: str, event: Event) -> _Version:
    """An event with what tells its versions apart; raises ValueError for a broken identity."""
    uid = _uid(event) or place
    occurrence = getattr(event.get("RECURRENCE-ID"), "dt", None)
    key: _Key = (uid, _at(event, "RECURRENCE-ID", LOCAL_TIME))
    is_day = isinstance(occurrence, date) and not isinstance(occurrence, datetime)
    changed = _known(_at(event, "LAST-MODIFIED", LOCAL_TIME) or _at(event, "DTSTAMP", LOCAL_TIME))
    sequence = str(event.get("SEQUENCE", "0"))
    order = int(sequence) if sequence.isdecimal() else 0, _iso(changed)
    return _Version(place, event, key, (uid, str(occurrence)) if is_day else key, order)


def _blocks(lines: list[str]) -> tuple[list[str], list[list[str]]]:
    """The lines of all zones, and those of each event; one that is not closed ends where the next begins."""
    zones: list[str] = []
    blocks: list[list[str]] = []
    inside = ""
    for line in lines:
        upper = line.upper()
        if upper in ("BEGIN:VEVENT", "BEGIN:VTIMEZONE"):
            inside = upper[6:]
            if inside == "VEVENT":
                blocks.append([])
        if inside:
            (blocks[-1] if inside == "VEVENT" else zones).append(line)
        if upper in ("END:VEVENT", "END:VTIMEZONE", "END:VCALENDAR"):
            inside = ""
    return zones, blocks


def _event(block: list[str], zones: list[str]) -> Event:
    """One event with the zones of its calendar; raises ValueError if it is not whole."""
    if block[-1].upper() != "END:VEVENT":
        raise Unreadable("VEVENT", "the event is not closed")
    defined = frozenset(line.partition(":")[2] for line in zones if line.upper().startswith("TZID"))
    known = standard_lines(block, defined)
    tzp.use_default()  # the library keeps zones of files read before, under names that mean another zone here
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        calendar = Calendar.from_ical("\r\n".join(["BEGIN:VCALENDAR", *zones, *known, "END:VCALENDAR", ""]))
    event = next(iter(calendar.walk("VEVENT")))
    if not isinstance(event, Event):
        raise Unreadable("VEVENT", "not an event")
    return event


def _rows(place: str, event: Event, changed: set[_Key], frame: _Frame) -> Iterator[Row]:
    uid, start = _uid(event), _at(event, "DTSTART", frame.zone)
    if start is None:
        yield Row(place, {"uid": uid}, uid or None, RowError("start", "required", "the event has no beginning"))
        return
    lasts = _lasts(event, start, frame.zone)
    if "RECURRENCE-ID" in event:
        uid = _occurrence_id(uid, _at(event, "RECURRENCE-ID", frame.zone))
        yield _row(place, event, uid, (start, start + lasts), frame)
    elif not ("RRULE" in event or "RDATE" in event):
        yield _row(place, event, uid, (start, start + lasts), frame)
    else:
        for at in _starts(event, start, frame):
            if changed.isdisjoint({(uid or place, at), (uid, at.date().isoformat())}):
                times = (at, at + lasts)
                yield _row(f"{place}, {at:%Y-%m-%d}", event, _occurrence_id(uid, at), times, frame)


def _lasts(event: Event, start: datetime, zone: ZoneInfo) -> timedelta:
    """How long an event lasts by the clock: DTEND, else DURATION; a whole day at least a day, a bare time no time."""
    end, duration = _at(event, "DTEND", zone), _duration(event)
    if end is not None:
        lasts = end.astimezone(start.tzinfo).replace(tzinfo=None) - start.replace(tzinfo=None)
    else:
        lasts = duration if isinstance(duration, timedelta) else timedelta()
    return lasts or timedelta(days=1 if _is_whole_day(event) else 0)


def _duration(event: Event) -> Any:
    try:
        return getattr(event.get("DURATION"), "dt", None)
    except (AttributeError, ValueError):  # how the library tells of a property that it could not read
        raise Unreadable("DURATION", "the duration is none such as PT1H30M") from None


def _is_whole_day(event: Event) -> bool:
    return not isinstance(getattr(event.get("DTSTART"), "dt", None), datetime)


def _starts(event: Event, start: datetime, frame: _Frame) -> list[datetime]:
    """When the occurrences of a series begin, in order; raises Unreadable for a rule that no event has."""
    dates = rruleset()
    if "RRULE" not in event:
        dates.rdate(start)  # further dates beside its own
    for rule in _listed(event.get("RRULE")):
        parsed = _rule(rule, start)
        ends = min(filter(None, (parsed._until, frame.until)))
        occurrences = parsed.replace(count=None, until=ends)
        for at in islice(occurrences, parsed._count or limits.OCCURRENCES + 1):
            dates.rdate(at)
    for value in _values(event, "RDATE"):
        dates.rdate(_moment(value[0] if isinstance(value, tuple) else value, frame.zone))
    without = {value for value in _values(event, "EXDATE") if not isinstance(value, datetime)}
    for value in _values(event, "EXDATE"):
        dates.exdate(_moment(value, frame.zone))
    found = list(islice((at for at in dates if at.date() not in without), limits.OCCURRENCES + 1))
    if len(found) > limits.OCCURRENCES:
        raise Unreadable("RRULE", f"more than {limits.OCCURRENCES} occurrences")
    return found


def _rule(rule: Any, start: datetime) -> rrule:
    """A rule whose steps are counted in the calendar's own time: 9 o'clock stays 9 o'clock when summer time begins."""
    try:
        if "UNTIL" in rule:
            rule["UNTIL"] = [_last_start(rule["UNTIL"][0], start)]
        parsed = rrulestr(rule.to_ical().decode(), dtstart=start, ignoretz=False)
    except (ValueError, LookupError, TypeError, AttributeError, OverflowError):
        raise Unreadable("RRULE", "the rule is none such as FREQ=WEEKLY;BYDAY=MO") from None
    if not isinstance(parsed, rrule) or parsed._freq > DAILY:
        raise Unreadable("RRULE", "recurs more often than daily")
    return parsed


def _last_start(until: date | datetime, start: datetime) -> datetime:
    """The UNTIL of a rule in UTC: a day counts to its end, a time without a zone is in that of the start."""
    moment = until if isinstance(until, datetime) else datetime.combine(until, time(23, 59, 59))
    return (moment if moment.tzinfo else moment.replace(tzinfo=start.tzinfo)).astimezone(UTC)


def _values(event: Event, name: str) -> list[Any]:
    return [value.dt for listed in _listed(event.get(name)) for value in listed.dts]


def _listed(value: Any) -> list[Any]:
    return [] if value is None else value if isinstance(value, list) else [value]


def _occurrence_id(uid: str, at: datetime | None) -> str:
    return f"{uid}/{at.astimezone(UTC):%Y%m%dT%H%M}" if uid and at else uid


def _row(place: str, event: Event, uid: str, times: tuple[datetime, datetime], frame: _Frame) -> Row:
    start, end = times
    is_whole_day = _is_whole_day(event)
    fields = {
        "uid": uid,
        "summary": collapse(html.unescape(_text(event, "SUMMARY"))),
        "description": _plain(_text(event, "DESCRIPTION") or _unescaped(_text(event, "X-ALT-DESC"))),
        "location": _text(event, "LOCATION"),
        "url": _text(event, "URL"),
        "status": _status(event, frame),
        "categories": "; ".join(
            str(category)
            for listed in _listed(event.get("CATEGORIES"))
            for category in getattr(listed, "cats", [listed])
        ),
        "start": _iso(start),
        "end": _iso(end),
        "until": _iso(_last_moment(start, end, is_whole_day)),
        "created": _iso(_known(_at(event, "CREATED", frame.zone))),
        "modified": _iso(_known(_at(event, "LAST-MODIFIED", frame.zone))),
        "stamp": _iso(_known(_at(event, "DTSTAMP", frame.zone))),
    }
    return Row(place, fields, uid or None)


def _last_moment(start: datetime, end: datetime, is_whole_day: bool) -> datetime:
    """The last moment of an event: what ends at midnight ends on the day before."""
    if is_whole_day:
        return end - timedelta(days=1)
    ends_at_midnight = end.astimezone(LOCAL_TIME).time() == time() and end > start
    return end - timedelta(seconds=1) if ends_at_midnight else end


def _status(event: Event, frame: _Frame) -> str:
    """The status in the standard's words; a calendar that only cancels and a title that says so go before it."""
    if frame.is_cancelling or _CANCELLED.match(_text(event, "SUMMARY")):
        return "CANCELLED"
    return _text(event, "STATUS").strip().upper().replace("CANCELED", "CANCELLED")


def _plain(text: str) -> str:
    return text_of_fragment(text) if _MARKUP.search(text) else html.unescape(text)


def _uid(event: Event) -> str:
    return _text(event, "UID").partition("@")[0]  # what follows names a host and looks like a mail address


def _uid_in(block: list[str]) -> str | None:
    """The uid of an event that cannot be taken apart."""
    written = next((line.partition(":")[2] for line in block if line.upper().startswith("UID")), "")
    return written.partition("@")[0] or None


def _text(event: Event, name: str) -> str:
    value = event.get(name, "")
    return str(value[0] if isinstance(value, list) else value)


def _unescaped(text: str) -> str:
    """A text without iCalendar's backslashes, which the library leaves in properties that it does not know (X-…)."""
    return _ESCAPED.sub(lambda found: "\n" if found[1] in "nN" else found[1], text)


def _iso(moment: datetime | None) -> str:
    return moment.astimezone(UTC).isoformat() if moment else ""


def _known(moment: datetime | None) -> datetime | None:
    return moment if moment and moment.year >= OLDEST else None


def _at(event: Event, name: str, zone: ZoneInfo) -> datetime | None:
    written = event.get(name)
    value: date | datetime | None = None if written is None else written.dt
    return None if value is None else _moment(value, zone)


def _moment(value: date | datetime, zone: ZoneInfo) -> datetime:
    """A time with its zone; a bare day is its start in Berlin, a floating time is the calendar's."""
    if not isinstance(value, datetime):
        return datetime.combine(value, time(), LOCAL_TIME)
    return value if value.tzinfo else value.replace(tzinfo=zone)
