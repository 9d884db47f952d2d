"""``verbundradar`` in a process of its own that begins where its imports end.

A start loads libraries, encoder, dictionaries and towns: six CPU seconds of the fifteen of a small week, and the tests
start it often. Here one process loads them and then becomes the command, once for each call, in a fork of itself. Calls
that are killed or whose time counts, those of the documents, of services and of other machines start it from nothing.
"""

import atexit
import json
import os
import signal
import subprocess
import sys
import time
import traceback
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NoReturn, TypedDict

from pipelines.cli import COMMANDS, main

LONGEST_SECONDS = 900


class Order(TypedDict):
    """A call, in which folder and environment, and the files that take what it says."""

    call: list[str]
    folder: str
    environment: dict[str, str]
    stdout: str
    stderr: str


class Warm:
    """The loaded process, while the context lasts."""

    def __enter__(self) -> "Warm":
        program = [sys.executable, "-m", "tests.pipelines.warm"]
        self._loaded = subprocess.Popen(program, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        return self

    def __exit__(self, *_: object) -> None:
        self._loaded.communicate()

    def run(self, *arguments: str | Path) -> "subprocess.CompletedProcess[str]":
        """What the command does in this folder and environment; output as text."""
        call = ["verbundradar", *map(str, arguments)]
        assert self._loaded.stdin is not None
        assert self._loaded.stdout is not None
        with TemporaryDirectory() as folder:
            said = [Path(folder) / name for name in ("stdout", "stderr")]
            order = Order(
                call=call,
                folder=str(Path.cwd()),
                environment=dict(os.environ),
                stdout=str(said[0]),
                stderr=str(said[1]),
            )
            self._loaded.stdin.write(json.dumps(order) + "\n")
            self._loaded.stdin.flush()
            status = int(self._loaded.stdout.readline())
            return subprocess.CompletedProcess(call, status, *(path.read_text("utf-8") for path in said))


def load() -> None:
    """What every week loads, without reading a setting."""
    for name in COMMANDS:
        import_module(f"pipelines.commands.{name}")
    for name in ("weekly", "unchanged", "alerts"):
        import_module(f"pipelines.{name}")
    from matching.places import geography, towns
    from matching.taxonomy.concepts import load_taxonomy
    from matching.taxonomy.spelling import is_word
    from matching.texts.encoder import packaged_encoder

    packaged_encoder()
    load_taxonomy()
    is_word("zzz", ("de", "en", "fr"))
    for country in ("DE", "FR"):
        geography.namesakes(country, "Paris")
        towns.town(["paris"], "Paris", country)


def become(order: Order) -> NoReturn:
    """The command as it was called; ends this process, without the second that Python takes to put away the loaded."""
    signal.alarm(LONGEST_SECONDS)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    for descriptor, path in ((1, order["stdout"]), (2, order["stderr"])):
        os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), descriptor)
    os.environ.clear()
    os.environ.update(order["environment"])
    time.tzset()
    os.chdir(order["folder"])
    try:
        main(order["call"][1:], prog_name="verbundradar")
    except SystemExit as ended:
        status = int(ended.code or 0)
    except BaseException:
        traceback.print_exc()
        status = 1
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)


if __name__ == "__main__":
    load()
    for line in sys.stdin:
        child = os.fork()
        if not child:
            become(json.loads(line))
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
