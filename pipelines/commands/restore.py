"""``verbundradar restore``: a store out of its back-up, without whom was erased since."""

from pathlib import Path

import click

from pipelines.faults import store_fault
from pipelines.lock import Busy, only_run
from pipelines.resources import keys_of, store_of


@click.command()
@click.argument("source", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@click.option("--keys", is_flag=True, help="An archive with keys; they come first.")
@click.option("--store", type=click.Path(path_type=Path), help="Where results are kept.")
def command(source: Path, keys: bool, store: Path | None) -> None:
    """Write the archive SOURCE, which `backup` made, into an empty store.

    All of it is compared with its manifest before anything is written. Whoever stands on today's list of erased persons
    is taken out of what came back.
    """
    from pipelines.backup import KEYS, STORE, BackupFault, restore
    from pipelines.cleaned_store import StoreCleaner
    from pipelines.erasure.snapshots import NotErasable
    from pipelines.erasure.suppressed import Suppressed
    from pipelines.seal import Unopened

    root = store_of(store).absolute()
    try:
        with only_run(root, "restore", wait_seconds=0):
            files = restore(root, source, KEYS if keys else STORE, click.echo)
            click.echo(f"{files} files put back")
            suppressed = Suppressed(keys_of(root))
            if suppressed.entries and not keys:
                cleaner = StoreCleaner(root, suppressed, is_dry=False)
                cleaner.clean()
                click.echo(f"{sum(cleaner.found.values())} places held what was erased and hold it no more")
    except (BackupFault, Busy, NotErasable, Unopened) as error:
        raise click.ClickException(str(error)) from error
    except OSError as error:
        raise click.ClickException(store_fault(error) or f"{type(error).__name__}: {error.strerror}") from error
