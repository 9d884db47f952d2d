"""How days are written in German, French and English: each form is a pattern and what reads it.

Data first: a month, a weekday, a feast or a word such as "übermorgen" is a place in a table below, a way of writing is
a line of `READERS`. What a text says around a day ("ab", "bis", a dash between two) is the business of `dates`.
"""

import re
from calendar import monthrange
from collections.abc import Callable
from datetime import date, timedelta
from typing import NamedTuple

from dateutil.easter import easter

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
        (-1, "gestern yesterday"),
        (-2, "vorgestern avant-hier"),
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
# Days from Easter Sunday; "Ostern" and "Pfingsten" themselves are several days.
FEASTS = {
    "karfreitag": -2, "vendredi saint": -2, "good friday": -2, "ostersonntag": 0, "easter sunday": 0, "ostermontag": 1,
    "lundi de pâques": 1, "easter monday": 1, "christi himmelfahrt": 39, "ascension": 39, "pfingstsonntag": 49,
    "pfingstmontag": 50, "lundi de pentecôte": 50, "fronleichnam": 60,
}  # fmt: skip

MONTH_NAME = "|".join(sorted(MONTHS, key=len, reverse=True))
_PART = "|".join(PARTS_OF_MONTH)
_YEAR = r"(?:\s*[/ ]\s*(20\d\d))?"
_COUNT = rf"(\d+|eine[mnr]?|une?|one|a|{'|'.join(NUMBER_WORDS)})"
_NEXT = r"(?:nächste[mnrs]?|kommende[mnrs]?|next)"
ORDINAL = r"(?:\.|er|st|nd|rd|th)?"
DASH = r"\s*(?:-|–|—|bis(?: zum)?|au|à|to|through|/)\s*"
DAY_NAME = (
    rf"{'|'.join(WEEKDAYS)}|Mo|Di|Mi|Do|Fr|Sa|So|lun|mar|mer|jeu|ven|sam|dim|Mon|Tue|Tues|Wed|Thu|Thurs|Fri|Sat|Sun"
)
_ABBREVIATED_DAYS = {
    name: number
    for number, names in enumerate(
        ("mo lun mon", "di mar tue tues", "mi mer wed", "do jeu thu thurs", "fr ven fri", "sa sam sat", "so dim sun")
    )
    for name in names.split()
}
_NO_AMOUNT = r"(?!\s*(?:Mio|Mrd|Tsd|mill|Uhr|h|l|kg|t|m|m²|%|€|EUR|Stück|Stk)\b|\s*[%€])"


class Days(NamedTuple):
    """The first and the last day that a text names; None where it leaves one open."""

    first: date | None
    last: date | None = None


class Clock(NamedTuple):
    """What a day is read against.

    Words like "in two weeks" count from `written_on`; a day without a year is the nearest to `anchor`, or the next
    (`turn` 1) or last one (-1) seen from it.
    """

    written_on: date
    is_month_first: bool | None = False
    turn: int = 0
    anchor: date | None = None


Reader = Callable[[re.Match[str], Clock], Days]


def _nearest(in_year: Callable[[int], date], clock: Clock) -> date:
    """The day of the year before, this or next that the clock asks for; raises ValueError where it never exists."""
    anchor = clock.anchor or clock.written_on
    found = []
    for year in (anchor.year - 1, anchor.year, anchor.year + 1):
        try:
            found.append(in_year(year))
        except ValueError:
            continue
    if clock.turn:
        found = [day for day in found if (day - anchor).days * clock.turn >= 0]
    return min(found, key=lambda day: (abs(day - anchor), day < anchor))


def _dated(day: int, month: int, year: str | None, clock: Clock) -> Days:
    if year:
        return Days(date(int(year) + (2000 if len(year) == 2 else 0), month, day))
    return Days(_nearest(lambda y: date(y, month, day), clock))


def _iso(match: re.Match[str], clock: Clock) -> Days:
    return Days(date(int(match[1]), int(match[3]), int(match[4])))


def _compact(match: re.Match[str], clock: Clock) -> Days:
    return Days(date(int(match[1]), int(match[2]), int(match[3])))


