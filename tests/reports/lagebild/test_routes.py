"""Ways to listings: their own, else their platform's; nothing that a reader must not follow."""

import pytest

from reports.lagebild import render
from reports.lagebild.routes import route_of
from reports.language import LANGUAGES, Language
from tests.reports.builders import listing_rows, sample_issue


def route(**stated: object) -> tuple[str, str]:
    row = listing_rows()[0] | stated
    found = route_of(sample_issue(listings=[row]).desk, row)
    return found.contact, found.address


def test_a_listing_has_its_own_way_and_else_that_of_its_platform() -> None:
    own = route(contact_route="TED 100035-2020", url="https://ted.example/notice/100035-2020")
    assert own == ("TED 100035-2020", "https://ted.example/notice/100035-2020")
    assert route(contact_route="", url=None) == (
        "Corona-Hotline der Taskforce, Stichwort Kooperationsbörse",
        "https://boerse.example/",
    )


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)", "http://boerse.example/1", "//evil.example", "data:text/html,x", "https:///x",
        "/eintrag/1",
        "https://boerse.example@evil.example/", "https://böerse.example/", "https://x.example/?to=anna@klinik.example",
        'https://x.example/"onclick="x', "https://x.example/ y",
    ],
)  # fmt: skip
def test_an_address_that_a_reader_must_not_follow_gives_way_to_the_platforms(url: str) -> None:
    assert route(url=url)[1] == "https://boerse.example/"


def test_a_route_names_no_person() -> None:
    contact, _ = route(contact_route="Frau Muster, anna@klinik.example, 07071 123456")
    assert "@" not in contact
    assert "123456" not in contact


def test_a_link_says_when_it_leads_to_the_platform_only() -> None:
    row = listing_rows()[0]
    desk = sample_issue(listings=[row]).desk
    link = route_of(desk, row).link(Language("de"))
    assert link == '<a class="outside" href="https://boerse.example/">Inserat g1 auf der Plattform</a>'


@pytest.mark.parametrize(("language", "told"), [("de", "Donation desk"), ("en", "“Donation desk”")])
def test_the_words_of_a_platform_stand_in_quotation_marks_in_another_language(language: str, told: str) -> None:
    row = listing_rows()[0] | {"contact_route": "Donation desk"}
    found = route_of(sample_issue(listings=[row]).desk, row)
    assert found.text(Language(language)).endswith(told)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_call_begins_with_whom_to_contact_and_how_and_paper_holds_the_address(language: str) -> None:
    reader = Language(language)
    issue = sample_issue()
    item = render(issue, language).split('<li id="K-2020-16-02">')[1].split("</details>")[0]
    whom, which = item.index("Textiles Exemple SARL"), item.index("K-2020-16-02: ")
    assert (
        whom
        < item.index(
            reader.gettext("Über die Plattform %(platform)s", platform=reader.quoted("MedicalMountains Drehscheibe"))
        )
        < which
    )
    assert '<span class="paper">(a3, drehscheibe.example)</span>' in item
    networks = render(issue, language).split('<li id="K-2020-17-01">')[1].split("</p>")[0]
    assert "drehscheibe" not in networks  # nobody can be asked: its call is put out
