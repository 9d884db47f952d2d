"""How alike the texts of requests and offers are, whatever their language: three views, one likeness.

| view | what a text is in it | weight | without an encoder |
| --- | --- | --- | --- |
| sentences | encoder vectors, centred per side and language | 0.52 | |
| words | lemmas weighted by rarity, each side translated by the induced lexicon | 0.14 | 0.5 |
| concepts | its profile over the taxonomy (`concept_profiles.py`), related concepts counted in part | 0.34 | 0.5 |
| codes | likeliest codes of the Common Procurement Vocabulary, where the caller has the labels | 0.06 | |
| second view | vectors of a second encoder, for the best candidates only; its concepts join the profile | 0.15 | |

Each view is a dot product, and likeness their weighted sum: of a pair alone, whatever else is compared with it, so that
any block of requests can be compared with any block of offers. Standardising each view per request over all offers did
no better (nDCG@10 on the tuning halves of collections A and B 0.87 and 0.77 instead of 0.87 and 0.78), and says nothing
where a board has three offers. Weights stand on a wide plateau of both tuning halves: half or double of one moves
nDCG@10 by 0.01. Sentences have more than these halves would give them (0.36 beside 0.18 and 0.46: B 0.813 instead of
0.807), because public requests of all trades need them: silver set 0.138 then, 0.158 now.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from scipy import sparse

from matching.arrays import Flags, Integers, Vectors
from matching.ranks import best_cells
from matching.taxonomy.concepts import Taxonomy
from matching.texts.concept_profiles import (
    BY_SECOND_VIEW,
    BY_TERM,
    BY_TEXT,
    TERSE,
    ConceptNames,
    by_term,
    by_text,
    named,
    united,
    with_related,
)
from matching.texts.grid import ONE, centred, on_grid, rounded, sparse_on_grid
from matching.texts.lexicon import Vocabulary, translations, vocabulary
from matching.texts.procurement import code_profiles
from matching.texts.store import VectorStore
from matching.texts.terms import terms

SENTENCES, WORDS, CONCEPTS, CODES, SECOND = 0.52, 0.14, 0.34, 0.06, 0.15
WORDS_ALONE, CONCEPTS_ALONE = 0.5, 0.5  # where no encoder works
SECOND_LOOK = 30  # candidates of each request that a second encoder reads
_CELLS = 20_000_000  # pairs of texts compared at a time: 80 MB a view


@dataclass(frozen=True, eq=False)
class Means:
    """What texts are compared with beside their words.

    store: an encoder and what it has encoded; None compares by words alone. codes: labels of the Common Procurement
    Vocabulary (see `procurement.py`), used with an encoder only. second: another encoder, for the best candidates.
    """

    store: VectorStore | None = None
    codes: pd.DataFrame | None = None
    second: VectorStore | None = None


@dataclass(frozen=True, eq=False)
class SecondView:
    """What a second encoder makes of requests and of the offers that it has read; positions as in `Likeness`."""

    vectors: tuple[Vectors, Vectors]  # zero for offers that it has not read
    profiles: tuple[sparse.csr_matrix, sparse.csr_matrix]
    first_profiles: tuple[sparse.csr_matrix, sparse.csr_matrix]
    is_read: Flags  # offers

    def change(self, requests: Integers, offers: Integers) -> Vectors:
        """What the second view adds to the likeness of pairs."""
        meaning = np.einsum("ij,ij->i", self.vectors[0][requests], self.vectors[1][offers], dtype=np.float64)
        after, before = (
            np.asarray(left[requests].multiply(right[offers]).sum(axis=1), dtype=np.float64).ravel()
            for left, right in (self.profiles, self.first_profiles)
        )
        change = (SECOND * meaning + CONCEPTS * (after - before)) / ONE
        return np.where(self.is_read[offers], change, 0.0).astype(np.float32)


@dataclass(frozen=True, eq=False)
class Likeness:
    """Both sides in the spaces in which they are compared: requests x d, offers x d, whole numbers (see `grid`).

    dense: sentences. thin: words, concepts and codes side by side, the requests' rows weighted.
    """

    dense: tuple[Vectors, Vectors]
    thin: tuple[sparse.csr_matrix, sparse.csr_matrix]
    second: SecondView | None = None
    _turned: list[Any] = field(default_factory=list)  # offers' rows, transposed in memory: half of the time

    def block(self, requests: slice) -> Vectors:
        """Some requests x all offers: likeness without the second view, about -0.3 to 1.3."""
        if not self._turned:
            self._turned.extend((np.ascontiguousarray(self.dense[1].T), sparse.csr_matrix(self.thin[1].T)))
        dense, thin = self._turned
        # ONE is a power of two: scaled before, the products are the same, and a pass over all cells is spared.
        rows = sparse.csr_matrix(self.thin[0][requests]) * np.float32(1 / ONE)
        total: Vectors = (rows @ thin).toarray()
        if len(dense):
            meaning = self.dense[0][requests] @ dense
            meaning *= np.float32(SENTENCES / ONE)
            total += meaning
        return total


def compare(
    listings: tuple[pd.DataFrame, pd.DataFrame],
    read: tuple[pd.DataFrame, pd.DataFrame],
    concepts: pd.DataFrame,
    taxonomy: Taxonomy,
    means: Means,
) -> Likeness:
    """Requests and offers ready to be compared.

    listings: requests, offers; read: their `readings`. concepts: what they name, rows of ListingConcept.
    """
    texts = _Texts.of(read)
    words = vocabulary(texts.documents, texts.languages)
    own = words.matrix(texts.documents, texts.languages)
    found = sparse.vstack([named(side["listing_id"], concepts, taxonomy) for side in listings], format="csr")
    # A concept named in passing in a long text is less sure to be what it is about.
    found = sparse.csr_matrix(sparse.diags(np.minimum(TERSE / np.maximum(texts.lengths, 1), 1.0)) @ found)
    store = means.store or means.second  # whichever works
    if store is None:
        left, right = _words(words, own, None, texts.requests)
        profile = _profiles([(1.0, found)], texts, taxonomy)
        nothing = np.zeros((len(texts.read), 0), dtype=np.float32)
        return Likeness(texts.split(nothing), _beside([(WORDS_ALONE, left, right), (CONCEPTS_ALONE, *profile)]))
    return _compare_by_meaning(texts, (words, own), found, ConceptNames(taxonomy, store), means)


def _compare_by_meaning(
    texts: "_Texts",
    by_words: tuple[Vocabulary, sparse.csr_matrix],
    found: sparse.csr_matrix,
    names: ConceptNames,
    means: Means,
) -> Likeness:
    """All that an encoder allows. by_words: the vocabulary and the texts in it. found: the concepts that they name."""
    words, own = by_words
    vectors = _sentences(texts, names)
    term_vectors = names.store.vectors([term for _, term in words.terms])
    ways = [
        (1.0, found),
        (BY_TEXT, by_text(names, vectors, texts.languages)),
        (BY_TERM, by_term(names, own, term_vectors, [language for language, _ in words.terms])),
    ]
    profile = _profiles(ways, texts, names.taxonomy)
    parts = [(WORDS, *_words(words, own, term_vectors, texts.requests)), (CONCEPTS, *profile)]
    if means.codes is not None:
        whole = texts.read["whole"].tolist()
        codes = code_profiles(whole, texts.languages, vectors, means.codes, names.store)
        parts.append((CODES, *texts.split(codes)))
    first = Likeness(texts.split(vectors), _beside(parts))
    if means.second is None or means.second is names.store:
        return first
    second = _second_look(first, texts, ConceptNames(names.taxonomy, means.second), ways, profile)
    return Likeness(first.dense, first.thin, second)


@dataclass(frozen=True, eq=False)
class _Texts:
    """The readings of both sides in one row, requests first."""

    read: pd.DataFrame
    requests: int
    documents: list[list[str]]  # terms of each text

    @classmethod
    def of(cls, read: tuple[pd.DataFrame, pd.DataFrame]) -> "_Texts":
        both = pd.concat(read, ignore_index=True)
        documents = [terms(text, language) for text, language in zip(both["whole"], both["language"], strict=True)]
        return cls(both, len(read[0]), documents)

    @property
    def languages(self) -> list[str]:
        return list(self.read["language"])

    @property
    def groups(self) -> list[tuple[bool, str]]:
        """Side and language."""
        return [(number < self.requests, language) for number, language in enumerate(self.languages)]

    @property
    def lengths(self) -> Integers:
        return np.array([len(text.split()) for text in self.read["whole"]], dtype=np.int64)

    def split(self, rows: Any) -> tuple[Any, Any]:
        """Rows of requests, rows of offers."""
        return rows[: self.requests], rows[self.requests :]


def _sentences(texts: _Texts, names: ConceptNames) -> Vectors:
    """One vector per text, heading and whole text counting alike, without what its side and language share."""
    read = names.store.vectors([*texts.read["heading"], *texts.read["whole"]])
    vectors = on_grid(read[: len(texts.read)] + read[len(texts.read) :])
    return centred(vectors, texts.groups, names.middle)


def _words(
    words: Vocabulary, own: sparse.csr_matrix, term_vectors: Vectors | None, requests: int
) -> tuple[sparse.csr_matrix, sparse.csr_matrix]:
    translated = sparse_on_grid(own @ translations(words, term_vectors))
    # Words of one language meet as they are, others by translation from either side.
    left = sparse.hstack([own, translated, own], format="csr")[:requests]
    right = sparse.hstack([own, own, translated], format="csr")[requests:]
    return left, right


def _profiles(
    ways: Sequence[tuple[float, sparse.csr_matrix]], texts: _Texts, taxonomy: Taxonomy
) -> tuple[sparse.csr_matrix, sparse.csr_matrix]:
    asked, offered = texts.split(united(ways))
    return with_related(asked, taxonomy), offered


def _beside(
    parts: Sequence[tuple[float, sparse.csr_matrix, sparse.csr_matrix]],
) -> tuple[sparse.csr_matrix, sparse.csr_matrix]:
    """Some weighted views as one, the weights with the requests."""
    left = rounded(sparse.csr_matrix(sparse.hstack([weight * view for weight, view, _ in parts])))
    return left, sparse.csr_matrix(sparse.hstack([view for _, _, view in parts]))


def _second_look(
    first: Likeness,
    texts: _Texts,
    names: ConceptNames,
    ways: Sequence[tuple[float, sparse.csr_matrix]],
    profile: tuple[sparse.csr_matrix, sparse.csr_matrix],
) -> SecondView:
    """The second encoder reads all requests, and the offers that come to mind for one of them."""
    is_read = np.ones(len(texts.read), dtype=bool)
    is_read[texts.requests :] = _best_offers(first)
    rows = np.nonzero(is_read)[0]
    groups = [texts.groups[row] for row in rows]
    own = centred(names.store.vectors(texts.read["whole"].iloc[rows].tolist()), groups, names.middle)
    vectors = np.zeros((len(texts.read), own.shape[1]), dtype=np.float32)
    vectors[rows] = own
    likely = by_text(names, vectors, texts.languages)
    profiles = _profiles([*ways, (BY_SECOND_VIEW, likely)], texts, names.taxonomy)
    return SecondView(texts.split(vectors), profiles, profile, is_read[texts.requests :])


def _best_offers(first: Likeness) -> Flags:
    """Which offers are among the best candidates of a request."""
    count = first.dense[1].shape[0]
    found: Flags = np.zeros(count, dtype=bool)
    for rows in blocks(first.dense[0].shape[0], count):
        found[best_cells(first.block(rows), SECOND_LOOK)[1]] = True
    return found


def blocks(requests: int, offers: int) -> list[slice]:
    """Requests in blocks that are compared with all offers at a time."""
    size = max(1, _CELLS // max(offers, 1))
    return [slice(start, min(start + size, requests)) for start in range(0, requests, size)]
