"""``verbundradar allocate``: share offers out to requests in rounds."""

from pathlib import Path

import click
import pandas as pd

from matching.allocation import FAIR, NEAR, ROUNDS, allocate
from pipelines.tables import read_table, write_table
from sources.listing import LARGEST_PLAUSIBLE_QUANTITY

NAMED_AT_MOST = 5  # refused rows in a notice


@click.command()
@click.option("--requests", "requests_path", required=True, type=click.Path(path_type=Path), help="CSV or Parquet.")
@click.option("--offers", "offers_path", required=True, type=click.Path(path_type=Path), help="CSV or Parquet.")
@click.option("--distances", "distances_path", required=True, type=click.Path(path_type=Path), help="CSV or Parquet.")
@click.option("--output", required=True, type=click.Path(path_type=Path), help="CSV or Parquet to write.")
@click.option("--round", "rounds", type=click.Choice(list(ROUNDS)), default="weekly", help="How often is allocated.")
@click.option("--fair", is_flag=True, help="Serve as many requests as possible, at the price of more shipments.")
def command(
    requests_path: Path, offers_path: Path, distances_path: Path, output: Path, rounds: str, fair: bool
) -> None:
    """Allocate offers to requests of the same item, short ways first; no offer is promised twice.

    Requests need the columns request_id, receiver_id, item, quantity, date; offers offer_id, donor_id, item,
    quantity, date; distances donor_id, receiver_id, distance. The output has allocated_on, offer_id, request_id,
    item, quantity, distance. Rows without a usable quantity or date are left out and named.
    """
    requests = _read(requests_path, "request_id", "receiver_id")
    offers = _read(offers_path, "offer_id", "donor_id")
    allocation = allocate(
        requests, offers, _read_distances(distances_path), weights=FAIR if fair else NEAR, days=ROUNDS[rounds]
    )
    write_table(allocation, output)
    click.echo(f"{len(allocation)} allocations, {allocation['quantity'].sum():,.0f} units: {output}")


def _read(path: Path, name: str, party: str) -> pd.DataFrame:
    """Offers or requests, checked row by row."""
    columns = [name, party, "item", "quantity", "date"]
    table = read_table(path, columns, columns)
    texts = {column: table[column].astype("str").str.strip() for column in (name, party, "item")}
    read = table.assign(
        **texts,
        quantity=pd.to_numeric(table["quantity"], errors="coerce"),
        date=pd.to_datetime(table["date"], utc=True, format="ISO8601", errors="coerce"),
    )
    usable = (
        table[[name, party, "item"]].notna().all(axis="columns")
        & read["quantity"].between(0, LARGEST_PLAUSIBLE_QUANTITY, inclusive="right")
        & read["date"].notna()
        & ~read[name].duplicated()
    )
    if not usable.all():
        refused = read.loc[~usable, name].astype("str").to_list()
        more = f" and {len(refused) - NAMED_AT_MOST} more" if len(refused) > NAMED_AT_MOST else ""
        click.echo(
            f"{path.name}: left out without a usable quantity, date or {name}: "
            f"{', '.join(refused[:NAMED_AT_MOST])}{more}",
            err=True,
        )
    return read[usable]


def _read_distances(path: Path) -> pd.DataFrame:
    """Distances; names as categories, since few parties make many pairs."""
    columns = ["donor_id", "receiver_id", "distance"]
    table = read_table(path, columns, columns)
    names = {column: table[column].astype("str").astype("category") for column in ("donor_id", "receiver_id")}
    names = {column: values.cat.rename_categories(lambda name: name.strip()) for column, values in names.items()}
    table = table.assign(**names, distance=pd.to_numeric(table["distance"], errors="coerce"))
    usable = table["distance"] >= 0
    if not usable.all():
        click.echo(f"{path.name}: left out {int((~usable).sum())} rows without a usable distance", err=True)
    return table[usable]
