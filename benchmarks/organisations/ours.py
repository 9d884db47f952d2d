"""Our resolution on a table of records, as a process of its own so that time and memory can be measured.

python benchmarks/organisations/ours.py records.parquet clusters.parquet
"""

import sys

import pyarrow as pa
import pyarrow.parquet as pq

from matching.organisations import arrow
from matching.organisations.clusters import cluster
from matching.organisations.columns import INPUT_COLUMNS, in_name_order
from matching.organisations.linking import THRESHOLD, link


def read(source: str) -> pa.Table:
    """The records, each distinct text of a column once, which is how Parquet keeps most of them."""
    stated = [name for name in pq.read_schema(source).names if name in INPUT_COLUMNS]
    encoded = [name for name in stated if name != "record_id"]
    return pq.ParquetFile(source, read_dictionary=encoded).read(columns=stated)


def main(source: str, target: str) -> None:
    links = link(in_name_order(read(source)))
    found = cluster(len(links.columns.name), links.left, links.right, links.weight - THRESHOLD)
    organisation_id = arrow.numbers(found).cast(pa.string())
    pq.write_table(pa.table({"record_id": links.columns.record_id, "organisation_id": organisation_id}), target)


if __name__ == "__main__":
    main(*sys.argv[1:3])
