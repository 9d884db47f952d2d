"""A small dictionary induced from the texts at hand: which words of two languages mean much the same.

Every term of the corpus is encoded by itself; terms of two languages that are each other's close neighbours, after
the correction for hubs (cross-domain similarity local scaling, Conneau et al. 2018), translate each other. Terms
written alike in two languages (FFP2, PCR, Sensor) always do.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import numpy.typing as npt
from scipy import sparse

from matching.arrays import Floats, Integers, Vectors
from matching.ranks import best_cells
from matching.texts.grid import ONE, centred, sparse_on_grid

TRANSLATIONS = 5  # kept per term and language
LEAST_SIMILARITY = 0.4  # after the correction for hubs
_NEIGHBOURHOOD = 10
# Share of documents: what more of them hold says little and costs most; no such limit below so many.
WIDEST_SPREAD, FEW = 0.05, 100
LARGEST_VOCABULARY = 8_000  # terms per language, most frequent first: what is rarer is left to the sentence vectors


@dataclass(frozen=True, eq=False)
class Vocabulary:
    """Terms with their language; the position is the column of a term matrix."""

    terms: tuple[tuple[str, str], ...]  # language, term; sorted
    weights: npt.NDArray[np.float64]  # inverse document frequency within the language

    def matrix(self, documents: Sequence[Sequence[str]], languages: Sequence[str]) -> sparse.csr_matrix:
        """Weighted terms of documents, rows on the grid: documents x terms."""
        column = {term: position for position, term in enumerate(self.terms)}
        entries = [
            (row, position, 1 + np.log(count))
            for row, (document, language) in enumerate(zip(documents, languages, strict=True))
            for term, count in Counter(document).items()
            if (position := column.get((language, term))) is not None
        ]
        counts = _sparse(entries, (len(documents), len(self.terms)))
        return sparse_on_grid(sparse.csr_matrix(counts @ sparse.diags(self.weights)))


def vocabulary(documents: Sequence[Sequence[str]], languages: Sequence[str]) -> Vocabulary:
    """Terms of a corpus, numbers and single letters left out."""
    frequency: Counter[tuple[str, str]] = Counter()
    for document, language in zip(documents, languages, strict=True):
        frequency.update({(language, term) for term in document if len(term) > 1 and not term.isdigit()})
    size = Counter(languages)
    kept: list[tuple[str, str]] = []
    for language in sorted(size):
        most = max(WIDEST_SPREAD * size[language], FEW)
        candidates = (term for term in frequency if term[0] == language and frequency[term] <= most)
        own = sorted(candidates, key=lambda term: (-frequency[term], term))
        kept.extend(own[:LARGEST_VOCABULARY])
    terms = tuple(sorted(kept))
    weights = np.array([max(np.log(size[term[0]] / frequency[term] + 0.5), 0.05) for term in terms])
    return Vocabulary(terms, weights)


def translations(words: Vocabulary, vectors: Vectors | None) -> sparse.csr_matrix:
    """Terms x terms: how far one stands for the other in another language, 0 to 1.

    vectors: one row per term, on the grid, or None: then only terms written alike translate each other.
    """
    languages = np.array([language for language, _ in words.terms], dtype=object)
    position = {term: number for number, term in enumerate(words.terms)}
    at_hand = sorted(set(languages))
    entries: dict[tuple[int, int], float] = {}
    if vectors is not None:
        own = centred(vectors, list(languages))
        for pair in combinations(at_hand, 2):
            left, right = (np.nonzero(languages == language)[0] for language in pair)
            similarity = own[left] @ own[right].T
            densities = _density(similarity), _density(similarity.T)
            entries.update(_neighbours(similarity, densities, (left, right)))
            entries.update(_neighbours(similarity.T, densities[::-1], (right, left)))
    for number, (language, term) in enumerate(words.terms):
        for other in at_hand:
            if other != language and (twin := position.get((other, term))) is not None:
                entries[number, twin] = 1.0
    return _sparse([(*pair, value) for pair, value in entries.items()], (len(words.terms), len(words.terms)))


def _density(similarity: Vectors) -> Floats:
    """Per row the mean of its largest values: how crowded a term's neighbourhood in the other language is."""
    around = min(_NEIGHBOURHOOD, *similarity.shape)
    density: Floats = np.partition(similarity, -around, axis=1)[:, -around:].mean(axis=1, dtype=np.float64)
    return density


def _neighbours(
    similarity: Vectors, densities: tuple[Floats, Floats], terms: tuple[Integers, Integers]
) -> Iterable[tuple[tuple[int, int], float]]:
    """Of each row of a table of similarities the columns that translate it. terms: of rows and columns."""
    corrected = (2 * similarity - densities[0][:, None] - densities[1][None, :]) / ONE
    rows, columns, _ = best_cells(corrected, TRANSLATIONS)
    values = corrected[rows, columns]
    alike = values > LEAST_SIMILARITY
    left, right = terms[0][rows[alike]], terms[1][columns[alike]]
    shares = np.minimum(values[alike], 1.0) ** 2
    return zip(zip(left.tolist(), right.tolist(), strict=True), shares.tolist(), strict=True)


def _sparse(entries: Sequence[tuple[int, int, float]], shape: tuple[int, int]) -> sparse.csr_matrix:
    rows = np.array([row for row, _, _ in entries], dtype=np.int64)
    columns = np.array([column for _, column, _ in entries], dtype=np.int64)
    values = np.array([value for _, _, value in entries], dtype=np.float64)
    return sparse.csr_matrix((values, (rows, columns)), shape=shape)
