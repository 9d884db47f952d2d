"""Answers as mail programs send them, from a Maildir and from a mail server: each counts once or is told."""

import mailbox
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

import pandas as pd
import pytest

from matching.schema import Opportunity, empty
from pipelines.answers.book import CaseBook
from pipelines.answers.keys import KeyStore
from pipelines.answers.mails import code
from pipelines.resources import AnswerAccess
from pipelines.stored import write_stored
from sources.week import Week
from tests.sources.readers.imap_server import ImapServer, serving

WEEK = Week(2020, 17)
END = WEEK.shifted(1).ends_at
NUMBER = "K-2020-17-01"
TUESDAY = datetime(2020, 4, 28, 8, 15, tzinfo=UTC)
HEAD = "-------- Weitergeleitete Nachricht --------\nBetreff: {number}\nDatum: Di, 28. Apr 2020 09:12:03 +0200\n"
HEAD += "Von: Erika Muster <erika@klinik.example>\nAn: Lagezentrum <lage@lead.example>\n\n"
Kept = Callable[[Sequence[bytes]], CaseBook]


@pytest.fixture(name="store")
def _store(tmp_path: Path) -> Path:
    """A store in which 2020-W17 told one opportunity."""
    row = {"opportunity_id": NUMBER, "consortium_id": "c1", "state": "new", "rank": 1, "change": "[]"}
    row |= {"closing_reason": None, "first_reported_in": "2020-W17", "title_concept_id": "gown", "content": "{}"}
    folder = tmp_path / "store" / "tables" / "opportunities"
    folder.mkdir(parents=True)
    write_stored(folder / f"{WEEK}.parquet", pd.DataFrame([row])[list(empty(Opportunity))])  # type: ignore[arg-type]
    return tmp_path / "store"


@contextmanager
def _maildir(store: Path, messages: Sequence[bytes]) -> Iterator[CaseBook]:
    folder = mailbox.Maildir(store / "answers", create=True)
    for number, message in enumerate(messages):
        letter = mailbox.MaildirMessage(message)
        if number % 2:  # read already
            letter.set_subdir("cur")
            letter.add_flag("S")
        folder.add(letter)
    (store / "answers" / "tmp" / "half").write_bytes(messages[0][:40])
    yield CaseBook(store)


@contextmanager
def _server(store: Path, messages: Sequence[bytes]) -> Iterator[CaseBook]:
    with serving(messages) as port:
        yield CaseBook(store, access=AnswerAccess(mailbox=f"imap://127.0.0.1:{port}/Antworten"))
    assert not {"SELECT", "STORE", "UID STORE", "EXPUNGE", "UID MOVE"} & set(ImapServer.commands)


@pytest.fixture(name="kept", params=[_maildir, _server], ids=["maildir", "server"])
def _kept(request: pytest.FixtureRequest, store: Path, monkeypatch: pytest.MonkeyPatch) -> Kept:
    """Messages in a mailbox, read twice as two runs do."""
    monkeypatch.setenv("VERBUNDRADAR_IMAP_USER", "lage")
    monkeypatch.setenv("VERBUNDRADAR_IMAP_PASSWORD", "secret")

    def keep(messages: Sequence[bytes]) -> CaseBook:
        with request.param(store, messages) as book:
            assert book.collect(END) == []
            assert book.collect(END) == []
            return book  # type: ignore[no-any-return]

    return keep


def line(store: Path, state: str = "taken_over", reason: str = "") -> str:
    return code(NUMBER, state, reason, WEEK, KeyStore(store).token(NUMBER, state, reason, WEEK))


def mail(text: str, *, subject: str = NUMBER, message_id: str = "<1@lead.example>", html: str = "") -> bytes:
    """A mail as a program sends it; with html, that is all it has."""
    message = EmailMessage(policy=SMTP)
    message["From"] = "Erika Muster <erika@lead.example>"
    message["To"] = "Lagezentrum <answers@ministry.example>"
    message["Date"] = TUESDAY
    message["Subject"] = subject
    message["Message-ID"] = message_id
    message.set_content(html or text, subtype="html" if html else "plain")
    return message.as_bytes()


def rules(book: CaseBook) -> list[str]:
    return sorted(book.refused(END)["rule"])


def test_a_good_answer_counts_once(store: Path, kept: Kept) -> None:
    book = kept([mail(f"{line(store)}\n\nWir übernehmen – Rückruf morgen.\n\nViele Grüße\nErika Muster")])
    [entry] = book.entries()
    assert (entry.opportunity_id, entry.state, entry.way, entry.said_at) == (NUMBER, "taken_over", "mail", TUESDAY)
    assert entry.note == "Wir übernehmen – Rückruf morgen."
    assert rules(book) == []


def test_an_answer_of_markup_alone_counts(store: Path, kept: Kept) -> None:
    said = line(store, "declined", "no_need")
    older = f"<blockquote type='cite'><p>{line(store, 'done')}</p></blockquote>"
    page = f"<html><body><p>{said}</p><p>Bedarf ist <b>gedeckt</b>.</p><p>MfG<br>Erika Muster</p>{older}</body></html>"
    book = kept([mail("", html=page)])
    [entry] = book.entries()
    assert (entry.state, entry.reason, entry.note) == ("declined", "no_need", "Bedarf ist gedeckt.")
    assert rules(book) == []


def test_a_forwarded_answer_counts_and_names_nobody(store: Path, kept: Kept) -> None:
    text = f"Zur Kenntnis.\n\n{HEAD.format(number=NUMBER)}{line(store)}\n\nWir rufen an.\n"
    book = kept([mail(text, subject=f"WG: {NUMBER}")])
    [entry] = book.entries()
    assert entry.state == "taken_over"
    assert entry.note == "Wir rufen an."
    for name in ("Erika", "klinik.example", "Lagezentrum"):
        assert name not in (store / "cases.csv").read_text("utf-8")


@pytest.mark.parametrize(
    ("rule", "spoil"),
    [
        ("forged", lambda said: said[:-1] + ("0" if said[-1] != "0" else "1")),
        ("forged", lambda said: said.replace("taken_over", "done")),
        ("no_code", lambda said: said[:-4]),
        ("words", lambda said: said.replace("taken_over", "sold")),
        ("several_codes", lambda said: f"{said}\n{said}"),
    ],
)
def test_forged_and_malformed_answers_change_nothing(
    store: Path, kept: Kept, rule: str, spoil: Callable[[str], str]
) -> None:
    book = kept([mail(spoil(line(store)))])
    assert (book.entries(), rules(book)) == ((), [rule])


def test_replays_change_nothing(store: Path, kept: Kept) -> None:
    first = mail(line(store))
    other = mail(line(store) + "\n\nnoch einmal", message_id="<2@other.example>")
    same = mail(line(store, "done"))  # the Message-ID of the first
    book = kept([first, first, other, same])
    assert [entry.state for entry in book.entries()] == ["taken_over"]
    assert rules(book) == ["message_again", "token_again"]


def test_what_cannot_be_read_is_told_and_the_others_count(store: Path, kept: Kept) -> None:
    undated = mail(line(store, "done"), message_id="<3@lead.example>").replace(b"Date: ", b"X-Date: ")
    torn = b"Subject: \xff\xfe K\r\nMessage-ID: <4@lead.example>\r\nDate: yesterday\r\n\r\n\xff\xfe\r\n"
    book = kept([undated, torn, mail(line(store))])
    assert [entry.state for entry in book.entries()] == ["taken_over"]
    assert rules(book) == ["unreadable", "unreadable"]
