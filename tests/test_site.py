"""The documents as a site (`make docs`): every page is there, and none of them loads anything from elsewhere."""

import os
import re
from pathlib import Path

import pytest

SITE = Path(__file__).parents[1] / "build" / "site"
LOADED = re.compile(r"<(?:script|img|iframe|source)\b[^>]*\bsrc=\"([^\"]+)|<link\b[^>]*\bhref=\"([^\"]+)")
IN_STYLE = re.compile(r"(?:url\(|@import\s+)[\"']?((?:https?:)?//[^\"')]+)")


@pytest.fixture(scope="module", name="pages")
def _pages() -> dict[str, str]:
    if not SITE.is_dir() and "CI" not in os.environ:
        pytest.skip("build/site is not there: make docs")
    return {str(path.relative_to(SITE)): path.read_text("utf-8") for path in SITE.rglob("*.html")}


def test_every_document_is_a_page(pages: dict[str, str]) -> None:
    root = SITE.parents[1]
    documents = [*root.glob("*.md"), *(root / "docs").rglob("*.md")]
    assert [path for path in documents if str(path.relative_to(root).with_suffix(".html")) not in pages] == []
    assert "docs/index.html" in pages["index.html"]


def test_nothing_is_loaded_from_elsewhere(pages: dict[str, str]) -> None:
    loaded = {one or other for page in pages.values() for one, other in LOADED.findall(page)}
    styles = [path.read_text("utf-8") for path in SITE.rglob("*.css")]
    assert [address for address in loaded if re.match(r"(?:https?:)?//", address)] == []
    assert [address for style in styles for address in IN_STYLE.findall(style)] == []
    assert any(address.endswith(".css") or ".css?" in address for address in loaded)
