"""Exports and saved pages that platform staff drop into a folder, one file or folder per platform."""

from datetime import datetime
from pathlib import Path

from sources.platform import NotDelivered, Platform, RawDocument, Unreachable


def read_export(platform: Platform, folder: Path, retrieved_at: datetime) -> tuple[RawDocument, ...]:
    """The files in an inbox that are the platform's export, in the order of their names.

    A file that matches `platform.inbox_pattern` is one document; a folder that matches gives all files in it.
    Raises NotDelivered if nothing matches, Unreachable if a file cannot be read. Names are relative to the inbox.
    """
    try:
        files = sorted(
            file
            for entry in folder.glob(platform.inbox_pattern)
            for file in (entry.rglob("*") if entry.is_dir() else (entry,))
            if file.is_file() and not file.name.startswith(".")
        )
        documents = tuple(
            RawDocument(name, file.read_bytes(), name, retrieved_at)
            for file in files
            for name in [file.relative_to(folder).as_posix()]
        )
    except OSError as error:
        raise Unreachable(f"the inbox cannot be read: {error.strerror or type(error).__name__}") from error
    if not documents:
        raise NotDelivered(f"the inbox holds no file or folder '{platform.inbox_pattern}'")
    return documents
