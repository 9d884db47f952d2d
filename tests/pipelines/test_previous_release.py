"""A store that the release before wrote opens and goes on: one small week of it is kept here.

`stores/<commit>.zip` holds one week of two sample platforms: raw snapshots, tables without vectors and pulls, and of
the documents what later weeks read. At that commit it was made by ``verbundradar run --week 2020-W13`` with
``--platform biopro_boerse --platform bw_aufruf``; with each release one of the new release is added and the
oldest goes.
"""

import hashlib
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

Run = Callable[..., "subprocess.CompletedProcess[str]"]
STORES = sorted((Path(__file__).parent / "stores").glob("*.zip"))
LARGEST_BYTES = 300_000


@pytest.mark.parametrize("kept", STORES, ids=[path.stem for path in STORES])
def test_a_store_of_the_release_before_goes_on(kept: Path, run: Run, tmp_path: Path) -> None:
    with zipfile.ZipFile(kept) as archive:
        archive.extractall(tmp_path)
    files = [path for path in sorted(tmp_path.rglob("*")) if path.is_file()]
    before = {path: hashlib.sha256(path.read_bytes()).digest() for path in files}
    followed = ["--platform", "biopro_boerse", "--platform", "bw_aufruf"]
    done = run("run", "--store", tmp_path, "--week", "2020-W14", *followed)
    assert done.returncode in (0, 2), done.stderr
    assert {path: hashlib.sha256(path.read_bytes()).digest() for path in files} == before
    told = pd.read_parquet(tmp_path / "tables" / "opportunities" / "2020-W14.parquet")
    earlier = pd.read_parquet(tmp_path / "tables" / "opportunities" / "2020-W13.parquet")
    both = told.merge(earlier, on="consortium_id", suffixes=("", "_before"))
    assert len(both) > 5
    assert (both["opportunity_id"] == both["opportunity_id_before"]).all()
    assert "new" in set(told["state"])
    listings = pd.read_parquet(tmp_path / "tables" / "listings" / "2020-W14.parquet")
    assert {"2020-03-29", "2020-04-05"} == set(listings["first_seen_on"])


def test_one_small_store_is_kept() -> None:
    assert STORES
    assert all(path.stat().st_size < LARGEST_BYTES for path in STORES)
