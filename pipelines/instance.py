"""How Dagster works on a store, whether the command line, the UI or a schedule started the run."""

import os
import sqlite3
from collections.abc import Collection, Iterator
from contextlib import closing, contextmanager
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import dagster as dg
import sqlalchemy as sql
from dagster._core.launcher.base import CheckRunHealthResult, WorkerStatus
from dagster._core.launcher.default_run_launcher import DefaultRunLauncher
from dagster._core.run_coordinator.queued_run_coordinator import QueuedRunCoordinator
from dagster._core.storage.event_log.sqlite.sqlite_event_log import INDEX_SHARD_NAME, SqliteEventLogStorage
from dagster._core.storage.sqlite import SQLITE_BUSY_TIMEOUT_SECONDS
from sqlalchemy.pool import StaticPool

from pipelines.whole_files import is_alive

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
event_log_storage:  # a run writes a thousand events, and the default opens its databases anew for each
  module: pipelines.instance
  class: OpenLog
  config:
    base_dir:
      env: DAGSTER_HOME
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
EARLIER = {"a222b8b1", "fb63c99b"}  # first digits of the SHA-256 of files that earlier versions wrote
PROCESS_TAG = "verbundradar/process"  # the process of a run that the command line started

BACKFILLS_EVERY = 2
"""Seconds between looks for a new backfill. Dagster's own 30 are a constant, half the time of a sample week."""


def use_dagster_home(store: Path) -> None:
    """Make Dagster keep its records in the store; a ``dagster.yaml`` that somebody changed stays."""
    home = store / "dagster"
    home.mkdir(parents=True, exist_ok=True)
    path = home / "dagster.yaml"
    if not path.exists() or sha256(path.read_bytes()).hexdigest()[:8] in EARLIER:
        path.write_text(DAGSTER_YAML, encoding="utf-8")
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


class OpenLog(SqliteEventLogStorage):
    """Dagster's log of events, which keeps two of its databases open: of all runs and of the last one."""

    def __init__(self, base_dir: str, inst_data: Any = None) -> None:
        self._engines: dict[str, sql.Engine] = {}
        super().__init__(str(Path(base_dir) / "history" / "runs"), inst_data)

    @classmethod
    def from_config_value(cls, inst_data: Any, config_value: Any) -> "OpenLog":
        return cls(config_value["base_dir"], inst_data)

    @contextmanager
    def _connect(self, shard: str) -> Iterator[sql.Connection]:
        if shard not in self._engines:
            with super()._connect(shard):  # which makes it, if it is not there
                pass
        with self._db_lock, self._engine(shard).begin() as connection:
            yield connection

    def _engine(self, shard: str) -> sql.Engine:
        if shard not in self._engines:
            self._close(self._engines.keys() - {INDEX_SHARD_NAME})
            # One connection for all threads, of which the lock lets one at a time use it.
            self._engines[shard] = sql.create_engine(
                self.conn_string_for_shard(shard),
                poolclass=StaticPool,
                connect_args={"timeout": SQLITE_BUSY_TIMEOUT_SECONDS, "check_same_thread": False},
            )
            # Without waiting for the disk: a killed process loses nothing, a power cut may take the last events.
            with self._engines[shard].begin() as connection:
                connection.exec_driver_sql("PRAGMA synchronous=NORMAL")
        return self._engines[shard]

    def _has_asset_key_col_on_connection(self, conn: sql.Connection, column_name: str) -> bool:
        return True  # of databases that this version of Dagster made, without a look at the columns for each event

    def _close(self, shards: Collection[str]) -> None:
        for shard in shards:
            self._engines.pop(shard).dispose()

    def dispose(self) -> None:
        super().dispose()
        self._close(list(self._engines))


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