def _numeric(match: re.Match[str], clock: Clock) -> Days:
    return _dated(int(match[1]), int(match[2]), match[3], clock)


def _with_slash(match: re.Match[str], clock: Clock) -> Days:
    """Day and month in the order of the text's origin, in the other one if only that is possible."""
    first, second = int(match[1]), int(match[2])
    if clock.is_month_first is None and first != second and max(first, second) <= 12:
        raise ValueError(f"{match[0]} may be {first} or {second} first")
    is_month_first = bool(clock.is_month_first)
    if (second if not is_month_first else first) > 12 >= (first if not is_month_first else second):
        is_month_first = not is_month_first
    return _dated(second, first, match[3], clock) if is_month_first else _dated(first, second, match[3], clock)


def _week(match: re.Match[str], clock: Clock) -> Days:
    def first(year: int) -> date:
        return date.fromisocalendar(year, int(match[1]), 1)

    if match[2]:
        monday = first(int(match[2]))
    else:
        monday = first(clock.written_on.isocalendar()[0])
        anchor = clock.anchor or clock.written_on
        if clock.turn and (monday + timedelta(days=6 * (clock.turn > 0)) - anchor).days * clock.turn < 0:
            monday = first(monday.year + clock.turn)
    return Days(monday, monday + timedelta(days=6))


def _day_month(match: re.Match[str], clock: Clock) -> Days:
    return _dated(int(match[1]), MONTHS[match[2].lower()], match[3], clock)


def _month_day(match: re.Match[str], clock: Clock) -> Days:
    return _dated(int(match[2]), MONTHS[match[1].lower()], match[3], clock)


def _month_of_year(match: re.Match[str], clock: Clock) -> Days:
    return _months(date(int(match[2]), int(match[1]), 1), 1)


def _quarter(match: re.Match[str], clock: Clock) -> Days:
    month = 3 * int(match[1] or match[2]) - 2
    return _in_year(lambda year: _months(date(year, month, 1), 3), match[3], clock)


def _half_year(match: re.Match[str], clock: Clock) -> Days:
    month = 6 * int(match[1] or match[2]) - 5
    return _in_year(lambda year: _months(date(year, month, 1), 6), match[3], clock)


def _named_month(match: re.Match[str], clock: Clock) -> Days:
    month = MONTHS[match[2].lower()]
    return _in_year(lambda year: _part_of(match[1], date(year, month, 1)), match[3], clock)


def _in_year(in_year: Callable[[int], Days], year: str | None, clock: Clock) -> Days:
    """A month or quarter of a year, said or chosen: of an end its last day counts."""
    if year:
        return in_year(int(year))

    def day(year: int) -> date:
        days = in_year(year)
        return (days.last if clock.turn > 0 else None) or days.first or date.min

    chosen = _nearest(day, clock)
    return in_year(chosen.year)


def _this_or_next_month(match: re.Match[str], clock: Clock) -> Days:
    part, is_next = match[1] or match[4], bool(match[2] or match[3])
    return _part_of(part, _months_later(clock.written_on.replace(day=1), int(is_next)))


def _of_this_month(match: re.Match[str], clock: Clock) -> Days:
    return Days(clock.written_on.replace(day=int(match[1])))


def _end_of_year(match: re.Match[str], clock: Clock) -> Days:
    return Days(date(int(match[2] or clock.written_on.year), 12, 31))


def _next_week(match: re.Match[str], clock: Clock) -> Days:
    monday = clock.written_on + timedelta(days=7 - clock.written_on.weekday())
    return Days(monday, monday + timedelta(days=6))


def _from_now(match: re.Match[str], clock: Clock) -> Days:
    return Days(_counted(match[1], match[2], 1, clock))


def _ago(match: re.Match[str], clock: Clock) -> Days:
    return Days(_counted(match[1] or match[3], match[2] or match[4], -1, clock))


