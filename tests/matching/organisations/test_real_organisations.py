"""The targets on real records; the figures themselves are in benchmarks/RESULTS.md."""

from pathlib import Path

import pandas as pd
import pytest

from matching.organisations.resolve import resolve

DATA = Path(__file__).parents[4] / "shared/data/organisations"
pytestmark = pytest.mark.skipif(not DATA.exists(), reason="the public records lie beside the project, not in it")


def pairs(groups: pd.Series) -> int:
    size = groups.value_counts()
    return int((size * (size - 1) // 2).sum())


ALL = ["name", "street", "postal_code", "city", "country", "website", "email_domain"]


@pytest.mark.parametrize(
    ("countries", "columns", "precision", "f1"),
    [(None, ALL, 0.94, 0.87), (["DE", "FR", "BE", "LU"], ALL, 0.92, 0.90), (None, ["name"], 0.90, 0.80)],
)
def test_public_buyers(countries: list[str] | None, columns: list[str], precision: float, f1: float) -> None:
    table = pd.read_csv(DATA / "ted_organisations.csv", dtype="str", keep_default_na=False)
    table = table[(table["key_ok"] == "1") & (table["orig"] == "O")]
    table = table if countries is None else table[table["country"].isin(countries)]
    table = table.rename(columns={"address": "street", "town": "city", "url": "website"})
    found = resolve(table[["record_id", *columns]]).members.set_index("record_id")["organisation_id"]
    gold = table.set_index("record_id")["cluster_id"]
    both = pairs(found + " " + gold.reindex(found.index))
    assert both / pairs(found) >= precision
    assert 2 * both / (pairs(found) + pairs(gold)) >= f1
