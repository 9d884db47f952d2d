"""The register of processing is that of today's assets and periods; `make pages` writes it."""

import os
from pathlib import Path

from pipelines.definitions import build
from pipelines.register import CLASSES, register_page
from pipelines.resources import Settings
from pipelines.retention import Periods

PAGE = Path(__file__).parents[2] / "docs" / "privacy.md"


def test_the_page_in_the_repository_is_current(tmp_path: Path) -> None:
    page = register_page(build(Settings(tmp_path)).resolve_all_asset_specs())
    if "RENEW_GOLDENS" in os.environ:
        PAGE.write_text(page, encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == page, f"{PAGE.name} is not of today's assets; run `make pages`"


def test_every_period_has_its_class() -> None:
    assert {one.name for one in CLASSES if one.name} == set(Periods.model_fields)


def test_what_may_tell_of_a_person_is_said() -> None:
    [listings] = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("| `listings` |")]
    for column in ("organisation_name", "title", "text", "street", "website", "email_domain", "url"):
        assert f"`{column}`: " in listings
