"""Which town is meant: str -> canonical name, so that two records can be told to lie in one town.

Names in other languages become one (München, Munich, Muenchen) by the alternate names of GeoNames. Strict, because a
wrong town joins two firms; where it lies about is another question, which `geography` answers for every town whose
beginning it knows. One rule for both was tried on 1,042 towns as boards and public buyers write them: the longest known
beginning makes one town of Porto Salvo and Porto, and of all saints ("St Priest", "St Flour"); 35 towns change. The
strict rule finds no place for 36 that the other one finds ("Praha 4-Michle", "København K").

Several towns share a name: Frankfurt am Main and Frankfurt (Oder), Halle (Saale) and Halle (Westf.). What is said after
the name (a river, a region, in brackets, after a slash, abbreviated) tells them apart and stays in the canonical name.
"""

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from matching.places import geonames
from matching.words import romanised

_CITY_NOISE = re.compile(r"\bcedex\b.*|\bcs\s*\d+|\d+|^\s*(?:гр|с|gr|s|m)\.\s|\b(?:[a-z]{1,3})-(?=\d)")
_NO_TOWN = ("cedex", "CEDEX", "Cedex")
_CITY_WORD = re.compile(r"[^\W\d_]+")
_BRACKET = re.compile(r"\(([^)]*)\)")
# Between a name and what tells it from its namesakes, whole and abbreviated: "a. d. Weinstraße", "i. Br.", "upon Tyne".
_BETWEEN = frozenset(
    "a ad am an auf b bei ch d de den der des du en i im in la le les ob on s ss sous sul sur u unter uber upon v vor "
    "z".split()
)
_SAINTS = {"st": ("saint", "sankt"), "ste": ("sainte",)}
_SAYING_SANKT = frozenset({"AT", "CH", "DE", "LI"})
_SHORTEST_ALIAS = 3  # letters: GeoNames knows Sète as "st"
_SURELY = 5  # times as many inhabitants as its next namesake has: whoever writes "Frankfurt" means the one on the Main


class _Town(NamedTuple):
    """main: canonical name. qualifiers: words that tell it from its namesakes. population: inhabitants."""

    main: str
    qualifiers: frozenset[str]
    population: int


def town_words(text: str) -> list[str]:
    """The romanised words of a town without district numbers, CEDEX and brackets."""
    return _words(_BRACKET.sub(" ", text))


def _words(text: str) -> list[str]:
    if text.isalpha() and text not in _NO_TOWN:  # most names of GeoNames, a third of the time
        return [romanised(text)]
    return [romanised(word) for word in _CITY_WORD.findall(_CITY_NOISE.sub(" ", text.lower()))]


def _parted(text: str) -> tuple[list[str], list[str]]:
    """The words of a name and those that tell it from its namesakes: "Freiburg i. Br." is ``freiburg`` and ``br``."""
    if text.isalpha():  # most names, a third of the time
        return _words(text), []
    bracket = [word for inside in _BRACKET.findall(text) for word in _words(inside)]
    outside = _BRACKET.sub(" ", text)
    before, _, after = outside.partition("/")
    words = _words(before)
    cut = next((place for place, word in enumerate(words) if place and word in _BETWEEN), len(words))
    more = [*words[cut:], *_words(after), *bracket]
    return words[:cut], [word for word in more if word not in _BETWEEN]


@cache
def _towns(country: str) -> tuple[dict[str, str], dict[str, list[_Town]]]:
    """Of a country (ISO 3166-1 alpha-2) the name in any language -> canonical name, and the towns by short name."""
    cities = [(city, *_parted(city.name)) for city in geonames.cities(country)]
    bearers = Counter(" ".join(words) for _, words, _ in cities)
    names: dict[str, str] = {}
    by_name: dict[str, list[_Town]] = {}
    for city, words, qualifiers in cities:  # largest first
        short = " ".join(words)
        found = _described(city, short, qualifiers, bearers[short] > 1)
        by_name.setdefault(short, []).append(found)
        for name in _names(city):
            names.setdefault(name, found.main)
    return names, by_name


def _described(city: geonames.City, short: str, of_name: list[str], has_namesakes: bool) -> _Town:
    """A town as it is told from its namesakes: by its own name, else by the first longer one that others call it."""
    longer = [name for name in city.aliases if len(name) > len(short) and name[:3] == city.name[:3]]
    of_aliases = [qualifiers for words, qualifiers in map(_parted, longer) if qualifiers and " ".join(words) == short]
    own = next(iter(of_aliases), []) if has_namesakes and not of_name else of_name
    every = frozenset(of_name).union(*of_aliases)
    return _Town(" ".join([short, *own]), every, city.population)


def _names(city: geonames.City) -> Iterator[str]:
    """What the larger towns are called, in any language."""
    if city.population >= geonames.ALIASED_TOWN:
        yield " ".join(town_words(city.name))
        for alias in city.aliases:
            if len(alias) >= _SHORTEST_ALIAS:
                yield " ".join(town_words(alias))


def town(words: list[str], text: str, country: str) -> str:
    """The canonical name of a town of such `town_words`: its main name when GeoNames knows it, else its words."""
    if not words:
        return ""
    names, by_name = _towns(country)
    told = _among_namesakes(text, country)
    if told:
        return told
    whole = " ".join(_with_saint(words, country))
    # A district follows its town: "Köln-Porz", "Bratislava-Nové Mesto".
    if whole not in by_name and words[0] in names and re.match(r"[^\W\d_]+\s?[-–]", text.strip()):
        return names[words[0]]
    return names.get(whole, whole)


def _among_namesakes(text: str, country: str) -> str:
    """Which of the towns of one name is meant; the name alone where nobody can tell; empty where there is one or none.

    Whoever adds nothing means a town that is much larger than its namesakes.
    """
    _, by_name = _towns(country)
    parted, qualifiers = _parted(text)
    short = " ".join(_with_saint(parted, country))
    namesakes = by_name.get(short, [])
    if qualifiers:
        meant = (town.main for town in namesakes if all(_abbreviates(word, town.qualifiers) for word in qualifiers))
        return next(meant, "")
    if len(namesakes) < 2:
        return ""
    return namesakes[0].main if namesakes[0].population > _SURELY * namesakes[1].population else short


def _abbreviates(word: str, qualifiers: frozenset[str]) -> bool:
    return any(qualifier.startswith(word) or word.startswith(qualifier) for qualifier in qualifiers)


def _with_saint(words: list[str], country: str) -> list[str]:
    """The words with "St." written out, in the language that knows such a town, else in the country's."""
    if not words or words[0] not in _SAINTS or len(words) == 1:
        return words
    names, by_name = _towns(country)
    written = [[saint, *words[1:]] for saint in _SAINTS[words[0]]]
    known = [words for words in written if " ".join(words) in names or " ".join(words) in by_name]
    return (known or (written[::-1] if country in _SAYING_SANKT else written))[0]
