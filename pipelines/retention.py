"""How long each class of data is kept, what is due to go, and that it goes.

Counted from the day on which we stored it (the file's time), not from the week that it tells of: who works with an old
export has it from today on. `retention.yaml` in the store says otherwise for each class; the periods below are ours,
with their reasons in docs/decisions/retention.md.
"""

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import pandas as pd
from pydantic import TypeAdapter

from matching.yaml_files import Count, FileFault, Stated, read
from pipelines import memory

FILE = "retention.yaml"
_VECTORS = "tables/text_vectors"
GRACE = timedelta(days=7)
"""What is due goes in the next night; a week later the job has failed seven times."""


class Periods(Stated):
    """Weeks for which each class is kept."""

    raw: Count = 26
    tables: Count = 156
    vectors: Count = 5
    memory: Count = 14
    reports: Count = 156
    answers: Count = 26
    runs: Count = 13


DEFAULT = Periods()
_FILE = TypeAdapter(Periods)


def read_periods(store: Path) -> Periods:
    """The periods of a store; raises FileFault for what is not understood or cannot work."""
    path = store / FILE
    periods = read(path, _FILE) if path.exists() else DEFAULT
    if periods.tables < periods.raw:
        raise FileFault(
            f"{FILE}: tables: {periods.tables} weeks are fewer than the {periods.raw} of raw; a week that is run again"
            " needs the tables of the weeks before it"
        )
    return periods


class Kept(NamedTuple):
    """One thing that goes as a whole."""

    data_class: str  # a field of `Periods`
    path: Path
    since: datetime


@dataclass(frozen=True)
class Retention:
    """The periods of one store, applied; satisfies `assets.checks.Keeping`."""

    store: Path

    def due(self, now: datetime) -> list[Kept]:
        """What is older than its period at a moment, oldest first.

        A snapshot that a week within the period of raw snapshots is made of stays up to twice that period: of a
        platform that has been silent for long it is all there is.
        """
        periods = read_periods(self.store)
        ends = {name: now - timedelta(weeks=weeks) for name, weeks in periods.model_dump().items()}
        used = self._used(ends["raw"])
        longest = now - timedelta(weeks=2 * periods.raw)
        found = [one for one in self._kept() if one.since < ends[one.data_class]]
        left = [one for one in found if not (one.path.name[-12:] in used and one.since >= longest)]
        return sorted(left, key=lambda one: (one.since, str(one.path)))

    def overdue(self) -> dict[str, int]:
        """How many things of each class should have gone more than `GRACE` ago."""
        counts: dict[str, int] = {}
        for one in self.due(datetime.now(UTC) - GRACE):
            counts[one.data_class] = counts.get(one.data_class, 0) + 1
        return counts

    def purge(self, now: datetime) -> dict[str, int]:
        """Delete what is due and close up what earlier versions left open; how many things of each class went."""
        counts: dict[str, int] = {}
        for one in self.due(now):
            if one.path.is_dir():
                shutil.rmtree(one.path)
            else:
                one.path.unlink()
            if one.data_class == "raw" and not any(one.path.parent.iterdir()):
                one.path.parent.rmdir()
            counts[one.data_class] = counts.get(one.data_class, 0) + 1
        close_up(self.store)
        return counts

    def _kept(self) -> Iterator[Kept]:
        for data_class, pattern in (
            ("raw", "raw/*/*-W*/[!.]*"),
            ("tables", "tables/*/[!.]*"),
            ("vectors", f"{_VECTORS}/[!.]*"),
            ("memory", f"{memory.FOLDER}/*/[!.]*"),
            ("reports", "reports/*/[!.]*-*"),
            ("answers", "answers/**/[!.]*"),
        ):
            for path in self.store.glob(pattern):
                is_other = data_class == "tables" and path.parent == self.store / _VECTORS
                if not is_other and (path.is_file() or data_class != "answers"):
                    yield Kept(data_class, path, _since(path))

    def _used(self, since: datetime) -> set[str]:
        """Digests, cut as in the names of snapshots, of what the weeks stored since a moment are made of."""
        stored = [path for path in self.store.glob("tables/source_states/[!.]*.parquet") if _since(path) >= since]
        shas = [pd.read_parquet(path, columns=["input_sha256"])["input_sha256"].dropna() for path in stored]
        return {str(sha256)[:12] for column in shas for sha256 in column}


def close_up(store: Path) -> None:
    """Make everything below a store its owner's alone, and seal raw snapshots that are not."""
    from pipelines.storage import SnapshotFolder

    for folder, folders, names in os.walk(store):
        for name in (*folders, *names):
            path = Path(folder) / name
            if not path.is_symlink() and path.stat().st_mode & 0o077:
                path.chmod(path.stat().st_mode & 0o700)
    store.chmod(0o700)
    snapshots = SnapshotFolder(store)
    for snapshot in snapshots.all():
        snapshots.sealed(snapshot)


def _since(path: Path) -> datetime:
    """When something was stored: of a folder the newest of its files."""
    files = [path, *path.rglob("*")] if path.is_dir() else [path]
    times = [file.stat().st_mtime for file in files if file.is_file()]
    return datetime.fromtimestamp(max(times, default=path.stat().st_mtime), UTC)
