"""Mail: mbox, single messages or a Maildir; one message, one text with a few headers.

Only what a listing needs is taken from a message: subject, day, plain text and the sender's domain. Attachments are
handed on by name, type and bytes; signatures and quoted earlier messages are cut off.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from email import message_from_bytes, message_from_string, policy
from email.errors import MessageError
from email.header import decode_header
from email.message import EmailMessage, MIMEPart
from email.message import Message as Headers
from email.parser import BytesParser
from email.utils import parsedate_to_datetime
from hashlib import sha256

from sources import limits
from sources.platform import LayoutChanged, RawDocument, RowError, UnknownFormat
from sources.readers.encoding import decoded
from sources.readers.html import seen, text_of
from sources.readers.replies import is_forwarded, own_words
from sources.rows.read import Row
from sources.rows.text import email_domain, folded, joined_values
from sources.week import LOCAL_TIME

# A frame's first line holds a time as `ctime` writes it, in Gmail's export with a zone before the year; or headers
# follow at once. "From Monday on we can deliver" is neither.
_FRAME = re.compile(
    rb"^From(?: [^\r\n]*\b(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) {1,2}\d{1,2} \d\d:\d\d(?::\d\d)?"
    rb"(?: [+-]?\w{1,5})? \d{4}[^\r\n]*| ?(?:-|\S+@\S+)?[ \t]*(?=\r?\n[A-Za-z-]+:[^\r\n]*\r?\n[A-Za-z-]+:))\r?\n",
    re.MULTILINE,
)
_QUOTED_FROM = re.compile(rb"^>(>*From )", re.MULTILINE)
_FROM = re.compile(rb"^(>*From )", re.MULTILINE)
_NO_HEADER = re.compile(rb"^(?![!-9;-~]+[ \t]*:|[ \t]|From |\r?$)", re.MULTILINE)
_KNOWN_HEADER = re.compile(
    rb"(?:Content-[A-Za-z-]+|MIME-Version|Date|Subject|Message-ID|From|To)[ \t]*:", re.IGNORECASE
)
_HEADERS_END = re.compile(rb"\r?\n\r?\n")
_OLDER_BLOCKS = "blockquote, div.gmail_quote, div.gmail_attr, div.moz-cite-prefix, div.yahoo_quoted, #divRplyFwdMsg"
_OLDER_FOLLOWS = "#appendonsend, #divRplyFwdMsg, #stopSpelling"  # Outlook's marks: all behind them is older
_SOFT_END = re.compile(r"(?<=\S) \n(?!--? ?$)", re.MULTILINE)
_LABEL = re.compile(r"^[\s*•·–-]*(?P<label>[^\s:|*][^:|\n]{0,50}?)[\s*]*(?P<mark>:[\s*]*\|?|\|)\s*(?P<value>.*)$")
_STRANGE_LABEL = re.compile(r"[^\W\d_][^\W\d_()/. -]*(?:[ /-][^\W\d_]+){0,2}")
CLOSING = re.compile(
    r"\s*(?:Mit (?:freundlichen|besten|herzlichen) Gr|(?:Viele|Beste|Freundliche|Herzliche|Schöne|Liebe) Gr[üu]|MfG\b"
    r"|Cordialement|Bien cordialement|Salutations|(?:Best|Kind) regards|Regards\b)",
    re.IGNORECASE,
)
_IS_HTML = re.compile(r"\s*<(?:!doctype html|html)\b", re.IGNORECASE)
_WORDS = re.compile(r"\w{2,}")
_LATEST = datetime.max.replace(tzinfo=UTC)
# What else lies in folders of mails, and what its owner can do about it.
_NO_MAIL = {
    "msg": "Outlook's own format: open the mail and save it as .eml, or move it to a folder that is exported as .mbox",
    "pst": "Outlook's data file: export the folder as .mbox, or its mails as .eml",
    "ost": "Outlook's data file: export the folder as .mbox, or its mails as .eml",
    "txt": "a text without the headers of a mail: save the mail as .eml",
    "htm": "a web page without the headers of a mail: save the mail as .eml",
    "html": "a web page without the headers of a mail: save the mail as .eml",
    "pdf": "a printed mail: save the mail as .eml",
    "emlx": "Apple Mail's own format: export the mailbox, which gives an .mbox",
    "zip": "a packed folder: unpack it",
}
_LINE_LENGTH = 60  # programs that wrap lines do so between 65 and 78 characters, some a word early
_OF_EVERY_MAIL = ("From", "Date", "Subject", "Message-ID")
# What standard library readers raise on headers that break the grammar.
_MALFORMED = (MessageError, ValueError, ArithmeticError, LookupError, AttributeError, TypeError, AssertionError)


@dataclass(frozen=True)
class Message:
    """One message, reduced to what a listing can be made of."""

    place: str
    message_id: str  # the part before the @: enough to find the message again, and no address in our ids
    subject: str = ""
    text: str = ""
    sent_at: datetime | None = None  # UTC
    sender_domain: str | None = None
    attachments: tuple[tuple[str, bytes], ...] = ()  # name and bytes
    host: str = ""  # behind the @ of the Message-ID
    problem: RowError | None = None  # why it cannot be read; it is refused for that

    @property
    def sent_on(self) -> date | None:
        """The day on which it was sent, in Berlin: a mail of Monday 00:15 belongs to Monday."""
        return self.sent_at.astimezone(LOCAL_TIME).date() if self.sent_at else None


def is_mail(document: RawDocument) -> bool:
    """Whether a document is named as mail: ``*.mbox``, ``*.eml``, a message in the ``cur`` or ``new`` of a Maildir."""
    return document.name.lower().endswith((".mbox", ".eml")) or _folder(document) in ("cur", "new")


def is_unfinished(document: RawDocument) -> bool:
    """Whether it lies in the ``tmp`` of a Maildir, where messages are still being written."""
    return _folder(document) == "tmp"


def mails(documents: Sequence[RawDocument]) -> list[RawDocument]:
    """The documents that are mail; raises LayoutChanged if none is."""
    found = [document for document in documents if is_mail(document)]
    if not found:
        names = ", ".join(document.name for document in documents) or "nothing"
        raise LayoutChanged(f"{names}: no mail; save it as .mbox or .eml")
    return found


def refused_files(documents: Iterable[RawDocument]) -> list[Row]:
    """Files beside mails that are none, each with what to do about it; what still is being written is left out."""
    return [
        Row(document.name, {}, problem=RowError("file", "format", _reason(document.name)))
        for document in documents
        if not is_mail(document) and not is_unfinished(document)
    ]


def _reason(name: str) -> str:
    suffix = name.rpartition(".")[2].lower()
    return _NO_MAIL.get(suffix, "not a mail: an export is .mbox, .eml or a Maildir")


def distinct(messages: Iterable[Message]) -> list[Message]:
    """Messages whose ids differ where they came from different hosts.

    Small programs number their mails: 17@a.example and 17@b.example are two. The one sent first keeps its id, so that
    it has the same one next week; the others bear a digest of their host, no address.
    """
    every = list(messages)
    first: dict[str, Message] = {}
    for message in sorted(every, key=lambda one: (one.sent_at or _LATEST, one.host)):
        first.setdefault(message.message_id, message)
    return [
        message
        if not message.message_id or message.host == first[message.message_id].host
        else replace(message, message_id=f"{message.message_id}~{sha256(message.host.encode()).hexdigest()[:6]}")
        for message in every
    ]


def _folder(document: RawDocument) -> str:
    return document.name.rpartition("/")[0].rpartition("/")[2]


def read_messages(document: RawDocument) -> Iterator[Message]:
    """The messages of an mbox, or the one of an .eml or Maildir file; one that cannot be read bears its problem.

    Raises UnknownFormat if there is no message with headers at all.
    """
    content = document.content.removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n")
    if b"\0" in content[:1_000]:  # UTF-16, which no mail is stored in
        raise UnknownFormat(f"{document.name}: not a mail message")
    frame = _FRAME.match(content)
    parts = [_QUOTED_FROM.sub(rb"\1", part) for part in _FRAME.split(content)[1:]] if frame else [content]
    if len(parts) > limits.MESSAGES:
        raise UnknownFormat(f"{document.name}: {len(parts):,} messages, {limits.MESSAGES:,} are read")
    messages = [_message(f"{document.name}: message {number}", part) for number, part in enumerate(parts, start=1)]
    if messages and all(message.problem and message.problem.rule == "headers" for message in messages):
        raise UnknownFormat(f"{document.name}: not a mail message")
    yield from messages


def _message(place: str, raw: bytes) -> Message:
    message_id = ""
    if len(raw) > limits.MESSAGE_BYTES:
        reason = f"{len(raw):,} bytes, {limits.MESSAGE_BYTES:,} are read"
        return Message(place, message_id, problem=RowError("message", "size", reason))
    try:
        whole = _mended(raw)
        headers = _headers(whole)
        if not any(name in headers for name in _OF_EVERY_MAIL):
            return Message(place, "", problem=RowError("message", "headers", "no whole headers"))
        message_id, _, host = _header(headers, "Message-ID").strip(" <>[]\r\n").partition("@")
        subject = " ".join(_header(headers, "Subject").split())
        message = BytesParser(policy=policy.default).parsebytes(whole)
        return Message(
            place,
            message_id,
            subject,
            own_words(_text(message, keeps_older=is_forwarded(subject)), keeps_older=is_forwarded(subject)),
            _sent_at(_header(headers, "Date")) or _sent_at(_header(headers, "Received").rpartition(";")[2]),
            email_domain(_header(headers, "From")),
            tuple(_attachments(message)),
            host.lower(),
        )
    except _MALFORMED as error:
        reason = f"cannot be taken apart ({type(error).__name__})"
        return Message(place, message_id, problem=RowError("message", "readable", reason))


def _mended(raw: bytes) -> bytes:
    """The message without lines among its headers that are none, as web forms write them: they would end these."""
    end = _HEADERS_END.search(raw)
    if end is None or _NO_HEADER.search(raw, 0, end.start()) is None:
        return raw
    lines = raw[: end.start()].split(b"\n")
    last = max((number for number, line in enumerate(lines) if _KNOWN_HEADER.match(line)), default=0)
    kept = [line for number, line in enumerate(lines) if number > last or not _NO_HEADER.match(line)]
    return b"\n".join(kept) + raw[end.start() :]


def _headers(raw: bytes) -> Headers:
    """The headers alone, their bytes as text: the grammar of the standard library refuses ids that Exchange writes."""
    end = _HEADERS_END.search(raw)
    block = raw[: end.start()] if end else raw
    if block.isascii():
        return message_from_bytes(block)
    return message_from_string(decoded(block).replace("\r\n", "\n"))


def _header(headers: Headers, name: str) -> str:
    """A header in words ("=?utf-8?Q?…?=" decoded), "" if it is missing."""
    written = str(headers.get(name, ""))
    parts = decode_header(written)
    return "".join(part if isinstance(part, str) else decoded(part, charset or "") for part, charset in parts)


def _attachments(message: EmailMessage) -> Iterator[tuple[str, bytes]]:
    for part in message.iter_attachments() if message.is_multipart() else ():
        content = part.get_payload(decode=True)
        if isinstance(content, bytes):
            yield part.get_filename() or "attachment", content


def _text(message: EmailMessage, *, keeps_older: bool) -> str:
    """The plain part if it says what the HTML part says, else that one as text."""
    plain, html = (
        "\n".join(_content(part, keeps_older) for part in _bodies(message, kind)) for kind in ("plain", "html")
    )
    own = html if html.strip() and _is_stand_in(plain, html) else plain
    return "\n\n".join(
        filter(str.strip, [own, *(_text(older, keeps_older=keeps_older) for older in _attached(message))])
    )


def _attached(message: EmailMessage) -> Iterator[EmailMessage]:
    """Messages forwarded as attachments: what they say is what is sent on."""
    for part in message.iter_attachments() if message.is_multipart() else ():
        if part.get_content_type() == "message/rfc822":
            inner = part.get_content()
            if isinstance(inner, EmailMessage):
                yield inner


def _bodies(message: EmailMessage, kind: str) -> Iterator[MIMEPart]:
    """The parts that a program shows as text: pictures put into it part a mail of Apple in several."""
    body = message.get_body(preferencelist=(kind,))
    if body is None:
        return
    yield body
    for part in message.iter_attachments() if message.get_content_type() == "multipart/mixed" else ():
        if part.get_content_type() == f"text/{kind}" and not part.is_attachment() and part.get_filename() is None:
            raw = part.get_payload(decode=True)
            if isinstance(raw, bytes) and not raw.lstrip().startswith(b"_" * 30):  # how mailing lists begin their foot
                yield part


def _is_stand_in(plain: str, html: str) -> bool:
    """Whether a plain part only says that there is another ("Your program shows no HTML"), is blank or cut off.

    Both parts of a mail say the same: a plain part that shares less than half its words with the other, or has less
    than a third of them, is no copy of it.
    """
    words, others = set(_WORDS.findall(plain.lower())), set(_WORDS.findall(html.lower()))
    return len(words & others) * 2 < max(len(words), 1) or len(words) * 3 < len(others)


def _content(part: MIMEPart, keeps_older: bool) -> str:
    raw = part.get_payload(decode=True)
    if not isinstance(raw, bytes):
        return ""
    text = decoded(raw, part.get_content_charset("")).replace("\r\n", "\n")
    if part.get_content_subtype() == "html" or _IS_HTML.match(text):
        return _text_of_html(text, keeps_older)
    is_flowed = part.get_param("format") == "flowed"
    return _SOFT_END.sub("" if part.get_param("delsp") == "yes" else " ", text) if is_flowed else text


def _text_of_html(markup: str, keeps_older: bool) -> str:
    """Text without the blocks in which mail programs quote older mails, unless there is nothing else."""
    tree = seen(markup)
    if tree.body is None:
        return ""
    whole = text_of(tree.body)
    if keeps_older:
        return whole
    for mark in reversed(tree.css(_OLDER_FOLLOWS)):
        while (behind := mark.next) is not None:
            behind.decompose()
    for node in reversed(tree.css(_OLDER_BLOCKS)):
        node.decompose()
    return text_of(tree.body) or whole


def _sent_at(written: str) -> datetime | None:
    """The moment in a Date header; without a zone it is Berlin's, and "-0000" is UTC."""
    try:
        sent = parsedate_to_datetime(written)
    except _MALFORMED:
        return None
    if sent.tzinfo is None:
        sent = sent.replace(tzinfo=UTC if written.rstrip().endswith("-0000") else LOCAL_TIME)
    return sent.astimezone(UTC) if sent.year > 1990 else None  # clocks that were never set say 1970 or 1980


