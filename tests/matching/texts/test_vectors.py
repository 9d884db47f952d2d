"""Only new texts are encoded, and a vector does not depend on what else is encoded with it."""

from typing import cast

import numpy as np
import pandas as pd
from pandera.typing import DataFrame

from matching.arrays import Vectors
from matching.schema import ListingVector
from matching.texts.encoder import load_encoder
from matching.texts.vectors import listing_vectors
from sources.listing import Listing


class Recorder:
    """Vectors by text length; remembers what it was asked."""

    name = "recorder"

    def __init__(self) -> None:
        self.seen: list[str] = []

    def encode(self, texts: list[str]) -> Vectors:
        self.seen.extend(texts)
        return np.array([[1, len(text)] for text in texts], dtype=np.float32)


def board(*rows: tuple[str, str, str | None]) -> DataFrame[Listing]:
    """Listings of id, kind and text."""
    table = pd.DataFrame(rows, columns=["listing_id", "kind", "text"])
    return cast("DataFrame[Listing]", table.assign(title=None, language="de"))


WEEK = board(("a", "request", "Wir suchen Masken"), ("b", "offer", "Kittel"), ("c", "information", "Hinweis"))


def test_only_new_texts_are_encoded_and_each_once() -> None:
    encoder = Recorder()
    first, encoded = listing_vectors(WEEK, encoder)
    assert (first["listing_id"].tolist(), encoded) == (["a", "b"], 2)
    later = board(("b", "offer", "Kittel"), ("d", "offer", "Visiere"), ("e", "offer", "Visiere"), ("f", "offer", None))
    second, encoded = listing_vectors(later, encoder, first)
    assert (second["listing_id"].tolist(), encoded) == (["b", "d", "e", "f"], 2)
    assert sorted(encoder.seen) == sorted(["Wir suchen Masken", "Kittel", "Visiere", "-"])
    assert not second["vector"].iloc[3].any()
    ListingVector.validate(second)


def test_vectors_of_another_encoder_are_not_reused() -> None:
    first, _ = listing_vectors(WEEK, Recorder())
    other = Recorder()
    other.name = "other"
    assert listing_vectors(WEEK, other, first)[1] == 2


def test_stored_and_fresh_vectors_are_equal_to_the_last_bit() -> None:
    encoder = load_encoder(print)
    assert encoder is not None
    alone, _ = listing_vectors(WEEK.iloc[1:2], encoder)
    together, _ = listing_vectors(WEEK, encoder)
    np.testing.assert_array_equal(alone["vector"].iloc[0], together["vector"].iloc[1])


def test_nothing_to_match_is_no_error() -> None:
    table, encoded = listing_vectors(WEEK[WEEK["kind"] == "information"], Recorder())
    assert (len(table), encoded) == (0, 0)
    ListingVector.validate(table)
