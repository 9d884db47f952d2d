"""recordlinkage on a table of records: blocks on name start with postcode or city, equal weights, a threshold.

<venv of requirements.txt>/bin/python benchmarks/organisations/peer_recordlinkage.py records.parquet clusters-%s.parquet
"""

import sys

import numpy as np
import pandas as pd
import recordlinkage
from peer_cleaning import cleaned
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

THRESHOLDS = (2.5, 3.5)


def main(source: str, target: str) -> None:
    table = cleaned(source).set_index("unique_id")
    indexer = recordlinkage.Index()
    for keys in (["name"], ["name_start", "postal_code"], ["name_start", "city"], ["domain"], ["phone"]):
        indexer.block(keys)
    pairs = indexer.index(table)
    compare = recordlinkage.Compare()
    compare.string("name", "name", method="jarowinkler", threshold=0.92)
    compare.string("street", "street", method="jarowinkler", threshold=0.9)
    for column in ("postal_code", "city", "domain", "phone"):
        compare.exact(column, column)
    score = compare.compute(pairs, table).sum(axis=1).to_numpy()
    left, right = (table.index.get_indexer(pairs.get_level_values(side)) for side in (0, 1))
    for threshold in THRESHOLDS[:1] if "--once" in sys.argv else THRESHOLDS:
        chosen = score >= threshold
        graph = coo_matrix((np.ones(chosen.sum()), (left[chosen], right[chosen])), shape=(len(table), len(table)))
        found = connected_components(graph, directed=False)[1].astype(str)
        pd.DataFrame({"record_id": table.index, "organisation_id": found}).to_parquet(target % threshold, index=False)


if __name__ == "__main__":
    main(*sys.argv[1:3])
