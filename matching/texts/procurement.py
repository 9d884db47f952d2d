"""Which codes of the Common Procurement Vocabulary (CPV) a text is likely to be about, where the caller has the labels.

A text is compared with the labels of its own language, by sentence vector and by words; the likeliest codes count by a
softmax, on every level of the code tree, so that neighbours in the tree are alike in part.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy import sparse

from matching.arrays import Vectors
from matching.ranks import best_cells
from matching.taxonomy.concepts import LANGUAGES
from matching.texts.grid import ONE, centred, sparse_on_grid
from matching.texts.lexicon import vocabulary
from matching.texts.store import VectorStore
from matching.texts.terms import lower_shouting, terms

LEVELS = (3, 4, 5, 8)  # digits that name a group, class, category and the code itself; divisions (2) are too broad
LIKELIEST = 30  # codes kept per text
_WORD_SHARE = 0.7  # of likeness by words, beside 1 for the sentence vector
_TEMPERATURE = 0.08  # of the softmax over likeness
_CHUNK = 2_000  # texts compared with all labels at a time


def code_profiles(
    texts: Sequence[str],
    languages: Sequence[str],
    vectors: Vectors,
    labels: pd.DataFrame,
    store: VectorStore,
) -> sparse.csr_matrix:
    """Texts x codes of all levels; dot products of rows say how alike two texts' codes are, each level counting alike.

    vectors: of the texts, on the grid, centred. labels: columns code ("33141000-0" or eight digits), de, fr, en.
    Texts of other languages stay empty.
    """
    codes = labels["code"].astype(str).str[:8].to_numpy()
    likeliest = np.zeros((len(texts), min(LIKELIEST, len(codes))), dtype=np.int64)
    share = np.zeros(likeliest.shape)
    for language in LANGUAGES:
        rows = np.array([row for row, found in enumerate(languages) if found == language], dtype=np.int64)
        if not len(rows):
            continue
        named = labels[language].fillna(labels["en"]).astype(str).map(lower_shouting).tolist()
        label_vectors = centred(store.vectors(named), [language] * len(named))
        label_terms = [terms(label, language) for label in named]
        words = vocabulary(label_terms, [language] * len(named))
        label_matrix = words.matrix(label_terms, [language] * len(named))
        for chunk in np.array_split(rows, -(-len(rows) // _CHUNK)):
            documents = [terms(texts[row], language) for row in chunk]
            by_words = words.matrix(documents, [language] * len(chunk)) @ label_matrix.T
            likeness = (vectors[chunk] @ label_vectors.T + _WORD_SHARE * by_words.toarray().astype(np.float64)) / ONE
            best = best_cells(likeness, likeliest.shape[1])[1].reshape(len(chunk), -1)
            values = np.take_along_axis(likeness, best, axis=1)
            odds = np.exp((values - values[:, :1]) / _TEMPERATURE)
            likeliest[chunk], share[chunk] = best, odds / odds.sum(axis=1, keepdims=True)
    return sparse.csr_matrix(sparse.hstack([_level(codes, digits, likeliest, share) for digits in LEVELS]))


def _level(codes: np.ndarray, digits: int, likeliest: np.ndarray, share: np.ndarray) -> sparse.csr_matrix:
    ancestors, position = np.unique(np.array([code[:digits] for code in codes]), return_inverse=True)
    rows = np.repeat(np.arange(len(likeliest)), likeliest.shape[1])
    matrix = sparse.csr_matrix(
        (share.ravel(), (rows, position[likeliest.ravel()])), shape=(len(likeliest), len(ancestors))
    )
    matrix.data = np.sqrt(matrix.data)  # Hellinger: the dot product of two rows is then at most one
    return sparse_on_grid(matrix)
