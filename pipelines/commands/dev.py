"""``verbundradar dev``: the Dagster UI on the same store as ``run``."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import click

from pipelines.commands.run import settings_of, where
from pipelines.resources import VARIABLES, Settings

GRACE_SECONDS = 20  # for runs to note that they were ended; Dagster's own services took ten on a busy machine
TOLD_TO_STOP = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@click.command()
@where
@click.option("--port", default=3000, show_default=True)
def command(port: int, **options: Any) -> None:
    """Start the Dagster UI and its daemon on this machine only; stop with Ctrl+C, which ends its runs too."""
    import dagster as dg  # only once the options are known to be good

    from pipelines.instance import use_dagster_home

    settings = settings_of(**options)
    use_dagster_home(settings.store)
    with dg.DagsterInstance.get() as instance:
        if not any(state.is_running for state in instance.all_instigator_state()):
            click.echo("nothing runs by itself in this store; to switch it on: verbundradar schedules on", err=True)
    dagster = str(Path(sys.executable).with_name("dagster"))
    # The UI has no log-in: it must not be reachable from other machines.
    address = ["-h", "127.0.0.1", "-p", str(port)]
    quiet = ["--log-level", "warning"]  # the queue tells every second that it looked
    click.echo(f"http://127.0.0.1:{port} on {settings.store}, in a few seconds; Ctrl+C ends it", err=True)
    program = [dagster, "dev", "-m", "pipelines.definitions", *address, *quiet]
    sys.exit(_run_to_the_end(program, service_environment(settings)))


def service_environment(settings: Settings) -> dict[str, str]:
    """What a service of Dagster reads these settings from, whatever ours were read from."""
    inherited = {name: value for name, value in os.environ.items() if name not in VARIABLES}
    return {**inherited, **settings.environment()}


def _run_to_the_end(program: list[str], environment: Mapping[str, str]) -> int:
    """Run a program until it ends or we are told to stop; none of the processes it started outlives it."""

    def stop(_number: int, _frame: object) -> None:
        raise KeyboardInterrupt

    for number in TOLD_TO_STOP:
        signal.signal(number, stop)
    # A group of its own: Dagster's runs would go on without it.
    with subprocess.Popen(program, env=environment, start_new_session=True) as started:  # noqa: S603 - our own words
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
