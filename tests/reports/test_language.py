"""Catalogues are complete, plural forms right, numbers and weeks as readers write them."""

import re
from datetime import date
from importlib.resources import files
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po

from reports.language import LANGUAGES, Language, shortened
from sources.week import Week

KEYWORDS = {**DEFAULT_KEYWORDS, "NN_": (1, 2)}
METHODS = [("**.py", "python"), ("**.html", "jinja2")]
OPTIONS = {"**.html": {"silent": "false", "newstyle_gettext": "true"}}
MESSAGES = {
    message
    for package in ("matching", "reports")
    for _, _, message, _, _ in extract_from_dir(str(Path(str(files(package)))), METHODS, OPTIONS, keywords=KEYWORDS)
}


def _catalogue(code: str) -> Catalog:
    text = files("reports").joinpath(f"locales/{code}/verbundradar.po").read_bytes()
    return read_po(BytesIO(text), locale=code, abort_invalid=True)


@pytest.mark.parametrize("code", LANGUAGES[1:])
def test_every_text_is_translated_and_no_translation_is_left_over(code: str) -> None:
    catalogue = _catalogue(code)
    found = {message.id for message in catalogue if message.id and all(_forms(message.string)) and not message.fuzzy}
    assert found == MESSAGES
    assert not catalogue.obsolete


@pytest.mark.parametrize("code", LANGUAGES[1:])
def test_translations_keep_the_placeholders(code: str) -> None:
    for message in _catalogue(code):
        wanted = set(re.findall(r"%\((\w+)\)s", " ".join(_forms(message.id)[-1:])))
        for form in _forms(message.string)[-1:]:
            assert set(re.findall(r"%\((\w+)\)s", form)) == wanted, message.id


def _forms(text: str | tuple[str, ...] | list[str]) -> list[str]:
    return [text] if isinstance(text, str) else list(text)


@pytest.mark.parametrize("code", LANGUAGES[1:])
def test_typography(code: str) -> None:
    for message in _catalogue(code):
        for form in _forms(message.string) if message.id else []:
            assert "'" not in form, form
            if code == "fr":
                assert not re.search(r"[^\u00a0\u202f ][;:?!](?!//)", form), form
                assert not re.search(r" [;:?!»]", form), form


def test_german_uses_no_typewriter_quotes() -> None:
    for message in MESSAGES:
        assert not any('"' in form or "'" in form for form in _forms(message))


@pytest.mark.parametrize(
    ("code", "count", "expected"),
    [
        ("de", 0, "0 neue Vorgänge"),
        ("de", 1, "1 neuer Vorgang"),
        ("fr", 0, "0 nouveau dossier"),
        ("fr", 1, "1 nouveau dossier"),
        ("fr", 2, "2 nouveaux dossiers"),
        ("en", 0, "0 new cases"),
        ("en", 1, "1 new case"),
    ],
)
def test_plural_forms(code: str, count: int, expected: str) -> None:
    text = Language(code).ngettext("%(count)s neuer Vorgang", "%(count)s neue Vorgänge", count)
    assert text == expected


def test_a_sentence_that_ends_with_an_abbreviation_has_one_full_stop() -> None:
    message = "Gefunden haben wir: %(names)s."
    assert Language("de").gettext(message, names="Hardt e. K.").endswith(": Hardt e. K.")
    assert Language("de").gettext(message, names="Hardt AG").endswith(": Hardt AG.")
    assert Language("de").gettext(message, names="Hardt...").endswith("....")


@pytest.mark.parametrize(("code", "expected"), [("de", "1.234,5"), ("fr", "1\u202f234,5"), ("en", "1,234.5")])
def test_numbers(code: str, expected: str) -> None:
    assert Language(code).number(1234.5, 1) == expected


@pytest.mark.parametrize(("code", "expected"), [("de", "60\u00a0%"), ("fr", "60\u00a0%"), ("en", "60%")])
def test_shares(code: str, expected: str) -> None:
    assert Language(code).percent(0.6) == expected


def test_less_than_all_never_reads_as_all() -> None:
    assert Language("en").percent(0.999) == "99%"
    assert Language("en").percent(1.0) == "100%"


@pytest.mark.parametrize(
    ("day", "expected"),
    [(date(2021, 1, 1), "KW 53/2020"), (date(2020, 12, 31), "KW 53/2020"), (date(2019, 12, 30), "KW 1/2020")],
)
def test_weeks_at_year_ends(day: date, expected: str) -> None:
    assert Language("de").week(Week.of(day)) == expected


def test_quotation_marks() -> None:
    assert [Language(code).quoted("x") for code in ("de", "fr", "en")] == ["„x“", "«\u00a0x\u00a0»", "“x”"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Muster Sicherheitstechnik", "Muster…"),
        ("Muster & Söhne Sicherheit", "Muster & Söhne…"),
        ("Muster Sicherheit", "Muster Sicherheit"),
        ("Donaudampfschifffahrt", "Donaudampfschifff…"),
    ],
)
def test_a_text_is_cut_between_words(text: str, expected: str) -> None:
    assert shortened(text, 18) == expected


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(ValueError, match=", ".join(LANGUAGES)):
        Language("xx")
