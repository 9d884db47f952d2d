"""Random linked tables, and the audit of what protects them."""

import numpy as np

from reports.disclosure import NOBODY, Axis, Cell, Rules, Tables, cross_table, protect
from reports.disclosure.exact import MOST_ROUNDS
from reports.ministry import audit
from reports.ministry.statistics import STRICTER

LIMITS = audit.Limits(dominance=(2, 100), p=0)
SHAPES = ((3, 2), (4, 3), (3, 2, 2), (5, 2))


def drawn(
    seed: int, leaves: tuple[int, ...], firms: int, listings: int, *, nested: bool = False
) -> tuple[list[Axis], list[tuple[Cell, str]]]:
    """Axes and entries of a table as the boards fill them: few large cells, many small ones."""
    chance = np.random.default_rng(seed)
    axes = [Axis.flat([f"{'abc'[number]}{place}" for place in range(size)]) for number, size in enumerate(leaves)]
    if nested:  # the last two leaves of the first axis have a sum of their own
        first = axes[0].leaves
        axes[0] = Axis(first, (("part", first[-2:]), ("TOTAL", (*first[:-2], "part"))))
    weights = [1 / np.arange(1, size + 1) for size in leaves]
    entries = [
        (
            tuple(
                str(chance.choice(axis.leaves, p=weight / weight.sum()))
                for axis, weight in zip(axes, weights, strict=True)
            ),
            f"f{chance.integers(firms)}" if chance.random() > 0.1 else NOBODY,
        )
        for _ in range(listings)
    ]
    return axes, entries


def released(axes: list[Axis], entries: list[tuple[Cell, str]], withheld: frozenset[Cell]) -> audit.Released:
    """What the audit reads, without the way over a file."""
    tables = counted(axes, entries)
    cells = [()]
    for axis in axes:
        cells = [(*cell, code) for cell in cells for code in axis.codes]
    return audit.Released(
        tuple(dict(axis.sums) for axis in axes),
        {cell: None if cell in withheld else tables.values.get(cell, 0) for cell in cells},
        tuple(audit.Statement(leaf, str(number), group) for number, (leaf, group) in enumerate(entries)),
    )


def counted(axes: list[Axis], entries: list[tuple[Cell, str]]) -> Tables:
    return cross_table(axes, [(leaf, group, 1) for leaf, group in entries])


def attacked(seed: int) -> tuple[list[str], list[str]]:
    """What the audit finds in one small table: by everybody under any rules, by contributors under the strictest.

    Rules become stricter as in `reports.ministry.release`, until nothing is found.
    """
    axes, entries = drawn(seed, SHAPES[seed % 4], 6 + seed % 9, 15 + seed % 40, nested=seed % 2 == 0)
    by_all: list[str] = []
    found: list[str] = []
    for stricter in STRICTER:
        rules = Rules(dominance=None, p=None, coalition=stricter.coalition)
        pattern = protect(counted(axes, entries), rules, most_rounds=0 if seed % 3 else MOST_ROUNDS)
        found = audit.findings(released(axes, entries, pattern.withheld), limits=LIMITS)
        by_all.extend(one for one in found if "contributor" not in one)
        if not found:
            break
    return by_all, found
