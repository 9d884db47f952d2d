"""What looks like contact data is found, ordinary numbers are not."""

import pytest

from reports.privacy import find_contacts


@pytest.mark.parametrize(
    "text",
    [
        "anna@klinik.example", "anna.b+x@sub.klinik.example", "anna (at) klinik.example", "anna[at]klinik.example",
        "+49 711 123456", "0711 / 123 45 67", "0711-1234567", "(0711) 123456", "+33 1 23 45 67 89", "0049 711 123456",
        "+1 212-555-0147", "(212) 555-0147", "212.555.0147",
    ],
)  # fmt: skip
def test_contact_data_is_found(text: str) -> None:
    found = find_contacts(f"<p>Rückfragen {text}, danke</p>")
    assert len(found) == 1
    assert text not in found[0].excerpt


@pytest.mark.parametrize(
    "text",
    [
        "5.000 Stück", "10 000 pièces", "EN 14683:2019", "ISO 80601-2-12", "K-2020-17-01", "2020-04-19", "19.04.2020",
        "1.234.567 Masken", "0,91", "findthemasks:313bbd0f361bf7c7", "28 000 000", "72070 Tübingen", "KW 17/2020",
        "getusppe:27346bed-5898-4066-831c-6c21c6750cc1",
    ],
)  # fmt: skip
def test_ordinary_numbers_are_not_contact_data(text: str) -> None:
    assert find_contacts(f"<p>{text}</p>") == []


def test_links_are_read_too_and_style_is_not() -> None:
    assert [found.kind for found in find_contacts('<a href="mailto:a@b.example">Büro</a>')] == ["e-mail"]
    assert find_contacts("<style>@media (a) { x@y.z {} }</style>") == []


def test_offices_of_platforms_may_be_named() -> None:
    assert find_contacts("<p>Hotline 0711 123456</p>", allowed=["Hotline 0711 123456"]) == []
