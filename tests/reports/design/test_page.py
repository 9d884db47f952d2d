"""Links that a reader may follow, values that must not be missing, colours that can be read."""

import re

import pytest
from jinja2 import UndefinedError

from reports.design.page import own_text, render_page, safe_url
from reports.language import Language


@pytest.mark.parametrize(
    "url", ["https://a.example/x?y=1", "mailto:office@a.example", "#K-2020-17-01"]
)  # fmt: skip
def test_links_a_reader_may_follow(url: str) -> None:
    assert safe_url(url) == url


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)", "JaVaScRiPt:alert(1)", " javascript:alert(1)", "java\tscript:alert(1)",
        "data:text/html,x",
        "http://a.example", "//a.example", "https:", "mailto:", "ftp://a.example", "vbscript:x", "https://a b.example",
        'https://a.example/"onload=x', "https://[broken", "", None,
    ],
)  # fmt: skip
def test_links_a_reader_must_not_follow(url: str | None) -> None:
    assert safe_url(url) == "#"


def test_a_value_that_is_missing_is_an_error() -> None:
    with pytest.raises(UndefinedError):
        render_page("monitor/page.html", Language("de"), is_sample=True)


def _luminance(colour: str) -> float:
    channels = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    linear = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Contrast ratio of WCAG 2.2."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_contrast_by_formula() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


THEMES = [
    dict(re.findall(r"--([a-z]+): (#[0-9a-f]{6})", block))
    for block in re.findall(r":root \{[^}]*\}", str(own_text("design/style.css")))
]


@pytest.mark.parametrize("theme", THEMES, ids=["light", "dark", "print"])
@pytest.mark.parametrize("paper", ["paper", "panel"])
@pytest.mark.parametrize("text", ["ink", "muted", "accent", "second", "good", "warn", "bad"])
def test_every_pair_of_text_and_paper_is_readable(theme: dict[str, str], paper: str, text: str) -> None:
    assert contrast(theme[text], theme[paper]) >= 4.5


def test_there_are_three_themes() -> None:
    assert len(THEMES) == 3
