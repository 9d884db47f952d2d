"""Days as people write them in German, French and English: "ab KW 17", "sofort", "à partir du 4 mai", "mid-May".

A day without a year is the one nearest to the day it was written on (the later of two), but an end ("bis 31.12.") lies
ahead of it and a past day ("seit 28.12.") behind it; "now" is that day itself, and "next Monday" counts from it.
"""

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal, NamedTuple

from sources.rows.corrections import current
from sources.rows.day_forms import (
    DASH,
    DAY_NAME,
    LONE_READERS,
    MONTH_NAME,
    ORDINAL,
    READERS,
    Clock,
    Days,
    Reader,
    weekday_number,
)
from sources.rows.text import collapse
from sources.week import LOCAL_TIME

Role = Literal["begin", "end", "past"]


class _Mention(NamedTuple):
    """One day, week, month or quarter as it stands in a text; `lead` is what stands between it and the one before."""

    match: re.Match[str]
    read: Reader
    lead: str
    role: Role | None

    def days(self, clock: Clock) -> Days:
        """Its first day, and its last if it is more than one; raises ValueError."""
        found = self.read(self.match, clock)
        if found.last and _VAGUE_PART.search(self.lead):
            raise ValueError(f"a part of {self.match[0]}")
        if found.last and _END_OF.search(self.lead):
            return Days(found.last)
        if found.first and found.last is None:
            if (name := _WEEKDAY_BEFORE.search(self.lead)) and found.first.weekday() != weekday_number(name[1]):
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
        day = date(*map(int, plain.group(5, 6, 7) if plain[5] else plain.group(4, 3, 2)))
        is_end = role == "end" if plain[1] is None else plain[1].lower() in ("bis", "until", "jusqu'au")
        return Days(None, day) if is_end else Days(day)
    clean = _spelt_out(_without_placeholders(collapse(current(text or ""))))
    mentions = _mentions(clean)
    begin = next((one for one in mentions if one.role != "end"), None)
    end = next((one for one in mentions if one.role == "end"), None)
    if begin and end is None and begin.role is None and role == "end":
        begin, end = None, begin
    clock = Clock(written_on, is_month_first)
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
    if _PLAIN.fullmatch(clean) and "2099" not in clean:
        return False
    return _NO_DAY.fullmatch(clean) is not None or not _without_placeholders(clean).strip(" .,:–-")


def _without_placeholders(text: str) -> str:
    return _PLACEHOLDER.sub("", text) if _MAY_BE_PLACEHOLDER.search(text) else text


def _start(mention: _Mention, clock: Clock, role: Role | None) -> Days:
    """The days of a text with no end; a week or month that something begins in has none either."""
    found = mention.days(clock._replace(turn=-1) if mention.role == "past" else clock)
    return Days(found.first) if mention.role or role == "begin" else found


def _end(mention: _Mention, clock: Clock, after: date | None) -> date | None:
    found = mention.days(clock._replace(turn=1, anchor=max(clock.written_on, after or clock.written_on)))
    return found.last or found.first


def _span(begin: _Mention, end: _Mention, clock: Clock) -> Days:
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
    lone = lone_mention(text)
    return [lone] if lone else searched_mentions(text)


def lone_mention(text: str) -> _Mention | None:
    """The one day that a text is, with a word before it or not: what most fields hold needs no search."""
    lead = _LEAD.match(text)
    start = lead.end() if lead else 0
    for pattern, read in LONE_READERS:
        if match := pattern.fullmatch(text, start):
            return _Mention(match, read, text[:start], _role(text, is_later=False))
    return None


def searched_mentions(text: str) -> list[_Mention]:
    """The days of any text, see `_mentions`."""
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
    text = _MONTH_AND_MONTH.sub(r"\1 – \2", text)
    if _SPAN.search(text) is None:
        return text
    clean = _DAYS_OF_NUMBER.sub(r"\1.\3.\4 – \2.\3.\4", text)
    clean = _DAYS_OF_NUMBER_WITH_SLASH.sub(r"\1/\3\4 – \2/\3\4", clean)
    clean = _DAYS_OF_MONTH.sub(lambda m: f"{m[1]}. {m[3]} {m[4] or ''} – {m[2]}. {m[3]} {m[4] or ''}", clean)
    clean = _MONTH_WITH_DAYS.sub(lambda m: f"{m[1]} {m[2]} {m[4] or ''} – {m[1]} {m[3]} {m[4] or ''}", clean)
    return _WEEKS.sub(lambda m: f"{m[1]} {m[2]} {m[4] or ''} – {m[1]} {m[3]} {m[4] or ''}", clean)


