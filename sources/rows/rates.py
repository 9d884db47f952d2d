"""How often an amount is meant: per day, "wtl.", "par trimestre", "alle 14 Tage", "p. a."

Data first: a word for a period is a place in a table below, with the period of ours that it is and how many of them.
"""

import re
from typing import NamedTuple

from sources.rows.number_words import any_of


class Rate(NamedTuple):
    """The period that an amount covers (None: once), and how many of them."""

    period: str | None
    often: float = 1


PERIODS = {
    word: Rate(period, often)
    for words, period, often in (
        ("tag tage tagen tägl tgl arbeitstag werktag 24h jour jours journée day days j d", "day", 1),
        ("woche wochen wo wöch wtl kalenderwoche kw semaine semaines sem week weeks wk", "week", 1),
        ("fortnight quinzaine", "week", 2),
        ("monat monate monaten mon mtl mois month months", "month", 1),
        ("quartal vierteljahr trimestre quarter", "month", 3),
        ("halbjahr semestre half-year", "month", 6),
        ("jahr jahre jhrl an ans année year years annum yr a", "year", 1),
    )
    for word in words.split()
}
# Words that name a period by themselves.
ADJECTIVES = {
    word: Rate(period, often)
    for words, period, often in (
        ("täglich tgl tägl arbeitstäglich werktäglich daily quotidien quotidienne quotidiens quotidiennes journalier "
         "journalière tagesproduktion tageskapazität tagesbedarf tagesleistung", "day", 1),
        ("wöchentlich wöchentl wtl weekly hebdomadaire hebdomadaires hebdo wochenproduktion wochenkapazität "
         "wochenbedarf wochenleistung", "week", 1),
        ("zweiwöchentlich vierzehntägig vierzehntäglich fortnightly", "week", 2),
        ("monatlich monatl mtl monthly mensuel mensuelle mensuels mensuelles pcm monatsproduktion monatskapazität "
         "monatsbedarf monatsleistung", "month", 1),
        ("vierteljährlich quartalsweise quarterly trimestriel trimestrielle trimestriels trimestrielles quartalsbedarf "
         "quartalsproduktion", "month", 3),
        ("halbjährlich semestriel semestrielle semestriels semestrielles", "month", 6),
        ("jährlich jhrl yearly annuel annuelle annuels annuelles jahresproduktion jahreskapazität jahresbedarf "
         "jahresleistung", "year", 1),
    )
    for word in words.split()
}  # fmt: skip
# "p. W.", "p/w", "p. a.": letters by language; "5,000 p.m." may be the afternoon or the month and is refused before.
_LETTERS_OF = {
    "de": {"t": "day", "d": "day", "w": "week", "m": "month", "j": "year", "a": "year"},
    "fr": {"j": "day", "s": "week", "m": "month", "a": "year"},
    "en": {"d": "day", "w": "week", "m": "month", "y": "year", "a": "year"},
}

_PER = r"(?:/|\b(?:p\.|(?:pro|je|per|par|an?|die|am|im|in der|each|every|chaque)\s))\s*"
_PERIOD = re.compile(rf"{_PER}({any_of(PERIODS)})\b", re.IGNORECASE)
_ABBREVIATED = re.compile(r"\bp(?:\.\s?|/)([adjmstwy])\b(?!/)|(?<=[\w.] )p(a|w)\b", re.IGNORECASE)
_UNCERTAIN = re.compile(r"\d\s*p\.\s?m\b|\bbi-?(?:weekly|monthly|hebdomadaire|mensuel)", re.IGNORECASE)
_INTERVAL = re.compile(
    rf"\b(?:alle|je|tou(?:s|tes) les|every)\s+(\d+)\s*({any_of(PERIODS)})\b|\bin 24 (?:Stunden|h)\b"
    rf"|(?<!\d)(14)-tägl?i(?:g|ch)\b",
    re.IGNORECASE,
)
_EVERY_OTHER = re.compile(
    rf"\b(?:every other|jede[mnrs]?\s(?:zweite[mnrs]?|2\.|andere[mnrs]?))\s+({any_of(PERIODS)})\b", re.IGNORECASE
)
# "2 x täglich", "zweimal pro Woche", "twice a week"
_REPEATED = re.compile(
    rf"\b(?:(\d)\s*(?:x|×|mal|fois|times)|zweimal|twice)\s+(?:{_PER})?({any_of([*PERIODS, *ADJECTIVES])})\b",
    re.IGNORECASE,
)
_MAY_BE_REPEATED = re.compile(r"\d\s*(?:x|×|mal|fois|times)\s|zweimal|twice|other|jede", re.IGNORECASE)
_LETTERS = re.compile(r"[^\W\d_]+")
_NEXT_AMOUNT = re.compile(
    r"\b(?:danach|anschließend|dann|später|puis|ensuite|then|thereafter|later|und|et|and|\+|&)\s+(?:(?:ca|env"
    r"|approx)\.\s*|je\s+)?\d",
    re.IGNORECASE,
)


def rate_of(text: str, language: str) -> tuple[Rate, str]:
    """How often ("alle 14 Tage": every 2 weeks), and the text without an interval's number.

    Raises ValueError for words that may mean two periods ("bi-weekly", in English "5,000 p.m.").
    """
    if _UNCERTAIN.search(text) and (language == "en" or "bi" in text.lower()):
        raise ValueError("a period of two meanings")
    if interval := _INTERVAL.search(text):
        rest = text[: interval.start()] + "…" + text[interval.end() :]
        length = int(interval[1] or interval[3] or 1)
        period = PERIODS[interval[2].lower()] if interval[2] else Rate("day")
        if period == Rate("day") and length in (14, 15):  # French counts both ends of a fortnight
            return Rate("week", 2), rest
        return Rate(period.period, period.often * max(length, 1)), rest
    if _MAY_BE_REPEATED.search(text):
        if repeated := _REPEATED.search(text):
            rate = {**PERIODS, **ADJECTIVES}[repeated[2].lower()]
            rest = text[: repeated.start()] + "…" + text[repeated.end() :]
            return Rate(rate.period, rate.often / int(repeated[1] or 2)), rest
        if other := _EVERY_OTHER.search(text):
            rate = PERIODS[other[1].lower()]
            return Rate(rate.period, rate.often * 2), text[: other.start()] + "…" + text[other.end() :]
    if match := _PERIOD.search(text):
        return PERIODS[match[1].lower()], text
    short = _ABBREVIATED.search(text)
    if short and (short[1] or language == "en"):
        period_named = _LETTERS_OF.get(language, {}).get((short[1] or short[2]).lower())
        if period_named:
            return Rate(period_named), text
    words = (word.lower() for word in _LETTERS.findall(text))
    return next((ADJECTIVES[word] for word in words if word in ADJECTIVES), Rate(None)), text


def is_of_another_amount(text: str, start: int, end: int) -> bool:
    """Whether the period belongs to another amount than that from `start` to `end`: "5 sofort, dann 2 pro Woche"."""
    if len({PERIODS[one[1].lower()] for one in _PERIOD.finditer(text)}) > 1 and re.search(r"\d", text[:start]):
        return True
    later = _NEXT_AMOUNT.search(text, end)
    if later is None:
        return False
    before = text[: later.start()]
    return not (_PERIOD.search(before) or any(word.lower() in ADJECTIVES for word in _LETTERS.findall(before)))
