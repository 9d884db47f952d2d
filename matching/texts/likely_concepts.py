"""Which concepts a text is likely to be about, whether or not it names them: texts beside the names of the taxonomy.

A text is compared with all names in its own language by sentence vector; the likeliest concepts count by a softmax.
`taxonomy.finding` is surer, but silent on texts that say it in words the taxonomy does not have.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy import sparse

from matching.arrays import Vectors
from matching.ranks import best_cells
from matching.taxonomy.concepts import LANGUAGES, Taxonomy
from matching.texts.encoder import Encoder, encode_texts
from matching.texts.grid import ONE, centred, sparse_on_grid
from matching.texts.terms import lower_shouting

LIKELIEST = 5  # concepts kept per text; fifteen did no better
_TEMPERATURE = 0.05  # of the softmax over likeness
_CHUNK = 5_000  # texts compared with all names at a time


def concept_profiles(
    languages: Sequence[str], vectors: Vectors, taxonomy: Taxonomy, encoder: Encoder, known: pd.DataFrame | None
) -> tuple[sparse.csr_matrix, pd.DataFrame | None]:
    """Texts x concepts, rows on the grid, empty for texts of other languages; and `known` with the names' vectors.

    vectors: of the texts, on the grid, centred.
    """
    likeliest = np.zeros((len(languages), LIKELIEST), dtype=np.int64)
    share = np.zeros(likeliest.shape)
    for language in LANGUAGES:
        rows = np.nonzero(np.array(languages, dtype=object) == language)[0]
        if not len(rows):
            continue
        names = [concept.names[language] for concept in taxonomy.concepts.values()]
        first = np.cumsum([0, *map(len, names[:-1])])
        flat = [lower_shouting(name) for variants in names for name in variants]
        name_vectors, known = encode_texts(flat, encoder, known)
        name_vectors = centred(name_vectors, [language] * len(flat))
        for chunk in np.array_split(rows, -(-len(rows) // _CHUNK)):
            likeness = np.maximum.reduceat(vectors[chunk] @ name_vectors.T, first, axis=1)
            best = best_cells(likeness, LIKELIEST)[1].reshape(len(chunk), LIKELIEST)
            values = np.take_along_axis(likeness, best, axis=1).astype(np.float64) / ONE
            odds = np.exp((values - values[:, :1]) / _TEMPERATURE)
            likeliest[chunk], share[chunk] = best, odds / odds.sum(axis=1, keepdims=True)
    cells = (np.repeat(np.arange(len(languages)), LIKELIEST), likeliest.ravel())
    # Square roots (Hellinger) make rows of length one.
    matrix = sparse.csr_matrix((np.sqrt(share.ravel()), cells), shape=(len(languages), len(taxonomy.concepts)))
    return sparse_on_grid(matrix), known
