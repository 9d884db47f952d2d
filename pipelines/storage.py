"""Where a run leaves its results: one root folder, readable without Dagster.

    <root>/raw/<platform>/<week>/<nnn>-<sha>/    what was served, sealed (`pipelines.seal`), with manifest.json
    <root>/tables/<asset>/<week>.parquet         one table (a folder of tables where an asset has several)
    <root>/memory/                               what the weeks up to one tell, see `pipelines.memory`
    <root>/reports/<asset>/<week>/<file>         finished documents
    <root>/<file>.csv, <file>.yaml              what people decided, see `pipelines.decisions`
    <root>/dagster/                              Dagster's own records

Every file is written beside its place and then renamed: a killed run leaves whole files or none.
"""

import hashlib
import json
import os
import shutil
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import NamedTuple

import dagster as dg
import pandas as pd
import pandera.pandas as pa
from upath import UPath

from assets.checks import TABLES
from assets.listings import UNIONS
from pipelines import memory, unchanged
from pipelines.erasure.snapshots import without_erased
from pipelines.erasure.suppressed import Suppressed
from pipelines.memory import Memory, stored_weeks
from pipelines.outputs import hold_clean
from pipelines.resources import keys_of
from pipelines.seal import Seal
from pipelines.stored import OutdatedTable, UnreadableTable, read_stored, write_stored
from pipelines.whole_files import unfinished_beside, write_whole
from sources.platform import RawDocument
from sources.week import LOCAL_TIME, Week
from sources.weekly.state import PlatformWeek, Snapshot, is_of_its_time

# The parts of a `PlatformWeek` have the schemas of their unions.
PLATFORM_TABLES = {field: UNIONS[union][0] for field, union in zip(PlatformWeek._fields, UNIONS, strict=True)}


class SnapshotFolder:
    """Raw snapshots on disk; satisfies `sources.weekly.state.Snapshots`."""

    def __init__(self, root: Path, suppressed: Suppressed | None = None) -> None:
        """suppressed: what was erased and must not come back; by default the list of the store."""
        self.root = root / "raw"
        self.seal = Seal(keys_of(root) / "raw.key")
        self._keys = keys_of(root)
        self._suppressed = suppressed

    def keep(self, platform: str, week: Week, documents: Sequence[RawDocument]) -> str:
        """Keep documents unless the week's newest snapshot has the same content; the content's SHA-256."""
        # Read each time: a service lives longer than the list stays as it is.
        allowed, _ = without_erased(platform, documents, self._suppressed or Suppressed(self._keys))
        ordered = sorted(allowed, key=lambda document: document.name)
        sha256 = _digest(ordered)
        kept = self._folders(platform, week)
        if not kept or not kept[0].name.endswith(sha256[:12]):
            self._write(self.root / platform / str(week) / f"{len(kept) + 1:03d}-{sha256[:12]}", sha256, ordered)
        return sha256

    def newest_first(self, platform: str, week: Week) -> Iterator[Snapshot]:
        """All snapshots of this week and the weeks before."""
        for name in sorted((path.name for path in _folders_in(self.root / platform)), reverse=True):
            if Week.parse(name) <= week:
                for folder in self._folders(platform, Week.parse(name)):
                    manifest = _manifest(folder)
                    yield Snapshot(Week.parse(name), str(manifest["sha256"]), partial(self.documents, folder))

    def final(self, platform: str, week: Week) -> str | None:
        """The SHA-256 of the week's newest snapshot if it was taken after the week's end, and not too late."""
        for folder in self._folders(platform, week)[:1]:
            documents = self.documents(folder)
            is_after = max(document.retrieved_at for document in documents) >= week.ends_at
            if is_after and is_of_its_time(documents, week):
                return str(_manifest(folder)["sha256"])
        return None

    def documents(self, folder: Path) -> tuple[RawDocument, ...]:
        """The documents of one snapshot; raises Unopened."""
        entries = _manifest(folder)["documents"]
        assert isinstance(entries, list)  # noqa: S101 - we wrote it
        return tuple(
            RawDocument(
                name=entry["name"],
                content=self.seal.opened((folder / entry["file"]).read_bytes()),
                url=entry["url"],
                retrieved_at=datetime.fromisoformat(entry["retrieved_at"]),
                etag=entry.get("etag", ""),
                last_modified=entry.get("last_modified", ""),
                next_url=entry.get("next_url", ""),
                refused=entry.get("refused", ""),
            )
            for entry in entries
        )

    def all(self) -> list[Path]:
        """The folders of all snapshots."""
        weeks = [week for platform in sorted(_folders_in(self.root)) for week in sorted(_folders_in(platform))]
        return [folder for week in weeks for folder in sorted(_folders_in(week))]

    def sealed(self, folder: Path) -> None:
        """Seal the documents of a snapshot that earlier versions kept open."""
        for path in folder.glob("[0-9]*"):
            content = path.read_bytes()
            if self.seal.opened(content) is content:
                status = path.stat()
                write_whole(path, self.seal.closed(content))
                os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))

    def rewritten(self, folder: Path, is_dry: bool) -> "Rewritten":
        """Take out of a snapshot what is on the list of erased things now; raises Unopened and NotErasable."""
        manifest, documents = _manifest(folder), self.documents(folder)
        suppressed = self._suppressed or Suppressed(self._keys)
        allowed, phrases = without_erased(folder.parts[-3], documents, suppressed)
        before = str(manifest["sha256"])
        if allowed == documents:
            return Rewritten(before, before, phrases)
        sha256 = _digest(allowed)
        if not is_dry:
            status = folder.stat()
            changed = folder.with_name(f"{folder.name.partition('-')[0]}-{sha256[:12]}")
            self._write(changed, sha256, allowed)
            for path in (*changed.iterdir(), changed):
                os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
            if changed != folder:
                shutil.rmtree(folder)
        return Rewritten(before, sha256, phrases)

    def _folders(self, platform: str, week: Week) -> list[Path]:
        return sorted(_folders_in(self.root / platform / str(week)), reverse=True)

    def _write(self, folder: Path, sha256: str, documents: Sequence[RawDocument]) -> None:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with unfinished_beside(folder) as unfinished:
            unfinished.mkdir()
            entries = []
            for number, document in enumerate(documents, start=1):
                file = f"{number:04d}"  # names come from outside: they never become paths
                (unfinished / file).write_bytes(self.seal.closed(document.content))
                entries.append(_entry(file, document))
            manifest = json.dumps({"sha256": sha256, "documents": entries}, ensure_ascii=False, indent=1)
            (unfinished / "manifest.json").write_text(manifest, encoding="utf-8")


