"""The data dictionary is that of today's schemas; `make pages` writes it."""

import os
from pathlib import Path

from assets.checks import TABLES
from assets.listings import UNIONS
from pipelines.definitions import build
from pipelines.dictionary import dictionary_page
from pipelines.resources import Settings

PAGE = Path(__file__).parents[2] / "docs" / "data-dictionary.md"


def test_the_page_in_the_repository_is_current(tmp_path: Path) -> None:
    page = dictionary_page(build(Settings(tmp_path)).resolve_all_asset_specs())
    if "RENEW_GOLDENS" in os.environ:
        PAGE.write_text(page, encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == page, f"{PAGE.name} is not of today's schemas; run `make pages`"


def test_every_column_has_its_meaning() -> None:
    columns = {
        (name, column.name): column for name, model in TABLES.items() for column in model.to_schema().columns.values()
    }
    assert {"listings", "matches", "opportunities", *UNIONS} <= {name for name, _ in columns}
    assert [place for place, column in columns.items() if not column.description] == []
