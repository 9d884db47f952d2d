"""The Lagebild of a week of invented firms: laws, quiet and crowded weeks."""

import csv
import io
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pandas as pd
import pytest
from markupsafe import escape

from matching.schema import evidence
from reports.lagebild import Issue, as_csv, pages, render, render_cases
from reports.lagebild.calls import MOST_CALLS, called
from reports.lagebild.cards import LONGEST_QUOTE, chosen, excerpt
from reports.lagebild.changes import what_changed
from reports.lagebild.letters import first_said
from reports.lagebild.page import MOST_DRAWN, render_group, render_proofs
from reports.lagebild.remit import Remit
from reports.lagebild.summary import UnfitHeadlines, check_headlines
from reports.language import LANGUAGES, Language
from reports.privacy import find_contacts
from tests.reports.builders import CONSORTIA, OPPORTUNITIES

MakeIssue = Callable[..., Issue]
Findings = Callable[[str], list[str]]


def quiet(issue_of: MakeIssue) -> Issue:
    return issue_of(is_empty=True, figures=[("2020-W16", 0, 0, 0, 0, 0, 0), ("2020-W17", 0, 0, 0, 0, 0, 0)])


def first(issue_of: MakeIssue, with_state: Callable[[str], list[dict[str, Any]]]) -> Issue:
    return issue_of(previous=None, figures=[("2020-W17", 214, 146, 41, 35, 2, 0)], opportunities=with_state("baseline"))


@pytest.fixture(scope="module")
def weeks(issue_of: MakeIssue, with_state: Callable[[str], list[dict[str, Any]]]) -> dict[str, Issue]:
    return {"normal": issue_of(), "quiet": quiet(issue_of), "first": first(issue_of, with_state)}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ["normal", "quiet", "first", "crowded"])
def test_pages_are_well_made_and_free_of_contact_data(
    weeks: dict[str, Issue], crowded: Issue, name: str, language: str, findings_in: Findings
) -> None:
    for page in pages({**weeks, "crowded": crowded}[name], language).values():
        assert findings_in(page) == []
        assert find_contacts(page) == []
        assert f'<html lang="{language}">' in page


def test_the_same_week_is_the_same_bytes_in_any_order_of_rows(issue_of: MakeIssue) -> None:
    issue = issue_of()
    frames = ("listings", "organisations", "matches", "consortia", "roles", "unmet", "opportunities", "source_states")
    turned = replace(issue, **{name: getattr(issue, name).iloc[::-1] for name in frames})
    assert pages(issue, "de") == pages(issue, "de") == pages(turned, "de")
    assert as_csv(issue) == as_csv(turned)


def test_quotes_are_short_masked_and_keep_their_language(issue_of: MakeIssue) -> None:
    page = render_cases(issue_of())
    assert "anna" not in page
    assert '<p lang="fr">„Masques FFP2' in page
    assert "place2tex, Inserat place2tex:a1, abgerufen am 27. April 2020" in page
    text = excerpt({"title": "Wort " * 100, "text": "Ende"})
    assert len(text) <= LONGEST_QUOTE
    assert text.endswith("Wort…")


def test_every_number_on_page_1_leads_to_its_card(issue_of: MakeIssue) -> None:
    numbers = set(re.findall(r'href="cases.de.html#(K-[0-9-]+)"', render(issue_of())))
    assert {"K-2020-17-01", "K-2020-16-02"} <= numbers
    for number in numbers - {"K-2020-15-04"}:
        card = render_cases(issue_of()).split(f'<article class="card" id="{number}"')[1].split("</article>")[0]
        assert "Inserat boerse:" in card


@pytest.mark.parametrize("sentences", [["1"], [], ["1"] * 6, ["1", "zwei"]])
def test_headlines_are_two_to_five_with_a_number_each(sentences: list[str]) -> None:
    with pytest.raises(UnfitHeadlines):
        check_headlines(sentences)


def test_a_stale_source_that_touches_a_decision_is_named_on_page_1(issue_of: MakeIssue) -> None:
    page_1 = render(issue_of(stale=["place2tex"])).split('class="toc"')[0]
    assert "place2tex liefert seit 7 Tagen keinen neuen Stand" in page_1
    assert "keinen neuen Stand" not in render(issue_of(stale=[])).split('class="toc"')[0]


def test_the_first_issue_is_stock_and_no_news(weeks: dict[str, Issue]) -> None:
    page = render(weeks["first"])
    assert "Erste Ausgabe: 2 Vorgänge bilden den Bestand" in re.sub("<[^>]*>", "", page)
    assert ">neu<" not in page
    assert "noch kein Vergleich" in page


def test_changes_show_old_and_new_and_closed_ones_their_reason(issue_of: MakeIssue) -> None:
    page = render(issue_of())
    assert "gedeckte Menge: 50\u00a0% → 100\u00a0%" in page
    assert "Gesuch erfüllt" in page


