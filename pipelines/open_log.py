"""Dagster's log of events on disk, without opening its databases anew for each of the thousand events of a run.

Dagster makes an engine and a connection for every event, so that SQLAlchemy compiles each statement again, and looks up
the columns of the index for every asset: four of the CPU seconds of a small week.
"""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sql
from dagster._core.storage.event_log.sqlite.sqlite_event_log import INDEX_SHARD_NAME, SqliteEventLogStorage
from dagster._core.storage.sqlite import SQLITE_BUSY_TIMEOUT_SECONDS
from sqlalchemy.pool import StaticPool


class OpenLog(SqliteEventLogStorage):
    """Dagster's log of events, which keeps two of its databases open: of all runs and of the last one."""

    def __init__(self, base_dir: str, inst_data: Any = None) -> None:
        self._engines: dict[str, sql.Engine] = {}
        super().__init__(str(Path(base_dir) / "history" / "runs"), inst_data)

    @classmethod
    def from_config_value(cls, inst_data: Any, config_value: Any) -> "OpenLog":
        return cls(config_value["base_dir"], inst_data)

    @contextmanager
    def _connect(self, shard: str) -> Iterator[sql.Connection]:
        if shard not in self._engines:
            with super()._connect(shard):  # which makes it, if it is not there
                pass
        with self._db_lock, self._engine(shard).begin() as connection:
            yield connection

    def _engine(self, shard: str) -> sql.Engine:
        if shard not in self._engines:
            self._close(self._engines.keys() - {INDEX_SHARD_NAME})
            # One connection for all threads, of which the lock lets one at a time use it.
            self._engines[shard] = sql.create_engine(
                self.conn_string_for_shard(shard),
                poolclass=StaticPool,
                connect_args={"timeout": SQLITE_BUSY_TIMEOUT_SECONDS, "check_same_thread": False},
            )
            # Without waiting for the disk: a killed process loses nothing, a power cut may take the last events.
            with self._engines[shard].begin() as connection:
                connection.exec_driver_sql("PRAGMA synchronous=NORMAL")
        return self._engines[shard]

    def _has_asset_key_col_on_connection(self, *_asked: object) -> bool:
        return True  # of databases that this version of Dagster made, without a look at the columns for each event

    def _close(self, shards: Collection[str]) -> None:
        for shard in shards:
            self._engines.pop(shard).dispose()

    def dispose(self) -> None:
        super().dispose()
        self._close(list(self._engines))
