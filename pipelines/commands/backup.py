"""``verbundradar backup``: a store, or its keys, in one file."""

from datetime import UTC, datetime
from pathlib import Path

import click

from pipelines.faults import store_fault
from pipelines.lock import WAIT_SECONDS, Busy, only_run
from pipelines.resources import store_of


@click.command()
@click.argument("target", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--keys", is_flag=True, help="The keys instead of the store; they belong in another place.")
@click.option("--store", type=click.Path(path_type=Path), help="Where results are kept.")
def command(target: Path, keys: bool, store: Path | None) -> None:
    """Write a store into the zip archive TARGET: raw snapshots as they are sealed, tables, reports, decisions, records.

    No run works in the store meanwhile. Keys are in it only with --keys, and then nothing else. Dagster's records in
    Postgres are backed up by pg_dump.
    """
    from pipelines.backup import KEYS, STORE, BackupFault, back_up

    root, target = store_of(store).absolute(), target.absolute()
    if not root.is_dir():
        raise click.ClickException(f"there is no store {root}")
    if target.is_relative_to(root):
        raise click.ClickException("a back-up in the store itself would be lost with it; name another place")
    try:
        with only_run(root, "backup", WAIT_SECONDS, lambda line: click.echo(line, err=True)):
            files = back_up(root, target, KEYS if keys else STORE, datetime.now(UTC))
    except (BackupFault, Busy) as error:
        raise click.ClickException(str(error)) from error
    except OSError as error:
        raise click.ClickException(store_fault(error) or f"{type(error).__name__}: {error.strerror}") from error
    click.echo(f"{files} files, {target.stat().st_size / 1e6:.1f} MB: {target}")
