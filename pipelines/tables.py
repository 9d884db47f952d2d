"""Tables at the command line: CSV or Parquet by file ending, with errors that name file and column."""

import csv
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
    if path.suffix not in (".csv", ".parquet"):
        raise click.ClickException(f"{path}: the ending must be .csv or .parquet")
    try:
        table = pd.read_parquet(path) if path.suffix == ".parquet" else read_cells(path, na_values=[""])
    except (OSError, ValueError) as error:
        raise click.ClickException(f"{path}: cannot be read: {why_unread(error, path)}") from error
    missing = [column for column in required if column not in table.columns]
    if missing:
        raise click.ClickException(f"{path}: missing column {', '.join(missing)}; found {', '.join(table.columns)}")
    unknown = [column for column in table.columns if column not in known]
    if unknown:
        click.echo(f"{path.name}: ignored columns: {', '.join(unknown)}", err=True)
    return table[[column for column in known if column in table.columns]]


def read_cells(path: Path, na_values: Sequence[str] = ()) -> pd.DataFrame:
    """A CSV file, every cell text; raises OSError, or ValueError, both of which `why_unread` tells."""
    with path.open(encoding="utf-8-sig") as lines:
        delimiter = delimiter_of(lines.readline())
    table = pd.read_csv(
        path, sep=delimiter, dtype="str", keep_default_na=False, na_values=list(na_values), encoding="utf-8-sig"
    )
    if not isinstance(table.index, pd.RangeIndex):  # pandas would take the first cells for names of lines
        raise pd.errors.ParserError("more cells than columns")
    return table


def why_unread(error: Exception, path: Path) -> str:
    """Why a table cannot be read, in the words of somebody who wrote it; what libraries say names neither."""
    if isinstance(error, UnicodeDecodeError):
        return f"line {_undecodable_line(path)} is not UTF-8; save it as CSV in UTF-8"
    if isinstance(error, pd.errors.EmptyDataError):
        return "nothing stands in it"
    if isinstance(error, pd.errors.ParserError) and (line := _overfull_line(path)):
        return f"line {line}: more cells than the first line names; one with the delimiter in it needs quotes"
    if isinstance(error, OSError):
        return f"{(error.strerror or 'not a file').lower()}; a file is needed"
    return str(error)


def _overfull_line(path: Path) -> int | None:
    """The first line with more cells than the header, from 1; None if there is none."""
    with path.open(encoding="utf-8-sig", newline="") as lines:
        reader = csv.reader(lines, delimiter=delimiter_of(lines.readline()))
        lines.seek(0)
        columns = len(next(reader))
        return next((reader.line_num for cells in reader if len(cells) > columns), None)


def _undecodable_line(path: Path) -> int:
    """The first line that is not UTF-8, from 1."""
    content = path.read_bytes()
    try:
        content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return content[: error.start].count(b"\n") + 1
    return 1


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
        table = read_cells(path)
    except (OSError, ValueError) as error:
        raise FeedbackError(f"{path.name} cannot be read: {why_unread(error, path)}") from error
    try:
        return read_feedback(table, until)
    except FeedbackError as error:
        raise FeedbackError(f"{path.name}: {error}") from error
