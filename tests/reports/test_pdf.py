"""The PDF: same bytes twice, tagged, nothing loaded, data attached; page 1 holds all that must be decided."""

import re
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from shutil import which

import pytest

from reports.lagebild import Issue, as_csv, render
from reports.pdf import PdfUnavailable, archive_copy, reading_copy

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
@pytest.mark.parametrize("name", ["normal", "crowded", "quiet"])
def test_page_1_holds_headlines_and_all_rows_to_decide(
    name: str, issue_of: Callable[..., Issue], crowded: Issue, tmp_path: Path
) -> None:
    figures = [("2020-W16", 0, 0, 0, 0, 0, 0), ("2020-W17", 0, 0, 0, 0, 0, 0)]
    issue = {"normal": issue_of(), "crowded": crowded, "quiet": issue_of(is_empty=True, figures=figures)}[name]
    page = render(issue)
    pages = pages_of(reading_copy(page), tmp_path)
    assert len(pages) <= 12
    headlines = page.split('<ol class="headlines">')[1].split("</ol>")[0]
    first = " ".join(pages[0].split())
    for headline in re.findall(r"<li>(.*?)</li>", headlines):
        assert re.sub("<[^>]*>", "", headline)[:40] in first
    decisions = page.partition('id="entscheiden-caption"')[2].partition("</table>")[0]
    for number in re.findall(r">(K-[0-9-]+)<", decisions):
        assert number in first


def test_the_same_page_is_the_same_file(issue_of: Callable[..., Issue]) -> None:
    page = render(issue_of())
    content = reading_copy(page)
    assert content == reading_copy(page)


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


def test_without_the_system_library_the_message_names_the_package(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str, *rest: object) -> object:
        if name == "weasyprint":
            raise OSError("cannot load library 'libpango-1.0-0'")
        return original(name, *rest)

    original = __import__
    monkeypatch.setattr("builtins.__import__", missing)
    with pytest.raises(PdfUnavailable, match="apt-get install libpango"):
        reading_copy("<p>x</p>")