class Rewritten(NamedTuple):
    """What a snapshot was called before, how it is called now, and what erased listings said in it."""

    before: str
    sha256: str
    phrases: frozenset[tuple[str, ...]]


def _digest(documents: Sequence[RawDocument]) -> str:
    digest = hashlib.sha256()
    for document in documents:
        digest.update(f"{document.name}\0{len(document.content)}\0{document.refused}".encode())
        digest.update(document.content)
    return digest.hexdigest()


def _entry(file: str, document: RawDocument) -> Mapping[str, str]:
    return {
        "file": file,
        "name": document.name,
        "url": document.url,
        "retrieved_at": document.retrieved_at.isoformat(),
        "etag": document.etag,
        "last_modified": document.last_modified,
        "next_url": document.next_url,
        **({"refused": document.refused} if document.refused else {}),
    }


def _folders_in(folder: Path) -> list[Path]:
    """Finished sub-folders; an unfinished one has a leading dot."""
    return [path for path in folder.iterdir() if not path.name.startswith(".")] if folder.is_dir() else []


def _manifest(folder: Path) -> Mapping[str, object]:
    manifest: Mapping[str, object] = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    return manifest


def model_of(asset: str, table: str = "") -> type[pa.DataFrameModel] | None:
    """The schema of an asset's table; None for what was pulled, which has none."""
    return PLATFORM_TABLES[table] if table else TABLES.get(asset)


class History:
    """All stored weeks before a given one; the answer does not depend on the order in which weeks were run."""

    def __init__(self, root: Path) -> None:
        self.root = root / "tables"
        self.memory = Memory(root, model_of)

    def _weeks(self, asset: str) -> list[Week]:
        """The stored weeks of an asset, oldest first."""
        return stored_weeks(self.root / asset)

    def before(self, asset: str, week: Week, table: str = "") -> pd.DataFrame:
        """Rows of an asset's table of all stored weeks before `week`, with a column `week`; empty if there is none.

        Only those that are `assets.history.REMEMBERED`, see `pipelines.memory`.
        """
        stored = [other for other in self._weeks(asset) if other < week]
        return self.memory.upto(asset, table, stored) if stored else pd.DataFrame()

    def within(self, asset: str, first: Week, week: Week) -> pd.DataFrame:
        """Every row of an asset of the stored weeks from `first` to before `week`, with a column `week`."""
        frames = [
            read_stored(self.root / asset / f"{other}.parquet", model_of(asset)).assign(week=str(other))
            for other in self._weeks(asset)
            if first <= other < week
        ]
        return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame()

    def latest(self, asset: str, week: Week) -> pd.DataFrame | None:
        """Rows of an asset of the newest stored week before `week`; None if there is none, or of an outdated form."""
        stored = [other for other in self._weeks(asset) if other < week]
        try:
            return read_stored(self.root / asset / f"{max(stored)}.parquet", model_of(asset)) if stored else None
        except OutdatedTable:
            return None

    def stored(self, asset: str, week: Week) -> pd.DataFrame | None:
        """Rows of an asset as an earlier run of this very week left them; None if there was none."""
        path = self.root / asset / f"{week}.parquet"
        return read_stored(path, model_of(asset)) if path.exists() else None

    def together(self, assets: Sequence[str], week: Week) -> Iterator[Sequence[pd.DataFrame]]:
        """Rows of several assets as one run left them: an earlier run of this very week, then the newest week before.

        A run one of whose tables is missing or cannot be read is left out.
        """
        weeks = [other for other in self._weeks(assets[0]) if other <= week]
        for stored in weeks[:-3:-1]:
            try:
                yield [read_stored(self.root / asset / f"{stored}.parquet", model_of(asset)) for asset in assets]
            except UnreadableTable:
                continue