def _counted(count: str, unit: str, sign: int, clock: Clock) -> date:
    number = int(float(NUMBER_WORDS.get(count.lower(), count if count.isdigit() else "1"))) * sign
    if abs(number) > 1000:
        raise ValueError(f"{count} {unit} from now")
    match unit.lower():
        case "tag" | "jour" | "day":
            return clock.written_on + timedelta(days=number)
        case "woche" | "semaine" | "week":
            return clock.written_on + timedelta(weeks=number)
        case _:
            return _months_later(clock.written_on, number)


def _ahead(match: re.Match[str], clock: Clock) -> Days:
    return Days(clock.written_on + timedelta(days=DAYS_AHEAD.get((match[1] or match[2]).lower(), -1)))


def _feast(match: re.Match[str], clock: Clock) -> Days:
    days = timedelta(days=FEASTS[match[1].lower()])
    return Days(_nearest(lambda year: easter(year) + days, clock))


def _now(match: re.Match[str], clock: Clock) -> Days:
    return Days(clock.written_on)


def _next_weekday(match: re.Match[str], clock: Clock) -> Days:
    """The coming such day; "next Wednesday" said on a Monday may be this week's or the next one's: ValueError."""
    weekday, today = WEEKDAYS[(match[1] or match[2]).lower()], clock.written_on.weekday()
    if weekday > today and re.search(r"next|nächst|prochain", match[0], re.IGNORECASE):
        raise ValueError(f"'{match[0]}' may be this week's or next week's")
    return Days(clock.written_on + timedelta(days=(weekday - today - 1) % 7 + 1))


def weekday_number(name: str) -> int:
    return {**WEEKDAYS, **_ABBREVIATED_DAYS}[name.lower()]


def _months_later(day: date, months: int) -> date:
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _months(first: date, count: int) -> Days:
    """So many whole months from a first day."""
    return Days(first, _months_later(first, count) - timedelta(days=1))


def _part_of(part: str | None, first: date) -> Days:
    """Start, middle or last day of the month that begins on a day; a bare month is all its days."""
    match PARTS_OF_MONTH.get((part or "").lower()):
        case "start":
            return Days(first)
        case "middle":
            return Days(first.replace(day=15))
        case "end":
            return Days(first.replace(day=monthrange(first.year, first.month)[1]))
        case _:
            return _months(first, 1)


_WEEKDAYS = "|".join(WEEKDAYS)
_DATE_BEHIND = (
    rf",?\s*(?:(?:den|dem|der|the|le|du)\s+)?(?:\d|(?:{MONTH_NAME})\b)"  # of "Montag, 4. Mai" the date counts
)
# How patterns begin that match nothing without a digit.
_NEEDS_DIGIT = (r"(?<![", r"\b(20", r"\b(\d", r"\b(?:KW")

