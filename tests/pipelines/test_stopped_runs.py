"""Runs that are stopped or killed, in real processes: none goes on, none is "Started" for ever, the queue moves on."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import dagster as dg
import httpx
import pytest

from pipelines.schedules import SCHEDULES
from pipelines.whole_files import is_alive
from tests.pipelines.conftest import Run

LAUNCH = """
mutation ($job: String!, $monday: String!) {
  launchRun(executionParams: {
    selector: {repositoryLocationName: "pipelines.definitions", repositoryName: "__repository__", jobName: $job},
    runConfigData: {},
    executionMetadata: {tags: [{key: "dagster/partition", value: $monday}]}
  }) { __typename ... on LaunchRunSuccess { run { runId } } ... on PythonError { message } }
}"""
STOP = "mutation ($run: String!) { terminateRun(runId: $run) { __typename } }"
STATES = """{schedulesOrError(repositorySelector: {
  repositoryLocationName: "pipelines.definitions", repositoryName: "__repository__"
}) { ... on Schedules { results { name scheduleState { status } } } }}"""


class Service:
    """``verbundradar dev`` on a store: asked over its interface, looked at through its records and processes."""

    def __init__(self, address: str, instance: dg.DagsterInstance) -> None:
        self.address, self.instance = address, instance

    def ask(self, query: str, **values: str) -> Any:
        answer = httpx.post(f"{self.address}/graphql", json={"query": query, "variables": values}, timeout=120)
        return answer.json()["data"]

    def launch(self, monday: str) -> str:
        return str(self.ask(LAUNCH, job="weekly_report", monday=monday)["launchRun"]["run"]["runId"])

    def status(self, run_id: str) -> dg.DagsterRunStatus:
        run = self.instance.get_run_by_id(run_id)
        assert run is not None
        return run.status

    def wait_for(self, run_id: str, status: dg.DagsterRunStatus) -> None:
        wait_until(lambda: self.status(run_id) == status, f"the run to be {status.value}")

    def process(self, run_id: str) -> int:
        """The process that works on a run."""
        events = self.instance.all_logs(run_id, of_type=dg.DagsterEventType.ENGINE_EVENT)
        found = [entry.get_dagster_event().engine_event_data.metadata.get("pid") for entry in events]
        return next(int(str(one.value)) for one in found if one is not None)

    def messages(self, run_id: str) -> str:
        return "\n".join(entry.message or entry.user_message for entry in self.instance.all_logs(run_id))


def wait_until(condition: Callable[[], object], what: str, seconds: float = 300) -> None:
    by = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < by, f"waited {seconds} s for {what}"
        time.sleep(0.3)


@pytest.fixture(scope="module")
def service(command: str, run: Run, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    store = tmp_path_factory.mktemp("service") / "store"
    switched = run("schedules", "on", "--store", store)
    assert switched.returncode == 2  # its daemon is not at work yet
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with (
        (store.parent / "dev.log").open("wb") as log,
        subprocess.Popen(
            [command, "dev", "--store", store, "--port", str(port)], stdout=log, stderr=subprocess.STDOUT
        ) as process,
        pytest.MonkeyPatch.context() as settings,
    ):
        settings.setenv("DAGSTER_HOME", str(store / "dagster"))
        try:
            with dg.DagsterInstance.get() as instance:
                wait_until(lambda: answers(port), "the service to start")
                yield Service(f"http://127.0.0.1:{port}", instance)
        finally:
            process.terminate()
            process.wait(60)


def answers(port: int) -> bool:
    with socket.socket() as one:
        return one.connect_ex(("127.0.0.1", port)) == 0


def test_what_the_command_switched_on_is_on_in_the_service(service: Service) -> None:
    found = service.ask(STATES)["schedulesOrError"]["results"]
    assert len(found) == len(SCHEDULES)
    assert {one["scheduleState"]["status"] for one in found} == {"RUNNING"}


def test_a_killed_run_fails_and_the_next_one_starts(service: Service) -> None:
    killed = service.launch("2020-03-23")
    service.wait_for(killed, dg.DagsterRunStatus.STARTED)
    waiting = service.launch("2020-03-30")
    assert service.status(waiting) == dg.DagsterRunStatus.QUEUED  # one run at a time
    process = service.process(killed)
    os.kill(process, signal.SIGKILL)
    service.wait_for(killed, dg.DagsterRunStatus.FAILURE)
    # Whoever notices first: our launcher's look at the process, or the server that had started it.
    told = service.messages(killed)
    assert f"its process {process} is gone" in told or "terminated by signal 9" in told
    service.wait_for(waiting, dg.DagsterRunStatus.STARTED)

    behind = service.launch("2020-04-06")
    service.ask(STOP, run=behind)
    service.wait_for(behind, dg.DagsterRunStatus.CANCELED)
    process = service.process(waiting)
    service.ask(STOP, run=waiting)
    service.wait_for(waiting, dg.DagsterRunStatus.CANCELED)
    wait_until(lambda: not is_alive(process), "the process to end", 30)


def test_a_run_stopped_at_the_command_line_says_so_in_one_line(command: str, tmp_path: Path) -> None:
    call = [command, "run", "--week", "2020-W13", "--store", str(tmp_path)]
    with subprocess.Popen(call, stderr=subprocess.PIPE, text=True) as started:
        assert started.stderr is not None
        next(line for line in started.stderr if "[  2/" in line)
        started.send_signal(signal.SIGINT)
        last = started.stderr.read().splitlines()[-1]
    assert started.returncode == 1
    assert last.startswith("Error: 2020-W13: no Lagebild could be made: ")
    assert last.endswith(": the run was stopped; what was finished is kept, run the week again")
