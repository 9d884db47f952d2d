"""Sentences around a listing that are not about what it asks for or offers.

Goods of another call, house rules, keywords: such sentences stand once each, so that no comparison with other listings
finds them (`boilerplate`); they have to be read. How they are worded is data (`surroundings.yaml`); here is the one
engine that applies it.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Literal, NamedTuple, get_args

from pydantic import TypeAdapter

from matching.taxonomy.reading import PURPOSE_WORDS
from matching.words import fold
from matching.yaml_files import Stated, Texts, read

_FILE = Path(__file__).with_suffix(".yaml")
_WORD = re.compile(r"[^\W_]+")
_END = re.compile(r"(?<=[.!?;:])\s+|\n+|\s•\s")  # of a sentence, or of an entry of a list
_YEAR = re.compile("(18|19|20)[0-9]{2}")
_LIST = (":", ";")  # what a list begins with, and what parts its entries
_REACH = 12  # words before a phrase within which its sentence begins: most of those around listings are short
_HEADING_REACH = 6  # words between a phrase inside a line and the colon that makes it the heading of a list


_Goes = Literal["always", "beside others", "unless offered"]  # the surest first; see `surroundings.yaml`
_GOES = get_args(_Goes)


class _Worded(Stated):
    de: Texts
    fr: Texts
    en: Texts

    @property
    def texts(self) -> Texts:
        return self.de + self.fr + self.en


class _Kind(_Worded):
    goes: _Goes


class _File(Stated):
    """Explained in `surroundings.yaml`."""

    seeks: _Worded
    offers: _Worded
    wants: _Worded
    openers: _Worded
    kinds: dict[str, _Kind]


class _Phrase(NamedTuple):
    """words: folded, "#" for a number, "####" for a year. tells: "seeks", "offers", "wants", or when its sentence goes.

    leads: at the beginning of a sentence only. opens: it is the heading of a list.
    """

    words: tuple[str, ...]
    tells: str
    leads: bool
    opens: bool


@dataclass(frozen=True)
class _Phrases:
    """by_anchor: longest word, as the rarest -> phrases with it, and its place in them; telling: of those that go."""

    by_anchor: Mapping[str, Sequence[tuple[int, _Phrase]]]
    telling: frozenset[str]
    openers: frozenset[str]


@dataclass(frozen=True)
class _Part:
    """A sentence, or a part of one, and when it goes; None: it stays. is_list: what follows a colon goes with it."""

    text: str
    goes: str | None
    is_list: bool = False


class _Word(NamedTuple):
    written: str
    folded: str
    start: int
    end: int


def without_surroundings(text: str, heading: str, names_something: Callable[[str], bool], *, asks: bool) -> str:
    """The text without the sentences around it; it never ends up empty.

    names_something: whether a text names what can be asked for. Most kinds of sentences that do go only where heading
    and the rest do too: "Keywords: masks" may be all that a listing says. asks: whether somebody seeks, not offers.
    """
    if _phrases().telling.isdisjoint(fold(text).split()):
        return text
    parts = list(_parts(text, "seeks" if asks else "offers"))
    if all(part.goes is None for part in parts):
        return text
    rest = ". ".join([heading, *(part.text for part in parts if part.goes is None)])
    needless = {"always"} | (
        {"beside others"} | ({"unless offered"} if asks else set()) if names_something(rest) else set()
    )
    kept = [
        part.text for part in parts if part.goes is None or (part.goes not in needless and names_something(part.text))
    ]
    return " ".join(kept) or text


@lru_cache(maxsize=1)
def _phrases() -> _Phrases:
    stated = read(_FILE, TypeAdapter(_File))
    said = {"seeks": stated.seeks, "offers": stated.offers, "wants": stated.wants}
    told = [(tells, text) for tells, worded in said.items() for text in worded.texts]
    told += [(kind.goes, text) for kind in stated.kinds.values() for text in kind.texts]
    by_anchor: dict[str, list[tuple[int, _Phrase]]] = {}
    for tells, text in told:
        words = tuple(word if word[0] == "#" else fold(word) for word in re.findall(r"[^\W_]+|#+", text))
        place = max(range(len(words)), key=lambda number: (words[number][0] != "#", len(words[number])))
        by_anchor.setdefault(words[place], []).append((place, _Phrase(words, tells, text[0] == "^", text[-1] == "…")))
    telling = frozenset(word for word, found in by_anchor.items() if any(one.tells in _GOES for _, one in found))
    return _Phrases(by_anchor, telling, frozenset(stated.openers.texts))


def _parts(text: str, stays: str) -> Iterator[_Part]:
    """The sentences of a text, parted further where one begins although none ended. stays: see `_parts_of`."""
    borders = [(0, 0), *(one.span() for one in _END.finditer(text)), (len(text), len(text))]
    listed: str | None = None  # when the list goes that is being read
    for (_, start), (end, _) in pairwise(borders):
        sentence = text[start:end].strip()
        if not sentence:
            continue
        parts = [_Part(sentence, listed, is_list=True)] if listed else list(_parts_of(sentence, stays))
        yield from parts
        last = parts[-1]
        listed = last.goes if last.is_list and sentence.endswith(_LIST) else None


def _parts_of(sentence: str, stays: str) -> Iterator[_Part]:
    """stays: what a phrase tells whose sentence stays, whatever else it says."""
    words = [_Word(one.group(), fold(one.group()), *one.span()) for one in _WORD.finditer(sentence)]
    found = list(_found(words))
    begins = _beginnings(sentence, words)
    is_heading = sentence.endswith(":")  # it introduces what follows: it goes with that, or stays
    opened = {
        place
        for place, phrase in found
        if phrase.opens
        and (is_heading or (place in begins and len(phrase.words) > 1))
        and (place in begins or (words[place].written[0].isupper() and len(words) - place <= _HEADING_REACH))
    }
    told = [
        (place, phrase.tells)
        for place, phrase in found
        if (place in opened if phrase.opens else not is_heading and not (phrase.leads and place not in begins))
    ]
    begins |= opened
    begins |= {place - _REACH for place, tells in told if tells in _GOES and begins.isdisjoint(_before(place))}
    for first, last in pairwise([*sorted(begins), len(words)]):
        inside = {tells for place, tells in told if first <= place < last}
        goes = None if stays in inside else min(inside.intersection(_GOES), key=_GOES.index, default=None)
        if goes == _GOES[-1] and stays == "seeks" and "wants" in inside:
            goes = None
        start = words[first].start if first else 0
        end = words[last].start if last < len(words) else len(sentence)
        yield _Part(sentence[start:end].strip(), goes, is_list=first in opened)


def _before(place: int) -> range:
    """Places of words from which on a sentence is told by a phrase; what stands further before was put before it."""
    return range(place - _REACH, place + 1)


def _beginnings(sentence: str, words: Sequence[_Word]) -> set[int]:
    """Places of words with which a sentence begins, because nothing but a capital parts it from the one before."""
    openers = _phrases().openers
    return {0} | {
        place
        for place, (before, word) in enumerate(pairwise(words), start=1)
        if word.written in openers and sentence[before.end : word.start].isspace()
    }


def _found(words: Sequence[_Word]) -> Iterator[tuple[int, _Phrase]]:
    """Phrases among words and where they begin; after "for" most say whom or what something is for."""
    by_anchor = _phrases().by_anchor
    for place, word in enumerate(words):
        for offset, phrase in by_anchor.get(word.folded, ()):
            start = place - offset
            said = words[max(start, 0) : start + len(phrase.words)]
            if (
                start >= 0
                and len(said) == len(phrase.words)
                and all(_is_meant(one.folded, wanted) for one, wanted in zip(said, phrase.words, strict=True))
                and not (phrase.tells in _GOES[1:] and start and words[start - 1].folded in PURPOSE_WORDS)
            ):
                yield start, phrase


def _is_meant(word: str, wanted: str) -> bool:
    if wanted[0] == "#":
        return word.isdigit() if wanted == "#" else _YEAR.fullmatch(word) is not None
    return word == wanted
