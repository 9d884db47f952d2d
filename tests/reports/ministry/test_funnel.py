"""How far requests came is told only as far as no step, and no difference of steps, tells of a firm."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest

from reports.disclosure import TOTAL
from reports.language import LANGUAGES
from reports.ministry.counted import Frames
from reports.ministry.document import page_name
from reports.ministry.funnel import STEPS, funnel, reached
from reports.ministry.funnel_audit import funnel_findings, page_findings, told_steps
from reports.ministry.funnel_release import MonthSteps
from reports.ministry.month_counted import MonthEntry
from reports.ministry.month_document import month_files
from reports.ministry.periods import Month
from reports.ministry.statistics import RULES, Figures, Protected
from sources.week import Week
from tests.reports.documents import wide_month
from tests.reports.ministry.test_month import APRIL, TAXONOMY, frames

Came = Mapping[str, Mapping[str, str]]


def came(*groups: str) -> Came:
    """For each step the groups of those that came so far and no further, a letter a request."""
    listings = [f"{at}:{number}" for at, of_step in enumerate(groups) for number in range(len(of_step))]
    letters = "".join(groups)
    found = dict(zip(listings, letters, strict=True))
    return {step: {one: group for one, group in found.items() if int(one[0]) >= at} for at, step in enumerate(STEPS)}


def file_of(told: Mapping[str, int | None]) -> bytes:
    return month_files(replace(wide_month(), funnel=told))["statistics.csv"]


MANY = "abcdefgh"


def test_each_step_that_nobody_can_use_against_a_firm_is_told() -> None:
    own = came(MANY * 9, MANY * 5, MANY * 2, MANY)
    assert funnel(own, (), RULES) == {"requests": 136, "matched": 64, "told": 24, "answered": 8, "agreed": 0}


def test_a_difference_of_too_few_closes_a_step() -> None:
    """Two requests of one firm found no match: who knows the first two steps would know that."""
    own = came("aa", MANY * 5, MANY * 2)
    told = funnel(own, (), RULES)
    assert told["requests"] == 58
    assert told["matched"] is None
    assert told["told"] == 16


def test_a_last_step_of_one_firm_closes_it() -> None:
    own = came(MANY * 9, MANY * 5, MANY * 2, "", "a")
    told = funnel(own, (), RULES)
    assert (told["agreed"], told["answered"], told["told"]) == (None, None, 17)


def test_a_step_that_one_firm_moved_since_last_month_closes() -> None:
    before = came(MANY * 9, MANY * 5)
    own = {**came(MANY * 9, MANY * 5), "matched": {**before["matched"], "0:0": "a"}}
    told = {step: len(found) for step, found in before.items()}
    assert funnel(own, [(before, frozenset(told))], RULES)["matched"] is None
    assert funnel(own, (), RULES)["matched"] == 41


def test_what_another_month_of_the_quarter_withheld_stays_withheld() -> None:
    own = came(MANY * 9, MANY * 5)
    assert funnel(own, [(own, frozenset({"requests", "told"}))], RULES)["matched"] is None


@pytest.mark.parametrize("seed", range(40))
def test_drawn_funnels_withstand_the_audit(seed: int) -> None:
    chance = np.random.default_rng(seed)
    sizes = [40, 12, 6, 4, 2]
    groups = ["".join(chance.choice(list("abcdefghij"), chance.integers(size + 1))) for size in sizes]
    own = came(*groups)
    told = {**funnel(own, (), RULES), "requests": len(own["requests"])}
    assert attacked(told, own) == []


def attacked(told: Mapping[str, int | None], own: Came) -> list[str]:
    """As the audit finds it in a file; the first step stands there as a number of listings."""
    head = "period,region,kind,measure,unit,value,sign,status,product"
    rows = [f"2020-04,TOTAL,request,listings,listing,{told['requests']},,p,TOTAL"]
    rows += [
        f"2020-04,TOTAL,request,reached_{step},listing,{'' if value is None else value},,p,TOTAL"
        for step, value in told.items()
        if step != "requests"
    ]
    return funnel_findings("\r\n".join([head, *rows]).encode(), own)


@pytest.mark.parametrize(
    ("own", "found"),
    [
        (came("aa", MANY * 5), "up to requests: 2 requests of 1 group(s) can be told"),
        (came(MANY * 9, MANY * 5, "a"), "up to told: 1 requests of 1 group(s) can be told"),
    ],
    ids=["difference", "last step"],
)
def test_steps_told_without_protection_are_found(own: Came, found: str) -> None:
    assert found in attacked({step: len(listings) for step, listings in own.items()}, own)


def test_two_contributors_who_know_the_rest_are_found() -> None:
    own = came("ab" * 3, "c", MANY * 5)
    told = {"requests": 47, "matched": None, "told": 40, "answered": 0, "agreed": 0}
    assert attacked(told, own) == [
        "up to matched: 6 requests of 2 group(s) can be told", "up to matched: 1 requests can be told by two others"
    ]  # fmt: skip


def test_a_wrong_number_and_a_change_of_one_firm_are_found() -> None:
    before = came(MANY * 9, MANY * 5)
    own = {**before, "matched": {**before["matched"], "0:0": "a"}}
    told = {step: len(listings) for step, listings in own.items()}
    file = file_of(told)
    assert told_steps(file)["matched"] == 41
    findings = funnel_findings(file, own, [(before, frozenset(STEPS))])
    assert "matched: its change is the doing of too few" in findings
    assert "matched: published 41, counted 40" in funnel_findings(file, before)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_tells_what_the_file_tells(language: str, findings_in: Callable[[str], list[str]]) -> None:
    month = wide_month()
    told = funnel(came(MANY * 200, MANY * 5, MANY * 2, "", "a"), (), RULES)
    files = month_files(replace(month, funnel={**told, "requests": month.protected.total("request").listings}))
    page, file = files[page_name(language)], files["statistics.csv"]
    assert findings_in(page.decode()) == []
    assert told_steps(file)["answered"] is None
    assert page_findings(page, file) == []
    steps = page.decode().split('id="schritte"')[1].split("</dl>")[0]
    assert '<span class="sign">.</span><span class="hidden word"> ' in steps
    assert len(page_findings(page.replace(steps.encode(), steps.replace(">.<", ">2<").encode()), file)) == 1


def week_frames() -> tuple[Week, Frames]:
    week = Week(2020, 15)
    found = frames(3, week)
    requests = found.listings.loc[found.listings["kind"] == "request", "listing_id"].tolist()
    return week, replace(
        found,
        matches=pd.DataFrame({"request_id": requests[:30], "blocked_by": [None] * 20 + ["distance"] * 10}),
        cases=pd.DataFrame(
            {"request_id": [*requests[:4], requests[25]], "answer": ["agreed", "taken_over", None, None, None]}
        ),
    )


def test_steps_are_read_from_the_tables_of_any_week_and_contained_in_each_other() -> None:
    week, found = week_frames()
    entries = [
        MonthEntry(listing, "x", "DE11", kind, f"o{listing}", f"o{listing}", 0, "")
        for listing, kind in zip(found.listings["listing_id"], found.listings["kind"], strict=True)
    ]
    own = reached({week: found}, entries)
    assert [len(own[step]) for step in STEPS[1:]] == [21, 5, 2, 1]  # a case without a match has come as far
    assert len(own["requests"]) == sum(one.kind == "request" for one in entries)
    for step, after in pairwise(STEPS):
        assert own[after].keys() <= own[step].keys()


def test_a_month_tells_steps_only_where_somebody_looked_for_matches_and_binds_the_next() -> None:
    week, found = week_frames()
    tables = {week: found, Week(2020, 19): found}  # the same requests in May
    assert MonthSteps.of(APRIL, {week: replace(found, matches=pd.DataFrame())}, {}, TAXONOMY).told(RULES) == {}
    april = MonthSteps.of(APRIL, tables, {}, TAXONOMY)
    told = april.told(RULES)
    assert told["matched"] == 21
    month = wide_month()
    cells = {**month.protected.cells, (TOTAL, TOTAL, "request"): Figures(told["requests"], None)}
    files = month_files(replace(month, protected=Protected(month.protected.axes, cells), funnel=told))
    assert april.findings(files) == []
    assert april.findings({**files, "statistics.html": b""}) != []
    may = MonthSteps.of(Month(2020, 5), tables, {"2020-04": files["statistics.csv"]}, TAXONOMY)
    assert [steps for _, steps in may.earlier] == [{step for step, value in told.items() if value is not None}]
    assert may.told(RULES)["matched"] == 21  # nobody moved