# How days are written; of those that begin at one place in a text the first in this order counts.
READERS: tuple[tuple[re.Pattern[str], Reader, bool], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), read, pattern.startswith(_NEEDS_DIGIT))
    for pattern, read in (
        (r"(?<![\d./-])(20\d\d)([-/.])(\d{1,2})\2(\d{1,2})(?!\d)", _iso),
        (r"\b(20\d\d)([01]\d)([0-3]\d)\b", _compact),
        (rf"(?<![\d.,])(\d{{1,2}})/(\d{{1,2}})(?:/(20\d\d|\d\d)\b|(?![\d/]|\s?20\d\d){_NO_AMOUNT})", _with_slash),
        (
            rf"(?<![\d.,])(\d{{1,2}})\.(\d{{1,2}})(?:\.(20\d\d|\d\d)\b(?!\.\d)|\.?(?!\.?\d|/|\s?20\d\d){_NO_AMOUNT})",
            _numeric,
        ),
        (r"(?<![\d.,])(\d{1,2})\.\s?(\d{1,2})\.\s?(20\d\d)\b", _numeric),
        (r"(?<![\d.,-])(\d{1,2})-(\d{1,2})-(20\d\d)\b", _numeric),
        (r"(?<![\d./])(0?[1-9]|1[0-2])[./](20\d\d)\b", _month_of_year),
        (rf"\b(?:KWs?|CW|calendar week|Kalenderwochen?|weeks?|wk|semaines?|sem\.?|S)\s*(\d{{1,2}})\b{_YEAR}", _week),
        (rf"\b(\d{{1,2}})\.\s*(?:KW|Kalenderwoche|Woche)\b{_YEAR}", _week),
        (rf"\b(\d{{1,2}})-({MONTH_NAME})\.?-(20\d\d|\d\d)\b", _day_month),
        (rf"\b(\d{{1,2}}){ORDINAL}\s*(?:of\s+)?({MONTH_NAME})\b(?!-)\.?(?:,?\s*(20\d\d))?", _day_month),
        (rf"\b({MONTH_NAME})\b\.?\s+(\d{{1,2}})(?:st|nd|rd|th)?\b(?:,?\s*(20\d\d))?", _month_day),
        (rf"\b(?:[QT]([1-4])|([1-4])(?:\.|er|e|ème)?\s*(?:Quartal|trimestre|quarter))\b{_YEAR}", _quarter),
        (rf"\b(?:H([12])|([12])(?:\.|er|e|ème)?\s*(?:Halbjahr|semestre))\b{_YEAR}", _half_year),
        (
            rf"\b(?:({_PART})(?:/(?:{_PART}))?[\s-]+(?:of\s+|de\s+|d['’])?)?({MONTH_NAME})\b(?!-)\.?(?:\s*(20\d\d))?",
            _named_month,
        ),
        (
            rf"\b(?:({_PART})\s+(?:des\s+|de\s+|du\s+|of\s+(?:the\s+)?)?)?({_NEXT}\s+)?(?:Monats?|month|mois)"
            r"(\s+prochain)?(ende|mitte|anfang)?\b",
            _this_or_next_month,
        ),
        (r"\b(\d{1,2})\.?\s+(?:courant|crt\.|dieses Monats|d\.\s?M\.|of this month|de ce mois)(?! \w)", _of_this_month),
        (
            r"\b(Jahresende|(?:Ende|fin|end of)\s+(?:des Jahres|d['’]année|de l['’]année|the year|(20\d\d)))\b",
            _end_of_year,
        ),
        (rf"\b(?:{_NEXT}\s+(?:Woche|week)|semaine prochaine)\b", _next_week),
        (
            rf"\b(?:in|dans|d['’]ici)\s+(?:ca\.\s*|etwa\s+|environ\s+|about\s+)?{_COUNT}\s*"
            r"(Tag|Woche|Monat|jour|semaine|mois|day|week|month)(?:s|e|en|n)?\b",
            _from_now,
        ),
        (
            rf"\b(?:(?:vor|il y a)\s+{_COUNT}\s*(Tag|Woche|Monat|jour|semaine|mois)(?:s|e|en|n)?"
            rf"|{_COUNT}\s+(day|week|month)s?\s+ago)\b",
            _ago,
        ),
        (rf"(?<!-)\b({'|'.join(DAYS_AHEAD)})\b|(?:^|\b(?:publiée?|postée?|en ligne|depuis|dès)\s)(hier)$", _ahead),
        (rf"\b({'|'.join(FEASTS)})\b", _feast),
        (
            r"\b(?:sofort|umgehend|unverzüglich|jetzt|schnellstmöglich|so bald wie möglich|immédiate?|immédiatement"
            r"|maintenant|dès à présent|de suite|au plus vite|dès que possible|immediate|immediately|now|asap)\b",
            _now,
        ),
        (
            r"\b(?:(?:ab|am|bis(?: zum)?|spätestens|until|by|from|on|this|dès|le|de|à|ce|d['’]ici|nächste[nr]?"
            r"|kommende[nr]?"
            rf"|diese[nr]?|next)\s+)+({_WEEKDAYS})\b(?:\s+prochain\b)?(?!{_DATE_BEHIND})|\b({_WEEKDAYS})\s+prochain\b",
            _next_weekday,
        ),
    )
)
# The forms that fields consist of most often: "ab KW 17", "4. Mai", "Mitte Mai", "sofort".
LONE_READERS = tuple((pattern, read) for pattern, read, _ in READERS if read in (_week, _day_month, _named_month, _now))
