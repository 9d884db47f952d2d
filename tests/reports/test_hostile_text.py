"""Every attack in every field in every format: nothing runs, nothing leaves the page, nothing becomes a formula.

`docs/hostile-text.md` lists the attacks and formats tried here; a test holds the two together.
"""

import csv
import email
import email.policy
import io
import json
import re
import subprocess
import zipfile
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from shutil import which
from xml.etree import ElementTree

import pytest
from selectolax.lexbor import LexborHTMLParser

from reports import lagebild, ministry, monitor
from reports.lagebild import Issue
from reports.lagebild.archive import site_files
from reports.lagebild.calls import called
from reports.lagebild.editions import issue_files
from reports.lagebild.letters import letters
from reports.lagebild.page import render_list
from reports.language import LANGUAGES
from reports.pdf import PdfUnavailable, archive_copy, reading_copy
from sources.week import Week
from sources.weekly.health import Finding as Watched
from sources.weekly.health import as_table
from tests.reports.builders import Words, hostile_issue, sample_issue
from tests.reports.documents import monitored_run
from tests.reports.page_findings import findings

PAGE = Path(__file__).parents[2] / "docs" / "hostile-text.md"
AS_OF = datetime(2020, 4, 26, tzinfo=UTC)
ATTACKS = {
    "element that runs": "<script>alert(1)</script></title></style><svg onload=alert(1)>",
    "event handler": '<img src=x onerror=alert(1)>" onmouseover="alert(1)" \' onfocus=\'alert(1)',
    "address that runs": '<a href="javascript:alert(1)">x</a> javascript:alert(1) [x](javascript:alert(1))',
    "foreign content": '<img src="https://x.example/p.png"><link rel="stylesheet" href="//x.example"> url(https://x.example/)',
    "local file": '<iframe src="file:///etc/passwd"></iframe><object data="/etc/passwd"></object> ../../etc/passwd',
    "template and format": "{{ 7*7 }} {% for x in y %} ${7*7} %(x)s %s {0} {name}",
    "formula": '=HYPERLINK("http://x.example";"x")',
    "formula after white space": '\t=1+1 \r=cmd|"/c calc"!A0',
    "formula by sign": "+1+1",
    "formula by function": "@SUM(1;1)",
    "mail header": "x\r\nBcc: victim@x.example\r\n\r\n<script>alert(1)</script>",
    "calendar component": "x\r\nATTACH:file:///etc/passwd\r\nBEGIN:VALARM\r\nEND:VEVENT",
    "broken XML": "]]><x/><!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]>&e;&amp;",
    "control characters": "a\x00b\x07c\x0bd\x1b[31me\x85f\u2028g",
    "one long word": "W" * 400,
    "address in disguise": "https://boerse.example@evil.example/",
    "address in other letters": "https://b\u00f6erse.example/\u202egpj.exe",
}


@cache
def issue(attack: str) -> Issue:
    return hostile_issue(ATTACKS[attack])


def language_for(attack: str) -> str:
    """Each attack in one language, each language with a third of the attacks."""
    return LANGUAGES[list(ATTACKS).index(attack) % len(LANGUAGES)]


@cache
def site_of(attack: str) -> dict[str, bytes]:
    pages = {f"lagebild.{language}.html": b"" for language in LANGUAGES}
    return site_files(
        {
            "2020-W17": {
                **pages,
                "issue.json": issue_files(issue(attack))["issue.json"],
            }
        }
    )


def is_free_of_formulas(text: str) -> bool:
    cells = [cell for row in csv.reader(io.StringIO(text)) for cell in row]
    return not [
        cell for cell in cells if cell.lstrip(" ").startswith(("=", "+", "@", "\t", "\r")) or re.match(r"-\D", cell)
    ]


def html_page(attack: str) -> None:
    pages = lagebild.pages(issue(attack), language_for(attack))
    for page in pages.values():
        assert findings(page) == []
        outside = re.findall(r'<a [^>]*href="([a-z]+:[^"]*)"', page)
        assert set(outside) <= {platform.url for platform in issue(attack).platforms}
    assert any("{{ 7*7 }}" in page for page in pages.values()) or attack != "template and format"


def case_list(attack: str) -> None:
    harmless, page = (render_list(made, language_for(attack)) for made in (sample_issue(), issue(attack)))
    assert script_of(page) == script_of(harmless)
    assert tags_of(page) == tags_of(harmless)


def script_of(page: str) -> list[str]:
    """Policy, style and script: what the browser obeys."""
    return re.findall(r'(?s)<meta http-equiv="[^>]*>|<style>.*?</style>|<script>.*?</script>', page)


