"""Answers to an issue: signed, sent back by mail or workbook, refused if wrong; nothing counts twice or too early."""

import os
import stat
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from matching.cases.entries import HistoryError
from matching.schema import Opportunity, empty
from pipelines.answers.book import CaseBook
from pipelines.answers.keys import KeyStore
from pipelines.answers.mails import code
from pipelines.resources import AnswerAccess
from pipelines.stored import write_stored
from reports.lagebild.case_sheet import COLUMNS, as_case_sheet
from sources.week import Week
from tests.reports.builders import sample_issue

WEEK = Week(2020, 17)
NUMBER = "K-2020-17-01"
TUESDAY = datetime(2020, 4, 28, 8, 15, tzinfo=UTC)  # after the issue of W17 was published
END = WEEK.shifted(1).ends_at


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """A store in which 2020-W17 told three opportunities."""
    keep_week(tmp_path, WEEK)
    return tmp_path


def keep_week(store: Path, week: Week) -> None:
    rows = [
        {"opportunity_id": f"K-2020-17-{place:02d}", "consortium_id": f"c{place}", "state": "new", "rank": place}
        | {"change": "[]", "closing_reason": None, "first_reported_in": "2020-W17", "title_concept_id": "gown"}
        | {"content": "{}"}
        for place in (1, 2, 3)
    ]
    folder = store / "tables" / "opportunities"
    folder.mkdir(parents=True, exist_ok=True)
    write_stored(folder / f"{week}.parquet", pd.DataFrame(rows)[list(empty(Opportunity))])  # type: ignore[arg-type]


def mail(store: Path, text: str, *, message_id: str = "1@lead.example", at: datetime = TUESDAY) -> None:
    """Put a mail into the folder of answers."""
    (store / "answers").mkdir(exist_ok=True)
    place = store / "answers" / f"{len(list((store / 'answers').iterdir()))}.eml"
    head = f"From: Erika Muster <erika@lead.example>\nDate: {at:%a, %d %b %Y %H:%M:%S} +0000\nSubject: {NUMBER}\n"
    place.write_text(f"{head}Message-ID: <{message_id}>\n\n{text}", "utf-8")


def line(store: Path, state: str = "taken_over", reason: str = "", number: str = NUMBER, week: Week = WEEK) -> str:
    return code(number, state, reason, week, KeyStore(store).token(number, state, reason, week))


def refused(book: CaseBook) -> list[tuple[str, str]]:
    table = book.refused(END)
    return list(zip(table["way"], table["rule"], strict=True))


def test_a_mailed_answer_is_added_once_without_person_or_contact_data(store: Path) -> None:
    book = CaseBook(store)
    said = "\n\nHabe angerufen, Rückruf unter 07461 123456 oder a.b@firma.example\n\nViele Grüße\nErika Muster"
    mail(store, line(store) + said)
    assert book.collect(END) == []
    assert book.collect(END) == []
    [entry] = book.entries()
    assert (entry.opportunity_id, entry.state, entry.role, entry.way, entry.said_at) == (
        NUMBER, "taken_over", "lead", "mail", TUESDAY,
    )  # fmt: skip
    assert entry.note == "Habe angerufen, Rückruf unter [telephone] oder [e-mail]"
    assert refused(book) == []
    for kept in ("Erika", "lead.example", "07461"):
        assert kept not in (store / "cases.csv").read_text("utf-8")


def test_the_line_is_read_from_a_reply_that_breaks_it_and_quotes_an_older_mail(store: Path) -> None:
    mail(store, line(store, "declined", "prefers_other").replace(" 2020-W17 ", "\n2020-W17\n") + "\n\n> Hallo\n> Welt")
    book = CaseBook(store)
    book.collect(END)
    [entry] = book.entries()
    assert (entry.state, entry.reason, entry.note) == ("declined", "prefers_other", "")


@pytest.mark.parametrize(
    ("rule", "spoil"),
    [
        ("forged", lambda text: text[:-1] + ("0" if text[-1] != "0" else "1")),
        ("forged", lambda text: text.replace("taken_over", "done")),
        ("forged", lambda text: text.replace("K-2020-17-01", "K-2020-17-02")),
        ("forged", lambda text: text.replace("2020-W17", "2020-W16")),
        ("no_code", lambda text: text[:-4]),
        ("no_code", lambda text: text.replace("2020-W17", "2020-W99")),
        ("no_code", lambda text: "Wir übernehmen das."),
        ("words", lambda text: text.replace("taken_over", "sold")),
        ("words", lambda text: text.replace("taken_over -", "taken_over no_need")),
        ("several_codes", lambda text: f"{text}\n{text}"),
    ],
)
def test_forged_and_malformed_mails_change_nothing_and_are_listed(
    store: Path, rule: str, spoil: Callable[[str], str]
) -> None:
    mail(store, spoil(line(store)))
    book = CaseBook(store)
    book.collect(END)
    book.collect(END)
    assert book.entries() == ()
    assert refused(book) == [("mail", rule)]


