"""Each level once: two records that show it, in a table that says what it takes to know."""

import json

import pandas as pd
import pytest

from matching.organisations.comparison import COMPARISONS
from matching.organisations.levels import MISSING
from matching.organisations.resolve import explain

Record = dict[str, str]
ADDRESS = {"street": "Talweg 5", "postal_code": "89073", "city": "Ulm", "country": "DE"}


def at(**columns: str) -> Record:
    """A firm of a rare name."""
    return {"name": "Elbfaser Vliesstoffe", **columns}


def called(name: str, **columns: str) -> Record:
    return {"name": name, "city": "Ulm", "country": "DE", **columns}


def many(count: int, **columns: str) -> list[Record]:
    """Firms of different names that share something."""
    words = ["Anker", "Birke", "Cello", "Dachs", "Eiche", "Falke", "Ginster", "Hafer"]
    return [{"name": f"{word}werk {word}hof", "country": "DE", **columns} for word in words[:count]]


# (part, level) -> the pair, and who else stands in the table
CASES: dict[tuple[str, str], tuple[Record, Record, list[Record]]] = {
    ("name", MISSING): (called(""), called("Stoffhaus Alb"), []),
    ("name", "equal_rare"): (called("Stoffhaus Albquell"), called("STOFFHAUS ALBQUELL"), []),
    ("name", "equal_borne_by_many"): (called("Löwen-Apotheke"), called("Löwen Apotheke"), []),
    ("name", "equal"): ({"name": "Service"}, {"name": "SERVICE"}, []),
    ("name", "equal_common"): ({"name": "Service"}, {"name": "SERVICE"}, [{"name": f"Service {n}"} for n in range(40)]),
    ("name", "numbers_differ"): (called("Tuchwerk Werra 2"), called("Tuchwerk Werra 3"), []),
    ("name", "letters_differ"): (called("K&L Optik"), called("K&W Optik"), []),
    ("name", "acronym_only"): (called("Textilverband Alb Nord"), called("TAN"), []),
    ("name", "acronym"): (called("Textilverband Alb Nord"), called("TAN Reutlingen"), []),
    ("name", "near"): (called("Stoffhaus Albquell"), called("Stofhaus Albquell"), []),
    ("name", "near_borne_by_many"): (called("Löwen-Apotheke"), called("Löwenapotheke"), []),
    ("name", "near_common"): (called("Beratung"), called("Beratungen"), []),
    ("name", "near_glued"): (called("Filtro nik"), called("Filtronyk"), []),
    ("name", "named_aside"): (called("Vialux (vormals Amsel Lichttechnik)"), called("Amsel Lichttechnik"), []),
    ("name", "town_more"): (called("Stoffhaus Albquell Ulm"), called("Stoffhaus Albquell"), []),
    ("name", "other_town"): (
        {"name": "Stoffhaus Kiel"}, {"name": "Stoffhaus Bonn"}, [{"name": "Anker", "country": "DE"}]),
    ("name", "other_kind"): (called("Klinik Amselwald"), called("Apotheke Amselwald"), []),
    ("name", "cut"): (called("Zweckverband Abwasserbeseitigung"), called("Zweckverband Abwasserbeseit"), []),
    ("name", "sister"): (called("Weber Metallbau GmbH"), called("Weber Metallbau Verwaltungs GmbH"), []),
    ("name", "department"): (called("Materialamt Albquell"), called("Materialamt Albquell - Einkauf"), []),
    ("name", "same_head"): (called("Albquell - Einkauf Recht"), called("Albquell - Lager Verkauf"), []),
    ("name", "kind_more"): (called("Albquell Wertheim"), called("Klinikum Albquell Wertheim"), []),
    ("name", "generic_words_more"): (called("Albquell Wertheim"), called("Albquell Wertheim Service"), []),
    ("name", "contained"): (called("Albquell Wertheim"), called("Albquell Wertheim Zwirnerei"), []),
    ("name", "strong_overlap"): (
        called("Albquell Zwirnerei Anker Birke Dachs Cello"), called("Albquell Zwirnerei Anker Birke Dachs Bau"), []),
    ("name", "overlap"): (called("Albquell Wertheim Zwirnerei Anker"), called("Albquell Wertheim Zwirnerei Birke"), []),
    ("name", "weak_overlap"): (called("Albquell Zwirnerei"), called("Albquell Kammgarn"), []),
    ("name", "different"): (called("Albquell Zwirnerei"), called("Nordsee Kammgarn"), []),
    ("legal_form", "equal"): (called("Albquell GmbH"), called("Albquell GmbH"), []),
    ("legal_form", "same_family"): (called("Albquell GmbH"), called("Albquell UG"), []),
    ("legal_form", "two_firms"): (called("Albquell Zwirnerei GmbH"), called("Nordsee Kammgarn AG"), []),
    ("legal_form", "different"): (called("Albquell GmbH"), called("Albquell AG"), []),
    ("legal_form", "one_sided"): (called("Albquell GmbH"), called("Albquell"), []),
    ("place", "other_country"): (at(country="DE"), at(country="FR"), []),
    ("place", "same_address"): (at(**ADDRESS), at(**ADDRESS), []),
    ("place", "shared_address"): (at(**ADDRESS), at(**ADDRESS), many(5, **ADDRESS)),
    ("place", "same_house_number"): (
        at(postal_code="89073", street="5"), at(postal_code="89073", street="Talweg 5"), []),
    ("place", "other_address"): (at(**ADDRESS), at(**ADDRESS | {"street": "Ring 1"}), []),
    ("place", "same_postal_code"): (at(postal_code="89073", country="DE"), at(postal_code="89073", country="DE"), []),
    ("place", "same_city"): (at(city="Ulm", country="DE"), at(city="Ulm", country="DE"), []),
    ("place", "same_area"): (at(postal_code="89073", country="DE"), at(postal_code="89231", country="DE"), []),
    ("place", "other_city_and_host"): (
        at(city="Ulm", website="elbfaser.example"), at(city="Kiel", website="vliesstoffe.example"), []),
    ("place", "other_city"): (at(city="Ulm", country="DE"), at(city="Kiel", country="DE"), []),
    ("domain", "own"): (at(website="elbfaser.example"), at(email_domain="elbfaser.example"), []),
    ("domain", "shared"): (at(website="tal.example"), at(website="tal.example"), many(3, website="tal.example")),
    ("domain", "hub"): (at(website="tal.example"), at(website="tal.example"), many(8, website="tal.example")),
    ("domain", "different"): (at(website="elbfaser.example"), at(website="vliesstoffe.example"), []),
    ("registration_number", "equal"): (at(registration_number="HRB 17"), at(registration_number="HRB17"), []),
    ("registration_number", "different"): (at(registration_number="HRB 17"), at(registration_number="HRB 18"), []),
    ("phone", "equal"): (at(phone="0731 44556677"), at(phone="+49 731 44556677"), []),
    ("phone", "shared"): (at(phone="0731 44556677"), at(phone="0731 44556677"), many(4, phone="0731 44556677")),
    ("phone", "different"): (at(phone="0731 44556677"), at(phone="0731 998877"), []),
    ("account", "equal"): (at(source="a", organisation_key="x"), at(source="a", organisation_key="x"), []),
    ("account", "different"): (at(source="a", organisation_key="x"), at(source="a", organisation_key="y"), []),
    ("partner", "best_of_both"): (
        called("Albquell Wertheim Zwirnerei Anker", source="a", street="Talweg 5"),
        called("Albquell Wertheim Zwirnerei Birke", source="b", street="Talweg 5"), []),
}  # fmt: skip


@pytest.mark.parametrize(("part", "level"), CASES)
def test_a_pair_shows_its_level(part: str, level: str) -> None:
    one, other, others = CASES[part, level]
    rows = [{"record_id": f"r{number:02d}", **row} for number, row in enumerate([one, other, *others])]
    parts = json.loads(explain(pd.DataFrame(rows).fillna(""), "r00", "r01").evidence)
    assert {told["part"]: told.get("state") for told in parts}.get(f"organisation_{part}") == level


def test_every_level_that_readers_are_told_has_a_pair() -> None:
    told = {
        (comparison.part, level.name) for comparison in COMPARISONS for level in comparison.levels if level.sentence
    }
    assert told == set(CASES)
