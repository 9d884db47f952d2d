"""What is due goes, what a week within the period is made of stays, and what is overdue is said."""

import os
import stat
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import dagster as dg
import pandas as pd
import pytest

from assets.checks import CHECKS
from matching.yaml_files import FileFault
from pipelines.instance import purge_runs, use_dagster_home
from pipelines.retention import Periods, Retention, read_periods
from pipelines.storage import SnapshotFolder
from sources.platform import RawDocument
from sources.week import Week

Run = Callable[..., "subprocess.CompletedProcess[str]"]
NOW = datetime.now(UTC)
OLD, NEW = Week(2020, 14), Week(2020, 16)


def aged(path: Path, weeks: float) -> None:
    """Let something look as if it had been stored so many weeks ago."""
    when = (NOW - timedelta(weeks=weeks)).timestamp()
    for one in (*path.rglob("*"), path):
        os.utime(one, (when, when))


def snapshot(store: Path, week: Week, content: bytes, weeks: float) -> str:
    folder = SnapshotFolder(store)
    sha256 = folder.keep("een", week, [RawDocument("a.json", content, "a.json", week.ends_at)])
    aged(next((store / "raw" / "een" / str(week)).iterdir()), weeks)
    return sha256


def state(store: Path, week: Week, sha256: str, weeks: float) -> None:
    path = store / "tables" / "source_states" / f"{week}.parquet"
    path.parent.mkdir(parents=True, exist_ok=True)
    pd.DataFrame({"input_sha256": [sha256]}).to_parquet(path)
    aged(path, weeks)


def test_each_class_goes_after_its_own_period(tmp_path: Path) -> None:
    snapshot(tmp_path, OLD, b"old", 26.5)
    snapshot(tmp_path, NEW, b"new", 25)
    for name, weeks in (("2020-W14", 156.5), ("2020-W16", 155)):
        for room in ("tables/listings_een", "reports/lagebild"):
            folder = tmp_path / room / name
            folder.mkdir(parents=True)
            (folder / "a").touch()
            aged(folder, weeks)
    for name, weeks in (("old.eml", 26.5), ("new.eml", 1)):
        (tmp_path / "answers").mkdir(exist_ok=True)
        (tmp_path / "answers" / name).touch()
        aged(tmp_path / "answers" / name, weeks)
    assert Retention(tmp_path).overdue() == {}, "due for a day is not overdue"
    assert Retention(tmp_path).purge(NOW) == {"raw": 1, "tables": 1, "reports": 1, "answers": 1}
    left = {path.relative_to(tmp_path).as_posix() for path in tmp_path.glob("*/*/*")} | {
        path.name for path in (tmp_path / "answers").iterdir()
    }
    assert left == {"raw/een/2020-W16", "tables/listings_een/2020-W16", "reports/lagebild/2020-W16", "new.eml"}
    assert Retention(tmp_path).purge(NOW) == {}


def test_the_last_good_snapshot_of_a_silent_platform_stays_for_two_periods(tmp_path: Path) -> None:
    state(tmp_path, NEW, snapshot(tmp_path, OLD, b"old", 51), 1)
    assert Retention(tmp_path).due(NOW) == []
    aged(tmp_path / "raw", 53)
    assert [one.data_class for one in Retention(tmp_path).due(NOW)] == ["raw"]


def test_overdue_is_a_warning_of_the_week(tmp_path: Path) -> None:
    snapshot(tmp_path, OLD, b"old", 28)
    check = next(one for one in CHECKS if any(key.name == "retention" for key in one.check_keys))
    failed = check(Retention(tmp_path))
    assert isinstance(failed, dg.AssetCheckResult)
    assert not failed.passed
    assert "raw 1; run: verbundradar purge" in str(failed.description)
    Retention(tmp_path).purge(NOW)
    passed = check(Retention(tmp_path))
    assert isinstance(passed, dg.AssetCheckResult)
    assert passed.passed


def test_an_older_store_is_closed_and_sealed(tmp_path: Path) -> None:
    snapshot(tmp_path, NEW, b"Erika", 1)
    file = next(tmp_path.glob("raw/een/*/*/0001"))
    file.write_bytes(b"Erika")
    aged(file, 3)
    file.chmod(0o644)
    tmp_path.chmod(0o755)
    before = file.stat().st_mtime
    Retention(tmp_path).purge(NOW)
    assert b"Erika" not in file.read_bytes()
    assert file.stat().st_mtime == before
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o700
    (kept,) = SnapshotFolder(tmp_path).newest_first("een", NEW)
    assert kept.documents()[0].content == b"Erika"


def test_records_of_runs_go_with_their_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path))

    @dg.job
    def nothing() -> None:
        pass

    use_dagster_home(tmp_path)
    with dg.DagsterInstance.get() as instance:
        run_id = nothing.execute_in_process(instance=instance).run_id
    shard = tmp_path / "dagster" / "history" / "runs" / f"{run_id}.db"
    assert shard.exists()
    assert purge_runs(tmp_path, NOW, 13) == 0
    assert purge_runs(tmp_path, NOW + timedelta(weeks=14), 13) == 1
    assert not shard.exists()
    assert all(run_id.encode() not in path.read_bytes() for path in (tmp_path / "dagster").rglob("*.db"))


def test_the_file_of_periods_is_checked(tmp_path: Path) -> None:
    shown = Path(__file__).parents[2] / "docs" / "retention.yaml"
    (tmp_path / "retention.yaml").write_text(shown.read_text("utf-8"), encoding="utf-8")
    assert read_periods(tmp_path) == Periods()
    (tmp_path / "retention.yaml").write_text("raw: 200\n", encoding="utf-8")
    with pytest.raises(FileFault, match=r"retention\.yaml: tables: 156 weeks are fewer than the 200 of raw"):
        read_periods(tmp_path)
    (tmp_path / "retention.yaml").write_text("raw: soon\n", encoding="utf-8")
    with pytest.raises(FileFault, match=r"retention\.yaml: raw: 'soon' is not a whole number above zero"):
        read_periods(tmp_path)


def test_the_command_says_what_went(tmp_path: Path, run: Run) -> None:
    snapshot(tmp_path, OLD, b"old", 28)
    due = run("purge", "--dry-run", "--store", tmp_path)
    assert (due.returncode, due.stdout.splitlines()[0]) == (2, "raw: 1 due, kept for 26 weeks, 1 overdue")
    done = run("purge", "--store", tmp_path)
    assert (done.returncode, done.stdout.splitlines()[0]) == (0, "raw: 1 deleted, kept for 26 weeks")
    assert not list(tmp_path.glob("raw/een/*"))
