"""How alike the texts of requests and offers are, whatever their language: several views, one fused score.

Each view places both sides in one space in which a dot product says how alike two texts are:

| view | left and right | weight |
| --- | --- | --- |
| sentences | encoder vectors, centred per side and language | 1.5 |
| words | lemmas weighted by rarity, each side translated by the induced lexicon | 0.5 |
| concepts | taxonomy concepts found in the text, related ones counted in part | 1 |
| likely concepts | taxonomy concepts whose names are nearest to the text, by sentence vector | 0.25 |
| codes | likeliest codes of the Common Procurement Vocabulary, where the caller has the labels | 0.75 |

Per request each view is standardised over all offers (mean 0, deviation 1) before the weighted sum, because the views'
scales differ; weights are fixed: a blend learnt on one set did worse on the next. Without an encoder the words carry
the weight of the sentences.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import sparse

from matching.arrays import Floats, Vectors
from matching.taxonomy.concepts import Taxonomy
from matching.taxonomy.relations import affinities
from matching.texts.encoder import Encoder, encode_texts
from matching.texts.grid import LENGTH, ONE, centred, on_grid, rounded, sparse_on_grid
from matching.texts.lexicon import Vocabulary, translations, vocabulary
from matching.texts.likely_concepts import concept_profiles
from matching.texts.procurement import code_profiles
from matching.texts.terms import identify_language, lower_shouting, terms, without_boilerplate

WEIGHTS = {"sentences": 1.5, "words": 0.5, "concepts": 1.0, "likely concepts": 0.25, "codes": 0.75}
WORDS_ALONE = 1.0  # weight of the words where no encoder works
TERSE = 24  # words; a concept named once in a text twice as long is only half as sure to be what the text is about

_NO_VARIANCE = 1e-12
_ROWS = 10_000  # of a dense view made exact at a time

Matrix = npt.NDArray[np.float32] | sparse.csr_matrix


@dataclass(frozen=True, eq=False)
class View:
    """One way of comparing: left (requests x d) and right (offers x d), rows on the grid."""

    name: str
    weight: float
    left: Matrix
    right: Matrix
    confidence: tuple[Vectors, Vectors] | None = None  # of either side's rows, 0 to 1


class Fusion:
    """The weighted sum of standardised views, for some requests at a time.

    A standardised view is linear in its dot product, so that all dense views come to one product and all sparse ones
    to another; means and deviations over all offers follow from the offers' sum and second moments. Both products are
    of whole numbers (see `grid`), each request's row scaled by a power of two that its result is divided by again.
    """

    def __init__(self, views: Sequence[View]) -> None:
        self._dense = [_Centre.of(view) for view in views if not sparse.issparse(view.right)]
        self._sparse = [_Centre.of(view) for view in views if sparse.issparse(view.right)]
        self._requests, self._offers = int(views[0].left.shape[0]), int(views[0].right.shape[0])
        # Beside the dense views, one column for what is the same for all offers and one per sparse view's background.
        sure = [_confidence(centre.view, 1, self._offers) for centre in self._sparse]
        dense = [np.asarray(centre.view.right) for centre in self._dense]
        same = [np.rint(LENGTH * column) for column in (np.ones(self._offers, dtype=np.float32), *sure)]
        # Transposed in memory too: the product then takes half the time.
        self._right = np.ascontiguousarray(np.column_stack([*dense, *same]).T)
        parts = [
            rounded(sparse.csr_matrix(sparse.diags(known) @ centre.view.right))
            for centre, known in zip(self._sparse, sure, strict=True)
        ]
        self._sparse_right = sparse.csr_matrix(sparse.hstack(parts).T) if parts else None

    def scores(self, rows: slice) -> Vectors:
        """Requests x offers, in standard deviations."""
        constant = np.zeros(len(range(*rows.indices(self._requests))))
        dense, sparse_parts, backgrounds = [], [], []
        for centre in self._dense:
            middle, scale = centre.standard(rows)
            dense.append(np.asarray(centre.view.left[rows]) * scale[:, None])
            constant -= middle * scale
        for centre in self._sparse:
            middle, scale = centre.standard(rows)
            scale = scale * _confidence(centre.view, 0, self._requests)[rows]
            sparse_parts.append(sparse.csr_matrix(sparse.diags(scale) @ centre.view.left[rows]))
            backgrounds.append(-middle * scale)
        row = np.column_stack([*dense, constant / LENGTH, *(part / LENGTH for part in backgrounds)])
        power, unit = _powers(np.sqrt(np.sum(row * row, axis=1)))
        total: Vectors = (np.rint(row * power[:, None]).astype(np.float32) @ self._right) * unit
        if self._sparse_right is not None:
            left = sparse.hstack(sparse_parts, format="csr")
            power, unit = _powers(np.sqrt(np.asarray(left.multiply(left).sum(axis=1)).ravel()))
            total += (rounded(sparse.csr_matrix(sparse.diags(power) @ left)) @ self._sparse_right).toarray() * unit
        return total


def _powers(lengths: Floats) -> tuple[Floats, Vectors]:
    """Powers of two that bring rows to a length of about `LENGTH`, and as a column what takes it back."""
    exponent = np.frexp(lengths)[1] - LENGTH.bit_length() + 1
    return np.ldexp(1.0, -exponent), np.ldexp(np.float32(1), exponent)[:, None]


@dataclass(frozen=True, eq=False)
class _Centre:
    """A view with the sum and the second moments of its offers, both exact in double precision."""

    view: View
    total: Floats
    moments: Floats | sparse.csr_matrix

    @classmethod
    def of(cls, view: View) -> "_Centre":
        ones = np.ones(view.right.shape[0])
        return cls(view, np.asarray(view.right.T @ ones).ravel(), _moments(view.right))

    def standard(self, rows: slice) -> tuple[Floats, Floats]:
        """Mean of each request's dot products with all offers, and the view's weight over their deviation."""
        own = self.view.left[rows].astype(np.float64)
        offers = self.view.right.shape[0]
        middle = np.asarray(own @ self.total).ravel() / offers
        spread = own @ self.moments
        squares: Any = own.multiply(spread) if sparse.issparse(own) else own * spread
        variance = np.asarray(squares.sum(axis=1)).ravel() / offers - middle**2
        return middle, self.view.weight / _deviation(variance)


def _moments(right: Matrix) -> Floats | sparse.csr_matrix:
    if sparse.issparse(right):
        exact = sparse.csr_matrix(right, dtype=np.float64)
        return sparse.csr_matrix(exact.T @ exact)
    parts = (right[start : start + _ROWS].astype(np.float64) for start in range(0, right.shape[0], _ROWS))
    moments: Floats = np.sum([part.T @ part for part in parts], axis=0)
    return moments


def _confidence(view: View, side: int, rows: int) -> Vectors:
    return np.ones(rows, dtype=np.float32) if view.confidence is None else view.confidence[side]


def _deviation(variance: Floats) -> Floats:
    """Standard deviations; a view that says nothing (variance 0) is left as it is."""
    return np.sqrt(np.where(variance > _NO_VARIANCE * ONE**2, variance, ONE**2))


def readings(listings: pd.DataFrame, background: pd.DataFrame | None = None) -> pd.DataFrame:
    """What of each listing is compared: columns heading, body, whole (both) and language, same index.

    Shouting is lowered and boilerplate dropped, counted over these listings and a background of further ones.
    A missing language is identified.
    """
    everything = listings if background is None else pd.concat([listings, background], ignore_index=True)
    heading = [lower_shouting(text) for text in _texts(listings, "title")]
    body = [lower_shouting(text) for text in without_boilerplate(_texts(everything, "text"))[: len(listings)]]
    whole = [". ".join(part for part in parts if part) for parts in zip(heading, body, strict=True)]
    stated = listings["language"] if "language" in listings else [None] * len(listings)
    languages = [
        language if isinstance(language, str) and language else identify_language(text)
        for language, text in zip(stated, whole, strict=True)
    ]
    columns = {"heading": heading, "body": body, "whole": whole, "language": languages}
    return pd.DataFrame(columns, index=listings.index)


def _texts(listings: pd.DataFrame, column: str) -> list[str]:
    if column not in listings:
        return [""] * len(listings)
    return [text if isinstance(text, str) else "" for text in listings[column]]


def sentence_vectors(
    read: pd.DataFrame, encoder: Encoder, known: pd.DataFrame | None = None
) -> tuple[Vectors, pd.DataFrame]:
    """One vector per reading on the grid, heading and whole text counting alike; zero for a reading without text.

    Returns the vectors and `known` with what is new (see `encoder.encode_texts`).
    """
    vectors, known = encode_texts([*read["heading"], *read["whole"]], encoder, known)
    return on_grid(vectors[: len(read)] + vectors[len(read) :]), known


@dataclass(frozen=True, eq=False)
class Means:
    """What texts are compared with beside their words.

    encoder: None compares by words alone. known: vectors encoded before (see `encoder.encode_texts`). codes: labels of
    the Common Procurement Vocabulary (see `procurement.py`), used with an encoder only. reranker: a second encoder,
    whose view of the texts counts as much as the first one's.
    """

    encoder: Encoder | None = None
    known: pd.DataFrame | None = None
    codes: pd.DataFrame | None = None
    reranker: Encoder | None = None


def views(
    requests: pd.DataFrame,
    offers: pd.DataFrame,
    read: tuple[pd.DataFrame, pd.DataFrame],
    *,
    concepts: pd.DataFrame | None,
    taxonomy: Taxonomy,
    means: Means,
) -> tuple[list[View], pd.DataFrame | None]:
    """All views that the given means allow, and the known vectors with what is new.

    requests, offers: listings; read: their `readings`. concepts: their ListingConcept rows.
    """
    texts = _Texts.of(read)
    words = vocabulary(texts.documents, texts.languages)
    found: list[View] = []
    known, term_vectors = means.known, None
    if means.encoder is not None:
        found, known = _by_meaning(texts, taxonomy, means.encoder, means)
        term_vectors, known = encode_texts([term for _, term in words.terms], means.encoder, known)
    weight = WEIGHTS["words"] if means.encoder is not None else WORDS_ALONE
    found.append(_words(words, texts, term_vectors, weight))
    if concepts is not None:
        found.append(_concepts(requests, offers, concepts, taxonomy, texts.split(texts.sure)))
    if means.reranker is not None:
        vectors, known = _sentences(texts, means.reranker, known)
        found.append(View("second sentences", WEIGHTS["sentences"], *texts.split(vectors)))
    return found, known


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
    def sides(self) -> list[str]:
        return ["request"] * self.requests + ["offer"] * (len(self.read) - self.requests)

    @property
    def sure(self) -> Vectors:
        lengths = np.array([max(len(text.split()), 1) for text in self.read["whole"]], dtype=np.float32)
        return np.minimum(TERSE / lengths, 1.0).astype(np.float32)

    def split(self, rows: Any) -> tuple[Any, Any]:
        """Rows of requests, rows of offers."""
        return rows[: self.requests], rows[self.requests :]


def _sentences(texts: _Texts, encoder: Encoder, known: pd.DataFrame | None) -> tuple[Vectors, pd.DataFrame | None]:
    """Sentence vectors of both sides, centred, and the known vectors with what is new."""
    vectors, known = sentence_vectors(texts.read, encoder, known)
    return centred(vectors, list(zip(texts.sides, texts.languages, strict=True))), known


def _by_meaning(
    texts: _Texts, taxonomy: Taxonomy, encoder: Encoder, means: Means
) -> tuple[list[View], pd.DataFrame | None]:
    """The views that need an encoder, the sentences' first."""
    vectors, known = _sentences(texts, encoder, means.known)
    likely, known = concept_profiles(texts.languages, vectors, taxonomy, encoder, known)
    found = [
        View("sentences", WEIGHTS["sentences"], *texts.split(vectors)),
        View("likely concepts", WEIGHTS["likely concepts"], *texts.split(likely)),
    ]
    if means.codes is not None:
        whole = texts.read["whole"].tolist()
        profiles, known = code_profiles(whole, texts.languages, vectors, means.codes, encoder, known)
        found.append(View("codes", WEIGHTS["codes"], *texts.split(profiles)))
    return found, known


