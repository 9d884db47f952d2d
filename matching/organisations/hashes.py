"""Texts as 64 bits, the same on every machine; 0 stands for nothing."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from matching.arrays import Hashes


def stable_hash(texts: Sequence[str]) -> Hashes:
    """64 bits of each text, the same on every machine and in every run; never 0."""
    if not len(texts):
        return np.zeros(0, np.uint64)
    return np.asarray(pd.util.hash_array(np.asarray(texts, dtype=object), categorize=False)) | np.uint64(1)


def mix(values: Hashes) -> Hashes:
    """Spread bits, so that sums of hashes do not cancel (finaliser of splitmix64, Steele et al. 2014)."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))
