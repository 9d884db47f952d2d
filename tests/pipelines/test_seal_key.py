"""A run whose key is not the store's."""

from pathlib import Path

import pytest

from tests.pipelines.conftest import Run

WEEK = ("run", "--platform", "go_cluster", "--week")


def test_without_its_key_a_store_is_not_run(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keys, store = tmp_path / "keys", tmp_path / "store"
    monkeypatch.setenv("VERBUNDRADAR_KEYS", str(keys))
    assert run(*WEEK, "2020-W14", "--store", store).returncode == 0
    monkeypatch.setenv("VERBUNDRADAR_KEYS", str(tmp_path / "kyes"))
    lost = run(*WEEK, "2020-W15", "--store", store)
    assert lost.returncode == 1
    assert lost.stderr.splitlines()[-1] == (
        f"Error: {tmp_path}/kyes/raw.key is not there, and the store's raw snapshots are sealed with it; put the key of"
        " this store there, or name its folder in VERBUNDRADAR_KEYS"
    )
    assert not (tmp_path / "kyes").exists()
    (keys / "raw.key").write_text("0" * 64)
    monkeypatch.setenv("VERBUNDRADAR_KEYS", str(keys))
    other = run(*WEEK, "2020-W15", "--store", store)
    assert other.stderr.splitlines()[-1].startswith(f"Error: {keys}/raw.key does not open the store's raw snapshots; ")
    assert not list(store.glob("raw/*/2020-W15"))


def test_a_folder_of_keys_that_cannot_be_made_is_named(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VERBUNDRADAR_KEYS", "/proc/keys1")
    ended = run(*WEEK, "2020-W14", "--store", tmp_path / "store")
    assert ended.returncode == 1
    assert ended.stderr.splitlines()[-1] == (
        "Error: VERBUNDRADAR_KEYS: /proc/keys1: no such file or directory; name a folder in which this user may write"
    )
