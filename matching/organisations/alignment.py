"""The words of two names beside each other: which stand on both sides, as they are or as spellings of one another.

The tables of words are as wide as the longest name, so names of like length are best aligned together. A row is the
first, second … word of all pairs, because short axes reduce slowly.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from matching.arrays import Flags, Hashes, Integers
from matching.organisations.frequencies import Bits, Frequencies, stepped
from matching.organisations.institutions import CUT, SPELT, TRANSLATED, TraitFlags
from matching.organisations.names import Names
from matching.organisations.short_forms import add_short_forms
from matching.organisations.spellings import maybe_near, near_words

Words = npt.NDArray[np.int32]

_ASIDE = 0.6  # weight of a word in brackets or after the first break


class WordTable(NamedTuple):
    """What is known of each word and name of a table.

    bits, hashes: of each word, with one row more for no word (index -1): rarity, and what no town's word equals.
    acronym: of each name the word that its initials make, -2 where no name holds it. own_bits: of each name bits of
    all its words. by_many: of each name whether many bear it. own_initials: of each name whether no other one has its
    initials.
    """

    bits: Bits
    hashes: Hashes
    acronym: Integers
    own_bits: Bits
    by_many: Flags
    own_initials: Flags


def word_table(names: Names, known: Frequencies) -> WordTable:
    hashes = np.append(names.word_hash, np.uint64(2))  # those of words are odd, that of nothing is 0
    order = np.argsort(hashes)
    word = order[np.minimum(np.searchsorted(hashes, names.initials, sorter=order), len(order) - 1)]
    found = (names.word_shape.length[word] >= 3) & (hashes[word] == names.initials)
    bits = np.append(known.word_bits, np.float32(0))
    own_bits = np.zeros(len(names.core), np.float32)
    longest = min(int(names.size.max(initial=0)), names.words.shape[1])
    for words, aside in zip(names.words.T[:longest], names.aside.T[:longest], strict=True):
        own_bits += _weighed(bits, words, aside)
    return WordTable(bits, hashes, np.where(found, word, -2), own_bits, known.by_many, known.own_initials)


def _weighed(bits: Bits, words: Words, aside: Flags) -> Bits:
    """Bits of words, less for those aside."""
    return stepped(bits[words] * np.where(aside, np.float32(_ASIDE), np.float32(1)))


class Side(NamedTuple):
    """One name of each pair. All [words, pairs].

    words: their numbers, -1 where there is none. traits: flags of `institutions`. in_head: not in brackets or after the
    first break. bits: rarity, less for words aside. near: spelt otherwise on the other side. shared: on the other side
    too.
    """

    words: Words
    traits: TraitFlags
    in_head: Flags
    bits: Bits
    near: Flags
    shared: Flags

    def weigh(self, chosen: Flags) -> Bits:
        """[pairs] bits of the chosen words."""
        return np.asarray(np.einsum("ij,ij->j", self.bits, chosen.astype(np.float32)))

    def traits_of(self, chosen: Flags) -> TraitFlags:
        """[pairs] which traits any of the chosen words has."""
        return np.asarray(np.bitwise_or.reduce(np.where(chosen, self.traits, np.uint16(0)), axis=0))


def align(names: Names, table: WordTable, a: Integers, b: Integers) -> tuple[Side, Side, Flags]:
    """Both sides of the names ``a[i], b[i]`` (rows of `names`), and where one writes words of the other in short."""
    width = max(int(min(max(names.size[a].max(initial=0), names.size[b].max(initial=0)), names.words.shape[1])), 1)
    # take() copies whole rows, indexing with [a, :width] takes three times as long.
    words = [np.ascontiguousarray(names.words.take(side, axis=0)[:, :width].T) for side in (a, b)]
    aside = [np.ascontiguousarray(names.aside.take(side, axis=0)[:, :width].T) for side in (a, b)]
    traits = [names.traits.flags[numbers] for numbers in words]
    exact = _shared(*words)
    open_ = [(flags & SPELT > 0) & ~equal for flags, equal in zip(traits, exact, strict=True)]
    near = _near(names, words, traits, open_)
    still = [left & ~found for left, found in zip(open_, near, strict=True)]
    short_form = add_short_forms(names, words, traits, still, near)
    one, other = (
        Side(
            words[i], traits[i], ~aside[i], _weighed(table.bits, words[i], aside[i]), near[i], exact[i] | near[i]
        )
        for i in (0, 1)
    )  # fmt: skip
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


def _near(names: Names, words: list[Words], traits: list[TraitFlags], open_: list[Flags]) -> tuple[Flags, Flags]:
    """Which open words of either side are spellings of one on the other; length and letters rule most out."""
    (words_a, words_b), (traits_a, traits_b), (open_a, open_b) = words, traits, open_
    near_a, near_b = np.zeros(words_a.shape, bool), np.zeros(words_b.shape, bool)
    length, letters = names.word_shape
    (length_a, letters_a), (length_b, letters_b) = ((length[side], letters[side]) for side in words)
    found = []  # pair and its two words
    for i in range(len(words_a)):
        for j in range(len(words_b)):
            rows = np.flatnonzero(open_a[i] & open_b[j])
            long_a, long_b = length_a[i].take(rows), length_b[j].take(rows)
            one, other = traits_a[i].take(rows), traits_b[j].take(rows)
            cut = np.where(long_a < long_b, one, other) & CUT > 0
            maybe = maybe_near(long_a, long_b, letters_a[i].take(rows), letters_b[j].take(rows), cut)
            rows = rows[maybe | (one & other & TRANSLATED > 0)]
            found.append(np.stack([rows, np.full(len(rows), i), np.full(len(rows), j)]))
    row, in_a, in_b = np.concatenate(found, axis=1)
    pair, back = np.unique(words_a[in_a, row].astype(np.int64) << 32 | words_b[in_b, row], return_inverse=True)
    near = _spellings(names, pair >> 32, pair & 0xFFFFFFFF)[back]
    near_a[in_a[near], row[near]] = True
    near_b[in_b[near], row[near]] = True
    return near_a, near_b


def _spellings(names: Names, one: Integers, other: Integers) -> Flags:
    """Which words are spellings or translations of one another."""
    length, traits = names.word_shape.length, names.traits
    cut = np.where(length[one] < length[other], traits.flags[one], traits.flags[other]) & CUT > 0
    left, right = ([names.texts[word] for word in side.tolist()] for side in (one, other))
    return np.asarray(near_words(left, right, cut) | (traits.translations[one] & traits.translations[other] != 0))
