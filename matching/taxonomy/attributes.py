"""What listings state of a thing beside its name: class, type, size, material … as data (`data/attributes.yaml`).

Per listing and attribute one bit per value, so that all pairs of a block can be compared at once (`contradictions`).
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from pydantic import TypeAdapter

from matching.arrays import Flags, Integers
from matching.taxonomy.reading import DENIED, Word, read_words
from matching.yaml_files import Stated, Text, Texts, read

_FILE = Path(__file__).with_name("data") / "attributes.yaml"
_ACCENTED = re.compile(r"[^\x00-\x7f]")
_OTHER = 1 << 30  # a value that no file names: what is left where all that is known is denied


class _Value(Stated):
    says: Texts
    denies: Texts = ()


class _Attribute(Stated):
    """An attribute as the file states it; its fields are explained there."""

    values: dict[Text, _Value]
    only_with: Texts
    at_least: bool = False
    only_denied: bool = False
    insists: Texts = ()
    unless_stated: Text | None = None


@dataclass(frozen=True, eq=False)
class Attribute:
    """One attribute, ready to be read from texts."""

    name: str
    values: tuple[str, ...]
    is_ordered: bool
    only_denied: bool
    insists: int  # bits of the values of which an offer must not be silent
    default: int  # bits of a request that states nothing
    only_with: Texts  # pieces of text one of which must occur
    patterns: tuple[tuple[int, bool, re.Pattern[str]], ...]  # place of the value, whether it is denied, what says so

    def asked(self, said: int) -> int:
        """The values that serve a request, from the bits that it states; 0 where any will do."""
        if not self.is_ordered or not said or said & _OTHER:
            return said
        lowest = said & -said
        return ((1 << len(self.values)) - 1) & ~(lowest - 1)


@dataclass(frozen=True, eq=False)
class Statements:
    """Listings x attributes as of `attributes`: bits of the values that serve or are offered, 0 for unknown."""

    bits: Integers
    phrases: Sequence[Mapping[int, str]]  # of each listing: attribute -> the words that state it


@lru_cache(maxsize=1)
def attributes() -> tuple[Attribute, ...]:
    """The attributes that the project ships; raises FileFault with every finding."""
    stated = read(_FILE, TypeAdapter(dict[Text, _Attribute]))
    return tuple(_as_attribute(name, one) for name, one in stated.items())


def _as_attribute(name: str, stated: _Attribute) -> Attribute:
    patterns = [
        (place, is_denial, re.compile("|".join(texts)))
        for place, value in enumerate(stated.values.values())
        for is_denial, texts in ((False, value.says), (True, value.denies))
        if texts
    ]
    values = tuple(stated.values)
    default = 0 if stated.unless_stated is None else 1 << values.index(stated.unless_stated)
    insists = sum(1 << values.index(value) for value in stated.insists)
    only_with, ordered = stated.only_with, stated.at_least
    return Attribute(name, values, ordered, stated.only_denied, insists, default, only_with, tuple(patterns))


def statements(texts: Iterable[tuple[str, str, bool]]) -> Statements:
    """What listings state. texts: of each its title, its text, and whether it asks."""
    known: dict[tuple[str, str, bool], tuple[list[int], dict[int, str]]] = {}
    rows = []
    for one in texts:
        if one not in known:
            known[one] = _read(*one)
        rows.append(known[one])
    shape = (len(rows), len(attributes()))
    return Statements(np.array([bits for bits, _ in rows], dtype=np.int64).reshape(shape), [said for _, said in rows])


def insisted_on(title: str, body: str) -> tuple[int, ...]:
    """The attributes that a request states and insists on, by their place; whoever offers must state them too."""
    bits, phrases = _read(title, body, asks=True)
    stated = {number: bits[number] & -bits[number] for number in phrases if not bits[number] & _OTHER}  # not denied
    return tuple(number for number, lowest in stated.items() if lowest & attributes()[number].insists)


def is_left_open(wanted: Iterable[int], title: str, body: str) -> bool:
    """Whether an offer says nothing of an attribute among the wanted ones."""
    bits = _read(title, body, asks=False)[0]
    return any(not bits[number] for number in wanted)


@lru_cache(maxsize=20_000)
def _read(title: str, body: str, asks: bool) -> tuple[list[int], dict[int, str]]:
    text = f"{title}\n{body}"
    plain = _plain(text)
    words: list[Word] | None = None
    bits, phrases = [], {}
    for number, attribute in enumerate(attributes()):
        found = list(_found(attribute, plain)) if any(map(plain.__contains__, attribute.only_with)) else []
        if not found:
            bits.append(attribute.default if asks else 0)
            continue
        if words is None:
            words = read_words(text, asks=asks)[1]
        titled = [
            one for one in found if one.end <= len(title) and not one.is_denial and not _is_denied(one, words or ())
        ]
        told = (
            [one for one in found if one in titled or one.is_denial or _is_denied(one, words or ())]
            if titled
            else found
        )
        said, phrase = _summed(attribute, told, words or (), asks)
        bits.append(said)
        if phrase is not None:
            phrases[number] = text[slice(*phrase)].strip()
    return bits, phrases


@dataclass(frozen=True)
class _Finding:
    place: int
    is_denial: bool
    start: int
    end: int


def _found(attribute: Attribute, plain: str) -> Iterator[_Finding]:
    for place, is_denial, pattern in attribute.patterns:
        for match in pattern.finditer(plain):
            yield _Finding(place, is_denial, match.start(), match.end())


def _summed(
    attribute: Attribute, found: Sequence[_Finding], words: Sequence[Word], asks: bool
) -> tuple[int, tuple[int, int] | None]:
    """The bits that all findings of an attribute come to, and the span of the words that decided."""
    denied = [one for one in found if one.is_denial or _is_denied(one, words)]
    said = [one for one in found if one not in denied and not (asks and attribute.only_denied)]
    every = (1 << len(attribute.values)) - 1 | _OTHER
    refused = sum({1 << one.place for one in denied})
    bits = sum({1 << one.place for one in said}) & ~refused
    if bits:
        first = min(said, key=lambda one: one.start)
        return attribute.asked(bits) if asks else bits, (first.start, first.end)
    if refused:
        first = min(denied, key=lambda one: (not one.is_denial, one.start))  # words that say "without" come first
        return every & ~refused, (first.start, first.end)
    return attribute.default if asks else 0, None


def _is_denied(one: _Finding, words: Sequence[Word]) -> bool:
    inside = [word for word in words if word.start < one.end and word.start + len(word.written) > one.start]
    holds_denial = bool(inside) and inside[0].start > one.start  # "ohne Ventil" says so itself
    return bool(inside) and not holds_denial and all(word.marks & DENIED for word in inside)


def _plain(text: str) -> str:
    """Lower case without accents, letter for letter as long as the text."""
    return _ACCENTED.sub(lambda letter: unicodedata.normalize("NFKD", letter[0])[0], text.lower())


def contradictions(asked: Statements, offered: Statements, rows: Integers, columns: Integers) -> Integers:
    """The first attribute in which each pair contradicts itself, -1 for none; shapes broadcast."""
    first = np.full(np.broadcast_shapes(rows.shape, columns.shape), -1, dtype=np.int64)
    for number in reversed(range(len(attributes()))):
        wanted, found = asked.bits[:, number][rows], offered.bits[:, number][columns]
        if wanted.any() and found.any():
            first[np.broadcast_to((wanted != 0) & (found != 0) & (wanted & found == 0), first.shape)] = number
    return first


def is_contradiction(asked: Statements, offered: Statements, rows: Integers, columns: Integers) -> Flags:
    """Whether each pair contradicts itself in some attribute; shapes broadcast."""
    flags: Flags = contradictions(asked, offered, rows, columns) >= 0
    return flags
