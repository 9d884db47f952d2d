"""Charts say what they show and can be drawn of whatever comes."""

import pytest

from reports.design.charts import Series, line_chart, sparkline

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'&"


def test_charts_say_what_they_show() -> None:
    lines = [Series("Angebote", [1, 2], "2"), Series(HOSTILE, [2, 1], "1")]
    for chart in (
        sparkline("s", [3, 1, 2], HOSTILE, "3, 1, 2"),
        line_chart("l", ["KW 1", HOSTILE], lines, "Titel", HOSTILE),
    ):
        assert "<title" in chart
        assert "<desc" in chart
        assert "<script" not in chart
        assert 'role="img"' in chart


def test_a_flat_course_and_zeros_can_be_drawn() -> None:
    assert "NaN" not in sparkline("s", [0, 0, 0], "a", "b")
    assert "nan" not in line_chart("l", ["a"], [Series("x", [0], "0")], "a", "b")


def test_two_values_are_no_course() -> None:
    with pytest.raises(ValueError, match="at least 3 values"):
        sparkline("s", [1, 2], "a", "b")
