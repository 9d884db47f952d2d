"""The list of cases in Chromium under its own security policy: filter, sort, keyboard, without script, attacks.

axe, reflow and dark mode of the page are tried with those of all others (`test_browser.py`).
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from playwright.sync_api import Browser, Error, Page, sync_playwright

from reports.lagebild import Issue
from reports.lagebild.page import render_list
from tests.reports.builders import CONSORTIA, OPPORTUNITIES, opportunity, sample_issue
from tests.reports.test_browser import CHROMIUM
from tests.reports.test_hostile_text import ATTACKS

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="BROWSER TESTS DID NOT RUN: apt-get install chromium")
SHOWN = "#vorgaenge tbody tr:visible a"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        options = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=options)
        yield browser
        browser.close()


class Reader:
    """A window on a page that lies on the disk; what the browser complains of or loads is noted."""

    def __init__(self, page: Page, path: Path) -> None:
        self.page, self.path = page, path
        self.said: list[str] = []
        page.on("console", lambda message: self.said.append(message.text))
        page.on("pageerror", lambda error: self.said.append(str(error)))
        page.on("request", lambda request: self.said.extend([request.url] if "list." not in request.url else []))

    def opened(self, content: str) -> "Reader":
        (self.path / "list.de.html").write_text(content, "utf-8")
        self.page.goto(f"file://{self.path}/list.de.html")
        return self

    def numbers(self) -> list[str]:
        """Of the cases that are shown, in their order."""
        return [text.split()[-1] for text in self.page.locator(SHOWN).all_inner_texts()]

    def count(self) -> str:
        return self.page.locator("#anzahl").inner_text()

    def order(self) -> list[str | None]:
        return [head.get_attribute("aria-sort") for head in self.page.locator("#vorgaenge thead th").all()]


@pytest.fixture
def reader(browser: Browser, tmp_path: Path) -> Iterator[Reader]:
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="de-DE")
    yield Reader(context.new_page(), tmp_path)
    context.close()


def listed() -> str:
    """The week's three cases and a fourth of half a million pieces without a deadline."""
    large = CONSORTIA[0] | {"consortium_id": "c3", "quantity": 500000.0, "urgency": "low", "deadline_on": None}
    return render_list(
        sample_issue(
            opportunities=[*OPPORTUNITIES, opportunity("K-2020-17-02", "c3", "new", "gown", 4)],
            consortia=[*CONSORTIA, large],
        )
    )


FIRST = ["K-2020-16-02", "K-2020-17-01", "K-2020-17-02", "K-2020-15-04"]


def test_the_list_is_filtered_and_counted(reader: Reader) -> None:
    reader.opened(listed())
    assert (reader.numbers(), reader.count()) == (FIRST, "4 von 4 Vorgängen")
    reader.page.get_by_label("Nummer, Produkt oder Name", exact=True).fill("BEISPIELSTADT kittel")
    assert (reader.numbers(), reader.count()) == (["K-2020-17-01", "K-2020-17-02"], "2 von 4 Vorgängen")
    reader.page.get_by_label("Dringlichkeit").select_option("dringend")
    assert reader.numbers() == ["K-2020-17-01"]
    reader.page.get_by_label("Status").select_option("geschlossen")
    assert reader.numbers() == []
    assert reader.count().startswith("Nichts gefunden (von 4). Gesucht wird nach Nummer")
    reader.page.get_by_role("button", name="Filter löschen").click()
    assert reader.numbers() == FIRST
    reader.page.get_by_label("Produkt", exact=True).select_option("FFP2-Masken")
    reader.page.get_by_label("Region").select_option("Baden-Württemberg, Deutschland")
    assert reader.numbers() == ["K-2020-16-02"]
    reader.page.get_by_role("button", name="Filter löschen").click()
    reader.page.get_by_label("Nummer, Produkt oder Name", exact=True).fill("wurttemberg")
    assert len(reader.numbers()) == 3
    reader.page.get_by_label("Nummer, Produkt oder Name", exact=True).fill("bade-wurtemberg")
    assert len(reader.numbers()) == 3
    reader.page.get_by_label("Nummer, Produkt oder Name", exact=True).fill("wuerttem")
    assert len(reader.numbers()) == 3
    reader.page.get_by_label("Nummer, Produkt oder Name", exact=True).fill("beispiel vlies")
    assert reader.numbers() == ["K-2020-17-01"]
    assert reader.said == []


def test_cases_closed_before_are_found_and_stay_at_the_end(reader: Reader) -> None:
    closed = OPPORTUNITIES[2] | {"opportunity_id": "K-2020-14-03", "week": "2020-W15", "title_concept_id": "gown"}
    page = reader.opened(render_list(replace(sample_issue(), reported=pd.DataFrame([closed])))).page
    first = ["K-2020-16-02", "K-2020-17-01", "K-2020-15-04"]
    assert (reader.numbers(), reader.count()) == ([*first, "K-2020-14-03"], "4 von 4 Vorgängen")
    text = page.get_by_label("Nummer, Produkt oder Name", exact=True)
    text.fill("k-2020-14-03")
    assert (reader.numbers(), reader.count()) == (["K-2020-14-03"], "1 von 4 Vorgängen")
    assert page.locator(".part").is_visible()
    text.fill("masken")
    assert page.locator(".part").is_hidden()
    page.get_by_role("button", name="Filter löschen").click()
    page.get_by_role("columnheader", name="Vorgang").get_by_role("button").click()
    assert reader.numbers()[-1] == "K-2020-14-03"
    page.get_by_label("Status").select_option("geschlossen")
    assert reader.numbers() == ["K-2020-15-04", "K-2020-14-03"]
    assert reader.said == []


