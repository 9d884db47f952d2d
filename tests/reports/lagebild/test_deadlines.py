"""Deadlines of six weeks: picture, table, list and calendar tell the same cases."""

import re
from dataclasses import replace
from datetime import date, timedelta

import pytest

from reports.lagebild import Issue, render
from reports.lagebild.calendar import as_calendar
from reports.lagebild.page import render_proofs
from reports.lagebild.summary import WEEKS_AHEAD, upcoming
from reports.language import LANGUAGES
from tests.reports.builders import CONSORTIA, ROLES, opportunity, sample_issue
from tests.reports.lagebild.test_figures import cells
from tests.reports.lagebild.test_proofs import entries_of, list_behind

FIRST = date(2020, 4, 27)  # the Monday after the week
# Days from there, and how urgent the case is.
CASES = [
    (-1, "high"),
    (0, "normal"),
    (2, "critical"),
    (2, "normal"),
    (2, "high"),
    (20, "normal"),
    (41, "low"),
    (42, "high"),
]


def with_deadlines() -> Issue:
    numbers = range(1, len(CASES) + 1)
    return sample_issue(
        opportunities=[opportunity(f"K-2020-17-{n:02d}", f"c{n}", "new", "gown", n) for n in numbers],
        consortia=[
            CONSORTIA[0]
            | {"consortium_id": f"c{n}", "deadline_on": str(FIRST + timedelta(days=days)), "urgency": urgency}
            for n, (days, urgency) in zip(numbers, CASES, strict=True)
        ],
        roles=[(f"c{n}", *row[1:]) for n in numbers for row in ROLES if row[0] == "c1"],
    )


@pytest.fixture(scope="module")
def issue() -> Issue:
    return with_deadlines()


def test_six_weeks_begin_on_the_day_of_the_issue(issue: Issue) -> None:
    days = [(day - FIRST).days for day, _ in upcoming(issue.desk)]
    assert days == [0, 2, 2, 2, 20, 41]
    assert WEEKS_AHEAD * 7 == 42
    assert as_calendar(issue).count(b"BEGIN:VEVENT") == len(days)


@pytest.mark.parametrize("code", LANGUAGES)
def test_picture_table_and_list_add_up(issue: Issue, code: str) -> None:
    page, lists = render(issue, code), render_proofs(issue, code)
    picture = page.split('class="ahead"')[1].split("</svg>")[0]
    drawn = [int(count) for count in re.findall(r'font-size="13"[^>]*>(\d+)<', picture)]
    shown = [int(row[1]) for row in cells(page, "fristen-tabelle")]
    assert drawn == shown == [1, 3, 1, 1]
    told = re.findall(r"<desc[^>]*>(.*?)</desc>", picture)[0]
    assert [int(count) for count in re.findall(r":\s(\d+)", told)] == drawn
    targets = re.findall(r'href="proofs.\w\w.html#(liste-frist-[\d-]+)">(\d+)<', page)
    assert [len(entries_of(list_behind(lists, target))) for target, _ in targets] == drawn
    assert picture.count('stroke-width="3"') == 1


def test_very_urgent_cases_of_a_day_are_named_first(issue: Issue) -> None:
    row = page_row(render(issue), "Mi., 29. Apr.")
    assert row.index("K-2020-17-03") < row.index("K-2020-17-04")
    assert "1 weiterer" in row


def page_row(page: str, day: str) -> str:
    (row,) = [row for row in re.findall(r"<tr.*?</tr>", page, re.DOTALL) if day.replace(" ", "\u00a0") in row]
    return row


def test_without_a_deadline_a_sentence_says_so() -> None:
    issue = sample_issue(consortia=[row | {"deadline_on": None} for row in CONSORTIA])
    page = render(replace(issue))
    assert "In den nächsten sechs Wochen endet kein Gesuch" in page
    assert 'class="ahead"' not in page
