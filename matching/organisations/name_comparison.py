"""How alike two names are: one of the levels below, from the words they share, weighted by rarity.

Words are aligned exactly or as spellings of one another; what stays alone on either side counts against, less so
after a dash or in brackets. Everything is symmetric in the two names.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from jellyfish import jaro_winkler_similarity
from rapidfuzz.distance import DamerauLevenshtein, Prefix
from rapidfuzz.process import cpdist  # whole columns of words: 0.3 µs a pair, one by one takes 8

from matching.arrays import Flags, Hashes, Integers
from matching.organisations.frequencies import Frequencies
from matching.organisations.names import Names

Words = npt.NDArray[np.int32]

LEVELS = (
    "missing",
    "different",
    "weak_overlap",
    "overlap",
    "strong_overlap",
    "numbers_differ",
    "sister",
    "contained",
    "generic_words_more",
    "acronym",
    "same_head",
    "department",
    "near_common",
    "near_glued",
    "near",
    "equal_common",
    "equal",
    "equal_rare",
)
# One of these on one side only tells two firms of a group apart.
SISTER_WORDS = frozenset(
    "holding holdings verwaltung verwaltungs verwaltungsgesellschaft beteiligung beteiligungs "
    "beteiligungsgesellschaft beteiligungen besitz besitzgesellschaft participation participations finance finanz "
    "leasing immobilien immobiliere grundstucks vermogensverwaltung vermogensverwaltungs stiftung fondation "
    "foundation forderverein pensionskasse unterstutzungskasse fonds fund trust vertrieb vertriebs systems "
    "capital ventures investment investments financiere patrimoine gestion liegenschaften forderkreis "
    "komplementar geschaftsfuhrungs".split()
)
_ENDINGS = ("s", "x", "n", "e", "en", "es")
_COMMON = 6.0  # bits; a common word of the languages has 5.6, see `frequencies`
_ASIDE = 0.6  # weight of a word in brackets or after the first break


class WordTable(NamedTuple):
    """What is known of each word, with one row more for no word (index -1).

    bits: rarity. sister: see SISTER_WORDS. spelt: consists of letters, so that it can be misspelt.
    acronym: of each name the word that its initials make, -2 where no name holds it.
    """

    bits: npt.NDArray[np.float32]
    sister: Flags
    spelt: Flags
    acronym: Integers


def word_table(names: Names, known: Frequencies) -> WordTable:
    sister = np.array([text in SISTER_WORDS for text in names.texts] + [False], dtype=bool)
    spelt = np.array([not text.isdigit() for text in names.texts] + [False], dtype=bool)
    order = np.argsort(names.word_hash)
    place = np.minimum(np.searchsorted(names.word_hash, names.initials, sorter=order), len(order) - 1)
    word = order[place]
    found = (names.word_shape.length[word] >= 3) & (names.word_hash[word] == names.initials)
    return WordTable(np.append(known.word_bits, np.float32(0)), sister, spelt, np.where(found, word, -2))


def compare_names(names: Names, words: WordTable, size: int, a: Integers, b: Integers) -> npt.NDArray[np.int8]:
    """[pairs] level of the names ``a[i], b[i]`` (rows of `names`) in a table of a size.

    The tables of words are as wide as the longest name: names of like length are best compared together.
    """
    bits, telling, spelt, acronym_of = words
    width = max(int(min(max(names.size[a].max(initial=0), names.size[b].max(initial=0)), names.words.shape[1])), 1)
    known = (names.size[a] > 0) & (names.size[b] > 0)
    # take() copies whole rows, indexing with [a, :width] takes three times as long.
    words_a, words_b = (names.words.take(side, axis=0)[:, :width] for side in (a, b))
    aside_a, aside_b = (names.aside.take(side, axis=0)[:, :width] for side in (a, b))
    factor_a, factor_b = (np.where(aside, np.float32(_ASIDE), np.float32(1)) for aside in (aside_a, aside_b))
    bits_a, bits_b = bits[words_a] * factor_a, bits[words_b] * factor_b
    exact_a, exact_b = _shared(words_a, words_b)
    near_a, near_b = _near_words(names, words_a, words_b, spelt[words_a] & ~exact_a, spelt[words_b] & ~exact_b)
    shared_a, shared_b = exact_a | near_a, exact_b | near_b
    total = (_sum(bits_a, shared_a) + _sum(bits_b, shared_b)) / 2
    alone_a, alone_b = _sum(bits_a, ~shared_a), _sum(bits_b, ~shared_b)
    jaccard = total / np.maximum(total + alone_a + alone_b, 0.1)
    whole = np.log2(size)
    equal = names.core[a] == names.core[b]
    in_order = (names.glued[a] == names.glued[b]) | (names.size[a] == 1)
    glued = (names.glued[a] == names.glued[b]) & (names.glued[a] != 0)
    core_bits = _sum(bits_a, words_a >= 0)
    numbers = names.numbers[a] != names.numbers[b]
    all_near = (alone_a == 0) & (alone_b == 0) & _any(near_a)
    head = (names.head[a] == names.core[b]) | (names.head[b] == names.core[a])
    same_head = (names.head[a] == names.head[b]) & (names.head[a] != 0)
    head_bits = np.minimum(_sum(bits_a, factor_a == 1), _sum(bits_b, factor_b == 1))
    acronym = _any(words_a == acronym_of[b][:, None]) | _any(words_b == acronym_of[a][:, None])
    one_sided = np.minimum(alone_a, alone_b) == 0
    sister = _any(telling[words_a] & ~shared_a) ^ _any(telling[words_b] & ~shared_b)
    levels = np.select(
        [
            ~known,
            equal & (core_bits >= np.where(in_order, 0.9, 1.8) * whole),
            equal & (core_bits >= 0.5 * whole),
            equal,
            numbers & (jaccard > 0.4),
            glued,
            all_near & (total >= 0.9 * whole),
            all_near,
            _near_glued(names, a, b, open_=~(equal | glued | all_near | numbers)),
            acronym,
            sister & (jaccard > 0.3),
            one_sided & head & (total > 0.5 * whole),
            same_head & (head_bits > 0.5 * whole),
            one_sided & (total > 0.5 * whole) & (alone_a + alone_b <= _COMMON),
            one_sided & (total > 0.5 * whole),
            jaccard >= 0.7,
            jaccard >= 0.45,
            jaccard >= 0.2,
        ],
        [
            LEVELS.index(code)
            for code in (
                "missing equal_rare equal equal_common numbers_differ near near near_common near_glued acronym sister "
                "department same_head generic_words_more contained strong_overlap overlap weak_overlap"
            ).split()
        ],
        LEVELS.index("different"),
    )
    return levels.astype(np.int8)


def _near_glued(names: Names, a: Integers, b: Integers, open_: Flags) -> Flags:
    """Names that differ by one letter when written together."""
    one, other = names.glued_index[a], names.glued_index[b]
    length, letters = names.glued_shape
    few = np.bitwise_count(letters[one] ^ letters[other]) <= 2
    near_length = (abs(length[one] - length[other]) <= 1) & (np.minimum(length[one], length[other]) >= 6)
    chosen = np.flatnonzero(open_ & few & near_length)
    near = np.zeros(len(a), bool)
    texts = names.glued_texts
    left, right = ([texts[index] for index in side[chosen].tolist()] for side in (one, other))
    near[chosen] = cpdist(left, right, scorer=DamerauLevenshtein.distance, score_cutoff=1) <= 1
    return near


def _sum(bits: npt.NDArray[np.float32], chosen: Flags) -> npt.NDArray[np.float32]:
    """[pairs] bits of the chosen words."""
    return np.asarray(np.einsum("ij,ij->i", bits, chosen.astype(np.float32)))


def _any(flags: Flags) -> Flags:
    """[pairs] whether a row holds a true value; short axes reduce slowly."""
    return np.asarray(np.bitwise_or.reduce(flags.T, axis=0))


def _shared(words_a: Words, words_b: Words) -> tuple[Flags, Flags]:
    """Which words of either side stand on the other too. Word by word: short axes reduce slowly."""
    in_b, in_a = np.zeros(words_a.shape, bool), np.zeros(words_b.shape, bool)
    columns_a, columns_b = np.ascontiguousarray(words_a.T), np.ascontiguousarray(words_b.T)
    for i, word in enumerate(columns_a):
        for j, other in enumerate(columns_b):
            same = (word == other) & (word >= 0)
            in_b[:, i] |= same
            in_a[:, j] |= same
    return in_b, in_a


def _near_words(names: Names, words_a: Words, words_b: Words, open_a: Flags, open_b: Flags) -> tuple[Flags, Flags]:
    """Which open words of either side are spellings of one on the other; length and letters rule most out."""
    near_a, near_b = np.zeros(words_a.shape, bool), np.zeros(words_b.shape, bool)
    length, letters = names.word_shape
    found = []  # row and the two columns
    for i in range(words_a.shape[1]):
        for j in range(words_b.shape[1]):
            rows = np.flatnonzero(open_a[:, i] & open_b[:, j])
            one, other = words_a[rows, i], words_b[rows, j]
            rows = rows[_maybe_near(length[one], length[other], letters[one], letters[other])]
            found.append(np.stack([rows, np.full(len(rows), i), np.full(len(rows), j)]))
    row, in_a, in_b = np.concatenate(found, axis=1)
    one, other = words_a[row, in_a], words_b[row, in_b]
    distinct, back = np.unique(one.astype(np.int64) << 32 | other, return_inverse=True)
    texts = names.texts
    left, right = ([texts[word] for word in side.tolist()] for side in (distinct >> 32, distinct & 0xFFFFFFFF))
    near = near_words(left, right)[back]
    near_a[row[near], in_a[near]] = True
    near_b[row[near], in_b[near]] = True
    return near_a, near_b


def _maybe_near(length_a: Integers, length_b: Integers, letters_a: Hashes, letters_b: Hashes) -> Flags:
    """Which words can be `near_words`, as far as lengths and letters tell: a slip changes two letters at most."""
    shorter, difference = np.minimum(length_a, length_b), abs(length_a - length_b)
    changed = np.bitwise_count(letters_a ^ letters_b)
    slips = np.where(shorter >= 8, 2, 1)
    slip = (shorter >= 5) & (changed <= 2 * slips) & (difference <= slips)
    inside = np.where(length_a < length_b, letters_a & ~letters_b, letters_b & ~letters_a) == 0
    return np.asarray(
        slip | (inside & (difference > 0) & (shorter >= np.select([difference <= 2, difference >= 4], [3, 4], 5)))
    )


def near_words(one: list[str], other: list[str]) -> Flags:
    """Which words are spellings of one another: a slip or two, an ending, or an abbreviation of the other."""
    shorter = np.minimum(*(np.fromiter(map(len, words), np.int64, len(words)) for words in (one, other)))
    slips = cpdist(one, other, scorer=DamerauLevenshtein.distance, score_cutoff=2)
    near = (shorter >= 5) & (slips <= 1)
    for index in np.flatnonzero((shorter >= 8) & (slips == 2)).tolist():
        near[index] = jaro_winkler_similarity(one[index], other[index]) >= 0.88
    for index in np.flatnonzero(~near & (cpdist(one, other, scorer=Prefix.similarity) == shorter)).tolist():
        ending = max(one[index], other[index], key=len)[shorter[index] :]
        near[index] = shorter[index] >= 5 or ending in _ENDINGS
    for index in np.flatnonzero(~near & (shorter == 4)).tolist():
        near[index] = _contracted(*sorted((one[index], other[index]), key=len))
    return np.asarray(near)


def _contracted(short: str, long: str) -> bool:
    """An abbreviation that leaves out the middle: "intl" for "international"."""
    letters = iter(long)
    return (
        len(long) >= 8
        and short[:3] == long[:3]
        and short[-1] == long[-1]
        and all(letter in letters for letter in short)
    )
