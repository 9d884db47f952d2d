"""Protection of linked tables against the independent audit, and how many cells more than the fewest it withholds.

    python -m benchmarks.disclosure [ratios | unseen | large | audits | STORE] …

ratios: cells withheld in a few rounds against the fewest, in tables up to 12 × 9 × 3, with the median and the worst.
unseen: the same against a bound in price (cells differ by under 1 %), in other draws, on which nothing was chosen.
large: CPU seconds and cells of three draws of 44 × 12. audits: what the audit finds in 300 small random tables.
With STORE (see `disclosure_beside`) the share of numbers and of listings that its weeks and months tell. Without any
of these the first four.
"""

import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

from benchmarks.disclosure_beside import weeks
from reports.disclosure import Attacker, Rules, protect
from reports.disclosure.exact import MOST_ROUNDS, cheapest
from reports.disclosure.problem import problem_of
from reports.disclosure.protection import FEW_ROUNDS, safe
from reports.disclosure.rules import is_sensitive
from tests.reports.disclosure.drawn import attacked, counted, drawn

TABLES = 300  # random ones
RULES = Rules(dominance=None, p=None)
# Leaves of each axis, firms, listings, draw.
DRAWS = (
    *(((12, 9, 3), 60, 600, draw) for draw in range(5)),
    *(((10, 8, 3), 60, 600, draw) for draw in range(2)),
    *(((8, 6, 3), 40, 300, draw) for draw in range(3)),
)
# Drawn after FEW_ROUNDS was chosen on those above, and opened once.
UNSEEN = (
    *(((12, 9, 3), 60, 600, draw) for draw in range(5, 9)),
    *(((10, 8, 3), 60, 600, draw) for draw in range(2, 5)),
    *(((8, 6, 3), 40, 300, draw) for draw in range(3, 8)),
)
BOUND_ROUNDS = 16  # of the bound alone; eight leave 10 × 8 × 3, draw 2, at 198 cells and these at 199
LARGE = (1, 2, 3)  # draws of 44 × 12


def ratios() -> None:
    """A few rounds against the fewest, where the effort suffices to prove these."""
    proved = []
    for leaves, firms, listings, draw in DRAWS:
        tables = counted(*drawn(draw, leaves, firms, listings))
        sensitive = {cell for cell in tables.values if is_sensitive(tables.contributions[cell], RULES)}
        problem = problem_of(Attacker(tables, frozenset(sensitive)), (), RULES)
        started = time.process_time()
        least, is_proved = safe(problem, MOST_ROUNDS)
        between = time.process_time()
        few, _ = safe(problem, FEW_ROUNDS)
        after = time.process_time()
        proved += [int(few.sum()) / int(least.sum())] if is_proved else []
        print(
            f"{' × '.join(map(str, leaves))}, draw {draw}: {len(sensitive)} sensitive of {len(tables.values)};"
            f" {FEW_ROUNDS} rounds {int(few.sum())} in {after - between:.1f} s, {MOST_ROUNDS} rounds {int(least.sum())}"
            f" in {between - started:.1f} s, " + (f"ratio {proved[-1]:.3f}" if is_proved else "not proved"),
            flush=True,
        )
    print(f"{len(proved)} of {len(DRAWS)} proved: median {median(proved):.3f}, worst {max(proved):.3f}")


def unseen() -> None:
    """A few rounds against the last answer of the integer program: the cheapest choice that meets the cuts so far."""
    found = []
    for leaves, firms, listings, draw in UNSEEN:
        tables = counted(*drawn(draw, leaves, firms, listings))
        sensitive = {cell for cell in tables.values if is_sensitive(tables.contributions[cell], RULES)}
        problem = problem_of(Attacker(tables, frozenset(sensitive)), (), RULES)
        few, bound = int(safe(problem, FEW_ROUNDS)[0].sum()), int(cheapest(problem, BOUND_ROUNDS).chosen.sum())
        found.append(few / bound)
        print(
            f"{' × '.join(map(str, leaves))}, draw {draw}: {len(sensitive)} sensitive of {len(tables.values)};"
            f" {FEW_ROUNDS} rounds {few}, at least {bound}: ratio at most {found[-1]:.3f}",
            flush=True,
        )
    print(f"{len(found)} draws: at most {median(found):.3f} (median), {max(found):.3f} (worst)")


def large() -> None:
    """What 44 × 12 withholds, and the seconds."""
    seconds = []
    for draw in LARGE:
        tables = counted(*drawn(draw, (44, 12), 300, 10_000))
        started = time.process_time()
        pattern = protect(tables, RULES)
        seconds.append(time.process_time() - started)
        told = f"{len(pattern.sensitive)} sensitive, {len(pattern.withheld)} withheld of {len(tables.values)}"
        print(
            f"44 × 12, draw {draw}: {told}, proved the fewest: {pattern.is_cheapest}; {seconds[-1]:.1f} s", flush=True
        )
    print(f"44 × 12: median {median(seconds):.1f} s, worst {max(seconds):.1f} s")


def audits() -> None:
    """What the audit finds in random tables, by everybody and by contributors."""
    started, by_all, by_insiders = time.process_time(), 0, 0
    for seed in range(TABLES):
        for_all, for_insiders = attacked(seed)
        by_all += len(for_all)
        by_insiders += len(for_insiders)
        for one in (*for_all, *for_insiders):
            print(f"table {seed}: {one}", flush=True)
    taken = time.process_time() - started
    print(f"{TABLES} tables: {by_all} findings by everybody, {by_insiders} by contributors; {taken:.0f} s", flush=True)


PARTS: dict[str, Callable[[], None]] = {"ratios": ratios, "unseen": unseen, "large": large, "audits": audits}


def main() -> None:
    """The parts that are named."""
    for named in sys.argv[1:] or PARTS:
        if named in PARTS:
            PARTS[named]()
        else:
            weeks(Path(named))


if __name__ == "__main__":
    main()
