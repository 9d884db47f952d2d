"""What a store remembers of its weeks, so that a week after years reads no more than one after a month.

    <root>/memory/<asset>/<week>.parquet    of all stored weeks up to this one, the rows that later weeks may ask for
    <root>/memory/<asset>/<week>/<part>.parquet

It follows from the stored tables alone (`assets.history.REMEMBERED`): who deletes it loses time, nothing else. A week
that asks first makes it from what was remembered before and the tables since. A table that changes takes along what was
made of it, so that a past week that is run again reads what its own past tells.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

import pandas as pd
import pandera.pandas as pa

from assets.history import REMEMBERED
from pipelines.stored import UnreadableTable, notes_of, read_stored, write_stored
from sources.week import Week

_WEEKS = b"verbundradar_weeks"  # of which a memory is made, oldest first
FOLDER = "memory"

ModelOf = Callable[[str, str], type[pa.DataFrameModel] | None]


def stored_weeks(folder: Path) -> list[Week]:
    """The weeks of which a folder holds something finished, oldest first."""
    names = (path.name.removesuffix(".parquet") for path in folder.glob("[!.]*"))
    return sorted(map(Week.parse, names))


def forget(written: Path) -> None:
    """Remove what was made of the table ``<root>/tables/<asset>/<week>``, which is about to change."""
    memory = written.parents[2] / FOLDER / written.parent.name
    for week in stored_weeks(memory):
        if week >= Week.parse(written.name):
            for path in memory.glob(f"{week}*"):
                for file in path.iterdir() if path.is_dir() else [path]:
                    file.unlink()


def _every(rows: pd.DataFrame) -> pd.DataFrame:
    return rows


class Memory:
    """The memory of one store. model_of: the schema of an asset's table or of a part of it."""

    def __init__(self, root: Path, model_of: ModelOf) -> None:
        self.root = root
        self.model_of = model_of

    def upto(self, asset: str, table: str, stored: Sequence[Week]) -> pd.DataFrame:
        """What later weeks may ask for of some stored weeks, oldest first and all up to the last, with their `week`."""
        remembered, since = self._remembered(asset, table, stored)
        frames = [*remembered, *(self._stored(asset, table, week) for week in since)]
        rows = pd.concat(frames, ignore_index=True)
        if since:
            rows = REMEMBERED.get(table or asset, _every)(rows)
            notes = {_WEEKS: " ".join(map(str, stored)).encode()}
            path = self._file(FOLDER, asset, table, stored[-1])
            path.parent.mkdir(parents=True, exist_ok=True)
            write_stored(path, rows, notes)
        return rows

    def unremembered(self, asset: str, week: Week) -> int:
        """How many stored weeks before a week are not remembered yet."""
        stored = [other for other in stored_weeks(self.root / "tables" / asset) if other < week]
        return len(stored) - self._newest(asset, "", stored)

    def _newest(self, asset: str, table: str, stored: Sequence[Week]) -> int:
        """Of how many of these weeks, from the oldest on, a memory tells."""
        for count in range(len(stored), 0, -1):
            path = self._file(FOLDER, asset, table, stored[count - 1])
            if path.exists() and notes_of(path).get(_WEEKS) == " ".join(map(str, stored[:count])).encode():
                return count
        return 0

    def _remembered(self, asset: str, table: str, stored: Sequence[Week]) -> tuple[list[pd.DataFrame], Sequence[Week]]:
        """The newest memory, if there is one that can be read, and the weeks since."""
        if known := self._newest(asset, table, stored):
            path = self._file(FOLDER, asset, table, stored[known - 1])
            with suppress(UnreadableTable):
                return [read_stored(path, self.model_of(asset, table), also=["week"])], stored[known:]
        return [], stored

    def _stored(self, asset: str, table: str, week: Week) -> pd.DataFrame:
        path = self._file("tables", asset, table, week)
        return read_stored(path, self.model_of(asset, table)).assign(week=str(week))

    def _file(self, room: str, asset: str, table: str, week: Week) -> Path:
        folder = self.root / room / asset
        return folder / str(week) / f"{table}.parquet" if table else folder / f"{week}.parquet"
