import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.organisations.growing import extended, stored
from matching.organisations.clusters import cluster
from matching.organisations.linking import THRESHOLD, link
from matching.organisations.resolve import table_of

FIRMS = [
    {"name": "Nähwerk Müller GmbH", "city": "Ulm", "website": "naehwerk.example"},
    {"name": "NAEHWERK MUELLER", "city": "Ulm", "website": ""},
    {"name": "Stoffhaus Alb AG", "city": "Kiel", "website": "stoffhaus.example"},
    {"name": "Stoffhaus Alb Aktiengesellschaft", "city": "Kiel", "website": ""},
    {"name": "Текстил Родопи ЕООД", "city": "Bern", "website": ""},
    {"name": "Filtronik", "city": "Wien", "website": "www.filtronik.example"},
    {"name": "Filtronyk", "city": "Wien", "website": "filtronik.example"},
    {"name": "Klinikum Alb", "city": "Ulm", "website": ""},
]


def partition(record_ids: pd.Series, clusters: np.ndarray) -> set[frozenset[str]]:
    return {frozenset(group) for _, group in record_ids.groupby(clusters)}


@settings(max_examples=20, deadline=None)
@given(st.lists(st.sampled_from(FIRMS), min_size=2, max_size=12), st.integers(min_value=1, max_value=11))
def test_growing_a_table_gives_the_clusters_of_a_full_run(firms: list[dict[str, str]], known: int) -> None:
    table = pd.DataFrame([{"record_id": f"r{number:02d}", **firm} for number, firm in enumerate(firms)])
    known = min(known, len(table) - 1)
    links = link(table_of(table))
    full = cluster(len(table), links.left, links.right, links.weight - THRESHOLD)
    assert partition(*extended(stored(table[:known]), table[known:])) == partition(table["record_id"], full)


def test_the_store_itself_does_not_change() -> None:
    table = pd.DataFrame([{"record_id": f"r{number:02d}", **firm} for number, firm in enumerate(FIRMS)])
    store = stored(table[:4])
    first, again = extended(store, table[4:]), extended(store, table[4:])
    assert list(first[1]) == list(again[1])
    assert len(store.clusters) == 4
