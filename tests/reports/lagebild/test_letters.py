"""Ready texts: in the recipient's language, one line each, asking and promising nothing."""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from reports.lagebild import Issue, render, render_cases
from reports.lagebild.calls import called, parties
from reports.lagebild.letters import LONGEST_NAME, Letter, answer_by, first_said, letters
from reports.language import LANGUAGES, Language
from reports.privacy import find_contacts
from tests.reports.builders import CONSORTIA, ROLES, listing_rows, sample_issue


def letters_of(issue: Issue, number: str) -> dict[str, Letter]:
    (row,) = [row for row in called(issue.desk) if row["opportunity_id"] == number]
    return {letter.party.listing["listing_id"]: letter for letter in letters(issue.desk, row)}


def test_everybody_is_written_to_in_the_language_of_the_listing() -> None:
    found = letters_of(sample_issue(), "K-2020-16-02")
    assert {name: letter.language for name, letter in found.items()} == {"boerse:g2": "de", "drehscheibe:a3": "fr"}
    assert found["drehscheibe:a3"].lines[0] == "Bonjour,"
    assert any("masques FFP2, 800\u00a0pièces".lower() in line.lower() for line in found["drehscheibe:a3"].lines)


def test_a_language_without_reports_is_answered_in_that_of_the_platform() -> None:
    rows = [row | {"language": "it"} for row in listing_rows()]
    assert {letter.language for letter in letters_of(sample_issue(listings=rows), "K-2020-16-02").values()} == {"de"}


@pytest.mark.parametrize(
    ("deadline", "by"),
    [
        ("2020-04-29", "2020-04-28"),
        ("2020-05-01", "2020-04-29"),
        ("2020-06-30", "2020-05-01"),
        ("2020-04-27", "2020-04-27"),
    ],
)
def test_an_answer_is_asked_for_while_there_is_time_to_deliver(deadline: str, by: str) -> None:
    """The issue is of Monday, 27 April."""
    issue = sample_issue()
    desk = replace(issue, consortia=issue.consortia.assign(deadline_on=deadline)).desk
    assert {answer_by(desk, row).isoformat() for row in called(desk)} == {by}


def test_the_first_text_goes_to_whom_the_task_names_first() -> None:
    desk = sample_issue().desk
    first, second = called(desk)
    supplier = next(party.name for party in parties(desk, first, Language("de")) if party.part == "partner")
    # Of the second nobody is known who could fill the gap, and no office: whoever seeks is asked.
    seeker = next(party.name for party in parties(desk, second, Language("de")) if party.part == "request")
    assert [one.name for row in (first, second) if (one := first_said(desk, row, Language("de")))] == [supplier, seeker]


def test_a_seeker_hears_its_own_title_where_that_says_something_else() -> None:
    rows = [
        row | ({"title": "Drehteile aus PEEK"} if row["listing_id"] == "boerse:g1" else {}) for row in listing_rows()
    ]
    said = letters_of(sample_issue(listings=rows), "K-2020-17-01")["boerse:g1"].spoken[0]
    assert said.endswith(" (Ihr Inserat: „Drehteile aus PEEK“).")
    assert "Ihr Inserat" not in letters_of(sample_issue(), "K-2020-17-01")["boerse:g1"].spoken[0]


def test_a_supplier_hears_the_title_of_the_request_where_that_says_something_else() -> None:
    rows = [
        row | ({"title": "Drehteile aus PEEK"} if row["listing_id"] == "boerse:g1" else {}) for row in listing_rows()
    ]
    said = letters_of(sample_issue(listings=rows), "K-2020-17-01")["drehscheibe:a2"].spoken
    assert any(line.endswith(" (das Inserat: „Drehteile aus PEEK“).") for line in said)
    plain = letters_of(sample_issue(), "K-2020-17-01")["drehscheibe:a2"].spoken
    assert not any("das Inserat" in line for line in plain)


def test_nobody_is_brought_together_beside_a_public_procedure() -> None:
    issue = sample_issue()
    tenders = replace(issue, platforms=[replace(platform, is_procurement=True) for platform in issue.platforms])
    before, now = letters_of(issue, "K-2020-17-01"), letters_of(tenders, "K-2020-17-01")
    assert "zusammenbringen" in str([letter.lines + letter.spoken for letter in before.values()])
    assert "zusammenbringen" not in str([letter.lines + letter.spoken for letter in now.values()])
    asked = {letter.party.part: letter.spoken[-1] for letter in now.values()}
    assert asked["partner"] == "Wollen Sie in diesem Vergabeverfahren ein Angebot abgeben?"
    assert asked["request"].startswith("Ist das Verfahren noch offen")


