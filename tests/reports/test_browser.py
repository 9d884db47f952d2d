"""What only a browser can tell: axe, reflow, print, on every page, language and theme.

Needs Debian's Chromium (apt-get install chromium); without it these tests are skipped, in CI they must run.
"""

import json
import os
from collections.abc import Callable, Iterator
from importlib.resources import files
from shutil import which

import pytest
from playwright.sync_api import Page, sync_playwright

from reports import lagebild
from tests.reports.documents import pages

CHROMIUM = which("chromium")
if os.environ.get("CI") and CHROMIUM is None:
    raise RuntimeError("CI must run the browser tests: install chromium")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="BROWSER TESTS DID NOT RUN: apt-get install chromium")
AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")
# Best practices are rules of taste; everything that WCAG 2.2 asks of A and AA must hold.
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]
AXE_OPTIONS = json.dumps(
    {
        "runOnly": {"type": "tag", "values": TAGS},
        "rules": {"target-size": {"enabled": True}},
        "resultTypes": ["violations"],
    }
)
STICKING_OUT = """[...document.querySelectorAll('body *')]
    .filter(found => !found.closest('.scroll, .hidden, .skip, svg'))
    .filter(found => found.getBoundingClientRect().right > innerWidth + 1)
    .map(found => found.outerHTML.slice(0, 100))"""


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    """One window for all tests, that asks nothing of the network."""
    with sync_playwright() as playwright:
        options = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=options)
        context = browser.new_context(viewport={"width": 1280, "height": 900}, bypass_csp=True)
        yield context.new_page()
        browser.close()


def show(page: Page, content: str, width: int) -> None:
    """Put a page into the window, all details open; anything that it asks of the network fails the test."""
    asked: list[str] = []

    def note(request: object) -> None:
        asked.append(str(request))

    page.on("request", note)
    page.set_viewport_size({"width": width, "height": 900})
    page.set_content(content)
    page.evaluate("document.querySelectorAll('details').forEach(found => found.open = true)")
    page.remove_listener("request", note)
    assert asked == []


# A crowded week has the same parts as another, only more of them.
@pytest.mark.parametrize("name", [name for name in pages() if name[0] != "crowded"], ids=" ".join)
def test_axe_finds_nothing_in_either_theme(page: Page, name: tuple[str, str]) -> None:
    show(page, pages()[name], 1280)
    page.evaluate(AXE)
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        result = page.evaluate(f"axe.run(document, {AXE_OPTIONS})")
        found = [(scheme, rule["id"], node["html"][:120]) for rule in result["violations"] for node in rule["nodes"]]
        assert found == []
    page.emulate_media(color_scheme="light")


def test_axe_would_find_something(page: Page) -> None:
    links = '<a href="#a" style="font-size: 8px">a</a><br>' * 3
    show(page, f"<html lang='de'><title>x</title><main><p style='color: #bbb'>grau</p>{links}</main></html>", 1280)
    page.evaluate(AXE)
    found = {rule["id"] for rule in page.evaluate(f"axe.run(document, {AXE_OPTIONS})")["violations"]}
    assert {"color-contrast", "target-size"} <= found


@pytest.mark.parametrize("width", [320, 768])
@pytest.mark.parametrize("name", pages(), ids=" ".join)
def test_nothing_sticks_out(page: Page, name: tuple[str, str], width: int) -> None:
    show(page, pages()[name], width)
    assert page.evaluate(STICKING_OUT) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("name", [name for name in pages() if name[0] == "ministry"], ids=" ".join)
def test_statistics_of_ten_groups_fit_a_screen(page: Page, name: tuple[str, str]) -> None:
    show(page, pages()[name], 1280)
    wide = "[...document.querySelectorAll('.scroll')].filter(found => found.scrollWidth > found.clientWidth).length"
    assert page.evaluate(wide) == 0


def test_hostile_text_runs_nothing_in_a_browser(page: Page, hostile: Callable[[str], lagebild.Issue]) -> None:
    attack = "<img src=x onerror=\"document.title='owned'\"><script>document.title='owned'</script>\"onmouseover=x"
    show(page, lagebild.render(hostile(attack)), 1280)
    assert page.title().startswith("Lagebild Kooperation")
