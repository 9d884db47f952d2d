"""The tables as arrays: what is to be withheld, what that costs, and how far each attacker must be led astray."""

import zlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt
from scipy.optimize import linprog
from scipy.sparse import csr_array

from reports.disclosure.rules import Rules, is_telling, merged
from reports.disclosure.tables import TOTAL, Cell, Tables

Chosen = npt.NDArray[np.bool_]  # one per cell: is it withheld
Floats = npt.NDArray[np.float64]
TOLERANCE = 1e-6


@dataclass(frozen=True)
class Attacker:
    """Somebody who sets the release against what they have besides it, such as earlier releases.

    tables: the sums that they solve. sensitive: cells of these that they must not calculate. known: cells that they
    have from elsewhere, whatever is withheld. decided: cell of these tables -> cell of the release by which it is told
    or withheld; all others are withheld. beside: what they have, for errors.
    """

    tables: Tables
    sensitive: frozenset[Cell]
    known: frozenset[Cell] = frozenset()
    decided: Mapping[Cell, Cell] = field(default_factory=dict)
    beside: str = ""


@dataclass(frozen=True)
class Goal:
    """A sensitive cell must be able to differ from its value by `need`, up (sign 1) or down (sign -1).

    alone: what of it is needed against those who contribute to no other cell.
    """

    view: int
    column: int
    sign: int
    need: int
    alone: int
    cell: Cell  # its name in the view's tables


@dataclass(frozen=True)
class View:
    """One attacker's tables; a column is a cell that is not zero. The zeros are published and bound nothing.

    sums: lines × columns, 1 for a part and -1 for the total. decided_by: the problem's cell that tells or withholds a
    column, -1 for one that is withheld anyway. down: how far each column can seem smaller at most; up likewise.
    """

    sums: csr_array[np.float64, tuple[int, int]]
    decided_by: npt.NDArray[np.int64]
    down: Floats
    up: Floats
    beside: str

    def open(self, withheld: Floats) -> Floats:
        """How much of each column is withheld."""
        return np.where(self.decided_by < 0, 1.0, withheld[self.decided_by])

    def of_cells(self, columns: Floats, cells: int) -> Floats:
        """The sum over the columns that each cell decides."""
        found, is_decided = np.zeros(cells), self.decided_by >= 0
        np.add.at(found, self.decided_by[is_decided], columns[is_decided])
        return found


@dataclass(frozen=True)
class Attacked:
    """What a goal came to. share: of what each cell could differ, how much reaching the goal takes (0 to 1 or more).

    cut · withheld >= least is needed of every safe pattern; least is above zero where the goal is missed.
    """

    is_reached: bool
    share: Floats
    cut: Floats
    least: float


@dataclass(frozen=True)
class Problem:
    """Cells of the release that are not zero, in sorted order. prices: whole numbers, shape (cells,)."""

    cells: tuple[Cell, ...]
    members: tuple[tuple[tuple[int, ...], int], ...]  # of each line: its parts, its total; numbers of cells
    together: tuple[tuple[dict[str, int], ...], Rules]
    prices: npt.NDArray[np.int64]
    views: tuple[View, ...]  # the first is of the release by itself, its columns are the cells
    goals: tuple[Goal, ...]
    forced: Chosen  # sensitive cells, and what else must be withheld

    def telling(self, chosen: Chosen) -> list[tuple[list[int], list[int]]]:
        """Lines whose withheld parts together say too much: (withheld parts, of which cells one must join them)."""
        contributions, rules = self.together
        found = []
        for parts, total in self.members:
            hidden = [part for part in parts if chosen[part]]
            if hidden and not chosen[total] and is_telling(merged(contributions[part] for part in hidden), rules):
                others = [cell for cell in (*parts, total) if not chosen[cell] and self.views[0].up[cell]]
                if others:  # else everybody knows the rest from elsewhere
                    found.append((hidden, others))
        return found

    def attack(self, goal: Goal, withheld: Floats) -> Attacked:
        """Whether the goal is reached when so much of each cell is withheld (1 all, 0 nothing, between in relaxations).

        The cut follows by duality: every choice of rows' prices bounds what an attacker holds possible (Fischetti and
        Salazar 2001); what a cell adds beyond the need is cut off.
        """
        view = self.views[goal.view]
        is_open = view.open(withheld)
        columns = np.flatnonzero((is_open > TOLERANCE) & ((view.up > 0) | (view.down > 0)))
        target = np.zeros(len(is_open))
        target[goal.column] = goal.sign
        sums = view.sums[:, columns]
        bounds = np.column_stack([-view.down[columns] * is_open[columns], view.up[columns] * is_open[columns]])
        right = np.zeros(sums.shape[0])
        solved = linprog(-target[columns], A_eq=sums, b_eq=right, bounds=bounds, method="highs-ds")  # type: ignore[call-overload]  # the stubs know no sparse arrays
        moved = np.zeros(len(is_open))
        moved[columns] = solved.x
        reached = goal.sign * moved[goal.column]
        reduced = np.round(target + view.sums.T @ solved.eqlin.marginals, 9)
        worth = np.maximum(reduced, 0) * view.up + np.maximum(-reduced, 0) * view.down
        least = goal.need - worth[view.decided_by < 0].sum()
        return Attacked(
            bool(reached >= goal.need - TOLERANCE),
            self._shares(view, moved * min(1.0, goal.need / max(reached, TOLERANCE))),
            np.minimum(view.of_cells(worth, len(self.cells)), least),
            float(least),
        )

    def _shares(self, view: View, moved: Floats) -> Floats:
        room = np.where(moved > 0, view.up, view.down)
        of_columns = np.divide(np.abs(moved), room, out=np.zeros(len(moved)), where=room > 0)
        found = np.zeros(len(self.cells))
        is_decided = view.decided_by >= 0
        np.maximum.at(found, view.decided_by[is_decided], of_columns[is_decided])
        return found


