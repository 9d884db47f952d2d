"""Services that belong together, and all processes that they start, of which none outlives us.

    python -m pipelines.to_the_end FOLDER SERVICE...

Each service is a line for the shell. The first one answers at a socket in the folder, the others need it and start when
it does. The folder is deleted at the end.

Nothing but the standard library: it waits beside the services for weeks, and what starts them has loaded 200 MB.
"""

import os
import shlex
import shutil
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from socket import AF_UNIX, socket

SOCKET = "socket"
LOOK_SECONDS = 0.2  # a look at three processes takes six microseconds
GRACE_SECONDS = 20  # for runs to note that they were ended; Dagster's own services took ten on a busy machine
TOLD_TO_STOP = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
Services = list["subprocess.Popen[bytes]"]


def main(folder: str, *services: str) -> int:
    """Run services until one of them ends or we are told to stop, which ends them and their processes."""

    def stop(_number: int, _frame: object) -> None:
        raise KeyboardInterrupt

    for number in TOLD_TO_STOP:
        signal.signal(number, stop)
    started: Services = []
    waiting = list(services)
    try:
        while not (ended := _ended(started)):
            if waiting and (not started or _answers(Path(folder) / SOCKET)):
                # Each in a group of its own: Dagster's runs would go on without it.
                program = shlex.split(waiting.pop(0))
                started.append(subprocess.Popen(program, start_new_session=True))  # noqa: S603 - our own words
            time.sleep(LOOK_SECONDS)
        return ended[0]
    except KeyboardInterrupt:
        return 0
    finally:
        for number in TOLD_TO_STOP:
            signal.signal(number, signal.SIG_IGN)
        _end(started)
        shutil.rmtree(folder, ignore_errors=True)


def _answers(path: Path) -> bool:
    with socket(AF_UNIX) as one:
        return one.connect_ex(str(path)) == 0


def _ended(started: Services) -> list[int]:
    """The exit status of each service that has ended."""
    return [status for one in started if (status := one.poll()) is not None]


def _end(started: Services) -> None:
    """End services and their groups: kindly, then by force."""
    left = started
    for number, seconds in ((signal.SIGTERM, GRACE_SECONDS), (signal.SIGKILL, 5)):
        by = time.monotonic() + seconds
        left = [one for one in left if _reaches(one, number)]
        while left and time.monotonic() < by:
            time.sleep(LOOK_SECONDS)
            left = [one for one in left if _reaches(one, 0)]


def _reaches(service: "subprocess.Popen[bytes]", number: int) -> bool:
    """Send a signal to a service and its group; whether anybody was left."""
    service.poll()  # who has ended counts until somebody asks
    with suppress(ProcessLookupError):
        os.killpg(service.pid, number)
        return True
    return False


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
