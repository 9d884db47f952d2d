"""Only new texts are encoded, and a vector does not depend on what else is encoded with it."""

from typing import cast

import numpy as np
import pandas as pd
from pandera.typing import DataFrame

from matching.arrays import Vectors
from matching.schema import TextVector
from matching.taxonomy.concepts import load_taxonomy
from matching.texts.encoder import load_encoder, text_key
from matching.texts.store import VectorStore
from matching.texts.vectors import as_read, encode_week
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
    return cast("DataFrame[Listing]", table.assign(title=None, language="de", status="open"))


WEEK = board(("a", "request", "Wir suchen Masken"), ("b", "offer", "Kittel"), ("c", "information", "Hinweis"))


def test_each_distinct_text_is_encoded_once_and_no_text_is_zero() -> None:
    encoder = Recorder()
    store = VectorStore(encoder)
    vectors = store.vectors(["a", "bcd", "a", ""])
    assert sorted(encoder.seen) == ["-", "a", "bcd"]
    assert vectors.shape == (4, 2)
    assert not vectors[3].any()
    later = VectorStore(encoder, store.table())
    later.vectors(["a", "e"])
    assert (sorted(encoder.seen), later.encoded) == (["-", "a", "bcd", "e"], 1)
    assert set(later.table(asked_only=True)["text_key"]) == {text_key(encoder, text) for text in ("a", "e")}
    TextVector.validate(later.table())


def test_a_week_encodes_what_its_listings_say_and_what_the_taxonomy_calls_things() -> None:
    encoder, taxonomy = Recorder(), load_taxonomy()
    first = encode_week(WEEK, taxonomy, VectorStore(encoder))
    assert {"Wir suchen Masken", "Kittel", "maske"} <= set(encoder.seen)
    assert "Hinweis" not in encoder.seen
    TextVector.validate(first)
    later = board(("b", "offer", "Kittel"), ("d", "offer", "Visiere"), ("e", "offer", None))
    encoder.seen.clear()
    store = VectorStore(encoder, first)
    second = encode_week(later, taxonomy, store)
    assert set(encoder.seen) <= {"Visiere", "visieren", "-"}
    assert text_key(encoder, "Wir suchen Masken") not in set(second["text_key"])


def test_vectors_of_another_encoder_are_not_reused() -> None:
    store = VectorStore(Recorder())
    store.vectors(["a"])
    other = Recorder()
    other.name = "other"
    VectorStore(other, store.table()).vectors(["a"])
    assert other.seen == ["a"]


def test_stored_and_fresh_vectors_are_equal_to_the_last_bit() -> None:
    encoder = load_encoder(print)
    assert encoder is not None
    alone = VectorStore(encoder).vectors(["Kittel"])
    together = VectorStore(encoder).vectors(["Wir suchen Masken", "Kittel", "Visiere für Pflegende"])
    np.testing.assert_array_equal(alone[0], together[1])


def test_nothing_to_match_is_no_error() -> None:
    table = encode_week(WEEK[WEEK["kind"] == "information"], load_taxonomy(), VectorStore(Recorder()))
    assert len(table) == 0
    TextVector.validate(table)


def test_listings_are_read_without_boilerplate_and_all_else_stays() -> None:
    common = "Bitte nehmen Sie Kontakt auf."
    week = board(
        *((f"o{number}", "offer", f"Wir nähen {thing}. {common}") for number, thing in enumerate(("A", "B", "C"))),
        ("i", "information", common),
    )
    read = as_read(week, load_taxonomy(), None)
    assert read["text"].tolist() == ["Wir nähen A.", "Wir nähen B.", "Wir nähen C.", common]