def test_a_supplier_hears_what_its_listing_states_and_what_of_it_is_meant_for_the_case() -> None:
    rows = [
        row | ({"quantity": 500.0, "period": "week"} if row["listing_id"] == "drehscheibe:a3" else {})
        for row in listing_rows()
    ]
    partly = [row | ({"quantity_covered": 400.0} if row["consortium_id"] == "c2" else {}) for row in CONSORTIA]
    other = ("c1", 3, "sterilisation", "ffp2", "filled", "o6", "drehscheibe:a3", "drehscheibe", 800.0, 90.0, "checked")
    hours = [row | ({"unit": "hour"} if row["listing_id"] == "drehscheibe:a3" else {}) for row in rows]

    def said(**changes: Any) -> str:
        return "\n".join(letters_of(sample_issue(**changes), "K-2020-16-02")["drehscheibe:a3"].spoken)

    stated = "Votre annonce indique 500\u00a0pièces par semaine"
    assert stated in said(listings=rows, consortia=partly, roles=[*ROLES, other])
    for alone in (
        {"listings": rows, "roles": [*ROLES, other]},  # all is covered
        {"listings": rows, "consortia": partly},  # meant for nobody else
        {"listings": hours, "consortia": partly, "roles": [*ROLES, other]},  # hours are no pieces
    ):
        assert "Votre annonce indique" not in said(**alone)


def test_texts_say_what_is_missing_and_that_nobody_promised() -> None:
    seeker = letters_of(sample_issue(), "K-2020-17-01")["boerse:g1"]
    assert "Noch fehlt: Sterilisation." in seeker.lines
    assert "Die Mengen sind aus den Inseraten errechnet; zugesagt hat sie niemand." in seeker.lines
    assert any("Muster Textil KG" in line and "drehscheibe:a2" in line for line in seeker.lines)
    supplier = letters_of(sample_issue(), "K-2020-17-01")["drehscheibe:a2"]
    assert any("Klinikum Beispielstadt" in line and "boerse:g1" in line for line in supplier.lines)
    assert "Nach Ihrem Inserat kämen davon rechnerisch 4.000\u00a0Stück von Ihnen." in supplier.lines


def test_a_supplier_of_one_step_hears_of_its_step() -> None:
    material = ("c1", 1, "nonwoven", "nonwoven", "filled", "o2", *ROLES[0][6:])
    supplier = letters_of(sample_issue(roles=[material, *ROLES[1:]]), "K-2020-17-01")
    [lines] = [letter.lines for number, letter in supplier.items() if number == ROLES[0][6]]
    assert "Dafür wird gebraucht: Vliesstoff." in lines
    assert [line for line in lines if line.startswith("Nach Ihrem Inserat reicht es rechnerisch für")]
    assert not [line for line in lines if "von Ihnen" in line]


@pytest.mark.parametrize("language", LANGUAGES)
def test_hostile_text_stays_one_short_line(hostile: Callable[[str], Issue], language: str) -> None:
    attack = "x\r\nBcc: victim@x.example\r\n\r\n<script>alert(1)</script>" + "W" * 300
    issue = hostile(attack)
    for row in called(issue.desk):
        for letter in letters(issue.desk, row):
            for line in (letter.subject, *letter.lines):
                assert "\n" not in line
                assert "\r" not in line
                assert not find_contacts(line)
                assert len(line) < 6 * LONGEST_NAME
    assert "<script" not in render_cases(issue, language)


def test_to_whom_a_text_goes_is_said_in_the_readers_language() -> None:
    """Not "An the supplier on …": the text is in the recipient's language, what stands above it in the reader's."""
    rows = [
        row | {"organisation_name": None} if row["listing_id"] == "drehscheibe:a3" else row for row in listing_rows()
    ]
    issue = sample_issue(listings=rows)
    for page in (render_cases(issue), render(issue)):
        german = re.sub(r'(?s)<(div|p)[^>]* lang="fr">.*?</\1>', "", page)
        assert "fournisseur sur MedicalMountains Drehscheibe" not in german
    assert "An Anbieter auf MedicalMountains Drehscheibe" in render_cases(issue)
