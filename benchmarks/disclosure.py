"""Protection of linked tables against the independent audit, and how many cells more than the fewest it withholds.

    python -m benchmarks.disclosure [STORE]

Prints CPU seconds and cells of three draws of 44 × 12, the ratio to the optimum in tables up to 12 × 9 × 3, with the
median and the worst, and what the audit finds in 300 small random tables. With STORE (see `disclosure_beside`) the
share of numbers and of listings that its weeks and months tell. Two processes work at once.
"""

import sys
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from statistics import median

from benchmarks.disclosure_beside import weeks
from reports.disclosure import Attacker, Rules, protect
from reports.disclosure.exact import cheapest
from reports.disclosure.problem import problem_of
from reports.disclosure.rules import is_sensitive
from reports.disclosure.sequential import completed, pruned
from tests.reports.disclosure.drawn import attacked, counted, drawn

TABLES, TOGETHER = 300, 30  # random tables, and how many of them a process takes at a time
RULES = Rules(dominance=None, p=None)
# Leaves of each axis, firms, listings, draw; the largest first, so that no process waits for the other at the end.
DRAWS = (
    *(((12, 9, 3), 60, 600, draw) for draw in range(5)),
    *(((10, 8, 3), 60, 600, draw) for draw in range(2)),
    *(((8, 6, 3), 40, 300, draw) for draw in range(3)),
)
LARGE = (1, 2, 3)  # draws of 44 × 12


def large(draw: int) -> tuple[str, float]:
    """What 44 × 12 withholds, and the seconds."""
    tables = counted(*drawn(draw, (44, 12), 300, 10_000))
    started = time.process_time()
    pattern = protect(tables, RULES)
    seconds = time.process_time() - started
    told = f"{len(pattern.sensitive)} sensitive, {len(pattern.withheld)} withheld of {len(tables.values)}"
    return f"44 × 12, draw {draw}: {told}, proved the fewest: {pattern.is_cheapest}; {seconds:.1f} s", seconds


def ratio(drawing: tuple[tuple[int, ...], int, int, int]) -> tuple[str, float | None]:
    """One after the other against exact; None where the effort did not suffice to prove the fewest."""
    leaves, firms, listings, draw = drawing
    tables = counted(*drawn(draw, leaves, firms, listings))
    sensitive = {cell for cell in tables.values if is_sensitive(tables.contributions[cell], RULES)}
    problem = problem_of(Attacker(tables, frozenset(sensitive)), (), RULES)
    started = time.process_time()
    least = cheapest(problem)
    between = time.process_time()
    more = int(pruned(problem, completed(problem, problem.forced)).sum())
    after = time.process_time()
    found = None if least is None else more / int(least.sum())
    fewest = "not proved" if least is None else f"{int(least.sum())}, ratio {found:.3f}"
    told = f"{len(sensitive)} sensitive of {len(tables.values)}; one after the other {more} in {after - between:.1f} s"
    name = " × ".join(map(str, leaves))
    return f"{name}, draw {draw}: {told}, exact {fewest} in {between - started:.1f} s", found


def audited(seeds: Sequence[int]) -> tuple[int, int, float, list[str]]:
    """Of random tables the findings by everybody and by contributors, seconds, and each finding."""
    started, by_all, by_insiders, lines = time.process_time(), 0, 0, []
    for seed in seeds:
        for_all, for_insiders = attacked(seed)
        by_all += len(for_all)
        by_insiders += len(for_insiders)
        lines += [f"table {seed}: {one}" for one in (*for_all, *for_insiders)]
    return by_all, by_insiders, time.process_time() - started, lines


def main() -> None:
    """All of it, the slowest first."""
    with ProcessPoolExecutor(2) as pool:
        ratios = pool.map(ratio, DRAWS)
        times = pool.map(large, LARGE)
        audits = pool.map(audited, [range(at, at + TOGETHER) for at in range(0, TABLES, TOGETHER)])
        proved = []
        for line, found in ratios:
            print(line, flush=True)
            proved += [] if found is None else [found]
        print(f"{len(proved)} of {len(DRAWS)} proved: median {median(proved):.3f}, worst {max(proved):.3f}")
        seconds = []
        for line, taken in times:
            print(line, flush=True)
            seconds.append(taken)
        print(f"44 × 12: median {median(seconds):.1f} s, worst {max(seconds):.1f} s")
        all_findings = list(audits)
    print(*(line for *_, lines in all_findings for line in lines), sep="\n")
    by_all, by_insiders, taken = (sum(one[at] for one in all_findings) for at in range(3))
    print(f"{TABLES} tables: {by_all} findings by everybody, {by_insiders} by contributors; {taken:.0f} s", flush=True)
    for store in sys.argv[1:]:
        weeks(Path(store))


if __name__ == "__main__":
    main()
