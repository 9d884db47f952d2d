"""What an issue says of earlier answers, what still waits on page 1, and the links by which one answers."""

import email
import email.policy
import re
from collections.abc import Callable
from dataclasses import replace
from email.message import EmailMessage
from html import unescape
from io import BytesIO
from typing import Any
from urllib.parse import parse_qs, urlsplit

import openpyxl
import pandas as pd
import pytest

from matching.schema import Case, empty
from reports.lagebild import Issue, as_mail, render
from reports.lagebild.calls import by_harm
from reports.lagebild.case_sheet import COLUMNS, as_case_sheet, code_of
from reports.lagebild.issue import AnswerLinks
from reports.lagebild.page import render_cases
from reports.language import LANGUAGES, Language
from reports.wording import ANSWERS
from tests.reports.builders import sample_issue

FIRST = "K-2020-17-01"


def with_case(number: str = FIRST, **more: Any) -> Issue:
    """The sample week with how one opportunity stands."""
    row = dict.fromkeys(empty(Case)) | {"opportunity_id": number, "state": "waiting", "waiting_since": "2020-W15"}
    return replace(sample_issue(), cases=pd.DataFrame([row | {"is_disputed": False} | more]))


def answered(**more: Any) -> Issue:
    said = {"state": "answered", "answer": "taken_over", "answered_on": "2020-04-21", "role": "lead", "way": "mail"}
    return with_case(**said, **more)


def urgent_number() -> str:
    """An urgent opportunity of those who lead."""
    desk = sample_issue().desk
    return next(row["opportunity_id"] for row in desk.leading if row["consortium"]["urgency"] in ("high", "critical"))


def page_1(page: str) -> str:
    return re.findall(r'<section class="page-1".*?</section>', page, re.DOTALL)[0]


def linked(issue: Issue) -> Issue:
    token = "0123456789abcdef" * 2
    return replace(issue, links=AnswerLinks("antwort@taskforce.example", lambda *said: token))


def links_of(card: str) -> list[tuple[str, str]]:
    """Subject and body of each link."""
    queries = [parse_qs(urlsplit(unescape(url)).query) for url in re.findall(r'href="(mailto:[^"]+)"', card)]
    return [(query["subject"][0], query["body"][0]) for query in queries]


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_card_has_a_link_for_every_answer(language: str, findings_in: Callable[[str], list[str]]) -> None:
    page = render_cases(linked(sample_issue()), language)
    assert findings_in(page) == []
    [card] = re.findall(rf'<article class="card" id="{FIRST}".*?</article>', page, re.DOTALL)
    bodies = [body.split() for _, body in links_of(card)]
    assert [tuple(body[2:4]) for body in bodies] == [
        ("taken_over", "-"),
        ("query", "-"),
        ("done", "-"),
        ("declined", "no_need"),
        ("declined", "prefers_other"),
        ("declined", "no_supply"),
        ("declined", "no_contact_provider"),
        ("declined", "no_contact_seeker"),
    ]
    assert {(body[0], body[1], body[4]) for body in bodies} == {("verbundradar", FIRST, "2020-W17")}
    assert all(subject.startswith(FIRST) for subject, _ in links_of(card))


def test_the_mail_has_the_links_of_what_is_to_decide() -> None:
    message = email.message_from_bytes(
        as_mail(linked(sample_issue())), _class=EmailMessage, policy=email.policy.default
    )
    body = message.get_body(["html"])
    assert body is not None
    links = links_of(body.get_content())
    assert {said.split()[1] for _, said in links} >= {FIRST}
    assert len(links) % 8 == 0


def test_without_an_address_there_is_no_link() -> None:
    pages = render(sample_issue()) + render_cases(sample_issue())
    assert "mailto:antwort" not in pages + as_mail(sample_issue()).decode()
    assert "Antworten per Mail" not in pages


def test_what_was_answered_is_told_on_its_card_and_no_longer_asked_for() -> None:
    issue = answered(note="Termin steht")
    assert [f'<li id="{FIRST}">' in page_1(render(one)) for one in (sample_issue(), issue)] == [True, False]
    assert "Stand: übernommen am 21. April 2020 (Taskforce-Leitung, per Mail): „Termin steht“" in render_cases(issue)


def test_contradicting_answers_are_told(findings_in: Callable[[str], list[str]]) -> None:
    page = render_cases(linked(answered(is_disputed=True)))
    assert findings_in(page) == []
    assert "Die Antworten einer Woche widersprechen sich; es gilt die spätere." in page


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_urgent_case_without_answer_stays_on_page_1_with_its_age(
    language: str, findings_in: Callable[[str], list[str]]
) -> None:
    aged = {"de": "seit 2 Wochen", "fr": "depuis 2 semaines", "en": "for 2 weeks"}[language]
    issue = with_case(urgent_number())
    for state in ("new", "unchanged"):
        told = replace(issue, opportunities=issue.opportunities.assign(state=state, change="[]"))
        page = render(told, language)
        assert findings_in(page) == []
        [waiting] = [line for line in page_1(page).splitlines() if "#ohne-antwort" in line]
        assert urgent_number() in waiting
        assert aged in waiting
        rows = re.findall(r"<tr>.*?</tr>", page, re.DOTALL)
        assert len([row for row in rows if urgent_number() in row and aged in row]) == 1
        message = email.message_from_bytes(as_mail(told, language), _class=EmailMessage, policy=email.policy.default)
        body = message.get_body(["plain"])
        assert body is not None
        assert aged in body.get_content()


def test_what_this_issue_tells_first_does_not_wait_yet() -> None:
    issue = with_case(urgent_number(), waiting_since="2020-W17")
    assert "ohne-antwort" not in render(issue)


def test_the_workbook_lists_what_runs_with_drop_down_lists() -> None:
    issue = answered()
    for language in LANGUAGES:
        sheet = openpyxl.load_workbook(BytesIO(as_case_sheet(issue, language))).worksheets[0]
        cells = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
        numbers = [row["opportunity_id"] for row in issue.desk.running]
        first = [row["opportunity_id"] for row in by_harm(issue.desk)]
        assert [row[0] for row in cells] == [*first, *(number for number in numbers if number not in first)]
        standing = list(COLUMNS).index("standing")
        told = {row[0]: row[standing] for row in cells}
        assert told[FIRST] == Language(language).gettext(ANSWERS["taken_over"])
        assert len(sheet.data_validations.dataValidation) == 3
    assert as_case_sheet(issue) == as_case_sheet(answered())


def test_words_of_the_lists_are_known_in_every_language() -> None:
    assert code_of("state", "Livré") == code_of("state", "delivered") == code_of("state", "geliefert") == "delivered"
    assert code_of("reason", "kein Bedarf mehr") == "no_need"
    assert code_of("reason", "vielleicht") == "vielleicht"
