"""What a store may forget: records of runs, and tables that neither a report nor a later week asks for any more.

| what | kept | why |
| --- | --- | --- |
| Dagster's records of a run | `Keep.run_days` after it ended | what went wrong in a quarter can be looked into |
| vectors of texts | of the newest `KEEP_VECTORS` weeks | a week reads the newest; they take the most room |
| `pipelines.memory` | of the newest `KEEP_MEMORY` weeks | made anew when a week that is older is run again |
| tables of single steps | of the newest `Keep.weeks` | `explain`, `review` and the statistics of a month read them |
| `HISTORY`, listings of each platform, documents | for ever | later weeks, answers to old issues, the archive |

An old week that is run again comes out as it did, from its raw snapshots and the history of the weeks before it.
"""

import shutil
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import dagster as dg
from dagster._core.storage.event_log.schema import AssetCheckExecutionsTable
from dagster._core.storage.event_log.sql_event_log import SqlEventLogStorage

from pipelines.memory import FOLDER, stored_weeks
from pipelines.resources import Keep
from sources.week import Week

KEEP_VECTORS = 5
KEEP_MEMORY = 14
HISTORY = (
    "cases", "consortium_roles", "key_figures", "listing_repeats", "listings", "match_scores", "opportunities",
    "opportunity_numbers", "organisation_members", "resolution_figures", "shortages", "source_states",
)  # fmt: skip
ENDED = [dg.DagsterRunStatus.SUCCESS, dg.DagsterRunStatus.FAILURE, dg.DagsterRunStatus.CANCELED]


class Purged(NamedTuple):
    """What was removed."""

    runs: int
    tables: int  # files
    megabytes: float  # of the tables

    def __str__(self) -> str:
        return f"removed: records of {self.runs} runs, {self.tables} tables ({self.megabytes:.0f} MB)"


def purge(store: Path, instance: dg.DagsterInstance, keep: Keep, now: datetime) -> Purged:
    """Remove what a store need not keep. Only one run at a time: whoever calls holds the store."""
    runs = _purge_runs(instance, store / "dagster", now - timedelta(days=keep.run_days))
    paths = list(_outdated(store, keep.weeks))
    files = [file for path in paths for file in (path.rglob("*") if path.is_dir() else [path]) if file.is_file()]
    size = sum(file.stat().st_size for file in files)
    for path in paths:
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()
    return Purged(runs, len(files), size / 1e6)


def _outdated(store: Path, keep_weeks: int) -> Iterator[Path]:
    """Tables and memories that are older than what is kept of their kind, oldest first."""
    newest = stored_weeks(store / "tables" / "listings")[-1:]
    for folder in sorted((store / "tables").glob("*")) if newest else ():
        if folder.name not in HISTORY and not folder.name.startswith("listings_"):
            kept = KEEP_VECTORS if folder.name == "text_vectors" else keep_weeks
            yield from _before(folder, newest[0].shifted(1 - kept))
    for folder in sorted((store / FOLDER).glob("*")) if newest else ():
        yield from _before(folder, newest[0].shifted(1 - KEEP_MEMORY))


def _before(folder: Path, first: Week) -> Iterator[Path]:
    for week in stored_weeks(folder):
        if week < first:
            yield from folder.glob(f"{week}*")


def _purge_runs(instance: dg.DagsterInstance, home: Path, until: datetime) -> int:
    """Remove the records of runs that ended before a moment, with the file that each has."""
    old: Sequence[dg.RunRecord] = instance.get_run_records(dg.RunsFilter(statuses=ENDED, updated_before=until))
    for record in old:
        instance.delete_run(record.dagster_run.run_id)
        for file in (home / "history" / "runs").glob(f"{record.dagster_run.run_id}.db*"):
            file.unlink()
    storage = instance.event_log_storage
    if isinstance(storage, SqlEventLogStorage):  # what came of checks stays when a run is deleted
        gone = AssetCheckExecutionsTable.c.run_id.in_([record.dagster_run.run_id for record in old])
        with storage.index_connection() as connection:
            connection.execute(AssetCheckExecutionsTable.delete().where(gone))
    return len(old)
