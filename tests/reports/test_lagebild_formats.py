"""The other forms of an issue: calendar, workbook, feeds, mail."""

import email
import email.policy
import json
import zipfile
from collections.abc import Callable
from io import BytesIO
from xml.etree import ElementTree

import pytest
from openpyxl import load_workbook

from reports.lagebild import Issue, spreadsheet
from reports.lagebild.calendar import as_calendar
from reports.lagebild.feeds import Entry, as_atom, as_json_feed
from reports.lagebild.mail import as_mail
from reports.lagebild.spreadsheet import as_workbook
from reports.language import LANGUAGES
from reports.privacy import find_contacts
from sources.week import Week

MakeIssue = Callable[..., Issue]


def unfolded(calendar: str) -> list[str]:
    return calendar.replace("\r\n ", "").split("\r\n")


@pytest.mark.parametrize("language", LANGUAGES)
def test_deadlines_are_events(issue_of: MakeIssue, language: str) -> None:
    lines = unfolded(as_calendar(issue_of(), language))
    assert lines.count("BEGIN:VEVENT") == 1
    assert "UID:K-2020-17-01@verbundradar.example" in lines
    assert "DTSTART;VALUE=DATE:20200429" in lines
    assert "DTEND;VALUE=DATE:20200430" in lines
    assert as_calendar(issue_of(), language) == as_calendar(issue_of(), language)


def test_a_later_issue_wins(issue_of: MakeIssue) -> None:
    older = issue_of(opportunities=[row | {"first_reported_in": "2020-W15"} for row in _running(issue_of)])
    assert "SEQUENCE:200" in unfolded(as_calendar(older))


def _running(issue_of: MakeIssue) -> list[dict[str, object]]:
    frame = issue_of().opportunities
    return list(frame[frame["state"] != "closed"].to_dict("records"))


def test_long_lines_are_folded_between_characters(hostile: Callable[[str], Issue]) -> None:
    calendar = as_calendar(hostile("ü" * 200))
    assert all(len(line.encode()) <= 75 for line in calendar.split("\r\n"))
    assert "ü" * 200 in "".join(unfolded(calendar))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_workbook_holds_all_matches(issue_of: MakeIssue, language: str) -> None:
    content = as_workbook(issue_of(), language)
    assert content == as_workbook(issue_of(), language)
    sheet = zipfile.ZipFile(BytesIO(content)).read("xl/worksheets/sheet1.xml").decode()
    assert sheet.count("<row ") == 3


def test_the_workbook_reads_as_written(issue_of: MakeIssue) -> None:
    book = load_workbook(BytesIO(as_workbook(issue_of(), "de")), read_only=True)
    assert book.sheetnames == ["Treffer", "Inserate"]
    matches = list(book["Treffer"].iter_rows(values_only=True))
    request = ("boerse:g1", "BIOPRO Kooperationsbörse")
    assert matches[1][:7] == (*request, "drehscheibe:a2", "MedicalMountains Drehscheibe", "Schutzkittel", 1, 0.91)
    assert "38 km entfernt" in matches[1][9]
    listings = {row[0]: row[1:] for row in book["Inserate"].iter_rows(values_only=True)}
    assert len(listings) == 8
    assert listings["drehscheibe:g3"][-1] == "Beatmungsventile"


def test_a_full_sheet_is_continued(issue_of: MakeIssue, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spreadsheet, "MOST_ROWS", 3)
    book = load_workbook(BytesIO(as_workbook(issue_of(), "de")), read_only=True)
    assert book.sheetnames == ["Treffer", "Inserate", "Inserate 2", "Inserate 3"]
    rows = [list(book[name].iter_rows(values_only=True, max_col=1)) for name in book.sheetnames[1:]]
    assert [row[0] for rows_of in rows for row in rows_of[1:]] == sorted(issue_of().listings["listing_id"])
    assert {rows_of[0][0] for rows_of in rows} == {"Inserat"}


def _entries(headline: str = "1 neue Konsortialchance.") -> list[Entry]:
    return [Entry(Week(2020, 16), "2020-W16/lagebild.de.html", [headline]), Entry(Week(2020, 17), "x.html", [headline])]


@pytest.mark.parametrize("language", LANGUAGES)
def test_feeds_name_the_newest_issue_first(language: str) -> None:
    feed = ElementTree.fromstring(as_atom(_entries(), language))  # noqa: S314 our own file
    atom = {"a": "http://www.w3.org/2005/Atom"}
    assert [item.findtext("a:id", "", atom) for item in feed.findall("a:entry", atom)] == [
        "urn:verbundradar:lagebild:2020-W17",
        "urn:verbundradar:lagebild:2020-W16",
    ]
    assert next(item["url"] for item in json.loads(as_json_feed(_entries(), language))["items"]) == "x.html"
    assert as_atom(_entries(), language) == as_atom(_entries()[::-1], language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_mail_says_what_page_1_says(
    issue_of: MakeIssue, language: str, findings_in: Callable[[str], list[str]]
) -> None:
    content = as_mail(issue_of(), language)
    assert content == as_mail(issue_of(), language)
    message = email.message_from_bytes(content, policy=email.policy.default)
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["To"] == "undisclosed-recipients:;"
    plain, page = (message.get_body([kind]).get_content() for kind in ("plain", "html"))
    assert "K-2020-17-01" in plain
    assert "var(" not in page
    assert "<svg" not in page
    assert [finding for finding in findings_in(page) if not finding.startswith("style=")] == []
    assert find_contacts(page) == find_contacts(plain) == []
