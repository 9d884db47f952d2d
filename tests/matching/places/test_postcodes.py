"""The region of a postcode, where it has one alone, and listings that state none."""

from pathlib import Path

import pandas as pd
import pytest

from matching.places.geography import region_code
from matching.places.postcodes import region_of_postcode, with_regions

POSTCODES = Path(__file__).resolve().parents[4] / "shared" / "data" / "codes" / "postcodes_geonames.csv.gz"


@pytest.mark.parametrize(
    ("country", "code", "region"),
    [
        ("DE", "78564", "BW"),  # Wehingen
        ("DE", "55246", None),  # of Mainz by its postcode, in Hesse
        ("DE", "nirgends", None),
        ("FR", "67000", "GES"),
        ("AT", "6020", "7"),
        ("US", "98310", None),
    ],
)
def test_a_postcode_tells_its_region_where_it_lies_in_one_alone(country: str, code: str, region: str | None) -> None:
    assert region_of_postcode(country, code) == region


def test_listings_without_a_region_take_that_of_their_postcode_or_of_their_town() -> None:
    listings = pd.DataFrame(
        [
            ("DE", None, "Wehingen", "78564", "BW"),
            ("DE", None, "wehingen", None, "BW"),
            ("DE", "BY", "Wehingen", None, "BY"),  # what is stated stays
            ("DE", None, "Neustadt", "01844", "SN"),
            ("DE", None, "Neustadt", "97845", None),  # this one or that, and not the other Neustadt
            ("DE", None, None, None, None),
            (None, None, "Wehingen", "78564", None),
        ],
        columns=["country", "region", "city", "postal_code", "expected"],
    )
    found = with_regions(listings.drop(index=2))
    assert [None if pd.isna(one) else one for one in found["region"]] == ["BW", "BW", "SN", None, None, None]
    both = with_regions(listings.iloc[[0, 1, 2]])
    assert both["region"].tolist()[2] == "BY"
    assert pd.isna(both["region"].tolist()[1]), "two towns of one name"


@pytest.mark.skipif(not POSTCODES.exists(), reason="needs the shared postcodes")
def test_geonames_has_no_postcode_in_another_region() -> None:
    known = pd.read_csv(POSTCODES, dtype=str)
    known = known[known["country_code"].isin(["DE", "AT"]) & known["state"].notna()]
    stated = [
        region_code(country, state.removeprefix("Land "))
        for country, state in zip(known["country_code"], known["state"], strict=True)
    ]
    found = [region_of_postcode(*row) for row in known[["country_code", "zipcode"]].itertuples(index=False)]
    told = sum(region is not None for region in found)
    wrong = sum(region not in (None, other) for region, other in zip(found, stated, strict=True))
    assert told >= 0.85 * len(found)
    assert wrong == 0
