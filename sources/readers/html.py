"""Web pages of the usual kind: a list with paging, and detail pages made of labelled fields."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from fnmatch import fnmatch
from urllib.parse import unquote, urljoin

from selectolax.lexbor import LexborHTMLParser, LexborNode

from sources.platform import Client, LayoutChanged, NotFound, RawDocument, UnknownFormat, fetch_pages
from sources.rows.text import collapse


def read_page(document: RawDocument) -> LexborHTMLParser:
    """The page as a tree; raises UnknownFormat if the bytes are no HTML in UTF-8."""
    try:
        text = document.content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnknownFormat(f"{document.name}: not UTF-8 text ({error.reason} at byte {error.start})") from error
    head = text[:2000].lower()
    if "<html" not in head and "<!doctype html" not in head:
        raise UnknownFormat(f"{document.name}: not an HTML page")
    return LexborHTMLParser(text)


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
            label = collapse(child.text()).rstrip(":").rstrip()
        else:
            fields.append((label, text_of(child)))
    return fields


def text_of(node: LexborNode) -> str:
    """Visible text of an element; <br> and the ends of paragraphs and list items become line breaks."""
    parts = []
    for child in node.traverse(include_text=True):
        if child.tag == "-text":
            parts.append(child.text_content or "")
        elif child.tag in ("br", "p", "li", "div", "ul"):
            parts.append("\n")
    return "".join(parts).strip()


def text_of_fragment(markup: str) -> str:
    """Visible text of a piece of HTML, as `text_of`."""
    root = LexborHTMLParser(markup).root
    return text_of(root) if root is not None else ""


def links(page: LexborHTMLParser, selector: str, base: str) -> Iterator[str]:
    """Absolute addresses of the links that a selector names."""
    for node in page.css(selector):
        href = (node.attributes.get("href") or "").strip()
        if href:
            yield urljoin(base, href)


def fetch_found(client: Client, addresses: Iterable[str]) -> Iterator[RawDocument]:
    """The documents behind addresses, without those that do not exist; any other failure is raised."""
    for address in addresses:
        with suppress(NotFound):
            yield client.get(address)


def fetch_linked_pages(client: Client, url: str, next_page: str) -> tuple[RawDocument, ...]:
    """All pages of a list, following the link that `next_page` (a selector) names; raises LayoutChanged in a circle."""

    def following(page: RawDocument, number: int) -> str | None:
        return next(links(read_page(page), next_page, page.url), None)

    return fetch_pages(client, url, "liste-{}.html", following)


def fetch_folder(pattern: str) -> Callable[[Client, str], tuple[RawDocument, ...]]:
    """A `fetch` for a shared folder that a web server lists: every linked file whose name matches the pattern."""

    def fetch(client: Client, url: str) -> tuple[RawDocument, ...]:
        listing = client.get(url)
        addresses = sorted({address for address in links(read_page(listing), "a", url) if address.startswith(url)})
        documents = [client.get(a) for a in addresses if fnmatch(unquote(a).rpartition("/")[2].lower(), pattern)]
        return tuple(replace(document, name=unquote(document.url).rpartition("/")[2]) for document in documents)

    return fetch
