"""A program and all processes that it starts, of which none outlives us; ``python -m pipelines.to_the_end PROGRAM …``

Nothing but the standard library: it waits beside a service for weeks, and what starts one has loaded 200 MB.
"""

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress

GRACE_SECONDS = 20  # for runs to note that they were ended; Dagster's own services took ten on a busy machine
TOLD_TO_STOP = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def main(program: list[str]) -> int:
    """Run a program until it ends or we are told to stop, which ends it and its processes."""

    def stop(_number: int, _frame: object) -> None:
        raise KeyboardInterrupt

    for number in TOLD_TO_STOP:
        signal.signal(number, stop)
    # A group of its own: Dagster's runs would go on without it.
    with subprocess.Popen(program, start_new_session=True) as started:  # noqa: S603 - our own words
        try:
            return started.wait()
        except KeyboardInterrupt:
            return 0
        finally:
            for number in TOLD_TO_STOP:
                signal.signal(number, signal.SIG_IGN)
            _end(started)


def _end(started: "subprocess.Popen[bytes]") -> None:
    """End a process and its group: kindly, then by force."""
    with suppress(ProcessLookupError):
        for number, seconds in ((signal.SIGTERM, GRACE_SECONDS), (signal.SIGKILL, 5)):
            os.killpg(started.pid, number)
            by = time.monotonic() + seconds
            while time.monotonic() < by:
                started.poll()
                os.killpg(started.pid, 0)  # raises when nobody is left
                time.sleep(0.2)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
