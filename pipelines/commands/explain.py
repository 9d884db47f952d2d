"""``verbundradar explain``: why two records are one organisation, or why not."""

import json
from pathlib import Path

import click
import pandas as pd
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from matching.organisations.linking import THRESHOLD
from matching.organisations.resolve import Explanation, explain, records_of, records_of_directories
from matching.taxonomy.concepts import load_taxonomy
from pipelines.commands.resolve import read_judgements, read_records
from pipelines.resources import store_of
from pipelines.stored import UnreadableTable, read_stored
from reports.language import LANGUAGES, Language
from reports.sentences import sentences
from sources.directory import Member
from sources.listing import Listing

_EXISTING = click.Path(path_type=Path, dir_okay=False, exists=True)


@click.command()
@click.argument("left")
@click.argument("right")
@click.option(
    "--records", type=_EXISTING, help="The table that holds both records (CSV or Parquet); else a stored week."
)
@click.option(
    "--judgements", type=_EXISTING, help="What people decided, see resolve; of a stored week the store's own."
)
@click.option("--week", metavar="WEEK", help="The stored week, such as 2020-W16; the newest unless given.")
@click.option("--store", type=click.Path(path_type=Path), help="Where results are kept.")
@click.option("--language", type=click.Choice(LANGUAGES), default="de", show_default=True, help="Of the reasons.")
def command(
    left: str,
    right: str,
    records: Path | None,
    judgements: Path | None,
    week: str | None,
    store: Path | None,
    language: str,
) -> None:
    """Show the waterfall of two records: what speaks for one organisation and what against, in bits.

    LEFT and RIGHT are ids of records of a table, or of listings and directory entries of a stored week.
    """
    if records is None:
        kept = store_of(store)
        table, decided = stored_records(kept, week), read_judgements(judgements or kept / "judgements.csv")
    else:
        table, decided = read_records(records), read_judgements(judgements)
    try:
        explanation = explain(table, left, right, decided)
    except (KeyError, ValueError) as error:
        raise click.ClickException(str(error.args[0])) from error
    console = Console(highlight=False)
    console.print(_side_by_side(explanation))
    console.print(_waterfall(explanation, Language(language)))
    verdict = "one organisation" if explanation.same_organisation else "two organisations"
    click.echo(
        f"Match weight {explanation.match_weight:+.1f} bits (from {THRESHOLD:+.1f} on one organisation), "
        f"probability {explanation.match_probability:.3f}: {verdict}"
    )


def stored_records(store: Path, week: str | None) -> pd.DataFrame:
    """The records of a stored week, of the newest unless one is given; raises ClickException."""
    tables = store / "tables"
    weeks = [path.stem for path in (tables / "organisation_members").glob("*-W*.parquet")]
    if not weeks or (week is not None and week not in weeks):
        raise click.ClickException(
            f"no organisations of {week or 'any week'} in {store}; make them by: verbundradar run"
        )
    file = f"{week or max(weeks)}.parquet"
    try:
        listings = read_stored(tables / "listings" / file, Listing)
        entries = read_stored(tables / "network_members" / file, Member)
    except UnreadableTable as error:
        raise click.ClickException(str(error)) from error
    records = [records_of(Listing.validate(listings)), records_of_directories(Member.validate(entries))]
    return pd.concat(records, ignore_index=True)


def _side_by_side(explanation: Explanation) -> Table:
    table = Table("", *(escape(str(value)) for value in explanation.records["record_id"]))
    for column in explanation.records.columns.drop("record_id"):
        values = explanation.records[column].astype("str").fillna("")
        if values.ne("").any():
            table.add_row(column, *(escape(value) for value in values))
    return table


def _waterfall(explanation: Explanation, language: Language) -> Table:
    table = Table("why", "bits", "sum", "")
    total = 0.0
    parts = json.loads(explanation.evidence)
    for part, sentence in zip(parts, sentences(explanation.evidence, language, load_taxonomy()), strict=True):
        bits = part["score"] or 0.0
        total += bits
        marks = ("+" if bits > 0 else "−") * round(abs(bits))
        table.add_row(escape(sentence), f"{bits:+.1f}", f"{total:+.1f}", marks)
    return table
