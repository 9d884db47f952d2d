"""Recipe files: what they must say, and how they are refused."""

from pathlib import Path

import pytest

from matching.taxonomy.concepts import load_taxonomy
from matching.taxonomy.recipes import load_recipes
from matching.yaml_files import FileFault

GOOD = "{role: sewing, amount: 1, unit: piece, lead_time_days: 7}"


def test_shipped_recipes_are_sound() -> None:
    recipes = load_recipes()
    assert [recipe.recipe_id for recipe in recipes] == sorted(recipe.recipe_id for recipe in recipes)
    for recipe in recipes:
        assert recipe.note
        groups = [role.one_of for role in recipe.roles if role.one_of]
        assert all(groups.count(group) > 1 for group in groups), f"{recipe.recipe_id}: an alternative to nothing"


def test_recipes_speak_the_taxonomy() -> None:
    concepts = load_taxonomy().concepts
    recipes = load_recipes()
    assert len(recipes) >= 25
    for recipe in recipes:
        named = {recipe.concept_id, *(concept for role in recipe.roles for concept in role.concepts)}
        assert named <= concepts.keys(), recipe.recipe_id


@pytest.mark.parametrize(
    ("role", "complaint"),
    [
        ("{role: sewing, amount: 1, unit: piece}", "lead_time_days"),
        ("{role: sewing, amount: 0, unit: piece, lead_time_days: 7}", "amount"),
        ("{role: sewing, amount: 1, unit: boxes, lead_time_days: 7}", "unit"),
        ("{role: sewing, amount: 1, unit: piece, lead_time_days: 7, colour: red}", "colour"),
        ("{role: sewing, amount: 1, unit: piece, lead_time_days: 7, only_if: sunny}", "only_if"),
        ("{role: sewing, amount: 1, unit: piece, lead_time_days: 7, unless: sterile}", "unless"),
        ("{role: sewing, amount: 1, unit: piece, lead_time_days: 7, norms: EN 149}", "norms"),
        (f"{GOOD}\n    - {GOOD}", "stands twice"),
        ("sewing", "mapping"),
    ],
)
def test_faults_are_refused_with_their_place(tmp_path: Path, role: str, complaint: str) -> None:
    (tmp_path / "x.yaml").write_text(f"mask:\n  unit: piece\n  note: n\n  roles:\n    - {role}\n", encoding="utf-8")
    with pytest.raises(FileFault, match=r"x\.yaml: mask") as refusal:
        load_recipes(tmp_path)
    assert complaint in str(refusal.value)


def test_one_recipe_a_product(tmp_path: Path) -> None:
    for name in ("a.yaml", "b.yaml"):
        (tmp_path / name).write_text(f"mask: {{unit: piece, note: n, roles: [{GOOD}]}}", encoding="utf-8")
    with pytest.raises(FileFault, match=r"b\.yaml: mask"):
        load_recipes(tmp_path)
