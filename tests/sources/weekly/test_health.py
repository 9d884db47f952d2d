"""What is watched at a platform, beyond what the sample weeks show."""

import pandas as pd
import pytest

from sources.platform import RowError
from sources.platforms import PLATFORMS
from sources.rows.read import quarantine_frame, refusal
from sources.weekly.health import quarantine, repeated

NAMES = [platform.name for platform in PLATFORMS[:3]]


def states(*contents: str, state: str = "fresh") -> pd.DataFrame:
    return pd.DataFrame({"platform": NAMES[: len(contents)], "state": state, "input_sha256": contents})


@pytest.mark.parametrize(
    ("now", "before", "passed"),
    [
        (states("a", "b", "c"), states("a", "b", "c"), False),
        (states("a", "b", "x"), states("a", "b", "c"), True),
        (states("a", "b", "c"), states("a", "b"), True),  # one that was not followed before
        (states("a", "b"), states("a", "b"), True),
        (states("a", "b", "c"), None, True),
        (states("a", "b", "c", state="stale"), states("a", "b", "c"), True),
    ],
)
def test_last_weeks_files_under_this_weeks_date_are_told(
    now: pd.DataFrame, before: pd.DataFrame | None, passed: bool
) -> None:
    first, *others = [repeated(platform, now, before).passed for platform in PLATFORMS[: len(now)]]
    assert first == passed
    assert all(others), "one platform tells it for all"


@pytest.mark.parametrize(("rule", "share"), [("duplicate", 0.0), ("superseded", 0.5), ("date", 0.5)])
def test_of_a_row_that_came_twice_nothing_is_lacking(rule: str, share: float) -> None:
    rows = [refusal("board", f"line {n}", None, RowError("x", rule, "refused"), None) for n in range(5)]
    finding = quarantine(PLATFORMS[0], pd.Series({"rows_read": 10}), quarantine_frame(rows))
    assert (finding.facts["share"], finding.passed) == (share, share == 0)
