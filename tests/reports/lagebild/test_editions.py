"""What was published stays: corrections say what changed, replaced editions keep a pointer, feeds and mail say so."""

import email
import email.policy
import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from xml.etree import ElementTree

import pandas as pd
import pytest

from reports.lagebild import Issue, as_calendar, render, render_cases
from reports.lagebild.archive import site_files
from reports.lagebild.corrections import differences, facts
from reports.lagebild.editions import FACTS, issue_files, published, remits_in
from reports.lagebild.remit import DEFAULT, Remit
from reports.language import LANGUAGES
from tests.reports.builders import CONSORTIA, FIGURES, OPPORTUNITIES, sample_issue

DAY, LATER = date(2020, 4, 29), date(2020, 5, 6)


def changed_issue() -> Issue:
    """The sample week with another deadline, another figure and one more closed opportunity."""
    rows = [row | {"content": '{"deadline":"2020-05-04"}'} if row["rank"] == 1 else row for row in OPPORTUNITIES]
    closed = OPPORTUNITIES[2] | {"opportunity_id": "K-2020-15-09", "consortium_id": "c8", "rank": 4}
    return sample_issue(
        opportunities=[*rows, closed],
        consortia=[CONSORTIA[0] | {"deadline_on": "2020-05-04"}, CONSORTIA[1]],
        figures=[*FIGURES[:2], (*FIGURES[2][:1], 216, *FIGURES[2][2:])],
    )


@pytest.fixture(scope="module")
def first() -> dict[str, bytes]:
    return published(sample_issue(), {}, DAY)


@pytest.fixture(scope="module")
def corrected(first: dict[str, bytes]) -> dict[str, bytes]:
    return {**first, **published(changed_issue(), first, DAY)}


def test_the_same_issue_again_changes_nothing(first: dict[str, bytes]) -> None:
    assert published(sample_issue(), first, LATER) == first


def _moved(fact: object, by: float) -> object:
    return fact + by if isinstance(fact, float) else fact


def moved_issue(by: float) -> Issue:
    """The sample week with every figure that was worked out moved a little, in tables and in evidence."""
    issue = sample_issue()
    columns = ("score", "distance_km", "quantity_cover", "quantity_covered", "lead_time_days", "gap")

    def moved_facts(text: str) -> str:
        return json.dumps([{key: _moved(fact, by) for key, fact in part.items()} for part in json.loads(text)])

    def moved(frame: pd.DataFrame) -> pd.DataFrame:
        figures = {name: frame[name] + by for name in columns if name in frame}
        return frame.assign(evidence=frame["evidence"].map(moved_facts), **figures)

    content = issue.opportunities["content"].map(lambda text: text.replace('"covered":0.5', f'"covered":{0.5 + by}'))
    return replace(
        issue,
        consortia=moved(issue.consortia),
        roles=moved(issue.roles).assign(quantity=issue.roles["quantity"] + by),
        matches=moved(issue.matches),
        opportunities=issue.opportunities.assign(content=content),
    )


@pytest.mark.parametrize("by", [1e-9, -1e-9, 4e-5])
def test_a_digit_that_no_reader_sees_is_no_correction(first: dict[str, bytes], by: float) -> None:
    assert issue_files(moved_issue(by)) == first
    assert published(moved_issue(by), first, LATER) == first


@pytest.mark.parametrize("frame", ["consortia", "matches"])
def test_a_digit_that_readers_see_is_a_correction(first: dict[str, bytes], frame: str) -> None:
    issue = sample_issue()
    scored = getattr(issue, frame).assign(score=getattr(issue, frame)["score"] + 0.01)
    again = published(replace(issue, **{frame: scored}), first, LATER)
    assert again["edition-1/lagebild.csv"] == first["lagebild.csv"]
    assert len(json.loads(again[FACTS])["corrections"]) == 1


def packed_anew(workbook: bytes) -> bytes:
    """The same workbook as another zlib may pack it."""
    content = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook)) as old, zipfile.ZipFile(content, "w", zipfile.ZIP_STORED) as new:
        for part in old.namelist():
            new.writestr(part, old.read(part))
    return content.getvalue()


