"""Printed, a week is one page and a month two in every language; a sign is read out in words."""

import re
import subprocess
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from shutil import which

import pytest

from reports.language import LANGUAGES, Language
from reports.ministry.document import files, page_name
from reports.ministry.month_document import month_files
from reports.pdf import reading_copy
from tests.reports.documents import wide_month, wide_statistics

needs_pdf = pytest.mark.skipif(which("pdfinfo") is None, reason="pdfinfo is missing: install poppler-utils")


@cache
def week() -> Mapping[str, bytes]:
    return files(wide_statistics())


@cache
def month() -> Mapping[str, bytes]:
    """The finest frame with as many quantities as the sample month tells: 17 rows, of April 2020."""
    found = wide_month()
    told = list(dict.fromkeys(cell[:2] for cell, value in found.quantities.items() if value))[:17]
    quantities = {cell: value for cell, value in found.quantities.items() if cell[:2] in told}
    return month_files(replace(found, quantities=quantities))


@needs_pdf
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("period", [week, month], ids=["week", "month"])
def test_a_week_is_printed_on_one_page_and_a_month_on_two(period: object, language: str, tmp_path: Path) -> None:
    pytest.importorskip("weasyprint", reason="WeasyPrint lacks its system library: install libpango", exc_type=OSError)
    path = tmp_path / "x.pdf"
    path.write_bytes(reading_copy((week() if period is week else month())[page_name(language)].decode()))
    told = subprocess.run(["pdfinfo", path], capture_output=True, check=True, text=True).stdout
    assert int(re.findall(r"Pages:\s+(\d+)", told)[0]) == (1 if period is week else 2)


def test_a_month_on_paper_says_where_its_pictures_are() -> None:
    page = month()["statistics.html"].decode()
    assert page.index('<div class="on-screen">') < page.index("Bilder sind nicht gedruckt")
    assert "Bilder sind nicht gedruckt" not in week()["statistics.html"].decode()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("period", [week, month], ids=["week", "month"])
def test_every_sign_is_followed_by_its_words(period: object, language: str) -> None:
    page, reader = (week() if period is week else month())[page_name(language)].decode(), Language(language)
    fields = re.findall(r"<td[^>]*>(.*?)</td>", page) + re.findall(
        r"<dd>(.*?)</dd>", page.split('class="facts signs"')[0]
    )
    signs = {one for one in fields if not re.match(r"\d", one)}
    words = {".": reader.gettext("geheim"), "–": reader.gettext("nichts vorhanden")}
    assert signs == {
        f'<span class="sign">{sign}</span><span class="hidden word"> {told}</span>' for sign, told in words.items()
    }
    for sign, told in words.items():
        assert f'<span class="sign">{sign}</span> {told}' in page.split('class="note">')[1], "and below the table"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("period", [week, month], ids=["week", "month"])
def test_every_picture_tells_its_signs_in_words(period: object, language: str) -> None:
    page, reader = (week() if period is week else month())[page_name(language)].decode(), Language(language)
    images = re.findall(r'<svg[^>]*role="img" aria-labelledby="(\S+) (\S+)">(.*?)</svg>', page, re.DOTALL)
    assert len(images) == page.count("<svg") >= 2
    for title, description, image in images:
        said = re.search(rf'<title id="{title}">[^<]+</title><desc id="{description}">([^<]+)</desc>', image)
        assert said is not None
        if ">.</text>" in image:
            assert reader.gettext("geheim") in said[1]
