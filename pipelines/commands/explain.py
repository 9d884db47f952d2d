"""``verbundradar explain``: why two records are one organisation, or why not."""

import json
from pathlib import Path

import click
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from matching.concepts import load_taxonomy
from matching.organisations import THRESHOLD, Explanation, explain
from pipelines.commands.resolve import read_judgements, read_records
from reports.language import LANGUAGES, Language
from reports.sentences import sentences

_EXISTING = click.Path(path_type=Path, dir_okay=False, exists=True)


@click.command()
@click.argument("left")
@click.argument("right")
@click.option("--records", type=_EXISTING, required=True, help="The table that holds both records (CSV or Parquet).")
@click.option("--judgements", type=_EXISTING, help="What people decided, see resolve.")
@click.option("--language", type=click.Choice(LANGUAGES), default="de", show_default=True, help="Of the reasons.")
def command(left: str, right: str, records: Path, judgements: Path | None, language: str) -> None:
    """Show the waterfall of two records of a table: what speaks for one organisation and what against, in bits."""
    try:
        explanation = explain(read_records(records), left, right, read_judgements(judgements))
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


def _side_by_side(explanation: Explanation) -> Table:
    table = Table("", *(escape(str(value)) for value in explanation.records["record_id"]))
    for column in explanation.records.columns.drop("record_id"):
        values = explanation.records[column].fillna("").astype("str")
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
