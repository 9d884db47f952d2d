"""``verbundradar dev``: the Dagster UI on the same store as ``run``."""

import os
import sys
from pathlib import Path

import click

from pipelines.resources import default_store


@click.command()
@click.option("--inbox", type=click.Path(path_type=Path, exists=True, file_okay=False), help="As for run.")
@click.option("--live", metavar="URL", help="As for run.")
@click.option("--store", type=click.Path(path_type=Path), help="As for run.")
@click.option("--port", default=3000, show_default=True)
def command(inbox: Path | None, live: str | None, store: Path | None, port: int) -> None:
    """Start the Dagster UI and its daemon on this machine only; stop with Ctrl+C."""
    store = (store or Path(default_store(str(inbox) if inbox else None, live))).absolute()
    os.environ["VERBUNDRADAR_STORE"] = str(store)
    if inbox is not None:
        os.environ["VERBUNDRADAR_INBOX"] = str(inbox.absolute())
    if live is not None:
        os.environ["VERBUNDRADAR_LIVE"] = live
    from pipelines.weekly import use_dagster_home

    use_dagster_home(store)
    dagster = str(Path(sys.executable).with_name("dagster"))
    # The UI has no log-in: it must not be reachable from other machines.
    os.execv(dagster, [dagster, "dev", "-m", "pipelines.definitions", "-h", "127.0.0.1", "-p", str(port)])  # noqa: S606
