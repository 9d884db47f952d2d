"""Raw snapshots are sealed: AES-SIV (RFC 5297) under one key, so that a copy of `raw/` says nothing without it.

AES-SIV needs no nonce, so that equal content under one key is equal on the disk: a store that was killed, copied or
written twice can be compared byte for byte.
"""

from functools import cached_property
from hashlib import sha512
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV

from pipelines.keys import secret
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
