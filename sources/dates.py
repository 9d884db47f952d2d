"""Days as people write them in German, French and English: "ab KW 17", "sofort", "à partir du 4 mai", "mid-May".

A day without a year is the one nearest to the day it was written on (the later of two); "now" is that day itself.
"""

import re
from datetime import UTC, date, datetime, time, timedelta

from sources.text import collapse
from sources.week import LOCAL_TIME

MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "januar jan jänner january janvier janv",
            "februar feb february février fév fevrier",
            "märz mrz maerz mär march mar mars",
            "april apr avril avr",
            "mai may",
            "juni jun june juin",
            "juli jul july juillet juil",
            "august aug août aout",
            "september sep sept septembre",
            "oktober okt october oct octobre",
            "november nov novembre",
            "dezember dez december dec décembre déc decembre",
        ),
        start=1,
    )
    for name in names.split()
}
PARTS_OF_MONTH = {
    part: name
    for name, parts in (
        ("start", "anfang beginn début debut early beginning start"),
        ("middle", "mitte mi mid middle"),
        ("end", "ende fin end late"),
    )
    for part in parts.split()
}

_NAME = "|".join(sorted(MONTHS, key=len, reverse=True))
_PART = "|".join(PARTS_OF_MONTH)
_ISO = re.compile(r"\b(20\d\d)-(\d\d)-(\d\d)")
_NUMERIC = re.compile(r"(?<![\d.,])(\d{1,2})([./])(\d{1,2})(?:[./](20\d\d|\d\d)\b|\.?(?![\d/]))")
_WEEK = re.compile(
    r"\b(?:KW|CW|calendar week|Kalenderwoche|week|wk|semaine|sem\.?|S)\s*(\d{1,2})\b(?:\s*[/ ]\s*(20\d\d))?",
    re.IGNORECASE,
)
_DAY_MONTH = re.compile(
    rf"\b(\d{{1,2}})(?:\.|er|st|nd|rd|th)?\s*(?:of\s+)?({_NAME})\b\.?(?:\s*(20\d\d))?", re.IGNORECASE
)
_MONTH_DAY = re.compile(rf"\b({_NAME})\b\.?\s+(\d{{1,2}})(?:st|nd|rd|th)?\b(?:,?\s*(20\d\d))?", re.IGNORECASE)
_PART_OF_MONTH = re.compile(
    rf"\b(?:({_PART})[\s-]+(?:of\s+|de\s+|d['’])?)?({_NAME})\b\.?(?:\s*(20\d\d))?", re.IGNORECASE
)
_NOW = re.compile(
    r"\b(sofort|umgehend|jetzt|immédiate?|immédiatement|dès maintenant|dès à présent|tout de suite"
    r"|immediate|immediately|now|asap)\b",
    re.IGNORECASE,
)


def read_day(text: str | None, written_on: date, is_month_first: bool = False) -> date | None:
    """The first day a text names, or None if it names none; raises ValueError for a day that does not exist.

    `is_month_first`: 3/4/2020 is the fourth of March (American), otherwise the third of April.
    """
    clean = collapse(text or "")
    if match := _ISO.search(clean):
        return date(int(match[1]), int(match[2]), int(match[3]))
    if match := _NUMERIC.search(clean):
        first, second = int(match[1]), int(match[3])
        month, day = (first, second) if is_month_first else (second, first)
        return _dated(day, month, match[4], written_on)
    if match := _WEEK.search(clean):
        year = int(match[2]) if match[2] else written_on.isocalendar()[0]
        return date.fromisocalendar(year, int(match[1]), 1)
    if match := _DAY_MONTH.search(clean):
        return _dated(int(match[1]), MONTHS[match[2].lower()], match[3], written_on)
    if match := _MONTH_DAY.search(clean):
        return _dated(int(match[2]), MONTHS[match[1].lower()], match[3], written_on)
    if match := _PART_OF_MONTH.search(clean):
        return _part_of_month(match[1], MONTHS[match[2].lower()], match[3], written_on)
    return written_on if _NOW.search(clean) else None


def local_midnight(day: date | None) -> datetime | None:
    """The start of a day in Berlin (and Strasbourg) as UTC."""
    return None if day is None else datetime.combine(day, time(), LOCAL_TIME).astimezone(UTC)


def _dated(day: int, month: int, year: str | None, written_on: date) -> date:
    if year:
        return date(int(year) + (2000 if len(year) == 2 else 0), month, day)
    years = (written_on.year - 1, written_on.year, written_on.year + 1)
    return min(
        (date(y, month, day) for y in years if _exists(y, month, day)),
        key=lambda d: (abs(d - written_on), d < written_on),
    )


def _exists(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def _part_of_month(part: str | None, month: int, year: str | None, written_on: date) -> date:
    """Start, middle or last day of a month; a bare month means its start."""
    first = _dated(1, month, year, written_on)
    match PARTS_OF_MONTH.get((part or "").lower()):
        case "middle":
            return first.replace(day=15)
        case "end":
            return (first.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
        case _:
            return first
