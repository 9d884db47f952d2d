"""Muted opportunities: off the lists with a reason, counted, back after their last week; faults are named by line."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from matching.taxonomy.concepts import load_taxonomy
from reports.lagebild import Issue, as_calendar, as_csv, as_mail, render, render_cases
from reports.lagebild.muted import COLUMNS, Mute, UnreadableMutes, read_mutes
from reports.language import LANGUAGES
from sources.week import Week
from tests.reports.builders import OPPORTUNITIES, WEEK, sample_issue

HEAD = ",".join(COLUMNS)
FIRST = "K-2020-17-01"
CONCEPTS = load_taxonomy().concepts


def muted(*, number: str = "", organisation: str = "", concept: str = "", until: Week = WEEK) -> Issue:
    """The sample week with one mute that holds since the week before."""
    mute = Mute(number, organisation, concept, Week(2020, 16), until, "Klinik ist versorgt, anna@klinik.example")
    return replace(sample_issue(), mutes=(mute,))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_muted_item_is_off_the_lists_and_folded_with_its_reason(
    language: str, findings_in: Callable[[str], list[str]]
) -> None:
    page, cases = render(muted(number=FIRST), language), render_cases(muted(number=FIRST), language)
    assert findings_in(page) == findings_in(cases) == []
    assert FIRST not in page
    assert f'href="cases.{language}.html#erledigt">1 ' in page
    lists, _, over = cases.partition('id="erledigt"')
    assert FIRST not in lists
    muted_case = over.split(f'id="{FIRST}"')[1].split("</article>")[0]
    assert "Klinik ist versorgt" in muted_case
    assert "anna" not in cases


def test_other_forms_leave_it_out_too_but_the_file_keeps_it() -> None:
    issue = muted(number=FIRST)
    assert FIRST not in as_calendar(issue).decode()
    mail = as_mail(issue).decode()
    assert FIRST not in mail
    assert "1 Vorgang ist stummgeschaltet." in mail
    assert [line for line in as_csv(issue).splitlines() if FIRST in line and line.endswith(",2020-W17")]


@pytest.mark.parametrize(
    "what", [{"organisation": "o1"}, {"concept": "gown"}, {"organisation": "o1", "concept": "gown"}]
)
def test_an_organisation_or_a_concept_can_be_muted(what: dict[str, str]) -> None:
    assert list(muted(**what).desk.muted) == [FIRST]


@pytest.mark.parametrize(
    "what", [{"organisation": "o2"}, {"concept": "valv"}, {"organisation": "o5", "concept": "gown"}]
)
def test_everything_stated_must_fit(what: dict[str, str]) -> None:
    assert not muted(**what).desk.muted


def test_a_closed_one_stays_muted_too() -> None:
    issue = muted(number="K-2020-15-04")
    assert "K-2020-15-04" not in render(issue)
    assert "stummgeschaltet bis" in render_cases(issue).split('id="K-2020-15-04"')[1].split("</article>")[0]


def test_an_expired_mute_returns_even_if_nothing_changed() -> None:
    unchanged = [row | {"state": "unchanged", "change": "[]"} if row["rank"] == 2 else row for row in OPPORTUNITIES]
    mute = Mute("K-2020-16-02", "", "", Week(2020, 15), Week(2020, 16), "wartet")
    quiet = sample_issue(opportunities=unchanged)
    back = replace(quiet, mutes=(mute,))
    assert "#erledigt" not in render(back)
    card = render_cases(back).split('<article class="card" id="K-2020-16-02"')[1].split("</article>")[0]
    assert "Bis KW 16/2020 stummgeschaltet, jetzt wieder gezeigt." in card
    assert 'id="K-2020-16-02"' in render(back).split('class="calls"')[1].split("</ol>")[0]


def test_the_longest_of_several_mutes_is_told() -> None:
    mutes = [Mute(FIRST, "", "", WEEK, WEEK.shifted(more), f"Grund {more}") for more in (2, 5, 1)]
    assert replace(sample_issue(), mutes=mutes).desk.muted[FIRST].reason == "Grund 5"


def test_a_file_is_read() -> None:
    rows = ['K-2020-16-01,,,2020-W16,2020-W18,"versorgt, laut Klinik"', "", ",o1,ffp2_mask,2020-W01,2020-W53,x"]
    first, second = read_mutes("\r\n".join([HEAD, *rows]).encode("utf-8-sig"), CONCEPTS)
    assert first == Mute("K-2020-16-01", "", "", Week(2020, 16), Week(2020, 18), "versorgt, laut Klinik")
    assert second.holds_in(Week(2020, 53))
    assert not second.holds_in(Week(2021, 1))
    assert read_mutes(b"", CONCEPTS) == ()
    assert read_mutes(f"{HEAD}\n".encode(), CONCEPTS) == ()


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        (",,,2020-W16,2020-W17,x", "line 2: names no opportunity, organisation or concept"),
        ("K-16-01,,,2020-W16,2020-W17,x", "line 2: opportunity_id 'K-16-01' is no number such as K-2020-16-01"),
        (",,maske,2020-W16,2020-W17,x", "line 2: concept_id 'maske' is not in the taxonomy"),
        (",o1,,2020-W16,2020-W99,x", "line 2: '2020-W99' is not an ISO week such as 2020-W16"),
        (",o1,,2020-W16,2020-W15,x", "line 2: until_week 2020-W15 lies before from_week 2020-W16"),
        (",o1,,2020-W16,2020-W17,", "line 2: a reason of 1 to 200 characters is needed, it has 0"),
        (f",o1,,2020-W16,2020-W17,{'x' * 201}", "it has 201"),
        (",o1,,2020-W16,2020-W17", "line 2: 5 cells, needed are 6"),
        (",o1,,,2020-W17,x\n,,,2020-W16,2020-W17,x", "line 3: names no opportunity"),
    ],
)
def test_faults_are_named_with_their_line(row: str, fault: str) -> None:
    with pytest.raises(UnreadableMutes, match=fault):
        read_mutes(f"{HEAD}\n{row}\n".encode(), CONCEPTS)


def test_another_header_is_refused() -> None:
    with pytest.raises(UnreadableMutes, match=r"muted\.csv: line 1: the columns must be opportunity_id,"):
        read_mutes(b"number;reason\n", CONCEPTS)
    with pytest.raises(UnreadableMutes, match="line 1 is not UTF-8"):
        read_mutes("xä".encode("cp1252"), CONCEPTS)