class WeeklyFiles(dg.UPathIOManager):
    """One file, or folder of files, per asset and ISO week, replaced as a whole."""

    def get_path_for_partition(self, context: dg.InputContext | dg.OutputContext, path: UPath, partition: str) -> UPath:
        return path / str(Week.of(date.fromisoformat(partition)))


class TableStore(WeeklyFiles):
    """Parquet: a frame is one file, a `PlatformWeek` a folder with one file a field."""

    def dump_to_path(self, context: dg.OutputContext, obj: pd.DataFrame | PlatformWeek, path: UPath) -> None:
        if isinstance(obj, pd.DataFrame):
            files = {path.with_name(f"{path.name}.parquet"): obj}
        else:
            path.mkdir(parents=True, exist_ok=True)
            files = {path / f"{field}.parquet": frame for field, frame in obj._asdict().items()}
        for file, table in files.items():
            write_stored(file, table, before=partial(_outdate, Path(str(path))))

    def load_from_path(self, context: dg.InputContext, path: UPath) -> pd.DataFrame | PlatformWeek:
        asset = path.parent.name
        if path.is_dir():
            fields = PlatformWeek._fields
            return PlatformWeek(*(read_stored(path / f"{field}.parquet", model_of(asset, field)) for field in fields))
        return read_stored(path.with_name(f"{path.name}.parquet"), model_of(asset))

    def path_exists(self, path: UPath) -> bool:
        return path.exists() or path.with_name(f"{path.name}.parquet").exists()


def _outdate(written: Path) -> None:
    """Remove what was made of the table ``<root>/tables/<asset>/<week>``, which is about to change."""
    memory.forget(written)
    unchanged.forget(written.parents[2], Week.parse(written.name))


class DocumentStore(WeeklyFiles):
    """Finished documents: a mapping of path to bytes becomes a folder, in its order; files of an earlier run go.

    None is kept if one of them seems to hold contact data; `allowed` may stand in them.
    """

    def __init__(self, base_path: UPath, allowed: Collection[str] = ()) -> None:
        super().__init__(base_path)
        self._allowed = allowed

    def dump_to_path(self, context: dg.OutputContext, obj: Mapping[str, bytes], path: UPath) -> None:
        hold_clean(" ".join(path.parts[-2:]), obj, self._allowed)
        for name, content in obj.items():
            finished = path / name
            finished.parent.mkdir(parents=True, exist_ok=True)
            write_whole(finished, content)
        for file in _files_in(path) if path.is_dir() else []:
            if file.name not in obj:
                file.unlink()

    def load_from_path(self, context: dg.InputContext, path: UPath) -> Mapping[str, bytes]:
        """The documents as they stand now; editions that were replaced lie in folders and are left out."""
        files = _files_in(path) if path.is_dir() else []
        return {file.name: file.read_bytes() for file in files if not file.name.startswith(".")}


def _files_in(folder: UPath) -> list[UPath]:
    return [file for file in sorted(folder.iterdir()) if file.is_file()]


class IssueFolder:
    """Issues of one report as they were published; satisfies `assets.history.Issued`."""

    def __init__(self, root: Path, report: str = "lagebild") -> None:
        self.root = root / "reports" / report

    def files(self, week: Week | str, name: str = "*") -> Mapping[str, bytes]:
        """Stored files of the issue of a week, or of a month, and of its replaced editions, by path in its folder."""
        folder = self.root / str(week)
        return {
            path.relative_to(folder).as_posix(): path.read_bytes()
            for path in sorted(folder.rglob(name))
            if path.is_file() and not path.name.startswith(".")
        }

    def today(self) -> date:
        """The day by which a correction is dated."""
        return datetime.now(LOCAL_TIME).date()
