"""Conditions that every safe pattern meets, as the attackers teach them."""

from dataclasses import dataclass, field

import numpy as np
from scipy.optimize import LinearConstraint
from scipy.sparse import csr_array

from reports.disclosure.problem import TOLERANCE, Floats


@dataclass
class Cuts:
    """row · withheld >= least, for each row; withheld is 1 for a withheld cell, 0 for a published one."""

    rows: list[Floats] = field(default_factory=list)
    least: list[float] = field(default_factory=list)

    def add_broken(self, row: Floats, least: float, withheld: Floats) -> None:
        """Add a condition if this choice does not meet it."""
        if row @ withheld < least - TOLERANCE:
            self.rows.append(row)
            self.least.append(least)

    def are_met(self, withheld: Floats) -> bool:
        """Whether this choice may be safe; if not, no attacker need be asked."""
        return not self.rows or bool((np.array(self.rows) @ withheld >= np.array(self.least) - TOLERANCE).all())

    def constraints(self) -> tuple[LinearConstraint, ...]:
        """For a program over what to withhold of each cell."""
        return (LinearConstraint(csr_array(np.array(self.rows)), self.least, np.inf),) if self.rows else ()
