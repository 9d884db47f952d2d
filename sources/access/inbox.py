"""Exports and saved pages that platform staff drop into a folder, one file or folder per platform.

The folder is open to others, so that nothing in it is trusted: links are not followed, what is too large or still being
written is not read, and each file that is left out is told with what to do about it.
"""

import hashlib
import os
import re
import stat
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from fnmatch import fnmatchcase
from pathlib import Path

from sources import limits
from sources.platform import NotDelivered, Platform, RawDocument, Unreachable

_REMEDIES = {
    ".zip": "unpack it there",
    ".gz": "unpack it there",
    ".7z": "unpack it there",
    ".ods": "save it in the form that is read",
    ".xls": "save it in the form that is read",
    ".pdf": "ask for the table itself",
    ".part": "let the download come to its end",
    ".crdownload": "let the download come to its end",
    ".tmp": "let the download come to its end",
}


# What people and programs put behind the name of another version of a file, and of which files: of saved pages and
# mails "page (1).html" is another one.
_VERSION = re.compile(r"( \(\d+\)|[ _-]+(kopie|copy|copie|neu|alt|new|old|final|v\d+))+$")
_TABLES = (".csv", ".xlsx", ".xlsm", ".xls", ".ods", ".json", ".xml")
_UNFINISHED = (".part", ".crdownload", ".tmp")  # downloads that have not come to their end
_OF_OTHERS = ("thumbs.db", "desktop.ini")  # what Windows leaves in folders


def read_export(platform: Platform, folder: Path, retrieved_at: datetime) -> tuple[RawDocument, ...]:
    """The files in an inbox that are the platform's export, in the order of their names.

    A file that matches `platform.inbox_pattern`, in capital or small letters, is one document; a folder that matches
    gives all files in it. One that is left out is a document without content that says why (`RawDocument.refused`).
    Raises NotDelivered if nothing matches, Unreachable if nothing can be read or something alike lies there. Names are
    relative to the inbox.
    """
    try:
        files = sorted(_export_files(platform, folder))
        seen = _at_rest(files)
        _hold_limits(platform, seen.values())
        read = [_document(file, folder, seen[file], retrieved_at) for file in files]
        written = {one.name: _written_at(seen[file]) for file, one in zip(files, read, strict=True)}
        documents = _without_older_versions(_without_copies(read), written)
    except OSError as error:
        raise Unreachable(f"the inbox cannot be read: {error.strerror or type(error).__name__}") from error
    if not documents:
        raise _nothing_delivered(platform, folder)
    if all(document.refused for document in documents):
        raise Unreachable("; ".join(f"'{document.name}' {document.refused}" for document in documents[:5]))
    return documents


def mark_of_export(platform: Platform, folder: Path) -> str:
    """What changes whenever the platform's files in an inbox do; "" if none lies there. Nothing is read or followed."""
    seen = []
    try:
        for file in sorted(_export_files(platform, folder)):
            status = file.lstat()
            seen.append(f"{file.relative_to(folder)}\0{status.st_size}\0{status.st_mtime_ns}\n")
    except OSError:
        return ""  # a file went meanwhile: the next look tells
    return hashlib.sha256("".join(seen).encode("utf-8", "surrogateescape")).hexdigest() if seen else ""


def _export_files(platform: Platform, folder: Path) -> Iterator[Path]:
    """All that is no folder, links among them; what begins with a dot or "~$" is another program's."""
    for entry in _entries(folder):
        if fnmatchcase(entry.name.casefold(), platform.inbox_pattern.casefold()):
            if entry.is_symlink() or not entry.is_dir():
                yield entry
                continue
            for parent, folders, names in os.walk(entry):  # follows no link
                links = [name for name in folders if (Path(parent) / name).is_symlink()]
                yield from (Path(parent) / name for name in (*names, *links) if _is_export(name))


def _is_export(name: str) -> bool:
    return not name.startswith((".", "~$")) and name.casefold() not in _OF_OTHERS


def _without_copies(documents: Sequence[RawDocument]) -> tuple[RawDocument, ...]:
    """The documents, all but one of equal ones without content: a copy beside a file would count as another sender's.

    The shortest name stays: "export.xlsx" and not "export (1).xlsx".
    """
    first: dict[bytes, str] = {}
    for document in sorted(documents, key=lambda document: (len(document.name), document.name)):
        first.setdefault(document.content, document.name)
    return tuple(
        document
        if document.refused or not document.content or first[document.content] == document.name
        else replace(document, content=b"", refused=f"is a copy of '{first[document.content]}': take one of them out")
        for document in documents
    )


