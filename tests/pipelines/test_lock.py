"""Two runs in one store, as two real processes; and what a killed one leaves behind."""

import json
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from pipelines.lock import Busy, only_run
from pipelines.whole_files import write_whole

HOLDER = """
import sys, time
from pathlib import Path
from pipelines.lock import only_run
with only_run(Path(sys.argv[1]), "run 2020-W18"):
    print("held", flush=True)
    time.sleep(float(sys.argv[2]))
"""


def holding(store: Path, seconds: float) -> "subprocess.Popen[str]":
    """A process that holds the store."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(store), str(seconds)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def test_the_second_says_who_runs_and_does_nothing(tmp_path: Path, command: str) -> None:
    with holding(tmp_path, 300) as first:
        try:
            call = [command, "run", "--store", str(tmp_path), "--week", "2020-W13", "--wait", "0"]
            second = subprocess.run(call, capture_output=True, text=True, timeout=120, check=False)
        finally:
            first.kill()
    assert (second.returncode, second.stdout) == (1, "")
    [line] = second.stderr.splitlines()
    assert line.startswith(f"Error: another run works in this store: process {first.pid}, since 20")
    assert line.endswith("run 2020-W18; nothing was done, try again when it has ended")
    assert str(tmp_path) not in line
    assert not (tmp_path / "tables").exists()


def test_the_second_waits_and_goes_on_when_the_first_is_killed(tmp_path: Path) -> None:
    told: list[str] = []
    with holding(tmp_path, 300) as first:
        with pytest.raises(Busy, match=str(first.pid)), only_run(tmp_path, "another", 0.3, told.append):
            pass
        first.kill()
        with only_run(tmp_path, "after it", 30), only_run(tmp_path, "the same process again", 0):
            assert json.loads((tmp_path / ".running.json").read_text())["command"] == "after it"
    assert not (tmp_path / ".running.json").exists()
    assert [line.partition("; ")[2] for line in told] == ["waiting for it, at most 0.3 s"]


def test_two_runs_of_one_week_at_once_leave_what_one_leaves(
    tmp_path: Path, command: str, digests: Callable[[Path], Mapping[str, str]]
) -> None:
    def started(store: Path) -> "subprocess.Popen[str]":
        call = [command, "run", "--store", str(store), "--week", "2020-W13", "--platform", "biopro_boerse"]
        return subprocess.Popen(call, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    both = [started(tmp_path / "both"), started(tmp_path / "both")]
    ends = [process.communicate(timeout=900) for process in both]
    assert [process.returncode for process in both] == [both[0].returncode] * 2, ends
    alone = started(tmp_path / "alone")
    alone.communicate(timeout=900)
    assert sum("another run works in this store" in errors for _, errors in ends) == 1
    assert digests(tmp_path / "both") == digests(tmp_path / "alone")
    assert not [path for path in (tmp_path / "both").rglob(".*") if path.name not in {".lock"}]


def test_what_a_killed_process_left_half_written_goes_with_the_next_whole_one(tmp_path: Path) -> None:
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    (tmp_path / f".page.html.{gone.pid}-abcd1234").write_bytes(b"<html>")
    living = tmp_path / f".page.html.{1}-abcd1234"  # the first process of a machine always lives
    living.write_bytes(b"<html>")
    write_whole(tmp_path / "page.html", b"<html></html>")
    assert sorted(path.name for path in tmp_path.iterdir()) == [living.name, "page.html"]
