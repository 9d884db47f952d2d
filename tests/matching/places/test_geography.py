"""Places of listings and the distance between them."""

import math

import pandas as pd
import pytest

from matching.places.geography import locate, placed, region_code, region_names


def located(**columns: object) -> pd.Series:
    return locate(pd.DataFrame([columns])).iloc[0]


@pytest.mark.parametrize(
    ("country", "city", "latitude", "longitude"),
    [
        ("DE", "München", 48.14, 11.58),
        ("DE", "MUENCHEN", 48.14, 11.58),
        ("DE", "Munich", 48.14, 11.58),
        ("DE", "Köln-Porz", 50.93, 6.95),
        ("DE", "Hamburg 20", 53.55, 9.99),
        ("FR", "STRASBOURG CEDEX 2", 48.58, 7.75),
        ("US", "Seattle", 47.61, -122.33),
    ],
)
def test_cities_in_the_spellings_of_boards(country: str, city: str, latitude: float, longitude: float) -> None:
    place = located(country=country, city=city)
    assert (place["latitude"], place["longitude"]) == pytest.approx((latitude, longitude), abs=0.15)
    assert place["precision"] == "city"


def test_a_region_or_country_alone_has_no_coordinates() -> None:
    """Its middle may lie 300 km from where the goods are: no distance is better than an invented one."""
    place = located(country="DE", region="Bade-Wurtemberg")
    assert (place["precision"], place["region_key"]) == (None, "DE-BW")
    assert math.isnan(place["latitude"])
    assert math.isnan(located(country="DE")["latitude"])


@pytest.mark.parametrize(
    ("listing", "country", "region"),
    [
        ({"country": "DE", "city": "Strasbourg"}, "FR", "GES"),  # a German board's own country, filled in
        ({"country": "DE", "city": "Straßburg"}, "FR", "GES"),
        ({"country": "DE", "city": "Strasbourg", "region": "BW"}, "DE", "BW"),  # somebody said so: a contradiction
        ({"country": "FR", "city": "Stuttgart"}, "FR", None),  # not the platform's own country: stated
        ({"country": "DE", "city": "Neustadt"}, "DE", None),
        ({"country": "DE", "city": "Kleinstweiler"}, "DE", None),  # too small to be known
    ],
)
def test_a_platforms_own_country_never_overrules_a_stated_town(
    listing: dict[str, str], country: str, region: str | None
) -> None:
    columns = ["platform", "country", "region", "city", "postal_code", "latitude", "longitude"]
    table = pd.DataFrame([{"platform": "board"} | listing], columns=columns).astype({"latitude": float})
    found = placed(table, {"board": "DE"}).iloc[0]
    assert found["country"] == country
    assert region is None or found["region"] == region


@pytest.mark.parametrize(
    ("country", "region", "code"),
    [
        ("DE", "DE-BY", "BY"),
        ("FR", "67", "GES"),
        ("FR", "Alsace", "GES"),
        ("FR", "FRF1", "GES"),
        ("DE", "DE114", "BW"),
        ("US", "wa", "WA"),
        ("US", "Texas", "TX"),
        ("DE", "Mars", None),
        ("FR", "FRY1", None),
    ],
)
def test_region_codes(country: str, region: str, code: str | None) -> None:
    assert region_code(country, region) == code


def test_a_postcode_table_is_preferred_to_the_city() -> None:
    postcodes = pd.DataFrame({"country_code": ["DE"], "zipcode": ["70173"], "latitude": [48.0], "longitude": [9.0]})
    row = pd.DataFrame([{"country": "DE", "city": "Stuttgart", "postal_code": "70173"}])
    assert locate(row, postcodes).iloc[0][["latitude", "precision"]].tolist() == [48.0, "postcode"]


def test_own_coordinates_are_kept_and_nowhere_is_nowhere() -> None:
    assert located(country="DE", city="Berlin", latitude=1.0, longitude=2.0)["latitude"] == 1.0
    assert located(country="DE", city="Nirgendwo")[["latitude"]].isna().all()


@pytest.mark.parametrize(
    ("country", "stated", "names"),
    [
        ("US", "CA", ["California", "Kalifornien", "Californie"]),
        ("US", "kalifornien", ["California", "Kalifornien", "Californie"]),
        ("US", "PR", ["Puerto Rico", "Porto Rico"]),
        ("US", "TX", ["Texas"]),
        ("DE", "BW", ["Baden-Württemberg", "Bade-Wurtemberg"]),
        ("US", "Atlantis", []),
        (None, "CA", []),
    ],
)
def test_region_names(country: str | None, stated: str, names: list[str]) -> None:
    assert region_names(country, stated) == names
