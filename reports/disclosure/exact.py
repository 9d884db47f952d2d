"""The cheapest safe pattern: an integer program with one binary a cell, whose constraints come from the attackers.

Fischetti and Salazar 2001: solve without protection, play the attackers against it, add what excludes it, again. Cuts
are found on the relaxation first, where a round costs little.
"""

from dataclasses import dataclass, field

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array, vstack

from reports.disclosure.problem import TOLERANCE, Chosen, Floats, Goal, Problem

MOST_ROUNDS = 100  # of the attackers'; tables of 12 × 9 × 3 took 20 to 50
_MOST_NODES = 20_000  # of one integer program: counted, because seconds differ from machine to machine


@dataclass
class _Master:
    """The integer program as it grows."""

    problem: Problem
    rows: list[csr_array[np.float64, tuple[int, int]]] = field(default_factory=list)
    least: list[float] = field(default_factory=list)
    reached: dict[Goal, Floats] = field(default_factory=dict)  # shares by which a goal was reached last

    def solved(self, is_integer: bool) -> Floats | None:
        """What to withhold of each cell; None if no answer was proved within the nodes."""
        problem = self.problem
        found = milp(
            problem.prices / 1_000,
            integrality=np.full(len(problem.cells), int(is_integer)),
            bounds=Bounds(problem.forced.astype(np.float64), 1),
            constraints=LinearConstraint(vstack(self.rows, format="csr"), self.least, np.inf) if self.rows else (),
            options={"mip_rel_gap": 0.0, "node_limit": _MOST_NODES},
        )
        return None if found.status != 0 else np.clip(found.x, 0, 1)

    def cut(self, withheld: Floats) -> int:
        """Add a condition that this choice breaks for every goal that is missed and every line that tells too much."""
        before = len(self.rows)
        for goal in self.problem.goals:
            if goal in self.reached and (self.reached[goal] <= withheld + TOLERANCE).all():
                continue  # what led there before still does
            attacked = self.problem.attack(goal, withheld)
            if attacked.is_reached:
                self.reached[goal] = attacked.share
            else:
                self._add_broken(attacked.cut / attacked.least, 1.0, withheld)
        for hidden, others in self.problem.telling(withheld > 1 - TOLERANCE):
            row = np.zeros(len(self.problem.cells))
            row[others], row[hidden] = 1.0, -1.0
            self._add_broken(row, 1.0 - len(hidden), withheld)
        return len(self.rows) - before

    def _add_broken(self, row: Floats, least: float, withheld: Floats) -> None:
        if row @ withheld < least - TOLERANCE:
            self.rows.append(csr_array(row[np.newaxis, :]))
            self.least.append(least)


def cheapest(problem: Problem) -> Chosen | None:
    """The pattern of fewest cells; None if the effort that is allowed did not suffice to prove one."""
    master = _Master(problem)
    is_integer = False
    for _ in range(MOST_ROUNDS):
        withheld = master.solved(is_integer)
        if withheld is None:
            return None
        withheld = np.round(withheld) if is_integer else withheld
        if not master.cut(withheld):
            if is_integer:
                return withheld > 1 - TOLERANCE
            is_integer = True
    return None
