"""``verbundradar dev``: the Dagster UI on the same store as ``run``."""

import json
import os
import shlex
import sys
import tempfile
from pathlib import Path
from typing import Any

import click

from pipelines.commands.run import settings_of, where
from pipelines.resources import VARIABLES, Settings
from pipelines.to_the_end import SOCKET


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
    click.echo(f"http://127.0.0.1:{port} on {settings.store}, in a few seconds; Ctrl+C ends it", err=True)
    # Open to nobody else: whoever reaches the code server may read our files.
    folder = tempfile.mkdtemp(prefix="verbundradar-")
    # In place of this process, which has loaded far more than it takes to wait.
    waiting = [sys.executable, "-m", "pipelines.to_the_end", folder, *map(shlex.join, _services(Path(folder), port))]
    os.execve(sys.executable, waiting, service_environment(settings))  # noqa: S606 - our own words


def _services(folder: Path, port: int) -> tuple[list[str], ...]:
    """Code server, UI and daemon of Dagster; its own `dagster dev` holds two more processes, together 150 MB."""
    module, socket, workspace = "pipelines.definitions", str(folder / SOCKET), folder / "workspace.yaml"
    # The name is the one that the command line uses: switched schedules and sensors hang on it.
    server = {"location_name": module, "socket": socket}
    workspace.write_text(json.dumps({"load_from": [{"grpc_server": server}]}), encoding="utf-8")  # JSON is YAML
    programs = Path(sys.executable).parent
    quiet = ["--log-level", "warning"]  # the queue tells every second that it looked
    # The UI has no log-in: it must not be reachable from other machines.
    address = ["-h", "127.0.0.1", "-p", str(port)]
    return (
        [f"{programs}/dagster", "api", "grpc", "-m", module, "-s", socket, *quiet],
        [f"{programs}/dagster-webserver", *address, "-w", str(workspace), "--dagster-log-level", "warning"],
        [f"{programs}/dagster-daemon", "run", "-w", str(workspace), *quiet],
    )


def service_environment(settings: Settings) -> dict[str, str]:
    """What a service of Dagster reads these settings from, whatever ours were read from."""
    inherited = {name: value for name, value in os.environ.items() if name not in VARIABLES}
    # One heap for all threads instead of one for each: 22 MB less of 1,425 in a backfill, measured twice in turn.
    return {"MALLOC_ARENA_MAX": "1", **inherited, **settings.environment()}
