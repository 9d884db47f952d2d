"""The calls of page 1: most harm of waiting first, never lost, each with whom to ask by which way."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pandas as pd
import pytest

from matching.schema import evidence
from reports.frames import Row
from reports.lagebild import Issue, as_calendar, as_mail, render, render_cases
from reports.lagebild.calls import (
    MOST_CALLS,
    Call,
    by_harm,
    called,
    calls,
    candidates,
    harm_of_waiting,
    left_out,
    parties,
)
from reports.lagebild.letters import first_letter, first_said
from reports.lagebild.page import render_group
from reports.lagebild.remit import DEFAULT
from reports.lagebild.summary import lacking, upcoming
from reports.lagebild.words import doubt
from reports.language import LANGUAGES, Language
from tests.reports.builders import CONSORTIA, OPPORTUNITIES, ROLES, listing_rows, opportunity, sample_issue
from tests.reports.lagebild.test_figures import cells

GOWNS, MASKS = "K-2020-17-01", "K-2020-16-02"


def issue_with(number: int, **changes: Any) -> Issue:
    """The sample week with one consortium changed."""
    rows = [row | changes if index == number else row for index, row in enumerate(CONSORTIA)]
    return sample_issue(consortia=rows)


def call_of(issue: Issue, number: str) -> Call:
    (call,) = [call for call in calls(issue.desk, Language("de")) if call.opportunity_id == number]
    return call


def row_of(issue: Issue, number: str) -> Row:
    (row,) = [row for row in called(issue.desk) if row["opportunity_id"] == number]
    return row


def harm(issue: Issue, number: str) -> float:
    (row,) = [row for row in issue.desk.leading if row["opportunity_id"] == number]
    return harm_of_waiting(issue.desk, row)


def test_harm_is_the_product_of_its_factors() -> None:
    # urgent 4 x ends within the week 1 x 5,000 has four digits x score 0.91, two of three roles, delivers too late, the
    # oldest of 16 days
    assert harm(sample_issue(), GOWNS) == pytest.approx(4 * 1 * 4 * 0.91 * 2 / 3 * 0.5 * 0.5 ** (16 / 45), abs=1e-3)
    # very urgent 8 x our aim is within the week 1 x 800 has three digits x score 0.62, all roles, oldest of 9 days
    assert harm(sample_issue(), MASKS) == pytest.approx(8 * 1 * 3 * 0.62 * 0.5 ** (9 / 45), abs=1e-3)
    # urgent 4 x a week of four where no deadline is stated
    assert harm(issue_with(1, urgency="high"), MASKS) == pytest.approx(4 / 4 * 3 * 0.62 * 0.5**0.2, abs=1e-3)


def with_silence(listing_id: str, weeks: int) -> Issue:
    """The sample week with one listing that nobody touched for so many weeks."""
    day = pd.Timestamp("2020-04-26", tz="UTC") - pd.Timedelta(weeks=weeks)
    found = [row | {"posted_at": day} if row["listing_id"] == listing_id else row for row in listing_rows()]
    return sample_issue(listings=found)


def masks_of(issue: Issue) -> Row:
    (row,) = [row for row in issue.desk.leading if row["opportunity_id"] == MASKS]
    return row


def test_of_several_partners_those_are_named_whose_offers_are_old() -> None:
    old = pd.Timestamp("2020-04-26", tz="UTC")
    found = [
        row | ({"posted_at": old - pd.Timedelta(weeks=age)} if (age := weeks.get(row["listing_id"])) else {})
        for weeks in ({"drehscheibe:a3": 5, "place2tex:a1": 4},)
        for row in listing_rows()
    ]
    roles = [*ROLES, ("c2", 1, "supply", "ffp2", "filled", "o2", "place2tex:a1", "place2tex", 1.0, 90.0, "checked")]
    told = " ".join(call_of(sample_issue(listings=found, roles=roles), MASKS).steps)
    assert re.search(r"Exemple SARL und [^.]* auch fragen, ob das Angebot noch gilt \(letzte Meldung vor 5", told), told


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_request_without_a_sign_of_life_is_asked_first_whether_it_still_holds(language: str) -> None:
    old, fresh = with_silence("boerse:g2", 5), with_silence("boerse:g2", 3)
    reader = Language(language)
    told = {call.opportunity_id: " ".join(call.steps) for call in calls(old.desk, reader)}[MASKS]
    row = masks_of(old)
    assert "Pflegeheim Musterhof" in told
    assert doubt(old.desk, row["request"], reader) in told
    assert doubt(old.desk, row["request"], reader) not in str(calls(fresh.desk, reader))
    letter = first_letter(old.desk, row)
    assert letter.party.part == "request"
    assert "Brauchen Sie das noch?" in letter.spoken[-3]
    assert letter.lines[-5] == "– Brauchen Sie das noch?"
    assert first_letter(fresh.desk, masks_of(fresh)).party.part == "partner"
    assert harm(old, MASKS) < harm(fresh, MASKS) < harm(sample_issue(), MASKS)


def test_an_offer_without_a_sign_of_life_is_asked_first_whether_it_still_holds() -> None:
    issue = with_silence("drehscheibe:a3", 4)
    (call,) = [call for call in calls(issue.desk, Language("de")) if call.opportunity_id == MASKS]
    assert "Auch fragen, ob das Angebot noch gilt (letzte Meldung vor 4 Wochen)." in " ".join(call.steps)
    assert "Votre offre est-elle toujours valable ?" in first_letter(issue.desk, masks_of(issue)).spoken[-3].replace(
        "\u202f", " "
    )
    assert harm(issue, MASKS) < harm(sample_issue(), MASKS)


def with_missing(*listing_ids: str) -> Issue:
    """The sample week with listings that their boards show no more."""
    found = [
        row | {"missing_since": "2020-04-26"} if row["listing_id"] in listing_ids else row for row in listing_rows()
    ]
    return sample_issue(listings=found)


def test_a_listing_that_its_board_does_not_show_is_asked_first_whether_it_still_holds() -> None:
    issue = with_missing("drehscheibe:a3", "boerse:g2")
    told = " ".join(call_of(issue, MASKS).steps).replace("\u00a0", " ")
    assert "fragen, ob der Bedarf noch besteht (fehlt seit So., 26. Apr. auf der Plattform)" in told
    assert "Auch fragen, ob das Angebot noch gilt (fehlt seit So., 26. Apr. auf der Plattform)." in told
    assert harm(issue, MASKS) == pytest.approx(harm(sample_issue(), MASKS) / 2, abs=1e-3)
    page = render_cases(issue).replace("\u00a0", " ")
    assert "fehlt seit 26. April 2020 auf der Plattform; ob das Inserat noch gilt, ist offen." in page


@pytest.mark.parametrize(
    "worse", [{"deadline_on": "2020-05-30"}, {"urgency": "low"}, {"quantity": 5.0}, {"score": 0.2}, {"roles_filled": 1}]
)
def test_what_is_less_pressing_smaller_or_less_likely_does_less_harm(worse: dict[str, Any]) -> None:
    assert harm(issue_with(0, **worse), GOWNS) < harm(sample_issue(), GOWNS)


def test_an_unchanged_case_stays_on_page_1() -> None:
    unchanged = [row | {"state": "unchanged", "change": "[]"} if row["rank"] < 3 else row for row in OPPORTUNITIES]
    issue = sample_issue(opportunities=unchanged)
    assert {row["opportunity_id"] for row in called(issue.desk)} == {GOWNS, MASKS}


def test_of_many_five_are_called_and_the_pressing_rest_is_named(crowded: Issue) -> None:
    assert len(called(crowded.desk)) == MOST_CALLS
    harms = [harm_of_waiting(crowded.desk, row) for row in by_harm(crowded.desk)]
    assert harms[:MOST_CALLS] == sorted(harms, reverse=True)[:MOST_CALLS]
    rest = left_out(crowded.desk)
    assert rest
    first_page = render(crowded).split('id="auf-einen-blick"')[0]
    assert all(f"cases.de.html#{row['opportunity_id']}" in first_page for row in rest[:3])
    assert str(len(rest)) in first_page


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_call_leads_to_both_listings_by_their_own_ways(language: str) -> None:
    rows = [row | {"url": f"https://{row['platform']}.example/{row['source_id']}"} for row in listing_rows()]
    rows[5]["contact_route"] = "Vermittlung Chambre de commerce"
    issue = sample_issue(listings=rows)
    page = render(issue, language)
    item = page.split(f'<li id="{MASKS}">')[1].split("</details>")[0]
    assert 'href="https://boerse.example/g2"' in item
    assert 'href="https://drehscheibe.example/a3"' in item
    assert "Vermittlung Chambre de commerce" in item
    plain = as_mail(issue, language).decode("utf-8", "replace").replace("=\r\n", "")
    assert "https://boerse.example/g2" in plain
    assert "https://drehscheibe.example/a3" in plain
    described = as_calendar(issue, language).decode().replace("\r\n ", "")
    assert "https://boerse.example/g1" in described


def with_steriliser(issue: Issue, concept_id: str) -> Issue:
    """The week with one more offer, of a firm that is surely about a concept."""
    steriliser = listing_rows()[3] | {
        "listing_id": "boerse:s1", "source_id": "s1", "platform": "boerse", "organisation_name": "Mikrolab Ulm",
        "contact_route": None,
    }  # fmt: skip
    concept = issue.concepts.iloc[:1].assign(listing_id="boerse:s1", concept_id=concept_id)
    member = issue.members.iloc[:1].assign(record_id="boerse:s1", organisation_id="o8")
    firm = issue.organisations.iloc[:1].assign(organisation_id="o8", name="Mikrolab Ulm")
    return replace(
        issue,
        listings=pd.concat([issue.listings, pd.DataFrame([steriliser])], ignore_index=True),
        concepts=pd.concat([issue.concepts, concept], ignore_index=True),
        members=pd.concat([issue.members, member], ignore_index=True),
        organisations=pd.concat([issue.organisations, firm], ignore_index=True),
    )


def test_a_missing_role_says_whom_to_ask() -> None:
    issue = sample_issue()
    assert "Sterilisation fehlt: bei den Netzwerken ausschreiben" in call_of(issue, GOWNS).steps[0]
    asked = with_steriliser(issue, "sterilisation")
    row = row_of(asked, GOWNS)
    assert [offer["listing_id"] for offer in candidates(asked.desk, row, "sterilisation")] == ["boerse:s1"]
    assert call_of(asked, GOWNS).steps[0] == "Sterilisation fehlt: Mikrolab Ulm anfragen."
    assert [party.part for party in parties(asked.desk, row, Language("de"))] == [
        "request", "candidate", "partner", "partner",
    ]  # fmt: skip
    assert harm(asked, GOWNS) > harm(issue, GOWNS)


def test_a_first_delivery_after_the_deadline_is_said() -> None:
    issue = sample_issue()
    told = {call.opportunity_id: call.steps[-1] for call in calls(issue.desk, Language("de"))}
    assert told[GOWNS].startswith(
        "Erste Lieferung rechnerisch erst am Mi.,\u00a06.\u00a0Mai"
    )  # asked for until 29 April
    assert "Erste Lieferung" not in told[MASKS]  # no deadline
    early = replace(issue, consortia=issue.consortia.assign(lead_time_days=1.0))
    assert not [step for call in calls(early.desk, Language("de")) for step in call.steps if "Erste Lieferung" in step]


@pytest.mark.parametrize(
    ("share", "told"),
    [
        (1.0, "Wegen der übrigen Menge (400\u00a0Stück) auch Mikrolab Ulm fragen."),
        (0.4, "Für die übrige Menge (400\u00a0Stück) Anbieter suchen."),
    ],
)
def test_an_open_rest_names_who_could_supply_more(share: float, told: str) -> None:
    issue = with_steriliser(sample_issue(), "ffp2")
    other = {"part": "alternative", "score": None, "rank": 1, "recipe": "ffp2", "organisations": ["o8"], "share": share}
    is_masks = issue.consortia["consortium_id"] == "c2"
    consortia = issue.consortia.assign(
        quantity_covered=issue.consortia["quantity_covered"].where(~is_masks, 400.0),
        coverage=issue.consortia["coverage"].where(~is_masks, 0.5),
        evidence=issue.consortia["evidence"].where(~is_masks, json.dumps([other])),
    )
    desk = replace(issue, consortia=consortia).desk
    [call] = [call for call in calls(desk, Language("de")) if call.opportunity_id == MASKS]
    assert call.steps[-1] == told
    [row] = [row for row in called(desk) if row["opportunity_id"] == MASKS]
    assert [party.part for party in parties(desk, row, Language("de"))].count("candidate") == (share == 1.0)


def test_the_table_of_roles_names_nobody_for_a_case_whose_call_names_nobody() -> None:
    """An offer may fit one product and not the other, whatever the name of the role."""
    lacking = [*ROLES, ("c2", 2, "sterilisation", "valve", "missing", None, None, None, None, None, None)]
    issue = with_steriliser(sample_issue(roles=lacking), "sterilisation")
    told = {call.opportunity_id: " ".join(call.steps) for call in calls(issue.desk, Language("de"))}
    assert "Sterilisation fehlt: Mikrolab Ulm anfragen." in told[GOWNS]
    assert "kein passendes Angebot bekannt" in told[MASKS]
    ((role, count, whom),) = cells(render(issue), "rollen")
    assert (role, count) == ("Sterilisation", "2")
    assert whom == "Schutzkittel (1): Mikrolab UlmFFP2-Masken (1): niemanden, kein passendes Angebot bekannt"


def test_of_two_roles_that_as_many_cases_lack_the_one_nobody_can_be_asked_for_leads() -> None:
    both = [*ROLES, ("c2", 2, "testing", "testing", "missing", None, None, None, None, None, None)]
    asked = with_steriliser(sample_issue(roles=both), "sterilisation")
    assert [role for role, _ in lacking(asked.desk)] == ["testing", "sterilisation"]
    neither = sample_issue(roles=both)
    assert [role for role, _ in lacking(neither.desk)] == ["sterilisation", "testing"]


def test_a_role_without_anybody_says_what_it_must_test_and_whom_to_tell() -> None:
    issue = with_steriliser(sample_issue(), "service")  # of the same group: its board knows such firms
    needed = evidence({"part": "role_missing", "role": "sterilisation", "norms": ["EN 556"], "score": None})
    roles = issue.roles.assign(evidence=issue.roles["evidence"].where(issue.roles["state"] != "missing", needed))
    call = call_of(replace(issue, roles=roles), GOWNS)
    assert " ".join(call.steps).startswith("Sterilisation (EN\u00a0556) fehlt: bei den Netzwerken ausschreiben")
    office = issue.desk.platform["boerse"].contact_route
    assert [line.startswith("Ausschreiben bei: ") and office in line for line in call.tender] == [True]
    assert call.tender[0] in render(replace(issue, roles=roles))
    said = first_said(replace(issue, roles=roles).desk, row_of(replace(issue, roles=roles), GOWNS), Language("de"))
    assert said is not None
    assert (said.name, said.spoken[0]) == (office, "Wir suchen jemanden für: Sterilisation (EN\u00a0556).")
    assert call_of(with_steriliser(issue, "sterilisation"), GOWNS).tender == []


@pytest.mark.parametrize(("language", "aim"), [("de", "Ziel"), ("fr", "Objectif"), ("en", "Aim")])
def test_a_day_that_no_request_names_is_told_as_an_aim(language: str, aim: str) -> None:
    desk = sample_issue().desk
    deadlines = {row["opportunity_id"]: row["consortium"]["deadline_on"] for row in called(desk)}
    told = {call.opportunity_id: call.due.by for call in calls(desk, Language(language))}
    assert {number: text.startswith(aim) for number, text in told.items()} == {
        number: deadline is None for number, deadline in deadlines.items()
    }
    assert set(told) - {row["opportunity_id"] for _, row in upcoming(desk)} == {MASKS}  # an aim is no deadline


def test_a_new_number_says_under_which_the_same_request_stood_before() -> None:
    request = '{"request":"boerse:g1"}'
    merged = opportunity("K-2020-15-07", "c8", "closed", "gown", 4, closing_reason="merged", content=request)
    first = OPPORTUNITIES[0] | {"content": request}
    issue = sample_issue(opportunities=[first, *OPPORTUNITIES[1:], merged])
    page = render(issue)
    assert call_of(issue, GOWNS).age == "neu (vorher K-2020-15-07)"
    assert "vorher K-2020-15-07" in cells(page, "aenderungen")[0][1]
    other = sample_issue(opportunities=[first, *OPPORTUNITIES[1:], merged | {"title_concept_id": "valve"}])
    assert other.desk.former == {}


def test_a_partner_of_several_cases_is_called_once() -> None:
    again = CONSORTIA[1] | {"consortium_id": "c3", "urgency": "low"}
    roles = [*ROLES, ("c3", 1, "supply", "ffp2", "filled", "o6", "drehscheibe:a3", "drehscheibe", 1.0, 90.0, "checked")]
    more = opportunity("K-2020-17-05", "c3", "new", "ffp2", 3)
    page = render(sample_issue(consortia=[*CONSORTIA, again], roles=roles, opportunities=[*OPPORTUNITIES[:2], more]))
    masks, gowns = (page.split(f'<li id="{number}">')[1].split("</details>")[0] for number in (MASKS, GOWNS))
    assert "ein Anruf, 2 Vorgänge: auch <a" in masks
    assert "#K-2020-17-05" in masks
    assert "ein Anruf" not in gowns


def test_certificates_are_asked_for_where_a_norm_is_wanted_and_not_shown() -> None:
    rows = listing_rows()
    rows[4]["norms"] = "EN 149; EN 14683"
    claimed = [(*role[:-1], "claimed") if role[0] == "c2" else role for role in ROLES]
    told = " ".join(call_of(sample_issue(listings=rows, roles=claimed), MASKS).steps)
    assert "Nachweis verlangen: EN\u00a0149 und EN\u00a014683." in told
    assert "Nachweis" not in " ".join(calls(sample_issue(listings=rows).desk, Language("de"))[1].steps)


def test_what_lies_outside_the_remit_stands_in_the_annex() -> None:
    issue = sample_issue(consortia=[CONSORTIA[0], CONSORTIA[1] | {"country": "US", "region": "LA"}])
    assert [row["opportunity_id"] for row in issue.desk.leading] == [GOWNS]
    page = render(issue)
    assert MASKS not in page.split('id="anhang"')[0].split('id="anrufen"')[1].split("</section>")[0]
    assert f"#{MASKS}" in page.split('id="anhang"')[1]
    american = replace(issue, remit=DEFAULT.model_copy(update={"countries": ("US",)}))
    assert [row["opportunity_id"] for row in called(american.desk)] == [MASKS]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_group_has_its_own_first_page(language: str, findings_in: Callable[[str], list[str]]) -> None:
    issue = sample_issue()
    assert [row["opportunity_id"] for row in called(issue.desk.of_group("mask"))] == [MASKS]
    page = render_group(issue, "mask", language)
    assert findings_in(page) == []
    assert re.findall(r'<li id="(K-[\d-]+)"', page) == [MASKS]
