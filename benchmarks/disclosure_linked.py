"""Invented quarters of linked releases, attacked by the audit: three weeks, two months, all changes, the Lagebild.

    python -m benchmarks.disclosure_linked [QUARTERS]

Sixty quarters are 300 releases. Prints what everybody and what contributors find in what went out or in the last
attempt, how many releases did not go out, and in how many quarters the audit refuses with a protection switched off.
"""

import sys
import time

from tests.reports.ministry.drawn_quarters import CONTROLS, released


def audited(quarters: int) -> None:
    """One line for a quarter with anything to tell, then the sum."""
    started, releases, refused, by_all = time.process_time(), 0, 0, 0
    for seed in range(quarters):
        for name, done in released(seed).items():
            releases += 1
            refused += bool(done.found)
            by_all += len(done.by_all)
            for finding in dict.fromkeys((*done.by_all, *done.found)):
                print(f"quarter {seed}, {name}: {finding}")
        print(
            f"{seed + 1} quarters, {releases} releases: {by_all} findings by everybody in any attempt, {refused} not "
            f"released; {time.process_time() - started:.0f} s",
            flush=True,
        )


def controls(quarters: int) -> None:
    """Without a protection the audit must refuse."""
    for name, off in CONTROLS.items():
        found = sum(any(done.found for done in released(seed, off).values()) for seed in range(quarters))
        print(f"without {name}: refused in {found} of {quarters} quarters", flush=True)


if __name__ == "__main__":
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 60
    controls(max(1, number // 20))
    audited(number)
