"""Deliveries that are not whole: files that end in the middle, and fewer rows than their source says that it has.

What is there is read. What is not there may be no less offered or sought, so nothing of it counts as gone, and the file
is told. JSON needs no look: its reader takes nothing of a reply that was cut off.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from sources.platform import Platform, RawDocument, RowError
from sources.readers.rest import said_by
from sources.rows.read import refusal

RULE = "whole"
_ROOT = re.compile(rb"<([A-Za-z][\w.:-]*)(?=[\s>])")  # the first element; declarations begin with ? or !
_TAIL = 4_000  # bytes at the end in which a document is closed, whatever scripts and comments follow
_DELIMITERS = (b";", b",", b"\t")


def refused_as_partial(platform: Platform, documents: Sequence[RawDocument], rows: int) -> list[dict[str, str | None]]:
    """Rows of the quarantine, one for each document that ends in the middle and one for rows that are lacking.

    rows: how many were read of all documents.
    """
    told = [(document.name, "ends in the middle; fetch it again") for document in documents if _is_cut_off(document)]
    told += [
        (name, f"the source says that it has {total}, {rows} were delivered; fetch what is missing")
        for name, total in _totals(platform, documents)
        if total > rows
    ]
    return [refusal(platform.name, name, None, RowError("file", RULE, reason), None) for name, reason in told]


def without_torn_mail(document: RawDocument) -> RawDocument:
    """A mailbox without its last mail where that is cut off: half of it would replace the listing that it renews."""
    start = document.content.rfind(b"\nFrom ")
    is_mailbox = document.name.lower().endswith(".mbox")
    if start < 0 or not is_mailbox or not _is_cut_off(document):
        return document
    return replace(document, content=document.content[: start + 1])


def _totals(platform: Platform, documents: Sequence[RawDocument]) -> Iterator[tuple[str, int]]:
    """The largest total that a source states, with the document that does."""
    pages = [document for document in documents if document.name.lower().endswith(".json")]
    said = [(str(said_by(page, platform.stated_total)), page.name) for page in pages if platform.stated_total]
    if stated := [(int(total), name) for total, name in said if total.isdecimal()]:
        total, name = max(stated)
        yield name, total


def _is_cut_off(document: RawDocument) -> bool:
    name, content = document.name.lower(), document.content
    if name.endswith((".xml", ".atom", ".rss")):
        root = _ROOT.search(content)
        return root is not None and b"</" + root[1] not in content[-_TAIL:] and b"/>" not in content[-3:]
    if name.endswith((".html", ".htm")):
        return b"<html" in content[:_TAIL].lower() and b"</html" not in content[-_TAIL:].lower()
    if name.endswith(".mbox"):
        return content.startswith(b"From ") and content[-1:] not in (b"\n", b"\r")
    if name.endswith(".ics"):
        return b"BEGIN:VCALENDAR" in content and b"END:VCALENDAR" not in content[-_TAIL:]
    # A disk that was full or a broken download leaves zeros; UTF-16 has no two of them at the end.
    return name.endswith(".csv") and (content.endswith(b"\0\0") or _ends_within_a_row(content))


def _ends_within_a_row(content: bytes) -> bool:
    """Whether the last line of a table has no end and fewer cells than the first."""
    if b"\0" in content or content[-1:] in (b"\n", b"\r", b""):
        return False
    lines = content.splitlines()
    delimiter = max(_DELIMITERS, key=lines[0].count)
    return len(lines) > 1 and lines[-1].count(delimiter) < lines[0].count(delimiter)
