"""Pairs of organisations with a verdict, written by another hand: all records in one table through `resolve`.

    python benchmarks/organisations/judged_pairs.py benchmarks/organisations/pairs/first.csv

`first.csv` was in view while names, homonyms and kinds of bodies were mended; `second.csv` was opened once, at the end.
"""

import sys
from collections import Counter
from pathlib import Path

import pandas as pd

from matching.organisations.resolve import resolve


def records(pairs: pd.DataFrame) -> pd.DataFrame:
    """Both records of every pair: ids are the number of the pair and the side."""
    columns = [name.removesuffix("_left") for name in pairs if name.endswith("_left")]
    sides = [
        pairs[[f"{name}_{side}" for name in columns]]
        .set_axis(columns, axis=1)
        .assign(record_id=[f"{number:04d}-{side}" for number in range(len(pairs))], source="pairs")
        for side in ("left", "right")
    ]
    return pd.concat(sides, ignore_index=True)


def main() -> None:
    """Print the rate of each kind, precision and recall of "same"."""
    pairs = pd.read_csv(Path(sys.argv[1]), dtype=str, keep_default_na=False)
    owner = resolve(records(pairs)).members.set_index("record_id")["organisation_id"]
    is_same = pd.Series([owner[f"{number:04d}-left"] == owner[f"{number:04d}-right"] for number in range(len(pairs))])
    meant = pairs["verdict"] == "same"
    right = Counter(pairs["kind"][meant == is_same])
    for kind, count in Counter(pairs["kind"]).items():
        print(f"| {kind} | {right[kind]} of {count} |")
    hits = int((meant & is_same).sum())
    print(f"precision {hits / max(int(is_same.sum()), 1):.3f}, recall {hits / max(int(meant.sum()), 1):.3f}")


if __name__ == "__main__":
    main()
