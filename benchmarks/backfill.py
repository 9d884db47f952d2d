"""Six sample weeks as a backfill from the UI, in a real browser, beside the same weeks at the command line.

    python -m benchmarks.backfill [FIRST LAST]

Needs Debian's Chromium. On a fresh store ``verbundradar dev`` is started, the weekly job's backfill of 2020-W13 to
2020-W18 (or of other weeks) is launched by clicks and waited for: wall time from the click to the last run's end, CPU
time and peak memory of all processes of the service meanwhile (proportional set size, looked at twice a second; the
browser is not counted), and whether every byte below tables and reports is the command line's. Then a run is killed
until it is shown as failed, and the service is stopped in the middle of another.
"""

import hashlib
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from sources.week import Week
from tests.pipelines.browser import Ui, backfilled, opened, processes_of, runs_of, started, wait_for

TICKS = os.sysconf("SC_CLK_TCK")
LOOK_SECONDS = 0.5


@dataclass
class Usage:
    """What all processes on a store used, as far as seen."""

    ticks: dict[int, int] = field(default_factory=dict)  # CPU time by process, as last seen
    peak_mb: float = 0
    most_processes: int = 0

    @property
    def cpu_seconds(self) -> float:
        return sum(self.ticks.values()) / TICKS

    def look(self, store: Path) -> None:
        processes, megabytes = processes_of(store), 0.0
        for process in processes:
            with suppress(OSError):  # it has ended meanwhile
                folder = Path("/proc") / str(process)
                fields = (folder / "stat").read_text().rpartition(")")[2].split()
                self.ticks[process] = int(fields[11]) + int(fields[12])
                rollup = (folder / "smaps_rollup").read_text()
                megabytes += int(rollup.partition("\nPss:")[2].split()[0]) / 1024
        self.peak_mb, self.most_processes = max(self.peak_mb, megabytes), max(self.most_processes, len(processes))


@contextmanager
def watched(store: Path) -> Iterator[Usage]:
    """Usage while something runs; what the processes had used before does not count."""
    usage, ended, before = Usage(), threading.Event(), Usage()
    before.look(store)

    def look_on() -> None:
        while not ended.wait(LOOK_SECONDS):
            usage.look(store)

    thread = threading.Thread(target=look_on)
    thread.start()
    yield usage
    ended.set()
    thread.join()
    for process, ticks in before.ticks.items():
        usage.ticks[process] = usage.ticks.get(process, ticks) - ticks


def at_the_command_line(command: str, store: Path, weeks: list[Week]) -> float:
    """Wall seconds; prints its figures."""
    call = [command, "run", "--store", str(store), "--week", f"{weeks[0]}..{weeks[-1]}"]
    began = time.monotonic()
    child = subprocess.Popen(call, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, used = os.wait4(child.pid, 0)
    seconds = time.monotonic() - began
    if os.waitstatus_to_exitcode(status) not in (0, 2):
        sys.exit(f"{command} ended with {os.waitstatus_to_exitcode(status)}")
    cpu_seconds = used.ru_utime + used.ru_stime
    print(f"command line: {seconds:.0f} s, {cpu_seconds:.0f} CPU s, {used.ru_maxrss / 1024:.0f} MB", flush=True)
    return seconds


def digests(store: Path) -> dict[str, str]:
    return {
        str(path.relative_to(store)): hashlib.sha256(path.read_bytes()).hexdigest()
        for room in ("tables", "reports")
        for path in sorted((store / room).rglob("*"))
        if path.is_file()
    }


def killed(ui: Ui, monday: str) -> None:
    """Kill the process of a run; prints how long it takes to be shown as failed."""
    before = set(processes_of(ui.store))
    started(ui, monday)
    found = processes_of(ui.store)
    [process] = [one for one in found.keys() - before if "multiprocessing.spawn" in found[one]]
    os.kill(process, signal.SIGKILL)
    began = time.monotonic()
    wait_for(lambda: runs_of(ui)[0]["status"] == "FAILURE", "the killed run to be shown as failed", 120)
    print(f"a killed run is shown as failed after {time.monotonic() - began:.0f} s", flush=True)


def backfill(ui: Ui, weeks: list[Week], alone: Path, allowed: float) -> None:
    """Prints how the weeks of the UI compare with those of the command line."""
    mondays = [week.monday.isoformat() for week in weeks]
    with watched(ui.store) as usage:
        runs, seconds = backfilled(ui, f"[{mondays[0]}...{mondays[-1]}]", len(weeks))
    print(
        f"from the UI: {seconds:.0f} s ({seconds / allowed:.2f} of the command line), {usage.cpu_seconds:.0f} CPU s, "
        f"{usage.peak_mb:.0f} MB in at most {usage.most_processes} processes"
    )
    ends = ", ".join(sorted({run["status"] for run in runs}))
    print(f"{len(runs)} runs: {ends}; oldest week first: {[run['monday'] for run in runs] == mondays}")
    made, expected = digests(ui.store), digests(alone)
    different = sum(made.get(name) != expected.get(name) for name in made.keys() | expected.keys())
    print(f"files: {len(expected)}, of which differ: {different}", flush=True)


def main(first: str = "2020-W13", last: str = "2020-W18") -> None:
    weeks = [Week.parse(first)]
    while weeks[-1] < Week.parse(last):
        weeks.append(weeks[-1].shifted(1))
    monday = weeks[-1].monday.isoformat()
    command = str(Path(sys.executable).with_name("verbundradar"))
    print(f"{len(weeks)} weeks, load {', '.join(f'{load:.1f}' for load in os.getloadavg())}", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        alone, store = Path(folder) / "alone", Path(folder) / "ui" / "store"
        store.parent.mkdir()
        allowed = at_the_command_line(command, alone, weeks)
        with opened(command, store) as ui:
            backfill(ui, weeks, alone, allowed)
            killed(ui, monday)
            started(ui, monday)
            ui.process.send_signal(signal.SIGINT)
            ui.process.wait(60)
            print(f"processes left after the service was stopped in the middle of a run: {len(processes_of(store))}")


if __name__ == "__main__":
    main(*sys.argv[1:])
