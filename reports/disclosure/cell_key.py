"""Perturbation of counts by cell keys, for series whose cells are told nowhere else.

Thompson, Broadfoot and Elazar 2013 (Australian Bureau of Statistics; the German census of 2022 does likewise): every
record has a random key, a cell's key is the sum of those of its records, and a table tells by count and key what is
added. The same records bear the same noise wherever and whenever they are counted, so that nobody can average it away.
Nothing stays nothing. Sums are perturbed by themselves: perturbed numbers do not add up.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import blake2b
from itertools import accumulate
from math import comb

Row = tuple[tuple[int, int], ...]  # (end, noise): for the cell keys from the end before on and below this one
_KEYS = 2**32


@dataclass(frozen=True)
class NoiseTable:
    """What is added (the p-table). keys: record keys and cell keys are 0 to keys - 1.

    rows: for counts of 1, 2 and so on; the last one for all larger counts too.
    """

    keys: int
    rows: tuple[Row, ...]

    def perturbed(self, record_keys: Iterable[int]) -> int:
        """How many records there are, with the noise that their keys bring."""
        found = tuple(record_keys)
        if not found:
            return 0
        key = sum(found) % self.keys
        row = self.rows[min(len(found), len(self.rows)) - 1]
        return len(found) + next(noise for end, noise in row if key < end)


def noise_table(most: int) -> NoiseTable:
    """Noise of mean 0, no larger than `most` to either side, with the weights of a binomial distribution.

    A count can lose no more than it is. With m, the smaller of the count and `most`, the noise is
    B(m + most, m / (m + most)) - m, of variance m * most / (m + most): half of `most` from a count of `most` on. Its
    weights are whole numbers, so that the table is the same on every processor; the usual way (maximum entropy,
    Giessing 2016) solves equations with exponentials. For `most` 2 no weight of the last row differs by 0.01
    from Destatis' ptable with D = 2, V = 1.
    """
    return NoiseTable(_KEYS, tuple(_row(m, most) for m in range(1, most + 1)))


def _row(least: int, most: int) -> Row:
    draws = least + most
    weights = [comb(draws, number) * least**number * most ** (draws - number) for number in range(draws + 1)]
    ends = (_KEYS * until // draws**draws for until in accumulate(weights))
    return tuple(zip(ends, range(-least, most + 1), strict=True))


def record_key(record_id: str, secret: bytes) -> int:
    """The key of a record, the same for the same secret of 16 to 64 bytes. Raises ValueError for any other.

    Whoever knows the secret and the records of a cell can take its noise away.
    """
    if not 16 <= len(secret) <= 64:
        raise ValueError("the secret of record keys must have 16 to 64 bytes")
    return int.from_bytes(blake2b(record_id.encode(), digest_size=4, key=secret).digest(), "big")
