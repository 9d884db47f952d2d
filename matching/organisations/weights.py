"""What a comparison level is worth: Fellegi–Sunter match weights in bits, log2 of m over u.

m is how often true pairs show a level, u how often chance pairs do. Names are rated against the size of the table:
an equal rare name is worth as much as it takes to find one among all records. For the other parts expectation
maximisation (Winkler 1988) learns m from the table; u stays, because blocking shows too few chance pairs to learn it
from. What is learnt is blended with what is given, so that a small or sparse table does not drift.
"""

import math

import numpy as np
import numpy.typing as npt

from matching.arrays import Floats
from matching.organisations.comparison import LEVELS, PARTS, Levels

# Bits of each level in a table of 4,096 records.
BITS = {
    "name": {
        "missing": -4.0,
        "different": -5.0,
        "weak_overlap": -2.5,
        "overlap": 2.0,
        "strong_overlap": 6.0,
        "numbers_differ": -6.0,
        "sister": -4.0,
        "contained": 4.5,
        "generic_words_more": 9.0,
        "acronym": 6.0,
        "same_head": 9.0,
        "department": 13.4,
        "near_common": 9.0,
        "near_glued": 12.0,
        "near": 14.0,
        "equal_common": 8.0,
        "equal": 13.0,
        "equal_rare": 17.0,
    },
    "legal_form": {"different": -7.0, "same_family": -5.0, "equal": 1.0},
    "place": {
        "other_country": -7.0,
        "other_city": -2.0,
        "same_area": 1.0,
        "other_address": 2.0,
        "same_city": 3.0,
        "same_postal_code": 5.0,
        "same_house_number": 9.0,
        "shared_address": 5.0,
        "same_address": 8.0,
    },
    "domain": {"different": -2.0, "hub": 2.0, "shared": 6.0, "own": 10.6},
    "registration_number": {"different": -12.0, "equal": 18.0},
    "phone": {"different": -1.0, "shared": 5.0, "equal": 10.0},
    "account": {"different": 0.0, "equal": 20.0},
}

# Bits more for each doubling of the table beyond 4,096 records: the rarer a name among more names, the more it tells.
GROWTH = {"equal_rare": 1.0, "equal": 1.0, "equal_common": 1.0, "near": 0.5, "near_common": 0.5, "department": 0.5}


# m of the parts that a table may teach, given that the value is known on both sides.
TRUE_PAIRS = {
    "place": {
        "other_country": 0.01,
        "other_city": 0.10,
        "same_area": 0.02,
        "other_address": 0.06,
        "same_city": 0.14,
        "same_postal_code": 0.15,
        "same_house_number": 0.03,
        "shared_address": 0.05,
        "same_address": 0.44,
    },
    "domain": {"different": 0.10, "hub": 0.10, "shared": 0.15, "own": 0.65},
    "phone": {"different": 0.15, "shared": 0.05, "equal": 0.80},
}
GIVEN = 20_000  # pairs that what is given counts for
FURTHEST = 2.0  # bits by which a table may move a level
_ROUNDS = 5
_STEP = 0.25  # learnt bits are rounded, so that a few pairs more or less change nothing


def learnt_bits(levels: Levels, bits: Floats, size: int) -> Floats:
    """[parts, levels] bits after expectation maximisation over the patterns of the compared pairs."""
    patterns, number = patterns_of(levels)
    counts = np.bincount(number, minlength=len(patterns))
    learnt = bits
    for _ in range(_ROUNDS if len(patterns) else 0):
        weight = match_weights(patterns, learnt, size)
        true = counts / (1 + np.exp2(-np.clip(weight, -60.0, 60.0)))
        learnt = bits.copy()
        for part, given in TRUE_PAIRS.items():
            row = PARTS.index(part)
            numbers = [LEVELS[part].index(level) for level in given]
            found = np.bincount(patterns[:, row], weights=true, minlength=len(LEVELS[part]))[numbers]
            prior = np.array(list(given.values()))
            m = (GIVEN * prior + found) / (GIVEN + found.sum())
            moved = np.clip(np.log2(m / prior), -FURTHEST, FURTHEST)
            learnt[row, numbers] += np.round(moved / _STEP) * _STEP
    return learnt


def part_bits(size: int) -> Floats:
    """[parts, levels] bits of every level in a table of a size."""
    table = np.zeros((len(PARTS), max(len(levels) for levels in LEVELS.values())))
    for part, levels in LEVELS.items():
        for number, name in enumerate(levels):
            table[PARTS.index(part), number] = BITS[part].get(name, 0.0)
            if part == "name":
                table[PARTS.index(part), number] += GROWTH.get(name, 0.0) * (np.log2(size) - 12)
            if name == "one_sided":
                table[PARTS.index(part), number] = max(-0.75 * (np.log2(size) - 10), -4.0)
    return table


def match_weights(levels: Levels, bits: Floats, size: int) -> Floats:
    """[pairs] the sum of bits of a pair, the odds that two records of the table are the same organisation included."""
    patterns, number = patterns_of(levels)
    return np.asarray((bits[np.arange(len(PARTS)), patterns].sum(axis=1) - np.log2(size))[number])


def patterns_of(levels: Levels) -> tuple[Levels, npt.NDArray[np.int32]]:
    """[patterns, parts] the distinct rows of levels, a few thousand in any table, and [pairs] which one."""
    sizes = [len(LEVELS[part]) for part in PARTS]
    code = np.zeros(len(levels), np.int32)
    for part, count in enumerate(sizes):
        code *= count
        code += levels[:, part]
    occurs = np.bincount(code, minlength=math.prod(sizes)) > 0
    patterns = np.stack(np.unravel_index(np.flatnonzero(occurs), sizes), axis=1).astype(np.int8)
    return patterns, (np.cumsum(occurs, dtype=np.int32) - 1)[code]
