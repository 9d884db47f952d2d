"""Web pages of the usual kind: a list with paging, and detail pages made of labelled fields."""

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from fnmatch import fnmatch
from urllib.parse import unquote

from selectolax.lexbor import LexborHTMLParser, LexborNode

from sources import limits
from sources.platform import Client, LayoutChanged, NotFound, RawDocument, UnknownFormat, fetch_pages
from sources.readers.encoding import decoded
from sources.rows.text import address, collapse

_CELLS = frozenset({"td", "th"})
_BLOCKS = frozenset(
    "address article aside blockquote body caption center dd details dialog div dl dt fieldset figcaption figure "
    "footer form h1 h2 h3 h4 h5 h6 header hr legend li main nav ol option p pre section summary table tbody tfoot "
    "thead tr ul".split()
)
_UNSEEN = frozenset("del s strike title style script template noscript".split())
_MAY_BE_UNSEEN = ", ".join((*sorted(_UNSEEN), "[style]"))
_UNSEEN_STYLE = re.compile(r"line-through|display\s*:\s*none", re.IGNORECASE)
_WHITE = re.compile(r"[ \t\r\n\f]+")
_CHARSET = re.compile(rb"""<meta[^>]{0,200}charset\s*=\s*["']?([\w-]+)""", re.IGNORECASE)


def read_page(document: RawDocument) -> LexborHTMLParser:
    """The page as a tree of what is seen (see `seen`); raises UnknownFormat if the bytes are no HTML."""
    if b"\0" in document.content:  # UTF-16, which no server of pages sends
        raise UnknownFormat(f"{document.name}: no text in an encoding of the web")
    charset = _CHARSET.search(document.content[:2000])
    try:
        text = decoded(document.content, charset[1].decode() if charset else "")
    except (ValueError, LookupError) as error:
        raise UnknownFormat(f"{document.name}: no text ({error})") from error
    head = text[:2000].lower()
    if "<html" not in head and "<!doctype html" not in head:
        raise UnknownFormat(f"{document.name}: not an HTML page; save the page itself")
    return seen(text)


def seen(markup: str) -> LexborHTMLParser:
    """Markup as a tree without what is struck out, hidden, script or style."""
    tree = LexborHTMLParser(markup)
    for node in reversed(tree.css(_MAY_BE_UNSEEN)):  # the innermost first: a node that went with its parent is no more
        style = node.attributes.get("style")
        if node.tag in _UNSEEN or (style and _UNSEEN_STYLE.search(style)):
            node.decompose()
    return tree


def required(node: LexborHTMLParser | LexborNode, selector: str, place: str) -> LexborNode:
    """The first element that a selector names; raises LayoutChanged if there is none."""
    found = node.css_first(selector)
    if found is None:
        raise LayoutChanged(f"{place}: the element '{selector}' is gone")
    return found


def labelled_fields(node: LexborNode) -> list[tuple[str, str]]:
    """The (label, value) pairs of a definition list in the order of the page; line breaks in values are kept."""
    fields: list[tuple[str, str]] = []
    label = ""
    for child in node.css("dt, dd"):
        if child.tag == "dt":
            label = collapse(text_of(child)).rstrip(":").rstrip()
        else:
            fields.append((label, text_of(child)))
    return fields


