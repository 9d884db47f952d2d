"""Mails as Outlook, Exchange, Gmail, Apple Mail, Thunderbird, GMX, Zimbra, web forms and gateways write them.

`mails.json`: set "first" was written before the reader was changed for it (53 of 64 right at first sight), "second" was
run once afterwards (22 of 24). `replies.json`: what 49 writers wrote themselves (39 before). Subjects: 32 of 46 at
first sight, 14 of 20 in a second set.
"""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from sources.platform import LayoutChanged, RawDocument
from sources.platforms import biopro_hotline, go_cluster, lifescience_nord
from sources.readers.mailbox import distinct, read_messages
from sources.readers.replies import is_forwarded, own_words

FOLDER = Path(__file__).parent
MAILS: list[dict[str, Any]] = json.loads((FOLDER / "mails.json").read_text("utf-8"))
REPLIES: list[dict[str, str]] = json.loads((FOLDER / "replies.json").read_text("utf-8"))
NOW = datetime(2020, 4, 20, tzinfo=UTC)
SUBJECTS = [
    ("Angebot: Visiere", "offer", "Visiere"),
    ("AW: Angebot: Visiere", "offer", "Visiere"),
    ("Aw: Angebot: Visiere", "offer", "Visiere"),
    ("WG: Angebot: Visiere", "offer", "Visiere"),
    ("Fwd: Angebot: Visiere", "offer", "Visiere"),
    ("FW: Gesuch: Kittel", "request", "Kittel"),
    ("Re: Gesuch: Kittel", "request", "Kittel"),
    ("RE : Gesuch: Kittel", "request", "Kittel"),
    ("Ré: Gesuch: Kittel", "request", "Kittel"),
    ("TR: Gesuch: Kittel", "request", "Kittel"),
    ("TR : Gesuch : Kittel", "request", "Kittel"),
    ("Re[2]: Gesuch: Kittel", "request", "Kittel"),
    ("RE: AW: RE: Gesuch: Kittel", "request", "Kittel"),
    ("[EXTERN] Angebot: Visiere", "offer", "Visiere"),
    ("[EXTERN]: Angebot: Visiere", "offer", "Visiere"),
    ("EXTERN: Angebot: Visiere", "offer", "Visiere"),
    ("[EXT] AW: Angebot: Visiere", "offer", "Visiere"),
    ("EXT: Angebot: Visiere", "offer", "Visiere"),
    ("[External] Re: Angebot: Visiere", "offer", "Visiere"),
    ("[EXTERNE] Angebot: Visiere", "offer", "Visiere"),
    ("*EXTERN* Angebot: Visiere", "offer", "Visiere"),
    ("***SPAM*** Angebot: Visiere", "offer", "Visiere"),
    ("[SPAM?] Angebot: Visiere", "offer", "Visiere"),
    ("[Hotline #1234] Angebot: Visiere", "offer", "Visiere"),
    ("[Ticket#20200413] Angebot: Visiere", "offer", "Visiere"),
    ("Antwort: Angebot: Visiere", "offer", "Visiere"),
    ("Antw: Angebot: Visiere", "offer", "Visiere"),
    ("Weitergeleitet: Angebot: Visiere", "offer", "Visiere"),
    ("Wtr: Angebot: Visiere", "offer", "Visiere"),
    ("Rép : Angebot: Visiere", "offer", "Visiere"),
    ("Fwd: [EXTERN] WG: Angebot: Visiere", "offer", "Visiere"),
    ("ANGEBOT: Visiere", "offer", "Visiere"),
    ("angebot : Visiere", "offer", "Visiere"),
    ("Angebot - Visiere", "offer", "Visiere"),
    ("Angebot – Visiere", "offer", "Visiere"),
    ("Gesuch; Kittel", None, ""),
    ("Angebot Visiere", None, ""),
    ("Idee: Beatmungshaube", "idea", "Beatmungshaube"),
    ("AW: Idee: Beatmungshaube", "idea", "Beatmungshaube"),
    ("WICHTIG: Gesuch: Kittel", "request", "Kittel"),
    ("Dringend! Gesuch: Kittel", "request", "Kittel"),
    ("!! Gesuch: Kittel", "request", "Kittel"),
    ("Angebot: FFP2: 500 Stück", "offer", "FFP2: 500 Stück"),
    ("Rückfrage: Angebot: Visiere", None, ""),
    ("Newsletter April", None, ""),
    ("AW:", None, ""),
    ("AW: [EXTERN] Gesuch: Kittel", "request", "Kittel"),
    ("[EXTERN] AW: WG: Gesuch: Kittel", "request", "Kittel"),
    ("[!] Gesuch: Kittel", "request", "Kittel"),
    ("Tr: Angebot: Visiere", "offer", "Visiere"),
    ("I: Angebot: Visiere", None, ""),
    ("SV: Angebot: Visiere", "offer", "Visiere"),
    ("RV: Angebot: Visiere", "offer", "Visiere"),
    ("Re^2: Angebot: Visiere", "offer", "Visiere"),
    ("Aw:Angebot:Visiere", "offer", "Visiere"),
    ("FWD:Gesuch : Kittel", "request", "Kittel"),
    ("[Extern - Vorsicht] Gesuch: Kittel", "request", "Kittel"),
    ("[Achtung: externe E-Mail] Gesuch: Kittel", "request", "Kittel"),
    ("{Spam?} Gesuch: Kittel", "request", "Kittel"),
    ("Eilt: Gesuch: Kittel", "request", "Kittel"),
    ("EILT!! Gesuch: Kittel", "request", "Kittel"),
    ("[bio-pro/hotline] Angebot: Visiere (#12)", "offer", "Visiere (#12)"),
    ("Idee – Beatmungshaube", "idea", "Beatmungshaube"),
    ("RE: Angebot - Visiere", "offer", "Visiere"),
    ("Frage: Visiere", None, ""),
    ("Ihre Nachricht vom 13.4.", None, ""),
]
HEAD = (
    "From: a@b.example\nSubject: {subject}\nDate: {date}\nMessage-ID: <{id}>\n"
    "Content-Type: text/plain; charset=utf-8\n\n"
)
FORM = "Wir sind: Anbieter\nUnternehmen: Muster GmbH\nPLZ Ort: 89073 Ulm\nThema: Visiere\n"


