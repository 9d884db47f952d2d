"""Makes a choice of cells safe, one sensitive cell after the other, then publishes again what proved needless.

Kelly, Golden and Assad 1992: a linear program moves along whatever it must, withheld cells free of charge.
"""

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import hstack

from reports.disclosure.cuts import Cuts
from reports.disclosure.problem import TOLERANCE, Chosen, Floats, Goal, Problem


class UnprotectableError(ValueError):
    """No pattern is safe, whatever is withheld."""


def completed(problem: Problem, chosen: Chosen) -> Chosen:
    """A safe pattern that holds the chosen cells. Every round adds a cell, so the rounds end."""
    chosen = chosen.copy()
    ways = [_Ways(problem, number) for number in range(len(problem.views))]
    while True:
        before = int(chosen.sum())
        while lines := problem.telling(chosen):
            chosen[min(lines[0][1], key=lambda cell: problem.prices[cell])] = True
        for goal in problem.goals:
            chosen |= ways[goal.view].needed(chosen, goal)
        if int(chosen.sum()) == before:
            return chosen


def pruned(problem: Problem, chosen: Chosen, cuts: Cuts) -> Chosen:
    """Without cells that no goal and no line needs, the dearest first; the pattern stays safe.

    cuts: what is known of safe patterns; what each goal that cannot spare a cell teaches is added.
    """
    chosen = chosen.copy()
    witness: dict[Goal, Floats] = {}
    for goal in problem.goals:
        attacked = problem.attack(goal, chosen.astype(np.float64))
        witness[goal] = attacked.share
        if not attacked.is_reached:
            raise ValueError("only a safe pattern can be pruned")
    for cell in sorted(np.flatnonzero(chosen & ~problem.forced), key=lambda cell: -problem.prices[cell]):
        fewer = chosen.copy()
        fewer[cell] = False
        withheld = fewer.astype(np.float64)
        if not cuts.are_met(withheld) or problem.telling(fewer):
            continue
        again: dict[Goal, Floats] = {}
        for goal in problem.goals:
            if witness[goal][cell] > TOLERANCE:
                attacked = problem.attack(goal, withheld)
                again[goal] = attacked.share
                if not attacked.is_reached:
                    cuts.add_broken(attacked.cut / attacked.least, 1.0, withheld)
                    break
        else:
            chosen = fewer
            witness |= again
    return chosen


class _Ways:
    """Finds the cheapest published cells that must join so that a cell of one view could differ from its value."""

    def __init__(self, problem: Problem, view: int) -> None:
        self._problem, self._view = problem, problem.views[view]
        self._balance = LinearConstraint(hstack([self._view.sums, -self._view.sums], format="csr"), 0, 0)

    def needed(self, chosen: Chosen, goal: Goal) -> Chosen:
        """The cells that join. A way may lead up to the largest change that keeps every cell possible."""
        view, columns = self._view, len(self._view.decided_by)
        price = np.where(view.open(chosen.astype(np.float64)) > 0, 0, self._problem.prices[view.decided_by])
        least = np.zeros(2 * columns)
        most = np.concatenate([view.up, view.down])
        there, back = (goal.column, columns + goal.column)[:: goal.sign]
        least[there] = most[there] = goal.need
        most[back] = 0
        prices = np.concatenate([price, price]) / 1_000_000
        found = milp(prices, bounds=Bounds(least, most), constraints=self._balance)
        if found.x is None:
            name = " × ".join(code for code in goal.cell if code)
            raise UnprotectableError(f"{view.beside}{name}: can be calculated whatever is withheld")
        moved = np.round(found.x[:columns] + found.x[columns:], 6)
        joined: Chosen = self._view.of_cells(moved, len(chosen)) > TOLERANCE
        return joined & ~chosen
