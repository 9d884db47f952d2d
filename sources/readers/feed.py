"""RSS and Atom feeds."""

import io
from typing import Any

import defusedxml.ElementTree
import feedparser
from defusedxml.common import DefusedXmlException

from sources.platform import RawDocument, UnknownFormat
from sources.readers.html import text_of_fragment
from sources.rows.read import Row


def read_feed(document: RawDocument) -> list[Row]:
    """The entries of a feed with the fields id, title, text, link, author, category and published.

    Raises UnknownFormat if the bytes are no well-formed feed, or declare entities: a feed has no need of them and a
    hostile one may unfold to gigabytes.
    """
    try:
        root = defusedxml.ElementTree.fromstring(document.content, forbid_dtd=True)
    except (DefusedXmlException, defusedxml.ElementTree.ParseError, ValueError, LookupError) as error:
        raise UnknownFormat(f"{document.name}: no well-formed XML ({error})") from error
    if root.tag.rpartition("}")[2] not in ("rss", "feed", "RDF"):
        raise UnknownFormat(f"{document.name}: not a feed but <{root.tag.rpartition('}')[2]}>")
    parsed = feedparser.parse(io.BytesIO(document.content), sanitize_html=False, resolve_relative_uris=False)
    return [_row(f"{document.name}: entry {number}", entry) for number, entry in enumerate(parsed.entries, start=1)]


def _row(place: str, entry: Any) -> Row:
    body = entry.content[0].value if "content" in entry else entry.get("summary", "")
    fields = {
        "id": entry.get("id") or entry.get("link", ""),
        "title": entry.get("title", ""),
        "text": text_of_fragment(body),
        "link": entry.get("link", ""),
        "author": entry.get("author", ""),
        "category": "; ".join(tag.term for tag in entry.get("tags", []) if tag.term),
        "published": entry.get("published") or entry.get("updated", ""),
    }
    return Row(place, fields, fields["id"] or None)
