"""Which town is meant: str -> canonical name, so that two records can be told to lie in one town.

Names in other languages become one (München, Munich, Muenchen) by the alternate names of GeoNames. Strict, because a
wrong town joins two firms; where it lies about is another question, which `geography` answers for every town whose
beginning it knows. One rule for both was tried on 1,042 towns as boards and public buyers write them: the longest known
beginning makes one town of Porto Salvo and Porto, and of all saints ("St Priest", "St Flour"); 35 towns change. The
strict rule finds no place for 36 that the other one finds ("Praha 4-Michle", "København K").
"""

import re
from functools import cache

from matching.places import geonames
from matching.words import romanised

_CITY_NOISE = re.compile(r"\([^)]*\)|\bcedex\b.*|\bcs\s*\d+|\d+|^\s*(?:гр|с|gr|s|m|st)\.\s|\b(?:[a-z]{1,3})-(?=\d)")
_CITY_WORD = re.compile(r"[^\W\d_]+")


def town_words(text: str) -> list[str]:
    """The romanised words of a town without district numbers, CEDEX and brackets."""
    return [romanised(word) for word in _CITY_WORD.findall(_CITY_NOISE.sub(" ", text.lower()))]


@cache
def town_names(country: str) -> dict[str, str]:
    """Romanised name in any language -> romanised main name of the larger cities of a country (ISO 3166-1 alpha-2)."""
    names: dict[str, str] = {}
    for city in geonames.cities(country):
        if city.population >= geonames.ALIASED_TOWN:
            main = " ".join(town_words(city.name))
            for name in (city.name, *city.aliases):
                names.setdefault(" ".join(town_words(name)), main)
    return names


def town(words: list[str], text: str, country: str) -> str:
    """The canonical name of a town of such `town_words`: its main name when GeoNames knows it, else its words."""
    if not words:
        return ""
    aliases = town_names(country)
    whole = " ".join(words)
    # A district follows its town: "Köln-Porz", "Bratislava-Nové Mesto".
    if aliases.get(whole) != whole and words[0] in aliases and re.match(r"[^\W\d_]+\s?[-–]", text.strip()):
        return aliases[words[0]]
    return aliases.get(whole, whole)
