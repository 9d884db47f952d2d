"""What the forms of the ministry's statistics tell: steps of requests, and perturbed courses beside the truth.

    python -m benchmarks.statistics_forms [STORE]

Prints how many of 3,000 drawn funnels the audit opens and how many steps they tell; with STORE (reported weeks, see
`verbundradar run`) for each month the steps with what is told of them, and for its quarter's course by product group
how many numbers are told and how far off they are.
"""

import csv
import io
import sys
from collections import Counter
from pathlib import Path

import numpy as np

from assets.reports import month_frames
from matching.taxonomy.concepts import load_taxonomy
from pipelines.storage import History
from reports.ministry import Month, perturbed_csv
from reports.ministry.funnel import STEPS, Reached, funnel
from reports.ministry.funnel_audit import steps_findings
from reports.ministry.funnel_release import MonthSteps
from reports.ministry.month_counted import month_entries
from reports.ministry.statistics import RULES

SIZES = ([40, 12, 6, 4, 2], [8, 8, 8, 8, 8], [30, 30, 20, 10, 5], [3, 5, 3, 5, 3])
SPREADS = (0.3, 1.0, 5.0)  # of ten firms and nobody: from a few large ones to many alike
DRAWN = 3000


def drawn(seed: int) -> Reached:
    """Requests of ten firms and of nobody that came to each step and no further."""
    chance = np.random.default_rng(seed)
    firms = [*"abcdefghij", ""]
    shares = chance.dirichlet(np.full(len(firms), SPREADS[seed % len(SPREADS)]))
    sizes = [int(chance.integers(size + 1)) for size in SIZES[seed % len(SIZES)]]
    furthest = [
        (f"{at}:{number}", firms[chance.choice(len(firms), p=shares)])
        for at, size in enumerate(sizes)
        for number in range(size)
    ]
    return {step: {one: firm for one, firm in furthest if int(one[0]) >= at} for at, step in enumerate(STEPS)}


def stored(store: Path) -> None:
    """Months and the course of the last one's quarter."""
    taxonomy, history = load_taxonomy(), History(store)
    weeks = {}
    for month in (Month(2020, number) for number in range(1, 13)):
        tables = month_frames(history, month)
        if any(Month.of(week) == month for week in tables):
            steps, weeks = MonthSteps.of(month, tables, {}, taxonomy), tables
            print(month, {step: len(found) for step, found in steps.own.items()}, "told", steps.told(RULES))
    products = {taxonomy.group(concept) for concept in taxonomy.concepts}
    rows = list(csv.DictReader(io.StringIO(perturbed_csv(weeks, taxonomy, products, b"drawn for this measurement"))))
    truth = Counter(
        (str(week), one.product, one.kind)
        for week, frames in weeks.items()
        for one in month_entries({week: frames}, taxonomy)
    )
    off = [int(row["value"]) - truth[row["period"], row["product"], row["kind"]] for row in rows if row["value"]]
    print(f"course: {len(off)} of {len(rows)} told, off {dict(sorted(Counter(off).items()))}")


def main() -> None:
    """Draw, attack, print; then the store."""
    told, opened = Counter[int](), 0
    for seed in range(DRAWN):
        own = drawn(seed)
        made = funnel(own, (), RULES)
        told[sum(value is not None for value in made.values())] += 1
        opened += bool(steps_findings({**made, STEPS[0]: len(own[STEPS[0]])}, own))
    print(f"{opened} of {DRAWN} drawn funnels opened; steps told: {dict(sorted(told.items()))}")
    if len(sys.argv) > 1:
        stored(Path(sys.argv[1]))


if __name__ == "__main__":
    main()
