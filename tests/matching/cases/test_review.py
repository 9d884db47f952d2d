"""The blind sample is a draw that repeats itself, and its interval is Wilson's."""

import pandas as pd
import pytest

from matching.cases.review import precision, sample, wilson
from sources.week import Week

WEEK = Week(2020, 18)


def matches(count: int) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "request_id": [f"r:{number}" for number in range(count)],
            "offer_id": [f"o:{number}" for number in range(count)],
            "blocked_by": [None if number % 2 else "norm" for number in range(count)],
            "score": [number / count for number in range(count)],
        }
    )


def test_the_draw_repeats_itself_whatever_the_order_and_differs_by_week() -> None:
    every = matches(200)
    drawn = sample(every, WEEK)
    assert len(set(drawn)) == 20
    assert sample(every.iloc[::-1], WEEK) == drawn
    assert sample(every, WEEK.shifted(1)) != drawn
    assert all(int(request.removeprefix("r:")) % 2 for request, _ in drawn)  # near-misses are no matches


def test_the_draw_knows_no_score() -> None:
    places = [
        int(request.removeprefix("r:"))
        for week in range(1, 41)
        for request, _ in sample(matches(200), Week(2020, week))
    ]
    assert 90 < sum(places) / len(places) < 110  # 800 draws of a mean of 100 with a deviation of 2


def test_fewer_matches_than_the_sample_are_all_drawn() -> None:
    assert len(sample(matches(10), WEEK)) == 5


@pytest.mark.parametrize(
    ("right", "judged", "interval"), [(10, 20, (0.2993, 0.7007)), (0, 10, (0.0, 0.2775)), (20, 20, (0.8389, 1.0))]
)
def test_the_interval_is_wilsons(right: int, judged: int, interval: tuple[float, float]) -> None:
    assert wilson(right, judged) == pytest.approx(interval, abs=1e-4)


def test_what_nobody_could_judge_counts_neither_way() -> None:
    assert precision(["fits", "unsure", "does_not_fit", "fits"]) == (2, 3)
    with pytest.raises(ValueError, match="at least one verdict"):
        wilson(0, 0)
