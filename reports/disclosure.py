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
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
import numpy.typing as npt
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array, hstack

NOBODY = ""  # stands behind listings that name nobody: they count as listings, and make no organisation
THRESHOLD = 3  # distinct organisations
PROTECTION = 0.1  # an attacker's range must reach so far to both sides of the true value, and by at least one
_SOLVER_SECONDS = 10.0
_TOLERANCE = 1e-6

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
        return len(self.contributors.get(cell, frozenset()) - {NOBODY})

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
    """Cells that are not empty and have fewer than `threshold` organisations; one of nobody's listings has none."""
    mask = np.zeros(table.counts.shape, dtype=bool)
    for cell in table.contributors:
        mask[cell] = table.organisations(cell) < threshold
    return mask


def protect(table: CountTable, threshold: int = THRESHOLD) -> Mask:
    """Which cells must not be published; the result has passed `audit`."""
    suppressed = primary_cells(table, threshold)
    if not suppressed.any():
        return suppressed
    lines = list(table.lines())
    ways_out = _WaysOut(table, lines)
    while True:
        _give_company(table, suppressed, lines, threshold)
        exposed = _exposed(table, suppressed, threshold)
        if not exposed:  # at the latest when no cell is left open: then nothing bounds anything
            return suppressed
        for cell, change in exposed:
            for other in ways_out.cells(suppressed, cell, change):
                suppressed[other] = True


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
    if len(hidden) > 1 and len(together - {NOBODY}) >= threshold:
        return []
    return open_parts or [total]


class _WaysOut:
    """Finds the cheapest open cells that must join so that a cell could be larger or smaller.

    A linear program over how far every cell that is not zero would move along: suppressed ones move free of charge
    (the heuristic of Kelly, Golden and Assad 1992 for sequential suppression).
    """

    def __init__(self, table: CountTable, lines: Sequence[list[Cell]]) -> None:
        self._table = table
        self._cells = _cells(table.counts > 0)
        self._number = {found: index for index, found in enumerate(self._cells)}
        self._prices = np.array([_price(table, found) for found in self._cells])
        sums = _sums(lines, self._number)
        self._balance = LinearConstraint(csr_array(hstack([sums, -sums])), 0, 0)

    def cells(self, suppressed: Mask, cell: Cell, change: int) -> list[Cell]:
        """Open cells to suppress so that `cell` could differ by `change` from its value."""
        cells, number = self._cells, self._number
        is_open = np.array([not suppressed[found] for found in cells])
        prices = np.where(is_open, self._prices, 0.0)
        most_up = np.full(len(cells), np.inf)
        most_down = np.array([float(self._table.counts[found]) - 1 for found in cells])
        least = np.zeros(2 * len(cells))
        least[number[cell]] = most_up[number[cell]] = max(change, 0)
        least[len(cells) + number[cell]] = most_down[number[cell]] = max(-change, 0)
        bounds = Bounds(least, np.concatenate([most_up, most_down]))
        solution = milp(np.concatenate([prices, prices]), bounds=bounds, constraints=self._balance)
        if solution.x is None:
            return []
        moved = solution.x[: len(cells)] + solution.x[len(cells) :] > _TOLERANCE
        return [cells[index] for index in np.flatnonzero(moved & is_open)]


def _sums(lines: Sequence[list[Cell]], number: Mapping[Cell, int]) -> csr_array[np.float64, tuple[int, int]]:
    """One row per line: 1 for each part, -1 for the total, over the numbered cells."""
    entries = [
        (row, number[cell], -1.0 if cell == line[-1] else 1.0)
        for row, line in enumerate(lines)
        for cell in line
        if cell in number
    ]
    row, column, sign = (np.array(found) for found in zip(*entries, strict=True))
    return csr_array((sign, (row, column)), shape=(len(lines), len(number)))


def _price(table: CountTable, cell: Cell) -> float:
    """What it costs to lose a cell: its listings, and totals far more than parts."""
    totals, count, _ = _cost(table, cell)
    return float(count + 1) * 1000.0**totals


def _cost(table: CountTable, cell: Cell) -> tuple[int, int, Cell]:
    """Totals are the last to go; else the smallest cell goes first."""
    totals = sum(index == size - 1 for index, size in zip(cell, table.counts.shape, strict=True))
    return totals, int(table.counts[cell]), cell


def audit(table: CountTable, suppressed: Mask, threshold: int = THRESHOLD) -> list[Cell]:
    """Primary cells that are published, or that an attacker could work out too closely; empty = safe."""
    return list(dict.fromkeys(cell for cell, _ in _exposed(table, suppressed, threshold)))


def _exposed(table: CountTable, suppressed: Mask, threshold: int) -> list[tuple[Cell, int]]:
    """What `audit` finds, each cell with how far from the truth the attacker cannot be led."""
    attacker = _Attacker(table, suppressed)
    found = []
    for cell in _cells(primary_cells(table, threshold)):
        value = int(table.counts[cell])
        for end in _protected_range(table, cell):
            if end != value and not (suppressed[cell] and attacker.reaches(cell, end)):
                found.append((cell, end - value))
    return found


def _protected_range(table: CountTable, cell: Cell) -> tuple[int, int]:
    """The values that an attacker must hold possible at least, lowest and highest."""
    value = int(table.counts[cell])
    margin = max(1, math.ceil(PROTECTION * value))
    # Zeros are shown, so a sum can never seem smaller than the number of its parts that are not zero.
    floor = int(np.count_nonzero(table.counts[_parts_of(cell, table.counts.shape)]))
    return max(floor, value - margin), value + margin


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
        lines = [line for line in table.lines() if any(cell in number for cell in line)]
        # What the published cells of a line leave for the suppressed ones.
        known = [
            sum(int(table.counts[cell]) * (1 if cell == line[-1] else -1) for cell in line if cell not in number)
            for line in lines
        ]
        self._sums = LinearConstraint(_sums(lines, number), known, known) if lines else ()
        self._number = number
        values = np.array([table.counts[cell] for cell in self._cells], dtype=float)
        self._low, self._high = values.copy(), values.copy()
        # A range that runs past twice the table is as good as open.
        self._bounds = Bounds(1, 2.0 * float(table.counts.sum()) + 10.0)

    def reaches(self, cell: Cell, value: int) -> bool:
        """Whether the cell could be as far out as the value, as far as the attacker knows."""
        index = self._number[cell]
        direction = -1.0 if value > self._high[index] else 1.0
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
