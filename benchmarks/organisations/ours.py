"""Our resolution on a table of records, as a process of its own so that time and memory can be measured.

python benchmarks/organisations/ours.py records.parquet clusters.parquet
"""

import sys

import pandas as pd

from matching.organisations.clusters import cluster
from matching.organisations.columns import in_name_order
from matching.organisations.linking import THRESHOLD, link


def main(source: str, target: str) -> None:
    records = pd.read_parquet(source).drop(columns="cluster_id")
    links = link(in_name_order(records))
    found = cluster(len(records), links.left, links.right, links.weight - THRESHOLD)
    table = pd.DataFrame({"record_id": links.columns.record_id, "organisation_id": found.astype("str")})
    table.to_parquet(target, index=False)


if __name__ == "__main__":
    main(*sys.argv[1:3])
