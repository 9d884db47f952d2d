"""What a run of a week followed from, so that the same need not be calculated again.

    <root>/stamps/<week>.json    digests of what a whole run of the week read and wrote, and what it warned of

A week is as it would come out again if program, settings, inbox, decisions and answers are the same, no table of
the week or of one before has changed since, and its documents are there as they were written. What can only be told by
asking somebody, a mailbox or a platform, is asked again.
"""

import hashlib
import json
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path, PurePath
from typing import NamedTuple

from pipelines.resources import SAMPLES, AnswerAccess, Settings, secret_files, secret_of
from pipelines.whole_files import write_whole
from sources.week import Week

FOLDER = "stamps"
PURGED_EARLY = "text_vectors"  # see `pipelines.retention`: later weeks do without
PACKAGES = ("assets", "matching", "pipelines", "reports", "sources")


class Made(NamedTuple):
    """A week that came out."""

    report: Path  # its Lagebild
    said: Sequence[str]  # lines for whoever ran it
    warnings: int  # of them
    is_whole: bool  # no step failed


class _Stamp(NamedTuple):
    inputs: str
    outputs: dict[str, str]  # SHA-256 by path in the store
    said: list[str]
    warnings: int


def inputs_of(settings: Settings, week: Week) -> str | None:
    """SHA-256 over all that decides about a week beside the stored weeks; None if somebody must be asked."""
    if settings.live is not None or AnswerAccess.from_environment().mailbox:
        return None
    store, here = settings.store, Path(__file__).parents[1]
    inbox = settings.inbox or SAMPLES / str(week)
    released = (path for path in store.glob("reports/ministry_statistics/*-W*/statistics.csv"))
    read = [
        *_files(here, (path for package in PACKAGES for path in _program(here / package))),
        *_files(inbox, sorted(inbox.rglob("*"))),
        *_files(store, (path for path in sorted(store.glob("*")) if path.suffix in (".csv", ".yaml", ".key"))),
        *_files(store, sorted((store / "answers").rglob("*"))),
        *_files(store, sorted(path for path in released if path.parent.name < str(week))),
    ]
    names = [path.name for path in (store / "tables" / "listings").glob("[!.]*") if path.stem < str(week)]
    said = [sys.version, *_installed(), *_settings(settings), *sorted(names), *read]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()


def unchanged(settings: Settings, week: Week) -> Made | None:
    """What an earlier run made of a week, if it would come out as it did."""
    store = settings.store
    stamp = _read(store, week)
    if stamp is None or stamp.inputs != inputs_of(settings, week):
        return None
    if dict(_files(store, map(store.joinpath, stamp.outputs))) != stamp.outputs:
        return None
    return Made(report_of(store, week), stamp.said, stamp.warnings, is_whole=True)


def keep(settings: Settings, week: Week, inputs: str | None, made: Made) -> None:
    """Note a run that came out whole; nothing if what it read changed meanwhile. inputs: as when it began."""
    if not made.is_whole or inputs is None or inputs != inputs_of(settings, week):
        return
    store = settings.store
    written = (path for room in ("tables", "reports") for path in (store / room).glob(f"*/{week}*"))
    files = sorted(file for path in written for file in (path.rglob("*") if path.is_dir() else [path]))
    stamp = _Stamp(inputs, dict(_files(store, files)), list(made.said), made.warnings)
    _path(store, week).parent.mkdir(exist_ok=True)
    write_whole(_path(store, week), f"{json.dumps(stamp, indent=1)}\n".encode())


def forget(store: Path, week: Week) -> None:
    """Remove the stamps of a week of which a table is about to change, and of those after it."""
    for path in (store / FOLDER).glob("[!.]*.json"):
        if Week.parse(path.stem) >= week:
            path.unlink()


def stamped(store: Path) -> list[Week]:
    """The weeks that came out whole and of which nothing has changed since that they followed from, oldest first."""
    return sorted(Week.parse(path.stem) for path in (store / FOLDER).glob("[!.]*.json"))


def lost(store: Path, week: Week) -> tuple[Week, list[str]] | None:
    """The newest stamped week before this one and its tables that are there no more, by name; None if all are."""
    before = [one for one in stamped(store) if one < week]
    stamp = _read(store, before[-1]) if before else None
    written = [PurePath(name) for name in stamp.outputs] if stamp else []
    gone = {path.parts[1] for path in written if path.parts[0] == "tables" and not (store / path).exists()}
    return (before[-1], sorted(gone - {PURGED_EARLY})) if gone - {PURGED_EARLY} else None


def report_of(store: Path, week: Week) -> Path:
    """The Lagebild of a week."""
    return store / "reports" / "lagebild" / str(week) / "lagebild.html"


def _read(store: Path, week: Week) -> _Stamp | None:
    with suppress(OSError, ValueError, TypeError):
        return _Stamp(*json.loads(_path(store, week).read_bytes()))
    return None


def _path(store: Path, week: Week) -> Path:
    return store / FOLDER / f"{week}.json"


def _files(root: Path, paths: Iterable[Path]) -> Iterator[tuple[str, str]]:
    """Each file by its path below a root, with the SHA-256 of its content; a link is told by where it leads."""
    for path in paths:
        if path.is_symlink():
            yield path.relative_to(root).as_posix(), str(path.readlink())
        elif path.is_file() and not path.name.startswith("."):
            with path.open("rb") as file:
                yield path.relative_to(root).as_posix(), hashlib.file_digest(file, "sha256").hexdigest()


def _program(package: Path) -> list[Path]:
    """Modules and data; the samples are read as an inbox."""
    return [path for path in sorted(package.rglob("*")) if path.suffix != ".pyc" and not path.is_relative_to(SAMPLES)]


def _installed() -> list[str]:
    """Packages with their versions, as the names of their folders tell."""
    return sorted(path.name for folder in sys.path for path in Path(folder).glob("*.dist-info"))


def _settings(settings: Settings) -> list[str]:
    """What was set, but for passwords and places."""
    own = (name for name in os.environ if name.startswith("VERBUNDRADAR_"))
    left = ("IMAP_", "KEY_", "KEEP_", "ALERT_", "SMTP_", "POSTGRES", "MIRROR", "STORE", "INBOX")
    told = [name for name in own if not name.removeprefix("VERBUNDRADAR_").startswith(left)]
    in_files = [secret_of(name) for name in secret_files() if not name.startswith(left)]
    values = [f"{name}={os.environ[name]}" for name in sorted(told)]
    return [*values, *in_files, *settings.platforms, str(settings.is_sample)]
