"""Files that are whole or not there: written beside their place, under a name that nobody else has, then renamed."""

import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from upath import UPath


def write_whole(path: Path | UPath, content: bytes) -> None:
    """Write a file; whoever reads it meanwhile sees the one before, and a killed run leaves no half of it."""
    with unfinished_beside(path) as unfinished:
        unfinished.write_bytes(content)


@contextmanager
def unfinished_beside(path: Path | UPath) -> Iterator[Path | UPath]:
    """Where to write what becomes `path`, a file or a folder; what killed processes left there of it goes."""
    for left in path.parent.glob(f".{path.name}.*") if path.parent.is_dir() else ():
        if not is_alive(int("0" + left.name.rpartition(".")[2].partition("-")[0])):
            _remove(left)
    unfinished = path.with_name(f".{path.name}.{os.getpid()}-{secrets.token_hex(4)}")
    try:
        yield unfinished
        unfinished.rename(str(path))
    except BaseException:
        _remove(unfinished)
        raise


def is_alive(process: int) -> bool:
    """Whether a process of this machine is there; of no process (0) it is not."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # somebody else's
        return True
    return process > 0


def _remove(path: Path | UPath) -> None:
    with suppress(OSError):
        if path.is_dir():
            shutil.rmtree(str(path), ignore_errors=True)
        else:
            path.unlink()