def test_replays_change_nothing_and_are_listed(store: Path) -> None:
    book = CaseBook(store)
    mail(store, line(store))
    book.collect(END)
    mail(store, line(store, "done"))  # the same Message-ID says something else
    mail(store, line(store) + "\n\nnoch einmal", message_id="2@other.example")  # the same token in another mail
    book.collect(END)
    assert [entry.state for entry in book.entries()] == ["taken_over"]
    assert sorted(refused(book)) == [("mail", "message_again"), ("mail", "token_again")]


def test_another_stores_key_signs_nothing_here(store: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    other = tmp_path_factory.mktemp("other")
    mail(store, line(other))
    book = CaseBook(store)
    book.collect(END)
    assert (book.entries(), refused(book)) == ((), [("mail", "forged")])


def test_a_number_that_no_week_told_is_unknown(store: Path) -> None:
    mail(store, line(store, number="K-2020-17-09"))
    book = CaseBook(store)
    book.collect(END)
    assert refused(book) == [("mail", "unknown")]


def test_a_case_that_an_earlier_week_closed_takes_no_answer(store: Path) -> None:
    book = CaseBook(store)
    mail(store, line(store, "declined", "no_need"))
    book.collect(END)
    keep_week(store, WEEK.shifted(1))
    mail(store, line(store), message_id="2@lead.example", at=TUESDAY + timedelta(days=8))
    book.collect(WEEK.shifted(2).ends_at)
    assert [entry.state for entry in book.entries()] == ["declined"]
    assert list(book.refused(WEEK.shifted(2).ends_at)["rule"]) == ["closed"]


def test_an_answer_that_comes_after_its_week_was_run_counts_from_the_next(store: Path) -> None:
    keep_week(store, WEEK.shifted(1))
    mail(store, line(store))
    book = CaseBook(store)
    book.collect(WEEK.shifted(1).ends_at)
    assert book.entries(WEEK.shifted(1).ends_at) == ()
    [entry] = book.entries()
    assert entry.week == WEEK.shifted(2)


def test_no_answer_is_older_than_its_issue(store: Path) -> None:
    mail(store, line(store), at=TUESDAY - timedelta(days=20))
    book = CaseBook(store)
    book.collect(END)
    [entry] = book.entries()
    assert entry.said_at == WEEK.ends_at


def test_the_key_is_made_once_and_is_its_owners_alone(tmp_path: Path) -> None:
    token = KeyStore(tmp_path).token(NUMBER, "done", "", WEEK)
    assert KeyStore(tmp_path).token(NUMBER, "done", "", WEEK) == token
    assert KeyStore(tmp_path, "other").token(NUMBER, "done", "", WEEK) != token
    assert stat.S_IMODE((tmp_path / "answers.key").stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["answers.key"]


def test_without_an_address_there_are_no_links_and_no_key(store: Path) -> None:
    assert CaseBook(store).links() is None
    assert not (store / "answers.key").exists()
    links = CaseBook(store, access=AnswerAccess("task@force.example")).links()
    assert links is not None
    assert KeyStore(store).is_genuine(links.token(NUMBER, "done", "", WEEK), NUMBER, "done", "", WEEK)


def test_an_address_that_is_none_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VERBUNDRADAR_ANSWERS_TO", "a@b.example?bcc=c@d.example")
    with pytest.raises(ValueError, match="is not one plain address"):
        AnswerAccess.from_environment()


def filled(content: bytes, answers: dict[str, tuple[str, str, str]]) -> bytes:
    """The workbook with answers (state, reason, note) in the rows of some numbers."""
    book = openpyxl.load_workbook(BytesIO(content))
    sheet = book.worksheets[0]
    place = {name: column for column, name in enumerate(COLUMNS, start=1)}
    for row in range(2, sheet.max_row + 1):
        if said := answers.get(str(sheet.cell(row, place["opportunity_id"]).value)):
            for name, text in zip(("state", "reason", "note"), said, strict=True):
                sheet.cell(row, place[name]).value = text
    written = BytesIO()
    book.save(written)
    return written.getvalue()


def drop(folder: Path, name: str, content: bytes, at: datetime) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(content)
    os.utime(folder / name, (at.timestamp(), at.timestamp()))


def test_the_workbook_of_an_issue_comes_back(store: Path) -> None:
    issue = sample_issue()
    numbers = [row["opportunity_id"] for row in issue.desk.running]
    keep_week(store, WEEK)
    table = pd.read_parquet(store / "tables" / "opportunities" / "2020-W17.parquet").iloc[: len(numbers)]
    write_stored(store / "tables" / "opportunities" / "2020-W17.parquet", table.assign(opportunity_id=numbers[:3]))  # type: ignore[arg-type]
    said = {
        numbers[0]: ("abgelehnt", "kein Bedarf mehr", "Klinik ist versorgt, a@b.example"),
        numbers[1]: ("verschoben", "", ""),
    }
    book = CaseBook(store, inbox=store / "inbox")
    for _ in range(2):
        drop(store / "inbox" / "decisions", "Vorgänge W17.xlsx", filled(as_case_sheet(issue), said), TUESDAY)
        book.collect(END)
    [entry] = book.entries()
    assert entry[:6] == (numbers[0], "declined", "no_need", "lead", "workbook", TUESDAY)
    assert entry.note == "Klinik ist versorgt, [e-mail]"
    assert refused(book) == [("workbook", "words")]


def test_a_corrected_row_is_a_new_entry_and_other_languages_are_read(store: Path) -> None:
    issue = sample_issue()
    number = issue.desk.running[0]["opportunity_id"]
    table = pd.read_parquet(store / "tables" / "opportunities" / "2020-W17.parquet").iloc[:1]
    write_stored(store / "tables" / "opportunities" / "2020-W17.parquet", table.assign(opportunity_id=[number]))  # type: ignore[arg-type]
    book = CaseBook(store)
    for day, (word, language) in enumerate((("joint", "fr"), ("agreed", "en"), ("agreed", "en"))):
        content = filled(as_case_sheet(issue, language), {number: (word, "", "")})
        drop(store / "answers", "cases.xlsx", content, TUESDAY + timedelta(days=day))
        book.collect(END)
    assert [(entry.state, entry.said_at.day) for entry in book.entries()] == [("reached", 28), ("agreed", 29)]


def test_a_workbook_that_is_none_of_ours_is_listed(store: Path) -> None:
    drop(store / "answers", "liste.xlsx", b"PK", TUESDAY)
    book = CaseBook(store)
    book.collect(END)
    assert refused(book) == [("workbook", "unreadable")]


def test_a_line_is_added_below_one_that_an_editor_cut_and_none_is_changed(store: Path) -> None:
    mail(store, line(store))
    book = CaseBook(store)
    book.collect(END)
    path = store / "cases.csv"
    path.write_text(path.read_text("utf-8").rstrip("\n"), "utf-8")
    before = path.read_text("utf-8")
    mail(store, line(store, "done"), message_id="2@lead.example")
    book.collect(END)
    assert path.read_text("utf-8").startswith(before + "\n")
    assert [entry.state for entry in book.entries()] == ["taken_over", "done"]


def test_what_stands_for_a_number_in_a_workbook_is_not_repeated(store: Path) -> None:
    sheet = openpyxl.load_workbook(BytesIO(as_case_sheet(sample_issue())))
    sheet.worksheets[0].cell(2, 1).value = "Erika Muster"
    sheet.worksheets[0].cell(2, list(COLUMNS).index("state") + 1).value = "erledigt"
    written = BytesIO()
    sheet.save(written)
    drop(store / "answers", "cases.xlsx", written.getvalue(), TUESDAY)
    book = CaseBook(store)
    book.collect(END)
    assert refused(book) == [("workbook", "unknown")]
    assert "Erika" not in (store / "cases_refused.csv").read_text("utf-8")


def test_a_history_with_a_fault_names_file_and_line(store: Path) -> None:
    mail(store, line(store))
    book = CaseBook(store)
    book.collect(END)
    path = store / "cases.csv"
    path.write_text(path.read_text("utf-8").replace("taken_over", "lost"), "utf-8")
    with pytest.raises(HistoryError, match=r"cases.csv: line 2: state 'lost' is none of"):
        book.entries()
