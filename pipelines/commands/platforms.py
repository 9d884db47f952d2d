"""``verbundradar platforms``: the registry, with how each platform last fared."""

from pathlib import Path
from typing import NamedTuple

import click
from rich.console import Console
from rich.table import Table

from pipelines.resources import store_of
from pipelines.stored import UnreadableTable, read_stored
from sources.listing import SourceState
from sources.platforms import PLATFORMS

WIDE = 150  # columns; a narrower terminal leaves the titles out rather than cutting names


class Fared(NamedTuple):
    """How a platform did in a store: in the newest week, and when it was last fresh."""

    now: str = "–"
    last_good: str = "never"
    listings: str = "–"
    quarantined: str = "–"


@click.command()
@click.option("--store", type=click.Path(path_type=Path), help="Where results are kept.")
def command(store: Path | None) -> None:
    """List the platforms with access, language and last good state.

    The counts are those of the last good state; a directory's listings are its members. "now" is the newest week:
    fresh, stale, missing, or – for a platform that the store does not follow.
    """
    store = store_of(store)
    fared, newest = _fared(store / "tables" / "source_states")
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("name", "access", "language", "now", "last good state"):
        table.add_column(heading, no_wrap=True)
    for heading in ("listings", "quarantined"):
        table.add_column(heading, justify="right", no_wrap=True)
    console = Console()
    is_wide = not console.is_terminal or console.width >= WIDE
    if is_wide:
        console.width = max(console.width, WIDE)
        table.add_column("title", no_wrap=True)
    for platform in PLATFORMS:
        own = fared.get(platform.name, Fared())
        titles = [platform.title] if is_wide else []
        table.add_row(platform.name, platform.kind_of_access, platform.language, *own, *titles)
    console.print(table)
    console.print(f"{len(PLATFORMS)} platforms; {newest or 'no week yet'} in {store}", highlight=False, soft_wrap=True)


def _fared(folder: Path) -> tuple[dict[str, Fared], str]:
    """By platform how it fared, and the newest week."""
    fared: dict[str, Fared] = {}
    newest = ""
    for path in sorted(folder.glob("[!.]*.parquet")):
        newest = path.stem
        try:
            states = read_stored(path, SourceState)
        except UnreadableTable as error:
            raise click.ClickException(str(error)) from error
        fared = {name: before._replace(now="–") for name, before in fared.items()}
        for row in states.itertuples():
            before = fared.get(str(row.platform), Fared())
            if row.state == "fresh":
                before = Fared("fresh", newest, f"{row.rows_listed:,}", f"{row.rows_quarantined:,}")
            fared[str(row.platform)] = before._replace(now=str(row.state))
    return fared, newest
