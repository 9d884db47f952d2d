"""Texts as 64 bits, the same on every machine; 0 stands for nothing. Values that occur more than once."""

from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from matching.arrays import Flags, Hashes, Integers
from matching.organisations import arrow

_TOGETHER = 20_000  # texts hashed at once, so that what it takes stays within the cache


def stable_hash(texts: Sequence[str]) -> Hashes:
    """64 bits of each text, the same on every machine and in every run; never 0.

    A sum of one random number for each byte in its place (simple tabulation, Zobrist 1970).
    """
    parts = [_sums(texts[start : start + _TOGETHER]) for start in range(0, len(texts), _TOGETHER)]
    return mix(np.concatenate([np.zeros(0, np.uint64), *parts])) | np.uint64(1)


def _sums(texts: Sequence[str]) -> Hashes:
    encoded = [text.encode() for text in texts]
    letters = np.frombuffer(b"".join(encoded), np.uint8).astype(np.uint64)
    length = np.fromiter(map(len, encoded), np.int64, len(encoded))
    offsets = np.concatenate([[0], np.cumsum(length)])
    place = np.arange(len(letters), dtype=np.uint64) - np.repeat(offsets[:-1].astype(np.uint64), length)
    so_far = np.concatenate([np.zeros(1, np.uint64), np.cumsum(mix(place << np.uint64(8) | letters))])
    return np.asarray(so_far[offsets[1:]] - so_far[offsets[:-1]])  # wraps around


def numbered(values: pa.Array | Hashes | Integers) -> tuple[Integers, pa.Array]:
    """Number of each value, in the order in which they first occur, and the distinct values."""
    encoded = (arrow.numbers(values) if isinstance(values, np.ndarray) else values).dictionary_encode()
    return arrow.as_numbers(encoded.indices).astype(np.int64), encoded.dictionary


def are_first(number: Integers) -> Flags:
    """Which values of those `numbered` occur for the first time."""
    return np.asarray(np.diff(np.maximum.accumulate(number), prepend=-1) > 0)


def mix(values: Hashes) -> Hashes:
    """Spread bits, so that sums of hashes do not cancel (finaliser of splitmix64, Steele et al. 2014)."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))
