"""What bodies are, as they write it: "CHU", "Uniklinik", "St."; data in `institutions.yaml`.

A name's words are read as those of the first spelling in its row, so that one body has one name and a kind of body is
one word, which no other kind is a spelling of.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import yaml

from matching.arrays import Flags, Hashes, Integers
from matching.organisations import arrow
from matching.organisations.name_words import GENERIC_WORDS, MARKS, STOP_WORDS, Words, spelling, split_words
from matching.words import romanised

TraitFlags = npt.NDArray[np.uint16]
_MBH = "mbh"
_COMPANY_ENDING = "gesellschaft"  # "Handelsgesellschaft mbH" is "Handels-GmbH"
_COMPOUND = 12  # letters of a word that has parts with letters of their own
SKIPPED = STOP_WORDS | frozenset(MARKS)  # between the words of a spelling


class Institutions(NamedTuple):
    """The rows of `institutions.yaml`, folded.

    spellings: words -> the one word they are read as. leading: the same, only at the beginning of a name. elsewhere:
    the same, but not where a company begins. kinds: the words that say what a body is. translations: word -> one bit
    for each group it stands in. first_words, second_words: of spellings in several words, with the length of the
    longest. municipal, cut, qualifiers, titles, sister_endings: as there.
    """

    spellings: Mapping[tuple[str, ...], str]
    leading: Mapping[str, str]
    elsewhere: Mapping[str, str]
    kinds: frozenset[str]
    translations: Mapping[str, int]
    first_words: Mapping[str, int]
    second_words: frozenset[str]
    municipal: frozenset[str]
    cut: frozenset[str]
    qualifiers: frozenset[str]
    titles: frozenset[str]
    sister_endings: tuple[str, ...]


def _folded(texts: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """The telling words of each text as names have them."""
    listed = list(dict.fromkeys(texts))
    words = split_words(arrow.texts(listed))
    found: list[list[str]] = [[] for _ in listed]
    for row, word in zip(words.owner.tolist(), words.word.tolist(), strict=True):
        if words.texts[word] not in SKIPPED:
            found[row].append(words.texts[word])
    return {text: tuple(parts) for text, parts in zip(listed, found, strict=True)}


def _texts(stated: Any) -> Iterator[str]:
    """Every text of a tree of lists and mappings."""
    if isinstance(stated, str):
        yield stated
    else:
        for key, value in stated.items() if isinstance(stated, dict) else enumerate(stated):
            yield from _texts(key) if isinstance(key, str) else ()
            yield from _texts(value)


@cache
def institutions() -> Institutions:
    """The rows, read once."""
    path = Path(__file__).with_name("institutions.yaml")
    stated = yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)
    folded = _folded(_texts(stated))
    rows = [*stated["kinds"], *([word, *others] for word, others in stated["words"].items())]
    spellings = {folded[text]: _one_word(folded[row[0]]) for row in rows for text in row}
    spellings = {words: read_as for words, read_as in spellings.items() if words != (read_as,)}
    translations: dict[str, int] = {}
    for bit, group in enumerate(stated["translations"]):
        for word in {_one_word(folded[text]) for text in group}:
            translations[word] = translations.get(word, 0) | 1 << bit
    several = sorted((words for words in spellings if len(words) > 1), key=len)
    sets = {part: frozenset(_one_word(folded[text]) for text in stated[part]) for part in _SETS}
    return Institutions(
        spellings=spellings,
        leading=_read_as(stated["leading"], folded),
        elsewhere=_read_as(stated["elsewhere"], folded),
        kinds=frozenset(_one_word(folded[row[0]]) for row in stated["kinds"]),
        translations=translations,
        first_words={words[0]: len(words) for words in several},
        second_words=frozenset(words[1] for words in several),
        sister_endings=tuple(sorted(sets.pop("sister_endings"))),
        **sets,
    )


def _read_as(stated: Mapping[str, list[str]], folded: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    """Abbreviation -> the one word that it is read as."""
    return {
        spelling(romanised(short.lower())): _one_word(folded[word])
        for word, shorts in stated.items()
        for short in shorts
    }


def _one_word(words: tuple[str, ...]) -> str:
    return "".join(words)


_SETS = ("municipal", "cut", "qualifiers", "titles", "sister_endings")


def rewritten(words: Words, form_of_word: Integers, may_be_body: Flags) -> tuple[Words, Integers]:
    """The words as their rows of `institutions.yaml` are read, and the legal form of each that stays.

    may_be_body: [texts] no company by its legal form; only these begin with what `leading` abbreviates.
    """
    known = institutions()
    owner, word = words.owner, words.word
    texts = list(words.texts)
    number = {text: index for index, text in enumerate(texts)}

    def number_of(text: str) -> int:
        if number.setdefault(text, len(texts)) == len(texts):
            texts.append(text)
        return number[text]

    single = np.array([number_of(known.spellings.get((text,), text)) for text in words.texts], dtype=np.int64)
    telling = np.flatnonzero(~words.are(SKIPPED) & (form_of_word == 0))
    leading = np.array([text in known.leading for text in words.texts], dtype=bool)
    first = telling[np.diff(owner[telling], prepend=-1) > 0] if len(telling) else telling
    found = np.where(form_of_word == 0, single[word], word)
    several = np.bincount(owner[telling], minlength=int(owner.max(initial=0)) + 1) > 1
    for at in first[leading[word[first]] & several[owner[first]] & may_be_body[owner[first]]].tolist():
        found[at] = number_of(known.leading[texts[word[at]]])
    gone = np.zeros(len(owner), bool)
    begins = np.diff(owner, prepend=-1) > 0
    for at in np.flatnonzero(words.are(known.elsewhere) & ~(begins & ~may_be_body[owner])).tolist():
        found[at] = number_of(known.elsewhere[texts[word[at]]])
    for start, end, text in _longer(words, telling):
        found[start] = number_of(text)
        gone[start + 1 : end + 1] = True
    for at in _companies(words):
        found[at] = number_of(texts[word[at]].removesuffix(_COMPANY_ENDING))
    kept = ~gone
    return Words(owner[kept], found[kept], texts), form_of_word[kept]


def _longer(words: Words, telling: Integers) -> Iterator[tuple[int, int, str]]:
    """First and last position of each spelling in several words, and what it is read as; longest first."""
    known = institutions()
    owner, word, texts = words.owner[telling], words.word[telling], words.texts
    longest = np.array([known.first_words.get(text, 0) for text in texts], dtype=np.int64)
    second = np.array([text in known.second_words for text in texts], dtype=bool)
    starts = (longest[word] > 1) & second[np.append(word[1:], 0)] if len(word) else np.zeros(0, bool)
    done = -1
    for start in np.flatnonzero(starts).tolist():
        for length in range(int(longest[word[start]]), 1, -1):
            end = start + length - 1
            if start <= done or end >= len(owner) or owner[end] != owner[start]:
                continue
            text = known.spellings.get(tuple([texts[index] for index in word[start : end + 1]]))
            if text:
                done = end
                yield int(telling[start]), int(telling[end]), text
                break


def _companies(words: Words) -> list[int]:
    """Where "Handelsgesellschaft" goes on with "mbH"."""
    long = [text.endswith(_COMPANY_ENDING) and len(text) > len(_COMPANY_ENDING) + 2 for text in words.texts]
    compound = np.array(long, dtype=bool)[words.word]
    follows = np.append((words.are((_MBH,)) & np.insert(words.owner[1:] == words.owner[:-1], 0, False))[1:], False)
    return np.flatnonzero(compound & follows).tolist() if len(compound) else []


# What is known of a word by itself, one bit each; none holds of no word.
WORD, KIND, OTHER, MUNICIPAL, RARE, QUALIFIER, SISTER = (1 << bit for bit in range(7))
HEAVY, CUT, LONG, SPELT, SHORT_FORM, TRANSLATED = (1 << bit for bit in range(7, 13))
_SHORTEST_FORM, _LONGEST_FORM = 2, 6  # letters of what may stand for several words


class Traits(NamedTuple):
    """What is known of each word by itself, with one row more for no word (index -1). All [words + 1].

    flags: WORD: there is one. KIND: it says what a body is; OTHER: it does not. MUNICIPAL: a town. RARE: not half of
    all organisations share it. QUALIFIER, SISTER: on one side only it tells two bodies apart. HEAVY: it is rare or one
    of these. CUT: it may be the beginning of a longer word. LONG: more than three letters, or digits. SPELT: no number,
    so that it can be misspelt. SHORT_FORM: it may be the first letters of several words. TRANSLATED: it has
    translations.
    initial: its first letter or digit, 0 for none. translations: one bit for each group of `institutions.yaml`.
    Flags of a word are one number, so that all of them are fetched and united at once.
    """

    flags: TraitFlags
    initial: npt.NDArray[np.uint32]
    translations: Hashes


def generic_words() -> frozenset[str]:
    """Words half of all organisations share: those listed, and every kind of body."""
    return GENERIC_WORDS | institutions().kinds


def traits(texts: list[str], dotted: frozenset[str], sisters: frozenset[str]) -> Traits:
    """Traits of words. dotted: those that some name writes with a dot. sisters: words of daughters and parents."""
    known = institutions()
    number = {text: index for index, text in enumerate(texts)}

    def among(words: Iterable[str]) -> Flags:
        found = np.zeros(len(texts) + 1, bool)
        found[[number[word] for word in words if word in number]] = True
        return found

    def that(holds: Callable[[str], bool]) -> Flags:
        return np.array([*map(holds, texts), False])

    kind, rare, qualifier = among(known.kinds), ~among(generic_words()), among(known.qualifiers)
    sister = among(sisters) | that(lambda text: text.endswith(known.sister_endings))
    counts = that(lambda text: text[:1].isdigit())
    holds = {
        KIND: kind,
        OTHER: ~kind,
        MUNICIPAL: among(known.municipal),
        RARE: rare,
        QUALIFIER: qualifier,
        SISTER: sister,
        HEAVY: rare | qualifier | sister,
        CUT: among(known.cut | dotted),
        LONG: that(lambda text: len(text) > 3) | counts,
        SPELT: ~that(str.isdigit),
        SHORT_FORM: that(lambda text: _SHORTEST_FORM <= len(text) <= _LONGEST_FORM and text[0].isalpha()),
        TRANSLATED: among(known.translations),
    }
    flags = np.full(len(texts) + 1, WORD, np.uint16)
    for trait, found in holds.items():
        flags[found] |= trait
    flags[-1] = 0
    initial = np.array([*(ord(text[:1] or "\0") for text in texts), 0], np.uint32)
    translations = np.zeros(len(flags), np.uint64)
    for word, groups in known.translations.items():
        if word in number:
            translations[number[word]] = groups
    return Traits(flags, initial, translations)


def own_acronym(short: str, words: tuple[str, ...]) -> bool:
    """Whether a short word is made of beginnings of these words in order: "tuda" of "technischeuniversitat darmstadt".

    Every word gives its first letter; further letters follow it at once or come from inside a compound.
    """
    if not words:
        return not short
    first, *rest = words
    if not short or short[0] != first[0]:
        return False
    taken, at = 1, 1
    while not own_acronym(short[taken:], tuple(rest)):
        if taken == len(short):
            return False
        inside = first.find(short[taken], at) if len(first) >= _COMPOUND else at
        if inside < 0 or first[inside : inside + 1] != short[taken]:
            return False
        taken, at = taken + 1, inside + 1
    return True
