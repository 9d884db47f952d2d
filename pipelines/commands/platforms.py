"""``verbundradar platforms``: the registry, with how each platform last fared."""

from pathlib import Path

import click
import pandas as pd
from rich.console import Console
from rich.table import Table

from pipelines.resources import default_store
from sources import PLATFORMS

COLUMNS = ("name", "title", "access", "language", "last good state", "listings", "quarantined")


@click.command()
@click.option("--store", type=click.Path(path_type=Path), help="Where results are kept.")
def command(store: Path | None) -> None:
    """List the platforms with access, language and last good state."""
    states = _last_good_states((store or Path(default_store(None, None))) / "tables" / "source_states")
    table = Table(*COLUMNS, title=f"{len(PLATFORMS)} platforms", title_justify="left")
    for platform in PLATFORMS:
        state = states.get(platform.name, ("never", "–", "–"))
        table.add_row(platform.name, platform.title, platform.kind_of_access, platform.language, *state)
    Console().print(table)


def _last_good_states(folder: Path) -> dict[str, tuple[str, str, str]]:
    """By platform: the last week in which it was fresh, with rows listed and quarantined."""
    states: dict[str, tuple[str, str, str]] = {}
    for path in sorted(folder.glob("[!.]*.parquet")):
        frame = pd.read_parquet(path)
        for row in frame[frame["state"] == "fresh"].itertuples():
            states[str(row.platform)] = (path.stem, str(row.rows_listed), str(row.rows_quarantined))
    return states
