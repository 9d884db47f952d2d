"""Feeds of issues: Atom (RFC 4287) and JSON Feed 1.1, newest issue first.

A feed names issues by week and says what page 1 says; addresses are relative to the archive, because where an archive
stands is its operator's business.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from xml.etree import ElementTree

from reports.language import Language
from sources.week import Week

_ATOM = "http://www.w3.org/2005/Atom"
MOST_ENTRIES = 26


@dataclass(frozen=True)
class Entry:
    """One issue in a feed."""

    week: Week
    path: str  # of the page, relative to the feed
    headlines: Sequence[str]

    @property
    def identifier(self) -> str:
        """The same for ever, wherever the archive stands."""
        return f"urn:verbundradar:lagebild:{self.week}"

    @property
    def published_at(self) -> str:
        """The end of the week in UTC."""
        return self.week.ends_at.strftime("%Y-%m-%dT%H:%M:%SZ")


def _title(language: Language, week: Week | None = None) -> str:
    name = language.gettext("Lagebild Kooperation")
    return f"{name}, {language.week(week)}" if week else name


def as_atom(entries: Sequence[Entry], language: str = "de") -> bytes:
    """The issues as Atom."""
    reader, newest_first = Language(language), _newest_first(entries)
    ElementTree.register_namespace("", _ATOM)
    feed = ElementTree.Element(f"{{{_ATOM}}}feed", {"{http://www.w3.org/XML/1998/namespace}lang": language})

    def add(parent: ElementTree.Element, name: str, text: str = "", **attributes: str) -> ElementTree.Element:
        child = ElementTree.SubElement(parent, f"{{{_ATOM}}}{name}", attributes)
        child.text = text or None
        return child

    add(feed, "id", "urn:verbundradar:lagebild")
    add(feed, "title", _title(reader))
    add(feed, "updated", newest_first[0].published_at if newest_first else "1970-01-01T00:00:00Z")
    add(add(feed, "author"), "name", "Verbundradar")
    for entry in newest_first:
        item = add(feed, "entry")
        add(item, "id", entry.identifier)
        add(item, "title", _title(reader, entry.week))
        add(item, "updated", entry.published_at)
        add(item, "link", href=entry.path, rel="alternate", type="text/html")
        add(item, "summary", " ".join(map(_printable, entry.headlines)), type="text")
    written: bytes = ElementTree.tostring(feed, encoding="utf-8", xml_declaration=True)
    return written + b"\n"


def as_json_feed(entries: Sequence[Entry], language: str = "de") -> str:
    """The issues as JSON Feed."""
    reader = Language(language)
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": _title(reader),
        "language": language,
        "items": [
            {
                "id": entry.identifier,
                "url": entry.path,
                "title": _title(reader, entry.week),
                "content_text": "\n".join(map(_printable, entry.headlines)),
                "date_published": entry.published_at,
            }
            for entry in _newest_first(entries)
        ],
    }
    return json.dumps(feed, ensure_ascii=False, indent=1) + "\n"


def _newest_first(entries: Sequence[Entry]) -> list[Entry]:
    return sorted(entries, key=lambda entry: entry.week, reverse=True)[:MOST_ENTRIES]


def _printable(text: str) -> str:
    """Without the characters that XML 1.0 cannot hold."""
    return "".join(character for character in text if character >= " " and not 0xD800 <= ord(character) <= 0xDFFF)
