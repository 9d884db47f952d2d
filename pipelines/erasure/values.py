"""What can be erased, in the form in which two ways of writing it are equal."""

import re
import unicodedata
from collections.abc import Callable, Iterator
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from sources.rows.text import ERASED

MARKS = {"email": ERASED, "phone": "0", "words": ERASED}
"""What stands in place of a value. A number stays one, where a telephone stood in a cell that holds numbers."""

# At most 64 signs before the @ (RFC 5321); what stands for @ and dot where people hide addresses from programs.
_EMAIL = re.compile(
    r"(?<![\w.+%'’-])[\w.+%'’-]{1,64}\s?(?:@|[(\[](?:at|ät|@)[)\]]|\s(?:at|ät)\s)\s?"
    r"[\w-]{1,63}(?:(?:\.|\s?[(\[](?:dot|punkt|point)[)\]]\s?)[\w-]{1,63}){1,8}",
    re.IGNORECASE,
)
_AT = re.compile(r"\s?(?:@|[(\[](?:at|ät|@)[)\]]|\s(?:at|ät)\s)\s?", re.IGNORECASE)
_DOT = re.compile(r"\s?[(\[](?:dot|punkt|point)[)\]]\s?", re.IGNORECASE)
_NUMBERS = re.compile(r"[+(]{0,2}\d(?:[ \u00a0./()–‑-]{0,4}\d){5,24}")
_DIGITS = re.compile(r"[+(]{0,2}\d+")
_WORD = re.compile(r"(?:[^\W_][\u0300-\u036f]*)+")  # accents may be signs of their own
_LARGEST_GAP = 12  # signs between two words of a name: "Musterfrau</b>, Erika" has ten
# Country codes of the platforms' countries and their neighbours (ITU-T E.164).
_COUNTRIES = ("49", "33", "41", "43", "32", "31", "352", "423", "39", "44", "34", "45", "48", "420", "1")
_LETTERS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "æ": "ae", "œ": "oe"})


class Value(NamedTuple):
    """Something that stands in a text, or that is to be erased."""

    kind: str  # of `MARKS`
    normal: str  # equal for equal values
    size: int  # digits or words in it; 0 for addresses
    start: int = 0
    end: int = 0


def value_of(kind: str, text: str) -> Value:
    """What somebody wants erased; raises ValueError in words that do not repeat it."""
    whole = unicodedata.normalize("NFC", text.strip())
    found: Value | None
    if kind == "words":
        words = [folded(word) for word in _WORD.findall(whole)]
        found = Value("words", " ".join(sorted(words)), len(words)) if len(words) > 1 else None
    else:
        least = len(whole.strip("'\"<>. "))
        found = next((one for one in _READ[kind](whole) if one.end - one.start >= least), None)
    if found is None:
        raise ValueError(_EXPECTED[kind])
    return found._replace(start=0, end=0)


def values_in(text: str, sizes: dict[str, set[int]]) -> Iterator[Value]:
    """Whatever could be a value of the kinds and sizes that are looked for, each way of reading it."""
    if "email" in sizes:
        yield from _emails(text)
    if "phone" in sizes:
        yield from (one for one in _phones(text) if one.size in sizes["phone"])
    for size in sorted(sizes.get("words", ())):
        yield from _names(text, size)


def words_in(text: str) -> list[tuple[str, int, int]]:
    """The words of a text, folded, and where they stand."""
    return [(folded(match[0]), match.start(), match.end()) for match in _WORD.finditer(text)]


@lru_cache(maxsize=100_000)  # a store says the same words over and over
def folded(word: str) -> str:
    """A word without capitals, umlauts and accents; all ways of writing a street are one."""
    plain = unicodedata.normalize("NFC", word).casefold().translate(_LETTERS)
    if not plain.isascii():
        plain = "".join(sign for sign in unicodedata.normalize("NFD", plain) if not unicodedata.combining(sign))
    return plain.removesuffix("asse") if plain.endswith("strasse") else plain


def _emails(text: str) -> Iterator[Value]:
    for match in _EMAIL.finditer(text):
        at = _AT.search(match[0])
        if at is None:
            continue
        name = match[0][: at.start()].lstrip(".'’%+-")
        start, labels = match.start() + at.start() - len(name), match.start() + at.end()
        ends = [labels + stop.start() for stop in re.finditer(r"\.|\s?[(\[]\w+[)\]]", text[labels : match.end()])]
        for end in (*ends[1:], match.end()):  # "x.example.Please" has lost a blank
            domain = _DOT.sub(".", text[labels:end])
            yield Value("email", f"{name}@{domain}".casefold(), 0, start, end)


def _phones(text: str) -> Iterator[Value]:
    """Each run of groups of digits, since other numbers may stand beside a telephone number."""
    for match in _NUMBERS.finditer(text):
        groups = list(_DIGITS.finditer(match[0]))
        for first in range(len(groups)):
            for last in range(first, min(first + 8, len(groups))):
                start, end = groups[first].start(), groups[last].end()
                for normal in _significant(match[0][start:end]):
                    yield Value("phone", normal, len(normal), match.start() + start, match.start() + end)


def _significant(text: str) -> Iterator[str]:
    """The national number, without the country's code and the zero before the area's."""
    digits = re.sub(r"\D", "", text.replace("(0)", ""))
    is_international = "+" in text or digits.startswith("00")
    digits = digits.lstrip("0")
    country = next((code for code in _COUNTRIES if digits.startswith(code)), "")
    national = digits[len(country) :].lstrip("0")
    if is_international and country:
        yield national
    elif len(digits) >= 6:
        yield digits
        if country and len(digits) >= 10 and not text.startswith(("0", "(0")):
            yield national


def _names(text: str, size: int) -> Iterator[Value]:
    words = words_in(text)
    for first in range(len(words) - size + 1):
        run = words[first : first + size]
        if all(after[1] - before[2] <= _LARGEST_GAP for before, after in pairwise(run)):
            normal = " ".join(sorted(word for word, _, _ in run))
            yield Value("words", normal, size, run[0][1], run[-1][2])


_READ: dict[str, Callable[[str], Iterator[Value]]] = {"email": _emails, "phone": _phones}
_EXPECTED = {
    "email": "--email is not one plain address such as erika@clinic.example",
    "phone": "--phone is not one telephone number such as +49 711 123456",
    "words": "--name needs two words or more: one alone would take away what others wrote",
}
