"""Numbers are given out once, over reruns of a week and for a store from before numbers had a table."""

from pathlib import Path
from typing import Any

import dagster as dg
import pandas as pd
import pytest

from assets.opportunities import opportunities
from matching import schema
from pipelines.storage import History
from sources.listing import Listing

WEEK = "2020-W16"


def consortium(key: str) -> dict[str, Any]:
    return {
        "consortium_id": key,
        "request_id": f"p:{key}",
        "concept_id": "mask",
        "quantity": 10.0,
        "quantity_covered": 10.0,
        "urgency": "normal",
        "score": 0.5,
        "roles": 1,
        "roles_filled": 1,
        "is_cross_platform": False,
        "deadline_on": None,
    }


def run(store: Path, *keys: str) -> dict[str, str]:
    """One run of the week on what the runs before left; consortium -> number."""
    with dg.build_asset_context(partition_key="2020-04-13") as context:
        numbers, reported = opportunities(
            context,
            listings=schema.empty(Listing),
            held_back=schema.empty(schema.HeldBack),
            consortia=pd.DataFrame([consortium(key) for key in keys]),
            consortium_roles=schema.empty(schema.ConsortiumRole),
            case_entries=schema.empty(schema.CaseEntry),
            history=History(store),
        )
    schema.OpportunityNumber.validate(numbers)
    for name, table in (("opportunity_numbers", numbers), ("opportunities", reported)):
        path = store / "tables" / name / f"{WEEK}.parquet"
        path.parent.mkdir(parents=True, exist_ok=True)
        table.to_parquet(path, index=False)
    return dict(zip(reported["consortium_id"], reported["opportunity_id"], strict=True))


def test_a_number_is_never_used_for_another(tmp_path: Path) -> None:
    assert run(tmp_path, "a", "b") == {"a": "K-2020-16-01", "b": "K-2020-16-02"}
    assert run(tmp_path, "a", "c") == {"a": "K-2020-16-01", "c": "K-2020-16-03"}
    assert run(tmp_path, "b", "d") == {"b": "K-2020-16-02", "d": "K-2020-16-04"}


@pytest.mark.parametrize("table", ["opportunity_numbers", "opportunities"])
def test_a_store_from_before_the_table_keeps_the_numbers_of_its_opportunities(tmp_path: Path, table: str) -> None:
    run(tmp_path, "b", "c")
    (tmp_path / "tables" / table / f"{WEEK}.parquet").unlink()
    assert run(tmp_path, "a", "b") == {"a": "K-2020-16-03", "b": "K-2020-16-01"}
