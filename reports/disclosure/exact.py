"""The cheapest safe pattern: an integer program with one binary a cell, whose constraints come from the attackers.

Fischetti and Salazar 2001: solve without protection, play the attackers against it, add what excludes it, again. Cuts
are found on the relaxation first, where a round costs little. Stopped early, the last answer lacks a few cells.
"""

from dataclasses import dataclass, field

import numpy as np
from scipy.optimize import Bounds, milp

from reports.disclosure.cuts import Cuts
from reports.disclosure.problem import TOLERANCE, Chosen, Floats, Goal, Problem

MOST_ROUNDS = 100  # of the attackers'; tables of 12 × 9 × 3 took 20 to 50
_MOST_NODES = 20_000  # of one integer program: counted, because seconds differ from machine to machine


@dataclass
class _Master:
    """The integer program as it grows."""

    problem: Problem
    cuts: Cuts = field(default_factory=Cuts)
    reached: dict[Goal, Floats] = field(default_factory=dict)  # shares by which a goal was reached last

    def solved(self, is_integer: bool) -> Floats | None:
        """What to withhold of each cell; None if no answer was proved within the nodes."""
        problem = self.problem
        found = milp(
            problem.prices / 1_000,
            integrality=np.full(len(problem.cells), int(is_integer)),
            bounds=Bounds(problem.forced.astype(np.float64), 1),
            constraints=self.cuts.constraints(),
            options={"mip_rel_gap": 0.0, "node_limit": _MOST_NODES},
        )
        return None if found.status != 0 else np.clip(np.round(found.x, 0 if is_integer else 9), 0, 1)

    def cut(self, withheld: Floats) -> int:
        """Add a condition that this choice breaks for every goal that is missed and every line that tells too much."""
        before = len(self.cuts.rows)
        for goal in self.problem.goals:
            if goal in self.reached and (self.reached[goal] <= withheld + TOLERANCE).all():
                continue  # what led there before still does
            attacked = self.problem.attack(goal, withheld)
            if attacked.is_reached:
                self.reached[goal] = attacked.share
            else:
                self.cuts.add_broken(attacked.cut / attacked.least, 1.0, withheld)
        for hidden, others in self.problem.telling(withheld > 1 - TOLERANCE):
            row = np.zeros(len(self.problem.cells))
            row[others], row[hidden] = 1.0, -1.0
            self.cuts.add_broken(row, 1.0 - len(hidden), withheld)
        return len(self.cuts.rows) - before


@dataclass(frozen=True)
class Answer:
    """The cheapest choice that meets the cuts. is_safe: attackers found nothing more, so it is the cheapest pattern."""

    chosen: Chosen
    cuts: Cuts
    is_safe: bool


def cheapest(problem: Problem, most_rounds: int) -> Answer:
    """The pattern of fewest cells, or how near the effort that is allowed came. most_rounds: with whole cells."""
    master = _Master(problem)
    chosen = problem.forced
    for is_integer, rounds in ((False, MOST_ROUNDS), (True, most_rounds)):
        for _ in range(rounds):
            withheld = master.solved(is_integer)
            if withheld is None:
                return Answer(chosen, master.cuts, is_safe=False)
            chosen = withheld > 0.5
            if not master.cut(withheld):
                break
        else:
            return Answer(chosen, master.cuts, is_safe=False)
    return Answer(chosen, master.cuts, is_safe=True)
