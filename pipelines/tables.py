"""Tables at the command line: CSV or Parquet by file ending, with errors that name file and column."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import click
import pandas as pd

from matching.needs.feedback import FeedbackError, read_feedback
from sources.readers.delimited import delimiter_of


def read_table(path: Path, required: Sequence[str], known: Sequence[str]) -> pd.DataFrame:
    """Read a table; every cell text except in Parquet, empty cells missing.

    Unknown columns are left out with a notice on standard error; a missing required column, an unknown ending
    or an unreadable file raise ClickException.
    """
    try:
        if path.suffix == ".parquet":
            table = pd.read_parquet(path)
        elif path.suffix == ".csv":
            table = pd.read_csv(
                path, sep=_delimiter(path), dtype="str", keep_default_na=False, na_values=[""], encoding="utf-8-sig"
            )
        else:
            raise click.ClickException(f"{path}: the ending must be .csv or .parquet")
    except (OSError, ValueError) as error:
        raise click.ClickException(f"{path}: cannot be read: {error}") from error
    missing = [column for column in required if column not in table.columns]
    if missing:
        raise click.ClickException(f"{path}: missing column {', '.join(missing)}; found {', '.join(table.columns)}")
    unknown = [column for column in table.columns if column not in known]
    if unknown:
        click.echo(f"{path.name}: ignored columns: {', '.join(unknown)}", err=True)
    return table[[column for column in known if column in table.columns]]


def _delimiter(path: Path) -> str:
    with path.open(encoding="utf-8-sig") as lines:
        return delimiter_of(lines.readline())


def write_table(table: pd.DataFrame, path: Path) -> None:
    """Write a table as CSV or Parquet by its ending; the folder is made if need be."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.suffix == ".parquet":
        table.to_parquet(path, index=False)
    elif path.suffix == ".csv":
        table.to_csv(path, index=False, lineterminator="\n")
    else:
        raise click.ClickException(f"{path}: the ending must be .csv or .parquet")


def read_verdicts(path: Path, until: date | None = None) -> pd.DataFrame:
    """Verdicts on matches up to a day from a CSV file (see `matching.needs.feedback`); raises FeedbackError."""
    try:
        table = pd.read_csv(path, sep=_delimiter(path), dtype="str", keep_default_na=False, encoding="utf-8-sig")
    except (OSError, ValueError) as error:
        raise FeedbackError(f"{path.name} cannot be read: {error}") from error
    try:
        return read_feedback(table, until)
    except FeedbackError as error:
        raise FeedbackError(f"{path.name}: {error}") from error
