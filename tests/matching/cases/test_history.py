"""Closed, open again, disputed: cases over weeks, through the report that tells them."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pandas as pd

from matching.cases.entries import Entry
from matching.cases.history import cases, closings, disputes, settled_requests
from matching.news.opportunities import report
from matching.schema import Case, Opportunity, empty
from sources.week import Week

WEEK = Week(2020, 16)


class Desk:
    """What is stored of the weeks, and what was answered."""

    def __init__(self) -> None:
        self.past = empty(Opportunity).assign(week=pd.Series([], dtype="str"))
        self.entries: list[Entry] = []
        self.cases: Any = None

    def issue(self, world: Any, week: Week) -> dict[str, tuple[str, str | None]]:
        """State and closing reason of each opportunity that the week's issue tells."""
        known = [entry for entry in self.entries if entry.said_at < week.ends_at]
        consortia, roles, _ = world.compose()
        told = report(consortia, roles, self.past, world.frame(), week=week, closings=closings(known))
        self.past = pd.concat([self.past, told.assign(week=str(week))], ignore_index=True)
        self.cases = cases(self.past, known, roles, world.frame(), world.owners, self.cases)
        reasons = told["closing_reason"].astype("object").where(told["closing_reason"].notna(), None)
        return dict(zip(told["opportunity_id"], zip(told["state"], reasons, strict=True), strict=True))

    def say(self, number: str, state: str, week: Week, reason: str = "", **more: Any) -> None:
        day = datetime(week.monday.year, week.monday.month, week.monday.day, 9, tzinfo=UTC)
        said = day + timedelta(days=more.pop("days", 0))
        self.entries.append(Entry(number, state, reason, more.get("role", "lead"), more.get("way", "mail"), said))

    def case(self, number: str) -> dict[str, Any]:
        [row] = self.cases[self.cases["opportunity_id"] == number].to_dict("records")
        return row


def shields(world: Any) -> Desk:
    world.say("offer", "Firma", "face_shield", 1000)
    world.say("request", "Klinik", "face_shield", 10)
    return Desk()


def test_a_declined_case_closes_with_its_cause_once_and_stays_away(world: Any) -> None:
    desk = shields(world)
    desk.issue(world, WEEK)
    assert desk.case("K-2020-16-01")["state"] == "waiting"
    desk.say("K-2020-16-01", "declined", WEEK.shifted(1), "no_need")
    assert desk.issue(world, WEEK.shifted(1)) == {"K-2020-16-01": ("closed", "no_need")}
    assert desk.issue(world, WEEK.shifted(2)) == {}
    case = desk.case("K-2020-16-01")
    assert (case["state"], case["reason"], case["answer"]) == ("closed", "no_need", "declined")
    assert case["organisation_id"] == "Klinik"
    assert [offer["organisation_id"] for offer in json.loads(case["offers"])] == ["Firma"]


def test_what_reopens_a_case_depends_on_why_it_was_closed(world: Any) -> None:
    found = {}
    for reason in ("no_need", "no_supply"):
        other = type(world)()
        desk = shields(other)
        desk.issue(other, WEEK)
        desk.say("K-2020-16-01", "closed", WEEK.shifted(1), reason)
        desk.issue(other, WEEK.shifted(1))
        other.listings[0]["status"] = "withdrawn"
        other.say("offer", "Anderer", "face_shield", 1000)
        with_another_partner = desk.issue(other, WEEK.shifted(2))
        other.listings[1]["available_until"] = pd.Timestamp("2020-05-31", tz="UTC")
        found[reason] = (with_another_partner, desk.issue(other, WEEK.shifted(3)))
    opened = {"K-2020-16-01": ("reopened", None)}
    assert found["no_need"] == ({}, opened)
    assert found["no_supply"] == (opened, {"K-2020-16-01": ("changed", None)})


def test_a_change_in_the_week_of_the_answer_overtakes_it(world: Any) -> None:
    desk = shields(world)
    desk.issue(world, WEEK)
    desk.say("K-2020-16-01", "done", WEEK.shifted(1))
    world.listings[1]["available_until"] = pd.Timestamp("2020-05-31", tz="UTC")
    assert desk.issue(world, WEEK.shifted(1)) == {"K-2020-16-01": ("changed", None)}
    assert desk.case("K-2020-16-01")["state"] == "waiting"
    assert desk.issue(world, WEEK.shifted(2)) == {"K-2020-16-01": ("unchanged", None)}
    desk.say("K-2020-16-01", "done", WEEK.shifted(3))
    assert desk.issue(world, WEEK.shifted(3)) == {"K-2020-16-01": ("closed", "done")}


