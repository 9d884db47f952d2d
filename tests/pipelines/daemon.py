"""Dagster's daemon with a clock that can be set: its own functions, one after the other, in this process."""

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import dagster as dg
from dagster._core.remote_origin import InProcessCodeLocationOrigin
from dagster._core.test_utils import freeze_time
from dagster._core.types.loadable_target_origin import LoadableTargetOrigin
from dagster._core.workspace.context import WorkspaceProcessContext
from dagster._core.workspace.load_target import InProcessWorkspaceLoadTarget
from dagster._daemon.monitoring.run_monitoring import execute_run_monitoring_iteration
from dagster._daemon.run_coordinator.queued_run_coordinator_daemon import QueuedRunCoordinatorDaemon
from dagster._daemon.sensor import execute_sensor_iteration
from dagster._scheduler.scheduler import launch_scheduled_runs

from pipelines.automation import switch
from pipelines.instance import DAGSTER_YAML

QUIET = logging.getLogger("quiet")
QUIET.setLevel(logging.CRITICAL)
NAME = "pipelines.definitions"
DEFINITIONS = """\
from pipelines.definitions import build
from pipelines.resources import Settings

defs = build(Settings.from_environment())
"""
# The queue's runs in this process, so that they see the same clock.
HERE = DAGSTER_YAML.replace(
    "module: pipelines.instance\n  class: WatchedLauncher",
    "module: dagster._core.launcher.sync_in_memory_run_launcher\n  class: SyncInMemoryRunLauncher",
)


class Daemon:
    """The daemon of a store; what it is asked to do, it does at the moment that it is told."""

    def __init__(self, context: WorkspaceProcessContext) -> None:
        self.context = context
        self.instance = context.instance
        self._queue = QueuedRunCoordinatorDaemon(interval_seconds=1)

    def switch_on(self, moment: datetime) -> None:
        with freeze_time(moment):
            (location,) = self.context.create_request_context().code_locations
            (definitions,) = location.get_repositories().values()
            switch(self.instance, definitions, on=True)

    def look(self, moment: datetime) -> None:
        """One round: schedules, the queue, sensors, the queue again, what they have to say of its runs."""
        with freeze_time(moment):
            # Of what an hourly schedule missed since the last look, one is enough.
            list(launch_scheduled_runs(self.context, QUIET, moment, {}, max_catchup_runs=1))
            self._work_off()
            list(execute_sensor_iteration(self.context, QUIET, None, None))
            self._work_off()
            list(execute_run_monitoring_iteration(self.context, QUIET))

    def runs(self, job: str) -> list[dg.DagsterRun]:
        """All runs of a job, the oldest first."""
        return list(reversed(self.instance.get_runs(dg.RunsFilter(job_name=job))))

    def faults(self) -> list[str]:
        """Ticks of schedules and sensors that broke, as the UI shows them."""
        ticks = [
            tick
            for state in self.instance.all_instigator_state()
            for tick in self.instance.get_ticks(state.instigator_origin_id, state.selector_id)
        ]
        return [f"{tick.instigator_name}: {tick.error.message}" for tick in ticks if tick.error]

    def _work_off(self) -> None:
        while self.instance.get_runs_count(dg.RunsFilter(statuses=[dg.DagsterRunStatus.QUEUED])):
            list(self._queue.run_iteration(self.context))


@contextmanager
def daemon(store: Path) -> Iterator[Daemon]:
    """The daemon of a store whose settings stand in the environment, as if it had just been started."""
    home = store / "dagster"
    home.mkdir(parents=True, exist_ok=True)
    (home / "dagster.yaml").write_text(HERE, "utf-8")
    path = store / "definitions.py"
    path.write_text(DEFINITIONS, "utf-8")
    target = LoadableTargetOrigin(executable_path=sys.executable, python_file=str(path), working_directory=str(store))
    origin = InProcessCodeLocationOrigin(target, location_name=NAME)
    with (
        dg.DagsterInstance.get() as instance,
        WorkspaceProcessContext(instance, InProcessWorkspaceLoadTarget(origin)) as context,
    ):
        yield Daemon(context)
