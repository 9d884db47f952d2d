"""Protection of linked tables against the independent audit, and how many cells more than the fewest it withholds.

    python -m benchmarks.disclosure

Prints what the audit finds in 300 small random tables, the ratio to the optimum on 12 × 9 × 3, and CPU seconds and
cells of 44 × 12 with 100 sensitive cells.
"""

import time

from reports.disclosure import Attacker, Rules, protect
from reports.disclosure.exact import cheapest
from reports.disclosure.problem import problem_of
from reports.disclosure.rules import is_sensitive
from reports.disclosure.sequential import completed, pruned
from tests.reports.disclosure.drawn import attacked, counted, drawn

TABLES = 300
RULES = Rules(dominance=None, p=None)


def audited() -> None:
    """Findings in random tables."""
    started, by_all, by_insiders = time.process_time(), 0, 0
    for seed in range(TABLES):
        for_all, for_insiders = attacked(seed)
        by_all += len(for_all)
        by_insiders += len(for_insiders)
        for one in (*for_all, *for_insiders):
            print(f"table {seed}: {one}")
    seconds = time.process_time() - started
    print(
        f"{TABLES} tables: {by_all} findings by everybody, {by_insiders} by contributors; {seconds:.0f} s", flush=True
    )


def ratio(seed: int) -> None:
    """Sequential against exact on 12 × 9 × 3."""
    tables = counted(*drawn(seed, (12, 9, 3), 60, 600))
    sensitive = {cell for cell in tables.values if is_sensitive(tables.contributions[cell], RULES)}
    problem = problem_of(Attacker(tables, frozenset(sensitive)), (), RULES)
    started = time.process_time()
    least = cheapest(problem)
    between = time.process_time()
    more = int(pruned(problem, completed(problem, problem.forced)).sum())
    fewest = "not proved" if least is None else f"{int(least.sum())}, ratio {more / int(least.sum()):.3f}"
    print(
        f"12 × 9 × 3, draw {seed}: {len(sensitive)} sensitive of {len(tables.values)}; one after the other {more} in "
        f"{time.process_time() - between:.1f} s, exact {fewest} in {between - started:.1f} s",
        flush=True,
    )


def large(listings: int) -> None:
    """44 × 12."""
    tables = counted(*drawn(1, (44, 12), 300, listings))
    started = time.process_time()
    pattern = protect(tables, RULES)
    print(
        f"44 × 12: {len(pattern.sensitive)} sensitive, {len(pattern.withheld)} withheld of {len(tables.values)}, "
        f"proved the fewest: {pattern.is_cheapest}; {time.process_time() - started:.1f} s",
        flush=True,
    )


if __name__ == "__main__":
    large(10_000)
    for number in range(3):
        ratio(number)
    audited()
