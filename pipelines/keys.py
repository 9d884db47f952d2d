"""Secrets of a store: made when first needed, readable by their owner only, never shown.

    answers.key   in the store; signs the answers that an issue offers (`pipelines.answers.keys`)
    raw.key       seals raw snapshots (`pipelines.seal`)
    erased.key    keys the hashes of what was erased (`pipelines.erasure.suppressed`)

The last two lie in ``keys/`` of the store or, better, in the folder that VERBUNDRADAR_KEYS names: on another disk, and
in another back-up than the store, they keep a copy of the store from being read.
"""

import os
import secrets
from pathlib import Path


def secret(path: Path) -> bytes:
    """The secret of a file, 64 hexadecimal digits; of two processes that make it at once, the first one's stays."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
        with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_hex(32))
        try:
            os.link(unfinished, path)
        except FileExistsError:
            pass
        finally:
            unfinished.unlink()
    return path.read_bytes().strip()