def letter(name: str, identity: str, text: str, subject: str = "Angebot: Visiere", day: int = 13) -> RawDocument:
    head = HEAD.format(subject=subject, date=f"{day} Apr 2020 09:12:00 +0200", id=identity)
    return RawDocument(name, (head + text).encode(), "", NOW)


def in_one_line(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize("mail", MAILS, ids=[mail["name"] for mail in MAILS])
def test_a_mail_is_read_as_its_program_shows_it(mail: dict[str, Any]) -> None:
    raw = "\n".join(mail["lines"]).encode(mail["encoding"])
    [message] = read_messages(RawDocument("mail.eml", raw, "", NOW))
    assert message.problem is None
    assert (message.subject, in_one_line(message.text)) == (mail["subject"], mail["text"])
    assert (message.sent_on and message.sent_on.isoformat()) == mail["sent_on"]


@pytest.mark.parametrize("reply", REPLIES, ids=[reply["name"] for reply in REPLIES])
def test_what_is_quoted_is_not_the_writers(reply: dict[str, str]) -> None:
    assert in_one_line(own_words(reply["text"])) == in_one_line(reply["own"])


def test_a_text_that_is_all_quotation_is_kept() -> None:
    assert "Visiere" in own_words("> Wir bieten 500 Visiere.\n")


@pytest.mark.parametrize("subject", ["WG: Angebot", "TR : offre", "[EXTERN] Fwd: x", "AW: WG: x"])
def test_a_forwarded_mail_keeps_what_it_forwards(subject: str) -> None:
    assert is_forwarded(subject)
    text = "Zur Info.\n\nVon: B <b@x.example>\nGesendet: Montag\nAn: F\nBetreff: x\n\nWir bieten 500 Visiere."
    [plain] = read_messages(letter("x.eml", "1@x.example", text, subject))
    html = letter(
        "x.eml", "1@x.example", "<p>Zur Info.</p><div class='gmail_quote'>Wir bieten 500 Visiere.</div>", subject
    )
    [rich] = read_messages(RawDocument("x.eml", html.content.replace(b"text/plain", b"text/html"), "", NOW))
    assert "500 Visiere" in plain.text
    assert "500 Visiere" in rich.text


@pytest.mark.parametrize(("subject", "kind", "title"), SUBJECTS, ids=[subject for subject, _, _ in SUBJECTS])
def test_a_subject_says_what_is_meant_behind_what_programs_add(subject: str, kind: str | None, title: str) -> None:
    parsed = biopro_hotline.parse([letter("x.eml", "1@x.example", "Firma: Muster\nOrt: 89073 Ulm\n\nText.", subject)])
    found = parsed.listings[["kind", "title"]].to_numpy().tolist()
    assert found == ([[kind, title]] if kind else [])
    assert len(parsed.quarantine) == (0 if kind else 1)


def test_the_same_number_from_two_hosts_is_two_mails() -> None:
    letters = [letter("a.eml", "17@a.example", FORM, day=13), letter("b.eml", "17@b.example", FORM, day=14)]
    for documents in (letters, letters[::-1]):
        ids = dict(
            lifescience_nord.parse(documents).listings[["source_id", "posted_at"]].itertuples(index=False, name=None)
        )
        assert len(ids) == 2
        assert str(ids["17"]).startswith("2020-04-12 22:00")  # the first one keeps its id
        assert not any("@" in one or "example" in one for one in ids)
    [message] = distinct(read_messages(letters[1]))
    assert message.message_id == "17"


def test_the_same_mail_twice_is_one() -> None:
    documents = [letter("a.eml", "17@a.example", FORM), letter("copy.eml", "17@a.example", FORM)]
    parsed = lifescience_nord.parse(documents)
    assert set(parsed.listings["source_id"]) == {"17"}


@pytest.mark.parametrize("platform", [biopro_hotline, lifescience_nord, go_cluster])
@pytest.mark.parametrize(("name", "advice"), [("a.msg", "Outlook"), ("notes.txt", "headers"), ("b.PDF", "printed")])
def test_a_file_beside_mails_is_named_with_what_to_do(platform: Any, name: str, advice: str) -> None:
    text = "Meldung: M1\nOrganisation: X GmbH\nPLZ Ort: 89073 Ulm\nArt: Angebot\nGegenstand: Visiere\n"
    good = letter("x/a.eml", "1@x.example", text if platform is go_cluster else FORM)
    parsed = platform.parse([good, RawDocument(f"x/{name}", b"\xd0\xcf\x11\xe0", "", NOW)])
    assert len(parsed.listings) == 1
    [refused] = parsed.quarantine.to_dict("records")
    assert refused["row"] == f"x/{name}"
    assert advice in refused["reason"]
    with pytest.raises(LayoutChanged):
        platform.parse([RawDocument(f"x/{name}", b"?", "", NOW)])
