"""iCalendar: the events of a calendar file."""

from datetime import UTC, date, datetime

from icalendar import Calendar, Event

from sources.dates import local_midnight
from sources.platform import RawDocument, UnknownFormat
from sources.rows import Row


def read_events(document: RawDocument) -> list[Row]:
    """The events with uid, summary, description, location, url, categories, status, start, end and stamp (ISO, UTC)."""
    try:
        calendar = Calendar.from_ical(document.content)
        events = [event for event in calendar.walk("VEVENT") if isinstance(event, Event)]
    except (ValueError, IndexError, KeyError) as error:
        raise UnknownFormat(f"{document.name}: no calendar ({error})") from error
    return [_row(f"{document.name}: event {number}", event) for number, event in enumerate(events, start=1)]


def _row(place: str, event: Event) -> Row:
    categories = event.get("CATEGORIES")
    fields = {
        "uid": str(event.get("UID", "")).partition("@")[0],  # what follows names a host and looks like a mail address
        "summary": str(event.get("SUMMARY", "")),
        "description": str(event.get("DESCRIPTION", "")),
        "location": str(event.get("LOCATION", "")),
        "url": str(event.get("URL", "")),
        "status": str(event.get("STATUS", "")),
        "categories": "; ".join(str(category) for category in categories.cats) if categories else "",
        "start": _iso(event, "DTSTART"),
        "end": _iso(event, "DTEND"),
        "stamp": _iso(event, "DTSTAMP"),
    }
    return Row(place, fields, fields["uid"] or None)


def _iso(event: Event, name: str) -> str:
    """A time as UTC; a bare day is its start in Berlin, a floating time is Berlin's."""
    value = event.get(name)
    moment: date | datetime | None = getattr(value, "dt", None)
    if moment is None:
        return ""
    if not isinstance(moment, datetime):
        moment = local_midnight(moment)
        return moment.isoformat() if moment else ""
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC).isoformat()
