"""Days as people write them in German, French and English: "ab KW 17", "sofort", "à partir du 4 mai", "mid-May".

A day without a year is the one nearest to the day it was written on (the later of two); "now" is that day itself, and
"next Monday" counts from it. Of several days in a text the first counts, also of a span ("4. bis 15. Mai").
"""

import re
from calendar import monthrange
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta

from sources.rows.text import collapse
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

WEEKDAYS = {
    name: number
    for number, names in enumerate(
        (
            "montag monday lundi",
            "dienstag tuesday mardi",
            "mittwoch wednesday mercredi",
            "donnerstag thursday jeudi",
            "freitag friday vendredi",
            "samstag sonnabend saturday samedi",
            "sonntag sunday dimanche",
        )
    )
    for name in names.split()
}
DAYS_AHEAD = {
    word: days
    for days, words in (
        (0, "heute today aujourd'hui aujourd’hui"),
        (1, "morgen tomorrow demain"),
        (2, "übermorgen après-demain"),
    )
    for word in words.split()
}

# "One" is left out: in German and French it is the article.
NUMBER_WORDS = {
    word: number
    for number, words in (
        (2, "zwei deux two"), (3, "drei trois three"), (4, "vier quatre four"), (5, "fünf cinq five"),
        (6, "sechs six"), (7, "sieben sept seven"), (8, "acht huit eight"), (9, "neun neuf nine"),
        (10, "zehn dix ten"), (11, "elf onze eleven"), (12, "zwölf douze twelve"), (15, "fünfzehn quinze"),
        (20, "zwanzig vingt twenty"), (30, "dreißig trente thirty"), (50, "fünfzig cinquante fifty"),
    )
    for word in words.split()
}  # fmt: skip
_NAME = "|".join(sorted(MONTHS, key=len, reverse=True))
_PART = "|".join(PARTS_OF_MONTH)
_YEAR = r"(?:\s*[/ ]\s*(20\d\d))?"
_COUNT = rf"(\d+|eine[mnr]?|une?|one|a|{'|'.join(NUMBER_WORDS)})"
_NEXT = r"(?:nächste[mnrs]?|kommende[mnrs]?|next)"

Reader = Callable[[re.Match[str], date], date | None]


def read_day(text: str | None, written_on: date, is_month_first: bool = False) -> date | None:
    """The first day a text names, or None if it names none; raises ValueError for a day that does not exist.

    `is_month_first`: 3/4/2020 is the fourth of March (American), otherwise the third of April.
    """
    clean = collapse(text or "")
    found = []
    for rank, (pattern, read) in enumerate(READERS):
        if (match := pattern.search(clean)) and (is_month_first or read is not _american):
            found.append((match.start(), rank, match, read))
            if match.start() == 0:
                break
    for _, _, match, read in sorted(found, key=lambda one: one[:2]):
        day = read(match, written_on)
        if day is not None:
            return day
    if match := _WEEKDAY.search(clean):  # of "Montag, 4. Mai" the date counts
        return written_on + timedelta(days=(WEEKDAYS[match[1].lower()] - written_on.weekday() - 1) % 7 + 1)
    return None


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


def _iso(match: re.Match[str], written_on: date) -> date:
    return date(int(match[1]), int(match[2]), int(match[3]))


def _numeric(match: re.Match[str], written_on: date) -> date:
    return _dated(int(match[1]), int(match[2]), match[3], written_on)


def _american(match: re.Match[str], written_on: date) -> date:
    return _dated(int(match[2]), int(match[1]), match[3], written_on)


def _week(match: re.Match[str], written_on: date) -> date:
    return date.fromisocalendar(int(match[2] or written_on.isocalendar()[0]), int(match[1]), 1)


def _day_month(match: re.Match[str], written_on: date) -> date:
    return _dated(int(match[1]), MONTHS[match[2].lower()], match[3], written_on)


def _month_day(match: re.Match[str], written_on: date) -> date:
    return _dated(int(match[2]), MONTHS[match[1].lower()], match[3], written_on)


def _month_of_year(match: re.Match[str], written_on: date) -> date:
    return date(int(match[2]), int(match[1]), 1)


def _quarter(match: re.Match[str], written_on: date) -> date:
    return _dated(1, 3 * int(match[1] or match[2]) - 2, match[3], written_on)


def _named_month(match: re.Match[str], written_on: date) -> date:
    return _part_of(match[1], _dated(1, MONTHS[match[2].lower()], match[3], written_on))


def _this_or_next_month(match: re.Match[str], written_on: date) -> date | None:
    part, is_next = match[1] or match[4], bool(match[2] or match[3])
    if not part and not is_next:
        return None  # "pro Monat"
    return _part_of(part, _months_later(written_on.replace(day=1), int(is_next)))


def _end_of_year(match: re.Match[str], written_on: date) -> date:
    return date(int(match[1] or written_on.year), 12, 31)


def _next_week(match: re.Match[str], written_on: date) -> date:
    return written_on + timedelta(days=7 - written_on.weekday())