@pytest.mark.parametrize(
    ("country", "told"), [("DE", "Seit der letzten"), ("US", "Im Gebiet hat sich seit der letzten")]
)
def test_a_week_without_changes_says_where_nothing_changed(issue_of: MakeIssue, country: str, told: str) -> None:
    states = [row | {"state": "unchanged", "change": "[]"} for row in OPPORTUNITIES[:2]]
    states[1] |= {"state": "new" if country == "US" else "unchanged"}
    page = render(issue_of(opportunities=states, consortia=[CONSORTIA[0], CONSORTIA[1] | {"country": country}]))
    assert f"<p>{told}" in page


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_head_leads_to_the_list_and_to_the_gaps(weeks: dict[str, Issue], language: str) -> None:
    for name in ("normal", "quiet"):
        head = render(weeks[name], language).split("<main")[0]
        assert re.findall(r'href="([^"]*)"', head)[1:] == [f"list.{language}.html", "#engpass"]
    issue = replace(weeks["normal"], remit=Remit(editions=("device", "hygiene")))
    for group in issue.remit.editions:
        head = render_group(issue, group, language).split("<main")[0]
        assert re.findall(r'href="([^"]*)"', head)[1:] == [f"list.{language}.html", "#zahlen"]


def test_the_text_of_the_first_call_stands_open_on_page_1(issue_of: MakeIssue) -> None:
    first, *others = re.findall(r'<li id="K-.*?</li>\n(?=<li id|</ol>)', render(issue_of()), re.DOTALL)
    (said,) = re.findall(r'<details class="say" open>(.*?)</details>', first, re.DOTALL)
    row = called(issue_of().desk)[0]
    letter = first_said(issue_of().desk, row, Language("de"))
    assert letter is not None
    assert letter.name in said
    assert all(str(escape(line)) in said for line in letter.spoken)
    assert not any('class="say"' in other for other in others)


def test_the_page_of_a_changed_case_says_what_changed(issue_of: MakeIssue) -> None:
    issue = issue_of()
    changed = {row["opportunity_id"]: row for row in issue.desk.opportunities if row["state"] == "changed"}
    assert changed
    articles = dict(
        re.findall(r'<article class="ca\w+" id="(K-[\d-]+)"(.*?)</article>', render_cases(issue), re.DOTALL)
    )
    for number, row in changed.items():
        assert f"Diese Woche geändert: {escape(what_changed(issue.desk, row, Language('de')))}" in articles[number]
    assert sum("Diese Woche geändert" in one for one in articles.values()) == len(changed)


def test_an_unmet_need_names_what_blocks_it(issue_of: MakeIssue) -> None:
    for page in (render(issue_of()), render_proofs(issue_of())):
        assert "verlangte Norm nicht erfüllt" in page
    assert re.search(r"drehscheibe:g3</small> ← .*drehscheibe:a2</small> \(verlangte Norm", render_proofs(issue_of()))


def test_every_case_names_what_else_is_open_of_its_need(crowded: Issue) -> None:
    told = evidence({"part": "other_request", "score": None, "listing_id": "boerse:g2"})
    issue = replace(crowded, consortia=crowded.consortia.assign(evidence=told))
    shown = [row for row in issue.desk.running if row["opportunity_id"] not in issue.desk.muted]
    page = render_cases(issue)
    assert len(shown) > len(chosen(issue.desk)) > 0, "some stand in a few lines"
    assert page.count("Ebenfalls offen") == len(shown)


def test_a_crowded_week_is_ranked_and_folded(crowded: Issue) -> None:
    page = render(crowded)
    assert len(page.encode()) <= 300_000
    assert page.count('<article class="card') == MOST_DRAWN
    assert page.count('<li id="K-') == MOST_CALLS
    assert "weitere Änderungen sind hier nicht gezeigt." in page
    numbers = {row["opportunity_id"] for row in csv.DictReader(io.StringIO(as_csv(crowded)))}
    assert len(numbers) == 200


def test_information_and_alternatives_name_firms_only_as_published_and_no_contacts(issue_of: MakeIssue) -> None:
    issue = issue_of()
    item = issue.listings.iloc[:1].assign(
        listing_id="boerse:i1", kind="information", title="Förderaufruf Textil, Fragen an anna@amt.example"
    )
    parts = evidence(
        {
            "part": "alternative",
            "score": None,
            "rank": 1,
            "recipe": "gown",
            "organisations": ["o2", "o4"],
            "share": 0.3,
        },
        {"part": "information", "score": None, "listing_id": "boerse:i1"},
    )
    listings = pd.concat([issue.listings, item], ignore_index=True)
    listings.loc[listings["listing_id"] == "place2tex:a4", "organisation_name"] = None
    page = render_cases(replace(issue, listings=listings, consortia=issue.consortia.assign(evidence=parts)))
    assert "Alternative 1 deckt 30\u00a0% der Menge: Beispiel Vlies GmbH und 1 weiterer" in page
    assert "„Förderaufruf Textil, Fragen an " in page
    assert "boerse:i1" in page
    assert "anna@amt.example" not in page
    assert "Näherei Probe" not in page
