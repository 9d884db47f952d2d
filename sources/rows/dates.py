"""Days as people write them in German, French and English: "ab KW 17", "sofort", "à partir du 4 mai", "mid-May".

A day without a year is the one nearest to the day it was written on (the later of two), but an end ("bis 31.12.") lies
ahead of it and a past day ("seit 28.12.") behind it; "now" is that day itself, and "next Monday" counts from it.
"""

import re
from calendar import monthrange
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal, NamedTuple

from dateutil.easter import easter

from sources.rows.corrections import current
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

_NAME = "|".join(sorted(MONTHS, key=len, reverse=True))
_PART = "|".join(PARTS_OF_MONTH)
_YEAR = r"(?:\s*[/ ]\s*(20\d\d))?"
_COUNT = rf"(\d+|eine[mnr]?|une?|one|a|{'|'.join(NUMBER_WORDS)})"
_NEXT = r"(?:nächste[mnrs]?|kommende[mnrs]?|next)"
_ORDINAL = r"(?:\.|er|st|nd|rd|th)?"
_DASH = r"\s*(?:-|–|—|bis(?: zum)?|au|à|to|through|/)\s*"
_DAY_NAME = (
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

Role = Literal["begin", "end", "past"]


class Days(NamedTuple):
    """The first and the last day that a text names; None where it leaves one open."""

    first: date | None
    last: date | None = None


class _Clock(NamedTuple):
    """What a day is read against.

    Words like "in two weeks" count from `written_on`; a day without a year is the nearest to `anchor`, or the next
    (`turn` 1) or last one (-1) seen from it.
    """

    written_on: date
    is_month_first: bool | None = False
    turn: int = 0
    anchor: date | None = None


Reader = Callable[[re.Match[str], _Clock], Days]


class _Mention(NamedTuple):
    """One day, week, month or quarter as it stands in a text; `lead` is what stands between it and the one before."""

    match: re.Match[str]
    read: Reader
    lead: str
    role: Role | None

    def days(self, clock: _Clock) -> Days:
        """Its first day, and its last if it is more than one; raises ValueError."""
        found = self.read(self.match, clock)
        if found.last and _VAGUE_PART.search(self.lead):
            raise ValueError(f"a part of {self.match[0]}")
        if found.last and _END_OF.search(self.lead):
            return Days(found.last)
        if found.first and found.last is None:
            if (name := _WEEKDAY_BEFORE.search(self.lead)) and found.first.weekday() != _weekday_number(name[1]):
                raise ValueError(f"{found.first} is no {name[1]}")
            if _WEEK_OF.search(self.lead):
                return Days(found.first, found.first + timedelta(days=6))
        return found


def read_day(text: str | None, written_on: date, is_month_first: bool | None = False) -> date | None:
    """The first day a text names, or None if it names none; raises ValueError for a day that does not exist.

    `is_month_first`: 3/4/2020 is the fourth of March (American), otherwise the third of April; None: whichever is
    possible, and a ValueError where both are.
    """
    days = read_days(text, written_on, is_month_first=is_month_first)
    return days.first or days.last


def read_days(
    text: str | None,
    written_on: date,
    role: Role | None = None,
    *,
    after: date | None = None,
    is_month_first: bool | None = False,
) -> Days:
    """The first and last day of a span, the start ("ab 4. Mai") or the end ("bis 31.12.") that a text names.

    `role` is what a field is for, where the text does not say; without it a week or month is all its days. An end
    without a year lies on or after the day it was written on, and on or after the day `after`, if there is one.
    Raises ValueError for days that do not exist, that the weekday beside them belies, or that end before they begin.
    """
    if plain := _PLAIN.fullmatch((text or "").strip()):  # what most fields hold
        day = date(int(plain[3]), int(plain[2]), int(plain[1]))
        return Days(None, day) if role == "end" else Days(day)
    clean = _spelt_out(_PLACEHOLDER.sub("", collapse(current(text or ""))))
    mentions = _mentions(clean)
    begin = next((one for one in mentions if one.role != "end"), None)
    end = next((one for one in mentions if one.role == "end"), None)
    if begin and end is None and begin.role is None and role == "end":
        begin, end = None, begin
    clock = _Clock(written_on, is_month_first)
    if end is None:
        return Days(None) if begin is None else _start(begin, clock, role)
    if begin is None or (begin.role == "past" and begin.match.start() > end.match.start()):
        return Days(None, _end(end, clock, after))
    return _span(begin, end, clock)


def local_midnight(day: date | None) -> datetime | None:
    """The start of a day in Berlin (and Strasbourg) as UTC."""
    return None if day is None else datetime.combine(day, time(), LOCAL_TIME).astimezone(UTC)


def names_no_day(text: str) -> bool:
    """Whether a text says that there is no day: a placeholder of software or forms, "unbefristet", "à convenir" …"""
    clean = collapse(text)
    return _NO_DAY.fullmatch(clean) is not None or not _PLACEHOLDER.sub("", clean).strip(" .,:–-")


def _start(mention: _Mention, clock: _Clock, role: Role | None) -> Days:
    """The days of a text with no end; a week or month that something begins in has none either."""
    found = mention.days(clock._replace(turn=-1) if mention.role == "past" else clock)
    return Days(found.first) if mention.role or role == "begin" else found


def _end(mention: _Mention, clock: _Clock, after: date | None) -> date | None:
    found = mention.days(clock._replace(turn=1, anchor=max(clock.written_on, after or clock.written_on)))
    return found.last or found.first


def _span(begin: _Mention, end: _Mention, clock: _Clock) -> Days:
    """First and last day; a year that one lacks is the other's. Raises ValueError for an end before its begin."""
    last = _end(end, clock, None)
    if last is None:
        raise ValueError("no end")
    first = begin.days(clock._replace(turn=-1, anchor=last)).first
    if first and first > last:  # "ab 1.2.2021 bis 30.4."
        last = _end(end, clock, first) or last
    if first is None or first > last:
        raise ValueError(f"{last} is before {first}")
    begin_of_any_year = begin.read(begin.match, clock._replace(turn=1, anchor=first + timedelta(days=1))).first
    if begin_of_any_year != first and last - first > timedelta(days=183):  # half a year: longer ones say their year
        raise ValueError(f"{last} is before the begin in its year")
    return Days(first, last)


def _mentions(text: str) -> list[_Mention]:
    """All days of a text in their order; of those that overlap the earlier, then the first of `READERS`."""
    has_digit = _DIGIT.search(text) is not None
    found = sorted(
        (
            (match.start(), rank, match, read)
            for rank, (pattern, read, needs_digit) in enumerate(READERS)
            if has_digit or not needs_digit
            for match in pattern.finditer(text)
            if any(match.groups()) or not match.groups()
        ),
        key=lambda one: one[:2],
    )
    mentions: list[_Mention] = []
    position = 0
    for start, _, match, read in found:
        if start >= position or not mentions:
            lead = text[position:start]
            mentions.append(_Mention(match, read, lead, _role(lead + match[0], is_later=bool(mentions))))
            position = match.end()
    return mentions


def _role(lead: str, is_later: bool) -> Role | None:
    """What the words before a day, or in its name ("d'ici 15 jours"), say about it.

    Between two days a dash or "to" makes the second an end.
    """
    if is_later and _JOINT.match(lead):
        return "end"
    role: Role | None = None
    for cue in _CUES.finditer(lead):
        role = "end" if cue["end"] else "past" if cue["past"] else "begin"
    return role


def _spelt_out(text: str) -> str:
    """Spans that share month or year with both ends whole: "20.–30.04." → "20.04. – 30.04."."""
    if _SPAN.search(text) is None:
        return text
    clean = _DAYS_OF_NUMBER.sub(r"\1.\3.\4 – \2.\3.\4", text)
    clean = _DAYS_OF_NUMBER_WITH_SLASH.sub(r"\1/\3\4 – \2/\3\4", clean)
    clean = _DAYS_OF_MONTH.sub(lambda m: f"{m[1]}. {m[3]} {m[4] or ''} – {m[2]}. {m[3]} {m[4] or ''}", clean)
    clean = _MONTH_WITH_DAYS.sub(lambda m: f"{m[1]} {m[2]} {m[4] or ''} – {m[1]} {m[3]} {m[4] or ''}", clean)
    return _WEEKS.sub(lambda m: f"{m[1]} {m[2]} {m[4] or ''} – {m[1]} {m[3]} {m[4] or ''}", clean)


def _nearest(in_year: Callable[[int], date], clock: _Clock) -> date:
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


def _dated(day: int, month: int, year: str | None, clock: _Clock) -> Days:
    if year:
        return Days(date(int(year) + (2000 if len(year) == 2 else 0), month, day))
    return Days(_nearest(lambda y: date(y, month, day), clock))


def _iso(match: re.Match[str], clock: _Clock) -> Days:
    return Days(date(int(match[1]), int(match[3]), int(match[4])))


def _compact(match: re.Match[str], clock: _Clock) -> Days:
    return Days(date(int(match[1]), int(match[2]), int(match[3])))


def _numeric(match: re.Match[str], clock: _Clock) -> Days:
    return _dated(int(match[1]), int(match[2]), match[3], clock)


def _with_slash(match: re.Match[str], clock: _Clock) -> Days:
    """Day and month in the order of the text's origin, in the other one if only that is possible."""
    first, second = int(match[1]), int(match[2])
    if clock.is_month_first is None and first != second and max(first, second) <= 12:
        raise ValueError(f"{match[0]} may be {first} or {second} first")
    is_month_first = bool(clock.is_month_first)
    if (second if not is_month_first else first) > 12 >= (first if not is_month_first else second):
        is_month_first = not is_month_first
    return _dated(second, first, match[3], clock) if is_month_first else _dated(first, second, match[3], clock)


def _week(match: re.Match[str], clock: _Clock) -> Days:
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


def _day_month(match: re.Match[str], clock: _Clock) -> Days:
    return _dated(int(match[1]), MONTHS[match[2].lower()], match[3], clock)


def _month_day(match: re.Match[str], clock: _Clock) -> Days:
    return _dated(int(match[2]), MONTHS[match[1].lower()], match[3], clock)


def _month_of_year(match: re.Match[str], clock: _Clock) -> Days:
    return _months(date(int(match[2]), int(match[1]), 1), 1)


def _quarter(match: re.Match[str], clock: _Clock) -> Days:
    month = 3 * int(match[1] or match[2]) - 2
    return _in_year(lambda year: _months(date(year, month, 1), 3), match[3], clock)


def _half_year(match: re.Match[str], clock: _Clock) -> Days:
    month = 6 * int(match[1] or match[2]) - 5
    return _in_year(lambda year: _months(date(year, month, 1), 6), match[3], clock)


def _named_month(match: re.Match[str], clock: _Clock) -> Days:
    month = MONTHS[match[2].lower()]
    return _in_year(lambda year: _part_of(match[1], date(year, month, 1)), match[3], clock)


def _in_year(in_year: Callable[[int], Days], year: str | None, clock: _Clock) -> Days:
    """A month or quarter of a year, said or chosen: of an end its last day counts."""
    if year:
        return in_year(int(year))

    def day(year: int) -> date:
        days = in_year(year)
        return (days.last if clock.turn > 0 else None) or days.first or date.min

    chosen = _nearest(day, clock)
    return in_year(chosen.year)


def _this_or_next_month(match: re.Match[str], clock: _Clock) -> Days:
    part, is_next = match[1] or match[4], bool(match[2] or match[3])
    return _part_of(part, _months_later(clock.written_on.replace(day=1), int(is_next)))


def _of_this_month(match: re.Match[str], clock: _Clock) -> Days:
    return Days(clock.written_on.replace(day=int(match[1])))


def _end_of_year(match: re.Match[str], clock: _Clock) -> Days:
    return Days(date(int(match[2] or clock.written_on.year), 12, 31))


def _next_week(match: re.Match[str], clock: _Clock) -> Days:
    monday = clock.written_on + timedelta(days=7 - clock.written_on.weekday())
    return Days(monday, monday + timedelta(days=6))


def _from_now(match: re.Match[str], clock: _Clock) -> Days:
    return Days(_counted(match[1], match[2], 1, clock))


def _ago(match: re.Match[str], clock: _Clock) -> Days:
    return Days(_counted(match[1] or match[3], match[2] or match[4], -1, clock))


def _counted(count: str, unit: str, sign: int, clock: _Clock) -> date:
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


def _ahead(match: re.Match[str], clock: _Clock) -> Days:
    return Days(clock.written_on + timedelta(days=DAYS_AHEAD.get((match[1] or match[2]).lower(), -1)))


def _feast(match: re.Match[str], clock: _Clock) -> Days:
    days = timedelta(days=FEASTS[match[1].lower()])
    return Days(_nearest(lambda year: easter(year) + days, clock))


def _now(match: re.Match[str], clock: _Clock) -> Days:
    return Days(clock.written_on)


def _next_weekday(match: re.Match[str], clock: _Clock) -> Days:
    """The coming such day; "next Wednesday" said on a Monday may be this week's or the next one's: ValueError."""
    weekday, today = WEEKDAYS[(match[1] or match[2]).lower()], clock.written_on.weekday()
    if weekday > today and re.search(r"next|nächst|prochain", match[0], re.IGNORECASE):
        raise ValueError(f"'{match[0]}' may be this week's or next week's")
    return Days(clock.written_on + timedelta(days=(weekday - today - 1) % 7 + 1))


def _weekday_number(name: str) -> int:
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
_DATE_BEHIND = rf",?\s*(?:(?:den|dem|der|the|le|du)\s+)?(?:\d|(?:{_NAME})\b)"  # of "Montag, 4. Mai" the date counts
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
        (rf"\b(\d{{1,2}})-({_NAME})\.?-(20\d\d|\d\d)\b", _day_month),
        (rf"\b(\d{{1,2}}){_ORDINAL}\s*(?:of\s+)?({_NAME})\b(?!-)\.?(?:,?\s*(20\d\d))?", _day_month),
        (rf"\b({_NAME})\b\.?\s+(\d{{1,2}})(?:st|nd|rd|th)?\b(?:,?\s*(20\d\d))?", _month_day),
        (rf"\b(?:[QT]([1-4])|([1-4])(?:\.|er|e|ème)?\s*(?:Quartal|trimestre|quarter))\b{_YEAR}", _quarter),
        (rf"\b(?:H([12])|([12])(?:\.|er|e|ème)?\s*(?:Halbjahr|semestre))\b{_YEAR}", _half_year),
        (
            rf"\b(?:({_PART})(?:/(?:{_PART}))?[\s-]+(?:of\s+|de\s+|d['’])?)?({_NAME})\b(?!-)\.?(?:\s*(20\d\d))?",
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
_WEEKDAY_BEFORE = re.compile(rf"\b({_DAY_NAME})\b\.?,?\s*(?:(?:den|dem|der|the|le|du)\s+)?$", re.IGNORECASE)
_WEEK_OF = re.compile(
    r"(?:Woche (?:vom|ab(?: dem)?)|week (?:of|commencing|beginning)|w/c|semaine du)\s*(?:\w+,?\s)?$", re.IGNORECASE
)
_VAGUE_PART = re.compile(
    r"(?:semaine|quinzaine|moitié|week|half|Woche|Hälfte)\s+(?:de\s+|d['’]|of\s+|im\s+|in\s+|des\s+)$", re.IGNORECASE
)
_END_OF = re.compile(r"\b(?:Ende|end of|fin(?: de(?: la)?)?)\s+(?:der\s+|the\s+)?$", re.IGNORECASE)
_CUES = re.compile(
    r"\b(?:(?P<end>bis|spätestens|vor dem|until|till?|by|through|thru|before|no later than|jusqu\w*|d['’]ici|avant"
    r"|au plus tard"
    r"|deadline|Frist|befristet|endet|Ende der|expires?|fin de validité)"
    r"|(?P<past>seit|depuis|since|eingestellt|veröffentlicht|gepostet|posted|publiée?|mise? en ligne|Stand)"
    r"|(?P<begin>ab|frühestens|from|starting|beginning|dès|à partir|à compter|after|nach|après))\b",
    re.IGNORECASE,
)
_JOINT = re.compile(r"[\s,.]*(?:[-–—/]|(?:au|à|to|bis)\b)", re.IGNORECASE)
_PLAIN = re.compile(r"(\d\d?)\.(\d\d?)\.(20\d\d)")
_DIGIT = re.compile(r"\d")
_SPAN = re.compile(rf"\d{_ORDINAL}{_DASH}[^\W_]")
_DAYS_OF_NUMBER = re.compile(
    rf"(?<![\d.,/-])(\d{{1,2}})\.?{_DASH}(\d{{1,2}})\.(\d{{1,2}})\.\s?((?:20\d\d|\d\d\b)?)(?![\d.])", re.IGNORECASE
)
_DAYS_OF_NUMBER_WITH_SLASH = re.compile(
    r"(?<![\d.,/-])(\d{1,2})\s*(?:-|–|—|au|to)\s*(\d{1,2})/(\d{1,2})((?:/20\d\d)?)(?![\d/])", re.IGNORECASE
)
_DAYS_OF_MONTH = re.compile(
    rf"(?<![\d.,/-])\b(\d{{1,2}}){_ORDINAL}{_DASH}(\d{{1,2}}){_ORDINAL}\s*(?:of\s+)?({_NAME})\b(?!-)\.?(?:\s*(20\d\d))?",
    re.IGNORECASE,
)
_MONTH_WITH_DAYS = re.compile(
    rf"\b({_NAME})\.?\s+(\d{{1,2}})(?:st|nd|rd|th)?{_DASH}(\d{{1,2}})(?:st|nd|rd|th)?\b(?!\s*(?:{_NAME})"
    rf"|[.\d])(?:,?\s*(20\d\d))?",
    re.IGNORECASE,
)
_WEEKS = re.compile(
    r"\b(KWs?|CW|Kalenderwochen?|weeks?|semaines?|S)\s*(\d{1,2})\s*(?:-|–|—|bis|à|au|to)\s*(?:(?:KW"
    r"|S)\s*)?(\d{1,2})\b(?!\.)"
    r"(?:\s*[/ ]\s*(20\d\d))?",
    re.IGNORECASE,
)
# What software and forms put where there is no day: first days of Unix, DOS, Excel and .NET, and last ones.
_PLACEHOLDER = re.compile(
    r"(?<!\d)(?:0?1[./-]0?1[./-](?:0001|1970|1980|1899|1900)|30[./-]12[./-]1899|00?[./-]00?[./-]0000"
    r"|31[./-]12[./-](?:9999|2999|2099)"
    r"|12/31/(?:9999|2999|2099)|(?:0001|1970|1980|1900)-01-01|1899-12-3[01]|-?000[01]-(?:00-00|11-30)|0000-00-00"
    r"|(?:9999|2999|2099)-12-31)(?!\d)(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?Z?)?|\b30 Nov -0001(?: 00:00(?::00)?)?",
    re.IGNORECASE,
)
_NO_DAY = re.compile(
    r"(?:(?:gültig )?bis auf weiteres|unbefristet|unbegrenzt|offen|(?:auf )?unbestimmt(?:e zeit)?"
    r"|kein(?:e)? (?:enddatum|frist|angabe)"
    r"|nach (?:ab|rück)sprache|nach vereinbarung|auf anfrage|unbekannt|laufend|dauerhaft|siehe oben|TT\.MM\.JJJJ"
    r"|jusqu['’]à nouvel ordre|sans limite(?: de durée)?|illimitée?|à (?:convenir|définir|discuter)|sur demande"
    r"|non précisée?|JJ/MM/AAAA"
    r"|until further notice|open[- ]ended|unlimited|no (?:end date|deadline)|tb[acd]|upon request|dd/mm/yyyy|mm/dd/yyyy"
    r"|yyyy-mm-dd|ongoing|none|keine?|aucune?|n/?[acd])[.!]?",
    re.IGNORECASE,
)
