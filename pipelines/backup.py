"""A store in one file, and a store out of it.

The file is a zip archive: the store's files below ``store/`` (or its keys below ``keys/``), ``manifest.json`` with
SHA-256, size and time of each, and ``seal``, an HMAC-SHA-256 over the manifest under ``raw.key``. So whoever changes an
archive, or brings one that was made under other keys, is found out before anything is written.

Keys are kept in an archive of their own, in another place: a store's archive says nothing of `raw/` without them, and
who was erased since stays erased, because the list of today is applied to what comes back.
"""

import hashlib
import hmac
import json
import os
import shutil
import sqlite3
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath
from stat import S_IFMT, S_ISREG
from tempfile import TemporaryDirectory

from pipelines.erasure.records import MAGIC
from pipelines.erasure.suppressed import Suppressed
from pipelines.keys import secret
from pipelines.resources import keys_of
from pipelines.whole_files import unfinished_beside, write_whole

FORM = 1
STORE, KEYS = "store", "keys"
ANSWERS_KEY = "answers.key"  # lies in the store, and is a key
_KEY_FILES = ("raw.key", "erased.key", "erased.csv")
_OF_SQLITE = ("-wal", "-shm", "-journal")  # what a copy of the database holds already
_PART = 1 << 20  # bytes at a time
_FIRST_ZIP_YEAR = (1980, 1, 1, 0, 0, 0)  # times stand in the manifest, to the nanosecond


class BackupFault(Exception):
    """Nothing was written; the message says what and why, and what to do."""


@dataclass(frozen=True)
class Entry:
    """One file of an archive."""

    sha256: str
    size: int  # bytes
    mtime_ns: int  # how long a file is kept counts from it


def back_up(store: Path, target: Path, holds: str, now: datetime) -> int:
    """Write the store, or its keys, into a file that is whole or not there; the number of files in it.

    The caller holds the store. Raises BackupFault.
    """
    files = dict(_store_files(store) if holds == STORE else _key_files(store))
    target.parent.mkdir(parents=True, exist_ok=True)
    with (
        TemporaryDirectory(dir=target.parent) as scratch,
        unfinished_beside(target) as unfinished,
        zipfile.ZipFile(str(unfinished), "w") as archive,
    ):
        entries = {
            name: asdict(_added(archive, f"{holds}/{name}", path, Path(scratch)))
            for name, path in sorted(files.items())
        }
        said = {"form": FORM, "holds": holds, "taken_at": now.isoformat(timespec="seconds"), "files": entries}
        manifest = json.dumps(said, ensure_ascii=False, indent=1).encode()
        _add(archive, "manifest.json", manifest)
        _add(archive, "seal", _seal(secret(keys_of(store) / "raw.key"), manifest))
    return len(files)


def restore(store: Path, source: Path, holds: str, tell: Callable[[str], object]) -> int:
    """Write what an archive holds into an empty store, or its keys to their place; the number of files.

    Everything is read and compared with the manifest first. Raises BackupFault, OSError.
    """
    try:
        with zipfile.ZipFile(source) as archive:
            entries = _verified(archive, store, holds)
            if holds == KEYS:
                _restore_keys(archive, entries, store, tell)
            else:
                _restore_store(archive, entries, store)
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError, zlib.error) as error:
        raise BackupFault(f"{source.name} is no archive of verbundradar, or damaged: {error}") from None
    return len(entries)


def _store_files(store: Path) -> Iterator[tuple[str, Path]]:
    """What is kept of a store: all but keys and what only a process that works in it needs."""
    keys = (store / KEYS, keys_of(store))
    for folder, folders, names in os.walk(store):
        here = Path(folder)
        folders[:] = [name for name in folders if not name.startswith(".") and here / name not in keys]
        if links := [name for name in (*folders, *names) if (here / name).is_symlink()]:
            raise BackupFault(f"{links[0]} is a link; put the file itself there, a back-up follows none")
        for name in names:
            is_left = name.startswith(".") or name.endswith(_OF_SQLITE) or here / name == store / ANSWERS_KEY
            if not is_left:
                yield (here / name).relative_to(store).as_posix(), here / name


def _key_files(store: Path) -> Iterator[tuple[str, Path]]:
    for path in (*(keys_of(store) / name for name in _KEY_FILES), store / ANSWERS_KEY):
        if path.exists():
            yield path.name, path


def _added(archive: zipfile.ZipFile, name: str, path: Path, scratch: Path) -> Entry:
    with path.open("rb") as file:
        is_database = file.read(len(MAGIC)) == MAGIC
    read, sha256, size = _snapshot(path, scratch / "database") if is_database else path, hashlib.sha256(), 0
    with read.open("rb") as content, archive.open(_info(name), "w", force_zip64=True) as member:
        while part := content.read(_PART):
            sha256.update(part)
            size += len(part)
            member.write(part)
    return Entry(sha256.hexdigest(), size, path.stat().st_mtime_ns)


def _snapshot(path: Path, copy: Path) -> Path:
    """A copy of a SQLite database as of one moment, though a service writes to it."""
    copy.unlink(missing_ok=True)
    with closing(sqlite3.connect(path, timeout=30)) as database, closing(sqlite3.connect(copy)) as into:
        database.backup(into)
    return copy