def text_of(node: LexborNode) -> str:
    """Text of an element in a tree of `seen`: a line for each block, row, list item and <br>; no blank lines.

    A term stands before what it means ("Ort: Ulm"), cells of a row are parted by " | ", lines within a cell by a
    blank; a table that only lays out others is blocks.
    """
    only = node.child
    if only is not None and only.tag == "-text" and only.next is None and node.tag != "pre":  # most elements
        return collapse(only.text_content or "")
    parts: list[str] = []
    # A stack and not recursion: pages nest without bound. A string on it is text that is finished.
    waiting: list[LexborNode | str] = [node]
    while waiting:
        item = waiting.pop()
        if isinstance(item, str):
            parts.append(item)
        elif item.tag == "-text":
            parts.append(_words(item))
        elif item.tag == "br":
            parts.append("\n")
        elif item.tag == "tr" and item.css_first("table") is None:
            cells = (" ".join(text_of(cell).split()) for cell in item.iter() if cell.tag in _CELLS)
            parts += ["\n", " | ".join(cell for cell in cells if cell), "\n"]
        elif item.tag == "dt" and item is not node:
            parts += ["\n", collapse(text_of(item)).rstrip(" :"), ": "]
        elif item.tag == "dd" and item is not node:
            waiting += ["\n", *reversed(list(item.iter(include_text=True)))]
        elif item.tag not in (None, "head", "-comment"):
            edge = "\n" if item.tag in _BLOCKS or (item.tag in _CELLS and item is not node) else ""
            waiting += [edge, *reversed(list(item.iter(include_text=True))), edge]
    return "\n".join(line for line in map(collapse, "".join(parts).split("\n")) if line)


def _words(text: LexborNode) -> str:
    """Line breaks of the source are blanks, but where the text is set as it stands."""
    written = text.text_content or ""
    return written if text.parent is not None and text.parent.tag == "pre" else _WHITE.sub(" ", written)


def text_of_fragment(markup: str) -> str:
    """Visible text of a piece of HTML, as `text_of`."""
    body = seen(markup).body
    return text_of(body) if body is not None else ""


def table_rows(table: LexborNode) -> list[list[str]]:
    """The texts of a table by row and column; a cell that spans rows or columns stands in each of them."""
    spanning: dict[int, tuple[int, str]] = {}  # column -> further rows and text
    rows = []
    for row in table.css("tr"):
        cells: list[str] = []
        for cell in (child for child in row.iter() if child.tag in _CELLS):
            _fill(cells, spanning)
            below, text = _span(cell, "rowspan") - 1, text_of(cell)
            for _ in range(_span(cell, "colspan")):
                if below > 0:
                    spanning[len(cells)] = (below, text)
                cells.append(text)
        _fill(cells, spanning)
        rows.append(cells)
    return rows


def _fill(cells: list[str], spanning: dict[int, tuple[int, str]]) -> None:
    """Add the cells that rows above reach down to where the next cell would stand."""
    while len(cells) in spanning:
        rest, text = spanning.pop(len(cells))
        if rest > 1:
            spanning[len(cells)] = (rest - 1, text)
        cells.append(text)


def _span(cell: LexborNode, name: str) -> int:
    written = cell.attributes.get(name) or ""
    return min(max(int(written), 1), limits.SPANNED_CELLS) if written.isascii() and written.isdigit() else 1


def links(page: LexborHTMLParser, selector: str, base: str) -> Iterator[str]:
    """Absolute addresses of the links that a selector names."""
    for node in page.css(selector):
        link = address(base, (node.attributes.get("href") or "").strip())
        if link:
            yield link


def fetch_found(client: Client, addresses: Iterable[str]) -> Iterator[RawDocument]:
    """The documents behind addresses, without those that do not exist; any other failure is raised."""
    for url in addresses:
        with suppress(NotFound):
            yield client.get(url)


def fetch_linked_pages(client: Client, url: str, next_page: str) -> tuple[RawDocument, ...]:
    """All pages of a list, following the link that `next_page` (a selector) names; raises LayoutChanged in a circle."""

    def following(page: RawDocument, number: int) -> str | None:
        return next(links(read_page(page), next_page, page.url), None)

    return fetch_pages(client.get, url, "liste-{}.html", following)


def fetch_folder(pattern: str) -> Callable[[Client, str], tuple[RawDocument, ...]]:
    """A `fetch` for a shared folder that a web server lists: every linked file whose name matches the pattern."""

    def fetch(client: Client, url: str) -> tuple[RawDocument, ...]:
        listing = client.get(url)
        addresses = sorted({address for address in links(read_page(listing), "a", url) if address.startswith(url)})
        documents = [client.get(a) for a in addresses if fnmatch(unquote(a).rpartition("/")[2].lower(), pattern)]
        return tuple(replace(document, name=unquote(document.url).rpartition("/")[2]) for document in documents)

    return fetch
