"""Splink on a table of records, as its guide advises for companies: cleaned columns, trained, clustered.

    <venv of requirements.txt>/bin/python benchmarks/organisations/peer_splink.py records.parquet clusters-%s.parquet

Writes one file of clusters per threshold (record_id, organisation_id);
with --once one alone.
"""

import sys

import splink.comparison_library as cl
from peer_cleaning import cleaned
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

THRESHOLDS = (0.5, 0.9, 0.95, 0.99, 0.999, 0.99999)


def main(source: str, target: str) -> None:
    settings = SettingsCreator(
        link_type="dedupe_only",
        comparisons=[
            cl.JaroWinklerAtThresholds("name", [0.95, 0.88]).configure(term_frequency_adjustments=True),
            cl.JaroWinklerAtThresholds("street", [0.9]),
            cl.ExactMatch("postal_code").configure(term_frequency_adjustments=True),
            cl.ExactMatch("city").configure(term_frequency_adjustments=True),
            cl.ExactMatch("domain").configure(term_frequency_adjustments=True),
            cl.ExactMatch("phone").configure(term_frequency_adjustments=True),
        ],
        blocking_rules_to_generate_predictions=[
            block_on("name"),
            block_on("name_start", "postal_code"),
            block_on("name_start", "city"),
            block_on("domain", "name_start"),
            block_on("street", "postal_code"),
            block_on("phone"),
        ],
    )
    linker = Linker(DuckDBAPI().register(cleaned(source)), settings, log_level=None)
    linker.training.estimate_probability_two_random_records_match([block_on("name", "postal_code")], recall=0.5)
    linker.training.estimate_u_using_random_sampling(max_pairs=1e6, seed=1)
    for rule in (block_on("name"), block_on("street", "postal_code")):
        linker.training.estimate_parameters_using_expectation_maximisation(rule)
    pairs = linker.inference.predict(threshold_match_probability=0.1)
    for threshold in THRESHOLDS[-3:-2] if "--once" in sys.argv else THRESHOLDS:
        clusters = linker.clustering.cluster_pairwise_predictions_at_threshold(pairs, threshold)
        table = clusters.as_pandas_dataframe()[["unique_id", "cluster_id"]]
        table = table.rename(columns={"unique_id": "record_id", "cluster_id": "organisation_id"})
        table.astype("str").to_parquet(target % threshold, index=False)


if __name__ == "__main__":
    main(*sys.argv[1:3])
