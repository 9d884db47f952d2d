"""What a platform is to us: a value with two functions, and what can go wrong with it.

    PlatformError                    one platform fails, the week goes on
    ├── Unreachable                  no answer, or an answer that says no (500, 429, time-out)
    │   ├── NotFound                 the answer is that there is nothing at this address (404, 410)
    │   ├── NotDelivered             an inbox holds nothing from this platform
    │   └── OfAnotherTime            a page shows another week than the one that is asked for
    └── BrokenStructure              bytes came, but not in the shape that we know
        ├── UnknownFormat            another kind of bytes (an error page instead of a table)
        ├── LayoutChanged            a column, label or element that we rely on is gone
        └── ImplausibleVolume        zero rows, or far fewer than the platform's own band
    RowError                         one row fails; it goes to quarantine with field and rule

Nothing here knows a wire format (`readers/`), the network (`access/`) or Dagster.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from fnmatch import fnmatch
from typing import NamedTuple, Protocol
from urllib.parse import urljoin

import pandas as pd

from sources import limits


class PlatformError(Exception):
    """One platform cannot be read this time; its last good state stands in."""


class Unreachable(PlatformError):
    """The platform gave no usable answer."""


class NotFound(Unreachable):
    """There is nothing at this address: final, unlike other failures."""


class NotDelivered(Unreachable):
    """An inbox holds nothing from this platform; it may never have been meant to."""


class OfAnotherTime(Unreachable):
    """Live pages show today; a past week cannot be read from them."""


class BrokenStructure(PlatformError):
    """The platform answered with something that is not what we know."""


class UnknownFormat(BrokenStructure):
    """The bytes are of another kind."""


class LayoutChanged(BrokenStructure):
    """A column, label or element that we rely on is missing or new."""


class ImplausibleVolume(BrokenStructure):
    """The number of rows lies outside what this platform can plausibly hold."""


class RowError(Exception):
    """One row breaks a rule: which field, which rule, and why in words."""

    def __init__(self, field: str, rule: str, reason: str) -> None:
        super().__init__(f"{field}: {rule}: {reason}")
        self.field = field
        self.rule = rule
        self.reason = reason


@dataclass(frozen=True)
class RawDocument:
    """Bytes as a platform served them, with the little that is needed to read them again."""

    name: str  # file name inside the snapshot, unique there, e.g. "liste-2.html"
    content: bytes
    url: str  # where it came from; for an export its file name
    retrieved_at: datetime  # UTC
    etag: str = ""  # the server's mark of this version, to ask "has it changed?" next time
    last_modified: str = ""  # the same as a date, as the server wrote it
    next_url: str = ""  # where the server says that its list goes on (Link header)
    refused: str = ""  # why its content was not taken, and what to do about it; the content is empty then

    @property
    def is_page(self) -> bool:
        """Served over the web, as it was just then; exports and mailboxes hold what they held."""
        return self.url.startswith(("http://", "https://"))


class Parsed(NamedTuple):
    """What `parse` makes of a snapshot.

    listings: one row per accepted row of the platform, columns of `ParsedListing`.
    quarantine: one row per refused row, columns of `Quarantine`.
    members: for directories one row per organisation and membership, columns of `directory.Member`; None for boards.
    """

    listings: pd.DataFrame
    quarantine: pd.DataFrame
    members: pd.DataFrame | None = None


class Client(Protocol):
    """The one way `fetch` may reach a platform (the real ones: `access/`)."""

    def get(self, url: str, question: str = "") -> RawDocument:
        """The document behind an address, or what it answers to a question in JSON (POST); raises Unreachable."""
        ...


def named(documents: Sequence[RawDocument], pattern: str) -> tuple[RawDocument, ...]:
    """The documents whose file name, without folders, matches a pattern such as ``*.xlsx``."""
    return tuple(document for document in documents if fnmatch(document.name.rpartition("/")[2].lower(), pattern))


def the_named(documents: Sequence[RawDocument], pattern: str) -> tuple[RawDocument, ...]:
    """As `named`, but at least one; raises LayoutChanged."""
    found = named(documents, pattern)
    if not found:
        raise LayoutChanged(f"no document '{pattern}' among {', '.join(d.name for d in documents) or 'none'}")
    return found


def documents_at(**paths: str) -> Callable[["Client", str], tuple[RawDocument, ...]]:
    """A `fetch` for platforms that say things at a few fixed addresses: file name (dots as __) = path, or mailbox."""

    def fetch(client: Client, url: str) -> tuple[RawDocument, ...]:
        documents = []
        for name, path in paths.items():
            document = client.get(urljoin(url, path))
            documents.append(replace(document, name=name.replace("__", ".")))
        return tuple(documents)

    return fetch


def one_document(name: str) -> Callable[["Client", str], tuple[RawDocument, ...]]:
    """A `fetch` for platforms whose whole content lies behind their one address."""

    def fetch(client: Client, url: str) -> tuple[RawDocument, ...]:
        return (replace(client.get(url), name=name),)

    return fetch


def fetch_pages(
    get: Callable[[str], RawDocument], first: str, name: str, next_page: Callable[[RawDocument, int], str | None]
) -> tuple[RawDocument, ...]:
    """All pages of a list from the first on, got by address or question.

    `next_page(page, number)` gives what gets the next one, None at the end. name: of the documents, ``{}`` in it is the
    number, from 1. Raises LayoutChanged if a page is asked for twice.
    """
    pages: list[RawDocument] = []
    seen: set[str] = set()
    following: str | None = first
    while following:
        if following in seen or len(pages) >= limits.PAGES:
            raise LayoutChanged(f"the list's paging does not end: {following}")
        seen.add(following)
        page = get(following)
        pages.append(replace(page, name=name.format(len(pages) + 1)))
        following = next_page(page, len(pages))
    return tuple(pages)


def whole(_source_id: str) -> str:
    """The part of a delivery that comes as one."""
    return ""


def before_colon(source_id: str) -> str:
    """The part of a delivery whose name stands before each of its own numbers: ``netz-seenland:7``."""
    return source_id.partition(":")[0]


@dataclass(frozen=True)
class Platform:
    """One cooperation platform.

    `fetch(client, url)` returns bytes as served and touches nothing else; `parse(documents)` takes bytes and
    returns `Parsed`, touches no network and raises only BrokenStructure.
    """

    name: str  # our short name, also the prefix of its listing ids
    title: str  # as readers know it
    operator: str
    url: str
    language: str  # ISO 639-1 of its texts
    country: str  # ISO 3166-1 alpha-2 of most of its organisations
    kind_of_access: str  # "page", "export", "api", "mailbox" …
    contact_route: str  # the platform's office, never a person
    inbox_pattern: str  # glob of its export inside an inbox folder: a file, or a folder of saved pages
    expected_rows: tuple[int, int]  # fewest and most listings in one snapshot before we doubt it
    fetch: Callable[[Client, str], tuple[RawDocument, ...]]
    parse: Callable[[Sequence[RawDocument]], Parsed]
    ignored_fields: tuple[str, ...] = field(default=())  # columns or labels left unread on purpose
    mailbox: str = ""  # where its mail arrives, as ``imaps://host/FOLDER``
    stated_total: str = ""  # under which key its JSON says how many rows there are, if it does
    is_procurement: bool = False  # its requests are answered by bids in a public procedure alone
    key_header: str = ""  # the HTTP header in which it wants an access key, if it wants one
    # The part of a delivery (network, sender, file) a listing came in, by its source id; "" where there is but one.
    part_of: Callable[[str], str] = whole
