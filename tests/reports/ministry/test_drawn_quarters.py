"""Releases of invented quarters, weeks and months one after the other, tell nothing together; unprotected they do."""

from dataclasses import replace

import pytest

from reports.disclosure import TOTAL
from reports.ministry.linked import month_findings, widened
from tests.reports.ministry.drawn_quarters import CONTROLS, released


@pytest.mark.parametrize("seed", range(3))
def test_weeks_and_two_months_of_a_quarter_tell_nothing_together_with_the_lagebild(seed: int) -> None:
    """`benchmarks/disclosure_linked.py` tries sixty quarters."""
    for name, done in released(seed).items():
        assert done.by_all == [], name  # in no attempt
        assert done.found == [], name


@pytest.mark.parametrize("name", CONTROLS)
def test_with_a_protection_switched_off_the_audit_refuses(name: str) -> None:
    found = [one for done in released(0, CONTROLS[name]).values() for one in done.found]
    assert any("exact" in one or "inside" in one or "too few" in one or "earlier" in one for one in found)


def test_a_month_beside_exact_regions_in_the_lagebild_of_its_week_is_refused() -> None:
    """And beside the classes that it tells it is not: see above."""
    quarter = released(0)
    month, week = quarter["M0"].read, widened(quarter["W0"].read, TOTAL)
    exact = {cell: (len(of), len(of)) for cell, of in week.behind.items() if TOTAL not in cell[1:]}
    found = month_findings(month, {"W0": replace(week, bounds=exact)}, {})
    assert any(one.startswith("W0 × TOTAL × ") and "exact" in one for one in found)
