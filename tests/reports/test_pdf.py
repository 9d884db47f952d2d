"""The PDF: same bytes twice, tagged, nothing loaded, data attached; page 1 holds all that must be decided."""

import os
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from html import unescape
from pathlib import Path
from shutil import which

import pytest

from reports.lagebild import Issue, as_csv, render
from reports.lagebild.calls import MOST_CALLS
from reports.lagebild.editions import issue_files
from reports.lagebild.page import render_group
from reports.lagebild.remit import Remit
from reports.language import LANGUAGES
from reports.pdf import PACKAGES, archive_copy, reading_copy

pytest.importorskip("weasyprint", reason="WeasyPrint lacks its system library: install libpango", exc_type=OSError)
from weasyprint.urls import FatalURLFetchingError

needs_poppler = pytest.mark.skipif(which("pdftotext") is None, reason="pdftotext is missing: install poppler-utils")
AS_OF = datetime(2020, 4, 26, tzinfo=UTC)


def pages_of(content: bytes, folder: Path) -> list[str]:
    """The text of each page."""
    path = folder / "x.pdf"
    path.write_bytes(content)
    text = subprocess.run(["pdftotext", "-layout", path, "-"], capture_output=True, check=True).stdout.decode()
    return text.split("\f")[:-1]


@needs_poppler
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ["normal", "crowded", "quiet"])
def test_page_1_holds_headlines_and_all_calls(
    name: str, language: str, issue_of: Callable[..., Issue], crowded: Issue, tmp_path: Path
) -> None:
    figures = [("2020-W16", 0, 0, 0, 0, 0, 0), ("2020-W17", 0, 0, 0, 0, 0, 0)]
    long_names = crowded.organisations.assign(name=crowded.organisations["name"] + " der Stadt und des Kreises gGmbH")
    issue = {
        "normal": issue_of(),
        "crowded": replace(crowded, organisations=long_names),
        "quiet": issue_of(is_empty=True, figures=figures),
    }[name]
    page = render(issue, language)
    assert len(page.encode()) <= 300_000
    pages = pages_of(reading_copy(page), tmp_path)
    assert len(pages) <= 6
    # Hyphens and line breaks are the paper's.
    first = re.sub(r"[\s\u2010-]", "", pages[0])
    headlines = re.findall(r"<li>(.*?)</li>", page.split('<ol class="headlines">')[1].split("</ol>")[0])
    assert len(headlines) >= 2
    for headline in headlines:
        assert re.sub(r"[\s\u2010-]", "", unescape(re.sub("<[^>]*>", "", headline))) in first
    numbers = re.findall(r'<li id="(K-[0-9-]+)"', page)
    assert len(numbers) == {"normal": 2, "crowded": MOST_CALLS, "quiet": 0}[name]
    for number in numbers:
        assert number.replace("-", "") in first
    texts = re.findall(r'id="frage-(K-[0-9-]+)">.*?<p lang="\w\w">(.*?)</p>', page, re.DOTALL)
    assert [number for number, _ in texts] == numbers[1:], "whoever has paper alone knows what to ask on every call"
    second = re.sub(r"[\s\u2010-]", "", pages[1])
    for _, text in texts:
        assert re.sub(r"[\s\u2010-]", "", unescape(text)) in second
    assert len(re.findall(r"\((?:Seite|page)2\)", first)) >= len(texts)
    assert "1/" in first.replace("\u2009", "")  # its foot: nothing of page 1 runs over to the next
    gaps = re.search(r'id="engpass">(.*?)</h2>', page)
    assert gaps
    heading = re.sub(r"\s", "", unescape(gaps[1]))
    told = re.search(rf"{re.escape(heading)}\((?:Seite|page)(\d)\)", first)
    assert told
    assert heading in re.sub(r"[\s\u2010-]", "", pages[int(told[1]) - 1])
    changed = re.search(r'id="was-sich-geaendert-hat">(.*?)</h2>', page)
    assert changed
    assert re.sub(r"\s", "", unescape(changed[1])) in re.sub(r"\s", "", pages[1])


@needs_poppler
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ["normal", "crowded"])
def test_the_first_page_of_a_group_is_one_sheet(
    name: str, language: str, issue_of: Callable[..., Issue], crowded: Issue, tmp_path: Path
) -> None:
    issue = replace({"normal": issue_of(), "crowded": crowded}[name], remit=Remit(editions=("textile",)))
    (page,) = pages_of(reading_copy(render_group(issue, "textile", language)), tmp_path)
    assert "1/1" in re.sub(r"\s", "", page)


