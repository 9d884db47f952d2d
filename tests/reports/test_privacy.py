"""What looks like contact data is found, ordinary numbers are not."""

import io
import json
from collections.abc import Callable
from email.message import EmailMessage
from zipfile import ZipFile

import openpyxl
import pytest

from reports.privacy import contacts_in, find_contacts

SAID = "Rückfragen bitte an 0711 1234567"


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
        "10\u202f000\u202f000\u202f000 pièces", "10\u00a0000\u00a0000\u00a0000",
        "1.234.567 Masken", "0,91", "findthemasks:313bbd0f361bf7c7", "28 000 000", "72070 Tübingen", "KW 17/2020",
        "getusppe:27346bed-5898-4066-831c-6c21c6750cc1",
    ],
)  # fmt: skip
def test_ordinary_numbers_are_not_contact_data(text: str) -> None:
    assert find_contacts(f"<p>{text}</p>") == []


def test_links_are_read_too_and_style_is_not() -> None:
    assert [found.kind for found in find_contacts('<a href="mailto:a@b.example">Büro</a>')] == ["e-mail"]
    assert [found.kind for found in find_contacts("<a title='a@b.example'>Büro</a>")] == ["e-mail"]
    assert find_contacts("<style>@media (a) { x@y.z {} }</style>") == []


def test_a_sign_that_begins_no_tag_hides_nothing() -> None:
    assert [found.kind for found in find_contacts("<p>weniger als < 3 &lt; 0711 1234567</p>")] == ["telephone"]


def test_offices_of_platforms_may_be_named() -> None:
    assert find_contacts("<p>Hotline 0711 123456</p>", allowed=["Hotline 0711 123456"]) == []


def _workbook() -> bytes:
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.append(["Stück", 1234567, 711.1234567, SAID])
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def _mail() -> bytes:
    message = EmailMessage()
    message["Message-ID"] = "<2020-W16@verbundradar.example>"
    message.set_content(SAID, cte="base64")
    message.add_attachment(b"Menge;50", maintype="text", subtype="csv", filename="a.csv")
    return message.as_bytes()


def _archive() -> bytes:
    written = io.BytesIO()
    with ZipFile(written, "w") as archive:
        archive.writestr("data/a.xlsx", _workbook())
    return written.getvalue()


@pytest.mark.parametrize(
    ("name", "make"),
    [
        ("a.xlsx", _workbook),
        ("a.zip", _archive),
        ("a.eml", _mail),
        ("a.csv", SAID.encode),
        ("a.ttl", f'dct:title "{SAID}" .'.encode),
        ("a.json", json.dumps({"a": [{SAID: 5}], "b": 7111234567}).encode),
        ("a.svg", f'<svg><path d="M 0711 1234567"/><text>{SAID}</text></svg>'.encode),
        ("a.xml", f"<feed><title>{SAID}</title></feed>".encode),
        ("a.ics", b"BEGIN:VEVENT\r\nUID:1@verbundradar.example\r\nSUMMARY:bitte an 0711 12\r\n 34567\r\n".strip),
        ("a.html", f"<p>{SAID}</p>".encode),
    ],
)  # fmt: skip
def test_every_form_is_read_as_its_readers_see_it(name: str, make: Callable[[], bytes]) -> None:
    assert [finding.kind for finding in contacts_in(name, make())] == ["telephone"]
    assert contacts_in(name, make(), [SAID, "0711 1234567"]) == []


def test_pdf_copies_and_pictures_are_made_of_what_was_scanned() -> None:
    assert contacts_in("a.pdf", SAID.encode()) == contacts_in("a.png", b"\x89PNG") == []
