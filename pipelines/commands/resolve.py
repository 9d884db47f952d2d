"""``verbundradar resolve``: which records of a table are the same organisation."""

from pathlib import Path

import click
import pandas as pd

from matching.organisations.judgements import COLUMNS as JUDGEMENT_COLUMNS
from matching.organisations.judgements import Contradiction
from matching.organisations.resolve import RECORD_COLUMNS, resolve
from matching.taxonomy.concepts import load_taxonomy
from pipelines.tables import read_table, write_table
from reports.language import LANGUAGES, Language
from reports.sentences import sentences

_LEVELS = ("record_id", "organisation_id", "site_id", "group_id")
_FILE = click.Path(path_type=Path, dir_okay=False)
_EXISTING = click.Path(path_type=Path, dir_okay=False, exists=True)


@click.command()
@click.argument("records", type=_EXISTING)
@click.option(
    "--output", type=_FILE, required=True, help="Where to write organisation_id, site_id, group_id of each record."
)
@click.option("--pairs", type=_FILE, help="Where to write the pairs that matched or came near it.")
@click.option("--changes", type=_FILE, help="Where to write what became of earlier ids; needs --previous.")
@click.option("--judgements", type=_EXISTING, help="What people decided: pairs that are same, different or unsure.")
@click.option("--previous", type=_EXISTING, help="The output of an earlier run, whose ids go on.")
@click.option("--language", type=click.Choice(LANGUAGES), default="de", show_default=True, help="Language of `why`.")
def command(
    records: Path,
    output: Path,
    pairs: Path | None,
    changes: Path | None,
    judgements: Path | None,
    previous: Path | None,
    language: str,
) -> None:
    """Find which records of a table (CSV or Parquet) are the same organisation."""
    table = read_records(records)
    earlier = None
    if previous is not None:
        read = read_table(previous, _LEVELS[:2], [*_LEVELS, "match_probability"])
        earlier = read[[column for column in _LEVELS if column in read]].astype("str")
    if changes is not None and previous is None:
        raise click.ClickException("--changes needs --previous: without an earlier run nothing has changed")
    try:
        resolution = resolve(table, judgements=read_judgements(judgements), previous=earlier)
    except Contradiction as error:
        raise click.ClickException(f"{judgements}: {error}") from error
    write_table(resolution.members[[*_LEVELS, "match_probability"]], output)
    if pairs is not None:
        write_table(with_reasons(resolution.pairs, Language(language)), pairs)
    if changes is not None:
        write_table(resolution.changes, changes)
    health = resolution.health
    click.echo(f"{health['records']} records, {health['organisations']} organisations -> {output}")


def read_records(path: Path) -> pd.DataFrame:
    """Records with unique, filled ids; raises ClickException naming what is wrong."""
    table = read_table(path, ["record_id", "name"], RECORD_COLUMNS)
    empty = int(table["record_id"].isna().sum())
    if empty:
        raise click.ClickException(f"{path}: {empty} rows without record_id")
    table = table.assign(record_id=table["record_id"].astype("str"))
    repeated = table.loc[table["record_id"].duplicated(), "record_id"]
    if len(repeated):
        raise click.ClickException(f"{path}: record_id is not unique: {repeated.iloc[0]}")
    return table


def read_judgements(path: Path | None) -> pd.DataFrame | None:
    """A judgement file, or nothing where there is none."""
    return None if path is None or not path.exists() else read_table(path, JUDGEMENT_COLUMNS[:3], JUDGEMENT_COLUMNS)


def with_reasons(pairs: pd.DataFrame, language: Language) -> pd.DataFrame:
    """Pairs with their evidence in words, as column ``why``."""
    taxonomy = load_taxonomy()
    words = {text: "; ".join(sentences(text, language, taxonomy)) for text in pairs["evidence"].unique()}
    return pairs.assign(why=pairs["evidence"].map(words)).drop(columns="evidence")
