"""Stored tables: the one place where they are written and read, each marked with the form it has.

A table of an older form is brought into today's where nothing is made up: a column that it lacks and that may be null
becomes null, one that nobody knows any more is left out. Every other table is refused in a sentence that says what to
do, since a stored week can be run again from its raw snapshots.
"""

from collections.abc import Callable, Collection, Mapping
from io import BytesIO
from pathlib import Path
from types import MappingProxyType

import pandas as pd
import pandera.pandas as pa
import pyarrow
import pyarrow.parquet
from upath import UPath

from pipelines.whole_files import write_whole

FORM = 4
"""Raised when a column of a stored table is added, dropped or means something else; 0 are tables without a mark."""
LEAST_FORM = {"text_vectors": 2}
"""Tables whose columns mean something else since that form: older ones cannot be brought into today's."""
_MARK = b"verbundradar_form"


class UnreadableTable(Exception):
    """A stored table that cannot be used; the message names table and week and says what to do."""


class OutdatedTable(UnreadableTable):
    """A stored table that is older than its `LEAST_FORM`."""


def write_stored(
    path: Path | UPath,
    table: pd.DataFrame,
    notes: Mapping[bytes, bytes] = MappingProxyType({}),
    before: Callable[[], object] = lambda: None,
) -> None:
    """Write a table beside its place and then rename it, unless it is there as it is.

    notes: what is kept with it beside its form. before: what is to be done first if it changes anything.
    """
    columns = pyarrow.Table.from_pandas(table, preserve_index=False)
    content = BytesIO()
    marks = {**(columns.schema.metadata or {}), _MARK: str(FORM).encode(), **notes}
    pyarrow.parquet.write_table(columns.replace_schema_metadata(marks), content)
    if not path.exists() or path.read_bytes() != content.getvalue():
        before()
        write_whole(path, content.getvalue())


def notes_of(path: Path) -> Mapping[bytes, bytes]:
    """What is kept with a stored table; nothing if it cannot be read."""
    try:
        return pyarrow.parquet.read_schema(path).metadata or {}
    except (OSError, pyarrow.ArrowException):
        return {}


def read_stored(path: Path | UPath, model: type[pa.DataFrameModel] | None, also: Collection[str] = ()) -> pd.DataFrame:
    """The table ``<table>/<week>.parquet`` or ``<table>/<week>/<part>.parquet`` in the columns of its schema.

    also: columns beyond the schema that are kept.

    Raises UnreadableTable for a damaged file, a newer form, or a column that is missing and may not be null, and
    OutdatedTable.
    """
    try:
        stored = pyarrow.parquet.read_table(BytesIO(path.read_bytes()))
    except (OSError, pyarrow.ArrowException) as error:
        why = "is not there" if isinstance(error, FileNotFoundError) else "cannot be read: damaged"
        raise UnreadableTable(f"{_told(path)} {why}; {_again(path)}") from None
    form = int((stored.schema.metadata or {}).get(_MARK, b"0"))
    if form > FORM:
        raise UnreadableTable(
            f"{_told(path)} was written by a newer verbundradar (form {form}, this one reads up to {FORM}); update it"
        )
    if form < LEAST_FORM.get(path.parent.name, 0):
        raise OutdatedTable(f"{_told(path)} is of an older form whose values meant something else; {_again(path)}")
    table: pd.DataFrame = stored.to_pandas()
    return table if model is None else _of_today(table, model, path, also)


def _of_today(
    table: pd.DataFrame, model: type[pa.DataFrameModel], path: Path | UPath, also: Collection[str]
) -> pd.DataFrame:
    columns = model.to_schema().columns
    added = [name for name in columns if name not in table.columns]
    if missing := [name for name in added if not columns[name].nullable]:
        raise UnreadableTable(f"{_told(path)} is of an older form without {', '.join(missing)}; {_again(path)}")
    nulls = {name: pd.Series(None, index=table.index, dtype=columns[name].dtype.type) for name in added}
    return table[[name for name in table.columns if name in columns or name in also]].assign(**nulls)


def _week(path: Path | UPath) -> str:
    return next(part.removesuffix(".parquet") for part in reversed(path.parts) if "-W" in part)


def _told(path: Path | UPath) -> str:
    """The table and the week of a file, in words."""
    parts = [part.removesuffix(".parquet") for part in path.parts]
    place = len(parts) - 1 - parts[::-1].index(_week(path))
    return f"the stored table {' '.join((parts[place - 1], *parts[place + 1 :]))} of {_week(path)}"


def _again(path: Path | UPath) -> str:
    return f"run that week again: verbundradar run --week {_week(path)}"
