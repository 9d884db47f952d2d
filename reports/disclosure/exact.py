"""The cheapest safe pattern: an integer program with one binary a cell, whose constraints come from the attacker.

Fischetti and Salazar 2001: solve without protection, play the attacker against the result, add what excludes it, again.
Cuts are found on the relaxation first, where a round costs little.
"""

from dataclasses import dataclass, field

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array, vstack

from reports.disclosure.problem import Chosen, Floats, Problem

MOST_ROUNDS = 100  # of the attacker's; tables of 12 × 9 × 3 took 20 to 50
_MOST_NODES = 20_000  # of one integer program: counted, because seconds differ from machine to machine
_SECONDS = 20.0  # of one integer program, the last resort
_TOLERANCE = 1e-6


@dataclass
class _Master:
    """The integer program as it grows."""

    problem: Problem
    rows: list[csr_array[np.float64, tuple[int, int]]] = field(default_factory=list)
    least: list[float] = field(default_factory=list)

    def solved(self, is_integer: bool) -> Floats | None:
        """What to withhold of each cell; None if no answer was proved in time."""
        problem = self.problem
        found = milp(
            problem.prices / 1_000,
            integrality=np.full(len(problem.cells), int(is_integer)),
            bounds=Bounds(problem.forced.astype(np.float64), 1),
            constraints=LinearConstraint(vstack(self.rows, format="csr"), self.least, np.inf) if self.rows else (),
            options={"mip_rel_gap": 0.0, "node_limit": _MOST_NODES, "time_limit": _SECONDS},
        )
        return None if found.status != 0 else np.clip(found.x, 0, 1)

    def cut(self, withheld: Floats) -> int:
        """Add a condition that this choice breaks for every goal that is missed and every line that tells too much."""
        before = len(self.rows)
        for goal in self.problem.goals:
            is_reached, _, cut = self.problem.attack(goal, withheld)
            if not is_reached:
                self._add_broken(cut / goal.need, 1.0, withheld)
        for hidden, others in self.problem.telling(withheld > 1 - _TOLERANCE):
            row = np.zeros(len(self.problem.cells))
            row[others], row[hidden] = 1.0, -1.0
            self._add_broken(row, 1.0 - len(hidden), withheld)
        return len(self.rows) - before

    def _add_broken(self, row: Floats, least: float, withheld: Floats) -> None:
        if row @ withheld < least - _TOLERANCE:
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
                return withheld > 1 - _TOLERANCE
            is_integer = True
    return None
