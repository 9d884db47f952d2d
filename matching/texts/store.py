"""Vectors of texts under their content: what is known is reused, what is new is encoded once, however often asked for.

A vector depends on encoder and text alone, so that it does not matter which weeks were run before, or in which order
texts come. Where the table is kept between runs is not decided here.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd
from pandera.typing import DataFrame

from matching.arrays import Vectors
from matching.schema import TextVector, empty
from matching.texts.encoder import LONGEST_TEXT, Encoder, text_key
from matching.texts.grid import on_grid


class VectorStore:
    """An encoder with all that it has encoded.

    known: TextVector rows of earlier runs; those of another encoder are passed on and never used.
    """

    def __init__(self, encoder: Encoder, known: pd.DataFrame | None = None) -> None:
        self._encoder = encoder
        self._vectors: dict[str, npt.NDArray[np.int16]] = {}
        if known is not None:
            self._vectors = dict(zip(known["text_key"], known["vector"], strict=True))
        self._asked: set[str] = set()
        self.encoded = 0  # texts that were new

    @property
    def name(self) -> str:
        return self._encoder.name

    def vectors(self, texts: Sequence[str]) -> Vectors:
        """One row per text, on the grid; zero for no text."""
        read = [text[:LONGEST_TEXT] for text in texts]
        keys = [text_key(self._encoder, text) for text in read]
        self._encode({key: text for key, text in zip(keys, read, strict=True) if key not in self._vectors})
        self._asked.update(keys)
        found = np.array([self._vectors[key] for key in keys], dtype=np.float32)
        return found if keys else np.zeros((0, 0), dtype=np.float32)

    def table(self, *, asked_only: bool = False) -> DataFrame[TextVector]:
        """All vectors, or those that this run asked for; sorted by key."""
        names = sorted(self._asked if asked_only else self._vectors)
        if not names:
            return DataFrame[TextVector](empty(TextVector))
        vectors = pd.Series([self._vectors[name] for name in names], dtype="object")
        return DataFrame[TextVector](pd.DataFrame({"text_key": names, "vector": vectors}))

    def _encode(self, missing: dict[str, str]) -> None:
        if not missing:
            return
        # By length, so that texts of one batch are alike in cost.
        ordered = sorted(missing, key=lambda key: (len(missing[key]), key))
        encoded = self._encoder.encode([missing[key] or "-" for key in ordered])
        said = np.array([bool(missing[key]) for key in ordered])
        rows = (on_grid(encoded) * said[:, None]).astype(np.int16)
        self._vectors.update(zip(ordered, rows, strict=True))
        self.encoded += len(ordered)
