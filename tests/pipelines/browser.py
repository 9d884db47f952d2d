"""``verbundradar dev`` on a store, with its UI in a real browser, for tests and benchmarks."""

import os
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import which
from typing import Any, NamedTuple

import httpx
from playwright.sync_api import Page, sync_playwright

CHROMIUM = which("chromium")
JOB = "/locations/pipelines.definitions/jobs/weekly_report"
RUNS = "{runsOrError {... on Runs {results {runId status startTime endTime tags {key value}}}}}"
ENDED = {"SUCCESS", "FAILURE", "CANCELED"}


class Ui(NamedTuple):
    """A UI on a store, in a window."""

    process: "subprocess.Popen[bytes]"
    store: Path
    address: str
    page: Page


@contextmanager
def opened(command: str, store: Path) -> Iterator[Ui]:
    """The UI on a store; the settings of the environment are another store's."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    other = os.environ | {"VERBUNDRADAR_STORE": "/nowhere", "VERBUNDRADAR_INBOX": "/nowhere"}
    with (
        (store.parent / "dev.log").open("wb") as log,
        subprocess.Popen(
            [command, "dev", "--store", store, "--port", str(port)], env=other, stdout=log, stderr=subprocess.STDOUT
        ) as process,
        sync_playwright() as playwright,
    ):
        options = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=options)
        try:
            ui = Ui(process, store, f"http://127.0.0.1:{port}", browser.new_page())
            wait_for(lambda: answers(port), "the UI to start", 300)
            yield ui
        finally:
            browser.close()
            process.terminate()
            process.wait(60)


def answers(port: int) -> bool:
    with socket.socket() as one:
        return one.connect_ex(("127.0.0.1", port)) == 0


def wait_for(condition: Callable[[], object], what: str, seconds: float) -> None:
    by = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < by, f"waited {seconds} s for {what}"
        time.sleep(0.2)


def runs_of(ui: Ui) -> list[dict[str, Any]]:
    """All runs, the newest first, each with its Monday."""
    answer = httpx.post(f"{ui.address}/graphql", json={"query": RUNS}, timeout=60).json()
    found: list[dict[str, Any]] = answer["data"]["runsOrError"]["results"]
    for run in found:
        run["monday"] = next((tag["value"] for tag in run["tags"] if tag["key"] == "dagster/partition"), None)
    return found


def choose(ui: Ui, path: str, button: str, weeks: str) -> None:
    """Open a page and its dialog to materialise, and fill in weeks."""
    page = ui.page
    page.goto(f"{ui.address}{path}", wait_until="domcontentloaded")
    page.get_by_role("button", name=button).first.click(timeout=120_000)
    every = page.get_by_role("button", name="Show all partitions")
    box = page.get_by_role("dialog").get_by_role("textbox").last
    box.wait_for(timeout=60_000)
    page.wait_for_timeout(1000)
    if every.count():  # the dialog shows the last 90 days at first
        every.click()
    box.fill(weeks)
    box.press("Enter")


def backfilled(ui: Ui, mondays: str, weeks: int) -> tuple[list[dict[str, Any]], float]:
    """A backfill of the weekly job, by clicks: its runs in the order in which they began; seconds from the last click
    to the last run's end."""
    choose(ui, JOB, "Materialize all", mondays)
    began = time.time()
    ui.page.get_by_role("button", name="Launch backfill").click()
    wait_for(lambda: len(runs_of(ui)) == weeks, f"{weeks} runs", 300)
    ui.page.goto("about:blank")
    wait_for(lambda: {run["status"] for run in runs_of(ui)} <= ENDED, f"{weeks} runs to end", 300 * weeks)
    runs = sorted(runs_of(ui), key=lambda run: run["startTime"])
    return runs, max(run["endTime"] for run in runs) - began


def started(ui: Ui, monday: str) -> str:
    """A run of the weekly job for one week, by clicks, when it has begun to work; its id."""
    choose(ui, JOB, "Materialize all", monday)
    ui.page.get_by_role("button", name="Launch 1 run").click()
    wait_for(lambda: runs_of(ui)[0]["status"] == "STARTED", "the run to start", 300)
    ui.page.goto("about:blank")
    return str(runs_of(ui)[0]["runId"])


def processes_of(store: Path) -> dict[int, str]:
    """Process -> command, of those that work on a store as their environment tells."""
    setting = f"VERBUNDRADAR_STORE={store}".encode()
    found = {}
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if setting in (process / "environ").read_bytes().split(b"\0"):
                found[int(process.name)] = (process / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        except OSError:
            continue  # it has ended, or is another user's
    return found
