"""RSS and Atom feeds, also with the small faults that blogs write: one bad item is refused, its neighbours go on."""

import html
import io
import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any
from xml.etree.ElementTree import ParseError

import defusedxml.ElementTree
import feedparser

from sources import limits
from sources.platform import RawDocument, RowError, UnknownFormat
from sources.readers.encoding import decoded
from sources.readers.html import text_of_fragment
from sources.rows.read import Row
from sources.rows.text import address, collapse, without_foot_lines
from sources.week import LOCAL_TIME

_DECLARED = re.compile(rb"""<\?xml[^>]{0,100}encoding\s*=\s*["']([\w-]+)""")
_ROOT = re.compile(r"<(?:\w+:)?(rss|feed|RDF)(?=[\s>])")
_FIRST_ELEMENT = re.compile(r"<([A-Za-z][\w:.-]*)")
_ENTITIES = re.compile(
    r"<!ENTITY\b", re.IGNORECASE
)  # RSS 0.91 names a DOCTYPE, which is left out with all before the root
_ITEM = re.compile(r"<(?P<name>item|entry)(?=[\s>/]).*?(?:</(?P=name)\s*>|(?=<(?P=name)[\s>])|\Z)", re.DOTALL)
# Signs that XML 1.0 does not know; pasted from word processors.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_CDATA = re.compile(r"(<!\[CDATA\[.*?\]\]>)", re.DOTALL)
_AMPERSAND = re.compile(r"&(?!(?:amp|lt|gt|quot|apos|#\d{1,7}|#x[0-9A-Fa-f]{1,6});)(?:([A-Za-z]\w{1,30});)?")
# A system set to German or French writes its own names into RFC 5322 times.
_MONTHS = {
    "mär": "Mar", "mrz": "Mar", "mai": "May", "okt": "Oct", "dez": "Dec", "janv": "Jan", "fév": "Feb", "févr": "Feb",
    "mars": "Mar", "avr": "Apr", "avril": "Apr", "juin": "Jun", "juil": "Jul", "août": "Aug", "sept": "Sep",
    "déc": "Dec", "januar": "Jan", "februar": "Feb", "märz": "Mar", "juni": "Jun", "juli": "Jul",
}  # fmt: skip
_OWN_TIME = re.compile(r"(?:[^\W\d]+\.?,?\s+)?(\d{1,2})\.?\s+([^\W\d]+)\.?\s+(\d{4}.*)")


def read_feed(document: RawDocument) -> list[Row]:
    """The entries of a feed with the fields id, title, text, link, author, category and published.

    Bare ampersands, HTML's entities, control characters and what stands before the declaration are mended; where the
    XML is still broken, each entry is read by itself. An entry that is cut off or says nothing is refused.
    Raises UnknownFormat if the bytes are no feed, or declare entities: a feed has no need of them and a hostile one
    may unfold to gigabytes.
    """
    text = _mended(document)
    try:
        defusedxml.ElementTree.fromstring(text.encode(), forbid_dtd=True)
        return [
            _row(f"{document.name}: entry {number}", entry, document.url)
            for number, entry in enumerate(_entries(text), start=1)
        ]
    except (ParseError, ValueError):
        return list(_one_by_one(document, text))


def _mended(document: RawDocument) -> str:
    """The feed from its root on, as XML in UTF-8 without the faults that have one mending."""
    declared = _DECLARED.search(document.content[:2000])
    try:
        text = decoded(document.content, declared[1].decode() if declared else "")
    except (ValueError, LookupError) as error:
        raise UnknownFormat(f"{document.name}: no text ({error})") from error
    root = _ROOT.search(text)
    if root is None:
        first = _FIRST_ELEMENT.search(text)
        raise UnknownFormat(f"{document.name}: not a feed but <{first[1] if first else ''}>")
    if _ENTITIES.search(text[: root.start()]):
        raise UnknownFormat(f"{document.name}: no well-formed XML (it declares entities)")
    entries = max(text.count("<item"), text.count("<entry"))
    if entries > limits.ENTRIES:
        raise UnknownFormat(f"{document.name}: {entries:,} entries, {limits.ENTRIES:,} are read")
    parts = _CDATA.split(_FORBIDDEN.sub(" ", text[root.start() :]))
    return "".join(part if part.startswith("<![CDATA[") else _AMPERSAND.sub(_escaped, part) for part in parts).strip()


def _escaped(match: re.Match[str]) -> str:
    """An entity of HTML as its sign, any other ampersand as one."""
    sign = html.unescape(match[0]) if match[1] else ""
    return sign if sign and sign != match[0] and "&" not in sign else "&amp;" + match[0][1:]


def _entries(text: str) -> list[Any]:
    return list(feedparser.parse(io.BytesIO(text.encode()), sanitize_html=False, resolve_relative_uris=False).entries)


def _one_by_one(document: RawDocument, text: str) -> Iterator[Row]:
    """The entries of a feed that is no well-formed XML, each in a feed of its own."""
    first = _ITEM.search(text)
    if first is None:
        raise UnknownFormat(f"{document.name}: no well-formed XML and no entries")
    head, name = text[: first.start()], first["name"]
    tail = "</channel></rss>" if name == "item" else "</feed>"
    for number, item in enumerate(_ITEM.finditer(text), start=1):
        place = f"{document.name}: entry {number}"
        is_closed = re.search(rf"</{name}\s*>\Z", item[0]) is not None
        entries = []
        with suppress(ValueError):  # an address or a character that there is not: feedparser gives up
            entries = _entries(head + item[0] + tail) if is_closed else []
        if len(entries) == 1:
            yield _row(place, entries[0], document.url)
        else:
            yield Row(place, {}, problem=RowError("entry", "format", "the entry is not whole"))


def _row(place: str, entry: Any, base: str) -> Row:
    body = (entry.content[0].value if entry.get("content") else entry.get("summary")) or ""
    written = entry.get("published") or entry.get("updated") or ""
    link = address(base, collapse(entry.get("link") or ""))
    fields = {
        "id": collapse(entry.get("id") or link),
        # Blogs escape twice: what is left after the feed's own escaping is HTML.
        "title": collapse(text_of_fragment(entry.get("title") or "")),
        "text": without_foot_lines(text_of_fragment(body)),
        "link": link,
        "author": entry.get("author") or "",
        "category": "; ".join(tag.term for tag in entry.get("tags", []) if tag.term),
        "published": _moment(written),
    }
    says_nothing = not (fields["title"] or fields["text"] or link)
    problem = RowError("entry", "required", "neither title nor text nor link") if says_nothing else None
    return Row(place, fields, fields["id"] or None, problem)


def _moment(written: str) -> str:
    """A time as ISO 8601 with its zone, Berlin's if it names none; as it stands if it is no time."""
    own = _OWN_TIME.fullmatch(written.strip())
    if own is not None and own[2].casefold() in _MONTHS:
        written = f"{own[1]} {_MONTHS[own[2].casefold()]} {own[3]}"
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            found = read(written.strip())
        except (ValueError, TypeError, IndexError):
            continue
        return (found if found.tzinfo else found.replace(tzinfo=LOCAL_TIME)).isoformat()
    return written
