"""Feeds of issues: Atom (RFC 4287) and JSON Feed 1.1, newest issue first.

A feed names issues by week and says what page 1 says, calls with the addresses of their listings. Its own addresses are
absolute where `lagebild.yaml` says where the archive stands, else relative. What escapes and nests is the standard
library: feedgen, the library for Atom, knows no JSON Feed, dates a feed by the clock unless told otherwise, and would
bring lxml for these ten elements.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from xml.etree import ElementTree

from reports.frames import Row
from reports.language import Language
from sources.week import Week

_ATOM = "http://www.w3.org/2005/Atom"
MOST_ENTRIES = 26


@dataclass(frozen=True)
class Entry:
    """One issue in a feed."""

    week: Week
    path: str  # of the page: absolute, or relative to the feed
    headlines: Sequence[str]
    calls: Sequence[Row] = ()  # each with its lines, and addresses by listing
    corrected_on: date | None = None
    corrections: Sequence[str] = ()

    @property
    def identifier(self) -> str:
        """The same for ever, wherever the archive stands."""
        return f"urn:verbundradar:lagebild:{self.week}"

    @property
    def published_at(self) -> str:
        """The end of the week in UTC."""
        return _instant(self.week.ends_at)

    @property
    def updated_at(self) -> str:
        """The start of the day of the last correction, never before the issue itself."""
        ends_at = self.week.ends_at
        return _instant(
            max(ends_at, datetime.combine(self.corrected_on, time(), UTC)) if self.corrected_on else ends_at
        )

    @property
    def lines(self) -> list[str]:
        """Corrections first, then the calls, then the headlines."""
        called = (line for call in self.calls for line in call["lines"])
        return [_printable(line) for line in (*self.corrections, *called, *self.headlines)]

    @property
    def listings(self) -> dict[str, str]:
        """Addresses of the listings of all calls, by id."""
        return {_printable(name): address for call in self.calls for name, address in call["links"].items()}

    def title(self, language: Language) -> str:
        """The issue by its week, and that it is a correction."""
        plain = language.gettext("Lagebild Kooperation, %(week)s", week=language.week(self.week))
        return language.gettext("Korrektur: %(title)s", title=plain) if self.corrected_on else plain


def _instant(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


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
    add(feed, "title", reader.gettext("Lagebild Kooperation"))
    add(feed, "updated", max((entry.updated_at for entry in newest_first), default="1970-01-01T00:00:00Z"))
    add(add(feed, "author"), "name", "Verbundradar")
    for entry in newest_first:
        item = add(feed, "entry")
        add(item, "id", entry.identifier)
        add(item, "title", entry.title(reader))
        add(item, "published", entry.published_at)
        add(item, "updated", entry.updated_at)
        add(item, "link", href=entry.path, rel="alternate", type="text/html")
        for name, address in entry.listings.items():
            add(item, "link", href=address, rel="related", title=name)
        add(item, "summary", "\n".join(entry.lines), type="text")
    written: bytes = ElementTree.tostring(feed, encoding="utf-8", xml_declaration=True)
    return written + b"\n"


def as_json_feed(entries: Sequence[Entry], language: str = "de") -> str:
    """The issues as JSON Feed."""
    reader = Language(language)
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": reader.gettext("Lagebild Kooperation"),
        "language": language,
        "items": [
            {
                "id": entry.identifier,
                "url": entry.path,
                "title": entry.title(reader),
                "content_text": "\n".join(entry.lines),
                "date_published": entry.published_at,
                **({"date_modified": entry.updated_at} if entry.corrected_on else {}),
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
