"""How Dagster works on a store: one run at a time, and a run whose process is gone does not hold the queue."""

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import click
import dagster as dg
import pytest
from dagster._core.launcher.base import WorkerStatus

from pipelines.commands.run import settings_of
from pipelines.instance import (
    DAGSTER_YAML,
    EARLIER,
    MACHINE_TAG,
    ON_DISK,
    ON_POSTGRES,
    PROCESS_TAG,
    WatchedLauncher,
    machine,
    use_dagster_home,
)
from pipelines.open_log import OpenLog
from pipelines.resources import VARIABLES, Settings, postgres_address, store_of
from tests.pipelines.conftest import Run

RENEWED = DAGSTER_YAML + ON_DISK
EARLIER_YAML = """\
nux:  # no sign-up window in front of the graph
  enabled: false
telemetry:
  enabled: false
python_logs:  # who loaded which file is no news; each such line costs a write to the run's database
  python_log_level: WARNING
compute_logs:  # our steps print nothing, and the default starts four processes for every step
  module: dagster._core.storage.noop_compute_log_manager
  class: NoOpComputeLogManager
retention:
  schedule:
    purge_after_days: 90
  sensor:
    purge_after_days: 30
"""


@pytest.fixture
def instance(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dg.DagsterInstance:
    monkeypatch.setenv("DAGSTER_HOME", "")  # set back afterwards
    use_dagster_home(tmp_path)
    return dg.DagsterInstance.get()


def test_dagster_accepts_the_settings(instance: dg.DagsterInstance) -> None:
    queue = instance.get_concurrency_config().run_queue_config
    assert queue is not None
    assert queue.max_concurrent_runs == 1
    assert instance.run_monitoring_enabled
    assert isinstance(instance.run_launcher, WatchedLauncher)
    assert isinstance(instance.event_log_storage, OpenLog)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (EARLIER_YAML, RENEWED),
        (DAGSTER_YAML, RENEWED),
        ("telemetry: {enabled: true}\n", "telemetry: {enabled: true}\n"),
    ],
)
def test_settings_of_an_earlier_version_are_renewed_and_those_of_people_stay(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, before: str, after: str
) -> None:
    monkeypatch.setenv("DAGSTER_HOME", "")
    (tmp_path / "dagster").mkdir()
    path = tmp_path / "dagster" / "dagster.yaml"
    path.write_text(before, "utf-8")
    use_dagster_home(tmp_path)
    assert path.read_text("utf-8") == after
    assert len(EARLIER) == 2


def test_the_settings_follow_the_environment_and_hold_no_secret(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DAGSTER_HOME", "")
    path, password = tmp_path / "dagster" / "dagster.yaml", tmp_path / "password"
    password.write_text("p/ss@w:rd\n", "utf-8")
    monkeypatch.setenv("VERBUNDRADAR_POSTGRES", "postgresql://radar@db:5433/dagster?sslmode=require")
    monkeypatch.setenv("VERBUNDRADAR_POSTGRES_PASSWORD_FILE", str(password))
    use_dagster_home(tmp_path)
    assert path.read_text("utf-8") == DAGSTER_YAML + ON_POSTGRES
    assert postgres_address() == "postgresql+psycopg2://radar:p%2Fss%40w%3Ard@db:5433/dagster?sslmode=require"
    monkeypatch.delenv("VERBUNDRADAR_POSTGRES")
    use_dagster_home(tmp_path)
    assert path.read_text("utf-8") == DAGSTER_YAML + ON_DISK


@pytest.mark.parametrize(
    ("variable", "value", "said"),
    [
        ("POSTGRES", "postgresql://radar:secret@db/dagster", "holds a password"),
        ("POSTGRES", "mysql://radar@db/dagster", "is not an address"),
        ("POSTGRES", "postgresql://db", "is not an address"),
        ("SMTP_PASSWORD_FILE", "/nowhere/at/all", "No such file"),
    ],
)
def test_settings_that_cannot_work_are_refused_in_a_line(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, variable: str, value: str, said: str
) -> None:
    monkeypatch.setenv(f"VERBUNDRADAR_{variable}", value)
    ended = run("run", "--store", tmp_path / "store")
    assert ended.returncode == 1
    assert ended.stderr.startswith(f"Error: VERBUNDRADAR_{variable}")
    assert said in ended.stderr
    assert len(ended.stderr.splitlines()) == 1
    assert "secret" not in ended.stderr


def test_a_run_lives_as_long_as_its_process(instance: dg.DagsterInstance) -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as ended:
        ended.wait()
    here, (name, _, start) = machine(), machine().partition("/")
    assert machine() == here
    own, of_gone = str(os.getpid()), str(ended.pid)
    for process, place, expected in (
        (of_gone, here, WorkerStatus.FAILED),
        (of_gone, None, WorkerStatus.FAILED),  # of an earlier version
        (own, here, WorkerStatus.RUNNING),
        (None, None, WorkerStatus.RUNNING),
        (own, f"{name}/{start}1", WorkerStatus.FAILED),  # before the container was started again
        (of_gone, f"another/{start}", WorkerStatus.RUNNING),
    ):
        tags = {tag: value for tag, value in ((PROCESS_TAG, process), (MACHINE_TAG, place)) if value}
        run = dg.DagsterRun("weekly_report", tags=tags)
        assert instance.run_launcher.check_run_worker_health(run).status == expected, tags


@pytest.mark.parametrize(
    "settings",
    [
        Settings(Path("/store")),
        Settings(Path("/store"), inbox=Path("/inbox"), platforms=("ted", "een")),
        Settings(Path("/store"), live=""),
        Settings(Path("/store"), live="http://127.0.0.1:1"),
    ],
)
def test_another_process_reads_the_same_settings(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    for name, value in settings.environment().items():
        monkeypatch.setenv(name, value)
    assert Settings.from_environment() == settings


def test_commands_take_their_places_from_the_environment_unless_one_is_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in zip(VARIABLES, (str(tmp_path / "store"), str(tmp_path), None, "ted een"), strict=True):
        monkeypatch.delenv(name, raising=False)
        if value:
            monkeypatch.setenv(name, value)
    everything = Settings(tmp_path / "store", tmp_path, platforms=("ted", "een"))
    assert settings_of(None, None, None, ()) == everything
    assert settings_of(None, None, None, ("een",)) == replace(everything, platforms=("een",))
    assert settings_of(None, None, tmp_path / "other", ()) == Settings(tmp_path / "other")
    assert store_of(None) == tmp_path / "store"
    assert store_of(tmp_path) == tmp_path
    for variable, value, said in (
        ("VERBUNDRADAR_INBOX", "/nowhere", "is not a folder"),
        ("VERBUNDRADAR_PLATFORMS", "tad", "no platform is called tad"),
        ("VERBUNDRADAR_LIVE", "", "exclude each other"),
    ):
        with monkeypatch.context() as patch:
            patch.setenv(variable, value)
            with pytest.raises(click.ClickException, match=said):
                settings_of(None, None, None, ())