def _add(archive: zipfile.ZipFile, name: str, content: bytes) -> None:
    with archive.open(_info(name), "w") as member:
        member.write(content)


def _info(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, _FIRST_ZIP_YEAR)
    info.compress_type = zipfile.ZIP_DEFLATED
    info.external_attr = 0o100600 << 16  # a plain file, its owner's alone
    return info


def _seal(key: bytes, manifest: bytes) -> bytes:
    return hmac.digest(key, b"verbundradar backup\0" + manifest, "sha256").hex().encode()


def _verified(archive: zipfile.ZipFile, store: Path, holds: str) -> Mapping[str, Entry]:
    """The files of an archive by name, after all of them were read; raises BackupFault."""
    members = {info.filename: info for info in archive.infolist()}
    if len(members) != len(archive.infolist()) or not {"manifest.json", "seal"} <= members.keys():
        raise BackupFault("this is no archive of verbundradar")
    manifest = archive.read("manifest.json")
    entries = _entries(manifest, holds)
    if holds == STORE:
        _hold_seal(manifest, archive.read("seal"), keys_of(store))
    if {f"{holds}/{name}" for name in entries} != members.keys() - {"manifest.json", "seal"}:
        raise BackupFault("the archive is damaged: it holds other files than its manifest names")
    for name, entry in entries.items():
        info = members[f"{holds}/{name}"]
        if not _is_plain(name, info):
            raise BackupFault(f"the archive was tampered with: {name!r} is a link or leads out of the store")
        with archive.open(info) as member:
            same = info.file_size == entry.size and hashlib.file_digest(member, "sha256").hexdigest() == entry.sha256  # type: ignore[arg-type]
        if not same:
            raise BackupFault(f"the archive is damaged: {name} is not what its manifest says; nothing was written")
    return entries


def _entries(manifest: bytes, holds: str) -> Mapping[str, Entry]:
    try:
        said = json.loads(manifest)
        form, held = said["form"], said["holds"]
        entries = {name: Entry(**entry) for name, entry in said["files"].items()}
    except (AttributeError, KeyError, TypeError, ValueError):
        raise BackupFault("this is no archive of verbundradar") from None
    if form != FORM:
        raise BackupFault("the archive is of another form than this verbundradar writes; use the version that wrote it")
    if held != holds:
        raise BackupFault(f"the archive holds {held}: restore it {'with' if held == KEYS else 'without'} --keys")
    return entries


def _hold_seal(manifest: bytes, seal: bytes, keys: Path) -> None:
    """Raise BackupFault unless the archive was made with the keys that are there; none is made here."""
    path = keys / "raw.key"
    if not path.exists():
        raise BackupFault("there is no raw.key; put the keys back first: verbundradar restore --keys ARCHIVE")
    if not hmac.compare_digest(_seal(secret(path), manifest), seal):
        raise BackupFault("the archive was changed, or belongs to other keys than those that are there")


def _is_plain(name: str, info: zipfile.ZipInfo) -> bool:
    path, mode = PurePosixPath(name), info.external_attr >> 16
    is_inside = not path.is_absolute() and ".." not in path.parts and path.as_posix() == name and "\\" not in name
    return is_inside and "\0" not in name and (S_IFMT(mode) == 0 or S_ISREG(mode))


def _restore_store(archive: zipfile.ZipFile, entries: Mapping[str, Entry], store: Path) -> None:
    allowed = {KEYS, ANSWERS_KEY}
    found = [path.name for path in store.iterdir() if not path.name.startswith(".") and path.name not in allowed]
    if found:
        raise BackupFault(f"the store is not empty, it holds {min(found)}; move it away, or name another --store")
    for name, entry in entries.items():
        path = store / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with archive.open(f"{STORE}/{name}") as member, path.open("xb") as file:
            shutil.copyfileobj(member, file, _PART)
        os.utime(path, ns=(entry.mtime_ns, entry.mtime_ns))


def _restore_keys(
    archive: zipfile.ZipFile, entries: Mapping[str, Entry], store: Path, tell: Callable[[str], object]
) -> None:
    """Put keys where none are; of erased persons the longer list wins, whichever comes first."""
    keys = keys_of(store)
    contents = {name: archive.read(f"{KEYS}/{name}") for name in entries}
    if unknown := contents.keys() - {*_KEY_FILES, ANSWERS_KEY}:
        raise BackupFault(f"the archive was tampered with: {min(unknown)!r} is no key")
    erased = contents.pop("erased.csv", None)
    places = {name: (store if name == ANSWERS_KEY else keys) / name for name in contents}
    for name, path in places.items():
        if path.exists() and path.read_bytes() != contents[name]:
            raise BackupFault(f"there is another {name} already; move it away, or leave it and do not restore keys")
    for name, path in places.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, contents[name])
    if erased is not None:
        known = Suppressed(keys)
        merged = known.merged(erased)
        merged.kept()
        tell(f"erased.csv: {len(merged.entries)} entries, {len(merged.entries) - len(known.entries)} of them put back")
