"""Random weeks: whatever comes, goes, changes and is answered, nothing is announced twice and none is lost."""

from datetime import UTC, datetime, time
from itertools import pairwise
from typing import Any

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.cases.entries import Entry, is_closed_for
from matching.cases.history import cases, closings
from matching.cases.states import NEEDS_REASON, REASONS, STATES
from matching.news.opportunities import report
from matching.schema import Consortium, ConsortiumRole, Opportunity, empty
from sources.listing import Listing
from sources.week import Week

FIRST = Week(2020, 13)
KEYS = ("a", "b", "c")
# What a week composes: consortium -> partner and deadline; and what is answered: place of a number, state, reason.
weeks = st.lists(
    st.tuples(
        st.dictionaries(st.sampled_from(KEYS), st.tuples(st.sampled_from("xy"), st.sampled_from((None, "2020-05-01")))),
        st.lists(st.tuples(st.integers(0, 2), st.sampled_from(STATES), st.sampled_from(REASONS)), max_size=3),
    ),
    min_size=2,
    max_size=6,
)


def composed(found: dict[str, tuple[str, str | None]]) -> tuple[Any, Any]:
    """Consortia and roles with the columns that the report reads."""
    consortia = pd.DataFrame(
        [
            {"consortium_id": key, "request_id": f"board:{key}", "concept_id": "gown", "deadline_on": deadline}
            | {"quantity": 10.0, "quantity_covered": 10.0, "urgency": "normal", "roles": 1, "roles_filled": 1}
            | {"is_cross_platform": False, "score": 0.5}
            for key, (_, deadline) in found.items()
        ],
        columns=list(empty(Consortium)),
    )
    roles = pd.DataFrame(
        [
            {"consortium_id": key, "position": 1, "role_id": "gown", "state": "filled", "organisation_id": partner}
            | {"listing_id": f"board:{partner}"}
            for key, (partner, _) in found.items()
        ],
        columns=list(empty(ConsortiumRole)),
    )
    return consortia, roles


class Play:
    """The weeks as they are run one after the other."""

    def __init__(self) -> None:
        self.past = empty(Opportunity).assign(week=pd.Series([], dtype="str"))
        self.entries: list[Entry] = []
        self.cases: Any = None

    def issue(self, week: Week, found: dict[str, tuple[str, str | None]]) -> pd.DataFrame:
        known = [entry for entry in self.entries if entry.said_at < week.ends_at]
        consortia, roles = composed(found)
        told = report(consortia, roles, self.past, empty(Listing), week=week, closings=closings(known))
        self.past = pd.concat([self.past, told.assign(week=str(week))], ignore_index=True)
        self.cases = cases(self.past, known, roles, empty(Listing), {}, self.cases)
        return told

    def answer(self, week: Week, said: list[tuple[int, str, str]]) -> None:
        """Answer the issue of a week, as the book would take it."""
        numbers = sorted(set(self.past["opportunity_id"]))
        at = datetime.combine(week.shifted(1).monday, time(9), UTC)
        for place, state, reason in said:
            if place < len(numbers):
                kept = reason if state in NEEDS_REASON else ""
                entry = Entry(numbers[place], state, kept, "lead", "mail", at)
                if not is_closed_for(entry, tuple(self.entries)):
                    self.entries.append(entry)


@settings(max_examples=60, deadline=None)
@given(weeks)
def test_nothing_is_announced_twice_and_none_is_lost(played: list[Any]) -> None:
    play = Play()
    composed_ever: set[str] = set()
    for place, (found, said) in enumerate(played):
        week = FIRST.shifted(place)
        told = play.issue(week, found)
        composed_ever |= set(found)
        running = set(told.loc[told["state"] != "closed", "consortium_id"])
        closed = set(play.cases.loc[play.cases["state"] == "closed", "consortium_id"])
        assert running <= set(found)
        assert set(found) <= running | closed  # what is composed is told, or was closed by somebody
        assert running.isdisjoint(closed)
        assert set(play.cases["consortium_id"]) == composed_ever
        play.answer(week, said)
    first = play.past[play.past["state"].isin(["baseline", "new"])]
    assert not first["consortium_id"].duplicated().any()
    assert not first["opportunity_id"].duplicated().any()
    for _, rows in play.past.sort_values("week").groupby("consortium_id"):
        states = rows["state"].tolist()
        assert states[0] in ("baseline", "new")
        after_closing = [later for state, later in pairwise(states) if state == "closed"]
        assert set(after_closing) <= {"reopened"}  # closed once, and open again only as such
        assert all(state == "closed" for state, later in pairwise(states) if later == "reopened")


@settings(max_examples=30, deadline=None)
@given(weeks)
def test_later_answers_leave_a_past_week_as_it_was(played: list[Any]) -> None:
    play = Play()
    for place, (found, said) in enumerate(played):
        play.issue(FIRST.shifted(place), found)
        play.answer(FIRST.shifted(place), said)
    again = Play()
    again.entries = play.entries
    for place, (found, _) in enumerate(played):
        again.issue(FIRST.shifted(place), found)
    pd.testing.assert_frame_equal(again.past, play.past)
    pd.testing.assert_frame_equal(again.cases, play.cases)
