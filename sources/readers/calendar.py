"""iCalendar: the events of a calendar file, each occurrence of a recurring one by itself."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from typing import Any

from dateutil.rrule import DAILY, rrule, rruleset, rrulestr
from icalendar import Calendar, Event

from sources.platform import RawDocument, RowError, UnknownFormat
from sources.rows.read import Row
from sources.week import LOCAL_TIME

HORIZON = timedelta(weeks=26)  # a series without an end is told this far after the calendar was read
MOST_OCCURRENCES = 300  # of one series; a daily one of that length is no longer an event


def read_events(document: RawDocument) -> list[Row]:
    """The events with uid, summary, description, location, url, categories, status, start, end and stamp (ISO, UTC).

    Occurrences of a series follow its rule and dates (RRULE, RDATE, EXDATE) up to `HORIZON`; one that was changed by
    itself (RECURRENCE-ID) stands as changed. Their uid is that of the series with the start.
    """
    try:
        calendar = Calendar.from_ical(document.content)
        events = [event for event in calendar.walk("VEVENT") if isinstance(event, Event)]
    except (ValueError, IndexError, KeyError) as error:
        raise UnknownFormat(f"{document.name}: no calendar ({error})") from error
    changed = {(_uid(event), _at(event, "RECURRENCE-ID")) for event in events if "RECURRENCE-ID" in event}
    until = document.retrieved_at + HORIZON
    return [
        row
        for number, event in enumerate(events, start=1)
        for row in _rows(f"{document.name}: event {number}", event, changed, until)
    ]


def _rows(place: str, event: Event, changed: set[tuple[str, datetime | None]], until: datetime) -> Iterator[Row]:
    uid, start, end = _uid(event), _at(event, "DTSTART"), _at(event, "DTEND")
    if "RECURRENCE-ID" in event:
        yield _row(place, event, _occurrence_id(uid, _at(event, "RECURRENCE-ID")), start, end)
    elif start is None or not ("RRULE" in event or "RDATE" in event):
        yield _row(place, event, uid, start, end)
    else:
        try:
            starts = _starts(event, start, until)
        except (ValueError, TypeError, AttributeError) as error:
            yield Row(place, {}, uid or None, RowError("rrule", "format", str(error)[:100]))
            return
        for at in starts:
            if (uid, at) not in changed:
                lasts = end - start if end else None
                yield _row(f"{place}, {at:%Y-%m-%d}", event, _occurrence_id(uid, at), at, at + lasts if lasts else None)


def _starts(event: Event, start: datetime, until: datetime) -> list[datetime]:
    """When the occurrences of a series begin, in order; raises ValueError for a rule that no event has."""
    dates = rruleset()
    for rule in _listed(event.get("RRULE")):
        # Steps are counted in the calendar's own time: 9 o'clock stays 9 o'clock when summer time begins.
        parsed = rrulestr(rule.to_ical().decode(), dtstart=start, ignoretz=False)
        if not isinstance(parsed, rrule) or parsed._freq > DAILY:
            raise ValueError("recurs more often than daily")
        ends = min(filter(None, (parsed._until, until)))
        occurrences = parsed.replace(count=None, until=ends)
        for at in islice(occurrences, parsed._count or MOST_OCCURRENCES + 1):
            dates.rdate(at)
    for name, add in (("RDATE", dates.rdate), ("EXDATE", dates.exdate)):
        for listed in _listed(event.get(name)):
            for value in listed.dts:
                add(_moment(value.dt))
    found = list(islice(dates, MOST_OCCURRENCES + 1))
    if len(found) > MOST_OCCURRENCES:
        raise ValueError(f"more than {MOST_OCCURRENCES} occurrences")
    return found


def _listed(value: Any) -> list[Any]:
    return [] if value is None else value if isinstance(value, list) else [value]


def _occurrence_id(uid: str, at: datetime | None) -> str:
    return f"{uid}/{at.astimezone(UTC):%Y%m%dT%H%M}" if uid and at else uid


def _row(place: str, event: Event, uid: str, start: datetime | None, end: datetime | None) -> Row:
    categories = event.get("CATEGORIES")
    fields = {
        "uid": uid,
        "summary": _text(event, "SUMMARY"),
        "description": _text(event, "DESCRIPTION"),
        "location": _text(event, "LOCATION"),
        "url": _text(event, "URL"),
        "status": _text(event, "STATUS"),
        "categories": "; ".join(str(category) for category in categories.cats) if categories else "",
        "start": _iso(start),
        "end": _iso(end),
        "stamp": _iso(_at(event, "DTSTAMP")),
    }
    return Row(place, fields, uid or None)


def _uid(event: Event) -> str:
    return _text(event, "UID").partition("@")[0]  # what follows names a host and looks like a mail address


def _text(event: Event, name: str) -> str:
    return str(event.get(name, ""))


def _iso(moment: datetime | None) -> str:
    return moment.astimezone(UTC).isoformat() if moment else ""


def _at(event: Event, name: str) -> datetime | None:
    value: date | datetime | None = getattr(event.get(name), "dt", None)
    return None if value is None else _moment(value)


def _moment(value: date | datetime) -> datetime:
    """A time with its zone; a bare day is its start in Berlin, a floating time is Berlin's."""
    moment = value if isinstance(value, datetime) else datetime.combine(value, time())
    return moment if moment.tzinfo else moment.replace(tzinfo=LOCAL_TIME)
