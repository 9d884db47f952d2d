"""Mail: mbox, single messages or a Maildir; one message, one text with a few headers.

Only what a listing needs is taken from a message: subject, day, plain text and the sender's domain. Attachments are
handed on by name, type and bytes; signatures and quoted earlier messages are cut off.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email import policy
from email.message import EmailMessage, MIMEPart
from email.parser import BytesParser
from email.utils import parsedate_to_datetime

from sources.platform import LayoutChanged, RawDocument, UnknownFormat
from sources.readers.html import text_of_fragment
from sources.rows.text import email_domain

_SEPARATOR = re.compile(rb"^From \S+.*\r?\n", re.MULTILINE)
_QUOTED = re.compile(
    r"^(?:>|Am .{5,80} schrieb|Le .{5,80} a écrit|On .{5,80} wrote|-{3,} ?Ursprüngliche)", re.MULTILINE
)
_SIGNATURE = re.compile(r"^-- ?$", re.MULTILINE)


@dataclass(frozen=True)
class Message:
    """One message, reduced to what a listing can be made of."""

    place: str
    message_id: str  # the part before the @: enough to find the message again, and no address in our ids
    subject: str
    text: str
    sent_at: datetime | None  # UTC
    sender_domain: str | None
    attachments: tuple[tuple[str, bytes], ...]  # name and bytes


def is_mail(document: RawDocument) -> bool:
    """Whether a document is named as mail: ``*.mbox``, ``*.eml``, a message in the ``cur`` or ``new`` of a Maildir."""
    return document.name.lower().endswith((".mbox", ".eml")) or _folder(document) in ("cur", "new")


def is_unfinished(document: RawDocument) -> bool:
    """Whether it lies in the ``tmp`` of a Maildir, where messages are still being written."""
    return _folder(document) == "tmp"


def mails(documents: Iterable[RawDocument]) -> list[RawDocument]:
    """The documents that are mail; raises LayoutChanged if none is."""
    found = [document for document in documents if is_mail(document)]
    if not found:
        raise LayoutChanged("no mail among the documents")
    return found


def _folder(document: RawDocument) -> str:
    return document.name.rpartition("/")[0].rpartition("/")[2]


def read_messages(document: RawDocument) -> Iterator[Message]:
    """The messages of an mbox, or the one of an .eml or Maildir file; raises UnknownFormat if there is no header."""
    content = document.content
    parts = _SEPARATOR.split(content)[1:] if content.startswith(b"From ") else [content]
    for number, part in enumerate(parts, start=1):
        message = BytesParser(policy=policy.default).parsebytes(part.replace(b"\n>From ", b"\nFrom "))
        if not message.keys():
            raise UnknownFormat(f"{document.name}: not a mail message")
        yield _message(f"{document.name}: message {number}", message)


def _message(place: str, message: EmailMessage) -> Message:
    body = message.get_body(preferencelist=("plain", "html"))
    text = "" if body is None else _content(body)
    if body is not None and body.get_content_subtype() == "html":
        text = text_of_fragment(text)
    attachments = tuple(
        (part.get_filename() or "attachment", content)
        for part in message.iter_attachments()
        for content in [part.get_payload(decode=True)]
        if isinstance(content, bytes)
    )
    return Message(
        place,
        str(message.get("Message-ID", "")).strip(" <>\r\n").partition("@")[0],
        str(message.get("Subject", "")),
        _own_words(text),
        _sent_at(message),
        email_domain(str(message.get("From", ""))),
        attachments,
    )


def _content(part: MIMEPart) -> str:
    """Decoded text; a charset that nobody knows or that does not fit is read as Windows-1252."""
    raw = part.get_payload(decode=True)
    if not isinstance(raw, bytes):
        return ""
    try:
        return raw.decode(part.get_content_charset("utf-8"))
    except (LookupError, UnicodeDecodeError):
        return raw.decode("cp1252", errors="replace")


def _own_words(text: str) -> str:
    """The text without signature and quoted messages, lines ended by a line feed."""
    text = text.replace("\r\n", "\n")
    for cut in (_SIGNATURE, _QUOTED):
        match = cut.search(text)
        text = text[: match.start()] if match else text
    return text.strip()


def _sent_at(message: EmailMessage) -> datetime | None:
    try:
        sent = parsedate_to_datetime(str(message.get("Date", "")))
    except (TypeError, ValueError):
        return None
    return sent.replace(tzinfo=UTC) if sent.tzinfo is None else sent.astimezone(UTC)


def labelled_lines(text: str, labels: Iterable[str]) -> dict[str, str]:
    """The values of lines such as ``Firma: …`` in a mail; what follows a label up to the next one belongs to it.

    Text before the first label stands under "".
    """
    known = "|".join(re.escape(label) for label in labels)
    parts = re.split(rf"^[ *]*({known})\s*:", text, flags=re.MULTILINE)
    values = {"": parts[0].strip()}
    for label, value in zip(parts[1::2], parts[2::2], strict=True):
        values[label] = value.strip()
    return values


def to_mbox(messages: list[bytes]) -> bytes:
    """Messages as one mbox, as `read_messages` reads it; lines that begin with "From " are quoted."""
    return b"".join(
        b"From mail@mailbox.example Thu Jan  1 00:00:00 1970\n"
        + message.replace(b"\r\n", b"\n").replace(b"\nFrom ", b"\n>From ").rstrip(b"\n")
        + b"\n\n"
        for message in messages
    )
