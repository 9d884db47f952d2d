"""Which regions a postcode can lie in: to see that it contradicts the region stated, or to know it where none is.

Germany and Austria: first digit, the zones of Deutsche Post and Österreichische Post with all states that GeoNames
knows a postcode of there (CC BY 4.0; postcodes of single large customers left out). United States: first digit, the
zones of the Postal Service (Publication 65). France: the first two digits are the département, which
`geography.region_code` knows, but for towns on a border that are served from the next one (50 of 51,611).
The one region in which all German or Austrian postcodes with some beginning lie is data (`postcodes.yaml`).
"""

from collections import defaultdict
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

import pandas as pd
import yaml

from matching.places.geography import region_code
from matching.words import fold

_ZONES = {
    "DE": {
        "0": "BB SN ST TH", "1": "BB BE MV SN", "2": "HB HH MV NI SH", "3": "HE NI NW ST TH", "4": "NI NW",
        "5": "HE NW RP", "6": "BW BY HE NW RP SL", "7": "BW BY RP", "8": "BW BY", "9": "BW BY TH",
    },
    "AT": {
        "1": "3 9", "2": "1 3 6 9", "3": "3 4 6", "4": "3 4 5", "5": "4 5", "6": "7 8", "7": "1 3 6",
        "8": "1 2 3 4 5 6", "9": "2 6 7",
    },
    "US": {
        "0": "CT MA ME NH NJ NY PR RI VI VT", "1": "DE NY PA", "2": "DC MD NC SC VA WV", "3": "AL FL GA MS TN",
        "4": "IN KY MI OH", "5": "IA MN MT ND SD WI", "6": "IL KS MO NE", "7": "AR LA OK TX",
        "8": "AZ CO ID NM NV TX UT WY", "9": "AK AS CA GU HI MP OR WA",
    },
}  # fmt: skip


def regions_of_postcode(country: str, code: str) -> frozenset[str]:
    """Codes of the regions that a postcode can lie in; empty where we cannot tell."""
    if country == "FR":
        region = region_code("FR", code[:2])
        return frozenset((region,)) if region is not None and len(code) == 5 else frozenset()
    zone = _ZONES.get(country, {}).get(code[:1], "")
    return frozenset(zone.split()) if code.isdigit() else frozenset()


def region_of_postcode(country: str, code: str) -> str | None:
    """The code of the one region in which a postcode lies; None where it may be several or we do not know."""
    if country in _beginnings():
        known = _beginnings()[country]
        return (known.get(code[:2]) or known.get(code[:3])) if code.isdigit() else None
    found = regions_of_postcode(country, code)
    return next(iter(found)) if len(found) == 1 else None


@lru_cache(maxsize=1)
def _beginnings() -> Mapping[str, Mapping[str, str]]:
    listed: dict[str, dict[str, str]] = yaml.load(
        Path(__file__).with_name("postcodes.yaml").read_text(encoding="utf-8"), yaml.CSafeLoader
    )
    return {
        country: {beginning: region for region, told in regions.items() for beginning in told.split()}
        for country, regions in listed.items()
    }


def with_regions(listings: pd.DataFrame) -> pd.DataFrame:
    """Listings with the region of their postcode where they have none; one without a postcode as others of its town.

    listings: columns country, region, city, postal_code. A town whose listings do not agree tells nothing.
    """
    columns = ["country", "region", "city", "postal_code"]
    rows = [tuple(None if pd.isna(one) else str(one) for one in row) for row in listings[columns].to_numpy("object")]
    regions = [
        region or (region_of_postcode(country, code.strip()) if country and code else None)
        for country, region, _, code in rows
    ]
    of_town: dict[tuple[str, str], set[str]] = defaultdict(set)
    for (country, _, city, _), region in zip(rows, regions, strict=True):
        if country and city and region:
            of_town[country, fold(city)].add(region)
    told = [set() if code else of_town.get((country or "", fold(city or "")), set()) for country, _, city, code in rows]
    found = [region or (min(one) if len(one) == 1 else None) for region, one in zip(regions, told, strict=True)]
    return listings.assign(region=pd.Series(found, index=listings.index, dtype="str"))
