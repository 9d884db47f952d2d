"""`docs/add-a-concept.md` and `docs/add-a-recipe.md`, followed word by word in a copy of the data."""

import re
import shutil
from pathlib import Path

import pytest
import yaml

from matching.taxonomy.concepts import FOLDER, Taxonomy, read_taxonomy
from matching.taxonomy.finding import find
from matching.taxonomy.recipes import load_recipes
from matching.yaml_files import FileFault

ROOT = Path(__file__).parents[3]
CONCEPT, RECIPE = ((ROOT / "docs" / f"add-a-{what}.md").read_text("utf-8") for what in ("concept", "recipe"))


def entry(page: str) -> tuple[str, str]:
    """The file that a page adds to, below the folder of data, and what it adds."""
    [block] = re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)
    return re.findall(r"here `matching/taxonomy/data/(\S+\.yaml)`", page)[0], block


@pytest.fixture(name="data")
def _data(tmp_path: Path) -> Path:
    return Path(shutil.copytree(FOLDER, tmp_path / "data"))


def add(data: Path, file: str, block: str) -> Taxonomy:
    """The taxonomy with what a page adds."""
    path = data / file
    path.write_text(f"{path.read_text('utf-8').rstrip()}\n{block}", "utf-8")
    return read_taxonomy(data)


def test_a_concept_is_found_in_the_words_of_the_page(data: Path) -> None:
    taxonomy = add(data, *entry(CONCEPT))
    [(name, stated)] = yaml.safe_load(entry(CONCEPT)[1]).items()
    tables = re.findall(r"```csv\n(.*?)```", CONCEPT, re.DOTALL)
    request, offer, other = (line.split(",")[1] for table in tables for line in table.splitlines()[1:])
    assert name in find(taxonomy, request, asks=True)
    assert name in find(taxonomy, offer)
    assert set(find(taxonomy, other)) <= set(stated["not"])


def test_wrong_lines_are_refused_in_the_words_of_the_page(data: Path) -> None:
    file, line = entry(CONCEPT)
    for wrong in (line.replace("hi_vis", "hi_viz"), line.replace("[Kühlweste]", "[Kühlweste, Maske]")):
        shutil.copytree(FOLDER, data, dirs_exist_ok=True)
        with pytest.raises(FileFault) as refusal:
            add(data, file, wrong)
        assert str(refusal.value) in " ".join(CONCEPT.split())


def test_a_recipe_of_the_page_is_read_with_its_roles(data: Path) -> None:
    file, block = entry(RECIPE)
    concepts = add(data, file, block).concepts
    [(name, stated)] = yaml.safe_load(block).items()
    recipes = {recipe.recipe_id: recipe for recipe in load_recipes(data / "recipes")}
    assert [role.role_id for role in recipes[name].roles] == [role["role"] for role in stated["roles"]]
    assert {name, *(role.role_id for role in recipes[name].roles)} <= set(concepts)
    assert name not in {recipe.recipe_id for recipe in load_recipes()}, "the page shows one that is there already"
