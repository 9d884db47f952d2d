"""An encoder that knows the names of the taxonomy already: to encode them takes longer than a whole test."""

import pandas as pd
import pytest

from matching.taxonomy.concepts import LANGUAGES, load_taxonomy
from matching.texts.concept_profiles import ConceptNames
from matching.texts.encoder import Encoder, load_encoder
from matching.texts.similarity import Means
from matching.texts.store import VectorStore


@pytest.fixture(scope="session", name="encoded")
def _encoded() -> tuple[Encoder, pd.DataFrame]:
    encoder = load_encoder(print)
    assert encoder is not None
    store = VectorStore(encoder)
    names = ConceptNames(load_taxonomy(), store)
    for language in LANGUAGES:
        names.middle((True, language))
    return encoder, store.table()


@pytest.fixture
def means(encoded: tuple[Encoder, pd.DataFrame]) -> Means:
    """What texts are compared with where an encoder works."""
    return Means(VectorStore(*encoded))