def _words(words: Vocabulary, texts: _Texts, term_vectors: Vectors | None, weight: float) -> View:
    own = words.matrix(texts.documents, texts.languages)
    translated = sparse_on_grid(own @ translations(words, term_vectors))
    # Words of one language meet as they are, others by translation from either side.
    left = sparse.hstack([own, translated, own], format="csr")[: texts.requests]
    right = sparse.hstack([own, own, translated], format="csr")[texts.requests :]
    return View("words", weight, left, right)


def _concepts(
    requests: pd.DataFrame,
    offers: pd.DataFrame,
    concepts: pd.DataFrame,
    taxonomy: Taxonomy,
    confidence: tuple[Vectors, Vectors],
) -> View:
    left, right = (_indicators(side["listing_id"], concepts, taxonomy) for side in (requests, offers))
    related = rounded(sparse.csr_matrix(left @ sparse.csr_matrix(affinities(taxonomy))))
    return View("concepts", WEIGHTS["concepts"], related, right, confidence)


def _indicators(listing_ids: pd.Series, concepts: pd.DataFrame, taxonomy: Taxonomy) -> sparse.csr_matrix:
    """Listings x concepts, rows on the grid."""
    row = {listing_id: number for number, listing_id in enumerate(listing_ids)}
    column = {concept_id: number for number, concept_id in enumerate(taxonomy.concepts)}
    own = concepts[concepts["listing_id"].isin(row)]
    cells = (own["listing_id"].map(row).to_numpy(np.int64), own["concept_id"].map(column).to_numpy(np.int64))
    matrix = sparse.csr_matrix((own["score"].to_numpy(np.float32), cells), shape=(len(row), len(column)))
    return sparse_on_grid(matrix)