_WEEKDAY_BEFORE = re.compile(rf"\b({DAY_NAME})\b\.?,?\s*(?:(?:den|dem|der|the|le|du)\s+)?$", re.IGNORECASE)
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
_PLAIN = re.compile(
    r"(?:(ab|bis|from|until|à partir du|jusqu'au) )?(?:(\d\d?)\.(\d\d?)\.(20\d\d)|(20\d\d)-(\d\d)-(\d\d))",
    re.IGNORECASE,
)
_LEAD = re.compile(r"(?:ab|bis|seit|from|until|dès|à partir du|jusqu['’]au) ", re.IGNORECASE)
_DIGIT = re.compile(r"\d")
_SPAN = re.compile(rf"\d{ORDINAL}{DASH}[^\W_]")
_DAYS_OF_NUMBER = re.compile(
    rf"(?<![\d.,/-])(\d{{1,2}})\.?{DASH}(\d{{1,2}})\.(\d{{1,2}})\.\s?((?:20\d\d|\d\d\b)?)(?![\d.])", re.IGNORECASE
)
_DAYS_OF_NUMBER_WITH_SLASH = re.compile(
    r"(?<![\d.,/-])(\d{1,2})\s*(?:-|–|—|au|to)\s*(\d{1,2})/(\d{1,2})((?:/20\d\d)?)(?![\d/])", re.IGNORECASE
)
_DAYS_OF_MONTH = re.compile(
    rf"(?<![\d.,/-])\b(\d{{1,2}}){ORDINAL}{DASH}(\d{{1,2}}){ORDINAL}\s*(?:of\s+)?({MONTH_NAME})\b(?!-)\.?(?:\s*(20\d\d))?",
    re.IGNORECASE,
)
_MONTH_WITH_DAYS = re.compile(
    rf"\b({MONTH_NAME})\.?\s+(\d{{1,2}})(?:st|nd|rd|th)?{DASH}(\d{{1,2}})(?:st|nd|rd|th)?\b(?!\s*(?:{MONTH_NAME})"
    rf"|[.\d])(?:,?\s*(20\d\d))?",
    re.IGNORECASE,
)
_MONTH_AND_MONTH = re.compile(
    rf"(?<!\d )(?<!\d\. )\b({MONTH_NAME})\s+(?:und|et|and|&)\s+({MONTH_NAME})\b(?!\.?\s+\d{{1,2}}\b)", re.IGNORECASE
)
_WEEKS = re.compile(
    r"\b(KWs?|CW|Kalenderwochen?|weeks?|semaines?|S)\s*(\d{1,2})\s*(?:-|–|—|bis|à|au|to)\s*(?:(?:KW"
    r"|S)\s*)?(\d{1,2})\b(?!\.)"
    r"(?:\s*[/ ]\s*(20\d\d))?",
    re.IGNORECASE,
)
# What software and forms put where there is no day: zero, the first days of Unix, DOS, Excel, Mac, SQL and .NET in any
# order of day, month and year, also the day before (west of Greenwich, or a month 0 counted down), and last ones.
_OLD = r"-?(?:000[0-2]|1[0-8]\d\d|19[0-8]\d)"
_LAST = r"(?:[39]999|2999|2099)"
_PLACEHOLDER = re.compile(
    rf"(?<![\d.-])(?:(?:0?[01][./-]0?[01]|3[01][./-]12|30[./-]11)[./-]{_OLD}|(?:12/3[01]|11/30)/{_OLD}"
    rf"|{_OLD}[-/.](?:0[01][-/.]0[01]|12[-/.]3[01]|11[-/.]30)|31[./-]12[./-]{_LAST}|12/31/{_LAST}|{_LAST}-12-31"
    rf"|(?:\w{{3}}, )?(?:0?1 Jan|31 Dec|30 Nov) {_OLD})(?!\d)"
    r"(?:[T ]\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?)?(?:\s?(?:Z|GMT|UTC|[+-]\d\d:?\d\d))?",
    re.IGNORECASE,
)
_MAY_BE_PLACEHOLDER = re.compile(r"000|1\d\d\d|[39]999|2999|2099")
_NO_DAY = re.compile(
    r"(?:(?:gültig )?bis auf weiteres|unbefristet|unbegrenzt|offen|(?:auf )?unbestimmt(?:e zeit)?"
    r"|kein(?:e)? (?:enddatum|frist|angabe)"
    r"|nach (?:ab|rück)sprache|nach vereinbarung|auf anfrage|unbekannt|laufend|dauerhaft|siehe oben|TT\.MM\.JJJJ"
    r"|jusqu['’]à nouvel ordre|sans limite(?: de durée)?|illimitée?|à (?:convenir|définir|discuter)|sur demande"
    r"|non précisée?|JJ/MM/AAAA"
    r"|until further notice|open[- ]ended|unlimited|no (?:end date|deadline)|tb[acd]|upon request|dd/mm/yyyy|mm/dd/yyyy"
    r"|yyyy-mm-dd|ongoing|none|keine?|aucune?|n/?[acd]|null|0|00:00(?::00)?(?: [ap]m)?|12:00:00 am)[.!]?",
    re.IGNORECASE,
)
