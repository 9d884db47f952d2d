"""The figures of use: counted again from entries and cases, each leading to its list, silent before any answer."""

import re
from dataclasses import replace
from statistics import median

import pandas as pd
import pytest

from matching.schema import Case, CaseEntry, empty
from reports.lagebild import Issue, render
from reports.lagebild.outcomes import outcomes
from reports.lagebild.page import render_proofs
from reports.language import LANGUAGES
from tests.reports.builders import sample_issue
from tests.reports.lagebild.test_figures import cells
from tests.reports.lagebild.test_proofs import entries_of, list_behind

# number, its need, closing reason
CASES = [
    ("K-2020-15-01", "n1", None), ("K-2020-15-02", "n2", "delivered"), ("K-2020-15-03", "n2", None),
    ("K-2020-15-04", "n3", "merged"), ("K-2020-15-05", "n4", "no_need"), ("K-2020-16-02", "n5", None),
    ("K-2020-17-01", "n6", None),
]  # fmt: skip
# number, state, day; issues of week 15 are of Monday 20, those of week 16 of Monday 20 April
SAID = [
    ("K-2020-15-01", "query", "2020-04-13"), ("K-2020-15-01", "reached", "2020-04-15"),
    ("K-2020-15-02", "agreed", "2020-04-17"), ("K-2020-15-02", "delivered", "2020-04-21"),
    ("K-2020-15-05", "in_talks", "2020-04-18"), ("K-2020-15-05", "closed", "2020-04-20"),
    ("K-2020-16-02", "in_talks", "2020-04-19"), ("K-2020-16-02", "done", "2020-04-22"),
    ("K-2020-17-01", "reopened", "2020-04-22"),
]  # fmt: skip


def entries(said: list[tuple[str, str, str]]) -> pd.DataFrame:
    rows = [
        (number, state, "no_need" if state == "closed" else "", "lead", "mail", f"{day}T10:00:00Z", "")
        for number, state, day in said
    ]
    return pd.DataFrame(rows, columns=list(CaseEntry.to_schema().columns))


@pytest.fixture(scope="module")
def issue() -> Issue:
    blank = dict.fromkeys(Case.to_schema().columns) | {
        "state": "waiting",
        "waiting_since": "2020-W15",
        "is_disputed": False,
    }
    cases = pd.DataFrame(
        [blank | {"opportunity_id": number, "consortium_id": need, "reason": reason} for number, need, reason in CASES]
    )
    told = [
        {"opportunity_id": number, "first_reported_in": f"2020-W{number[7:9]}", "state": "new", "week": "2020-W16"}
        for number, _, _ in CASES
    ]
    return replace(sample_issue(), cases=cases, entries=entries(SAID), reported=pd.DataFrame(told))


def test_a_call_led_to_something_unless_it_ended_without_success(issue: Issue) -> None:
    found = outcomes(issue.desk)
    assert list(found.answered) == ["K-2020-15-01", "K-2020-15-02", "K-2020-15-05", "K-2020-16-02"]
    assert list(found.successful) == ["K-2020-15-02", "K-2020-16-02"]


def test_days_to_first_contact_count_from_the_monday_of_the_issue(issue: Issue) -> None:
    found = outcomes(issue.desk)
    assert found.days == {"K-2020-15-01": 2, "K-2020-15-02": 4, "K-2020-15-05": 5, "K-2020-16-02": 0}
    assert found.median_days == median([2, 4, 5, 0]) == 3


def test_a_need_counts_once_and_merged_cases_not_at_all(issue: Issue) -> None:
    found = outcomes(issue.desk)
    assert found.needs == len({"n1", "n2", "n4", "n5", "n6"})
    assert list(found.served) == ["K-2020-15-02"]


@pytest.mark.parametrize("code", LANGUAGES)
def test_each_figure_leads_to_as_many_as_it_says(issue: Issue, code: str) -> None:
    page, lists = render(issue, code), render_proofs(issue, code)
    table = page.split('id="ergebnis-tabelle"')[1].split("</table>")[0]
    links = re.findall(r'href="proofs.\w\w.html#([\w-]+)">(\d+)', table)
    assert links == [
        ("liste-ergebnis", "2"), ("liste-beantwortet", "4"), ("liste-kontakt", "4"), ("liste-versorgt", "1"),
    ]  # fmt: skip
    for target, number in links:
        assert len(entries_of(list_behind(lists, target))) == int(number)


def test_the_table_says_shares_and_days_in_words(issue: Issue) -> None:
    assert [value for _, value, _ in cells(render(issue), "ergebnis-tabelle")] == [
        "2 von 4 beantworteten Vorgängen", "3 Tage (4 Vorgänge)", "1 von 5 Bedarfen (20\u00a0%)",
    ]  # fmt: skip


def test_without_an_answer_a_sentence_says_so_and_no_figure(issue: Issue) -> None:
    for none in (empty(CaseEntry), entries([("K-2020-15-01", "reopened", "2020-04-15")])):
        page = render(replace(issue, entries=none))
        assert "Bisher hat niemand auf eine Ausgabe geantwortet." in page
        assert 'id="ergebnis-tabelle"' not in page


def test_answers_without_a_contact_say_so(issue: Issue) -> None:
    page = render(replace(issue, entries=entries([("K-2020-15-01", "query", "2020-04-15")])))
    assert [value for _, value, _ in cells(page, "ergebnis-tabelle")] == [
        "0 von 1 beantwortetem Vorgang", "noch niemand erreicht", "0 von 5 Bedarfen (0\u00a0%)",
    ]  # fmt: skip
