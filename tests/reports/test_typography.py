"""What a reader sees is set as the language wants it: spaces, quotes, apostrophes, on every kind of page."""

import re
from datetime import date
from html import unescape

import pytest

from reports.lagebild.words import first_of
from reports.language import NARROW_SPACE, NO_BREAK_SPACE, Language
from reports.wording import quantity
from sources.week import Week
from tests.reports.documents import pages


def own_words(page: str) -> str:
    """The text of a page and of its labels, without what others wrote: quotes and words in another language."""
    page = re.sub(r"<style>.*?</style>|<blockquote>.*?</blockquote>|<(\w+) lang=.*?</\1>", "", page, flags=re.DOTALL)
    labels = re.findall(r'(?:aria-label|data-label|title)="([^"]*)"', page)
    return unescape("\n".join([re.sub(r"<[^>]*>", "\n", page), *labels]))


@pytest.mark.parametrize("name", [name for name in pages() if name[1] == "fr"], ids=" ".join)
def test_french_signs_stand_behind_spaces_that_do_not_break(name: tuple[str, str]) -> None:
    words = own_words(pages()[name])
    assert re.findall(rf".*[^\s{NARROW_SPACE}{NO_BREAK_SPACE}][;:?!»](?=\s|$).*", words) == []
    assert re.findall(r".*[ \n][;:?!»](?=\s|$).*", words) == []
    assert re.findall(r".*«(?!\u00a0|\u202f).*", words) == []


@pytest.mark.parametrize("name", pages(), ids=" ".join)
def test_no_typewriter_quotes_and_no_space_before_a_sign(name: tuple[str, str]) -> None:
    words = own_words(pages()[name])
    assert re.findall(r".*[\"'].*", words) == []
    if name[1] != "fr":
        assert re.findall(r".*[ \u00a0\u202f][;:?!](?=\s|$).*", words) == []


@pytest.mark.parametrize("name", pages(), ids=" ".join)
def test_nothing_is_left_to_fill_in(name: tuple[str, str]) -> None:
    assert re.findall(r".*(?:%\(\w+\)|\{\w+\}|\bNone\b|\bnan\b|\bNaT\b).*", own_words(pages()[name])) == []


@pytest.mark.parametrize(
    ("week", "expected"),
    [
        (Week(2020, 53), ("KW 53/2020", "semaine 53/2020", "week 53/2020")),
        (Week(2020, 53).shifted(1), ("KW 1/2021", "semaine 1/2021", "week 1/2021")),
        (Week(2021, 52).shifted(1), ("KW 1/2022", "semaine 1/2022", "week 1/2022")),
        (Week(2026, 53), ("KW 53/2026", "semaine 53/2026", "week 53/2026")),
    ],
)
def test_weeks_around_new_year(week: Week, expected: tuple[str, ...]) -> None:
    assert tuple(Language(code).week(week) for code in ("de", "fr", "en")) == expected


def test_the_days_of_the_last_week_of_a_year_reach_into_the_next() -> None:
    assert Language("de").days_of(Week(2020, 53)) == "28. Dezember 2020 bis 3. Januar 2021"
    assert Language("fr").days_of(Week(2020, 53)) == "du 28 décembre 2020 au 3 janvier 2021"
    assert Language("en").days_of(Week(2020, 53)) == "28 December 2020 to 3 January 2021"


@pytest.mark.parametrize(
    ("code", "labelled", "series"),
    [("de", "a: b", "a; b"), ("fr", "a\u00a0: b", "a\u202f; b"), ("en", "a: b", "a; b")],
)
def test_labels_and_series(code: str, labelled: str, series: str) -> None:
    assert Language(code).labelled("a", "b") == labelled
    assert Language(code).series(["a", "b"]) == series


@pytest.mark.parametrize(
    ("code", "one", "two"),
    [
        ("de", "1\u00a0Palette", "2\u00a0Paletten"),
        ("fr", "1\u00a0palette", "2\u00a0palettes"),
        ("en", "1\u00a0pallet", "2\u00a0pallets"),
    ],
)
def test_rounded_quantities_take_the_form_of_what_is_read(code: str, one: str, two: str) -> None:
    assert quantity(1.04, "pallet", None, Language(code)) == one
    assert quantity(2.0, "pallet", None, Language(code)) == two


@pytest.mark.parametrize(
    ("names", "total", "expected"),
    [
        (["A"], 1, "A"),
        (["A", "B", "C"], 3, "A, B und C"),
        (["A", "B", "C", "D"], 4, "A, B und 2 weitere"),
        (["A"], 2, "A und 1 weiterer"),
        (["A"], 9, "A und 8 weitere"),
    ],
)
def test_long_lists_count_the_rest(names: list[str], total: int, expected: str) -> None:
    assert first_of(names, Language("de"), total) == expected


def test_the_first_of_a_month_is_written_as_it_is_read() -> None:
    monday = date(2020, 6, 1)
    said = [Language(code) for code in ("de", "fr", "en")]
    assert [one.day(monday) for one in said] == ["1. Juni 2020", "1er juin 2020", "1 June 2020"]
    assert [one.weekday(monday) for one in said] == [
        "Mo.,\u00a01.\u00a0Juni",
        "lun.\u00a01er\u00a0juin",
        "Mon\u00a01\u00a0Jun",
    ]
    assert [one.short_day(date(2021, 1, 11)) for one in said] == ["11.\u00a0Jan.", "11\u00a0janv.", "11\u00a0Jan"]
    assert Language("fr").days_of(Week(2020, 23)) == "du 1er juin 2020 au 7 juin 2020"
