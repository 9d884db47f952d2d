"""What the levels of the comparisons are worth on records with gold, beside what they are given.

    python benchmarks/organisations/levels.py --data ../shared/data/organisations

log2 of m over u: how often true pairs show a level against how often all other pairs of the table do, both among the
pairs that state the value. `ted_organisations` whole, 1.8 million pairs; of 10^4 generated records (`generate.py`) all
true pairs and four million drawn ones. "–" where fewer than five pairs of either kind show it. Bits are given for
4,096 records; `ted_organisations` holds 1,907.
"""

import argparse
from pathlib import Path

import generate
import numpy as np
import pandas as pd

from matching.organisations.columns import read_columns
from matching.organisations.comparison import COMPARISONS, link_block
from matching.organisations.frequencies import frequencies
from matching.organisations.levels import GIVEN_SIZE, MISSING
from matching.organisations.resolve import table_of

FEWEST = 5
DRAWN = 4_000_000


def public(data: Path) -> tuple[pd.DataFrame, np.ndarray, np.ndarray]:
    table = pd.read_csv(data / "ted_organisations.csv", dtype="str", keep_default_na=False)
    table = table[(table["key_ok"] == "1") & (table["orig"] == "O")]
    table = table.rename(columns={"address": "street", "town": "city", "url": "website"})
    return table, *np.triu_indices(len(table), 1)


def generated() -> tuple[pd.DataFrame, np.ndarray, np.ndarray]:
    table = generate.records(10_000)
    rows = pd.Series(range(len(table)))
    true = [np.array(np.meshgrid(group, group)).reshape(2, -1) for _, group in rows.groupby(table["cluster_id"])]
    pairs = np.concatenate([*true, np.random.default_rng(1).integers(0, len(table), (2, DRAWN))], axis=1)
    left, right = np.unique(np.sort(pairs[:, pairs[0] != pairs[1]], axis=0), axis=1)
    return table, left, right


def measured(table: pd.DataFrame, left: np.ndarray, right: np.ndarray) -> list[dict[str, str]]:
    """Of each comparison: level -> bits, as text."""
    table = table.sort_values("record_id", ignore_index=True)
    columns = read_columns(table_of(table))
    levels = link_block(columns, frequencies(columns), left, right)
    gold = pd.factorize(table["cluster_id"])[0]
    true = gold[left] == gold[right]
    found = []
    for column, comparison in zip(levels.T, COMPARISONS, strict=True):
        counts = [np.bincount(column[kind], minlength=len(comparison.levels)) for kind in (true, ~true)]
        stated = [level.name != MISSING for level in comparison.levels]
        shares = [count / max(count[stated].sum(), 1) for count in counts]
        with np.errstate(divide="ignore", invalid="ignore"):
            bits = np.log2(shares[0] / shares[1])
        enough = np.minimum(*counts) >= FEWEST
        texts = [f"{value:.1f}" if shown else "–" for value, shown in zip(bits, enough, strict=True)]
        found.append(dict(zip([level.name for level in comparison.levels], texts, strict=True)))
    return found


def main(data: Path) -> None:
    ours, theirs = measured(*public(data)), measured(*generated())
    print("| comparison | level | given | `ted_organisations` | generated |\n| --- | --- | ---: | ---: | ---: |")
    for comparison, one, other in zip(COMPARISONS, ours, theirs, strict=True):
        for level in comparison.levels:
            if level.sentence:
                given = f"{level.bits_among(GIVEN_SIZE):g}"
                print(f"| {comparison.part} | {level.name} | {given} | {one[level.name]} | {other[level.name]} |")


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", type=Path, default=Path("../shared/data/organisations"))
    main(parser.parse_args().data)
