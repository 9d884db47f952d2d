"""Verdicts on matches move the weights within bounds; what cannot be read is named line by line."""

from datetime import date

import pandas as pd
import pytest

from matching.needs.feedback import LARGEST_CHANGE, FeedbackError, read_feedback, weights_after
from matching.needs.pairs import WEIGHTS


def test_feedback_moves_weights_within_bounds_and_silence_moves_nothing() -> None:
    assert weights_after(None) == WEIGHTS
    assert weights_after(pd.DataFrame(columns=["verdict", "reason"])) == WEIGHTS
    verdicts = pd.DataFrame({"verdict": ["declined"] * 10_000, "reason": ["quantity"] * 10_000})
    moved = weights_after(verdicts)
    assert sum(moved.values()) == pytest.approx(1)
    grown = (moved["quantity"] / moved["distance"]) / (WEIGHTS["quantity"] / WEIGHTS["distance"])
    assert 1.4 < grown <= 1 + LARGEST_CHANGE
    accepted = pd.DataFrame({"verdict": ["accepted"] * 5, "reason": [None] * 5})
    assert weights_after(accepted) == pytest.approx(WEIGHTS)


def test_a_week_knows_the_verdicts_up_to_its_end() -> None:
    table = pd.DataFrame(
        {"verdict": ["declined", "declined", "accepted"], "reason": ["distance", "time", ""]}
        | {"judged_on": ["2020-04-20", "2020-04-28", None]}
    )
    assert read_feedback(table, date(2020, 4, 26))["reason"].tolist() == ["distance", ""]
    assert len(read_feedback(table)) == 3


def test_every_line_that_cannot_be_read_is_named() -> None:
    rows = [
        ("accepted", "distance", "r1", "o1", ""),
        ("declined", "too far", "r1", "o2", ""),
        ("maybe", "", "r1", "o3", ""),
        ("declined", "other", "r1", "o2", "26.04.2020"),
    ]
    with pytest.raises(FeedbackError) as refused:
        read_feedback(pd.DataFrame(rows, columns=["verdict", "reason", "request_id", "offer_id", "judged_on"]))
    reasons = "relevance, quantity, distance, freshness, trust, time, language, other"
    assert str(refused.value).split("; ") == [
        "line 2: an accepted pair has no reason, found 'distance'",
        f"line 3: reason 'too far' of a declined pair is none of {reasons}",
        "line 4: verdict 'maybe' is none of accepted, declined",
        "line 5: judged_on '26.04.2020' is no day like 2020-04-26",
        "line 5: the pair r1, o2 was judged on line 3",
    ]


def test_a_missing_column_is_named() -> None:
    with pytest.raises(FeedbackError, match="missing column reason; found verdict"):
        read_feedback(pd.DataFrame({"verdict": ["accepted"]}))