def test_the_same_page_is_the_same_file(issue_of: Callable[..., Issue]) -> None:
    page = render(issue_of())
    content = reading_copy(page)
    assert content == reading_copy(page)


WRITTEN = """
import sys, cffi
loaded, missing = cffi.FFI.dlopen, sys.argv[1]
def dlopen(self, name, *rest):
    if missing and missing in str(name):
        raise OSError(f"cannot load library '{name}'")
    return loaded(self, name, *rest)
cffi.FFI.dlopen = dlopen
from reports.pdf import reading_copy
sys.stdout.buffer.write(reading_copy("<html lang='de'><title>x</title><p>Prüfstoff <b>fett</b> <i>kursiv</i>"))
"""


@pytest.mark.parametrize("missing", ["", "harfbuzz-subset"], ids=["all libraries", "without libharfbuzz-subset"])
def test_a_page_is_the_same_file_on_another_day_and_in_another_place(missing: str) -> None:
    # Who reads the clock for a font's date reads SOURCE_DATE_EPOCH first.
    places = [("0", "Europe/Berlin", "C", "1"), ("1600000000", "Asia/Tokyo", "C.UTF-8", "2")]
    written = [
        subprocess.run(
            [sys.executable, "-c", WRITTEN, missing],
            env=os.environ | {"SOURCE_DATE_EPOCH": day, "TZ": zone, "LC_ALL": locale, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for day, zone, locale, seed in places
    ]
    assert written[0].startswith(b"%PDF")
    assert written[0] == written[1]


@needs_poppler
def test_the_file_is_tagged_titled_and_runs_nothing(issue_of: Callable[..., Issue], tmp_path: Path) -> None:
    path = tmp_path / "x.pdf"
    path.write_bytes(reading_copy(render(issue_of())))
    facts = subprocess.run(["pdfinfo", path], capture_output=True, check=True).stdout.decode()
    assert re.search(r"Tagged: +yes", facts)
    assert re.search(r"Title: +Lagebild Kooperation", facts)
    assert re.search(r"JavaScript: +no", facts)


@needs_poppler
# WeasyPrint 70 leaves its colour profile open for the collector to close.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_the_archive_copy_carries_its_data(issue_of: Callable[..., Issue], tmp_path: Path) -> None:
    page, data = render(issue_of()), {"lagebild.csv": as_csv(issue_of()).encode()}
    content = archive_copy(page, data, AS_OF)
    assert content == archive_copy(page, data, AS_OF)
    path = tmp_path / "x.pdf"
    path.write_bytes(content)
    listed = subprocess.run(["pdfdetach", "-list", path], capture_output=True, check=True).stdout.decode()
    assert "1: lagebild.csv" in listed


@pytest.mark.parametrize("address", ["file:///etc/passwd", "https://a.example/x.png"])
def test_nothing_is_loaded(address: str) -> None:
    with pytest.raises(FatalURLFetchingError):
        reading_copy(f"<html lang='de'><title>x</title><img src='{address}'></html>")


WITHOUT_PANGO = """
import cffi
loaded = cffi.FFI.dlopen
def dlopen(self, name, *rest):
    if "pango" in str(name):
        raise OSError(f"cannot load library '{name}'")
    return loaded(self, name, *rest)
cffi.FFI.dlopen = dlopen
from pipelines.cli import main
main()
"""


def test_without_the_system_library_pages_come_out_and_the_message_names_the_package(
    issue_of: Callable[..., Issue], tmp_path: Path
) -> None:
    folder = tmp_path / "reports" / "lagebild" / "2020-W17"
    folder.mkdir(parents=True)
    for name, content in issue_files(issue_of()).items():
        (folder / name).write_bytes(content)
    command = [sys.executable, "-c", WITHOUT_PANGO, "archive", "--store", tmp_path]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    assert f"apt-get install {PACKAGES}" in done.stderr
    assert "Traceback" not in done.stderr
    assert not list(tmp_path.rglob("*.pdf"))
    assert "<h1>Lagebild Kooperation" in (folder.parent / "latest.html").read_text("utf-8")