def _without_older_versions(documents: Sequence[RawDocument], written: Mapping[str, float]) -> tuple[RawDocument, ...]:
    """The documents, of two versions of a table only the one that was written last: "export.csv" or "export (1).csv".

    written: when, by name.
    """
    versions: dict[str, list[str]] = {}
    for document in documents:
        if not document.refused and document.name.lower().endswith(_TABLES):
            stem, _, ending = document.name.casefold().rpartition(".")
            versions.setdefault(f"{_VERSION.sub('', stem)}.{ending}", []).append(document.name)
    newest = {
        name: max(names, key=lambda one: (written[one], -len(one))) for names in versions.values() for name in names
    }
    return tuple(
        document
        if newest.get(document.name, document.name) == document.name
        else replace(
            document,
            content=b"",
            refused=f"is an older version of '{newest[document.name]}', which counts: take one of them out",
        )
        for document in documents
    )


def _written_at(status: os.stat_result | None) -> float:
    return status.st_mtime if status else 0.0


def _entries(folder: Path) -> list[Path]:
    """What lies in an inbox; an inbox that is not there holds nothing."""
    return list(folder.iterdir()) if folder.is_dir() else []


def _at_rest(files: list[Path]) -> dict[Path, os.stat_result | None]:
    """What each file looks like, None for one that changes while we wait: it is still being written."""
    first = {file: file.lstat() for file in files}
    if all(time.time() - status.st_mtime > limits.QUIET_SECONDS for status in first.values()):
        return dict(first)
    time.sleep(limits.QUIET_SECONDS)
    return {file: status if _is_same(status, file.lstat()) else None for file, status in first.items()}


def _is_same(one: os.stat_result, other: os.stat_result) -> bool:
    return (one.st_size, one.st_mtime_ns, one.st_ino) == (other.st_size, other.st_mtime_ns, other.st_ino)


def _document(file: Path, folder: Path, status: os.stat_result | None, retrieved_at: datetime) -> RawDocument:
    name = file.relative_to(folder).as_posix()
    refused, content = _why_not(name, status, folder.stat().st_uid), b""
    if not refused:
        # Neither a link that took the file's place meanwhile nor a pipe that nobody writes to.
        with os.fdopen(os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), "rb") as opened:
            content = opened.read(limits.largest(name) + 1)
            if status is None or not _is_same(status, os.fstat(opened.fileno())):
                refused, content = _why_not(name, None, 0), b""
    return RawDocument(name, content, name, retrieved_at, refused=refused)


def _why_not(name: str, status: os.stat_result | None, owner: int) -> str:
    """Why a file is left out, and what to do about it; "" if it can be read. None as `status`: it changes."""
    if status is None:
        return "is still being written: it is read when the week is run again after that"
    if stat.S_ISLNK(status.st_mode):
        return "is a link, which is never followed: put the file itself there"
    if not stat.S_ISREG(status.st_mode):
        return "is no file: put the export itself there"
    if name.lower().endswith(_UNFINISHED):
        return "is a download that has not come to its end: put the whole file there"
    if status.st_nlink > 1 and status.st_uid != owner:
        return "has a second name and another owner than the inbox: put a copy there"
    if status.st_size > limits.largest(name):
        return f"has {status.st_size:,} bytes, {limits.largest(name):,} are read: ask for it in parts"
    return ""


def _hold_limits(platform: Platform, seen: Iterable[os.stat_result | None]) -> None:
    """Raise Unreachable, before anything is read, for a delivery that is too large as a whole."""
    sizes = [status.st_size for status in seen if status is not None]
    if len(sizes) > limits.DELIVERY_FILES or sum(sizes) > limits.DELIVERY_BYTES:
        raise Unreachable(
            f"'{platform.inbox_pattern}' are {len(sizes):,} files with {sum(sizes):,} bytes, at most"
            f" {limits.DELIVERY_FILES:,} files with {limits.DELIVERY_BYTES:,} bytes are read: take out what is old"
        )


def _nothing_delivered(platform: Platform, folder: Path) -> Unreachable:
    """That nothing matches; what looks like the export but for its form is named: somebody meant to deliver it."""
    stem = platform.inbox_pattern.partition("*")[0].partition(".")[0].casefold()
    alike = sorted(entry.name for entry in _entries(folder) if entry.name.casefold().startswith(stem))
    wanted = f"file or folder '{platform.inbox_pattern}'"
    if not alike:
        return NotDelivered(f"the inbox holds no {wanted}")
    if fnmatchcase(alike[0].casefold(), platform.inbox_pattern.casefold()):
        return Unreachable(f"the folder '{alike[0]}' in the inbox is empty: put the export there")
    remedy = _REMEDIES.get(Path(alike[0]).suffix.lower(), "give it that name and form")
    return Unreachable(f"the inbox holds '{alike[0]}', but no {wanted}: {remedy}")
