"""What only a browser can tell: axe, reflow, print, on every page, language and theme.

Needs Debian's Chromium (apt-get install chromium); without it these tests are skipped, in CI they must run.
"""

import json
import os
from collections.abc import Callable, Iterator
from importlib.resources import files
from shutil import which
from typing import Any

import pandas as pd
import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from matching.candidates import BLOCK_COLUMNS
from reports import lagebild, ministry, monitor
from reports.language import LANGUAGES
from sources.week import Week

CHROMIUM = which("chromium")
if os.environ.get("CI") and CHROMIUM is None:
    raise RuntimeError("CI must run the browser tests: install chromium")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="BROWSER TESTS DID NOT RUN: apt-get install chromium")
AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")
# Best practices are rules of taste; everything that WCAG 2.2 asks of A and AA must hold.
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        options = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        found = playwright.chromium.launch(executable_path=CHROMIUM, args=options)
        yield found
        found.close()


@pytest.fixture(scope="module")
def documents(issue_of: Callable[..., lagebild.Issue], crowded: lagebild.Issue) -> dict[str, dict[str, str]]:
    """Every document in every language."""
    issue = issue_of()
    none = issue_of(is_empty=True, figures=[("2020-W17", 0, 0, 0, 0, 0, 0)], previous=None)
    repeats = pd.DataFrame({"listing_id": []}, dtype="str")
    protected = ministry.protected_statistics(issue.listings, issue.concepts, issue.members, repeats, issue.taxonomy)
    release = ministry.Statistics(Week(2020, 17), protected, issue.taxonomy, is_sample=True)
    refused = pd.DataFrame([("boerse", "quantity", "largest_plausible")], columns=["platform", "field", "rule"])
    run = monitor.Run(
        week=issue.week,
        source_states=issue.source_states,
        quarantine=refused,
        repeats=repeats,
        listings=issue.listings,
        resolution_figures=pd.DataFrame({"figure": ["records", "ids_split"], "value": [1017, 2]}),
        resolution_blocks=pd.DataFrame([("name", 196, 13, 0, 1237)], columns=BLOCK_COLUMNS),
        checks=[monitor.Check("boerse: volume", "warning", False, "7 of 10")],
        platforms=issue.platforms,
        is_sample=True,
        consortia=issue.consortia,
    )
    return {
        language: {
            "lagebild": lagebild.render(issue, language),
            "empty": lagebild.render(none, language),
            "crowded": lagebild.render(crowded, language),
            "ministry": ministry.render(release, language),
            "monitor": monitor.render(run, language),
        }
        for language in LANGUAGES
    }


def opened(browser: Browser, content: str, width: int, scheme: Any = "light") -> Page:
    """A page with all details open, in a window of a width; anything it asks of the network fails the test."""
    page = browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme=scheme, bypass_csp=True
    ).new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.set_content(content)
    page.evaluate("document.querySelectorAll('details').forEach(found => found.open = true)")
    assert asked == []
    return page


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ["lagebild", "empty", "ministry", "monitor"])
def test_axe_finds_nothing(
    browser: Browser, documents: dict[str, dict[str, str]], name: str, language: str, scheme: str
) -> None:
    page = opened(browser, documents[language][name], 1280, scheme)
    page.evaluate(AXE)
    options = {"runOnly": {"type": "tag", "values": TAGS}, "rules": {"target-size": {"enabled": True}}}
    result = page.evaluate(f"axe.run(document, {json.dumps(options)})")
    page.context.close()
    found = [(rule["id"], node["html"][:120]) for rule in result["violations"] for node in rule["nodes"]]
    assert found == []
    assert "target-size" in {rule["id"] for rule in result["passes"]} | {rule["id"] for rule in result["inapplicable"]}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ["lagebild", "empty", "crowded", "ministry", "monitor"])
def test_nothing_sticks_out_at_320_pixels(
    browser: Browser, documents: dict[str, dict[str, str]], name: str, language: str
) -> None:
    page = opened(browser, documents[language][name], 320)
    wide = page.evaluate(
        """[...document.querySelectorAll('body *')].filter(found => !found.closest('.scroll, .hidden, .skip, svg')
           && found.getBoundingClientRect().right > 321).map(found => found.outerHTML.slice(0, 100))"""
    )
    assert wide == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.context.close()


def test_hostile_text_runs_nothing_in_a_browser(browser: Browser, hostile: Callable[[str], lagebild.Issue]) -> None:
    attack = "<img src=x onerror=\"document.title='owned'\"><script>document.title='owned'</script>\"onmouseover=x"
    page = opened(browser, lagebild.render(hostile(attack)), 1280)
    assert page.title().startswith("Lagebild Kooperation")
    page.context.close()
