"""Statistical disclosure control of count tables with totals in every dimension.

A cell that fewer than `threshold` distinct organisations stand behind is suppressed (primary), and so many more
(secondary) that nobody can work it out from the rest: not from a row, not from a total, not from several lines
together. Which cells need company is decided line by line; whether it is enough is decided by `audit`, which knows
nothing of that choice: it plays the attacker who has the published cells, knows that a suppressed cell is a whole
number of at least one (zeros are shown), and solves for the range each suppressed cell must lie in.

Not covered: two organisations that pool what they know, and differences between releases of neighbouring weeks.
The terms follow the handbook on statistical disclosure control (Hundepool et al. 2012, chapter 4).
"""

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
import numpy.typing as npt
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

THRESHOLD = 3  # distinct organisations
PROTECTION = 0.1  # an attacker's range must reach so far to both sides of the true value, and by at least one
_SOLVER_SECONDS = 10.0

Cell = tuple[int, ...]
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class CountTable:
    """Counts by several categories. In every dimension the last index is the total.

    counts: whole numbers, shape = categories of each axis + 1.
    contributors: the organisations behind each cell, totals included.
    """

    axes: tuple[tuple[str, ...], ...]
    counts: npt.NDArray[np.int64]
    contributors: dict[Cell, frozenset[str]]

    def organisations(self, cell: Cell) -> int:
        """How many distinct organisations stand behind a cell."""
        return len(self.contributors.get(cell, ()))

    def lines(self) -> Iterator[list[Cell]]:
        """Every sum in the table: the parts of a line, its total last."""
        shape = self.counts.shape
        for axis, length in enumerate(shape):
            others = [range(size) for number, size in enumerate(shape) if number != axis]
            for fixed in product(*others):
                yield [(*fixed[:axis], position, *fixed[axis:]) for position in range(length)]


def count_table(axes: Sequence[Sequence[str]], entries: Iterable[tuple[tuple[str, ...], str]]) -> CountTable:
    """Count entries of (category on each axis, organisation), totals included."""
    position = [{name: number for number, name in enumerate(axis)} for axis in axes]
    counts = np.zeros([len(axis) + 1 for axis in axes], dtype=np.int64)
    behind: dict[Cell, set[str]] = {}
    for categories, organisation in entries:
        own = [found[category] for found, category in zip(position, categories, strict=True)]
        for cell in product(*((index, len(axis)) for index, axis in zip(own, axes, strict=True))):
            counts[cell] += 1
            behind.setdefault(cell, set()).add(organisation)
    return CountTable(
        tuple(tuple(axis) for axis in axes), counts, {cell: frozenset(found) for cell, found in behind.items()}
    )


def primary_cells(table: CountTable, threshold: int = THRESHOLD) -> Mask:
    """Cells with at least one and fewer than `threshold` organisations."""
    mask = np.zeros(table.counts.shape, dtype=bool)
    for cell in table.contributors:
        mask[cell] = 0 < table.organisations(cell) < threshold
    return mask


def protect(table: CountTable, threshold: int = THRESHOLD) -> Mask:
    """Which cells must not be published; the result has passed `audit`."""
    suppressed = primary_cells(table, threshold)
    lines = list(table.lines())
    while True:
        _give_company(table, suppressed, lines, threshold)
        exposed = audit(table, suppressed, threshold)
        if not exposed:  # at the latest when no cell is left open: then nothing bounds anything
            return suppressed
        for cell in exposed:
            near = [other for line in lines if cell in line for other in line]
            # With everything around it suppressed already, any further cell loosens the table.
            candidates = _open(table, suppressed, near) or _open(table, suppressed, np.ndindex(table.counts.shape))
            if candidates:
                suppressed[min(candidates, key=lambda other: _cost(table, other))] = True


def _open(table: CountTable, suppressed: Mask, cells: Iterable[Cell]) -> list[Cell]:
    return [cell for cell in cells if table.counts[cell] and not suppressed[cell]]


def _give_company(table: CountTable, suppressed: Mask, lines: Sequence[list[Cell]], threshold: int) -> None:
    """Suppress the cheapest further cells until no line gives a cell, or too few organisations together, away."""
    is_settled = False
    while not is_settled:
        is_settled = True
        for line in lines:
            while candidates := _wanting(table, suppressed, line, threshold):
                suppressed[min(candidates, key=lambda cell: _cost(table, cell))] = True
                is_settled = False


def _wanting(table: CountTable, suppressed: Mask, line: list[Cell], threshold: int) -> list[Cell]:
    """Cells of which one must join the suppressed ones of this line; empty where they are enough."""
    *parts, total = line
    hidden = [cell for cell in parts if suppressed[cell]]
    open_parts = _open(table, suppressed, parts)
    if suppressed[total]:
        return [] if hidden else open_parts
    if not hidden:
        return []
    # Their sum can be read off the total, so it must itself pass the threshold.
    together = frozenset[str]().union(*(table.contributors[cell] for cell in hidden))
    if len(hidden) > 1 and len(together) >= threshold:
        return []
    return open_parts or [total]


