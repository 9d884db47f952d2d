"""The recipes' pages show every role and are those in the repository; `make pages` writes them."""

import os
from pathlib import Path

import pytest

from matching.taxonomy.concepts import load_taxonomy
from matching.taxonomy.recipes import Recipe, Role, load_recipes
from reports.language import LANGUAGES
from reports.recipes import recipes_page

DOCS = Path(__file__).parents[2] / "docs"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_pages_in_the_repository_are_current(language: str) -> None:
    page = recipes_page(load_recipes(), load_taxonomy(), language)
    path = DOCS / f"recipes.{language}.md"
    if "RENEW_GOLDENS" in os.environ:
        path.write_text(page, "utf-8")
    assert path.exists(), f"there is no {path.name}; run `make pages`"
    assert path.read_text("utf-8") == page, f"{path.name} is not of today's recipes; run `make pages`"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_role_has_its_row(language: str) -> None:
    page, taxonomy = recipes_page(load_recipes(), load_taxonomy(), language), load_taxonomy()
    for recipe in load_recipes():
        section = page.split(f"\n## {taxonomy.label(recipe.concept_id, language)}\n")[1].split("\n## ")[0]
        for place, role in enumerate(recipe.roles, start=1):
            assert f"| {place}. {taxonomy.label(role.role_id, language)} |" in section


def test_amounts_conditions_and_lead_times_read_well() -> None:
    roles = (
        Role("meltblown", ("meltblown", "filter_media"), 1.7, "gram", 10),
        Role("sewing", ("sewing",), 1, "piece", 7, one_of="making"),
        Role("ultrasonic_welding", ("ultrasonic_welding",), 1, "piece", 5, one_of="making"),
        Role("sterilisation", ("sterilisation",), 1, "piece", 7, ("ISO 11135",), only_if="sterile"),
        Role("mask_testing", ("mask_testing",), 0.001, "test", 1, only_if="EN 149"),
    )
    page = recipes_page([Recipe("ffp2_mask", "ffp2_mask", "piece", "", roles)], load_taxonomy(), "en")
    assert "whole chain without conditional roles: 15 days" in page
    for row in ("| 1.7 g | 10 days |", "| ISO 11135 | only for sterile goods |", "| 1 test for 1,000 pieces | 1 day |"):
        assert row in page
    assert "only if EN 149 is required" in page
    assert "| or ultrasonic welding |" in page
