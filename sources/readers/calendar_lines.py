"""The lines of an iCalendar file as the standard writes them, whatever program wrote the file.

Outlook, Exchange, Lotus, telephones and site plug-ins write zones under names of their own, empty properties, times as
in ISO 8601, quoted-printable as vCalendar 1.0 had it, and text without indentation. All of that is put right here, line
by line, so that the library reads one language (RFC 5545); what cannot be put right refuses its event with a reason.
"""

import quopri
import re
from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from sources.readers.encoding import decoded

_FOLD = re.compile(rb"(?:\r\n|\n|\r)[ \t]")
_LINE = re.compile(r"[A-Za-z][A-Za-z0-9-]*(?:;[A-Za-z0-9-]+(?:=[^:\n]*)?|;[^:\n]*\"[^\"\n]*\"[^:\n]*)*:")
_QUOTED_PRINTABLE = re.compile(r";(?:ENCODING=)?QUOTED-PRINTABLE\b", re.IGNORECASE)
_CHARSET = re.compile(r";CHARSET=\"?([\w.-]+)\"?", re.IGNORECASE)
# The value of a time begins with a day; a zone such as "UTC+02:00" or "tzone://Microsoft/Utc" before it has colons too.
_TIMES = re.compile(
    r"(DTSTART|DTEND|RECURRENCE-ID|EXDATE|RDATE|DTSTAMP|CREATED|LAST-MODIFIED|DUE)"
    r"(;.*?)?:\s*(\d{4}-?\d\d-?\d\d(?!\d).*|\d{8}.*)",
    re.IGNORECASE,
)
_STAMPS = frozenset({"DTSTAMP", "CREATED", "LAST-MODIFIED", "DUE"})
_NEEDED_TIMES = frozenset({"DTSTART", "DTEND", "RECURRENCE-ID", "EXDATE", "RDATE"})
_TIME = re.compile(r"(\d{4})-?(\d\d)-?(\d\d)(?:[T ](\d\d):?(\d\d)(?::?(\d\d))?(?:[.,]\d+)?\s*(Z|[+-]\d\d:?\d\d)?)?")
_ZONE_NAMED = re.compile(r';TZID=(?:"([^"\n]*)"|(.*?)(?=;[A-Z-]+=|$))', re.IGNORECASE)
_OFFSET = re.compile(r"\(?(?:UTC|GMT)?\s*([+-])0?(\d{1,2})(?:[:.]?00)?\)?", re.IGNORECASE)
_SHOWN = re.compile(r"\((?:UTC|GMT)(?:([+-])(\d\d)[:.](\d\d))?\)\s*(.+)", re.IGNORECASE)
# Abbreviations and names that the zone database does not know.
_ABBREVIATIONS = {
    "cest": "Europe/Berlin", "mez": "Europe/Berlin", "mesz": "Europe/Berlin", "mitteleuropäische zeit": "Europe/Berlin",
    "central european time": "Europe/Berlin", "heure d'europe centrale": "Europe/Paris", "bst": "Europe/London",
    "z": "UTC", "tzone://microsoft/utc": "UTC", "coordinated universal time": "UTC",
}  # fmt: skip


def unfolded(content: bytes) -> list[str]:
    """The lines of a calendar: folded ones whole, soft line breaks of quoted-printable and lost indentation mended.

    Raises ValueError or LookupError for bytes that are no text.
    """
    lines: list[str] = []
    is_soft = False
    for line in decoded(_FOLD.sub(b"", content)).splitlines():
        text = line.strip()
        if is_soft:
            lines[-1] = lines[-1][:-1] + text
        elif text and lines and _LINE.match(text) is None:
            lines[-1] += rf"\n{text}"  # a line break that its writer did not escape
        elif text:
            lines.append(text)
        is_soft = bool(lines) and lines[-1].endswith("=") and _QUOTED_PRINTABLE.search(lines[-1]) is not None
    return lines


def standard_lines(block: list[str], defined: frozenset[str]) -> list[str]:
    """The lines of an event in RFC 5545, without empty properties; `defined`: the zones that the file itself describes.

    Raises ValueError for a time or zone that cannot be understood.
    """
    found = []
    for line in block:
        name, _, value = line.partition(":")
        if not value.strip():
            continue  # "DTEND:": nothing is said
        if timed := _TIMES.fullmatch(line):
            found += _standard_time(timed[1].upper(), timed[2] or "", timed[3], defined)
        elif (timed_name := name.partition(";")[0].upper()) in _NEEDED_TIMES:
            raise ValueError(f"{timed_name} '{value[:40]}' is no time")
        elif timed_name in _STAMPS:
            continue  # "CREATED:-0001-11-30T00:00:00"
        elif _QUOTED_PRINTABLE.search(name):
            found.append(_plain_text(name, value))
        else:
            found.append(line)
    return found


