"""How Dagster works on a store: one run at a time, and a run whose process is gone does not hold the queue."""

import os
import subprocess
import sys
from pathlib import Path

import dagster as dg
import pytest
from click import ClickException
from dagster._core.launcher.base import WorkerStatus

from pipelines.commands.run import settings_of
from pipelines.instance import DAGSTER_YAML, EARLIER, PROCESS_TAG, WatchedLauncher, use_dagster_home
from pipelines.resources import VARIABLES, Settings, store_of

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


@pytest.mark.parametrize(
    ("before", "after"),
    [(EARLIER_YAML, DAGSTER_YAML), ("telemetry: {enabled: true}\n", "telemetry: {enabled: true}\n")],
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
    assert len(EARLIER) == 1


def test_a_run_lives_as_long_as_its_process(instance: dg.DagsterInstance) -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as ended:
        ended.wait()
    gone, here, unknown = (
        instance.run_launcher.check_run_worker_health(dg.DagsterRun("weekly_report", tags=tags))
        for tags in ({PROCESS_TAG: str(ended.pid)}, {PROCESS_TAG: str(os.getpid())}, {})
    )
    assert gone.status == WorkerStatus.FAILED
    assert here.status == unknown.status == WorkerStatus.RUNNING


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


def test_the_environment_says_where_unless_options_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in zip(VARIABLES, (str(tmp_path), str(tmp_path), None, "ted een"), strict=True):
        monkeypatch.delenv(name, raising=False) if value is None else monkeypatch.setenv(name, value)
    assert settings_of(None, None, None, ()) == Settings(tmp_path, tmp_path, None, ("ted", "een"))
    assert settings_of(None, None, None, ("ted",)).platforms == ("ted",)
    assert settings_of(None, None, tmp_path / "other", ()) == Settings(tmp_path / "other")
    assert store_of(None) == tmp_path
    assert store_of(tmp_path / "other") == tmp_path / "other"
    monkeypatch.setenv("VERBUNDRADAR_INBOX", str(tmp_path / "not-there"))
    with pytest.raises(ClickException, match="not-there is not a folder"):
        settings_of(None, None, None, ())
