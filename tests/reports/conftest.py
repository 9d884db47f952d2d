"""The small week of invented firms and the checker of pages, for every test of reports."""

from collections.abc import Callable
from typing import Any

import pytest

from reports.lagebild import Issue
from tests.reports.builders import OPPORTUNITIES, crowded_issue, hostile_issue, sample_issue
from tests.reports.page_findings import findings


@pytest.fixture(scope="session")
def issue_of() -> Callable[..., Issue]:
    """A function that makes the week's issue, with single frames given as rows replaced."""
    return sample_issue


@pytest.fixture(scope="session")
def findings_in() -> Callable[[str], list[str]]:
    """A function that lists what is wrong with a page."""
    return findings


@pytest.fixture(scope="session")
def with_state() -> Callable[[str], list[dict[str, Any]]]:
    """A function that gives the week's running opportunities one state."""
    running = [row for row in OPPORTUNITIES if row["state"] != "closed"]
    return lambda state: [row | {"state": state, "change": "[]"} for row in running]


@pytest.fixture(scope="session")
def hostile() -> Callable[[str], Issue]:
    """A function that puts a text into every free field of listings, organisations and source states."""
    return hostile_issue


@pytest.fixture(scope="session")
def crowded() -> Issue:
    """A week with 200 new opportunities."""
    return crowded_issue()