def labelled_lines(text: str, labels: Iterable[str], free: Iterable[str] = ()) -> dict[str, str]:
    """The values of lines such as ``Firma: …`` or ``Firma | …``; what follows a label up to the next belongs to it.

    Labels are known without accents and capitals too; several values of one label are parted by "; ". A label that is
    not known has a value of its own, but not below a label for `free` text, where people write what they like. A value
    ends at a blank line or a closing formula. Text before the first label and after a blank line stands under "".
    """
    known = {spelled: label for label in labels for spelled in _spellings(label)}
    found: list[tuple[str, list[str]]] = [("", [])]
    in_table = False
    for line in text.split("\n"):
        label, lines = found[-1]
        match = _LABEL.match(line)
        new = known.get(folded(match["label"])) if match else None
        if match and new is None and label and label not in free and _is_strange(match, in_table):
            new = match["label"]
        if match and new is not None:
            in_table = match["mark"].startswith("|")
            found.append((new, [match["value"]]))
        elif label and CLOSING.match(line):
            found.append(("", []))
            break
        elif label and label not in free and not line.strip() and any(said.strip() for said in lines):
            found.append(("", []))
        elif label and label not in free and lines[0].strip() and not _is_wrapped(f"{label}: {lines[-1]}", line):
            found.append(("", [line]))
        else:
            lines.append(line)
    values = [(label, "\n".join(lines).strip()) for label, lines in found]
    rest = "\n\n".join(value for label, value in values if not label and value)
    return {"": rest, **joined_values((label, value) for label, value in values if label)}


