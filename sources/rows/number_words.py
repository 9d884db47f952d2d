"""Number words and fractions of German, French and English as digits: "zweihundertfünfzig", "trois quarts de", "½".

Whole numbers are read by text2num; what it does not know (halves, "anderthalb", dozens) stands in the tables below.
"""

import re
from collections.abc import Iterable
from fractions import Fraction

from text_to_num import alpha2digit

MULTIPLIERS = {
    "hundert": 1e2, "cent": 1e2, "cents": 1e2, "hundred": 1e2, "centaine": 1e2, "centaines": 1e2,
    "dutzend": 12, "dtzd": 12, "dzd": 12, "dozen": 12, "dozens": 12, "douzaine": 12, "douzaines": 12, "dizaine": 10,
    "dizaines": 10, "quinzaine": 15, "vingtaine": 20, "trentaine": 30, "cinquantaine": 50, "gross": 144,
    "k": 1e3, "tsd": 1e3, "tausend": 1e3, "thousand": 1e3, "mille": 1e3, "millier": 1e3, "milliers": 1e3,
    "hunderttausend": 1e5,
    "mio": 1e6, "mill": 1e6, "million": 1e6, "millionen": 1e6, "millions": 1e6,
    "mrd": 1e9, "milliarde": 1e9, "milliarden": 1e9, "milliard": 1e9, "milliards": 1e9, "billion": 1e9, "billions": 1e9,
}  # fmt: skip


def any_of(words: Iterable[str]) -> str:
    """A pattern for one of some words, the longest first."""
    return "|".join(sorted(map(re.escape, words), key=len, reverse=True))


_WORDS_OF_MULTIPLIERS = any_of(MULTIPLIERS)
_TWO = re.compile(r"\b(?:zwei|deux|two)\b", re.IGNORECASE)

_FRACTION_SIGNS = {"½": "1/2", "¼": "1/4", "¾": "3/4", "⅓": "1/3", "⅔": "2/3"}
_WRITTEN_FRACTION = re.compile(r"(?<![\d./,])(?:(\d+) )?(1/2|1/4|3/4|1/3|2/3)(?![\d./,])(?=\s*[^\W\d]|-)")
_FRACTION_WORDS = tuple(
    (re.compile(pattern, re.IGNORECASE), digits)
    for pattern, digits in (
        (r"\b(?:anderthalb|ein(?:und)?einhalb|one and a half)\b", "1.5"),
        (r"\b(?:zweieinhalb|two and a half)\b", "2.5"),
        (r"\b(?:dreieinhalb|three and a half)\b", "3.5"),
        (r"\b(?:viereinhalb|four and a half)\b", "4.5"),
        (r"\b(?:fünfeinhalb|five and a half)\b", "5.5"),
        (r"\b(\d+) and a half\b", r"\1.5"),
        (r"\b(?:une?)\s+([^\W\d]+)\s+et\s+demie?\b", r"1.5 \1"),
        (r"\b(?:deux|2)\s+([^\W\d]+)\s+et\s+demie?\b", r"2.5 \1"),
        (r"\b(?:trois|3)\s+([^\W\d]+)\s+et\s+demie?\b", r"3.5 \1"),
        (r"\b(\d+)\s+([^\W\d]+)\s+et\s+demie?\b", r"\1.5 \2"),
        (r"\b(?:drei ?viertel|trois quarts (?:de |d['’])|three[ -]quarters of an?)\s*", "0.75 "),
        (r"\b(?:eine? viertel|un quart (?:de |d['’])|(?:a|one) quarter of an?)\s*", "0.25 "),
        (r"\b(?:(?:eine?[nms]? )?halbe[nrs]?|half an?|half|(?:une? )?demie?)[\s-]+(?=[^\W\d])", "0.5 "),
        (r"\ba gross of\b", "144"),
        (r"\b(?:ein|une|a) (Paar|paire|pair)\b(?! (?:Hundert|Tausend|hundred|thousand))", r"1 \1"),
    )
)
_MAY_BE_FRACTION = re.compile(r"[½¼¾⅓⅔]|\d/\d|hal[bf]|demi|quart|viertel|gross|\b[Pp]air|Paar", re.IGNORECASE)
# "une centaine de milliers" is one number, not a hundred of something.
_GROUPS_OF_THOUSANDS = re.compile(r"\b(?:une )?(dizaine|centaine) de milliers\b", re.IGNORECASE)
_VAGUE = re.compile(
    r"\b(?:mehrere|einige|viele|wenige|ein paar|etliche|quelques|plusieurs|several|some|many|a few"
    rf"|(?:a )?couple(?: of)?)\s+(?:{_WORDS_OF_MULTIPLIERS}|(?:zehn|hundert)?tausende?|hunderte?|hundreds"
    r"|thousands|tens)n?\b(?:\s+(?:of|de|von)\s+(?:thousands|millions|milliers|millionen))?",
    re.IGNORECASE,
)
# Plurals that count nothing unless a number stands before them: "des dizaines de milliers", "tens of thousands".
_PLURALS = re.compile(
    r"\b(?:(?:zehn|hundert)?tausende|hunderte|dutzende|millionen|milliarden|dizaines|centaines|milliers"
    r"|millions|milliards|tens|dozens|scores|hundreds|thousands|billions)n?\b"
    r"(?:\s+(?:of|de|von)\s+(?:thousands|millions|milliers|millionen))?",
    re.IGNORECASE,
)
_HALVES = re.compile(r"anderthalb|\w*einhalb|half|demie?", re.IGNORECASE)
_COUNTED_MULTIPLIER = re.compile(rf"(\d\s*(?:{_WORDS_OF_MULTIPLIERS})\b\.?)", re.IGNORECASE)
_ALONE = re.compile(
    r"(?<![\d.] )(?<!\d)\b(centaine|douzaine|dizaine|quinzaine|vingtaine|trentaine|cinquantaine|millier|dutzend|dozen"
    r"|million|milliarde|milliard|billion)\b",
    re.IGNORECASE,
)
_LAST_WORD = re.compile(r"[^\W_]+(?=\s+$)")
# Parts of all number words; asking for them spares most texts the call.
_PARTS = {
    language: re.compile(parts, re.IGNORECASE)
    for language, parts in {
        "de": r"zw[eoaö]|drei|drit|vier|fünf|fuenf|sech|sieb|acht|neun|zehn|elf|zig|ßig|hundert|tausend|illi",
        "fr": r"deux|trois|quat|quar|cinq|six|sept|huit|neu|dix|onz|ouz|eiz|inz|ingt|tren|soix|octan|nonan|cent|mill",
        "en": r"two|thr|thir|four|fif|five|six|seven|eigh|nin|ten|elev|twel|teen|ty|hund|thou|illi",
    }.items()
}


