"""One run at a time in a store: a run reads what the one before wrote, and two at once would tell half of each."""

import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

from filelock import FileLock, Timeout

from pipelines.whole_files import write_whole
from sources.week import LOCAL_TIME

WAIT_SECONDS = 600  # six sample weeks take less than half of it


class Busy(Exception):
    """Another process works in the store, and did not end while we waited; the message says which."""


@contextmanager
def only_run(
    store: Path, words: str, wait_seconds: float = WAIT_SECONDS, tell: Callable[[str], object] | None = None
) -> Iterator[None]:
    """Hold the store; a process that holds it already may ask again. Raises Busy after `wait_seconds`.

    words: what we do, for others who want the store meanwhile; no paths. tell: gets one line before we wait. The lock
    is the operating system's: it goes with its process, however that ends.
    """
    store.mkdir(parents=True, exist_ok=True)
    lock = FileLock(store / ".lock", is_singleton=True, thread_local=False)
    note = store / ".running.json"
    try:
        lock.acquire(timeout=0)
    except Timeout:
        if tell and wait_seconds:
            tell(f"{_told(note)}; waiting for it, at most {wait_seconds:g} s")
        try:
            lock.acquire(timeout=wait_seconds, poll_interval=0.2)
        except Timeout:
            raise Busy(f"{_told(note)}; nothing was done, try again when it has ended") from None
    try:
        if lock.lock_counter == 1:
            since = datetime.now(LOCAL_TIME).isoformat(timespec="seconds")
            said = {"process": os.getpid(), "since": since, "command": words}
            write_whole(note, json.dumps(said, ensure_ascii=False).encode())
        yield
    finally:
        if lock.lock_counter == 1:
            note.unlink(missing_ok=True)
        lock.release()


def _told(note: Path) -> str:
    """Who holds the store."""
    said = {"process": "unknown", "since": "just now", "command": "not told yet"}
    with suppress(OSError, ValueError):
        said = json.loads(note.read_text(encoding="utf-8"))
    return f"another run works in this store: process {said['process']}, since {said['since']}, {said['command']}"