@pytest.mark.parametrize(
    ("head", "ascending", "descending"),
    [
        ("Vorgang", "02 01 02 04", "04 02 01 02"),
        ("Menge", "02 01 02 04", "02 01 02 04"),
        ("Dringlichkeit", "02 01 02 04", "02 01 02 04"),
        ("Frist oder Ziel", "02 01 02 04", "02 02 01 04"),
    ],
)
def test_a_click_on_a_head_sorts(reader: Reader, head: str, ascending: str, descending: str) -> None:
    reader.opened(listed())
    button = reader.page.get_by_role("columnheader", name=head).get_by_role("button")
    for expected, direction in ((ascending, "ascending"), (descending, "descending")):
        button.click()
        assert [number[-2:] for number in reader.numbers()] == expected.split()
        assert [found for found in reader.order() if found] == [direction]
    assert reader.said == []


def test_all_is_done_by_keyboard(reader: Reader) -> None:
    page = reader.opened(listed()).page
    page.get_by_label("Nummer, Produkt oder Name", exact=True).focus()
    page.keyboard.type("masken")
    assert reader.numbers() == ["K-2020-16-02"]
    for _ in range(6):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # show all; the focus is back in the field
    assert reader.numbers() == FIRST
    for _ in range(11):
        page.keyboard.press("Tab")
    page.keyboard.press("Space")
    assert reader.order()[4] == "ascending"
    focused = page.locator("#vorgaenge thead button:focus")
    assert focused.evaluate("found => getComputedStyle(found).outlineStyle") == "solid"


@pytest.mark.parametrize("width", [320, 375])
def test_a_phone_sorts_by_a_list_of_the_heads(reader: Reader, width: int) -> None:
    page = reader.opened(listed()).page
    page.set_viewport_size({"width": width, "height": 700})
    page.get_by_label("Sortieren nach").select_option("Menge")
    assert [number[-2:] for number in reader.numbers()] == ["02", "01", "02", "04"]
    page.get_by_label("Status").select_option("neu")
    assert reader.numbers() == ["K-2020-17-01", "K-2020-17-02"]
    assert page.locator("thead").is_hidden()
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_without_script_the_table_is_complete(browser: Browser, tmp_path: Path) -> None:
    context = browser.new_context(java_script_enabled=False)
    reader = Reader(context.new_page(), tmp_path).opened(listed())
    assert reader.numbers() == FIRST
    assert reader.page.locator("#suche").is_hidden()
    assert reader.page.locator("thead").inner_text().split()[0] == "Vorgang"
    context.close()


def test_print_shows_what_was_found_and_no_controls(reader: Reader) -> None:
    page = reader.opened(listed()).page
    page.get_by_label("Status").select_option("neu")
    page.emulate_media(media="print")
    assert page.locator("#suche").is_hidden()
    assert reader.numbers() == ["K-2020-17-01", "K-2020-17-02"]


@pytest.mark.parametrize("typed", ["1602", "K 2020 16 02", "k–2020–16–02", "2020 16 2", "K-2020-16-2"])
def test_a_number_is_found_however_its_parts_are_set_apart(reader: Reader, typed: str) -> None:
    page = reader.opened(listed()).page
    page.get_by_label("Nummer, Produkt oder Name", exact=True).fill(typed)
    assert reader.numbers() == ["K-2020-16-02"]


def test_on_paper_all_cases_stand_by_number_and_on_the_screen_as_before(reader: Reader) -> None:
    closed = OPPORTUNITIES[2] | {"opportunity_id": "K-2020-16-01", "week": "2020-W16", "title_concept_id": "gown"}
    page = reader.opened(render_list(replace(sample_issue(), reported=pd.DataFrame([closed])))).page
    on_screen, by_number = reader.numbers(), ["K-2020-15-04", "K-2020-16-01", "K-2020-16-02", "K-2020-17-01"]
    assert on_screen != by_number
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert reader.numbers() == by_number
    assert page.locator("#vorgaenge thead").is_hidden()
    page.emulate_media(media="screen")
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert reader.numbers() == on_screen
    assert page.locator(".part").is_visible()
    page.get_by_label("Status").select_option("neu")
    page.get_by_label("Sortieren nach").select_option("Menge")
    chosen = reader.numbers()
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert reader.numbers() == chosen
    assert reader.said == []


def test_the_policy_allows_this_script_and_style_alone(reader: Reader) -> None:
    """One letter more, and neither runs: what an attacker adds is never what was signed."""
    reader.opened(listed().replace('"use strict";', '"use strict"; '))
    assert reader.page.locator("#suche").is_hidden()
    assert any("script-src" in said for said in reader.said)
    reader.said.clear()
    reader.opened(listed().replace(":root {", ":root  {", 1))
    assert any("style-src" in said for said in reader.said)
    reader.said.clear()
    reader.opened(listed().replace('text.value = "";', 'text.outerHTML = "";'))
    assert any("script-src" in said for said in reader.said)


def test_no_text_can_become_markup(reader: Reader) -> None:
    page = reader.opened(listed()).page
    with pytest.raises(Error, match="TrustedHTML"):
        page.evaluate("document.body.innerHTML = '<b>x</b>'")


@pytest.mark.parametrize("attack", ["element that runs", "event handler", "address that runs", "foreign content"])
def test_hostile_text_stays_text_when_it_is_sorted(
    reader: Reader, hostile: Callable[[str], Issue], attack: str
) -> None:
    page = reader.opened(render_list(hostile(ATTACKS[attack]))).page
    before = page.locator("main *").count()
    page.get_by_label("Region").select_option(index=1)
    for head in page.locator("#vorgaenge thead button").all():
        head.click()
    assert page.locator("main *").count() == before
    assert page.locator("main :is(img, svg, iframe, object, link)").count() == 0
    assert page.title().startswith("Liste aller Vorgänge")
    assert reader.said == []
