"""How needs developed over all stored weeks: counted from the stored tables, drawn from three weeks on."""

import re
from dataclasses import replace
from typing import Any

import pandas as pd
import pytest

from matching.schema import Shortage
from reports.lagebild import Issue, render
from reports.lagebild.courses import course_tables, courses, pictures, stored_weeks, told
from reports.lagebild.page import render_group, render_proofs
from reports.lagebild.remit import Remit
from reports.lagebild.shortages import by_product
from reports.language import LANGUAGES, Language
from tests.reports.builders import FIGURES, sample_issue


def shortage(week: str, concept: str, covered: int, partly: int, unmet: int, country: str | None) -> dict[str, Any]:
    row = dict.fromkeys(Shortage.to_schema().columns) | {"concept_id": concept, "country": country, "week": week}
    counts = {"requests": covered + partly + unmet, "covered": covered, "partly_covered": partly, "unmet": unmet}
    return row | counts | {"is_total": False, "offers": 1}


EARLIER = [
    shortage("2020-W15", "gown", 1, 2, 3, "DE"),
    shortage("2020-W15", "gown", 50, 50, 50, "US"),
    shortage("2020-W15", "gown", 51, 52, 53, None) | {"is_total": True},
    shortage("2020-W16", "gown", 2, 1, 0, "DE"),
    shortage("2020-W16", "gown", 0, 0, 1, None),
    shortage("2020-W16", "valve", 0, 0, 4, "FR"),
]


@pytest.fixture(scope="module")
def issue() -> Issue:
    return replace(sample_issue(), earlier_shortages=pd.DataFrame(EARLIER))


def test_weeks_are_counted_within_the_remit_and_each_place_once(issue: Issue) -> None:
    found = courses(issue.desk)
    counts = [(week.total(), week["covered"], week["partly_covered"], week["unmet"]) for week in found["gown"].weeks]
    assert counts == [(6, 1, 2, 3), (4, 2, 1, 1), (1, 0, 1, 0)]
    assert [week["unmet"] for week in found["valve"].weeks] == [0, 4, 1]
    assert [week.total() for week in found[""].weeks] == [6, 8, 3]


def test_the_newest_week_is_that_of_the_table_of_gaps(issue: Issue) -> None:
    found = courses(issue.desk)
    assert {one.concept_id: one.states for one in by_product(issue.desk)} == {
        name: course.weeks[-1] for name, course in found.items() if name
    }


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_number_of_a_picture_stands_in_the_table_behind_it(issue: Issue, code: str) -> None:
    made = course_tables(issue.desk, Language(code))
    tables = {re.findall(r"<caption[^>]*>(.*?)</caption>", one)[0]: one for one in made}
    shown = dict(pictures(issue.desk, Language(code)))
    assert set(shown) <= set(tables)
    for name, picture in shown.items():
        told = re.findall(r"<desc[^>]*>(.*?)</desc>", picture)[0]
        found = re.findall(r"<tr.*?</tr>", tables[name], re.DOTALL)[1:]
        rows = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row) for row in found]
        assert [part[-3:] for part in _numbers(told)] == [[row[1], row[2], row[4]] for row in rows]
    assert f'href="proofs.{code}.html#nachweis-verlauf"' in render(issue, code)
    assert 'id="nachweis-verlauf"' in render_proofs(issue, code)


def _numbers(text: str) -> list[list[str]]:
    return [re.findall(r"\d+", part) for part in text.split(";")]


@pytest.mark.parametrize(("weeks", "is_drawn", "is_told"), [(1, False, False), (2, False, True), (3, True, False)])
def test_less_than_three_weeks_are_told_not_drawn(weeks: int, is_drawn: bool, is_told: bool) -> None:
    issue = sample_issue(figures=FIGURES[-weeks:], previous=sample_issue().previous if weeks > 1 else None)
    assert len(stored_weeks(issue.desk)) == weeks
    page = render(issue)
    assert ('class="trend"' in page) == ('class="chart"' in page) == ('class="spark"' in page) == is_drawn
    assert bool(told(issue.desk, Language("de"))) == is_told
    assert ("Bisher: KW 16: Bedarfe 0, gedeckt 0, ohne Partner 0; KW 17: Bedarfe 3, " in page) == is_told
    assert ("<p>KW 16: Angebote 201, Gesuche 140; KW 17: Angebote 214, Gesuche 146.</p>" in page) == is_told


def test_a_group_shows_its_own_products_with_the_numbers_of_the_issue(issue: Issue) -> None:
    group = replace(issue, remit=Remit(editions=("textile",)))
    page = render_group(group, "textile")
    assert re.findall(r"<figcaption>(.*?)</figcaption>", page) == ["Schutzkittel"]
    whole = dict(pictures(issue.desk, Language("de")))
    assert whole["Schutzkittel"] in page
    assert any("Schutzkittel" in table for table in course_tables(group.desk, Language("de")))


def test_a_week_without_needs_draws_nothing() -> None:
    issue = sample_issue(is_empty=True)
    assert pictures(issue.desk, Language("de")) == []
    assert course_tables(issue.desk, Language("de")) == []
