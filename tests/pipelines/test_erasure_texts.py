"""A value is found however it is written, in whatever kind of file, and nothing else is touched."""

import base64
import io
from collections.abc import Callable
from datetime import date
from email.message import EmailMessage
from pathlib import Path
from zipfile import ZipFile

import openpyxl
import pytest

from pipelines.erasure.suppressed import Suppressed
from pipelines.erasure.values import value_of

EMAIL, PHONE, NAME = "erika.mueller@klinik.example", "+49 711 1234567", "Erika Müller"


@pytest.fixture
def erased(tmp_path: Path) -> Suppressed:
    given = (("email", EMAIL), ("phone", PHONE), ("words", NAME), ("words", "Beispielstraße 12"))
    return Suppressed(tmp_path).added(tuple(value_of(*one) for one in given), (), date(2026, 11, 28))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Mail an Erika.Mueller@Klinik.example, danke", "Mail an [erased], danke"),
        ("erika.mueller (at) klinik.example", "[erased]"),
        ("erika.mueller at klinik (dot) example", "[erased]"),
        ("erika.mueller@klinik.example.Bitte melden", "[erased].Bitte melden"),
        ('<a href="mailto:erika.mueller%40klinik.example">x</a>', '<a href="mailto:[erased]">x</a>'),
        ("erika.mueller&#64;klinik.example", "[erased]"),
        ('{"a": "\\nerika.mueller@klinik.example\\n"}', '{"a": "\\n[erased]\\n"}'),
        ("erika.mueller@<b>klinik</b>.example", "[erased]<b></b>"),
        ("Tel. 0711 / 123 45 67 ab 9", "Tel. 0 ab 9"),
        ("0049-711-1234567", "0"),
        ("+49 (0)711 1234567", "0"),
        ("49 711 1234567", "0"),
        ("0711 1234567 20 Stück", "0 20 Stück"),
        ("<v>7111234567</v><v>12</v>", "<v>0</v><v>12</v>"),
        ("Frau Erika Müller kommt", "Frau [erased] kommt"),
        ("MÜLLER, Erika", "[erased]"),
        ("Erika Mu\u0308ller", "[erased]"),
        ("Erika Mueller", "[erased]"),
        ("Erika M&uuml;ller", "[erased]"),
        ("Erika M\\u00fcller", "[erased]"),
        ("&lt;p&gt;Erika&amp;nbsp;M&amp;uuml;ller&lt;/p&gt;", "&lt;p&gt;[erased]&lt;/p&gt;"),
        ("<td>Erika</td><td>M&#xFC;ller</td>", "<td>[erased]</td><td></td>"),
        ("https://x.example/team/erika-mueller.html", "https://x.example/team/[erased].html"),
        ("BEGIN:VCALENDAR\r\nSUMMARY:Bei Erika Mül\r\n ler", "BEGIN:VCALENDAR\r\nSUMMARY:Bei [erased]"),
        ("Content-Transfer-Encoding: quoted-printable\n\nErika M=C3=BC=\nller", None),
        ("Subject: =?utf-8?Q?Erika_M=C3=BCller?=", "Subject: =?utf-8?Q?[erased]?="),
        ("Beispielstr. 12, 70173 Stuttgart", "[erased], 70173 Stuttgart"),
    ],
)  # fmt: skip
def test_every_way_of_writing_is_found(erased: Suppressed, before: str, after: str | None) -> None:
    assert erased.clean(before) == (after if after is not None else before.split("Erika")[0] + "[erased]")
    assert erased.clean(erased.clean(before)) == erased.clean(before)


@pytest.mark.parametrize(
    "text",
    [
        "Erika Schmidt", "Herr Müller", "Erika und Frau Müller-Lüdenscheidt sind da, Müller nicht", "0711 1234568",

        "17111234567890123", "Beispielstraße 121",
    ],
)  # fmt: skip
def test_what_others_wrote_stays(erased: Suppressed, text: str) -> None:
    assert erased.clean(text) == text


def workbook() -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Firma", "Person", "Telefon", "Menge"])
    sheet.append(["Klinik", NAME, PHONE, 20])
    sheet.append(["Werk", "Anna Schmidt", 7111234567, 30])
    book.properties.creator = NAME
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def mail() -> bytes:
    message = EmailMessage()
    message["From"] = f"{NAME} <{EMAIL}>"
    message["Subject"] = f"Angebot von {NAME}"
    message.set_content(f"Wir haben 500 Masken – rufen Sie {NAME} an: {PHONE}\n" * 3, cte="base64")
    message.add_alternative(f"<p>Wir haben 500 Masken – {NAME}</p>", subtype="html", cte="quoted-printable")
    message.add_attachment(workbook(), maintype="application", subtype="zip", filename="Liste Erika Müller.xlsx")
    return message.as_bytes()


def archive() -> bytes:
    written = io.BytesIO()
    with ZipFile(written, "w") as file:
        file.writestr("brief.txt", f"Gruß, {NAME}".encode("latin-1"))
        file.writestr("Erika Müller.xlsx", workbook())
    return written.getvalue()


@pytest.mark.parametrize("make", [workbook, mail, archive, lambda: f"{NAME};{PHONE}".encode("utf-16")])
def test_files_are_cleaned_through_all_their_layers(erased: Suppressed, make: Callable[[], bytes]) -> None:
    content = erased.cleaned(make())
    assert content != make()
    for text in layers(content):
        assert erased.clean(text) == text
        assert not any(part in text for part in ("Müller", "1234567", "mueller", "M=C3=BCller"))
    assert erased.cleaned(content) == content


def test_a_workbook_stays_one_and_keeps_what_others_wrote(erased: Suppressed) -> None:
    book = openpyxl.load_workbook(io.BytesIO(erased.cleaned(workbook())))
    assert [list(row) for row in book.active.iter_rows(values_only=True)] == [
        ["Firma", "Person", "Telefon", "Menge"],
        ["Klinik", "[erased]", "0", 20],
        ["Werk", "Anna Schmidt", 0, 30],
    ]  # fmt: skip


def test_a_file_that_cannot_be_rewritten_is_emptied(erased: Suppressed) -> None:
    assert erased.cleaned(b"\x89PNG\0\0" + EMAIL.encode()) == b""
    assert erased.cleaned(b"\x89PNG\0\0anna@klinik.example") == b"\x89PNG\0\0anna@klinik.example"


def test_nothing_erased_changes_nothing(tmp_path: Path) -> None:
    content = mail()
    assert Suppressed(tmp_path).cleaned(content) == content
    assert not list(tmp_path.iterdir())  # no key for nothing


@pytest.mark.parametrize(("kind", "text"), [("email", "Erika"), ("phone", "98765"), ("words", "Müller")])
def test_what_is_no_value_is_refused_without_repeating_it(kind: str, text: str) -> None:
    with pytest.raises(ValueError, match="--") as raised:
        value_of(kind, text)
    assert text not in str(raised.value)


def layers(content: bytes) -> list[str]:
    """The texts of a file through archives and mails, by other means than those of the product."""
    if content.startswith(b"PK"):
        with ZipFile(io.BytesIO(content)) as archive_:
            inner = [text for name in archive_.namelist() for text in layers(archive_.read(name))]
            return [*archive_.namelist(), *inner]
    if content.startswith(b"\xff\xfe"):
        return [content.decode("utf-16")]
    text = content.decode("utf-8", "replace")
    packed = [
        part
        for block in text.split("\n\n")
        if len(block) > 60
        and not set(block) - set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=\n")
        for part in layers(base64.b64decode(block))
    ]
    return [text, *packed]
