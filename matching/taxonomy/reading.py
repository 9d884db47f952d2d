"""Sentences as a listing's reader takes them: which words are denied, which say who speaks, which are only mentioned.

How a language says so is data (`data/reading/`); here is the one engine that applies it. Clause by clause: the longest
known phrase at each word acts (a denial, a turn, a word of seeking, of purpose …), all other words carry what acts on
them. The scope of a denial by cue and clause end follows NegEx (Chapman et al. 2001, doi:10.1006/jbin.2001.1029).
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property, lru_cache
from itertools import chain
from pathlib import Path
from typing import NamedTuple

from pydantic import TypeAdapter

from matching.words import fold
from matching.yaml_files import Stated, Text, Texts, read

FOLDER = Path(__file__).with_name("data") / "reading"
DENIED, PURPOSE, OWN, BESIDE, MODAL, SPEAKER, MADE_OF = 1, 2, 4, 8, 16, 32, 64  # marks of a word, see `Word`
ASIDE = PURPOSE | OWN | BESIDE | SPEAKER
_PURPOSE_REACH = 4  # words after "for" that say what something is for
_MATERIAL_REACH = 3  # words after "made of" that say what of
_SHORTEST_THING = 4  # letters: shorter words before "for" are mostly articles
_OPENER_REACH = 3  # words before "for" among which an opener may stand: "a company able to"
# What a phrase does, by whether an asker says it; all others do what their field is called.
_EFFECTS = {
    ("lacks", True): "seeks",
    ("lacks", False): "deny after",
    ("gone", True): "harmless",
    ("gone", False): "deny before",
}
_WORD = re.compile(r"[^\W_]+")
_MARK = re.compile(r"([.](?=\s|$)|[;:!?\n])|,\s|\s[-–—]\s|[()„“”\"]")  # group 1 ends a sentence, all others a clause


class _Denials(Stated):
    after: Texts
    next: Texts
    before: Texts
    clause: Texts


class _Language(Stated):
    """How one language says it, as files state it; explained in `data/reading/de.yaml`."""

    known_by: Text
    denies: _Denials
    harmless: Texts
    turns: Texts
    seeks: Texts
    has: Texts
    own: Texts
    lacks: Texts
    gone: Texts
    purpose: Texts
    openers: Texts
    with_: Texts
    made_of: Texts
    adjectival: Text
    done_after: Texts = ()
    has_capital_nouns: bool = False


class Word(NamedTuple):
    """A word of a text: as written, folded, where it starts, the numbers of its sentence and clause, and its marks.

    DENIED: said not to be meant. PURPOSE: what something is for. SPEAKER: before a word of seeking. OWN: in a clause
    in which an asker speaks of own business. BESIDE: comes with the thing. MADE_OF: what it is made of or on. MODAL: no
    participle that stands before a noun, so that it may be an act.
    """

    written: str
    folded: str
    start: int
    sentence: int
    clause: int
    marks: int


@dataclass(frozen=True, eq=False)
class Grammar:
    """The phrases of one language, ready to be looked up, and what each does; "#" stands for a number.

    lengths: first word -> how many words its phrases have, longest first.
    """

    effects: Mapping[tuple[str, ...], str]
    lengths: Mapping[str, tuple[int, ...]]
    openers: frozenset[str]
    opening_heads: tuple[str, ...]  # openers that compounds may end with: "Laborkapazität für PCR"
    adjectival: re.Pattern[str]
    done_after: frozenset[str]
    has_capital_nouns: bool

    @cached_property
    def is_adjectival(self) -> Callable[[str], bool]:
        """Whether a word as written looks like a participle that says what was done with a thing."""
        return cache(lambda written: self.adjectival.search(written.lower()) is not None)

    def starts_phrase(self, words: Iterable[str]) -> bool:
        """Whether a phrase may start at one of some words; few clauses have one."""
        return not self.lengths.keys().isdisjoint(words)

    def modal(self, written: str, before: str | None) -> int:
        """The mark of a word that may be an act, by the folded word before it."""
        return MODAL if not self.is_adjectival(written) or before in self.done_after else 0

    def phrase(self, words: Sequence[str], start: int) -> tuple[int, str] | None:
        """Length and effect of the longest phrase that starts at a word."""
        for length in self.lengths.get(words[start], ()):
            effect = self.effects.get(tuple(words[start : start + length]))
            if effect is not None:
                return length, effect
        return None


@lru_cache(maxsize=1)
def _languages() -> Mapping[str, _Language]:
    shape = TypeAdapter(_Language)
    return {path.stem: read(path, shape) for path in sorted(FOLDER.glob("*.yaml"))}


@lru_cache(maxsize=8)
def grammar(language: str | None) -> Grammar:
    """The phrases of a language, of all of them where it is unknown."""
    stated = [one for name, one in _languages().items() if language in (None, name)] or list(_languages().values())
    phrases: dict[tuple[str, ...], str] = {}
    for one in stated:
        effects = {f"deny {scope}": texts for scope, texts in one.denies}
        fields = {"with": one.with_, "purpose": one.purpose, "own": one.own, "has": one.has, "seeks": one.seeks}
        fields |= {"lacks": one.lacks, "gone": one.gone, "turns": one.turns, "harmless": one.harmless}
        fields["made of"] = one.made_of
        for effect, texts in {**fields, **effects}.items():
            for text in texts:
                phrases[tuple(word if word == "#" else fold(word) for word in re.findall(r"[^\W_]+|#", text))] = effect
    lengths: dict[str, set[int]] = {}
    for words in phrases:
        lengths.setdefault(words[0], set()).add(len(words))
    return Grammar(
        phrases,
        {first: tuple(sorted(found, reverse=True)) for first, found in lengths.items()},
        frozenset(fold(word) for one in stated for word in one.openers),
        tuple(sorted(fold(word) for one in stated if one.has_capital_nouns for word in one.openers if len(word) > 5)),
        re.compile("|".join(one.adjectival for one in stated)),
        frozenset(word for one in stated for word in one.done_after),
        all(one.has_capital_nouns for one in stated),
    )


PURPOSE_WORDS = frozenset(fold(word) for one in _languages().values() for word in one.purpose)


@lru_cache(maxsize=1)
def _function_words() -> Mapping[str, Sequence[str]]:
    known: dict[str, list[str]] = {}
    for name, one in _languages().items():
        for word in {fold(word) for word in one.known_by.split()}:
            known.setdefault(word, []).append(name)
    return known


def language_of(words: Sequence[str]) -> str | None:
    """The language whose function words stand most often among folded words; None where none or two lead."""
    counts: dict[str, int] = {}
    for word in words:
        for name in _function_words().get(word, ()):
            counts[name] = counts.get(name, 0) + 1
    best = sorted(counts.items(), key=lambda item: -item[1])[:2]
    return best[0][0] if best and (len(best) == 1 or best[0][1] > best[1][1]) else None


@dataclass(eq=False)
class _Clause:
    """One clause while it is read: its words, and the marks they gather."""

    written: Sequence[str]
    folded: Sequence[str]
    said: Sequence[str]  # folded, "#" for a number
    grammar: Grammar
    asks: bool
    marks: list[int] = field(init=False)
    kept: list[bool] = field(init=False)
    turns: list[int] = field(init=False)
    _effects: list[tuple[int, int, str]] = field(init=False)

    def __post_init__(self) -> None:
        self.marks = [self.grammar.modal(*pair) for pair in zip(self.written, (None, *self.folded), strict=False)]
        self.kept = [True] * len(self.folded)
        self.turns = [0]
        self._effects = self._found()
        self._apply()

    def _found(self) -> list[tuple[int, int, str]]:
        """Start, end and effect of each phrase, in order."""
        found, place = [], 0
        said, starts = self.said, self.grammar.lengths
        while place < len(said):
            # Few words start a phrase; asked here, it saves a call per word.
            hit = self.grammar.phrase(said, place) if said[place] in starts else None
            if hit is not None:
                effect = _EFFECTS.get((hit[1], self.asks), hit[1])
                found.append((place, place + hit[0], effect))
            place += hit[0] if hit is not None else 1
        return found

    def _apply(self) -> None:
        for start, end, effect in self._effects:
            if effect == "turns":
                self.turns.append(start)
            if effect in ("turns", "harmless", "with", "purpose") or effect.startswith("deny"):
                self.kept[start:end] = [False] * (end - start)
        for start, end, effect in self._effects:
            if effect.startswith("deny"):
                self._deny(start, end, effect.removeprefix("deny "))
            elif effect == "purpose":
                self._purpose(start, end)
            elif effect == "with":
                self._beside(end)
            elif effect == "made of":
                self._mark(end, min(end + _MATERIAL_REACH, self._end(start)), MADE_OF)
        self._seek()

    def _mark(self, start: int, end: int, mark: int) -> None:
        for place in range(start, end):
            self.marks[place] |= mark

    def _start(self, place: int) -> int:
        return max(turn for turn in self.turns if turn <= place)

    def _end(self, place: int) -> int:
        return min((turn for turn in self.turns if turn > place), default=len(self.folded))

    def _deny(self, start: int, end: int, scope: str) -> None:
        first, last = self._start(start), self._end(start)
        named_after = any(self.kept[place] for place in range(end, last))
        if scope == "before" or (scope == "after" and not named_after):
            self._mark(first, start, DENIED)
        elif scope == "next":
            place = next((place for place in range(end, last) if self.kept[place]), end)
            self._mark(place, min(place + 1, last), DENIED)
        else:
            self._mark(first if scope == "clause" else end, last, DENIED)

    def _purpose(self, start: int, end: int) -> None:
        if self._is_opened(start):
            return
        stop = next(
            (place for place, _, effect in self._effects if place >= end and effect == "seeks"), len(self.folded)
        )
        self._mark(end, min(end + _PURPOSE_REACH, stop, self._end(start)), PURPOSE)

    def _is_opened(self, start: int) -> bool:
        """Whether what follows is meant: after "supplier for" and "search for" it is, after "search masks for" not."""
        before = self.folded[max(0, start - _OPENER_REACH) : start]
        openers = [word for word in before if word in self.grammar.openers or word.endswith(self.grammar.opening_heads)]
        is_search = all(self.grammar.effects.get((word,)) == "seeks" for word in openers)
        return bool(openers) and not (is_search and self._is_thing_named(start))

    def _is_thing_named(self, end: int) -> bool:
        """Whether a noun stands before a place in its clause, beside the words of seeking."""
        seeking = {place for first, last, effect in self._effects if effect == "seeks" for place in range(first, last)}
        before = (place for place in range(self._start(end), end) if self.kept[place] and place not in seeking)
        return any(len(self.folded[place]) >= _SHORTEST_THING and self._may_be_noun(place) for place in before)

    def _may_be_noun(self, place: int) -> bool:
        return self.written[place][0].isupper() or not self.grammar.has_capital_nouns

    def _beside(self, start: int) -> None:
        """What comes with a thing; where nouns have capitals, a verb that ends the clause does not belong to it."""
        end = self._end(start)
        while self.grammar.has_capital_nouns and end > start + 1 and self.written[end - 1][0].islower():
            end -= 1
        self._mark(start, end, BESIDE)

    def _seek(self) -> None:
        """Who speaks stands before the word of seeking; an asker's clause without one tells of own business."""
        seeks = [(start, end) for start, end, effect in self._effects if effect == "seeks"]
        effects = {effect for _, _, effect in self._effects}
        if seeks:
            if any(self.kept[place] for place in range(seeks[0][1], len(self.folded))):
                self._mark(0, seeks[0][0], SPEAKER)
        elif self.asks and effects & {"own", "has"}:
            self._mark(0, len(self.folded), OWN)


