"""What is held back is counted and named with platform, id and reason, and nobody's address comes with it."""

import pytest

from reports.lagebild import render
from reports.language import LANGUAGES
from tests.reports.builders import sample_issue


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_listing_is_named_with_its_reason(language: str) -> None:
    page = render(sample_issue(), language)
    assert 'id="zurueckgehalten"' in page
    for known in ("boerse:w1", "drehscheibe:w2", "DE-BW", "Hamburg: HH", "Niemand weiß davon"):
        assert known in page
    assert "anna@firma.example" not in page


def test_the_facts_stand_beside_it() -> None:
    page = render(sample_issue())
    assert "2 Inserate sind zurückgehalten" in page, "one of them for two reasons"
    assert "10.000.000\u00a0Stück, üblich sind dort 100\u00a0Stück, Grenze 45.200\u00a0Stück" in page
    assert "Menge weit über dem Üblichen: 1" in page


def test_nothing_held_back_is_not_mentioned() -> None:
    assert 'id="zurueckgehalten"' not in render(sample_issue(is_empty=True))
