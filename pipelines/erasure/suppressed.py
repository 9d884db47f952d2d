"""What was erased, as keyed hashes: enough to know it again when it comes back, too little to say what it was.

``erased.csv`` lies beside its key, not among the results, so that a store that is restored from a back-up meets the
list of today (`verbundradar erase` without a value applies it again). A hash is HMAC-SHA-256 (RFC 2104) over kind and
value: without the key nobody can try all telephone numbers.
"""

import csv
import hmac
import io
from collections.abc import Iterable
from datetime import date
from functools import cached_property, lru_cache
from pathlib import Path
from typing import NamedTuple

from pipelines.erasure.contents import cleaned
from pipelines.erasure.texts import without
from pipelines.erasure.values import MARKS, Value, values_in
from pipelines.keys import secret
from pipelines.whole_files import write_whole
from sources.weekly.identity import as_shown

COLUMNS = ("kind", "size", "place", "hash", "erased_on")
LISTING = "listing"


class Entry(NamedTuple):
    """One line of the list; `size` and `place` only narrow down where to look."""

    kind: str
    size: int
    place: str  # of a listing: its platform
    hash: str
    erased_on: str


def _entries_in(text: str) -> tuple[Entry, ...]:
    lines = list(csv.reader(io.StringIO(text)))[1:]
    return tuple(Entry(kind, int(size), place, hash_, day) for kind, size, place, hash_, day in lines)


class Suppressed:
    """The list of a store, read once."""

    def __init__(self, keys: Path) -> None:
        self._keys = keys
        self._path = keys / "erased.csv"

    @cached_property
    def entries(self) -> tuple[Entry, ...]:
        """The lines of the list; none where nobody was erased."""
        if not self._path.exists():
            return ()
        return _entries_in(self._path.read_text(encoding="utf-8"))

    def added(self, values: tuple[Value, ...], listings: tuple[str, ...], today: date) -> "Suppressed":
        """The list with more on it; `kept` writes it."""
        new = [Entry(one.kind, one.size, "", self._hash(one.kind, one.normal), today.isoformat()) for one in values]
        for listing in listings:
            platform = listing.partition(":")[0]
            new.append(Entry(LISTING, 0, platform, self._hash(LISTING, listing), today.isoformat()))
        return self._longer(new)

    def merged(self, content: bytes) -> "Suppressed":
        """The list with what another copy of it holds; `kept` writes it."""
        return self._longer(_entries_in(content.decode()))

    def _longer(self, more: Iterable[Entry]) -> "Suppressed":
        known = {(entry.kind, entry.hash) for entry in self.entries}
        longer = Suppressed(self._keys)
        longer.entries = (*self.entries, *(one for one in more if (one.kind, one.hash) not in known))
        return longer

    def kept(self) -> None:
        """Write the list."""
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerows([COLUMNS, *self.entries])
        self._path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(self._path, text.getvalue().encode())

    def listings_of(self, platform: str) -> bool:
        """Whether a listing of a platform was erased."""
        return any(entry.place == platform for entry in self.entries)

    def is_erased(self, listing_id: str) -> bool:
        """Whether a listing was erased, or whatever bore its id before."""
        return self._hash(LISTING, as_shown(listing_id)) in self._hashes

    def cleaned(self, content: bytes) -> bytes:
        """A file of any kind without what was erased."""
        return cleaned(content, self.clean) if self._sizes else content

    def clean(self, text: str) -> str:
        """A text without what was erased."""
        if not self._sizes:
            return text
        return without(
            text,
            lambda seen: (
                (one.start, one.end, MARKS[one.kind])
                for one in values_in(seen, self._sizes)
                if self._hash(one.kind, one.normal) in self._hashes
            ),
        )

    @cached_property
    def _hashes(self) -> frozenset[str]:
        return frozenset(entry.hash for entry in self.entries)

    @cached_property
    def _sizes(self) -> dict[str, set[int]]:
        sizes: dict[str, set[int]] = {}
        for entry in self.entries:
            if entry.kind in MARKS:
                sizes.setdefault(entry.kind, set()).add(entry.size)
        return sizes

    @cached_property
    def _key(self) -> bytes:
        return secret(self._keys / "erased.key")

    def _hash(self, kind: str, normal: str) -> str:
        return _hash(self._key, kind, normal)


@lru_cache(maxsize=200_000)  # a store says the same pairs of words over and over
def _hash(key: bytes, kind: str, normal: str) -> str:
    return hmac.digest(key, f"{kind}\0{normal}".encode(), "sha256").hex()[:32]
