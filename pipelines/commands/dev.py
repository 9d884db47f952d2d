"""``verbundradar dev``: the Dagster UI on the same store as ``run``."""

import os
import sys
from pathlib import Path
from typing import Any

import click

from pipelines.commands.run import settings_of, where
from pipelines.resources import VARIABLES, Settings


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
    # In place of this process, which has loaded far more than it takes to wait.
    waiting = [sys.executable, "-m", "pipelines.to_the_end", *program]
    os.execve(sys.executable, waiting, service_environment(settings))  # noqa: S606 - our own words


def service_environment(settings: Settings) -> dict[str, str]:
    """What a service of Dagster reads these settings from, whatever ours were read from."""
    inherited = {name: value for name, value in os.environ.items() if name not in VARIABLES}
    return {**inherited, **settings.environment()}
