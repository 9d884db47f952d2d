"""Dagster's own records without what was erased.

They are SQLite files, whose free pages keep what was deleted until the file is written anew.
"""

import sqlite3
import zlib
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path

Clean = Callable[[str], str]

MAGIC = b"SQLite format 3\0"
_BUSY_SECONDS = 30  # a service that is not stopped writes now and then


def clean_database(path: Path, clean: Clean, is_dry: bool) -> int:
    """Clean every cell of every table and write the file anew; the number of cells that held something."""
    found = 0
    with closing(sqlite3.connect(path, timeout=_BUSY_SECONDS)) as database:
        database.text_factory = bytes
        tables = [name.decode() for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type='table'")]
        for table in tables:
            found += _clean_table(database, table, clean, is_dry)
        if not is_dry:
            database.commit()
            database.execute("VACUUM")
            database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return found


def _clean_table(database: sqlite3.Connection, table: str, clean: Clean, is_dry: bool) -> int:
    columns = [row[1].decode() for row in database.execute(f'PRAGMA table_info("{table}")')]
    found = 0
    for row, *cells in database.execute(f'SELECT rowid, * FROM "{table}"').fetchall():  # noqa: S608 - its own names
        for column, cell in zip(columns, cells, strict=True):
            after = _cleaned(cell, clean) if isinstance(cell, bytes) else cell
            if after != cell:
                found += 1
                if not is_dry:
                    # Text stays text: bound as bytes it would become a BLOB.
                    database.execute(f'UPDATE "{table}" SET "{column}" = ? WHERE rowid = ?', (_as_was(after), row))  # noqa: S608
    return found


def _as_was(cell: bytes) -> str | bytes:
    try:
        return cell.decode()
    except UnicodeDecodeError:
        return cell


def _cleaned(cell: bytes, clean: Clean) -> bytes:
    with suppress(zlib.error):
        before = zlib.decompress(cell)
        after = _cleaned(before, clean)
        return cell if after == before else zlib.compress(after)
    try:
        text = cell.decode()
    except UnicodeDecodeError:
        text = cell.decode("latin-1")
        return clean(text).encode("latin-1")
    return clean(text).encode()
