"""Which cells of linked tables are withheld."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from reports.disclosure.exact import MOST_ROUNDS, cheapest
from reports.disclosure.problem import Attacker, Chosen, Problem, problem_of
from reports.disclosure.rules import Rules, is_sensitive
from reports.disclosure.sequential import completed, pruned
from reports.disclosure.tables import Cell, Tables

MOST_CELLS_EXACT = 420  # not zero; of larger tables the fewest cells are sought for a few rounds only
FEW_ROUNDS = 8  # with whole cells; what then lacks is added one sensitive cell after the other


@dataclass(frozen=True)
class Pattern:
    """What is withheld: the sensitive cells, by the rules or asked for, and what else keeps them from being told."""

    sensitive: frozenset[Cell]
    withheld: frozenset[Cell]
    is_cheapest: bool  # proved to be the fewest cells


def protect(
    tables: Tables,
    rules: Rules,
    sensitive: Collection[Cell] = (),
    also: Collection[Cell] = (),
    known: Collection[Cell] = (),
    beside: Sequence[Attacker] = (),
    most_rounds: int = MOST_ROUNDS,
) -> Pattern:
    """A safe pattern.

    sensitive: cells to protect beside those the rules name. also: cells to withhold, whoever can calculate them.
    known: cells that somebody has from elsewhere, who must not calculate the others with them. beside: whom the pattern
    must withstand as well, who have other releases or documents. most_rounds: as in `safe`, of a table not too large.
    Raises UnprotectableError where no pattern is safe.
    """
    named = {cell for cell in sensitive if cell in tables.values}
    named |= {cell for cell in tables.values if is_sensitive(tables.contributions[cell], rules)}
    problem = problem_of(Attacker(tables, frozenset(named), frozenset(known)), set(also), rules, beside)
    if not problem.forced.any() and not problem.goals:
        return Pattern(frozenset(), frozenset(), is_cheapest=True)
    chosen, is_cheapest = safe(problem, most_rounds if len(problem.cells) <= MOST_CELLS_EXACT else FEW_ROUNDS)
    withheld = frozenset(cell for cell, is_chosen in zip(problem.cells, chosen, strict=True) if is_chosen)
    return Pattern(frozenset(named), withheld, is_cheapest)


def safe(problem: Problem, most_rounds: int) -> tuple[Chosen, bool]:
    """A safe choice, and whether it is proved to be the cheapest. most_rounds: how often that is sought."""
    answer = cheapest(problem, most_rounds)
    if answer.is_safe:
        return answer.chosen, True
    return pruned(problem, completed(problem, answer.chosen), answer.cuts), False
