"""Mail as mail programs write it, from disk and from a real IMAP server."""

import mailbox
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from sources.access.imap import ImapClient
from sources.access.inbox import read_export
from sources.platform import LayoutChanged, RawDocument, UnknownFormat, Unreachable
from sources.platforms.biopro_hotline import PLATFORM
from sources.readers.mailbox import labelled_lines, mails, read_messages, to_mbox
from sources.samples.messages import mail
from sources.weekly.intake import read_snapshot
from tests.sources.readers.imap_server import ImapServer, serving

NOW = datetime(2020, 4, 20, tzinfo=UTC)
DAY = date(2020, 4, 1)
TEXT = "Guten Tag,\nNähplätze – und Bügel.\n\nFirma: Näherei Größe\nOrt: 72458 Albstadt\nMenge: 500 Stück/Woche\n"


def one(body: bytes) -> RawDocument:
    return RawDocument("mails.mbox", body, "", NOW)


@pytest.mark.parametrize("style", range(4), ids=["8bit", "quoted-printable", "html-base64", "multipart-attachment"])
def test_every_way_of_writing_gives_the_same_text(style: int) -> None:
    [message] = read_messages(
        one(to_mbox([mail("n1", "firma.example", "Angebot: Nähplätze", TEXT, date(2020, 4, 1), style)]))
    )
    assert labelled_lines(message.text, ("Firma", "Ort", "Menge"))["Firma"] == "Näherei Größe"
    assert "Nähplätze – und Bügel" in message.text
    assert "Mustermann" not in message.text
    assert "Wie können wir helfen" not in message.text
    assert (message.subject, message.message_id) == ("Angebot: Nähplätze", "n1")
    assert (message.sent_at, message.sender_domain) == (datetime(2020, 4, 1, 6, 30, tzinfo=UTC), "firma.example")
    assert [name for name, _ in message.attachments] == (["Datenblatt.pdf"] if style == 3 else [])


def test_a_line_that_begins_with_from_does_not_split_a_message() -> None:
    text = "From here on we sew.\nFrom there too.\n"
    messages = list(read_messages(one(to_mbox([mail("a", "x.example", "s", text, date(2020, 4, 1))] * 2))))
    assert [message.text for message in messages] == ["From here on we sew.\nFrom there too."] * 2


def test_a_single_message_file_is_read_too() -> None:
    [message] = read_messages(one(mail("a", "x.example", "s", "Text\n", date(2020, 4, 1))))
    assert message.text == "Text"


def test_a_maildir_is_a_mailbox(tmp_path: Path) -> None:
    """Written by the standard library as mail servers do, with flags in the names and a half-written message."""
    folder = mailbox.Maildir(tmp_path / "biopro_hotline", create=True)
    for number in range(3):
        letter = mailbox.MaildirMessage(mail(f"n{number}", "firma.example", "Angebot: Nähplätze", TEXT, DAY, number))
        if number:
            letter.set_subdir("cur")
            letter.add_flag("S")
        folder.add(letter)
    (tmp_path / "biopro_hotline" / "tmp" / "half").write_bytes(b"Subj")
    parsed = read_snapshot(PLATFORM, read_export(PLATFORM, tmp_path, NOW))
    assert sorted(parsed.listings["source_id"]) == ["n0#1", "n1#1", "n2#1"]
    assert parsed.quarantine.empty


def test_other_files_in_a_mail_folder_are_not_skipped_in_silence() -> None:
    with pytest.raises(LayoutChanged, match=r"notes\.txt"):
        PLATFORM.parse([RawDocument("biopro_hotline/notes.txt", b"?", "", NOW)])
    with pytest.raises(LayoutChanged, match="no mail"):
        mails([RawDocument("go_cluster/news.xml", b"<rss/>", "", NOW)])


def test_what_is_no_mail_is_refused() -> None:
    with pytest.raises(UnknownFormat):
        list(read_messages(one(b"<html>nothing</html>")))


@pytest.fixture(name="imap_port")
def _imap_port() -> Iterator[int]:
    with serving(
        [
            mail(f"n{number}", "firma.example", "Angebot: Nähplätze", TEXT, date(2020, 4, 1), number)
            for number in range(4)
        ]
    ) as port:
        yield port


def test_a_mailbox_is_read_over_imap_and_left_as_it_was(imap_port: int) -> None:
    client = ImapClient("hotline", "secret", f"imap://127.0.0.1:{imap_port}", timeout_seconds=5)
    parsed = read_snapshot(PLATFORM, [client.get(PLATFORM.mailbox)])
    assert len(parsed.listings) == 4
    assert set(parsed.listings["organisation_name"]) == {"Näherei Größe"}
    assert set(parsed.listings["quantity"]) == {500.0}
    assert not {"SELECT", "STORE", "UID STORE", "EXPUNGE", "UID MOVE"} & set(ImapServer.commands)


def test_a_wrong_password_is_unreachable(imap_port: int) -> None:
    with pytest.raises(Unreachable, match="wrong password"):
        ImapClient("hotline", "guess", timeout_seconds=5).get(f"imap://127.0.0.1:{imap_port}/Hotline")


def test_mail_is_not_read_in_the_clear_from_elsewhere() -> None:
    with pytest.raises(Unreachable, match="encrypted"):
        ImapClient("hotline", "secret").get("imap://mail.example/INBOX")
