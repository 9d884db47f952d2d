"""Rankings to compare: ours through the public function, and peers on the same texts."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import sparse

from matching.needs.match import Wanted, by_pair, match
from matching.taxonomy.concepts import load_taxonomy
from matching.texts.grid import sparse_on_grid
from matching.texts.similarity import Means
from matching.texts.store import VectorStore
from matching.words import words
from sources.listing import Listing

Scores = npt.NDArray[np.float64]
DEFAULTS = {"status": "open", "vetting": "unchecked", "certificate": "none", "urgency": "normal", "platform": "board"}


def listings(table: pd.DataFrame, kind: str) -> pd.DataFrame:
    """Plain texts in the columns of Listing."""
    filled = table.rename(columns={"description": "text"}).reindex(columns=list(Listing.to_schema().columns))
    for column, value in {**DEFAULTS, "kind": kind}.items():
        filled[column] = value
    numbers = ["latitude", "longitude", "quantity", "minimum_quantity", "is_medical", "is_sterile"]
    times = ["posted_at", "updated_at", "available_from", "available_until"]
    return filled.astype(dict.fromkeys(numbers, "float64") | dict.fromkeys(times, "datetime64[us, UTC]"))


def ours(
    requests: pd.DataFrame,
    offers: pd.DataFrame,
    means: Means,
    *,
    cross_language_only: bool = False,
    top: int = 10,
) -> Scores:
    """Scores of all pairs by the function that the weekly run calls: near-misses below every match, the rest last."""
    wanted = Wanted(top, cross_language_only, at_any_relevance=True)  # peers know no floor
    found = match(
        listings(requests, "request"),
        listings(offers, "offer"),
        on=date(2020, 4, 20),
        taxonomy=load_taxonomy(),
        means=means,
        wanted=wanted,
    )
    pairs = by_pair(found, wanted)
    row = {listing_id: number for number, listing_id in enumerate(requests["listing_id"])}
    column = {listing_id: number for number, listing_id in enumerate(offers["listing_id"])}
    scores = np.full((len(row), len(column)), -2.0)
    values = pairs["score"].where(pairs["blocked_by"].isna(), pairs["score"] - 2)
    scores[pairs["request_id"].map(row), pairs["offer_id"].map(column)] = values
    return scores


def bm25(requests: Sequence[str], offers: Sequence[str]) -> Scores:
    """Okapi BM25 on folded words, k1 = 1.2, b = 0.75."""
    documents = [Counter(words(text)) for text in offers]
    length = np.array([sum(document.values()) for document in documents])
    column = {word: number for number, word in enumerate(sorted(set().union(*documents)))}
    cells = [(row, column[word], count) for row, found in enumerate(documents) for word, count in found.items()]
    rows, columns, counts = (np.array(values) for values in zip(*cells, strict=True))
    frequency = np.bincount(columns, minlength=len(column))
    rarity = np.log(1 + (len(documents) - frequency + 0.5) / (frequency + 0.5))
    damped = counts * 2.2 / (counts + 1.2 * (0.25 + 0.75 * length[rows] / length.mean()))
    right = sparse.csr_matrix((damped * rarity[columns], (rows, columns)), shape=(len(offers), len(column)))
    asked = [(row, column[word]) for row, text in enumerate(requests) for word in set(words(text)) if word in column]
    left = sparse.csr_matrix((np.ones(len(asked)), tuple(zip(*asked, strict=True))), shape=(len(requests), len(column)))
    return np.asarray((left @ right.T).todense())


def character_ngrams(requests: Sequence[str], offers: Sequence[str]) -> Scores:
    """Cosine of character 3- to 5-grams within words, weighted by rarity."""
    grams = [
        Counter(
            f" {word} "[start : start + size]
            for word in words(text)
            for size in (3, 4, 5)
            for start in range(len(word) + 3 - size)
        )
        for text in [*requests, *offers]
    ]
    column = {gram: number for number, gram in enumerate(sorted(set().union(*grams)))}
    cells = [(row, column[gram], 1 + np.log(count)) for row, found in enumerate(grams) for gram, count in found.items()]
    rows, columns, values = zip(*cells, strict=True)
    matrix = sparse.csr_matrix((values, (rows, columns)), shape=(len(grams), len(column)))
    rarity = np.log(len(grams) / np.asarray((matrix > 0).sum(axis=0)).ravel())
    matrix = sparse_on_grid(sparse.csr_matrix(matrix @ sparse.diags(rarity)))
    return np.asarray((matrix[: len(requests)] @ matrix[len(requests) :].T).todense())


def raw_encoder(store: VectorStore) -> Callable[[Sequence[str], Sequence[str]], Scores]:
    """Cosine of sentence vectors as they come."""

    def score(requests: Sequence[str], offers: Sequence[str]) -> Scores:
        vectors = store.vectors([*requests, *offers])
        return (vectors[: len(requests)] @ vectors[len(requests) :].T).astype(np.float64)

    return score
