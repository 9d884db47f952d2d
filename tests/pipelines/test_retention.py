"""What a store may forget, and what it never does."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import dagster as dg
import pandas as pd
import pytest
from click.testing import CliRunner

from pipelines.cli import main
from pipelines.instance import PROCESS_TAG, use_dagster_home
from pipelines.resources import Keep
from pipelines.retention import HISTORY, purge
from pipelines.storage import History
from sources.week import Week

NEWEST = Week(2021, 20)
WEEKS = [NEWEST.shifted(-number) for number in range(80, -1, -1)]
KEEP = Keep(weeks=53, run_days=92)


@pytest.fixture
def instance(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dg.DagsterInstance:
    monkeypatch.setenv("DAGSTER_HOME", "")  # set back afterwards
    use_dagster_home(tmp_path)
    return dg.DagsterInstance.get()


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """Eighty-one stored weeks of a few tables, each with its memory."""
    for week in WEEKS:
        for name in (*HISTORY, "matches", "text_vectors"):
            path = tmp_path / "tables" / name / f"{week}.parquet"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(b"a table")
        platform = tmp_path / "tables" / "listings_ted" / str(week) / "listings.parquet"
        for path in (platform, tmp_path / "memory" / "listings" / f"{week}.parquet"):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(b"a table")
    return tmp_path


def weeks(store: Path, name: str) -> list[str]:
    return sorted(path.name.removesuffix(".parquet") for path in (store / name).iterdir())


def test_tables_go_by_their_kind_and_history_stays(store: Path, instance: dg.DagsterInstance) -> None:
    purged = purge(store, instance, KEEP, datetime.now(UTC))
    every = [str(week) for week in WEEKS]
    assert weeks(store, "tables/matches") == every[-53:]
    assert weeks(store, "tables/text_vectors") == every[-5:]
    assert weeks(store, "memory/listings") == every[-14:]
    for name in (*HISTORY, "listings_ted"):
        assert weeks(store, f"tables/{name}") == every, name
    assert (purged.runs, purged.tables) == (0, (81 - 53) + (81 - 5) + (81 - 14))
    assert purge(store, instance, KEEP, datetime.now(UTC)).tables == 0


def test_a_later_week_reads_the_same_after_the_purge(tmp_path: Path, instance: dg.DagsterInstance) -> None:
    for number, week in enumerate(WEEKS):
        path = tmp_path / "tables" / "key_figures" / f"{week}.parquet"
        path.parent.mkdir(parents=True, exist_ok=True)
        pd.DataFrame({"offers": [number]}).to_parquet(path)
    (tmp_path / "tables" / "listings").mkdir()
    (tmp_path / "tables" / "listings" / f"{NEWEST}.parquet").write_bytes(b"a table")
    model = History(tmp_path)
    model.memory.model_of = lambda asset, table: None
    before = {week: model.before("key_figures", week) for week in (WEEKS[40], NEWEST)}
    purge(tmp_path, instance, KEEP, datetime.now(UTC))
    for week, table in before.items():
        pd.testing.assert_frame_equal(model.before("key_figures", week), table)


def test_records_of_old_runs_go_with_their_files(tmp_path: Path, instance: dg.DagsterInstance) -> None:
    @dg.asset
    def table() -> None:
        pass

    job = dg.Definitions([table], jobs=[dg.define_asset_job("job")]).resolve_job_def("job")
    tags = {PROCESS_TAG: str(os.getpid())}
    runs = [job.execute_in_process(instance=instance, tags=tags).run_id for _ in range(2)]
    files = tmp_path / "dagster" / "history" / "runs"
    assert {f"{run}.db" for run in runs} <= {path.name for path in files.iterdir()}
    assert purge(tmp_path, instance, KEEP, datetime.now(UTC)).runs == 0
    assert purge(tmp_path, instance, KEEP, datetime.now(UTC) + timedelta(days=93)).runs == 2
    assert {path.stem for path in files.iterdir()} == {"index"}
    assert not instance.get_run_records()


@pytest.mark.parametrize("variable", ["VERBUNDRADAR_KEEP_WEEKS", "VERBUNDRADAR_KEEP_RUN_DAYS"])
@pytest.mark.parametrize("said", ["-1", "0", "a year"])
def test_what_is_too_short_or_no_number_is_refused(
    store: Path, monkeypatch: pytest.MonkeyPatch, variable: str, said: str
) -> None:
    monkeypatch.setenv(variable, said)
    done = CliRunner().invoke(main, ["purge", "--store", str(store)])
    assert done.exit_code == 1
    assert f"{variable} is not a whole number of at least" in done.output
    assert weeks(store, "tables/matches")[0] == str(WEEKS[0])


def test_the_command_says_what_went(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DAGSTER_HOME", "")
    monkeypatch.setenv("VERBUNDRADAR_KEEP_WEEKS", "80")
    done = CliRunner().invoke(main, ["purge", "--store", str(store)])
    assert (done.exit_code, done.output) == (0, "removed: records of 0 runs, 144 tables (0 MB)\n")


def test_where_nothing_was_run_there_is_nothing_to_purge(tmp_path: Path) -> None:
    done = CliRunner().invoke(main, ["purge", "--store", str(tmp_path / "nowhere")])
    assert done.exit_code == 1
    assert "is no store: nothing was ever run there" in done.output
    assert not (tmp_path / "nowhere").exists()
