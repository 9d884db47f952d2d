"""The tables as arrays: what is to be withheld, what that costs, and how far an attacker must be led astray."""

import zlib
from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.optimize import linprog
from scipy.sparse import csr_array

from reports.disclosure.rules import Rules, is_telling, merged
from reports.disclosure.tables import TOTAL, Cell, Tables

Chosen = npt.NDArray[np.bool_]  # one per cell: is it withheld
Floats = npt.NDArray[np.float64]
_TOLERANCE = 1e-6


@dataclass(frozen=True)
class Goal:
    """A sensitive cell must be able to differ from its value by `need`, up (sign 1) or down (sign -1)."""

    cell: int
    sign: int
    need: int


@dataclass(frozen=True)
class Problem:
    """Cells that are not zero, in sorted order; the zeros are published and bound nothing.

    sums: lines × cells, 1 for a part and -1 for the total. prices: whole numbers, shape (cells,).
    down: how far each cell can seem smaller at most; up likewise.
    """

    cells: tuple[Cell, ...]
    sums: csr_array[np.float64, tuple[int, int]]
    members: tuple[tuple[tuple[int, ...], int], ...]  # of each line: its parts, its total; numbers of cells
    together: tuple[tuple[dict[str, int], ...], Rules]
    prices: npt.NDArray[np.int64]
    down: Floats
    up: Floats
    goals: tuple[Goal, ...]
    forced: Chosen  # sensitive cells, and what else must be withheld

    def telling(self, chosen: Chosen) -> list[tuple[list[int], list[int]]]:
        """Lines whose withheld parts together say too much: (withheld parts, of which cells one must join them)."""
        contributions, rules = self.together
        found = []
        for parts, total in self.members:
            hidden = [part for part in parts if chosen[part]]
            if hidden and not chosen[total] and is_telling(merged(contributions[part] for part in hidden), rules):
                others = [cell for cell in (*parts, total) if not chosen[cell] and self.up[cell]]
                if others:  # else everybody knows the rest from elsewhere
                    found.append((hidden, others))
        return found

    def attack(self, goal: Goal, withheld: Floats) -> tuple[bool, Floats, Floats]:
        """Whether the goal is reached when so much of each cell is withheld (1 all, 0 nothing, between in relaxations).

        Returns also how far every cell would differ, and the direction of a cut: by duality every choice of rows'
        prices bounds what an attacker holds possible, so sum(cut * withheld) >= need is needed of any safe pattern
        (Fischetti and Salazar 2001).
        """
        columns = np.flatnonzero(withheld > _TOLERANCE)
        objective = np.zeros(len(columns))
        objective[np.searchsorted(columns, goal.cell)] = -goal.sign
        sums = self.sums[:, columns]
        bounds = np.column_stack([-self.down[columns] * withheld[columns], self.up[columns] * withheld[columns]])
        right = np.zeros(sums.shape[0])
        solved = linprog(objective, A_eq=sums, b_eq=right, bounds=bounds, method="highs-ds")  # type: ignore[call-overload]  # the stubs know no sparse arrays
        moved = np.zeros(len(self.cells))
        moved[columns] = solved.x
        target = np.zeros(len(self.cells))
        target[goal.cell] = goal.sign
        reduced = np.round(target + self.sums.T @ solved.eqlin.marginals, 9)
        cut = np.maximum(reduced, 0) * self.up + np.maximum(-reduced, 0) * self.down
        return bool(goal.sign * moved[goal.cell] >= goal.need - _TOLERANCE), moved, np.minimum(cut, goal.need)


def problem_of(
    tables: Tables, sensitive: set[Cell], also: set[Cell], rules: Rules, known: Collection[Cell] = ()
) -> Problem:
    """sensitive: cells to protect; also: cells that must be withheld for another reason, such as a frozen pattern.

    known: cells that an attacker has from elsewhere, withheld or not: they cannot seem to differ, and protect nothing.
    """
    cells = tuple(sorted(tables.values))
    number = {cell: index for index, cell in enumerate(cells)}
    lines = [
        (tuple(number[part] for part in line.parts if part in number), number[line.total])
        for line in tables.lines
        if line.total in number
    ]
    values = np.array([tables.values[cell] for cell in cells], dtype=np.float64)
    is_open = np.array([cell not in known for cell in cells], dtype=np.float64)
    floors = tables.floors()
    goals = []
    inside = _known_inside(tables, sensitive, rules.coalition)
    for cell in sorted(sensitive.difference(known)):
        value, need = tables.values[cell], rules.needed(tables.values[cell])
        goals.append(Goal(number[cell], 1, max(need, 1 + inside.get(cell, 0))))
        if lower := min(need, value - floors[cell]):
            goals.append(Goal(number[cell], -1, lower))
    return Problem(
        cells,
        _matrix(lines, len(cells)),
        tuple(lines),
        (tuple(dict(tables.contributions[cell]) for cell in cells), rules),
        np.array([_price(cell) for cell in cells], dtype=np.int64),
        (values - np.array([tables.least_of(cell) for cell in cells])) * is_open,
        # What runs past twice the largest sum is as good as open.
        (2.0 * values.max(initial=0.0) + 10.0) * is_open,
        tuple(goals),
        np.array([cell in sensitive or cell in also for cell in cells], dtype=bool),
    )


def _known_inside(tables: Tables, sensitive: set[Cell], coalition: int) -> dict[Cell, int]:
    """For each sensitive cell the most that so many contributors of others in one of its lines know to be their own.

    A cell that can rise by more than that rises at the cost of somebody else, so they cannot tell it exactly.
    """
    found: dict[Cell, int] = {}
    for line in tables.lines:
        beside = [cell for cell in (*line.parts, line.total) if cell in sensitive]
        for cell in beside:
            others = merged(tables.contributions[other] for other in beside if other != cell)
            own = sorted((n for group, n in others.items() if group not in tables.contributions[cell]), reverse=True)
            found[cell] = max(found.get(cell, 0), sum(own[:coalition]))
    return found


def _matrix(lines: list[tuple[tuple[int, ...], int]], cells: int) -> csr_array[np.float64, tuple[int, int]]:
    row = [at for at, (parts, _) in enumerate(lines) for _ in (*parts, 0)]
    column = [one for parts, total in lines for one in (*parts, total)]
    sign = [one for parts, _ in lines for one in (*[1.0] * len(parts), -1.0)]
    return csr_array((sign, (row, column)), shape=(len(lines), cells))


def _price(cell: Cell) -> int:
    """Each cell costs one; of equally many the ones with fewest totals are withheld, then as a fixed draw falls.

    The draw makes the cheapest pattern one and only, so that every processor finds the same.
    """
    draw = zlib.crc32("\t".join(cell).encode()) % 1000
    return 1_000_000 + 2_000 * sum(code == TOTAL for code in cell) + draw