def test_other_bytes_that_say_the_same_are_no_correction_and_what_was_published_stays(first: dict[str, bytes]) -> None:
    made_elsewhere = {
        **first,
        "matches.de.xlsx": packed_anew(first["matches.de.xlsx"]),
        "deadlines.fr.ics": first["deadlines.fr.ics"].replace(b"VERSION:2.0", b"VERSI\r\n ON:2.0"),
        "lagebild.de.html": first["lagebild.de.html"].replace(b"<style>", b"<style>p { margin: 0 }"),
        "lagebild.de.pdf": b"%PDF",
    }
    assert made_elsewhere["matches.de.xlsx"] != first["matches.de.xlsx"]
    assert published(sample_issue(), made_elsewhere, LATER) == made_elsewhere


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("lagebild.de.html", b"K-2020-17-01", b"K-2020-17-99"),
        ("lagebild.en.html", b'href="cases.en.html#K-2020-17-01"', b'href="cases.en.html#K-2020-16-02"'),
        ("cases.en.html", b"K-2020-17-01", b"K-2020-17-99"),
        ("deadlines.fr.ics", b"20200429", b"20200428"),
        ("lagebild.csv", b"0.91", b"0.92"),
        ("lagebild.en.eml", b"Subject: ", b"Subject: Old "),
    ],
)
def test_what_readers_saw_otherwise_is_a_correction(first: dict[str, bytes], name: str, old: bytes, new: bytes) -> None:
    before = first | {name: first[name].replace(old, new)}
    assert before != first
    assert "edition-1/issue.json" in published(sample_issue(), before, LATER)


def test_a_language_that_was_not_there_is_added_without_a_correction(first: dict[str, bytes]) -> None:
    before = {name: content for name, content in first.items() if ".fr." not in name}
    assert published(sample_issue(), before, LATER) == first


def test_a_correction_says_when_and_what(corrected: dict[str, bytes]) -> None:
    page = corrected["lagebild.de.html"].decode()
    notice = page.split("Korrektur:")[1].split("</div>")[0]
    assert "Berichtigt am 29. April 2020 (KW 18/2020)." in notice
    assert "Angebote aktiv: 214 → 216." in notice
    assert "Neu aufgenommen: " in notice
    assert "K-2020-15-09" in notice
    assert 'href="cases.de.html#K-2020-17-01"' in notice
    assert "Geändert (Frist und Einzelheiten): " in notice
    assert "edition-1/lagebild.de.html" in notice


@pytest.mark.parametrize("language", LANGUAGES)
def test_pages_with_a_correction_are_well_made(
    corrected: dict[str, bytes], language: str, findings_in: Callable[[str], list[str]]
) -> None:
    for folder in ("", "edition-1/"):
        for name in ("lagebild", "cases", "proofs"):
            assert findings_in(corrected[f"{folder}{name}.{language}.html"].decode()) == []


def test_what_was_published_stays_with_a_pointer(first: dict[str, bytes], corrected: dict[str, bytes]) -> None:
    for name, content in first.items():
        kept = corrected[f"edition-1/{name}"]
        if name.endswith(".html"):
            assert f'href="../{name}"'.encode() in kept
            head, _, rest = kept.partition(b'<p class="notice">')
            # Other issues lie a folder further up.
            assert (head + rest.partition(b"</p>\n")[2]).replace(b'href="../../20', b'href="../20') == content
        else:
            assert kept == content


def test_a_correction_again_is_the_same_edition_and_a_second_one_keeps_the_first(corrected: dict[str, bytes]) -> None:
    again = published(changed_issue(), corrected, LATER)
    assert again == {name: content for name, content in corrected.items() if not name.startswith("edition-")}
    third = published(sample_issue(), corrected, LATER)
    assert {name.split("/")[0] for name in third if "/" in name} == {"edition-2"}
    told = json.loads(third[FACTS])["corrections"]
    assert [correction["on"] for correction in told] == ["2020-04-29", "2020-05-06"]
    assert third["edition-2/lagebild.csv"] == corrected["lagebild.csv"]


def test_a_run_killed_while_writing_a_correction_loses_nothing(first: dict[str, bytes]) -> None:
    whole = published(changed_issue(), first, DAY)
    moved = sum(name.startswith("edition-1/") for name in whole)
    for written in (moved - 1, moved + 5):
        stored = {**first, **dict(list(whole.items())[:written])}
        stored |= published(changed_issue(), stored, DAY)
        assert stored["edition-1/lagebild.csv"] == first["lagebild.csv"]
        assert "edition-2/issue.json" not in stored
        assert stored == {**first, **whole}


def test_another_wording_is_a_correction_of_the_wording_alone(first: dict[str, bytes]) -> None:
    before = {**first, "lagebild.fr.html": first["lagebild.fr.html"].replace(b"Point", b"Pointe")}
    page = published(sample_issue(), before, DAY)["lagebild.de.html"].decode()
    assert "Geändert: nur der Wortlaut, keine Angabe." in page