def test_the_later_entry_wins_and_the_dispute_is_told(world: Any) -> None:
    desk = shields(world)
    desk.issue(world, WEEK)
    desk.say("K-2020-16-01", "declined", WEEK.shifted(1), "no_need")
    desk.say("K-2020-16-01", "taken_over", WEEK.shifted(1), days=1, way="command", role="data_staff")
    assert desk.issue(world, WEEK.shifted(1)) == {"K-2020-16-01": ("unchanged", None)}
    case = desk.case("K-2020-16-01")
    assert (case["state"], case["answer"], case["way"]) == ("answered", "taken_over", "command")
    assert case["is_disputed"]
    assert disputes(desk.entries) == [tuple(desk.entries)]


def test_one_voice_that_changes_its_mind_is_no_dispute(world: Any) -> None:
    desk = shields(world)
    desk.issue(world, WEEK)
    desk.say("K-2020-16-01", "query", WEEK.shifted(1))
    desk.say("K-2020-16-01", "taken_over", WEEK.shifted(1), days=1)
    assert disputes(desk.entries) == []


def test_data_staff_take_a_closing_back(world: Any) -> None:
    desk = shields(world)
    desk.issue(world, WEEK)
    desk.say("K-2020-16-01", "closed", WEEK.shifted(1), "test")
    desk.issue(world, WEEK.shifted(1))
    desk.say("K-2020-16-01", "reopened", WEEK.shifted(2), role="data_staff", way="command")
    assert desk.issue(world, WEEK.shifted(2)) == {"K-2020-16-01": ("reopened", None)}
    case = desk.case("K-2020-16-01")
    assert (case["state"], case["waiting_since"]) == ("waiting", str(WEEK.shifted(2)))


def test_a_closed_case_stays_that_of_who_asked_when_its_id_goes_to_another(world: Any) -> None:
    desk = shields(world)
    desk.issue(world, WEEK)
    desk.say("K-2020-16-01", "declined", WEEK.shifted(1), "no_need")
    desk.issue(world, WEEK.shifted(1))
    before = desk.case("K-2020-16-01")
    request = world.listings[1]
    request["fingerprint"] = "another listing"
    world.owners[request["listing_id"]] = "Pflegeheim"
    for later in (2, 3):
        desk.issue(world, WEEK.shifted(later))
        assert desk.case("K-2020-16-01")["organisation_id"] == before["organisation_id"] == "Klinik"
        assert desk.case("K-2020-16-01")["request_fingerprint"] == before["request_fingerprint"]


def test_without_a_week_there_is_no_case(world: Any) -> None:
    world.say("offer", "Firma", "face_shield", 1000)
    roles = world.compose().roles
    assert len(cases(pd.DataFrame(columns=["week", "opportunity_id"]), [], roles, world.frame(), {})) == 0
    assert set(empty(Case)) == set(Case.to_schema().columns)


def test_no_offer_is_kept_for_a_request_that_nobody_needs_any_more(world: Any) -> None:
    desk = shields(world)
    desk.issue(world, WEEK)
    request, week = world.listings[1]["listing_id"], WEEK.shifted(1)
    assert settled_requests(desk.entries, desk.cases, world.frame(), week) == frozenset()
    desk.say("K-2020-16-01", "closed", week, "no_supply")
    assert settled_requests(desk.entries, desk.cases, world.frame(), week) == frozenset()  # another offer would do
    desk.say("K-2020-16-01", "closed", week, "prefers_other", days=1)
    assert settled_requests(desk.entries, desk.cases, world.frame(), week) == {request}
    desk.issue(world, week)
    assert settled_requests(desk.entries, desk.cases, world.frame(), week.shifted(1)) == {request}
    world.listings[1]["fingerprint"] = "says something else"
    assert settled_requests(desk.entries, desk.cases, world.frame(), week.shifted(1)) == frozenset()


def test_a_request_with_a_case_that_runs_keeps_its_offers(world: Any) -> None:
    """One request is one case at a time; one that is read as something else has a second beside the old one."""
    desk = shields(world)
    desk.issue(world, WEEK)
    for listing, named in zip(world.listings, world.concepts, strict=True):
        listing["title"] = named["concept_id"] = named["matched_text"] = "gown"
    later = WEEK.shifted(1)
    assert desk.issue(world, later) == {"K-2020-17-01": ("new", None), "K-2020-16-01": ("closed", "merged")}
    request, week = world.listings[1]["listing_id"], WEEK.shifted(2)
    desk.say("K-2020-17-01", "declined", week, "no_need")
    assert settled_requests(desk.entries, desk.cases, world.frame(), week) == frozenset()
    desk.say("K-2020-16-01", "declined", week, "no_need")
    assert settled_requests(desk.entries, desk.cases, world.frame(), week) == {request}
