"""``verbundradar serve``: one service of an installation, in the foreground."""

import os
import sys
from pathlib import Path
from typing import Any

import click

from pipelines.commands.dev import service_environment
from pipelines.commands.run import settings_of, where


@click.command()
@click.argument("service", type=click.Choice(["ui", "daemon"]))
@click.option("--read-only", is_flag=True, help="A UI in which nobody can change anything, for viewers.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Where the UI listens; it has no log-in.")
@click.option("--port", default=3000, show_default=True)
@where
def command(service: str, read_only: bool, host: str, port: int, **options: Any) -> None:
    """Be one service of an installation: a UI, or the daemon with schedules, sensors and runs.

    It takes the place of this process, as containers and systemd want it; `dev` starts both for one person. All
    services of an installation need the same VERBUNDRADAR_POSTGRES, the daemon alone needs the store.
    """
    from pipelines.instance import use_dagster_home

    settings = settings_of(**options)
    use_dagster_home(settings.store)
    module = ["-m", "pipelines.definitions"]
    of_ui = ["dagster-webserver", "-h", host, "-p", str(port), *(["--read-only"] if read_only else [])]
    # The daemon tells every second that it looked.
    quiet = ["--log-level", "warning"]
    words = [*of_ui, *module, *quiet] if service == "ui" else ["dagster-daemon", "run", *module, *quiet]
    program = str(Path(sys.executable).with_name(words[0]))
    os.execve(program, [program, *words[1:]], service_environment(settings))  # noqa: S606 - our own words
