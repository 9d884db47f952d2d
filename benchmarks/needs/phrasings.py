"""Pairs of one request and one offer, written by another hand: which does the matcher bring together?

    python benchmarks/needs/phrasings.py benchmarks/needs/phrasings/first.csv

All listings of a file stand in one week; a pair is found if the matcher lists it and no rule blocks it. `first.csv` was
written before the matcher learnt to read sentences and was in view afterwards; `second.csv` was opened once, at the
end.
"""

import sys
from collections import Counter
from datetime import date
from pathlib import Path

import pandas as pd
from runs import listings

from matching.needs.match import match
from matching.taxonomy.concepts import load_taxonomy
from matching.texts.encoder import load_encoder
from matching.texts.similarity import Means
from matching.texts.store import VectorStore


def side(pairs: pd.DataFrame, name: str) -> pd.DataFrame:
    """One side of the pairs as listings; the number of the pair is part of the id."""
    return pd.DataFrame(
        {
            "listing_id": [f"{name}{number:03d}" for number in range(len(pairs))],
            "language": pairs[f"{name}_language"],
            "title": pairs[f"{name}_title"],
            "description": pairs[f"{name}_description"],
        }
    )


def found_pairs(pairs: pd.DataFrame) -> list[bool]:
    """Whether the matcher brings each pair together."""
    requests, offers = (listings(side(pairs, name), name) for name in ("request", "offer"))
    found = match(
        requests, offers, on=date(2020, 4, 26), taxonomy=load_taxonomy(), means=Means(VectorStore(load_encoder(print)))
    )
    free = found[found["blocked_by"].isna()]
    together = set(zip(free["request_id"], free["offer_id"], strict=True))
    return [(f"request{number:03d}", f"offer{number:03d}") in together for number in range(len(pairs))]


def main() -> None:
    """Print the rate of each kind, precision and recall."""
    pairs = pd.read_csv(Path(sys.argv[1]), dtype=str, keep_default_na=False)
    counts = Counter(zip(pairs["kind"], pairs["verdict"] == "match", found_pairs(pairs), strict=True))
    for kind in sorted(set(pairs["kind"])):
        right = counts[kind, True, True] + counts[kind, False, False]
        print(f"| {kind} | {right} of {int((pairs['kind'] == kind).sum())} |")
    said = {key: sum(count for (_, *what), count in counts.items() if tuple(what) == key) for key in _OUTCOMES}
    precision = said[True, True] / max(said[True, True] + said[False, True], 1)
    recall = said[True, True] / max(said[True, True] + said[True, False], 1)
    print(f"precision {precision:.3f}, recall {recall:.3f}")


_OUTCOMES = ((True, True), (True, False), (False, True), (False, False))

if __name__ == "__main__":
    main()
