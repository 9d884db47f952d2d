"""Courses over weeks and days ahead say what they show, and refuse what is no course."""

import re
from itertools import pairwise

import pytest

from reports.design.trends import Day, Line, trend, weeks_ahead

HOSTILE = "<script>alert(1)</script>\"'&"


def test_each_line_is_named_at_its_end_and_no_two_names_touch() -> None:
    lines = [Line([9, 9, 9], "Bedarfe 9"), Line([8, 8, 8], "gedeckt 8"), Line([1, 1, 1], "ohne 1")]
    picture = trend("t", [0, 1, 2], ("KW 1", "KW 3"), lines, HOSTILE, HOSTILE)
    names = re.findall(r'y="([\d.]+)" font-size="12" font-weight="bold" fill="#\w+">([^<]*)<', picture)
    assert [name for _, name in names] == ["Bedarfe 9", "gedeckt 8", "ohne 1"]
    heights = sorted(float(y) for y, _ in names)
    assert all(below - above >= 14 for above, below in pairwise(heights))
    assert "<script" not in picture
    assert picture.count('id="t-title"') == picture.count('id="t-desc"') == 1


def test_a_missing_week_leaves_its_room() -> None:
    picture = trend("t", [0, 1, 3], ("a", "b"), [Line([0, 0, 0], "x 0")], "a", "b")
    first, second, last = (float(x) for x in re.findall(r"([\d.]+),", re.findall(r'points="([^"]*)"', picture)[0]))
    assert last - second == pytest.approx(2 * (second - first), abs=0.2)


def test_two_points_are_no_course() -> None:
    with pytest.raises(ValueError, match="at least 3 points"):
        trend("t", [0, 1], ("a", "b"), [Line([1, 2], "x")], "a", "b")


def test_days_show_their_counts_and_pressing_ones_a_thick_frame() -> None:
    days = [Day(0), Day(2), Day(1, is_pressing=True), *[Day(0)] * 4]
    picture = weeks_ahead("w", list("MDMDFSS"), [(HOSTILE, days)], "a", "b")
    assert re.findall(r'font-size="13"[^>]*>(\d+)<', picture) == ["2", "1"]
    assert picture.count('stroke-width="3"') == 1
    assert "<script" not in picture
