"""Every call of the issue before is accounted for, with or without an answer."""

import re
from dataclasses import replace

import pytest

from reports.lagebild import Issue, render
from reports.lagebild.editions import FACTS, calls_in, issue_files
from reports.lagebild.last_calls import last_calls
from reports.language import LANGUAGES, Language
from tests.reports.builders import sample_issue
from tests.reports.lagebild.test_answers import answered

CALLED, CLOSED = "K-2020-17-01", "K-2020-15-04"


def changed(issue: Issue, change: str) -> Issue:
    """The issue with the called case changed so."""
    is_called = issue.opportunities["opportunity_id"] == CALLED
    opportunities = issue.opportunities.assign(
        state=issue.opportunities["state"].where(~is_called, "changed"),
        change=issue.opportunities["change"].where(~is_called, change),
    )
    return replace(issue, opportunities=opportunities)


def test_each_call_says_how_its_case_stands() -> None:
    desk = replace(sample_issue(), last_calls=(CLOSED, CALLED, "K-2020-01-01")).desk
    closed, called = last_calls(desk, Language("de"))
    assert ">K-2020-15-04</a>, " in closed
    assert closed.endswith(": keine Antwort; geschlossen: Gesuch erfüllt")
    assert called.endswith(": keine Antwort; steht wieder auf Seite 1")


def test_another_request_says_how_much_it_asks_for() -> None:
    issue = sample_issue()
    change = (
        '[{"what": "covered", "old": 1.0, "new": 0.1}, {"what": "request", "old": "boerse:g1", "new": "boerse:g2"}]'
    )
    [line] = last_calls(replace(changed(issue, change), last_calls=(CALLED,)).desk, Language("de"))
    assert re.search(r"boerse:g1, 5\.000\u00a0Stück → .*boerse:g2, 800\u00a0Stück", line)


def test_a_deadline_that_passed_since_the_call_is_said() -> None:
    issue = sample_issue()
    change = '[{"what": "deadline", "old": "2020-04-25", "new": null}]'
    [line] = last_calls(replace(changed(issue, change), last_calls=(CALLED,)).desk, Language("de"))
    assert (
        "keine Antwort; steht wieder auf Seite 1; Frist Sa.,\u00a025.\u00a0Apr. verstrichen, Ausgang nicht bekannt; "
        in line
    )


def test_a_case_that_goes_on_for_another_request_says_so() -> None:
    issue = answered()  # and so no longer on page 1
    change = (
        '[{"what": "request", "old": "boerse:g1", "new": "boerse:g2"}, {"what": "covered", "old": 1.0, "new": 0.1}]'
    )
    [line] = last_calls(replace(changed(issue, change), last_calls=(CALLED,)).desk, Language("de"))
    assert ": Antwort: übernommen; läuft mit einem anderen Gesuch derselben Stelle weiter; " in line
    [line] = last_calls(replace(issue, last_calls=(CALLED,)).desk, Language("de"))
    assert line.endswith("läuft weiter")


def test_nobody_takes_a_case_without_supply_for_solved() -> None:
    issue = sample_issue()
    reasons = issue.opportunities["closing_reason"].where(issue.opportunities["state"] != "closed", "no_supply")
    unmet = replace(issue, opportunities=issue.opportunities.assign(closing_reason=reasons), last_calls=(CLOSED,))
    [line] = last_calls(unmet.desk, Language("de"))
    assert line.endswith("kein freies Angebot mehr; Bedarf nicht gedeckt")


def test_an_answer_stands_first() -> None:
    [line] = last_calls(replace(answered(), last_calls=(CALLED,)).desk, Language("de"))
    assert ": Antwort: übernommen; " in line


def test_an_issue_keeps_its_calls_for_the_next() -> None:
    assert calls_in(issue_files(sample_issue())[FACTS]) == ("K-2020-16-02", CALLED)
    assert calls_in(b"{}") == calls_in(None) == ()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_tells_them_in_its_language(language: str) -> None:
    issue = replace(sample_issue(), last_calls=(CALLED,))
    heading = {
        "de": "Anrufe der letzten Ausgabe",
        "fr": "Appels du numéro précédent",
        "en": "Calls of the previous issue",
    }
    assert heading[language] in render(issue, language)
    assert heading[language] not in render(sample_issue(), language)