def read_words(text: str, *, asks: bool) -> tuple[str | None, list[Word]]:
    """The language of a text, None where it does not tell, and its words that carry meaning, in order.

    asks: whether somebody seeks, not offers.
    """
    tokens = [
        (written, folded, one.start()) for one in _WORD.finditer(text) if (folded := fold(written := one.group()))
    ]
    told = language_of([folded for _, folded, _ in tokens])
    words: list[Word] = []
    known, first, sentence, number = grammar(told), 0, 0, 0
    for end, ends_sentence in chain(((one.start(), one[1]) for one in _MARK.finditer(text)), ((len(text), None),)):
        last = first
        while last < len(tokens) and tokens[last][2] < end:
            last += 1
        if last > first:
            number = _read_clause(tokens[first:last], known, asks, (sentence, number + 1), words)
            first = last
        sentence += ends_sentence is not None
    return told, words


def _read_clause(
    tokens: Sequence[tuple[str, str, int]], known: Grammar, asks: bool, numbers: tuple[int, int], words: list[Word]
) -> int:
    """Add the words of a clause that carry meaning; the number of the last clause, since a sentence may turn."""
    sentence, number = numbers
    written, folded = [one for one, _, _ in tokens], [one for _, one, _ in tokens]
    said = ["#" if word[0].isdigit() else word for word in folded]
    if not known.starts_phrase(said):  # half of the clauses, in a quarter of the time
        words.extend(
            Word(*token, sentence, number, known.modal(token[0], before))
            for token, before in zip(tokens, (None, *folded), strict=False)
        )
        return number
    clause = _Clause(written, folded, said, known, asks)
    for place, token in enumerate(tokens):
        number += place in clause.turns and place > 0
        if clause.kept[place]:
            words.append(Word(*token, sentence, number, clause.marks[place]))
    return number