def in_digits(text: str, language: str) -> str:
    """Number words and fractions as digits, vague ones ("mehrere Tausend") as "…"; other words as they are.

    >>> in_digits("anderthalb Tonnen, zwölftausend Masken", "de")
    '1.5 Tonnen, 12000 Masken'
    """
    if text.isascii() and not any(letter.isalpha() for letter in text):
        return text
    clean = _GROUPS_OF_THOUSANDS.sub(lambda found: f"{int(MULTIPLIERS[found[1].lower()])} mille", text)
    clean = _VAGUE.sub("…", clean)
    if _PLURALS.search(clean):
        clean = _PLURALS.sub(lambda found: _plural(found, language), clean)
    if _MAY_BE_FRACTION.search(clean):
        clean = _fractions(clean)
    if language in _PARTS and _PARTS[language].search(clean):
        parts = _COUNTED_MULTIPLIER.split(clean)  # "2 Millionen" stays: text2num would make it "2 1000000"
        parts[::2] = (_words(part, language) for part in parts[::2])
        clean = "".join(parts)
    return _ALONE.sub(lambda found: f"1 {found[1]}", clean)


def _words(text: str, language: str) -> str:
    """Number words of a piece as digits; text2num leaves small ones by themselves ("zwei"), the table knows them."""
    if language not in _PARTS or _PARTS[language].search(text) is None:
        return text
    body = text.strip()
    start = len(text) - len(text.lstrip())
    return text[:start] + _TWO.sub("2", alpha2digit(body, language)) + text[start + len(body) :]


def _plural(found: re.Match[str], language: str) -> str:
    """A plural behind a number as it is, any other as "…"."""
    last = _LAST_WORD.search(found.string, 0, found.start())
    before = last[0] if last else ""
    is_number = before.isdigit() or _HALVES.fullmatch(before) or _words(before, language).strip().isdigit()
    return found[0] if is_number else "…"


def _fractions(text: str) -> str:
    clean = text
    for sign, written in _FRACTION_SIGNS.items():
        clean = re.sub(rf"(?<=\d)\s*{sign}", f" {written}", clean).replace(sign, written)
    clean = _WRITTEN_FRACTION.sub(lambda found: f"{int(found[1] or 0) + float(Fraction(found[2])):.4g}", clean)
    for pattern, digits in _FRACTION_WORDS:
        clean = pattern.sub(digits, clean)
    return clean
