"""Services that end together, in small real processes: the first answers late, the second has a child of its own."""

import os
import shlex
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from pipelines.to_the_end import SOCKET
from tests.pipelines.browser import processes_of, wait_for

FIRST = """
import socket, sys, time
time.sleep(1)
server = socket.socket(socket.AF_UNIX)
server.bind(sys.argv[1])
server.listen()
time.sleep(600)
"""
SECOND = "test -S {socket} && touch {began}; sleep 600 & sleep 601"
STUBBORN = "trap '' TERM; touch {began}; sleep 600; sleep 601"
WITHIN = 10


@contextmanager
def services(folder: Path, *lines: str, grace: float = 20) -> Iterator["subprocess.Popen[bytes]"]:
    """Services under a process that sees them to the end, known by a store that is nowhere."""
    own = folder / "own"
    own.mkdir()
    program = f"import sys, pipelines.to_the_end as it; it.GRACE_SECONDS = {grace}; sys.exit(it.main(*sys.argv[1:]))"
    call = [sys.executable, "-c", program, str(own), *lines]
    environment = os.environ | {"VERBUNDRADAR_STORE": str(folder)}
    with subprocess.Popen(call, env=environment, stderr=subprocess.DEVNULL) as process:
        yield process
    assert processes_of(folder) == {}
    assert not own.exists()


def first(folder: Path) -> str:
    return shlex.join([sys.executable, "-c", FIRST, str(folder / "own" / SOCKET)])


def second(folder: Path, shell: str = SECOND) -> str:
    return shlex.join(["sh", "-c", shell.format(socket=folder / "own" / SOCKET, began=folder / "began")])


def wait_for_second(folder: Path) -> None:
    """Wait until the second service has begun, which it only tells when the first one answered before."""
    wait_for((folder / "began").exists, "the second service", WITHIN)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_told_to_stop_it_ends_services_and_their_children(tmp_path: Path, number: signal.Signals) -> None:
    with services(tmp_path, first(tmp_path), second(tmp_path)) as process:
        wait_for_second(tmp_path)
        wait_for(lambda: len(processes_of(tmp_path)) == 5, "all processes", WITHIN)
        process.send_signal(number)
        assert process.wait(WITHIN) == 0


@pytest.mark.parametrize("which", ["server.bind", "sleep 600 & sleep 601"])
def test_whichever_service_ends_first_ends_all(tmp_path: Path, which: str) -> None:
    with services(tmp_path, first(tmp_path), second(tmp_path)) as process:
        wait_for_second(tmp_path)
        [service] = [
            number
            for number, words in processes_of(tmp_path).items()
            if which in words and number != process.pid and "to_the_end" not in words
        ]
        os.kill(service, signal.SIGKILL)
        assert process.wait(WITHIN) != 0


def test_nothing_starts_without_the_first_service_whose_status_is_told(tmp_path: Path) -> None:
    with services(tmp_path, "sh -c 'exit 3'", second(tmp_path)) as process:
        assert process.wait(WITHIN) == 3
    assert not (tmp_path / "began").exists()


def test_who_does_not_listen_is_killed(tmp_path: Path) -> None:
    with services(tmp_path, first(tmp_path), second(tmp_path, STUBBORN), grace=1) as process:
        wait_for_second(tmp_path)
        process.terminate()
        assert process.wait(WITHIN) == 0


def test_it_loads_nothing_but_the_standard_library() -> None:
    told = "import sys; before = set(sys.modules); import pipelines.to_the_end; print(*set(sys.modules) - before)"
    loaded = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True).stdout.split()
    assert {name.partition(".")[0] for name in loaded} - sys.stdlib_module_names == {"pipelines"}
