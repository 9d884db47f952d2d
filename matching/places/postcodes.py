"""Which regions a postcode can lie in: enough to see that it contradicts the region stated, never to find a place.

Germany and Austria: first digit, the zones of Deutsche Post and Österreichische Post with all states that GeoNames
knows a postcode of there (CC BY 4.0; postcodes of single large customers left out). United States: first digit, the
zones of the Postal Service (Publication 65). France: the first two digits are the département, which
`geography.region_code` knows, but for towns on a border that are served from the next one (50 of 51,611).
"""

from matching.places.geography import region_code

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