def zone_named(name: str) -> ZoneInfo | None:
    """A zone by its name in the database or of Windows, behind a prefix, as an offset or as Outlook shows it."""
    written = name.strip()
    parts = written.strip("/").split("/")
    by_windows = _windows_names().get(written.lower())
    for key in (by_windows, written, "/".join(parts[-2:]), "/".join(parts[-3:]), _ABBREVIATIONS.get(written.lower())):
        if key and (known := _zone_names().get(key.lower())):
            return ZoneInfo(known)
    if offset := _OFFSET.fullmatch(written):
        sign = "-" if offset[1] == "+" else "+"  # POSIX counts westwards
        key = f"etc/gmt{sign}{offset[2]}" if offset[2] != "0" else "etc/utc"
        return ZoneInfo(_zone_names()[key]) if key in _zone_names() else None
    shown = _SHOWN.match(written)
    return _zone_of_cities(shown) if shown else None


def _zone_of_cities(shown: re.Match[str]) -> ZoneInfo | None:
    """The zone of "(UTC+01:00) Amsterdam, Berlin, …": the first city of the database with that offset in winter."""
    if "coordinated" in shown[4].lower() or "koordiniert" in shown[4].lower():
        return ZoneInfo("UTC")
    minutes = int(shown[2] or 0) * 60 + int(shown[3] or 0)
    offset = timedelta(minutes=-minutes if shown[1] == "-" else minutes)
    for city in re.split(r"\s*[,/;]\s*", shown[4]):
        for zone in map(ZoneInfo, _zones_of_city().get(city.strip().lower(), ())):
            if datetime(2020, 1, 15, tzinfo=zone).utcoffset() == offset:
                return zone
    return None


def _standard_time(name: str, parameters: str, value: str, defined: frozenset[str]) -> list[str]:
    """A line with a time or several as the standard writes it; none for a stamp that is no time."""
    try:
        times = [_compact(part) for part in value.split(",") if part.strip()]
    except ValueError:
        if name in _NEEDED_TIMES:
            raise ValueError(f"{name} '{value[:40]}' is no time") from None
        return []
    zone = _ZONE_NAMED.search(parameters)
    others = _ZONE_NAMED.sub("", parameters)
    if "T" not in times[0]:
        return [f"{name};VALUE=DATE:{','.join(times)}"]
    if "VALUE=DATE" in others.upper() and "DATE-TIME" not in others.upper():
        others = ""  # a time that calls itself a day
    return [f"{name}{_zone_parameter(zone, times, defined)}{others}:{','.join(times)}"]


def _zone_parameter(zone: re.Match[str] | None, times: list[str], defined: frozenset[str]) -> str:
    """The zone as the library knows it; none for times in UTC, of which the standard says that no zone applies."""
    written = (zone[1] or zone[2] or "").strip() if zone else ""
    if not written or all(time.partition("/")[0].endswith("Z") for time in times):
        return ""
    if written in defined:
        return f';TZID="{written}"'
    known = zone_named(written)
    if known is None:
        raise ValueError(f"the time zone '{written[:60]}' is not known")
    return f";TZID={known.key}"


def _compact(written: str) -> str:
    """A day, time or period in the basic form; the hour 24 is the next day's 0. Raises ValueError."""
    begin, slash, end = written.strip().partition("/")
    found = _TIME.fullmatch(begin)
    if found is None:
        raise ValueError(f"'{written}' is no time")
    year, month, day, hour, minute, second, zone = found.groups()
    midnight = datetime(int(year), int(month), int(day), tzinfo=UTC)
    if hour is None:
        return f"{midnight:%Y%m%d}"
    moment = midnight + timedelta(hours=int(hour), minutes=int(minute), seconds=min(int(second or 0), 59))
    if zone and zone != "Z":
        moment -= timedelta(hours=int(zone[:3]), minutes=int(zone[0] + zone[-2:]))
    return f"{moment:%Y%m%dT%H%M%S}{'Z' if zone else ''}{slash}{_compact(end) if end[:1].isdigit() else end}"


def _plain_text(name: str, value: str) -> str:
    """A line of vCalendar 1.0 in quoted-printable as text of iCalendar."""
    charset = _CHARSET.search(name)
    text = decoded(quopri.decodestring(value.encode()), charset[1] if charset else "")
    escaped = (
        text.replace("\\", "\\\\").replace("\r\n", "\\n").replace("\n", "\\n").replace(";", "\\;").replace(",", "\\,")
    )
    return f"{_CHARSET.sub('', _QUOTED_PRINTABLE.sub('', name))}:{escaped}"


@cache
def _zone_names() -> dict[str, str]:
    """Names in small letters -> names of the database."""
    return {name.lower(): name for name in sorted(available_timezones())}


@cache
def _windows_names() -> dict[str, str]:
    """Windows' names in small letters -> zones; the table is CLDR's, kept by the library."""
    return {name.lower(): zone for name, zone in WINDOWS_TO_OLSON.items()}


@cache
def _zones_of_city() -> dict[str, tuple[str, ...]]:
    """Cities in small letters -> the zones that bear their name."""
    cities: dict[str, tuple[str, ...]] = {}
    for name in _zone_names().values():
        city = name.rpartition("/")[2].replace("_", " ").lower()
        cities[city] = (*cities.get(city, ()), name)
    return cities
