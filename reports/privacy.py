"""No contact data in finished documents: a scan of every form for e-mail addresses and telephone numbers.

The scan looks at what a reader sees or can copy. It lowers a risk and proves nothing: names of persons have no
pattern. Offices of platforms are public and may be named; they are passed as ``allowed``. PDF copies are made of pages
that were scanned; pictures of pixels hold none of our texts.
"""

import json
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from email import message_from_bytes
from email.policy import default
from html import unescape
from io import BytesIO
from typing import Any
from zipfile import ZipFile

# Looked for only where one can begin, as telephone numbers below: 0.6 instead of 2.8 s of the files of a small week,
# and a long run of letters costs no square of its length.
_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]++\s?(?:@|\(at\)|\[at\])\s?[\w-]+(?:\.[\w-]+)+", re.IGNORECASE)
# A telephone number: an international or trunk prefix and at least six more digits, or the American 3-3-4 form. What
# stands behind a digit and a space that does not break is the rest of a large number, as French writes it.
_TELEPHONE = re.compile(
    r"(?=[+(\d])(?:(?<![\w.,/-])(?<!\d[\u00a0\u202f])(?:\+\d{1,3}[\s./()-]{0,2}(?:\(0\))?|00\d{1,3}[\s./()-]|\(?0[1-9]\d{1,4}\)?[\s/-]{1,3})\d(?:[\s./()-]{0,2}\d){5,11}(?![\w-])"
    r"|(?<![\w.,/-])(?:\+?1[\s.-])?\(?[2-9]\d{2}\)?[\s.-][2-9]\d{2}[\s.-]\d{4}(?![\w-]))"
)
_OWN = "@verbundradar.example"  # ends the numbers of mails and calendar entries, which look like addresses
_NUMBERS = re.compile(r"<(v|f)\b[^>]*>[^<]*</\1>")  # cells of a sheet that hold numbers, not texts
# The words of a page or a part of a workbook, after a tag or after what is none, and the attributes that a reader could
# follow or read. A parser sees the same in six times as long (0.9 instead of 0.15 s for the pages of a small week).
_STYLE = re.compile(r"<style\b.*?</style\s*>", re.IGNORECASE | re.DOTALL)
_MARKUP = re.compile(
    r"(?:\A|>|<(?![a-z/!?]))([^<]+)|\b(?:href|title|alt|aria-label|target)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')",
    re.IGNORECASE,
)
_IDS = ("message-id", "references", "in-reply-to", "content-id", "date", "mime-version")
_SKIPPED = (".pdf", ".png", ".jpg", ".woff2")


@dataclass(frozen=True)
class Finding:
    """Something that looks like contact data; ``excerpt`` is cut so that the finding itself is no leak."""

    kind: str  # "e-mail" or "telephone"
    excerpt: str


def find_contacts(document: str, allowed: Collection[str] = ()) -> list[Finding]:
    """Everything in an HTML or plain-text document that looks like contact data, in reading order.

    ``allowed`` holds texts (contact routes of platforms' offices) that may stand in it.
    """
    return _in_text(_seen(document), allowed)


def contacts_in(name: str, content: bytes, allowed: Collection[str] = ()) -> list[Finding]:
    """Everything in a finished file of any of our forms that looks like contact data; the name's end tells the form."""
    if name.endswith(".html"):
        return find_contacts(content.decode("utf-8", "replace"), allowed)
    return [finding for text in _texts(name, content) for finding in _in_text(text, allowed)]


def _in_text(text: str, allowed: Collection[str]) -> list[Finding]:
    for route in sorted(allowed, key=len, reverse=True):
        text = text.replace(route, " ")
    found = [("e-mail", match) for match in _EMAIL.finditer(text) if not match.group().endswith(_OWN)]
    found += [("telephone", match) for match in _TELEPHONE.finditer(text)]
    found.sort(key=lambda item: item[1].start())
    return [Finding(kind, match.group()[:4] + "…") for kind, match in found]


def _seen(document: str) -> str:
    """The words of HTML or XML, and of plain text all of it."""
    told = _MARKUP.findall(_STYLE.sub("", document))
    return unescape("\n".join(said or led or quoted for said, led, quoted in told))


def _texts(name: str, content: bytes) -> Iterator[str]:
    """What a file says, form by form."""
    end = name[name.rfind(".") :].lower()
    if end not in _SKIPPED:
        yield from _FORMS.get(end, _plain)(content)


def _plain(content: bytes) -> Iterator[str]:
    yield content.decode("utf-8", "replace")


def _page(content: bytes) -> Iterator[str]:
    yield _seen(content.decode("utf-8", "replace"))


def _json(content: bytes) -> Iterator[str]:
    yield "\n".join(_strings(json.loads(content)))


def _strings(said: Any) -> Iterator[str]:
    if isinstance(said, str):
        yield said
    elif isinstance(said, Mapping):
        yield from (text for pair in said.items() for part in pair for text in _strings(part))
    elif isinstance(said, list):
        yield from (text for part in said for text in _strings(part))


def _archive(content: bytes) -> Iterator[str]:
    """A workbook or another archive: the texts of its parts, and links."""
    with ZipFile(BytesIO(content)) as archive:
        for entry in archive.namelist():
            part = archive.read(entry)
            if entry.endswith((".xml", ".rels")):
                yield _seen(_NUMBERS.sub("", part.decode("utf-8", "replace")))
            else:
                yield from _texts(entry, part)


def _calendar(content: bytes) -> Iterator[str]:
    text = re.sub(r"\r?\n[ \t]", "", content.decode("utf-8", "replace"))
    yield re.sub(r"\\([,;\\])", r"\1", text.replace("\\n", "\n"))


def _mail(content: bytes) -> Iterator[str]:
    message = message_from_bytes(content, policy=default)
    yield "\n".join(str(value) for name, value in message.items() if name.lower() not in _IDS)
    for part in message.walk():
        if part.get_content_type() == "text/html":
            yield _seen(part.get_content())
        elif part.get_content_maintype() == "text":
            yield part.get_content()
        elif not part.is_multipart():
            yield from _texts(part.get_filename() or "", part.get_content())


_FORMS: Mapping[str, Callable[[bytes], Iterator[str]]] = {
    ".html": _page,
    ".svg": _page,
    ".xml": _page,
    ".json": _json,
    ".jsonld": _json,
    ".xlsx": _archive,
    ".ods": _archive,
    ".zip": _archive,
    ".ics": _calendar,
    ".eml": _mail,
}
