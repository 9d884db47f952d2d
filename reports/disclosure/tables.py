"""Values that are linked by sums: tables with totals, hierarchies, several tables that share cells."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import NamedTuple

TOTAL = "TOTAL"

Cell = tuple[str, ...]  # one code of every axis


class Line(NamedTuple):
    """One sum: the parts and what they come to."""

    parts: tuple[Cell, ...]
    total: Cell


@dataclass(frozen=True)
class Axis:
    """The categories of one dimension: leaves, and sums of them as (code, parts), parts before what they make up."""

    leaves: tuple[str, ...]
    sums: tuple[tuple[str, tuple[str, ...]], ...]

    @classmethod
    def flat(cls, leaves: Sequence[str]) -> "Axis":
        """Leaves and their total."""
        return cls(tuple(leaves), ((TOTAL, tuple(leaves)),))

    @property
    def codes(self) -> tuple[str, ...]:
        return (*self.leaves, *(code for code, _ in self.sums))

    def above(self, leaf: str) -> list[str]:
        """The leaf and every sum that holds it."""
        found = [leaf]
        found.extend(code for code, parts in self.sums if any(part in found for part in parts))
        return found


@dataclass(frozen=True)
class Tables:
    """Cells without a value are zero, and published as such.

    values: whole numbers; a zero stands here only if it is to be withheld. contributions: the amount of each group.
    least: what an attacker knows a withheld cell to hold at least (a count that is not zero is one). told: the same of
    single cells, where another document tells more; most: what it tells a cell to hold at most.
    """

    values: Mapping[Cell, int]
    contributions: Mapping[Cell, Mapping[str, int]]
    lines: tuple[Line, ...]
    least: int = 1
    told: Mapping[Cell, int] = field(default_factory=dict)
    most: Mapping[Cell, int] = field(default_factory=dict)

    def least_of(self, cell: Cell) -> int:
        """What an attacker knows the cell to hold at least, before any sum."""
        return max(min(self.least, self.values[cell]), self.told.get(cell, 0))

    def room_above(self, cell: Cell) -> int | None:
        """How far a cell can seem larger, before any sum; None without an end."""
        return self.most[cell] - self.values[cell] if cell in self.most else None

    def within(self, frame: Collection[Cell]) -> "Tables":
        """Only the cells that are to be published, and the sums all of whose parts are among them."""
        kept = set(frame)
        return Tables(
            {cell: value for cell, value in self.values.items() if cell in kept},
            {cell: groups for cell, groups in self.contributions.items() if cell in kept},
            tuple(line for line in self.lines if kept.issuperset((*line.parts, line.total))),
            self.least,
            self.told,
            self.most,
        )

    def named(self, name: str) -> "Tables":
        """With a name before the codes of every cell, to be joined with others."""
        return Tables(
            {(name, *cell): value for cell, value in self.values.items()},
            {(name, *cell): groups for cell, groups in self.contributions.items()},
            tuple(Line(tuple((name, *part) for part in parts), (name, *total)) for parts, total in self.lines),
            0,
            {(name, *cell): self.least_of(cell) for cell in self.values},
            {(name, *cell): value for cell, value in self.most.items()},
        )

    def floors(self) -> dict[Cell, int]:
        """The least value of each cell that is possible when nothing but the zeros is published."""
        sums: dict[Cell, list[Line]] = {}
        for line in self.lines:
            sums.setdefault(line.total, []).append(line)
        known: dict[Cell, int] = {}

        def of(cell: Cell) -> int:
            if cell not in known:
                parts = [sum(of(part) for part in line.parts if part in self.values) for line in sums.get(cell, [])]
                known[cell] = max([self.least_of(cell), *parts])
            return known[cell]

        for cell in self.values:
            of(cell)
        return known


def joined(several: Sequence[Tables]) -> Tables:
    """Tables without a common cell as one."""
    return Tables(
        {cell: value for one in several for cell, value in one.values.items()},
        {cell: groups for one in several for cell, groups in one.contributions.items()},
        tuple(line for one in several for line in one.lines),
        0,
        {cell: one.least_of(cell) for one in several for cell in one.values},
        {cell: value for one in several for cell, value in one.most.items()},
    )


def cross_table(axes: Sequence[Axis], entries: Iterable[tuple[Cell, str, int]], least: int = 1) -> Tables:
    """Add up entries of (leaf of each axis, group, amount above zero) into all cells of the product of the axes."""
    values: dict[Cell, int] = {}
    behind: dict[Cell, dict[str, int]] = {}
    above = [{leaf: axis.above(leaf) for leaf in axis.leaves} for axis in axes]
    for leaves, group, amount in entries:
        for cell in product(*(codes[leaf] for codes, leaf in zip(above, leaves, strict=True))):
            values[cell] = values.get(cell, 0) + amount
            of_groups = behind.setdefault(cell, {})
            of_groups[group] = of_groups.get(group, 0) + amount
    return Tables(values, behind, tuple(_lines(axes)), least)


def _lines(axes: Sequence[Axis]) -> Iterable[Line]:
    for number, axis in enumerate(axes):
        others = [other.codes if place != number else ("",) for place, other in enumerate(axes)]
        for fixed in product(*others):
            for code, parts in axis.sums:
                cells = [(*fixed[:number], one, *fixed[number + 1 :]) for one in (*parts, code)]
                yield Line(tuple(cells[:-1]), cells[-1])
