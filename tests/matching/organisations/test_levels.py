"""Levels are values: nothing but the order in which they are asked depends on where they stand."""

import json
import random

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from matching.organisations import comparison, linking, resolve, sites, weights
from matching.organisations.comparison import COMPARISONS
from matching.organisations.levels import MISSING, Comparison, Level

LEVELS = [(told.part, level) for told in COMPARISONS for level in told.levels]
NAMES = [
    "Nähwerk Müller GmbH", "Naehwerk Mueller", "Müller Nähwerk AG", "Nähwerk Müller Holding GmbH", "Nähwerk Müler",
    "Nähwerk Müller GmbH, Werk Ulm", "Nähwerk Müller - Einkauf", "Klinik 2", "Klinik 3", "Universitätsklinikum Alb Ulm",
    "UAU", "Filtronik", "Filtronyk", "Stoffhaus Alb Medizin", "Stoffhaus Alb", "Stadt Ulm", "", "Filtro nik",
    "Stoffhaus Alb GmbH", "Stoffhaus Alb UG", "Optik Kiel Service",
    "Klinik Amsel Wald", "Apotheke Amsel Wald", "Amsel Wald",
    "Amsel Wald Ulm", "Amsel Wald Kiel", "Zweckverband Abwasserbeseitigung", "Zweckverband Abwasserbeseit", "K&L Optik",
    "K&W Optik", "Praxis am Ring, Optik Kiel Service", "Nordsee Textil GmbH",
]  # fmt: skip
PLACES = [("Talweg 5", "89073", "Ulm"), ("Talweg 7", "89073", "Ulm"), ("", "89075", "Ulm"), ("Ring 1", "24103", "Kiel")]


def table() -> pd.DataFrame:
    """Made up at random, so that most levels occur: the same firms at other places, hosts and numbers."""
    chance = random.Random(5)  # noqa: S311 the same table every time
    rows = []
    for number in range(150):
        street, postal_code, city = chance.choice([*PLACES, ("", "", "")])
        host = chance.choice(["naehwerk.example", "filtronik.example", "alb.example", ""])
        rows.append(
            {"record_id": f"r{number:03d}", "source": chance.choice("ab"), "name": chance.choice(NAMES)}
            | {"street": street, "postal_code": postal_code, "city": city, "country": chance.choice(["DE", "DE", "FR"])}
            | {"website": host, "phone": chance.choice(["0731 44556677", "0431 998877", "07121 55443", ""])}
            | {"registration_number": chance.choice(["HRB 77", "", "", ""]), "organisation_key": chance.choice("xyz")}
        )
    rows += [{"record_id": f"s{number}", "name": "Albtal Optik", "website": "tal.example"} for number in range(2)]
    for part, one, other in (
        ("registration_number", "HRB 1", "HRB 2"),
        ("phone", "0561 998877", "+49 561 998877"),
        ("name", "Tuchwerk Werra Fulda", "Werra Tuchwerk Diemel"),
        ("name", "Tuchwerk Werra 2", "Tuchwerk Werra 3"),
    ):
        both = {"name": "Tuchhaus Werra", "city": "Kassel", "street": "Torweg 3", "country": "DE"}
        rows += [both | {"record_id": f"t{len(rows)}", part: one}, both | {"record_id": f"u{len(rows)}", part: other}]
    return pd.DataFrame(rows).fillna("")


def standing_alone(levels: tuple[Level, ...]) -> list[Level]:
    """The same levels, each with a condition that says in full when it is the answer, in whatever order they stand."""

    def alone(place: int) -> Level:
        def holds(facts: object) -> object:
            found = levels[place].holds(facts)
            for earlier in levels[:place]:
                found = found & ~earlier.holds(facts)
            return found

        return levels[place]._replace(holds=holds)

    return [alone(place) for place in range(len(levels))]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_place_of_a_level_means_nothing(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    found = resolve.resolve(table())
    shuffled = []
    for told in COMPARISONS:
        levels = standing_alone(told.levels)
        random.Random(seed).shuffle(levels)  # noqa: S311 an order that a failure can be repeated with
        shuffled.append(Comparison(told.part, tuple(levels)))
        monkeypatch.setattr(comparison, told.part.upper(), shuffled[-1])
    for module in (comparison, weights, linking, resolve, sites):
        monkeypatch.setattr(module, "COMPARISONS", tuple(shuffled))
    again = resolve.resolve(table())
    assert_frame_equal(found.members, again.members)
    assert_frame_equal(found.pairs, again.pairs)
    assert found.health == again.health


def test_the_table_shows_most_levels() -> None:
    parts = [part for text in resolve.resolve(table()).pairs["evidence"] for part in json.loads(text)]
    shown = {(part["part"], part.get("state")) for part in parts}
    told = {(f"organisation_{part}", level.name) for part, level in LEVELS if level.sentence}
    assert len(told & shown) >= 0.7 * len(told), sorted(told - shown)


@pytest.mark.parametrize(("part", "level"), LEVELS)
def test_every_level_says_where_its_bits_come_from(part: str, level: Level) -> None:
    assert level.source
    assert level.sentence or (level.name == MISSING and level.bits == 0)


@pytest.mark.parametrize("told", COMPARISONS)
def test_names_are_unique_and_a_missing_value_has_a_level(told: Comparison) -> None:
    names = [level.name for level in told.levels]
    assert len(set(names)) == len(names)
    assert MISSING in names


def test_a_level_falls_no_further_than_its_least() -> None:
    level = Level("x", lambda facts: facts, -1.5, "", "for this test", growth=-0.75, least=-4.0)
    assert [level.bits_among(size) for size in (1024, 4096, 65_536, 2**20)] == [0.0, -1.5, -4.0, -4.0]