def tags_of(page: str) -> Counter[str]:
    """Which elements and attributes stand how often in its table and controls; rows and choices may be more."""
    ours = ("tr", "th", "td", "a", "strong", "option")
    inside = page[page.index("<main") : page.index("<script>")]
    return Counter(
        f"{node.tag} {sorted(node.attributes)}"
        for node in LexborHTMLParser(inside).root.traverse()
        if node.tag not in ours
    )


def ready_text(attack: str) -> None:
    desk = issue(attack).desk
    for row in called(desk):
        for letter in letters(desk, row):
            for line in (letter.subject, *letter.lines):
                assert not re.search(r"[\r\n\v\f\x1c-\x1e\x85\u2028\u2029]", line)
                assert "victim@x.example" not in line


def mail(attack: str) -> None:
    content = lagebild.as_mail(issue(attack), language_for(attack))
    message = email.message_from_bytes(content, policy=email.policy.default)
    assert set(message.keys()) == {
        "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "X-Auto-Response-Suppress", "Content-Language",
        "MIME-Version", "Content-Type",
    }  # fmt: skip
    assert not message.defects
    assert [part.get_content_type() for part in message.walk()] == [
        "multipart/alternative", "text/plain", "text/html",
    ]  # fmt: skip
    body = message.get_body(["html"]).get_content()
    assert [found for found in findings(body) if not found.startswith("style=")] == []


def calendar(attack: str) -> None:
    content = lagebild.as_calendar(issue(attack), language_for(attack))
    lines = content.decode().replace("\r\n ", "").split("\r\n")
    assert {re.split("[;:]", line)[0] for line in lines if line} == {
        "BEGIN", "END", "VERSION", "PRODID", "CALSCALE", "METHOD", "UID", "DTSTAMP", "SEQUENCE", "DTSTART", "DTEND",
        "SUMMARY", "DESCRIPTION", "TRANSP",
    }  # fmt: skip
    assert {line for line in lines if line.startswith("BEGIN:")} == {"BEGIN:VCALENDAR", "BEGIN:VEVENT"}
    assert all(len(line) <= 75 for line in content.split(b"\r\n"))


def workbook(attack: str) -> None:
    content = lagebild.as_workbook(issue(attack), language_for(attack))
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        assert not [name for name in parts.namelist() if re.search("external|vba|macro|hyperlink", name.lower())]
        for name in parts.namelist():
            tags = {found.tag.partition("}")[2] for found in ElementTree.fromstring(parts.read(name)).iter()}  # noqa: S314 our own file
            assert not tags & {"f", "hyperlink", "externalReference"}


def table_file(attack: str) -> None:
    content = lagebild.as_csv(issue(attack))
    assert is_free_of_formulas(content)
    widths = {len(row) for row in csv.reader(io.StringIO(content))}
    assert len(widths) == 1


def feeds(attack: str) -> None:
    for name, content in site_of(attack).items():
        if name.endswith(".xml"):
            tags = {found.tag.partition("}")[2] for found in ElementTree.fromstring(content).iter()}  # noqa: S314 our own file
            assert tags == {"feed", "id", "title", "published", "updated", "author", "name", "entry", "link", "summary"}
        if name.endswith(".json"):
            assert {key for item in json.loads(content)["items"] for key in item} == {
                "id", "url", "title", "content_text", "date_published",
            }  # fmt: skip


def archive_index(attack: str) -> None:
    for name, content in site_of(attack).items():
        if name.startswith("index"):
            assert [
                found for found in findings(content.decode()) if not found.startswith(("href 20", "href index."))
            ] == []


def statistics(attack: str) -> None:
    text, week = ATTACKS[attack], Week(2020, 17)
    listings, members = issue(attack).listings, issue(attack).members
    listings = listings.assign(country=text, region=text, organisation_name=text, status="open")
    made = ministry.week_release(
        week,
        {week: ministry.Frames(listings, members.assign(group_id=text), issue(attack).repeats)},
        {},
        is_sample=True,
    )
    assert findings(made.files["statistics.html"].decode()) == []
    assert is_free_of_formulas(made.files["statistics.csv"].decode())


