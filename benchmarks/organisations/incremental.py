"""One per cent new records against those that are stored: CPU time of both ways, and how far their clusters agree.

    python benchmarks/organisations/incremental.py records.parquet

The records are what generate.py wrote. Times are CPU seconds of this process, of growing the median of three.
"""

import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

import pandas as pd
from growing import extended, stored
from measure import pairs_agree

from matching.organisations.clusters import cluster
from matching.organisations.columns import in_name_order
from matching.organisations.linking import THRESHOLD, link
from matching.organisations.resolve import table_of


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    started = time.process_time()
    result = work()
    return time.process_time() - started, result


def resolved(records: pd.DataFrame) -> pd.Series:
    links = link(in_name_order(table_of(records)))
    found = cluster(len(records), links.left, links.right, links.weight - THRESHOLD)
    return pd.Series(found, index=links.columns.record_id.to_pandas())


def main(source: str) -> None:
    records = pd.read_parquet(source).sample(frac=1, random_state=1)
    gold = records.set_index("record_id")["cluster_id"]
    records = records.drop(columns="cluster_id")
    new, old = records[: len(records) // 100], records[len(records) // 100 :]
    full, everything = timed(lambda: resolved(records))
    storing, store = timed(lambda: stored(old))
    runs = [timed(lambda: extended(store, new)) for _ in range(3)]
    growing, (record_ids, clusters) = statistics.median(seconds for seconds, _ in runs), runs[-1][1]
    grown = pd.Series(clusters, index=record_ids.to_numpy())
    print(f"{len(records)} records in full: {full:.1f} s; storing {len(old)}: {storing:.1f} s")
    print(f"{len(new)} new ones: {growing:.2f} s, {growing / full:.1%} of the full run")
    everything, gold = everything.reindex(grown.index), gold.reindex(grown.index)
    print("agreement of pairs, full run and growing: F1 {2:.5f}".format(*pairs_agree(grown, everything)))
    for name, found in (("full run", everything), ("growing", grown)):
        print("{3} against gold: precision {0:.4f}, recall {1:.4f}, F1 {2:.4f}".format(*pairs_agree(found, gold), name))


if __name__ == "__main__":
    main(sys.argv[1])
