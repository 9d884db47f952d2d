"""``verbundradar purge``: delete what has been kept as long as it may be."""

import sys
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import click

from pipelines.lock import WAIT_SECONDS, Busy, only_run
from pipelines.resources import store_of


@click.command()
@click.option("--dry-run", is_flag=True, help="Say what is due and delete nothing; status 2 if it is overdue.")
@click.option("--store", type=click.Path(path_type=Path), help="Where results are kept.")
def command(dry_run: bool, store: Path | None) -> None:
    """Delete what has been kept as long as it may be: see retention.yaml in the store.

    Raw snapshots that earlier versions left open are sealed, and whatever others may read is closed to them.
    """
    from pipelines.instance import purge_runs
    from pipelines.retention import Retention, read_periods
    from pipelines.seal import Unopened

    root = store_of(store).absolute()
    if not root.is_dir():
        raise click.ClickException(f"there is no store {root}")
    now, retention = datetime.now(UTC), Retention(root)
    try:
        periods = read_periods(root)
        if dry_run:
            counts, overdue = Counter(one.data_class for one in retention.due(now)), retention.overdue()
        else:
            with only_run(root, "purge", WAIT_SECONDS, lambda line: click.echo(line, err=True)):
                counts, overdue = Counter(retention.purge(now)), {}
                counts["runs"] += purge_runs(root, now, periods.runs)
    except (Busy, Unopened, ValueError) as error:
        raise click.ClickException(str(error)) from error
    for name, weeks in periods.model_dump().items():
        late = f", {overdue[name]} overdue" if name in overdue else ""
        click.echo(f"{name}: {counts[name]} {'due' if dry_run else 'deleted'}, kept for {weeks} weeks{late}")
    if overdue:
        sys.exit(2)
