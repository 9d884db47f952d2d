"""What data staff prescribe: each option has its effect, and a wrong entry is refused with its place."""

from pathlib import Path
from typing import Any

import pytest

from matching.consortia.options import Options, read_options
from matching.taxonomy.concepts import load_taxonomy
from matching.yaml_files import FileFault
from pipelines.decisions import DecisionFiles

CONCEPTS = load_taxonomy().concepts
EXAMPLE = Path(__file__).parents[3] / "docs" / "options.yaml"


def _partners(world: Any, **more: Any) -> set[str]:
    roles = world.compose(options=Options(**more)).roles
    return set(roles.loc[roles["state"] == "filled", "organisation_id"])


@pytest.fixture(name="shields")
def _shields(world: Any) -> Any:
    world.say("request", "Klinik", "face_shield", 100)
    world.say("offer", "A", "face_shield", 60)
    world.say("offer", "B", "face_shield", 60, city="Strasbourg")
    world.say("offer", "C", "face_shield", 60, city="Leipzig")
    return world


@pytest.mark.parametrize("solved_as", [{}, {"program_size": 1}])
@pytest.mark.parametrize(
    ("option", "partners"),
    [
        ({}, {"A", "B"}),
        ({"forbidden_pairs": frozenset({frozenset({"A", "Klinik"})})}, {"B", "C"}),
        ({"maximum_countries": 1}, {"A", "C"}),
        ({"scores": {"C": 2.0, "A": 0.1}}, {"B", "C"}),
        ({"eu_rule": ("face_shield",)}, set()),  # only two states have partners
        ({"eu_rule": ("surgical_mask",)}, {"A", "B"}),
    ],
    ids=["none", "forbidden_pairs", "maximum_countries", "scores", "eu_rule_broken", "eu_rule_kept"],
)
def test_each_option_has_its_effect(
    shields: Any, option: dict[str, Any], partners: set[str], solved_as: dict[str, Any]
) -> None:
    if "scores" in option:
        for row in shields.listings:  # so that nearness does not decide
            row.update(latitude=None, longitude=None)
    assert _partners(shields, **option, **solved_as) == partners


def test_forbidden_pairs_do_not_meet(shields: Any) -> None:
    partners = _partners(shields, forbidden_pairs=frozenset({frozenset({"A", "B"})}))
    assert partners
    assert not {"A", "B"} <= partners


def test_required_ones_take_part(shields: Any) -> None:
    assert "C" in _partners(shields, required={"face_shield": ("C",)})
    assert "C" in _partners(shields, required={"biopro_boerse:0001": ("C",)})
    assert _partners(shields, required={"surgical_mask": ("C",)}) == {"A", "B"}


def test_no_more_partners_than_allowed(shields: Any) -> None:
    assert len(_partners(shields, maximum_partners=1)) == 1


def test_far_partners_stay_away(world: Any) -> None:
    world.say("request", "Klinik", "surgical_mask", 100)
    world.say("offer", "Nah", "sewing", 100)
    world.say("offer", "Fern", "meltblown", 1, unit="kilogram", city="Leipzig")
    world.say("offer", "Irgendwo", "mask_testing", 1, unit="test", latitude=None, longitude=None)
    assert _partners(world) == {"Nah", "Fern", "Irgendwo"}
    assert _partners(world, maximum_distance_km=200) == {"Nah", "Irgendwo"}


def test_three_entities_from_three_states_are_composed(shields: Any) -> None:
    shields.say("offer", "D", "face_shield", 60, country="AT")
    assert {"B", "D"} <= _partners(shields, eu_rule=("face_shield",))


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("colour: red", "unknown field colour"),
        ("- 1", "mapping"),
        ("maximum_partners: 0", "maximum_partners: 0"),
        ("maximum_distance_km: far", "far"),
        ("forbidden_pairs: [[O-1]]", "pair of two"),
        ("forbidden_pairs: O-1", "list of pairs"),
        ("required: [O-1]", "required: must be a mapping"),
        ("required: {mask: O-1}", "required: mask"),
        ("scores: {O-1: 3}", "from 0 to 2"),
        ("eu_rule: mask", "eu_rule"),
        ("a: [", "cannot be read"),
        ("maximum_partners: 2\nmaximum_partners: 3", "maximum_partners stands twice"),
        ("required: {no_such_thing: [O-1]}", "required: 'no_such_thing' is no concept"),
        ("eu_rule: [no_such_thing]", "eu_rule: 'no_such_thing' is no concept"),
    ],
)
def test_options_are_refused_with_their_place(tmp_path: Path, text: str, complaint: str) -> None:
    path = tmp_path / "options.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(FileFault, match=r"options\.yaml") as refusal:
        read_options(path, CONCEPTS)
    assert complaint in str(refusal.value)


def test_the_example_names_every_option_and_is_read_from_a_store(tmp_path: Path) -> None:
    assert DecisionFiles(tmp_path).options(CONCEPTS) == Options()
    (tmp_path / "options.yaml").write_bytes(EXAMPLE.read_bytes())
    options = DecisionFiles(tmp_path).options(CONCEPTS)
    assert options.forbidden_pairs == {frozenset({"O-0a1b2c3d4e5f", "O-6071829304a5"})}
    assert (options.maximum_partners, options.maximum_distance_km, options.eu_rule) == (6, 600, ("research",))
    assert options.scores == {"O-0a1b2c3d4e5f": 1.5}
    assert set(options.prescribed) == set(Options.model_fields) - {"program_size", "least_certainty"}