def problem_of(release: Attacker, also: Collection[Cell], rules: Rules, beside: Sequence[Attacker] = ()) -> Problem:
    """release: who reads the release alone, and decides every cell by itself. also: cells that must be withheld for
    another reason, such as a frozen pattern. beside: whom it must withstand too.
    """
    tables = release.tables
    cells = tuple(sorted(tables.values))
    number = {cell: index for index, cell in enumerate(cells)}
    itself = Attacker(tables, release.sensitive, release.known, {cell: cell for cell in cells})
    attackers = (itself, *beside)
    problem = Problem(
        cells,
        tuple(_members(tables, number)),
        (tuple(dict(tables.contributions[cell]) for cell in cells), rules),
        np.array([_price(cell) for cell in cells], dtype=np.int64),
        tuple(_view(one, number) for one in attackers),
        tuple(goal for place, one in enumerate(attackers) for goal in _goals(place, one, rules)),
        np.array([cell in release.sensitive or cell in also for cell in cells], dtype=bool),
    )
    return replace(problem, goals=tuple(_within_reach(problem, goal) for goal in problem.goals))


def _within_reach(problem: Problem, goal: Goal) -> Goal:
    """Against everybody alone where even withholding everything does not lead as far as contributors call for."""
    if goal.need == goal.alone or problem.attack(goal, np.ones(len(problem.cells))).is_reached:
        return goal
    return replace(goal, need=goal.alone)


def _view(attacker: Attacker, number: Mapping[Cell, int]) -> View:
    tables = attacker.tables
    cells = sorted(tables.values)
    lines = list(_members(tables, {cell: column for column, cell in enumerate(cells)}))
    values = np.array([tables.values[cell] for cell in cells], dtype=np.float64)
    is_open = np.array([cell not in attacker.known for cell in cells], dtype=np.float64)
    far = 2.0 * values.max(initial=0.0) + 10.0  # what runs past twice the largest sum is as good as open
    above = (tables.room_above(cell) for cell in cells)
    return View(
        _matrix(lines, len(cells)),
        np.array(
            [number[attacker.decided[cell]] if cell in attacker.decided else -1 for cell in cells], dtype=np.int64
        ),
        (values - np.array([tables.least_of(cell) for cell in cells])) * is_open,
        np.array([far if one is None else min(far, one) for one in above], dtype=np.float64) * is_open,
        attacker.beside,
    )


def _goals(view: int, attacker: Attacker, rules: Rules) -> list[Goal]:
    """How far each sensitive cell must be able to differ, as far as nothing but zeros and `most` bounds it."""
    tables, found = attacker.tables, []
    column = {cell: place for place, cell in enumerate(sorted(tables.values))}
    floors, inside = tables.floors(), _known_inside(tables, attacker.sensitive, rules.coalition)
    for cell in sorted(attacker.sensitive.difference(attacker.known)):
        value, need, above = tables.values[cell], rules.needed(tables.values[cell]), tables.room_above(cell)
        alone, higher = (
            one if above is None else min(one, above) for one in (need, max(need, 1 + inside.get(cell, 0)))
        )
        if higher:
            found.append(Goal(view, column[cell], 1, higher, alone, cell))
        if lower := min(need, value - floors[cell]):
            found.append(Goal(view, column[cell], -1, lower, lower, cell))
    return found


def _members(tables: Tables, number: Mapping[Cell, int]) -> Iterator[tuple[tuple[int, ...], int]]:
    for line in tables.lines:
        if line.total in number:
            yield tuple(number[part] for part in line.parts if part in number), number[line.total]


def _known_inside(tables: Tables, sensitive: Collection[Cell], coalition: int) -> dict[Cell, int]:
    """For each sensitive cell the most that so many contributors of others in one of its lines know to be their own.

    A cell that can rise by more than that rises at the cost of somebody else, so they cannot tell it exactly.
    """
    found: dict[Cell, int] = {}
    nobody_s = tables.values.keys() - tables.contributions.keys()  # differences of cells
    for line in tables.lines:
        beside = [cell for cell in (*line.parts, line.total) if cell in sensitive]
        if not nobody_s.isdisjoint((*line.parts, line.total)):
            continue
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
