"""Which concepts a text is likely to be about, whether or not it names them: texts beside the names of the taxonomy.

A text is compared with all names in its own language by sentence vector; the likeliest concepts count by a softmax.
`concepts.py` is surer, but silent on texts that say it in words the taxonomy does not have.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy import sparse

from matching.arrays import Vectors
from matching.taxonomy.concepts import LANGUAGES, Taxonomy
from matching.texts.encoder import Encoder, encode_texts, unit_rows
from matching.texts.terms import lower_shouting

LIKELIEST = 5  # concepts kept per text; fifteen did no better
_TEMPERATURE = 0.05  # of the softmax over likeness
_CHUNK = 5_000  # texts compared with all names at a time


def concept_profiles(
    languages: Sequence[str], vectors: Vectors, taxonomy: Taxonomy, encoder: Encoder, known: pd.DataFrame | None
) -> tuple[sparse.csr_matrix, pd.DataFrame | None]:
    """Texts x concepts, rows of length one, empty for texts of other languages; and `known` with the names' vectors.

    vectors: unit vectors of the texts, centred.
    """
    likeliest = np.zeros((len(languages), LIKELIEST), dtype=np.int64)
    share = np.zeros(likeliest.shape, dtype=np.float32)
    for language in LANGUAGES:
        rows = np.nonzero(np.array(languages, dtype=object) == language)[0]
        if not len(rows):
            continue
        names = [concept.names[language] for concept in taxonomy.concepts.values()]
        first = np.cumsum([0, *map(len, names[:-1])])
        flat = [lower_shouting(name) for variants in names for name in variants]
        name_vectors, known = encode_texts(flat, encoder, known)
        name_vectors = unit_rows(name_vectors - name_vectors.mean(axis=0))
        for chunk in np.array_split(rows, -(-len(rows) // _CHUNK)):
            likeness = np.maximum.reduceat(vectors[chunk] @ name_vectors.T, first, axis=1)
            best = np.argpartition(-likeness, LIKELIEST - 1, axis=1)[:, :LIKELIEST]
            values = np.take_along_axis(likeness, best, axis=1)
            odds = np.exp((values - values.max(axis=1, keepdims=True)) / _TEMPERATURE)
            likeliest[chunk], share[chunk] = best, odds / odds.sum(axis=1, keepdims=True)
    cells = (np.repeat(np.arange(len(languages)), LIKELIEST), likeliest.ravel())
    # Square roots (Hellinger) make rows of length one.
    matrix = sparse.csr_matrix((np.sqrt(share.ravel()), cells), shape=(len(languages), len(taxonomy.concepts)))
    matrix.eliminate_zeros()
    return matrix, known
