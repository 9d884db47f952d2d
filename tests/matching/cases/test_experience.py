"""What outcomes teach: firms that did not answer twice sink, delivered pairs rise, pairs turned down stay away."""

import json
from datetime import UTC, datetime
from typing import Any

import pandas as pd
import pytest

from matching.cases.entries import Entry
from matching.cases.experience import Experience, Record, experience, outcome_table
from matching.needs.feedback import LARGEST_SHIFT, after_outcomes, weights_of_suppliers

AT = datetime(2020, 4, 27, 8, tzinfo=UTC)


def entry(number: int, state: str, reason: str = "") -> Entry:
    return Entry(f"K-2020-17-{number:02d}", state, reason, "lead", "mail", AT)


def cases(*partners: tuple[str, ...]) -> Any:
    """Cases 1, 2, … with their suppliers; each asked for by its own clinic."""
    return pd.DataFrame(
        [
            {
                "opportunity_id": f"K-2020-17-{number:02d}",
                "request_id": f"r:{number}",
                "request_fingerprint": f"f{number}",
                "organisation_id": f"clinic {number}",
                "offers": json.dumps(
                    [{"offer_id": f"o:{firm}", "fingerprint": f"f{firm}", "organisation_id": firm} for firm in firms]
                ),
            }
            for number, firms in enumerate(partners, start=1)
        ]
    )


def test_a_firm_counts_only_where_it_was_the_one_supplier() -> None:
    known = experience(
        [entry(number, "closed", "no_contact_provider") for number in (1, 2, 3)], cases(("A",), ("A", "B"), ("A",))
    )
    assert known.suppliers == {"A": Record(0, 2)}
    assert known.away == {("r:1", "o:A", "f1", "fA"), ("r:3", "o:A", "f3", "fA")}


def test_the_last_entry_of_a_case_is_what_counts() -> None:
    known = experience([entry(1, "closed", "no_contact_provider"), entry(1, "delivered")], cases(("A",)))
    assert known == Experience({"A": Record(1, 0)}, frozenset({("clinic 1", "A")}), frozenset())


def test_that_nobody_needs_it_any_more_says_nothing_of_the_pair() -> None:
    known = experience([entry(1, "declined", "no_need"), entry(2, "closed", "no_supply")], cases(("A",), ("B",)))
    assert known.suppliers == {}
    assert known.away == {("r:2", "o:B", "f2", "fB")}


def test_a_firms_weight_is_bounded_and_one_unanswered_call_is_forgiven() -> None:
    found = weights_of_suppliers(
        {"once": Record(0, 1), "twice": Record(0, 2), "good": Record(1, 0), "often": Record(999, 0)}
    )
    assert found["once"] == 1.0
    assert found["twice"] == pytest.approx(0.875)
    assert found["good"] == pytest.approx(1 + LARGEST_SHIFT / 3)
    assert 1.24 < found["often"] < 1 + LARGEST_SHIFT


def ranked(known: Experience, fingerprint: str = "fA") -> dict[str, tuple[int, float]]:
    """Rank and score of the offers of A, B and C to one request, which fit alike but for a hair."""
    matches = pd.DataFrame(
        {
            "request_id": "r:1",
            "offer_id": ["o:A", "o:B", "o:C"],
            "concept_id": "gown",
            "rank": [1, 2, 3],
            "score": [0.62, 0.61, 0.6],
            "blocked_by": pd.Series([None] * 3, dtype="object"),
            "distance_km": 10.0,
            "quantity_cover": 1.0,
            "is_cross_platform": True,
            "evidence": "[]",
        }
    )
    members = pd.DataFrame({"record_id": ["r:1", "o:A", "o:B", "o:C"], "organisation_id": ["clinic 1", "A", "B", "C"]})
    listings = pd.DataFrame({"listing_id": members["record_id"], "fingerprint": ["f1", fingerprint, "fB", "fC"]})
    found = after_outcomes(matches, known, members, listings)  # type: ignore[arg-type]
    return {row["offer_id"][2:]: (row["rank"], row["score"]) for row in found.to_dict("records")}


def test_who_did_not_answer_twice_sinks_and_the_pair_that_delivered_rises() -> None:
    nothing = Experience({}, frozenset(), frozenset())
    assert list(ranked(nothing)) == ["A", "B", "C"]
    known = Experience({"A": Record(0, 2), "C": Record(1, 0)}, frozenset({("clinic 1", "C")}), frozenset())
    found = ranked(known)
    assert [found[name][0] for name in "CBA"] == [1, 2, 3]
    assert found["C"][1] == pytest.approx(0.6 * (1 + LARGEST_SHIFT / 3) * 1.1)
    assert found["B"][1] == 0.61


def test_a_pair_that_was_turned_down_is_away_until_a_listing_says_something_else() -> None:
    known = Experience({}, frozenset(), frozenset({("r:1", "o:A", "f1", "fA")}))
    assert {name: rank for name, (rank, _) in ranked(known).items()} == {"B": 1, "C": 2}
    assert {name: rank for name, (rank, _) in ranked(known, "other").items()} == {"A": 1, "B": 2, "C": 3}


def test_outcomes_are_counted_by_the_last_word() -> None:
    found = outcome_table(
        [entry(1, "reached"), entry(1, "delivered"), entry(2, "closed", "test"), entry(3, "delivered")]
    )
    assert found.to_numpy().tolist() == [["delivered", "", 2], ["closed", "test", 1]]
