"""Names of the taxonomy are encoded once, whatever became of what was kept of them."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from matching.arrays import Vectors
from matching.taxonomy.concepts import Taxonomy, load_taxonomy
from pipelines.name_vectors import NameVectors


class Recorder:
    """Vectors by text length; counts what it was asked."""

    def __init__(self, name: str = "recorder") -> None:
        self.name, self.asked = name, 0

    def encode(self, texts: Sequence[str]) -> Vectors:
        self.asked += len(texts)
        return np.array([[1, len(text)] for text in texts], dtype=np.float32)


def first(count: int) -> Taxonomy:
    """A taxonomy of the first concepts."""
    taxonomy = load_taxonomy()
    return replace(taxonomy, concepts=dict(islice(taxonomy.concepts.items(), count)))


def asked(count: int, name: str = "recorder") -> tuple[int, pd.DataFrame]:
    """How many texts are encoded for the names of a taxonomy of so many concepts, and their vectors."""
    encoder = Recorder(name)
    table = NameVectors().of(encoder, first(count))
    return encoder.asked, table


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache" / "verbundradar"


def test_names_are_encoded_once_and_are_the_same_from_the_file(cache: Path) -> None:
    (encoded, fresh), (again, kept) = asked(5), asked(5)
    assert (encoded, again) == (len(fresh), 0)
    pd.testing.assert_frame_equal(kept, fresh)
    assert len(list(cache.iterdir())) == 1


def test_a_new_concept_or_another_encoder_encodes_what_is_missing() -> None:
    few, more = asked(5)[1], asked(6)
    assert more[0] == len(more[1]) - len(few) > 0
    assert asked(6, "another")[0] == len(more[1])


@pytest.mark.parametrize("damage", [b"", b"PAR1", b"PAR1 but no table PAR1"])
def test_a_damaged_file_is_made_anew(cache: Path, damage: bytes) -> None:
    encoded = asked(5)[0]
    [path] = cache.iterdir()
    path.write_bytes(damage)
    assert asked(5)[0] == encoded
    assert asked(5)[0] == 0


def test_whoever_may_not_write_there_goes_on(cache: Path) -> None:
    cache.parent.write_text("no folder")
    assert asked(5)[0] == asked(5)[0] > 0
