"""``verbundradar purge``: what a store need not keep goes."""

from datetime import UTC, datetime
from pathlib import Path

import click

from pipelines.lock import WAIT_SECONDS, Busy, only_run
from pipelines.resources import Keep, default_store


@click.command()
@click.option("--store", type=click.Path(path_type=Path), help="Where results are kept.")
def command(store: Path | None) -> None:
    """Remove records of old runs, and old tables that no report and no later week needs.

    Documents, raw snapshots and the history stay. Kept are the tables of VERBUNDRADAR_KEEP_WEEKS (53) and the records
    of runs for VERBUNDRADAR_KEEP_RUN_DAYS (92). The last line says what went.
    """
    kept = (store or Path(default_store(None, None))).absolute()
    if not (kept / "tables").is_dir():
        raise click.ClickException(f"{kept} is no store: nothing was ever run there")
    try:
        keep = Keep.from_environment()
    except ValueError as error:
        raise click.ClickException(str(error)) from error
    import dagster as dg

    from pipelines.instance import use_dagster_home
    from pipelines.retention import purge

    use_dagster_home(kept)
    try:
        with only_run(kept, "purge", WAIT_SECONDS, _say), dg.DagsterInstance.get() as instance:
            click.echo(purge(kept, instance, keep, datetime.now(UTC)))
    except Busy as error:
        raise click.ClickException(str(error)) from error


def _say(line: str) -> None:
    click.echo(line, err=True)
