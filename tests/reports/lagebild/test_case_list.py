"""The list of all cases: complete without its script, bounded in size, and signed by its policy."""

import re
from base64 import b64encode
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from html import unescape
from typing import Any

import pandas as pd
import pytest

from reports.lagebild import Issue, case_list, pages
from reports.lagebild.case_list import LONGEST_TEXT, case_lines, earlier_lines
from reports.lagebild.issue import Desk
from reports.lagebild.muted import Mute
from reports.lagebild.page import render_list
from reports.lagebild.words import title
from reports.language import LANGUAGES, Language
from sources.week import Week
from tests.reports.builders import OPPORTUNITIES

MakeIssue = Callable[..., Issue]
MOST_BYTES = 800  # of a case in the page with names as long as they may be; half of it with those of the sample weeks


def test_every_case_stands_in_the_list_once(crowded: Issue) -> None:
    lines = case_lines(crowded.desk, Language("de"))
    assert sorted(line.opportunity_id for line in lines) == sorted(crowded.opportunities["opportunity_id"])


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_case_tells_what_page_1_tells(issue_of: MakeIssue, language: str) -> None:
    first, second, closed = case_lines(issue_of().desk, Language(language))
    assert (second.opportunity_id, second.buyer, second.amount_key, second.due_key, second.urgency_key) == (
        "K-2020-17-01", "Klinikum Beispielstadt", "5000", "2020-04-29", "1",
    )  # fmt: skip
    assert first.urgency_key < second.urgency_key  # sorted upwards, the most urgent comes first
    assert (closed.amount, closed.due, closed.urgency) == ("", "", "")


def test_a_case_whose_region_nobody_states_is_found_by_that(issue_of: MakeIssue) -> None:
    issue = issue_of()
    listings = issue.listings.assign(region=None)
    unknown = replace(issue, consortia=issue.consortia.assign(region=None), listings=listings)
    lines = case_lines(unknown.desk, Language("de"))
    assert "Deutschland, Region unbekannt" in {line.place for line in lines}
    (region,) = [one for one in case_list.choices(lines, Language("de")) if one.column == 2]
    assert "Deutschland, Region unbekannt" in region.values


def test_a_region_is_searched_by_its_names_in_other_languages_too(issue_of: MakeIssue) -> None:
    page = render_list(issue_of(), "de")
    assert '<option data-also="Bade-Wurtemberg">Baden-Württemberg, Deutschland</option>' in page
    assert '<th scope="col">Frist oder Ziel</th>' in page


def closed_in(week: str, number: str, **more: str) -> dict[str, Any]:
    return OPPORTUNITIES[2] | {"opportunity_id": number, "week": week, "content": '{"request":"boerse:g2"}', **more}


REPORTED = [
    closed_in("2020-W14", "K-2020-13-01", closing_reason="expired"),
    closed_in("2020-W14", "K-2020-13-02"),
    closed_in("2020-W15", "K-2020-13-02", state="reopened"),
    closed_in("2020-W16", "K-2020-13-02"),
    closed_in("2020-W15", "K-2020-14-01"),
    closed_in("2020-W16", "K-2020-14-01", state="unchanged"),
    closed_in("2020-W15", "K-2020-17-01"),
]


def asked_by(number: str, organisation_id: str) -> dict[str, Any]:
    return {"opportunity_id": number, "state": "closed", "organisation_id": organisation_id, "is_disputed": False}


def test_what_closed_before_stands_at_the_end_with_week_and_cause(issue_of: MakeIssue) -> None:
    """By the name of who asked then, even if the board gave the request's id to a listing of somebody else."""
    cases = pd.DataFrame([asked_by("K-2020-13-02", "o1"), asked_by("K-2020-13-01", "gone")])
    issue = replace(issue_of(), reported=pd.DataFrame(REPORTED), cases=cases)
    earlier = earlier_lines(issue.desk, Language("de"))
    assert earlier is not None
    assert [(line.opportunity_id, line.page, line.buyer, line.standing) for line in earlier.lines] == [
        ("K-2020-13-02", "../2020-W16/cases.de.html", "Klinikum Beispielstadt", "KW 16/2020: Gesuch erfüllt"),
        ("K-2020-13-01", "../2020-W14/cases.de.html", "Name nicht mehr bekannt", "KW 14/2020: Frist abgelaufen"),
    ]
    page = render_list(issue)
    assert "Früher geschlossen: KW 14/2020 bis KW 16/2020" in page
    assert "Am Ende: 2 früher geschlossene Vorgänge" in page
    assert ">5 Vorgänge</p>" in page
    assert page.count("<tr><th") == 5


