"""Which words are spellings of one another: a slip or two, an ending, an abbreviation. Symmetric in the two words."""

import numpy as np
from jellyfish import jaro_winkler_similarity
from rapidfuzz.distance import DamerauLevenshtein, Prefix
from rapidfuzz.process import cpdist  # whole columns of words: 0.3 µs a pair, one by one takes 8

from matching.arrays import Flags, Hashes, Integers

_ENDINGS = ("s", "x", "n", "e", "en", "es")  # of number and gender in German, French and English


def maybe_near(length_a: Integers, length_b: Integers, letters_a: Hashes, letters_b: Hashes) -> Flags:
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


def one_slip(one: list[str], other: list[str]) -> Flags:
    """Which texts differ by one letter."""
    return np.asarray(cpdist(one, other, scorer=DamerauLevenshtein.distance, score_cutoff=1) <= 1)