def monitor_page(attack: str) -> None:
    text = ATTACKS[attack]
    run = monitored_run()
    run = replace(
        run,
        source_states=run.source_states.assign(reason=text, state="stale"),
        quarantine=run.quarantine.assign(field=text, rule=text),
        watched=as_table(
            [
                Watched(text, "files_taken", False, {"files": {text: text}}),
                Watched(text, "parts_in_band", False, {"parts": {text: [0, 9]}}),
                Watched(text, "reachable", False, {"age_days": 1, "reason": text}),
            ]
        ),
        findings={text: next(iter(run.findings.values()))},
    )
    assert findings(monitor.render(run)) == []
    assert json.loads(monitor.as_json(run))["checks"][0]["facts"]["reason"] == text


FORMATS: dict[str, Callable[[str], None]] = {
    "HTML page": html_page,
    "list of cases": case_list,
    "ready text": ready_text,
    "mail": mail,
    "iCalendar": calendar,
    "XLSX": workbook,
    "CSV": table_file,
    "Atom, JSON Feed": feeds,
    "archive index": archive_index,
    "ministry statistics": statistics,
    "monitor": monitor_page,
}


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("attack", ATTACKS)
def test_nothing_hostile_gets_through(attack: str, form: str) -> None:
    FORMATS[form](attack)


@pytest.mark.skipif(which("pdfinfo") is None, reason="pdfinfo is missing: install poppler-utils")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # see test_pdf.py
@pytest.mark.parametrize("form", ["PDF reading copy", "PDF archive copy"])
def test_nothing_hostile_gets_through_in_print(form: str, tmp_path: Path) -> None:
    # All that could matter in one text: a PDF takes seconds.
    hostile = hostile_issue(" ".join([*ATTACKS.values()][:6]))
    page, data = lagebild.render(hostile), lagebild.as_csv(hostile).encode()
    path = tmp_path / "x.pdf"
    try:
        made = reading_copy(page) if form == "PDF reading copy" else archive_copy(page, {"lagebild.csv": data}, AS_OF)
    except PdfUnavailable as error:
        pytest.skip(str(error))
    path.write_bytes(made)

    def told(*command: str) -> str:
        return subprocess.run([*command], cwd=tmp_path, capture_output=True, check=True).stdout.decode()

    text = " ".join(told("pdftotext", "x.pdf", "-").split())
    assert "<script>alert(1)</script>" in text
    assert "{{ 7*7 }}" in text
    assert "root:" not in text
    assert told("pdfinfo", "-js", "x.pdf") == ""
    links = [line.split()[-1] for line in told("pdfinfo", "-url", "x.pdf").splitlines()[1:]]
    # Links lead into the page, or to the issue that told of an opportunity before.
    file = r"((\.\./\d{4}-W\d\d/)?[a-z_]+\.de\.(html|ics|xlsx)|lagebild\.csv)"
    homes = {platform.url for platform in hostile.platforms}
    assert [link for link in links if not re.fullmatch(rf"{file}?(#[\w-]+)?", link) and link not in homes] == []
    for name in (
        b"/JavaScript",
        b"/Launch",
        b"/OpenAction",
        b"/AA",
        b"/SubmitForm",
        b"/GoToR",
        b"/RichMedia",
        b"/ImportData",
    ):
        assert name not in made
    attached = told("pdfdetach", "-list", "x.pdf").splitlines()
    if form == "PDF archive copy":
        assert attached == ["1 embedded files", "1: lagebild.csv"]
        told("pdfdetach", "-saveall", "x.pdf")
        assert (tmp_path / "lagebild.csv").read_bytes() == data
        assert is_free_of_formulas(data.decode())
    else:
        assert attached == ["0 embedded files"]


def listed(heading: str) -> list[str]:
    """The first column of a table of the page."""
    section = PAGE.read_text("utf-8").partition(f"## {heading}\n")[2].partition("\n## ")[0]
    return [line.split("|")[1].strip() for line in section.splitlines() if line.startswith("| ")][2:]


def test_the_page_lists_what_is_tried() -> None:
    assert listed("Attacks") == list(ATTACKS)
    assert listed("Formats") == [*FORMATS, "PDF reading copy", "PDF archive copy"]


def test_every_free_field_is_attacked() -> None:
    attacked = issue("event handler")
    text = ATTACKS["event handler"]
    ours = {  # codes and days that the intake gives or checks
        "platform", "kind", "language", "country", "unit", "period", "certificate", "urgency", "vetting", "status",
        "first_seen_on", "last_seen_on",
    }  # fmt: skip
    texts = [
        name
        for name in attacked.listings.columns
        if attacked.listings[name].map(lambda cell: isinstance(cell, str)).any()
    ]
    free = set(texts) - ours
    assert {name for name in free if attacked.listings[name].str.contains(text, regex=False).all()} == free
    assert Words.CONCEPTS  # the taxonomy is ours, not the platforms'
