"""What proves that an answer belongs to an issue: HMAC with SHA-256 (RFC 2104) over number, answer and issue week.

Who has an issue can answer it, and only with what its links say; who has none can make up no answer, nor use one for
another number, answer or week.
"""

import hmac
from hashlib import sha256
from pathlib import Path

from pipelines.keys import secret
from sources.week import Week

FILE = "answers.key"
DIGITS = 32  # hexadecimal: 128 bits


class KeyStore:
    """The key of a store: from the settings, else a file that only its owner may read, made when first needed."""

    def __init__(self, store: Path, given: str = "") -> None:
        self._path = store / FILE
        self._given = given

    def token(self, number: str, state: str, reason: str, week: Week) -> str:
        """The token of one possible answer to one issue."""
        said = "\n".join((number, state, reason, str(week))).encode()
        return hmac.new(self._key(), said, sha256).hexdigest()[:DIGITS]

    def is_genuine(self, token: str, number: str, state: str, reason: str, week: Week) -> bool:
        """Whether this store made the token for this very answer; takes as long whatever is wrong."""
        return hmac.compare_digest(token.encode(), self.token(number, state, reason, week).encode())

    def _key(self) -> bytes:
        if self._given:
            return self._given.encode()
        return secret(self._path)
