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
_PART_OF_HOUR = re.compile(r"\(?(?:UTC|GMT)?\s*([+-])(\d\d):?([1-5]\d)\)?", re.IGNORECASE)
_SHOWN = re.compile(r"\((?:UTC|GMT)(?:([+-])(\d\d)[:.](\d\d))?\)\s*(.+)", re.IGNORECASE)
# Abbreviations and names that the zone database does not know.
_ABBREVIATIONS = {
    "cest": "Europe/Berlin", "mez": "Europe/Berlin", "mesz": "Europe/Berlin", "mitteleuropäische zeit": "Europe/Berlin",
    "central european time": "Europe/Berlin", "heure d'europe centrale": "Europe/Paris", "bst": "Europe/London",
    "z": "UTC", "tzone://microsoft/utc": "UTC", "coordinated universal time": "UTC",
}  # fmt: skip


# Names of properties -> fields of events, as refusals name them.
FIELDS = {
    "DTSTART": "start", "DTEND": "end", "DURATION": "end", "RRULE": "recurrence", "RDATE": "recurrence",
    "EXDATE": "recurrence", "RECURRENCE-ID": "recurrence",
}  # fmt: skip
# Rules of vCalendar 1.0: how often, and the part of iCalendar's rule that says on which days.
_OLD_RULE = re.compile(r"(D|W|MP|MD|YM|YD)(\d{1,3})((?: [^#]+?)?)(?: #(\d{1,4})| (\d{8}(?:T\d{6}Z?)?))?")
_OLD_KINDS = {
    "D": ("DAILY", "BYDAY"), "W": ("WEEKLY", "BYDAY"), "MP": ("MONTHLY", "BYDAY"), "MD": ("MONTHLY", "BYMONTHDAY"),
    "YM": ("YEARLY", "BYMONTH"), "YD": ("YEARLY", "BYYEARDAY"),
}  # fmt: skip
_OLD_DAY = re.compile(r"(?:(\d{1,3})([+-]?)|LD|(MO|TU|WE|TH|FR|SA|SU))")


class Unreadable(ValueError):
    """What is wrong with a property of an event: the field that it fills, and why in words."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(f"{name}: {reason}")
        self.field = FIELDS.get(name, "event")
        self.reason = reason


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

    Raises Unreadable for a time, zone or rule that cannot be understood.
    """
    found = []
    for line in block:
        name, _, value = line.partition(":")
        if not value.strip():
            continue  # "DTEND:": nothing is said
        if timed := _TIMES.fullmatch(line):
            found += _standard_time(timed[1].upper(), timed[2] or "", timed[3], defined)
        elif (timed_name := name.partition(";")[0].upper()) in _NEEDED_TIMES:
            raise Unreadable(timed_name, f"'{value[:40]}' is no time")
        elif timed_name in _STAMPS:
            continue  # "CREATED:-0001-11-30T00:00:00"
        elif name.upper() == "RRULE" and "=" not in value:
            found.append(f"RRULE:{_rule_of_vcalendar(value)}")
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
            raise Unreadable(name, f"'{value[:40]}' is no time") from None
        return []
    zone = _ZONE_NAMED.search(parameters)
    if zone and (offset := _PART_OF_HOUR.fullmatch((zone[1] or zone[2] or "").strip())):  # zones have whole hours
        times = [_compact(at + "".join(offset.groups())) if at[-1] != "Z" and "T" in at else at for at in times]
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
        raise Unreadable("DTSTART", f"the time zone '{written[:60]}' is not known")
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


def _rule_of_vcalendar(written: str) -> str:
    """A rule as vCalendar 1.0 has it ("W1 MO WE #10": Mondays and Wednesdays, ten times) in RFC 5545.

    Without an end it is told twice, with "#0" for ever (vCalendar 1.0, 1996, section "Basic Recurrence Rules").
    """
    found = _OLD_RULE.fullmatch(" ".join(written.upper().split()))
    parts = [_OLD_DAY.fullmatch(part) for part in found[3].split()] if found else []
    if found is None or None in parts:
        raise Unreadable("RRULE", f"the rule '{written[:60]}' of vCalendar 1.0 is not one that we can read")
    frequency, by = _OLD_KINDS[found[1]]
    days, position = [], ""
    for part in filter(None, parts):
        number = "-1" if part[0] == "LD" else f"{'-' if part[2] == '-' else ''}{part[1]}" if part[1] else ""
        if by == "BYDAY" and number:
            position = number  # holds for the weekdays behind it
        else:
            days.append(number or position + part[3])
    rule = [f"FREQ={frequency}", f"INTERVAL={max(int(found[2]), 1)}"]
    if days:
        rule.append(f"{by}={','.join(days)}")
    if found[5]:
        rule.append(f"UNTIL={found[5]}")
    elif found[4] != "0":
        rule.append(f"COUNT={found[4] or 2}")
    return ";".join(rule)


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
