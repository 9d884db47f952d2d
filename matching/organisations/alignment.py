"""The words of two names beside each other: which stand on both sides, as they are or as spellings of one another.

The tables of words are as wide as the longest name, so names of like length are best aligned together. A row is the
first, second … word of all pairs, because short axes reduce slowly.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from matching.arrays import Flags, Integers
from matching.organisations.frequencies import Bits, Frequencies, stepped
from matching.organisations.names import Names
from matching.organisations.short_forms import add_short_forms
from matching.organisations.spellings import maybe_near, near_words

Words = npt.NDArray[np.int32]

_ASIDE = 0.6  # weight of a word in brackets or after the first break


class WordTable(NamedTuple):
    """What is known of each word, with one row more for no word (index -1).

    bits: rarity. sister: see `institutions`. spelt: consists of letters, so that it can be misspelt.
    acronym: of each name the word that its initials make, -2 where no name holds it. by_many: of each name whether many
    bear it. own_initials: of each name whether no other one has its initials.
    """

    bits: Bits
    sister: Flags
    spelt: Flags
    acronym: Integers
    by_many: Flags
    own_initials: Flags


def word_table(names: Names, known: Frequencies) -> WordTable:
    spelt = np.array([not text.isdigit() for text in names.texts] + [False], dtype=bool)
    hashes = np.append(names.word_hash, np.uint64(0))  # no word
    order = np.argsort(hashes)
    word = order[np.minimum(np.searchsorted(hashes, names.initials, sorter=order), len(order) - 1)]
    found = (names.word_shape.length[word] >= 3) & (hashes[word] == names.initials)
    return WordTable(
        np.append(known.word_bits, np.float32(0)),
        names.traits.sister,
        spelt,
        np.where(found, word, -2),
        known.by_many,
        known.own_initials,
    )


class Side(NamedTuple):
    """One name of each pair. All [words, pairs].

    words: their numbers, -1 where there is none. in_head: not in brackets or after the first break. bits: rarity,
    less for words aside. near: spelt otherwise on the other side. shared: on the other side too.
    """

    words: Words
    in_head: Flags
    bits: Bits
    near: Flags
    shared: Flags

    def weigh(self, chosen: Flags) -> Bits:
        """[pairs] bits of the chosen words."""
        return np.asarray(np.einsum("ij,ij->j", self.bits, chosen.astype(np.float32)))


def align(names: Names, table: WordTable, a: Integers, b: Integers) -> tuple[Side, Side, Flags]:
    """Both sides of the names ``a[i], b[i]`` (rows of `names`), and where one writes words of the other in short."""
    width = max(int(min(max(names.size[a].max(initial=0), names.size[b].max(initial=0)), names.words.shape[1])), 1)
    # take() copies whole rows, indexing with [a, :width] takes three times as long.
    words = [np.ascontiguousarray(names.words.take(side, axis=0)[:, :width].T) for side in (a, b)]
    aside = [np.ascontiguousarray(names.aside.take(side, axis=0)[:, :width].T) for side in (a, b)]
    factor = [np.where(flags, np.float32(_ASIDE), np.float32(1)) for flags in aside]
    exact = _shared(*words)
    open_ = [table.spelt[numbers] & ~equal for numbers, equal in zip(words, exact, strict=True)]
    near = _near(names, words, open_)
    short_form = add_short_forms(names, words, [still & ~found for still, found in zip(open_, near, strict=True)], near)
    bits = [stepped(table.bits[numbers] * weight) for numbers, weight in zip(words, factor, strict=True)]
    one, other = (Side(words[i], factor[i] == 1, bits[i], near[i], exact[i] | near[i]) for i in (0, 1))
    return one, other, short_form


def any_word(flags: Flags) -> Flags:
    """[pairs] whether any of the [words, pairs] is true."""
    return np.asarray(np.bitwise_or.reduce(flags, axis=0))


def _shared(words_a: Words, words_b: Words) -> tuple[Flags, Flags]:
    """Which words of either side stand on the other too."""
    in_b, in_a = np.zeros(words_a.shape, bool), np.zeros(words_b.shape, bool)
    for i, word in enumerate(words_a):
        for j, other in enumerate(words_b):
            same = (word == other) & (word >= 0)
            in_b[i] |= same
            in_a[j] |= same
    return in_b, in_a


def _near(names: Names, words: list[Words], open_: list[Flags]) -> tuple[Flags, Flags]:
    """Which open words of either side are spellings of one on the other; length and letters rule most out."""
    (words_a, words_b), (open_a, open_b) = words, open_
    near_a, near_b = np.zeros(words_a.shape, bool), np.zeros(words_b.shape, bool)
    length, letters = names.word_shape
    cut, translations = names.traits.cut, names.traits.translations
    found = []  # pair and its two words
    for i in range(len(words_a)):
        for j in range(len(words_b)):
            rows = np.flatnonzero(open_a[i] & open_b[j])
            one, other = words_a[i, rows], words_b[j, rows]
            abbreviated = np.where(length[one] < length[other], cut[one], cut[other])
            maybe = maybe_near(length[one], length[other], letters[one], letters[other], abbreviated)
            rows = rows[maybe | (translations[one] & translations[other] != 0)]
            found.append(np.stack([rows, np.full(len(rows), i), np.full(len(rows), j)]))
    row, in_a, in_b = np.concatenate(found, axis=1)
    one, other = words_a[in_a, row], words_b[in_b, row]
    distinct, back = np.unique(one.astype(np.int64) << 32 | other, return_inverse=True)
    texts = names.texts
    left, right = ([texts[word] for word in side.tolist()] for side in (distinct >> 32, distinct & 0xFFFFFFFF))
    one, other = distinct >> 32, distinct & 0xFFFFFFFF
    abbreviated = np.where(length[one] < length[other], cut[one], cut[other])
    translated = translations[one] & translations[other] != 0
    near = (translated | near_words(left, right, abbreviated))[back]
    near_a[in_a[near], row[near]] = True
    near_b[in_b[near], row[near]] = True
    return near_a, near_b
