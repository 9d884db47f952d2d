"""Regierungsbezirke and départements of towns."""

from pathlib import Path

import pandas as pd
import pytest

from matching.places.districts import district_of

POSTCODES = Path(__file__).resolve().parents[4] / "shared" / "data" / "codes" / "postcodes_geonames.csv.gz"


@pytest.mark.parametrize(
    ("country", "city", "postal_code", "code"),
    [
        ("DE", "Freiburg im Breisgau", None, "DE13"),
        ("DE", "Singen (Hohentwiel)", None, "DE13"),
        ("DE", "STUTTGART", "70173", "DE11"),
        ("DE", "Albstadt-Tailfingen", None, "DE14"),
        ("DE", "Schwenningen (Heuberg)", None, "DE14"),
        ("DE", "Schwenningen", None, None),  # or the one beside Villingen
        ("DE", "Nirgendwo", "70173", None),
        ("DE", None, None, None),
        ("FR", "Mulhouse", None, "FRF12"),
        ("FR", "Petite-Rosselle", "57540", "FRF33"),
    ],
)
def test_the_town_or_a_french_postcode_tells(
    country: str, city: str | None, postal_code: str | None, code: str | None
) -> None:
    assert district_of(country, city, postal_code) == code


@pytest.mark.skipif(not POSTCODES.exists(), reason="needs the shared postcodes")
def test_towns_lie_where_geonames_has_them() -> None:
    known = pd.read_csv(POSTCODES, dtype=str)
    known = known[(known["country_code"] == "DE") & known["province_code"].isin(["081", "082", "083", "084"])]
    known = known[~known["place"].str.contains("&")]  # firms with a postcode of their own
    known = known.drop_duplicates(["place", "province_code"]).drop_duplicates("place", keep=False)
    found = [district_of("DE", place, None) for place in known["place"]]
    wrong = [
        (place, code)
        for place, code, province in zip(known["place"], found, known["province_code"], strict=True)
        if code and code != f"DE1{province[-1]}"
    ]
    assert wrong == []
    assert sum(code is not None for code in found) >= 50  # else nothing was compared