def _spellings(label: str) -> set[str]:
    """Without accents: "Verfügbar ab" is typed as "Verfugbar ab" and "Verfuegbar ab"."""
    return {folded(label), folded(label.lower().translate({ord("ä"): "ae", ord("ö"): "oe", ord("ü"): "ue"}))}


def _is_wrapped(line: str, following: str) -> bool:
    """Whether a line may go on in the next one: the next word would have gone beyond what mail programs write."""
    return len(line) + len(following.split(maxsplit=1)[0]) >= _LINE_LENGTH if following.strip() else True


def _is_strange(match: re.Match[str], in_table: bool) -> bool:
    """Whether a line bears a label of some form: few words, a capital first, and a value that is no address.

    in_table: whether the labels above stand in cells of a table, as strange ones then do too.
    """
    label = match["label"].strip()
    is_label = _STRANGE_LABEL.fullmatch(label) is not None and label[0].isupper()
    return is_label and (in_table or match["mark"].startswith(":")) and not match["value"].startswith("//")


def to_mbox(messages: list[bytes]) -> bytes:
    """Messages as one mbox, as `read_messages` reads it; lines that begin with "From " are quoted."""
    return b"".join(
        b"From mail@mailbox.example Thu Jan  1 00:00:00 1970\n"
        + _FROM.sub(rb">\1", message.replace(b"\r\n", b"\n")).rstrip(b"\n")
        + b"\n\n"
        for message in messages
    )
