"""``verbundradar mirror``: tables and reports once more in a bucket."""

from pathlib import Path

import click

from pipelines.lock import WAIT_SECONDS, Busy, only_run
from pipelines.resources import mirror_address, store_of


@click.command()
@click.option("--store", type=click.Path(path_type=Path), help="Where results are kept.")
def command(store: Path | None) -> None:
    """Bring the copy of tables and reports up to date at the address that VERBUNDRADAR_MIRROR names."""
    from pipelines.mirror import Mirror, MirrorFault

    root = store_of(store).absolute()
    if not root.is_dir():
        raise click.ClickException(f"there is no store {root}")
    try:
        mirror = Mirror(root, mirror_address())
        if not mirror.address:
            raise click.ClickException("VERBUNDRADAR_MIRROR names no address such as s3://bucket/folder")
        with only_run(root, "mirror", WAIT_SECONDS, lambda line: click.echo(line, err=True)):
            copied = mirror.copy()
    except (Busy, MirrorFault, ValueError) as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{copied.written} written, {copied.deleted} deleted, {copied.unchanged} unchanged: {mirror.address}")
