"""White space, absent values and contact data."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.rows.text import collapse, described, email_domain, is_test_entry, mask_contacts, present


@pytest.mark.parametrize(
    "text",
    [
        "0711 555 01 23",
        "+49 711 5550123",
        "+49 (0)711 555-0123",
        "0049 711 5550123",
        "07461/555 01 23",
        "(0711) 555 01 23",
        "03 88 55 50 12",
        "+33 3 88 55 50 12",
        "765-555-0123",
        "(765) 555-0123",
    ],
)
def test_telephone_numbers_are_masked(text: str) -> None:
    assert mask_contacts(f"Bitte {text} anrufen") == "Bitte [telephone] anrufen"


@pytest.mark.parametrize(
    "text",
    [
        "5.000 Stück nach EN 14683 bis 30.04.2020",
        "01.04.2020 bis 12.05.2020",
        "PLZ 78532, KB-2020-017",
        "1 000 000 pièces, 0,125 mm, 25 kGy, ISO 13485:2016",
        "05/2020 und 3M 1860, MFR 1.200",
    ],
)
def test_other_numbers_stay(text: str) -> None:
    assert mask_contacts(text) == text


@pytest.mark.parametrize(
    "text", ["a.b@firma.example", "a.b(at)firma.example", "a.b [at] firma.example", "A_B@sub.firma.example"]
)
def test_mailboxes_are_masked_and_only_the_domain_is_kept(text: str) -> None:
    assert mask_contacts(f"Mail an {text}!") == "Mail an [e-mail]!"
    assert (email_domain(text) or "").endswith("firma.example")


@pytest.mark.parametrize("text", ["", " ", "N/A", "n/a", "-", "–", "k. A.", "null", "?", None, "\u200b"])
def test_absent_values(text: str | None) -> None:
    assert present(text) is None
    assert described(text) is None


def test_lines_are_kept_where_they_matter() -> None:
    assert collapse("  a\u00a0 b\n\tc ") == "a b c"
    assert described(" a  b \r\n\r\n\r\n c\u200b ") == "a b\n\nc"


@pytest.mark.parametrize("text", ["test1", "Test", "TEST 12", "test-eintrag", "asdf", "xxx"])
def test_test_entries(text: str) -> None:
    assert is_test_entry(text)


@pytest.mark.parametrize("text", ["Testkits", "Schnelltest", "Testzentrum Kehl", "GA", ""])
def test_no_test_entries(text: str) -> None:
    assert not is_test_entry(text)


@given(st.text())
def test_cleaning_twice_changes_nothing(text: str) -> None:
    assert collapse(collapse(text)) == collapse(text)
    assert described(described(text)) == described(text)
