"""What a comparison level is worth: Fellegi–Sunter match weights in bits, log2 of m over u.

m is how often true pairs show a level, u how often chance pairs do. Names are rated against the size of the table:
an equal rare name is worth as much as it takes to find one among all records. What is given stands with each level
(see `levels`). For the parts whose levels state m, expectation maximisation (Winkler 1988) learns m from the table; u
stays, because blocking shows too few chance pairs to learn it from. What is learnt is blended with what is given, so
that a small or sparse table does not drift.
"""

import math

import numpy as np
import numpy.typing as npt

from matching.arrays import Floats
from matching.organisations.comparison import COMPARISONS
from matching.organisations.levels import Levels

GIVEN = 20_000  # pairs that what is given counts for
FURTHEST = 2.0  # bits by which a table may move a level
_ROUNDS = 5
_STEP = 0.25  # learnt bits are rounded, so that a few pairs more or less change nothing


def learnt_bits(levels: Levels, bits: Floats, size: int) -> Floats:
    """[comparisons, levels] bits after expectation maximisation over the patterns of the compared pairs."""
    patterns, number = patterns_of(levels)
    counts = np.bincount(number, minlength=len(patterns))
    learnt = bits
    for _ in range(_ROUNDS if len(patterns) else 0):
        weight = match_weights(patterns, learnt, size)
        true = counts / (1 + np.exp2(-np.clip(weight, -60.0, 60.0)))
        learnt = bits.copy()
        for column, comparison in enumerate(COMPARISONS):
            taught = comparison.places(lambda level: level.true_pairs is not None)
            if not taught:
                continue
            found = np.bincount(patterns[:, column], weights=true, minlength=len(comparison.levels))[taught]
            prior = np.array([comparison.levels[place].true_pairs for place in taught], float)
            m = (GIVEN * prior + found) / (GIVEN + found.sum())
            moved = np.clip(np.log2(m / prior), -FURTHEST, FURTHEST)
            learnt[column, taught] += np.round(moved / _STEP) * _STEP
    return learnt


def given_bits(size: int) -> Floats:
    """[comparisons, levels] bits of every level in a table of a size; 0 where a comparison has no more levels."""
    table = np.zeros((len(COMPARISONS), max(len(comparison.levels) for comparison in COMPARISONS)))
    for row, comparison in zip(table, COMPARISONS, strict=True):
        row[: len(comparison.levels)] = [level.bits_among(size) for level in comparison.levels]
    return table


def match_weights(levels: Levels, bits: Floats, size: int) -> Floats:
    """[pairs] the sum of bits of a pair, the odds that two records of the table are the same organisation included."""
    patterns, number = patterns_of(levels)
    return np.asarray((bits[np.arange(len(COMPARISONS)), patterns].sum(axis=1) - np.log2(size))[number])


def patterns_of(levels: Levels) -> tuple[Levels, npt.NDArray[np.int32]]:
    """[patterns, comparisons] the distinct rows of levels, a few thousand in any table, and [pairs] which one."""
    sizes = [len(comparison.levels) for comparison in COMPARISONS]
    code = np.zeros(len(levels), np.int32)
    for part, count in enumerate(sizes):
        code *= count
        code += levels[:, part]
    occurs = np.bincount(code, minlength=math.prod(sizes)) > 0
    patterns = np.stack(np.unravel_index(np.flatnonzero(occurs), sizes), axis=1).astype(np.int8)
    return patterns, (np.cumsum(occurs, dtype=np.int32) - 1)[code]
