"""Equal names of several organisations, and names of nobody: each table with the organisations a person would see."""

import pandas as pd
import pytest

from matching.organisations.common_names import are_common
from matching.organisations.resolve import resolve

TOWNS = [
    ("Aalen", "73430"), ("Bochum", "44787"), ("Celle", "29221"), ("Dessau", "06842"), ("Erlangen", "91052"),
    ("Flensburg", "24937"), ("Gera", "07545"), ("Hof", "95028"), ("Jena", "07743"), ("Kassel", "34117"),
    ("Lübeck", "23552"), ("Mainz", "55116"),
]  # fmt: skip


def organisations(*records: dict[str, str]) -> int:
    table = pd.DataFrame(
        [{"record_id": f"r{number:02d}", "country": "DE", **one} for number, one in enumerate(records)]
    )
    return int(resolve(table.fillna("")).members["organisation_id"].nunique())


@pytest.mark.parametrize(
    "name",
    ["Rathaus-Apotheke", "Bäckerei Lehmann", "St. Vinzenz-Hospital", "Elisabeth-Krankenhaus", "Josefshospital",
     "Gasthof Adler", "Weber & Söhne GmbH", "Garage de la Gare"],
)  # fmt: skip
def test_a_name_that_many_bear_needs_its_town(name: str) -> None:
    one, other = ({"name": name, "city": town, "postal_code": code} for town, code in TOWNS[:2])
    assert organisations(one, other) == 2
    assert organisations(one, one) == 1


def test_a_name_of_its_own_may_stand_in_two_towns() -> None:
    one, other = ({"name": "Elbfaser Vliesstoffe AG", "city": town} for town, _ in TOWNS[:2])
    assert organisations(one, other) == 1


def test_twelve_towns_and_twelve_hosts_are_twelve_firms() -> None:
    firms = [
        {"name": "Filtronik GmbH", "city": town, "postal_code": code, "website": f"filtronik-{town.lower()}.example"}
        for town, code in TOWNS
    ]
    assert organisations(*firms) == len(TOWNS)


def test_branches_with_one_host_are_one_firm() -> None:
    branches = [{"name": "Filtronik GmbH", "city": town, "website": "www.filtronik.example"} for town, _ in TOWNS[:4]]
    assert organisations(*branches) == 1


def test_another_town_and_another_host_outweigh_a_rare_name() -> None:
    one = {"name": "Elbfaser Vliesstoffe AG", "city": "Aalen", "website": "elbfaser.example"}
    other = {"name": "Elbfaser Vliesstoffe AG", "city": "Celle", "website": "vliesstoffe-celle.example"}
    assert organisations(one, other) == 2
    assert organisations(one, {**other, "website": "elbfaser.example"}) == 1


@pytest.mark.parametrize("name", ["unbekannt", "k. A.", "privat", "Non renseigné", "anonymous", "0000"])
def test_nobody_is_one_with_nobody(name: str) -> None:
    somebody = {"name": name, "city": "Aalen", "postal_code": "73430", "street": "Talweg 5"}
    assert organisations(somebody, somebody) == 2


@pytest.mark.parametrize(
    ("column", "value"),
    [("phone", "000000"), ("phone", "k. A."), ("registration_number", "néant"), ("street", "unbekannt")],
)
def test_a_placeholder_in_another_column_joins_nobody(column: str, value: str) -> None:
    one, other = {"name": "Tuchhaus Werra", column: value}, {"name": "Optik Saale", column: value}
    assert organisations({**one, "city": "Gera"}, {**other, "city": "Gera"}) == 2


def test_towns_of_one_name_keep_equal_names_apart() -> None:
    one, other = ({"name": "Löwen-Apotheke", "city": town} for town in ("Halle (Saale)", "Halle (Westf.)"))
    assert organisations(one, other) == 2
    assert organisations(one, {**one, "city": "Halle a. d. Saale"}) == 1


def test_compounds_of_common_words_are_common() -> None:
    assert are_common(["marienhospital", "stadtpark", "filtronik", "elbfaser"]).tolist() == [True, True, False, False]
