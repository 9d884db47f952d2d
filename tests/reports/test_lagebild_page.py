"""The Lagebild of a week of invented firms."""

from collections.abc import Callable

from reports.lagebild import Issue, as_csv, render


def test_a_week_is_rendered(issue_of: Callable[..., Issue]) -> None:
    page = render(issue_of())
    assert "Schutzkittel für Klinikum Beispielstadt" in page
    assert "anna@" not in page
    assert as_csv(issue_of()).count("\r\n") == 6
