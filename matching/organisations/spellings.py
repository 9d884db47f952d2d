"""Which words are spellings of one another: a slip or two, an ending, an abbreviation. Symmetric in the two words."""

import re

import numpy as np
from jellyfish import jaro_winkler_similarity
from rapidfuzz.distance import DamerauLevenshtein, Prefix
from rapidfuzz.process import cpdist  # whole columns of words: 0.3 µs a pair, one by one takes 8

from matching.arrays import Flags, Hashes
from matching.organisations.name_words import Lengths

# Endings of number, gender and derivation in German, French and English; what else goes on is another word
# ("Stadt", "Stadtwerke").
_INFLECTED = ("s", "x", "n", "e", "en", "es")
_DERIVED = (
    *("er", "em", "um", "y", "ie", "ies", "al", "ale", "aux", "ial", "ic", "ics", "ical", "ique", "iques", "isch"),
    *("ische", "ischer", "isches", "ischen", "lich", "liche", "ung", "ungs", "ion", "ions", "ment", "ements", "ing"),
    *("ne", "nes", "ois", "oise", "ian", "ien", "ienne", "t", "tes", "r", "ant", "ed"),
)
_VOWELS = re.compile("[aeiouy]")


def maybe_near(
    length_a: Lengths, length_b: Lengths, letters_a: Hashes, letters_b: Hashes, cut: Flags | bool = False
) -> Flags:
    """Which words can be `near_words`, as far as lengths and letters tell: a slip changes two letters at most.

    cut: the shorter one may be an abbreviation of the longer.
    """
    shorter, difference = np.minimum(length_a, length_b), abs(length_a - length_b)
    changed = np.bitwise_count(letters_a ^ letters_b)
    one_slip = (shorter >= 5) & (changed <= 2) & (difference <= 1)
    two_slips = (shorter >= 8) & (changed <= 4) & (difference <= 2)
    inside = np.where(length_a < length_b, letters_a & ~letters_b, letters_b & ~letters_a) == 0
    ending = (shorter >= 3) & (difference > 0) & (cut | (difference <= 2))
    longer = (shorter >= 4) & (difference >= 4) | (shorter >= 5)
    return np.asarray(one_slip | two_slips | inside & (difference > 0) & (ending | longer))


def near_words(one: list[str], other: list[str], cut: Flags | None = None) -> Flags:
    """Which words are spellings of one another: a slip or two, an ending, or an abbreviation of the other.

    cut: the shorter one is known to be an abbreviation, so that it may go on in any way.
    """
    shorter = np.minimum(*(np.fromiter(map(len, words), np.int64, len(words)) for words in (one, other)))
    slips = cpdist(one, other, scorer=DamerauLevenshtein.distance, score_cutoff=2)
    near = (shorter >= 5) & (slips <= 1)
    for index in np.flatnonzero((shorter >= 8) & (slips == 2)).tolist():
        near[index] = jaro_winkler_similarity(one[index], other[index]) >= 0.88
    for index in np.flatnonzero(~near & (cpdist(one, other, scorer=Prefix.similarity) == shorter)).tolist():
        ending = max(one[index], other[index], key=len)[shorter[index] :]
        abbreviated = cut is not None and bool(cut[index])
        near[index] = abbreviated or ending in _INFLECTED or (shorter[index] >= 5 and ending in _DERIVED)
    for index in np.flatnonzero(~near & (shorter >= 4)).tolist():
        near[index] = _contracted(*sorted((one[index], other[index]), key=len))
    return np.asarray(near)


def _contracted(short: str, long: str) -> bool:
    """An abbreviation that leaves out the middle: "intl" for "international", "kreiskrhs" for "kreiskrankenhaus".

    Ends alike but for the s of a plural, its letters in the order of the other, and hardly a vowel where the two part.
    """
    if not long.endswith(short[-1]):
        short, long = short.removesuffix("s"), long.removesuffix("s")
    if len(long) < len(short) + 2 or short[0] != long[0] or short[-1] != long[-1]:
        return False
    begun = Prefix.similarity(short, long)
    middle = short[begun:] if begun >= 5 else short[1:-1]
    letters = iter(long)
    return len(_VOWELS.findall(middle)) <= len(middle) // 4 and all(letter in letters for letter in short)


def one_slip(one: list[str], other: list[str]) -> Flags:
    """Which texts differ by one letter."""
    return np.asarray(cpdist(one, other, scorer=DamerauLevenshtein.distance, score_cutoff=1) <= 1)
