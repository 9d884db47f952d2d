import pandas as pd
import pytest

from matching.places.geography import locate
from matching.places.towns import town, town_words


def read(country: str, text: str) -> str:
    return town(town_words(text), text, country)


@pytest.mark.parametrize(
    ("country", "one", "other"),
    [
        ("DE", "Köln-Porz", "KOELN"),
        ("DE", "Hamburg 20", "Hamburg"),
        ("DE", "München", "Munich"),
        ("FR", "Paris CEDEX 12", "PARIS"),
        ("BE", "Brussel", "Bruxelles"),
        ("BG", "гр. София", "Sofia"),
        ("DE", "Frankfurt a. M.", "Frankfurt am Main"),
        ("DE", "Frankfurt/Main", "Frankfurt"),
        ("DE", "Frankfurt-Höchst", "Francfort-sur-le-Main"),
        ("DE", "Halle a. d. Saale", "Halle (Saale)"),
        ("DE", "Neustadt/Weinstr.", "Neustadt an der Weinstraße"),
        ("DE", "Freiburg i. Br.", "Freiburg"),
        ("DE", "München (Pasing)", "München"),
        ("FR", "St-Étienne", "SAINT ETIENNE"),
        ("CH", "St. Gallen", "Sankt Gallen"),
        ("CH", "Biel", "Bienne"),
        ("GB", "Newcastle-upon-Tyne", "Newcastle upon Tyne"),
    ],
)
def test_ways_to_write_a_town_are_one(country: str, one: str, other: str) -> None:
    assert read(country, one) == read(country, other) != ""


@pytest.mark.parametrize(
    ("country", "one", "other"),
    [
        ("PT", "Porto Salvo", "Porto"),
        ("FR", "St Priest", "St Flour"),
        ("FR", "St-Étienne", "Sète"),
        ("DE", "Frankfurt", "Frankfurt (Oder)"),
        ("DE", "Frankfurt a. M.", "Frankfurt/O."),
        ("DE", "Halle (Westf.)", "Halle (Saale)"),
        ("DE", "Neustadt an der Weinstraße", "Neustadt in Holstein"),
        ("FR", "Saint-Denis", "Saint-Denis-en-Val"),
    ],
)
def test_a_known_beginning_does_not_make_two_towns_one(country: str, one: str, other: str) -> None:
    assert read(country, one) != read(country, other)


def test_where_a_town_lies_about_is_read_more_freely_than_which_town_it_is() -> None:
    districts = pd.DataFrame({"country": ["DK", "DK"], "city": ["København K", "København"]})
    assert locate(districts)["latitude"].nunique() == 1
    assert read("DK", "København K") != read("DK", "København")