def test_a_case_that_closes_while_its_id_goes_to_another_keeps_its_name(issue_of: MakeIssue) -> None:
    [closed] = [row["opportunity_id"] for row in issue_of().desk.opportunities if row["state"] == "closed"]
    desk = replace(issue_of(), cases=pd.DataFrame([asked_by(closed, "o1")])).desk
    [line] = [line for line in case_lines(desk, Language("de")) if line.opportunity_id == closed]
    assert line.buyer == "Klinikum Beispielstadt"
    [row] = [row for row in desk.opportunities if row["opportunity_id"] == closed]
    assert title(desk, row, Language("de")).endswith(" für Klinikum Beispielstadt")


def test_what_is_part_of_another_case_says_of_which(issue_of: MakeIssue) -> None:
    merged = closed_in("2020-W16", "K-2020-13-02", closing_reason="merged")
    earlier = earlier_lines(replace(issue_of(), reported=pd.DataFrame([merged])).desk, Language("de"))
    assert earlier is not None
    assert earlier.lines[0].standing == "KW 16/2020: in einem anderen Vorgang enthalten: K-2020-16-02"


def test_every_case_that_was_ever_told_stands_once_as_long_as_there_is_room(issue_of: MakeIssue) -> None:
    issue = replace(issue_of(), reported=pd.DataFrame([row for row in REPORTED if row["state"] == "closed"]))
    earlier = earlier_lines(issue.desk, Language("de"))
    assert earlier is not None
    shown = [line.opportunity_id for line in (*case_lines(issue.desk, Language("de")), *earlier.lines)]
    assert sorted(shown) == sorted({*issue.opportunities["opportunity_id"], *issue.reported["opportunity_id"]})


def test_room_is_kept_by_whole_weeks_the_newest_first(issue_of: MakeIssue, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [closed_in(f"2020-W{week}", f"K-2020-{week}-0{place}") for week in (13, 14, 15) for place in (1, 2)]
    issue = replace(issue_of(), reported=pd.DataFrame(rows))
    for most, first in ((6, 13), (5, 14), (4, 14), (1, 15)):
        monkeypatch.setattr(case_list, "MOST_EARLIER", most)
        earlier = earlier_lines(issue.desk, Language("de"))
        assert earlier is not None
        assert (earlier.first.number, earlier.last.number, len(earlier.lines)) == (first, 15, 2 * (16 - first))


def test_nothing_closed_before_is_not_spoken_of(issue_of: MakeIssue) -> None:
    assert earlier_lines(issue_of().desk, Language("de")) is None
    assert "frueher" not in render_list(issue_of())


def test_a_muted_case_says_so(issue_of: MakeIssue) -> None:
    mute = Mute("K-2020-17-01", "", "", Week(2020, 17), Week(2020, 18), "läuft")
    muted = Desk(replace(issue_of(), mutes=[mute]))
    states = {line.opportunity_id: line.state for line in case_lines(muted, Language("de"))}
    assert states == {"K-2020-17-01": "stummgeschaltet", "K-2020-16-02": "geändert", "K-2020-15-04": "geschlossen"}


def test_the_policy_signs_style_and_script_letter_for_letter(issue_of: MakeIssue) -> None:
    page = render_list(issue_of())
    policy = unescape(re.findall(r'http-equiv="Content-Security-Policy" content="([^"]*)"', page)[0])
    for tag in ("style", "script"):
        (content,) = re.findall(rf"(?s)<{tag}>(.*?)</{tag}>", page)
        assert f"{tag}-src 'sha256-{b64encode(sha256(content.encode()).digest()).decode()}'" in policy
    assert policy.startswith("default-src 'none';")
    assert "unsafe" not in policy


def test_no_other_page_runs_anything(issue_of: MakeIssue) -> None:
    made = pages(issue_of(), "de")
    assert [name for name, page in made.items() if "<script" in page] == ["list.de.html"]
    assert all("script-src" not in page for name, page in made.items() if name != "list.de.html")


def test_the_issue_and_all_cases_lead_to_the_list(issue_of: MakeIssue) -> None:
    made = pages(issue_of(), "fr")
    assert all('href="list.fr.html"' in made[name] for name in ("lagebild.fr.html", "cases.fr.html"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_size_of_a_case_is_bounded(crowded: Issue, language: str) -> None:
    few = replace(crowded, opportunities=crowded.opportunities.iloc[:100])
    long = {"name": "Ü" * 1000, "city": "Ü" * 1000, "region": "Ü" * 1000}
    sizes = [
        len(render_list(replace(issue, organisations=issue.organisations.assign(**long)), language).encode())
        for issue in (few, crowded)
    ]
    assert (sizes[1] - sizes[0]) / 100 <= MOST_BYTES
    assert all(len(line.buyer) <= LONGEST_TEXT for line in case_lines(few.desk, Language(language)))
