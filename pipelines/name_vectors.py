"""Vectors of the taxonomy's names, kept once for all stores of a user: four fifths of what a new store has to encode.

    $XDG_CACHE_HOME/verbundradar/names-<form>.parquet    by default below ~/.cache

They depend on encoder and text alone, by which they are found: whose file is missing, old or damaged loses five seconds
of a new store's first week and nothing else. No text of anybody is in it.
"""

import os
from contextlib import suppress
from pathlib import Path

import pandas as pd
import pyarrow

from matching.taxonomy.concepts import Taxonomy
from matching.texts.encoder import Encoder
from matching.texts.store import VectorStore
from matching.texts.vectors import encode_names
from pipelines.stored import FORM, write_stored


class NameVectors:
    """Satisfies `assets.matches.Names`."""

    def of(self, encoder: Encoder, taxonomy: Taxonomy) -> pd.DataFrame:
        """TextVector rows of all names of a taxonomy; what is not known yet is encoded and kept."""
        store = VectorStore(encoder, self._kept())
        table = encode_names(taxonomy, store)
        if store.encoded:
            with suppress(OSError, RuntimeError):  # a user without a home, or none that may write there
                path = _path()
                path.parent.mkdir(parents=True, exist_ok=True)
                write_stored(path, table)
        return table

    def _kept(self) -> pd.DataFrame | None:
        with suppress(OSError, RuntimeError, pyarrow.ArrowException):
            return pd.read_parquet(_path(), columns=["text_key", "vector"])
        return None


def _path() -> Path:
    folder = os.environ.get("XDG_CACHE_HOME")
    return (Path(folder) if folder else Path.home() / ".cache") / "verbundradar" / f"names-{FORM}.parquet"
