"""The taxonomy's page shows every concept and is the one in the repository; `make pages` writes it."""

import os
from pathlib import Path

from matching.taxonomy.concepts import load_taxonomy
from reports.taxonomy import taxonomy_page

PAGE = Path(__file__).parents[2] / "docs" / "taxonomy.md"


def test_the_page_in_the_repository_is_current() -> None:
    page = taxonomy_page(load_taxonomy())
    if "RENEW_GOLDENS" in os.environ:
        PAGE.write_text(page, encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == page, f"{PAGE.name} is not of today's concepts; run `make pages`"


def test_every_concept_has_its_row() -> None:
    page = taxonomy_page(load_taxonomy())
    assert [concept for concept in load_taxonomy().concepts if f"`{concept}`" not in page] == []
