"""Answers that come by mail: the line that a link wrote, and what the sender added."""

import re
from collections.abc import Iterable, Iterator
from hashlib import sha256
from typing import NamedTuple

from matching.cases.entries import wrong_words
from sources.platform import RawDocument, UnknownFormat
from sources.readers.mailbox import CLOSING, Message, is_mail, read_messages
from sources.readers.replies import is_forwarded
from sources.rows.text import mask_contacts
from sources.week import Week

LONGEST_NOTE = 200
CODE = re.compile(
    r"verbundradar\s+(?P<number>K-\d{4}-\d{2}-\d{2,})\s+(?P<state>[a-z_]+)\s+(?P<reason>[a-z_]+|-)"
    r"\s+(?P<week>\d{4}-W\d{2})\s+(?P<token>[0-9a-f]{32})\b"
)  # a mail program may break the line at any blank


class Answer(NamedTuple):
    """What a mail says; whether it is genuine is not decided here."""

    number: str
    state: str
    reason: str
    week: Week  # of the issue that was answered
    token: str
    note: str
    message: Message


class Unread(NamedTuple):
    """Why a mail is no answer."""

    rule: str
    number: str | None
    message: Message


def code(number: str, state: str, reason: str, week: Week, token: str) -> str:
    """The line that `CODE` reads."""
    return f"verbundradar {number} {state} {reason or '-'} {week} {token}"


def messages(documents: Iterable[RawDocument]) -> Iterator[Message]:
    """All messages among the documents by the day they were sent; a file that is no mail is left alone."""
    found: list[Message] = []
    for document in documents:
        if is_mail(document):
            try:
                found += read_messages(document)
            except UnknownFormat:
                continue
    yield from sorted(found, key=lambda message: (str(message.sent_at), message.message_id, message.host))


def read(message: Message) -> Answer | Unread:
    """The answer of a mail, or why it has none."""
    if message.problem is not None or message.sent_at is None or not message.message_id:
        return Unread("unreadable", None, message)
    lines = list(CODE.finditer(message.text))
    if len(lines) != 1:
        return Unread("no_code" if not lines else "several_codes", None, message)
    line = lines[0]
    reason = line["reason"].replace("-", "")
    try:
        week = Week.parse(line["week"])
    except ValueError:
        return Unread("no_code", line["number"], message)
    if any(wrong_words(line["state"], reason)):
        return Unread("words", line["number"], message)
    # Above the line of a forwarded answer stands who sent it to whom.
    above = "" if is_forwarded(message.subject) else message.text[: line.start()]
    rest = f"{above}\n{message.text[line.end() :]}"
    return Answer(line["number"], line["state"], reason, week, line["token"], noted(rest), message)


def noted(text: str) -> str:
    """A note as it is kept: contact data masked, one line, at most 200 characters, no formula, no greeting and name."""
    lines = text.split("\n")
    signed = next((place for place, line in enumerate(lines) if CLOSING.match(line)), len(lines))
    text = "\n".join(lines[:signed])
    return " ".join(mask_contacts(text).split())[:LONGEST_NOTE].lstrip("=+-@ ")


def digest(*parts: object) -> str:
    """What stands for a mail or a row where it must be known again and say nothing."""
    return sha256("\n".join(map(str, parts)).encode()).hexdigest()[:20]


def source_of(message: Message) -> str:
    """A mail by its Message-ID, which names the sender's machine and is not kept as it is."""
    return digest(message.message_id, message.host)
