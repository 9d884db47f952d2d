"""Every figure of an issue is followed: number, list, evidence, listing id and platform."""

import re
from collections.abc import Callable
from dataclasses import replace

import pandas as pd
import pytest

from matching.news.figures import key_figures
from reports.lagebild import Issue, proofs, render, render_cases
from reports.lagebild.page import render_proofs
from reports.lagebild.summary import headlines
from reports.lagebild.where import class_name
from reports.language import LANGUAGES, Language
from tests.reports.builders import WEEK, sample_issue

LISTING = re.compile(r"(boerse|drehscheibe|place2tex):\w+")


@pytest.fixture(scope="module")
def issue() -> Issue:
    """The sample week with the figures that its own tables give, and one repeated listing."""
    issue = sample_issue()
    repeats = pd.DataFrame({"listing_id": ["place2tex:a4"], "repeats_listing_id": ["drehscheibe:a2"]})
    counted = key_figures(
        WEEK, issue.listings, repeats, issue.members, issue.matches, issue.unmet, issue.consortia, issue.opportunities  # type: ignore[arg-type]  # validated by the builders
    )  # fmt: skip
    earlier = issue.key_figures[issue.key_figures["week"] != str(WEEK)]
    return replace(issue, repeats=repeats, key_figures=pd.concat([earlier, counted], ignore_index=True))


def list_behind(page: str, target: str) -> str:
    """What a reader finds at the end of a link: a group, or everything under a heading."""
    if f'<details id="{target}">' in page:
        return page.split(f'<details id="{target}">')[1].split("</details>")[0]
    return re.split(r"<h2", page.split(f'<h2 id="{target}">')[1])[0]


def entries_of(part: str) -> list[str]:
    return [re.sub("<[^>]*>", "", entry) for entry in re.findall(r"<li>(.*?)</li>", part, re.DOTALL)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_key_figure_leads_to_exactly_the_listings_it_counts(issue: Issue, language: str) -> None:
    page = render_proofs(issue, language)
    figures = re.findall(r'class="value" href="proofs.\w\w.html#([\w-]+)">(\d+)</a>', render(issue, language))
    assert [target for target, _ in figures] == [
        f"nachweis-{name}" for name in ("offers", "requests", "cross-platform-matches", "needs-unmet")
    ]
    for target, number in figures:
        entries = entries_of(list_behind(page, target))
        assert len(set(entries)) == int(number), target
        for entry in entries:
            for listing_id in (found[0] for found in re.finditer(LISTING, entry)):
                (listing,) = issue.listings[issue.listings["listing_id"] == listing_id].to_dict("records")
                assert listing["platform"] == listing_id.partition(":")[0]
            assert LISTING.search(entry)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_headline_leads_to_as_many_as_it_says(issue: Issue, language: str) -> None:
    page, proofs_page = render(issue, language), render_proofs(issue, language)
    told = headlines(issue.desk, Language(language))
    assert len(told) == 5
    for headline in told:
        entries = entries_of(list_behind(proofs_page, headline.target))
        assert f'<a class="count" href="proofs.{language}.html#{headline.target}">{headline.count}</a>' in page
        assert len(entries) == int(headline.count), headline.sentence
        assert all(LISTING.search(entry) or "K-2020-15-04" in entry for entry in entries)


def test_an_opportunity_leads_to_its_card_and_the_card_to_listing_and_platform(issue: Issue) -> None:
    entry = list_behind(render_proofs(issue), "liste-new")
    assert 'href="cases.de.html#K-2020-17-01">K-2020-17-01 Schutzkittel' in entry
    assert "Beispiel Vlies GmbH und Muster Textil KG <small" in entry
    assert '<small class="ref">boerse:g1, place2tex:a1, drehscheibe:a2</small>' in entry
    card = render_cases(issue).split('<article class="card" id="K-2020-17-01"')[1].split("</article>")[0]
    for source in ("BIOPRO Kooperationsbörse, Inserat boerse:g1", "place2tex, Inserat place2tex:a1"):
        assert source in card


def test_numbers_of_regions_and_ways_lead_to_their_lists(issue: Issue) -> None:
    page, lists = render(issue), render_proofs(issue)
    for table in ("regionen", "engpaesse", "bestand"):
        cells = page.split(f'id="{table}-caption"')[1].split("</table>")[0]
        links = re.findall(r'href="proofs.de.html#(liste-[\w-]+)">([^<]+)<', cells)
        assert links
        for target, told in links:
            count = len(entries_of(list_behind(lists, target)))
            assert told == (class_name(count, Language("de")) if table == "regionen" else str(count))


def test_regions_are_told_as_classes_and_never_by_their_counts(issue: Issue) -> None:
    told = {count: class_name(count, Language("de")) for count in (0, 1, 9, 10, 49, 50, 400)}
    assert list(told.values()) == [
        "keine", "unter 10", "unter 10", "10 bis 49", "10 bis 49", "50 und mehr", "50 und mehr"
    ]  # fmt: skip
    part = render(issue).split('id="verteilung"')[1].split("</section>")[0]
    tiles = re.findall(r'<svg class="tiles".*?</svg>', part, re.DOTALL)
    written = {text for tile in tiles for text in re.findall(r'font-size="13"[^>]*>([^<]*)<', tile)}
    assert written <= {"0", "&lt;10", "10+", "50+"}
    table = part.split('id="regionen-caption"')[1].split("</table>")[0]
    numbered = set(re.findall(r">([^<>]*\d[^<>]*)<(?:span|/td)", table))
    assert numbered == {"unter 10"}


def test_a_long_list_is_cut_and_the_rest_counted(issue: Issue, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(proofs, "MOST_ENTRIES", 2)
    part = list_behind(render_proofs(issue), "nachweis-offers")
    assert len(entries_of(part)) == 2
    assert "1 weiterer Eintrag ist hier nicht gezeigt." in part


def test_entries_say_what_they_are_and_ids_stand_in_small_print_and_lead_to_the_page_of_the_listing(
    issue: Issue,
) -> None:
    listings = issue.listings.assign(
        url=issue.listings["url"].mask(issue.listings["listing_id"] == "boerse:g1", "https://boerse.example/g1")
    )
    part = list_behind(render_proofs(replace(issue, listings=listings)), "nachweis-requests")
    [entry] = [entry for entry in re.findall(r"<li>(.*?)</li>", part) if "boerse:g1" in entry]
    assert "Klinikum Beispielstadt" in entry.split("<small")[0]
    assert '<small class="ref"><a class="outside" href="https://boerse.example/g1">boerse:g1</a></small>' in entry


def test_figures_and_regions_count_the_same(issue: Issue) -> None:
    counted = {kind: sum(len(ids) for _, ids in proofs.by_region(issue.desk, kind)) for kind in ("offer", "request")}
    (figures,) = issue.key_figures[issue.key_figures["week"] == str(WEEK)].to_dict("records")
    assert counted == {"offer": figures["offers"], "request": figures["requests"]}


def test_pages_with_lists_are_well_made(issue: Issue, findings_in: Callable[[str], list[str]]) -> None:
    assert [found for language in LANGUAGES for found in findings_in(render_proofs(issue, language))] == []
