"""Raw snapshots are sealed: AES-SIV (RFC 5297) under one key, so that a copy of `raw/` says nothing without it.

AES-SIV needs no nonce, so that equal content under one key is equal on the disk: a store that was killed, copied or
written twice can be compared byte for byte.
"""

import os
from functools import cached_property
from hashlib import sha512
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV

from pipelines.faults import WrongSetting
from pipelines.keys import secret
from pipelines.resources import keys_of
from sources.platform import PlatformError

_MARK = b"verbundradar sealed 1\n"


class Unopened(PlatformError):
    """Sealed content that this key does not open; the message says what to do."""


class Seal:
    """Closes and opens content with the key in a file."""

    def __init__(self, key: Path) -> None:
        self._path = key

    def closed(self, content: bytes) -> bytes:
        """The content for the disk."""
        return _MARK + self._cipher.encrypt(content, [_MARK])

    def opened(self, content: bytes) -> bytes:
        """What was closed; content without a mark was kept before there was a seal. Raises Unopened."""
        if not content.startswith(_MARK):
            return content
        try:
            return self._cipher.decrypt(content[len(_MARK) :], [_MARK])
        except InvalidTag:
            raise Unopened(
                "a raw snapshot is damaged or sealed with another raw.key; put the key back that belongs to the store"
            ) from None

    @cached_property
    def _cipher(self) -> AESSIV:
        return AESSIV(sha512(secret(self._path)).digest())  # 512 bits: AES-256 for each half


def hold_key(store: Path) -> None:
    """Make the key of a store that has sealed nothing yet; raises WrongSetting if what it sealed cannot be opened.

    Or a week would be sealed with a new key beside the others, which then nobody can read together.
    """
    key = keys_of(store) / "raw.key"
    sealed = next((store / "raw").glob("*/*/*/[0-9]*"), None)
    put_back = "put the key of this store there, or name its folder in VERBUNDRADAR_KEYS"
    if sealed and sealed.read_bytes().startswith(_MARK) and not key.exists():
        raise WrongSetting(f"{key} is not there, and the store's raw snapshots are sealed with it; {put_back}")
    try:
        if sealed:
            Seal(key).opened(sealed.read_bytes())
        else:
            secret(key)
    except Unopened:
        raise WrongSetting(f"{key} does not open the store's raw snapshots; {put_back}") from None
    except OSError as error:
        if "VERBUNDRADAR_KEYS" not in os.environ:
            raise
        told = f"VERBUNDRADAR_KEYS: {key.parent}: {os.strerror(error.errno or 0).lower()}"
        raise WrongSetting(f"{told}; name a folder in which this user may write") from None
