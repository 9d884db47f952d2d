"""Directions as whole numbers, so that likeness is the same on every processor.

A linear-algebra library adds in the order that suits its kernel and its threads, and the last bits of a sum of
fractions follow that order. A sum of whole numbers does not, as long as a float can hold every one of its parts: here
the product of two rows and all its partial sums stay below 2**24 (Cauchy-Schwarz), up to which float32 counts exactly.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pandas as pd
from scipy import sparse

from matching.arrays import Floats, Vectors

LENGTH = 2048  # of a row; a cosine is thereby known to about 0.0002
ONE = float(LENGTH**2)  # dot product of a row with itself
_ROWS = 1_000  # scaled at a time, in float64: 4 MB, in a fifth of the time of 40 MB
_EXPECTED = 3  # rows that the expected middle of a group counts as: a board may have one request in a language


def on_grid(rows: Vectors | Floats) -> Vectors:
    """Rows scaled to `LENGTH` and rounded to whole numbers, as float32; zero rows stay zero."""
    result = np.empty(rows.shape, dtype=np.float32)
    for start in range(0, len(rows), _ROWS):
        exact = rows[start : start + _ROWS].astype(np.float64)
        lengths = np.sqrt(np.sum(exact * exact, axis=1, keepdims=True))
        result[start : start + _ROWS] = np.rint(exact * (LENGTH / np.where(lengths > 0, lengths, 1.0)))
    return result


def sparse_on_grid(matrix: sparse.csr_matrix) -> sparse.csr_matrix:
    """Rows of a sparse matrix scaled to `LENGTH` and rounded to whole numbers; empty rows stay empty."""
    exact = sparse.csr_matrix(matrix, dtype=np.float64)
    lengths = np.sqrt(np.asarray(exact.multiply(exact).sum(axis=1)).ravel())
    scaled = sparse.csr_matrix(sparse.diags(LENGTH / np.where(lengths > 0, lengths, 1.0)) @ exact)
    return rounded(scaled)


def rounded(matrix: sparse.csr_matrix) -> sparse.csr_matrix:
    """The nearest whole numbers, as float32, without zeros and with columns in order."""
    whole = sparse.csr_matrix((np.rint(matrix.data).astype(np.float32), matrix.indices, matrix.indptr), matrix.shape)
    whole.eliminate_zeros()
    whole.sort_indices()
    return whole


def centred(
    vectors: Vectors, groups: Sequence[Any], middle: Callable[[Any], Floats | None] = lambda group: None
) -> Vectors:
    """Rows on the grid without their group's mean: what all texts of one side and language share says nothing.

    vectors: on the grid. middle: where a group is expected to lie before any of its rows is known, which counts as much
    as `_EXPECTED` rows; without it a group of one keeps its vector, because its own mean would leave nothing.
    """
    result = vectors.copy()
    labels, names = pd.factorize(pd.Series([*groups], dtype="object"))
    for label in range(labels.max(initial=-1) + 1):
        members = np.nonzero(labels == label)[0]
        total, weight, expected = vectors[members].sum(axis=0, dtype=np.float64), len(members), middle(names[label])
        if expected is not None:
            total, weight = total + _EXPECTED * expected, weight + _EXPECTED
        if weight > 1:
            result[members] = on_grid(vectors[members] - total / weight)
    return result
