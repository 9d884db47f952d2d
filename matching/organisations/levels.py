"""What a comparison of two records can answer: levels, each one value in one place.

A comparison asks its levels in order, and the first whose condition holds is the answer, like CASE in SQL; the last
one always holds. Tables keep the place of a level in that order as a small integer, which means nothing by itself:
whoever speaks of a level says its name.
"""

import math
from collections.abc import Callable
from typing import Any, Generic, NamedTuple, TypeVar

import numpy as np
import numpy.typing as npt

from matching.arrays import Flags

Facts = TypeVar("Facts")
Levels = npt.NDArray[np.int8]  # places of levels in their comparisons

MISSING = "missing"  # the level of pairs of which one record does not state the value
GIVEN_SIZE = 4096  # records of the table that the bits are given for


class Level(NamedTuple, Generic[Facts]):
    """One answer.

    name: its code in evidence. holds: [pairs] its condition, given what is seen of the pairs. bits: what it is worth
    in a table of `GIVEN_SIZE` records, log2 of m over u. sentence: what readers are told, German, to be translated;
    empty where it never reaches evidence. source: where the bits come from; what was tried and measured is told in
    benchmarks/RESULTS.md, and bits beside measured ones stay below them, because parts that blocking chose agree by
    choice. growth: bits more for each doubling of the table, because the rarer a name is among more names, the more it
    tells. least: bits it never falls below. true_pairs: m, where a table may teach it. by_crowd: it says that several
    names share the value.
    """

    name: str
    holds: Callable[[Facts], Flags]
    bits: float
    sentence: str
    source: str
    growth: float = 0.0
    least: float = -math.inf
    true_pairs: float | None = None
    by_crowd: bool = False

    def bits_among(self, size: int) -> float:
        """Bits in a table of ``size`` records."""
        return max(self.bits + self.growth * (math.log2(size) - math.log2(GIVEN_SIZE)), self.least)


class Comparison(NamedTuple, Generic[Facts]):
    """One part of two records beside each other, and what can come out, in the order in which it is asked."""

    part: str
    levels: tuple[Level[Facts], ...]

    def place(self, name: str) -> int:
        """The integer that stands for a level."""
        return [level.name for level in self.levels].index(name)

    def places(self, wanted: Callable[[Level[Facts]], Any]) -> list[int]:
        """The integers that stand for the levels that are wanted."""
        return [place for place, level in enumerate(self.levels) if wanted(level)]

    def compare(self, facts: Facts) -> Levels:
        """[pairs] the first level that holds of each pair."""
        conditions = [np.asarray(level.holds(facts)) for level in self.levels]
        # The first that holds ranks highest. Without a branch for each pair this takes a tenth of np.select's time.
        count = len(conditions)
        rank = np.zeros(np.broadcast_shapes(*(condition.shape for condition in conditions)), np.int8)
        for place, condition in enumerate(conditions):
            np.maximum(rank, condition.view(np.int8) * np.int8(count - place), out=rank)
        return np.asarray(np.int8(count) - rank)


def otherwise(_: object) -> Flags:
    """The condition of the last level."""
    return np.ones((), bool)


def unstated(holds: Callable[[Facts], Flags]) -> Level[Facts]:
    """The level of a value that a record does not state: it counts neither way and is not told."""
    return Level(MISSING, holds, 0.0, "", "nothing is seen")