def _from_now(match: re.Match[str], written_on: date) -> date:
    count = match[1].lower()
    number = int(float(NUMBER_WORDS.get(count, count if count.isdigit() else "1")))
    match match[2].lower():
        case "tag" | "jour" | "day":
            return written_on + timedelta(days=number)
        case "woche" | "semaine" | "week":
            return written_on + timedelta(weeks=number)
        case _:
            return _months_later(written_on, number)


def _ahead(match: re.Match[str], written_on: date) -> date:
    return written_on + timedelta(days=DAYS_AHEAD[match[1].lower()])


def _now(match: re.Match[str], written_on: date) -> date:
    return written_on


def _months_later(day: date, months: int) -> date:
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _part_of(part: str | None, first: date) -> date:
    """Start, middle or last day of the month that begins on a day; a bare month means its start."""
    match PARTS_OF_MONTH.get((part or "").lower()):
        case "middle":
            return first.replace(day=15)
        case "end":
            return first.replace(day=monthrange(first.year, first.month)[1])
        case _:
            return first


# How days are written; of the earliest match in a text the first reader in this order counts.
READERS: tuple[tuple[re.Pattern[str], Reader], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), read)
    for pattern, read in (
        (r"\b(20\d\d)[-/](\d\d)[-/](\d\d)", _iso),
        (r"\b(20\d\d)([01]\d)([0-3]\d)\b", _iso),
        (r"(?<![\d.,])(\d{1,2})[./](\d{1,2})(?:[./](20\d\d|\d\d)\b|\.?(?![\d/]))", _american),
        (r"(?<![\d.,])(\d{1,2})[./](\d{1,2})(?:[./](20\d\d|\d\d)\b|\.?(?![\d/]|\s?20\d\d))", _numeric),
        (r"(?<![\d.,])(\d{1,2})\.\s?(\d{1,2})\.\s?(20\d\d)\b", _numeric),
        (r"(?<![\d.,-])(\d{1,2})-(\d{1,2})-(20\d\d)\b", _numeric),
        (r"(?<![\d./])(0?[1-9]|1[0-2])[./](20\d\d)\b", _month_of_year),
        (rf"\b(?:KW|CW|calendar week|Kalenderwoche|week|wk|semaine|sem\.?|S)\s*(\d{{1,2}})\b{_YEAR}", _week),
        (rf"\b(\d{{1,2}})\.\s*(?:KW|Kalenderwoche|Woche)\b{_YEAR}", _week),
        (
            rf"\b(\d{{1,2}})(?:\.|er|st|nd|rd|th)?\s*(?:(?:bis|au|to|-|–)\s*\d{{1,2}}(?:\.|st|nd|rd|th)?\s*)?"
            rf"(?:of\s+)?({_NAME})\b(?!-)\.?(?:\s*(20\d\d))?",
            _day_month,
        ),
        (rf"\b({_NAME})\b\.?\s+(\d{{1,2}})(?:st|nd|rd|th)?\b(?:,?\s*(20\d\d))?", _month_day),
        (rf"\b(?:[QT]([1-4])|([1-4])(?:\.|er|e|ème)?\s*(?:Quartal|trimestre))\b{_YEAR}", _quarter),
        (
            rf"\b(?:({_PART})(?:/(?:{_PART}))?[\s-]+(?:of\s+|de\s+|d['’])?)?({_NAME})\b(?!-)\.?(?:\s*(20\d\d))?",
            _named_month,
        ),
        (
            rf"\b(?:({_PART})\s+(?:des\s+|de\s+|du\s+|of\s+(?:the\s+)?)?)?({_NEXT}\s+)?(?:Monats?|month|mois)"
            r"(\s+prochain)?(ende|mitte|anfang)?\b",
            _this_or_next_month,
        ),
        (
            r"\b(?:Jahresende|(?:Ende|fin|end of)\s+(?:des Jahres|d['’]année|de l['’]année|the year|(20\d\d)))\b",
            _end_of_year,
        ),
        (rf"\b(?:{_NEXT}\s+(?:Woche|week)|semaine prochaine)\b", _next_week),
        (
            rf"\b(?:in|dans|d['’]ici)\s+(?:ca\.\s*|etwa\s+|environ\s+|about\s+)?{_COUNT}\s*"
            r"(Tag|Woche|Monat|jour|semaine|mois|day|week|month)(?:s|e|en|n)?\b",
            _from_now,
        ),
        (rf"(?<!-)\b({'|'.join(DAYS_AHEAD)})\b", _ahead),
        (
            r"\b(?:sofort|umgehend|unverzüglich|jetzt|schnellstmöglich|so bald wie möglich|immédiate?|immédiatement"
            r"|maintenant|dès à présent|de suite|au plus vite|dès que possible|immediate|immediately|now|asap)\b",
            _now,
        ),
    )
)
_WEEKDAY = re.compile(rf"\b(?:ab|am|nächste[nr]?|from|next|dès|le|de)\s+({'|'.join(WEEKDAYS)})\b", re.IGNORECASE)
