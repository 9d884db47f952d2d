"""How Dagster works on a store, whether the command line, the UI or a schedule started the run."""

import os
import sqlite3
from contextlib import closing
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import dagster as dg
from dagster._core.launcher.base import CheckRunHealthResult, WorkerStatus
from dagster._core.launcher.default_run_launcher import DefaultRunLauncher
from dagster._core.run_coordinator.queued_run_coordinator import QueuedRunCoordinator

from pipelines.whole_files import is_alive, write_whole

DAGSTER_YAML = """\
# Written anew by verbundradar as long as nobody changes it.
nux:  # no sign-up window in front of the graph
  enabled: false
telemetry:
  enabled: false
python_logs:  # who loaded which file is no news; each such line costs a write to the run's database
  python_log_level: WARNING
compute_logs:  # our steps print nothing, and the default starts four processes for every step
  module: dagster._core.storage.noop_compute_log_manager
  class: NoOpComputeLogManager
run_coordinator:  # one run at a time: a week reads what the weeks before it left behind
  module: pipelines.instance
  class: PromptQueue
  config:
    max_concurrent_runs: 1
    dequeue_interval_seconds: 1
run_launcher:
  module: pipelines.instance
  class: WatchedLauncher
run_monitoring:  # a run whose process is gone must not hold the queue
  enabled: true
  poll_interval_seconds: 10
retention:
  schedule:
    purge_after_days: 90
  sensor:
    purge_after_days: 30
"""
EARLIER = {"a222b8b1"}  # first digits of the SHA-256 of files that earlier versions wrote
PROCESS_TAG = "verbundradar/process"  # the process of a run that the command line started

BACKFILLS_EVERY = 2
"""Seconds between looks for a new backfill. Dagster's own 30 are a constant, half the time of a sample week."""


def use_dagster_home(store: Path) -> None:
    """Make Dagster keep its records in the store; a ``dagster.yaml`` that somebody changed stays."""
    home = store / "dagster"
    home.mkdir(parents=True, exist_ok=True)
    path = home / "dagster.yaml"
    if not path.exists() or sha256(path.read_bytes()).hexdigest()[:8] in EARLIER:
        write_whole(path, DAGSTER_YAML.encode())  # half of it would be taken for somebody's own settings
    os.environ["DAGSTER_HOME"] = str(home)


def purge_runs(store: Path, now: datetime, weeks: int) -> int:
    """Delete the records of runs that ended so many weeks ago; how many there were."""
    if not (store / "dagster" / "dagster.yaml").exists():
        return 0
    use_dagster_home(store)
    with dg.DagsterInstance.get() as instance:
        past = instance.get_runs(dg.RunsFilter(updated_before=now - timedelta(weeks=weeks)))
        ended = [run.run_id for run in past if run.is_finished]
        for run_id in ended:
            instance.delete_run(run_id)
            # Dagster empties the file of the run and leaves it there.
            (store / "dagster" / "history" / "runs" / f"{run_id}.db").unlink(missing_ok=True)
    for name in ("runs.db", "runs/index.db") if ended else ():
        with closing(sqlite3.connect(store / "dagster" / "history" / name, timeout=30)) as database:
            database.execute("VACUUM")  # or what was deleted stays in free pages
    return len(ended)


class PromptQueue(QueuedRunCoordinator):
    """Dagster's queue, in a daemon that looks for backfills often."""

    def __init__(self, **config: Any) -> None:
        super().__init__(**config)
        # Here, because it takes a second that no run should pay.
        from dagster._daemon import controller

        # The daemon makes its queue before it starts to look for backfills.
        controller.DEFAULT_DAEMON_INTERVAL_SECONDS = BACKFILLS_EVERY


class WatchedLauncher(DefaultRunLauncher):
    """Dagster's launcher, which also tells its monitoring whether a run's process is still there."""

    @property
    def supports_check_run_worker_health(self) -> bool:
        return True

    def check_run_worker_health(self, run: dg.DagsterRun) -> CheckRunHealthResult:
        process = run.tags.get(PROCESS_TAG) or self._started_process(run)
        is_gone = process is not None and not is_alive(int(process))
        return CheckRunHealthResult(
            WorkerStatus.FAILED if is_gone else WorkerStatus.RUNNING,
            f"its process {process} is gone" if is_gone else None,
        )

    def _started_process(self, run: dg.DagsterRun) -> str | None:
        """The process that the code server started for a run, as its log tells."""
        for entry in self._instance.all_logs(run.run_id, of_type=dg.DagsterEventType.ENGINE_EVENT):
            event = entry.dagster_event
            metadata = event.engine_event_data.metadata if event else {}
            if "pid" in metadata:
                return str(metadata["pid"].value)
        return None
