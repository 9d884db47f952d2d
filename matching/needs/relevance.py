"""How relevant an offer is to a request, and from where on it is worth telling."""

import numpy as np

from matching.arrays import Floats, Vectors

FULL = 1.1  # likeness of a text and its own translation, which is about as much as two listings can have in common
LEAST = 0.0


def relevance(likeness: Vectors) -> Floats:
    """Likeness of texts (`texts.similarity`) as a share of what is possible, 0 to 1."""
    return np.clip(likeness.astype(np.float64) / FULL, 0.0, 1.0)