def test_another_remit_says_for_whom_the_page_was_and_is_whom_it_calls_and_what_it_counts(
    first: dict[str, bytes],
) -> None:
    """What happened on the boards of April 2020: other cases led, and the notice said "only the wording"."""
    abroad = replace(sample_issue(), remit=Remit(countries=("US",), groups=("textile",)))
    page = published(abroad, first, DAY)["lagebild.de.html"].decode()
    notice = page.split("Korrektur:")[1].split("</div>")[0]
    assert "Gebiet: bisher Deutschland, " in notice
    assert "jetzt Vereinigte Staaten, nur " in notice
    assert "; jetzt niemand." in notice
    assert "laufende Vorgänge 2 → 0" in notice
    assert "Wortlaut" not in notice


def test_a_number_that_no_fact_keeps_is_not_only_wording(first: dict[str, bytes]) -> None:
    before = {**first, "cases.fr.html": first["cases.fr.html"].replace(b"K-2020-17-01", b"K-2020-17-99")}
    page = published(sample_issue(), before, DAY)["lagebild.de.html"].decode()
    assert "Geändert: Zahlen, Vorgänge oder Verweise auf den Seiten; keine Kennzahl." in page
    assert "Wortlaut" not in page


def test_an_issue_that_kept_no_facts_can_be_corrected(first: dict[str, bytes]) -> None:
    told = json.loads(first[FACTS])
    old = {**first, FACTS: json.dumps({name: told[name] for name in ("week", "headlines")}).encode()}
    page = published(changed_issue(), old, DAY)["lagebild.en.html"].decode()
    assert "Recounted: " in page


def test_an_issue_keeps_for_whom_it_was(first: dict[str, bytes]) -> None:
    week = sample_issue().week
    assert remits_in({week: first[FACTS], week.shifted(-1): b"{}"}) == {week: DEFAULT}


def test_feeds_and_index_name_the_correction(corrected: dict[str, bytes]) -> None:
    site = site_files({"2020-W17": corrected})
    feed = ElementTree.fromstring(site["atom.de.xml"])  # noqa: S314 our own file
    atom = {"a": "http://www.w3.org/2005/Atom"}
    assert feed.findtext("a:entry/a:title", "", atom).startswith("Korrektur: ")
    assert (
        feed.findtext("a:entry/a:updated", "", atom) == feed.findtext("a:updated", "", atom) == "2020-04-29T00:00:00Z"
    )
    (item,) = json.loads(site["feed.fr.json"])["items"]
    assert item["title"].startswith("Rectificatif")
    assert item["date_modified"] == "2020-04-29T00:00:00Z"
    for language in LANGUAGES:
        index = site[f"index.{language}.html"].decode()
        assert f'href="2020-W17/edition-1/lagebild.{language}.html"' in index
    assert "  2020-W17/edition-1/lagebild.csv\n" in site["SHA256SUMS"].decode()


def test_the_mail_and_the_calendar_are_newer(first: dict[str, bytes], corrected: dict[str, bytes]) -> None:
    old, new = (
        email.message_from_bytes(files["lagebild.de.eml"], policy=email.policy.default) for files in (first, corrected)
    )
    assert new["Subject"] == f"Korrektur: {old['Subject']}"
    assert new["Message-ID"] != old["Message-ID"]
    assert "Berichtigt am 29. April 2020" in new.get_body(["plain"]).get_content()
    assert "Berichtigt am 29. April 2020" in new.get_body(["html"]).get_content()
    assert b"SEQUENCE:0" in as_calendar(sample_issue())
    assert "SEQUENCE:1\r\n" in corrected["deadlines.de.ics"].decode()


def test_many_changes_are_counted(issue_of: Callable[..., Issue], crowded: Issue) -> None:
    page = published(crowded, issue_files(issue_of(opportunities=())), DAY)["lagebild.de.html"].decode()
    assert "und 192 weitere" in page


def test_equal_facts_have_no_difference_in_any_order_of_rows(issue_of: Callable[..., Issue]) -> None:
    issue = issue_of()
    frames = ("listings", "matches", "unmet", "source_states", "roles", "opportunities")
    turned = replace(issue, **{name: getattr(issue, name).iloc[::-1] for name in frames})
    assert differences(facts(issue.desk), facts(turned.desk)) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_was_told_before_points_to_its_issue(issue_of: Callable[..., Issue], language: str) -> None:
    unchanged = [row | {"state": "unchanged", "change": "[]"} if row["rank"] == 2 else row for row in OPPORTUNITIES]
    link = f'href="../2020-W16/cases.{language}.html#K-2020-16-02"'
    for issue in (issue_of(opportunities=unchanged), issue_of()):
        told = render_cases(issue, language)
        assert link in told.split('id="K-2020-16-02"')[1].split("</article>")[0]
    assert link in render(issue_of(), language).split('id="aenderungen-caption"')[1].split("</table>")[0]
