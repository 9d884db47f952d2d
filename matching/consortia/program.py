"""A mixed-integer program built row by row and solved by HiGHS."""

import math
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_array, csr_array

from matching.arrays import Floats

EXACT_GAP = 1e-6
NODE_LIMIT = 2000
SOLUTION_DIGITS = 9  # far below what a solver leaves undone; what it decides is then the same on every processor


@dataclass
class Program:
    """Columns and rows of a program under construction."""

    cost: list[float] = field(default_factory=list)
    whole: list[int] = field(default_factory=list)
    upper: list[float] = field(default_factory=list)
    entries: list[tuple[int, int, float]] = field(default_factory=list)
    low: list[float] = field(default_factory=list)
    high: list[float] = field(default_factory=list)

    def column(self, cost: float, *, whole: bool = False, upper: float = 1.0) -> int:
        self.cost.append(cost)
        self.whole.append(int(whole))
        self.upper.append(upper)
        return len(self.cost) - 1

    def row(self, terms: Iterable[tuple[int, float]], low: float = -math.inf, high: float = math.inf) -> None:
        number = len(self.low)
        self.entries.extend((number, column, value) for column, value in terms)
        self.low.append(low)
        self.high.append(high)

    def solve(self) -> tuple[Floats | None, float]:
        """Values and bound of the minimum; no values if none were found in time."""
        if not self.cost:
            return np.zeros(0), 0.0
        rows, columns, values = zip(*self.entries, strict=True)
        matrix = csr_array(coo_array((values, (rows, columns)), shape=(len(self.low), len(self.cost))))
        solution = milp(
            np.array(self.cost),
            integrality=np.array(self.whole),
            bounds=Bounds(np.zeros(len(self.cost)), np.array(self.upper)),
            constraints=LinearConstraint(matrix, np.array(self.low), np.array(self.high)),
            options={"node_limit": NODE_LIMIT, "mip_rel_gap": EXACT_GAP},
        )
        if solution.x is None:
            return None, -math.inf
        bound = solution.mip_dual_bound if any(self.whole) else solution.fun
        return np.round(solution.x, SOLUTION_DIGITS), math.nan if bound is None else float(bound)
