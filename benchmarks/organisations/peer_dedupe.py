"""dedupe on a table of records: it learns from labels, here 600 pairs drawn from the gold, and clusters at 0.5.

    <venv with dedupe, "BTrees<5.2", pandas and pyarrow>/bin/python benchmarks/organisations/peer_dedupe.py \
        records.parquet clusters-%s.parquet
"""

import sys

import dedupe
import pandas as pd
from dedupe import variables
from peer_cleaning import cleaned

LABELS = 600
COLUMNS = ("name", "street", "postal_code", "city", "domain", "phone")


def main(source: str, target: str) -> None:
    table = cleaned(source).set_index("unique_id")[list(COLUMNS)].astype("object")
    gold = pd.read_parquet(source, columns=["record_id", "cluster_id"]).set_index("record_id")["cluster_id"].astype(str)
    table = table.where(table.notna() & (table != ""), None)
    filled = [column for column in COLUMNS if table[column].notna().any()]
    data = {key: {**row, "gold": gold[key]} for key, row in table[filled].to_dict("index").items()}
    fields = [variables.String(column, has_missing=column != "name") for column in filled]
    data = {key: row for key, row in data.items() if row["name"]}
    linker = dedupe.Dedupe(fields, num_cores=1)
    linker.prepare_training(data, sample_size=min(1500, len(data)))
    linker.mark_pairs(dedupe.training_data_dedupe(data, "gold", training_size=LABELS))
    linker.train(index_predicates=False)
    found = pd.Series(gold.index, index=gold.index)  # who is not clustered stays alone
    for number, (members, _) in enumerate(linker.partition(data, threshold=0.5)):
        found[list(members)] = str(number)
    pd.DataFrame({"record_id": found.index, "organisation_id": found.to_numpy()}).to_parquet(target % 0.5, index=False)


if __name__ == "__main__":
    main(*sys.argv[1:3])
