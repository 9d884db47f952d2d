"""One language of the reports: its catalogue, numbers, dates and quotation marks.

German is the language of the message ids; every other comes from `locales/<code>/verbundradar.po`, which is read as
it stands: no compiled catalogues, no build step. Locales are fixed per language, so that a report does not
depend on the machine that writes it.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from gettext import GNUTranslations, NullTranslations
from importlib.resources import files
from io import BytesIO
from typing import NamedTuple, Protocol

from babel import Locale
from babel.dates import format_date, format_skeleton, get_day_names
from babel.lists import format_list
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal, format_percent

from matching.messages import N_ as N_  # texts of tables are marked alike in both packages
from sources.week import Week

NARROW_SPACE = "\u202f"
NO_BREAK_SPACE = "\u00a0"


class _Conventions(NamedTuple):
    """What a language needs beside its catalogue: where it is read, and how it sets quotations and signs."""

    locale: str
    opening: str
    closing: str
    before_colon: str = ""
    before_semicolon: str = ""
    first_of_month: str = "1"


_TWO_STOPS = re.compile(r"[^.]\.\.$")
# The languages of all pages, mails, calendars, workbooks, feeds and commands. A row here is a language; what its
# catalogue does not hold yet, or the taxonomy does not name, is said in German.
_CONVENTIONS = {
    "de": _Conventions("de_DE", "„", "“"),
    "fr": _Conventions("fr_FR", f"«{NO_BREAK_SPACE}", f"{NO_BREAK_SPACE}»", NO_BREAK_SPACE, NARROW_SPACE, "1er"),
    "en": _Conventions("en_GB", "“", "”"),
}
LANGUAGES = tuple(_CONVENTIONS)


class Labels(Protocol):
    """What reports need of the taxonomy."""

    def label(self, concept_id: str, language: str) -> str:
        """What readers call a concept; the role in a chain is named by what it supplies."""
        ...

    def group(self, concept_id: str) -> str:
        """The top-level product group of a concept, itself a concept id."""
        ...


def NN_(singular: str, plural: str) -> tuple[str, str]:  # noqa: N802 as `N_`; extracted by `make messages`
    """Mark a text with a plural form in a table for the catalogue."""
    return singular, plural


@cache
def _catalogue(code: str) -> NullTranslations:
    path = files("reports").joinpath(f"locales/{code}/verbundradar.po")
    if not path.is_file():  # German, the language of the texts themselves
        return NullTranslations()
    compiled = BytesIO()
    write_mo(compiled, read_po(BytesIO(path.read_bytes()), locale=code))
    compiled.seek(0)
    return GNUTranslations(compiled)


# A week writes the same few thousand numbers and days a hundred thousand times, and Babel takes 0.1 ms for each.
@cache
def _locale(code: str) -> Locale:
    return Locale.parse(_CONVENTIONS[code].locale)


@lru_cache(maxsize=50_000)
def _decimal(value: float, pattern: str | None, code: str) -> str:
    return format_decimal(value, format=pattern, locale=_locale(code))


@lru_cache(maxsize=10_000)
def _percent(share: float, code: str) -> str:
    return format_percent(round(share, 6), locale=_locale(code), decimal_quantization=False)


@lru_cache(maxsize=10_000)
def _day(day: date, code: str) -> str:
    return _with_first(format_date(day, "long", locale=_locale(code)), code)


@lru_cache(maxsize=10_000)
def _weekday(day: date, code: str) -> str:
    return _with_first(format_skeleton("MMMEd", day, locale=_locale(code)), code).replace(" ", NO_BREAK_SPACE)


_FIRST = re.compile(r"\b1(?= )")


def _with_first(day: str, code: str) -> str:
    """The first of a month as it is read, which Babel writes as any other day: "1er juin"."""
    return _FIRST.sub(_CONVENTIONS[code].first_of_month, day, count=1)


_NOISE = 1e-6  # shares come with at most six digits; what is nearer to all than that is all


def shown_share(share: float, decimals: int = 0) -> float:
    """A share as `Language.percent` shows it with so many decimals of a per cent."""
    rounded = round(share, 2 + decimals)
    return rounded if share > 1 - _NOISE else min(rounded, 1 - 10.0 ** -(2 + decimals))


def shortened(text: str, most: int) -> str:
    """At most so many characters, cut between words with an ellipsis; a first word that is longer is cut itself."""
    if len(text) <= most:
        return text
    head, _, _ = text[:most].rpartition(" ")
    return (head.rstrip(" ,;&-\u2013") or text[: most - 1]) + "…"


def capitalised(text: str) -> str:
    """With a capital first letter, as titles and first cells begin."""
    return text[:1].upper() + text[1:]


@dataclass(frozen=True)
class Language:
    """Everything that depends on the reader's language. ``code`` is one of `LANGUAGES`."""

    code: str

    def __post_init__(self) -> None:
        if self.code not in LANGUAGES:
            raise ValueError(f"no reports in '{self.code}', only in {', '.join(LANGUAGES)}")

    @property
    def translations(self) -> NullTranslations:
        """The gettext catalogue."""
        return _catalogue(self.code)

    @property
    def locale(self) -> Locale:
        return _locale(self.code)

    def gettext(self, message: str, **values: object) -> str:
        """The message in this language with ``%(name)s`` filled in; after "e. K." it ends without another full stop."""
        told = self.translations.gettext(message) % values
        return told[:-1] if _TWO_STOPS.search(told) else told

    def ngettext(self, singular: str, plural: str, count: int, **values: object) -> str:
        """The form that fits a count; ``%(count)s`` is the count as readers write it."""
        return self.translations.ngettext(singular, plural, count) % {"count": self.number(count), **values}

    def number(self, value: float, decimals: int = 0) -> str:
        """A number with this language's separators and at most so many decimals."""
        return _decimal(round(value, decimals), None, self.code)

    def score(self, value: float) -> str:
        """A score between 0 and 1 with two decimals."""
        return _decimal(value, "0.00", self.code)

    def percent(self, share: float, decimals: int = 0) -> str:
        """A share in per cent with at most so many decimals; less than all never reads as 100 %."""
        return _percent(shown_share(share, decimals), self.code)

    def day(self, day: date) -> str:
        """A day in full: 19. April 2020."""
        return _day(day, self.code)

    def weekday(self, day: date) -> str:
        """A day near by, never broken over lines: Mi., 15. Apr."""
        return _weekday(day, self.code)

    def short_day(self, day: date) -> str:
        """A day near by without its weekday, never broken over lines: 15. Apr."""
        return _with_first(format_skeleton("MMMd", day, locale=self.locale), self.code).replace(" ", NO_BREAK_SPACE)

    def weekdays(self) -> list[str]:
        """The days from Monday to Sunday at their shortest: Mo, Di …"""
        names = get_day_names("short", "stand-alone", self.locale)
        return [capitalised(str(names[number]).rstrip(".")) for number in range(7)]

    def week(self, week: Week) -> str:
        """A week as readers name it: KW 16/2020."""
        return self.gettext("KW %(number)s/%(year)s", number=week.number, year=week.year)

    def days_of(self, week: Week) -> str:
        """Monday to Sunday in full."""
        return self.gettext("%(first)s bis %(last)s", first=self.day(week.monday), last=self.day(week.sunday))

    def list(self, items: Iterable[str]) -> str:
        """Several things in a sentence: a, b und c."""
        return format_list(list(items), locale=self.locale)

    def labelled(self, name: str, text: str) -> str:
        """A text behind its name and a colon."""
        return f"{name}{_CONVENTIONS[self.code].before_colon}: {text}"

    def series(self, parts: Iterable[str]) -> str:
        """Statements side by side, parted by semicolons."""
        return f"{_CONVENTIONS[self.code].before_semicolon}; ".join(parts)

    def quoted(self, text: str) -> str:
        """Text in this language's quotation marks."""
        return f"{_CONVENTIONS[self.code].opening}{text}{_CONVENTIONS[self.code].closing}"

    def country(self, code: str) -> str:
        """The name of a country by ISO 3166-1 alpha-2 code."""
        return str(self.locale.territories.get(code, code))

    def language_name(self, code: str) -> str:
        """The name of a language by ISO 639-1 code."""
        return str(self.locale.languages.get(code, code))

    def own_name(self, code: str) -> str:
        """The name of one of `LANGUAGES` in that language itself."""
        return str(_locale(code).languages[code])
