"""What each text is about, as shares of the concepts of the taxonomy: one profile out of three ways to tell.

| way | what it does | weight |
| --- | --- | --- |
| named | concepts found by their names (`taxonomy.finding`): surest, and silent on words that the taxonomy lacks | 1 |
| by text | concepts whose names are nearest to the whole text, by sentence vector | 0.5 |
| by term | concepts whose names are nearest to each of its words, the rarer the word the more | 0.5 |

They are added before texts are compared, so that what one side names meets what the other side paraphrases; compared
one by one and added afterwards they did worse (nDCG@10 on the tuning half of collection B 0.78 instead of 0.82).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from scipy import sparse

from matching.arrays import Floats, Integers, Vectors
from matching.ranks import best_cells
from matching.taxonomy.concepts import LANGUAGES, Taxonomy
from matching.taxonomy.relations import affinities
from matching.texts.grid import ONE, centred, rounded, sparse_on_grid
from matching.texts.store import VectorStore
from matching.texts.terms import lower_shouting

BY_TEXT, BY_TERM = 0.5, 0.5  # beside 1 for what is named
BY_SECOND_VIEW = 0.75  # of concepts by text, where there is a second encoder
RELATED = 0.5  # of what a related concept is worth: what is asked for itself comes first
LIKELIEST = 5  # concepts kept per text or term; fifteen did no better
KEPT = 12  # concepts of a profile; eight lose 0.01, twenty win nothing
TERSE = 24  # words; a concept named once in a text twice as long is only half as sure to be what the text is about
_TEMPERATURE = 0.05  # of the softmax over likeness
_CHUNK = 2_000  # rows compared with all names at a time


@dataclass(frozen=True, eq=False)
class ConceptNames:
    """Names of the taxonomy as vectors of one store."""

    taxonomy: Taxonomy
    store: VectorStore

    def middle(self, group: tuple[bool, str]) -> Floats | None:
        """Where texts of a side and language are expected to lie: the mean of the names in that language."""
        return self._middles.get(group[1])

    @cached_property
    def _raw(self) -> Mapping[str, tuple[Vectors, Integers]]:
        """Vectors of the names in a language, concept after concept, and where each concept begins."""
        found = {}
        for language in LANGUAGES:
            names = [concept.names[language] for concept in self.taxonomy.concepts.values()]
            flat = [lower_shouting(name) for variants in names for name in variants]
            found[language] = self.store.vectors(flat), np.cumsum([0, *map(len, names[:-1])])
        return found

    @cached_property
    def _middles(self) -> Mapping[str, Floats]:
        return {language: vectors.mean(axis=0, dtype=np.float64) for language, (vectors, _) in self._raw.items()}

    @cached_property
    def _by_language(self) -> Mapping[str, tuple[Vectors, Integers]]:
        return {language: (centred(own, [language] * len(own)), first) for language, (own, first) in self._raw.items()}

    def likeliest(self, vectors: Vectors, languages: Sequence[str]) -> sparse.csr_matrix:
        """Rows x concepts: shares that add up to one, none for rows of other languages or without a vector.

        vectors: on the grid, centred.
        """
        concepts = np.zeros((len(languages), LIKELIEST), dtype=np.int64)
        shares = np.zeros(concepts.shape)
        said = vectors.any(axis=1) if len(vectors) else np.zeros(0, dtype=bool)
        for language in LANGUAGES:
            rows = np.nonzero((np.array(languages, dtype=object) == language) & said)[0]
            for start in range(0, len(rows), _CHUNK):
                chunk = rows[start : start + _CHUNK]
                concepts[chunk], shares[chunk] = self._nearest(vectors[chunk], language)
        cells = (np.repeat(np.arange(len(languages)), LIKELIEST), concepts.ravel())
        return sparse.csr_matrix((shares.ravel(), cells), shape=(len(languages), len(self.taxonomy.concepts)))

    def _nearest(self, vectors: Vectors, language: str) -> tuple[Integers, Floats]:
        names, first = self._by_language[language]
        likeness = np.maximum.reduceat(vectors @ names.T, first, axis=1)
        best = best_cells(likeness, LIKELIEST)[1].reshape(len(vectors), LIKELIEST)
        values = np.take_along_axis(likeness, best, axis=1).astype(np.float64) / ONE
        odds = np.exp((values - values[:, :1]) / _TEMPERATURE)
        return best, odds / odds.sum(axis=1, keepdims=True)


def named(listing_ids: Iterable[str], concepts: pd.DataFrame, taxonomy: Taxonomy) -> sparse.csr_matrix:
    """Listings x concepts that they name, rows of length one."""
    row = {listing_id: number for number, listing_id in enumerate(listing_ids)}
    column = {concept_id: number for number, concept_id in enumerate(taxonomy.concepts)}
    own = concepts[concepts["listing_id"].isin(row)]
    cells = (own["listing_id"].map(row).to_numpy(np.int64), own["concept_id"].map(column).to_numpy(np.int64))
    return of_length_one(sparse.csr_matrix((own["score"].to_numpy(np.float64), cells), shape=(len(row), len(column))))


def by_text(names: ConceptNames, vectors: Vectors, languages: Sequence[str]) -> sparse.csr_matrix:
    """Texts x likeliest concepts, rows of length one: square roots of shares (Hellinger)."""
    return names.likeliest(vectors, languages).sqrt()


def by_term(
    names: ConceptNames, documents: sparse.csr_matrix, term_vectors: Vectors, languages: Sequence[str]
) -> sparse.csr_matrix:
    """Texts x concepts that their terms are likely to stand for, rows of length one.

    documents: texts x terms. term_vectors: on the grid. languages: of the terms.
    """
    return of_length_one(documents @ names.likeliest(centred(term_vectors, languages), languages))


def united(ways: Sequence[tuple[float, sparse.csr_matrix]]) -> sparse.csr_matrix:
    """The weighted sum of some ways, the largest `KEPT` shares of each text, rows on the grid."""
    total = sparse.csr_matrix(ways[0][1].shape)
    for weight, way in ways:
        total = sparse.csr_matrix(total + weight * way)
    total.eliminate_zeros()
    total.sort_indices()
    row = np.repeat(np.arange(total.shape[0]), np.diff(total.indptr))
    # What lies closer together than this is a tie, which the place of the concept settles.
    share = np.round(total.data, 9)
    order = np.lexsort((total.indices, -share, row))
    rank = np.arange(len(order)) - total.indptr[row[order]]
    kept = order[rank < KEPT]
    cells = (row[kept], total.indices[kept])
    return sparse_on_grid(sparse.csr_matrix((share[kept], cells), shape=total.shape))


def with_related(asked: sparse.csr_matrix, taxonomy: Taxonomy) -> sparse.csr_matrix:
    """Profiles of requests with the concepts that can serve what is asked for, on the grid's whole numbers."""
    related = affinities(taxonomy) * RELATED
    np.fill_diagonal(related, 1.0)
    return rounded(sparse.csr_matrix(asked @ sparse.csr_matrix(related)))


def of_length_one(matrix: sparse.csr_matrix) -> sparse.csr_matrix:
    lengths = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel())
    return sparse.csr_matrix(sparse.diags(1 / np.where(lengths > 0, lengths, 1.0)) @ matrix)
