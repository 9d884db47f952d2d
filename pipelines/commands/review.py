"""``verbundradar review``: a blind sample of a week's matches for people to judge."""

from pathlib import Path

import click

from pipelines.resources import store_of
from reports.language import LANGUAGES


@click.command()
@click.option("--week", "name", required=True, metavar="WEEK", help="ISO week such as 2020-W18.")
@click.option("--language", type=click.Choice(LANGUAGES), default="de", show_default=True)
@click.option("--output", type=click.Path(path_type=Path), help="File to write; by default review-WEEK.xlsx.")
@click.option("--store", type=click.Path(path_type=Path), help="Where results are kept.")
def command(name: str, language: str, output: Path | None, store: Path | None) -> None:
    """Write 20 random matches of a week, without scores, as a workbook.

    Filled in and dropped into the folder answers of the store it is read with the next run; the monitor then tells how
    many matches fit.
    """
    from matching.cases.review import sample
    from matching.schema import Match
    from pipelines.outputs import HoldsContacts, hold_clean, public_contacts
    from pipelines.stored import UnreadableTable, read_stored
    from reports.review import review_workbook
    from sources.listing import Listing
    from sources.week import Week

    tables = store_of(store).absolute() / "tables"
    try:
        week = Week.parse(name)
        matches = read_stored(tables / "matches" / f"{week}.parquet", Match)
        listings = read_stored(tables / "listings" / f"{week}.parquet", Listing)
    except (ValueError, UnreadableTable) as error:
        raise click.ClickException(str(error)) from error
    words = listings[["title", "text"]].fillna("").agg("\n".join, axis=1)
    said = dict(zip(listings["listing_id"], words, strict=True))
    path = output or Path(f"review-{week}.xlsx")
    if path.exists():
        raise click.ClickException(f"{path} exists already")
    workbook = review_workbook(sample(matches, week), said, week, language)
    try:
        hold_clean(f"review {week}", {path.name: workbook}, public_contacts())
    except HoldsContacts as error:
        raise click.ClickException(str(error)) from error
    path.write_bytes(workbook)
    click.echo(path)
