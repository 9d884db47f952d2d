"""Why a call stands where it stands, and what is said of the pressing cases for which there is no room."""

import re
from dataclasses import replace
from typing import Any

import pytest

from reports.lagebild import Issue, render, render_cases
from reports.lagebild.calls import called, left_out
from reports.lagebild.reasons import MOST_NAMED, pressing_rest, reason
from reports.lagebild.words import title
from reports.language import LANGUAGES, Language
from tests.reports.builders import CONSORTIA, listing_rows, sample_issue

GERMAN = Language("de")


def reason_of(**changes: Any) -> str:
    """Of the masks, the sample week's case with all roles filled, with its consortium changed."""
    issue = sample_issue(consortia=[CONSORTIA[0], CONSORTIA[1] | changes])
    (row,) = [row for row in issue.desk.leading if row["opportunity_id"] == "K-2020-16-02"]
    return reason(issue.desk, row, GERMAN)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"deadline_on": None}, "800\u00a0Stück, "),
        ({"deadline_on": "2020-04-29"}, "800\u00a0Stück, "),  # as the other one does
        ({"deadline_on": "2020-05-04"}, "800\u00a0Stück, "),
        (
            {"urgency": "normal", "quantity_covered": 799.0},
            "800\u00a0Stück, rechnerisch gedeckt",
        ),
        ({"quantity_covered": 400.0}, "800\u00a0Stück, rechnerisch zu 50\u00a0% gedeckt"),
        ({"quantity": None, "quantity_covered": None}, "alle Rollen besetzt"),
    ],
)
def test_a_reason_says_each_factor_of_the_order(changes: dict[str, Any], told: str) -> None:
    assert reason_of(**{"deadline_on": None} | changes).startswith(told)


@pytest.mark.parametrize(
    ("rate", "deadline_on", "told", "there"),
    [
        (200.0, "2020-05-03", "bis zur Frist rechnerisch zu 25\u00a0% gedeckt", "200"),
        (400.0, "2020-05-03", "bis zur Frist rechnerisch zu 50\u00a0% gedeckt", "400"),
        (1000.0, "2020-05-03", "rechnerisch gedeckt", None),  # it may give the case its first week
        (200.0, "2020-05-24", "rechnerisch gedeckt", None),
        (None, "2020-05-03", "rechnerisch gedeckt", None),  # a stock
    ],
)
def test_what_partners_come_to_by_the_deadline_is_said(
    rate: float | None, deadline_on: str, told: str, there: str | None
) -> None:
    stated = {"quantity": rate or 800.0, "unit": "piece", "period": "week" if rate else None}
    rows = [row | (stated if row["listing_id"] == "drehscheibe:a3" else {}) for row in listing_rows()]
    changed = CONSORTIA[1] | {"deadline_on": deadline_on, "quantity_covered": 800.0, "is_multi_role": False}
    issue = sample_issue(listings=rows, consortia=[CONSORTIA[0], changed])
    (row,) = [row for row in issue.desk.leading if row["opportunity_id"] == "K-2020-16-02"]
    assert reason(issue.desk, row, GERMAN).split(", ")[-1] == told
    page = str(render_cases(issue))
    assert (", bis zur Frist " in page) == told.startswith("bis")
    assert re.findall(r"D’ici à l’échéance du [^,]+, cela ferait (\d+)", page) == ([there] if there else [])


def test_a_missing_role_is_said_instead_of_the_share() -> None:
    issue = sample_issue()
    assert reason(issue.desk, called(issue.desk)[1], GERMAN) == (
        "endet vor der nächsten Ausgabe, 5.000\u00a0Stück, 1 Rolle fehlt, kommt rechnerisch zu spät"
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_all_calls_share_is_no_reason(crowded: Issue, language: str) -> None:
    """All five said "all roles filled", and none why it stands where it stands."""
    reader = Language(language)
    first, second = called(crowded.desk)[:2]
    assert reason(crowded.desk, first, reader) == reader.gettext("gleichauf mit den anderen")
    better = crowded.consortia["score"].where(crowded.consortia["consortium_id"] != second["consortium_id"], 0.95)
    desk = replace(crowded, consortia=crowded.consortia.assign(score=better)).desk
    assert called(desk)[0]["opportunity_id"] == second["opportunity_id"]
    assert reader.score(0.95) in reason(desk, called(desk)[0], reader)
    assert reader.score(0.91) in reason(desk, called(desk)[1], reader)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_call_of_page_1_has_its_reason(crowded: Issue, language: str) -> None:
    page = render(crowded, language)
    reader = Language(language)
    for row in called(crowded.desk):
        assert reason(crowded.desk, row, reader) in page


def test_what_has_no_room_is_named_by_product_who_asks_day_and_number(crowded: Issue) -> None:
    rest = left_out(crowded.desk)
    told = pressing_rest(crowded.desk, rest, GERMAN)
    assert len(rest) > MOST_NAMED
    for row in rest[:MOST_NAMED]:
        assert f"{title(crowded.desk, row, GERMAN)}, bis " in told
        assert f"({row['opportunity_id']})" in told
    assert f"{len(rest) - MOST_NAMED} weitere" in told
    assert rest[MOST_NAMED]["opportunity_id"] not in told