def _cost(table: CountTable, cell: Cell) -> tuple[int, int, Cell]:
    """Totals are the last to go; else the smallest cell goes first."""
    totals = sum(index == size - 1 for index, size in zip(cell, table.counts.shape, strict=True))
    return totals, int(table.counts[cell]), cell


def audit(table: CountTable, suppressed: Mask, threshold: int = THRESHOLD) -> list[Cell]:
    """Primary cells that an attacker could work out too closely, or sums of too few organisations; empty = safe."""
    exposed = [cell for cell in _cells(primary_cells(table, threshold)) if not suppressed[cell]]
    attacker = _Attacker(table, suppressed)
    for cell in _cells(primary_cells(table, threshold) & suppressed):
        value = int(table.counts[cell])
        margin = max(1, math.ceil(PROTECTION * value))
        # Zeros are shown, so a sum can never seem smaller than the number of its parts that are not zero.
        floor = int(np.count_nonzero(table.counts[_parts_of(cell, table.counts.shape)]))
        if not (attacker.reaches(cell, value + margin) and attacker.reaches(cell, max(floor, value - margin))):
            exposed.append(cell)
    return exposed


def _parts_of(cell: Cell, shape: tuple[int, ...]) -> tuple[slice, ...]:
    """The cells without totals that a cell sums; itself if it is none."""
    return tuple(
        slice(0, size - 1) if index == size - 1 else slice(index, index + 1)
        for index, size in zip(cell, shape, strict=True)
    )


def _cells(mask: Mask) -> list[Cell]:
    return [tuple(int(index) for index in found) for found in np.argwhere(mask)]


class _Attacker:
    """Solves for what a suppressed cell could be. Every solution found is kept: it bounds all other cells as well."""

    def __init__(self, table: CountTable, suppressed: Mask) -> None:
        self._cells = _cells(suppressed)
        number = {cell: index for index, cell in enumerate(self._cells)}
        rows: list[tuple[int, int, float]] = []
        known: list[float] = []
        for line in table.lines():
            *parts, total = line
            hidden = [(cell, 1.0) for cell in parts if cell in number]
            hidden += [(total, -1.0)] if total in number else []
            if hidden:
                rows += [(len(known), number[cell], sign) for cell, sign in hidden]
                open_sum = sum(int(table.counts[cell]) for cell in parts if cell not in number)
                known.append((0 if total in number else int(table.counts[total])) - open_sum)
        self._number = number
        values = np.array([table.counts[cell] for cell in self._cells], dtype=float)
        self._low, self._high = values.copy(), values.copy()
        # A range that runs past twice the table is as good as open.
        self._bounds = Bounds(1, 2.0 * float(table.counts.sum()) + 10.0)
        if rows:
            row, column, sign = zip(*rows, strict=True)
            matrix = csr_array((sign, (row, column)), shape=(len(known), len(self._cells)))
            self._sums = LinearConstraint(matrix, known, known)

    def reaches(self, cell: Cell, value: int) -> bool:
        """Whether the cell could be as far out as the value, as far as the attacker knows."""
        index = self._number[cell]
        direction = -1.0 if value > self._low[index] and value > self._high[index] else 1.0
        if self._low[index] <= value <= self._high[index]:
            return True
        objective = np.zeros(len(self._cells))
        objective[index] = direction
        solution = milp(
            objective,
            integrality=np.ones(len(self._cells), dtype=np.int64),
            bounds=self._bounds,
            constraints=self._sums,
            options={"time_limit": _SOLVER_SECONDS},
        )
        if solution.x is None:
            return False
        found = np.round(solution.x)
        self._low, self._high = np.minimum(self._low, found), np.maximum(self._high, found)
        return bool(self._low[index] <= value <= self._high[index])


def safe_organisation_counts(table: CountTable, suppressed: Mask) -> Mask:
    """Cells whose number of organisations may be shown: no sum they take part in holds a suppressed cell.

    Distinct organisations do not add up over categories, so the audit of listings says nothing about them; this rule
    leaves no sum with a gap.
    """
    touched = np.zeros(table.counts.shape, dtype=bool)
    for line in table.lines():
        if any(suppressed[cell] for cell in line):
            for cell in line:
                touched[cell] = True
    return ~touched


def small_categories(entries: Iterable[tuple[str, str]], fewest: int) -> frozenset[str]:
    """Categories with fewer organisations than `fewest`, to be shown together; entries are (category, organisation)."""
    behind = Counter(category for category, _ in set(entries))
    return frozenset(category for category, count in behind.items() if count < fewest)
