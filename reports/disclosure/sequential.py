"""Secondary suppression one sensitive cell after the other, then what proved needless is published again.

Kelly, Golden and Assad 1992: a linear program moves along whatever it must, withheld cells free of charge.
"""

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import hstack

from reports.disclosure.problem import Chosen, Floats, Goal, Problem

_TOLERANCE = 1e-6


def completed(problem: Problem, chosen: Chosen) -> Chosen:
    """A safe pattern that holds the chosen cells. Every round adds a cell, so the rounds end."""
    chosen = chosen.copy()
    ways = _Ways(problem)
    while True:
        before = int(chosen.sum())
        while lines := problem.telling(chosen):
            chosen[min(lines[0][1], key=lambda cell: problem.prices[cell])] = True
        for goal in problem.goals:
            chosen |= ways.needed(chosen, goal)
        if int(chosen.sum()) == before:
            return chosen


def pruned(problem: Problem, chosen: Chosen) -> Chosen:
    """Without cells that no goal and no line needs, the dearest first; the pattern stays safe."""
    chosen = chosen.copy()
    witness: dict[Goal, Floats] = {}
    for goal in problem.goals:
        is_reached, witness[goal], _ = problem.attack(goal, chosen.astype(np.float64))
        if not is_reached:
            raise ValueError("only a safe pattern can be pruned")
    for cell in sorted(np.flatnonzero(chosen & ~problem.forced), key=lambda cell: -problem.prices[cell]):
        fewer = chosen.copy()
        fewer[cell] = False
        if problem.telling(fewer):
            continue
        again: dict[Goal, Floats] = {}
        for goal in problem.goals:
            if abs(witness[goal][cell]) > _TOLERANCE:
                is_reached, again[goal], _ = problem.attack(goal, fewer.astype(np.float64))
                if not is_reached:
                    break
        else:
            chosen = fewer
            witness |= again
    return chosen


class _Ways:
    """Finds the cheapest published cells that must join so that a cell could differ from its value."""

    def __init__(self, problem: Problem) -> None:
        self._problem = problem
        self._balance = LinearConstraint(hstack([problem.sums, -problem.sums], format="csr"), 0, 0)

    def needed(self, chosen: Chosen, goal: Goal) -> Chosen:
        """The cells that join. A way may lead up to the largest change that keeps every cell possible."""
        problem, cells = self._problem, len(self._problem.cells)
        prices = np.where(chosen, 0.0, problem.prices / 1_000_000)
        least = np.zeros(2 * cells)
        most = np.concatenate([problem.up, problem.down])
        there, back = (goal.cell, cells + goal.cell) if goal.sign > 0 else (cells + goal.cell, goal.cell)
        least[there] = most[there] = goal.need
        most[back] = 0
        found = milp(np.concatenate([prices, prices]), bounds=Bounds(least, most), constraints=self._balance)
        if found.x is None:
            raise ValueError(f"no pattern protects {problem.cells[goal.cell]}: its lines admit no other value")
        moved: Chosen = np.round(found.x[:cells] + found.x[cells:], 6) > _TOLERANCE
        return moved & ~chosen
