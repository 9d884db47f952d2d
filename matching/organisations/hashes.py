"""Texts as 64 bits, the same on every machine; 0 stands for nothing. Values that occur more than once."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from matching.arrays import Flags, Hashes, Integers
from matching.organisations import arrow

TOGETHER = 20_000  # texts hashed at once, so that what it takes stays within the cache


def stable_hash(texts: Sequence[str] | pa.StringArray) -> Hashes:
    """64 bits of each text, the same on every machine and in every run; never 0.

    A sum of one random number for each byte in its place (simple tabulation, Zobrist 1970).
    """
    array = texts if isinstance(texts, pa.StringArray) else arrow.texts(texts)
    offsets, letters = arrow.offsets(array), np.frombuffer(array.buffers()[2] or b"", np.uint8)
    starts = range(0, len(array), TOGETHER)
    parts = [_sums(letters, offsets[start : start + TOGETHER + 1].astype(np.int64)) for start in starts]
    return mix(np.concatenate([np.zeros(0, np.uint64), *parts])) | np.uint64(1)


def _sums(letters: npt.NDArray[np.uint8], offsets: Integers) -> Hashes:
    place = np.arange(offsets[0], offsets[-1]) - np.repeat(offsets[:-1], np.diff(offsets))
    terms = mix(place.astype(np.uint64) << np.uint64(8) | letters[offsets[0] : offsets[-1]])
    so_far = np.concatenate([np.zeros(1, np.uint64), np.cumsum(terms)])
    ends = offsets - offsets[0]
    return np.asarray(so_far[ends[1:]] - so_far[ends[:-1]])  # wraps around


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
