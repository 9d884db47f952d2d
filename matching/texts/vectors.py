"""Sentence vectors of a week's listings, reused from an earlier week where nothing was said anew.

They part offers of the same concept in `needs.match`. A vector depends on encoder and text alone, so that it does not
matter which weeks were run before.
"""

import numpy as np
import pandas as pd
from pandera.typing import DataFrame

from matching.arrays import Vectors
from matching.schema import ListingVector, empty
from matching.texts.encoder import LONGEST_TEXT, Encoder, text_key
from matching.texts.similarity import readings
from sources.listing import Listing

KINDS = ("request", "offer")  # what is matched


def listing_vectors(
    listings: DataFrame[Listing], encoder: Encoder, known: pd.DataFrame | None = None
) -> tuple[DataFrame[ListingVector], int]:
    """One vector for each request and offer (zero without text), and how many texts had to be encoded for them.

    known: vectors of an earlier week; those of another encoder or of other texts are not used.
    """
    wanted = listings[listings["kind"].isin(KINDS)].sort_values("listing_id", ignore_index=True)
    if wanted.empty:
        return DataFrame[ListingVector](empty(ListingVector)), 0
    read = readings(wanted)
    keys = [text_key(encoder, text[:LONGEST_TEXT]) for text in read["whole"]]
    stored: dict[str, Vectors] = {}
    if known is not None:
        stored = dict(zip(known["text_key"], known["vector"], strict=True))
    missing = {key: text[:LONGEST_TEXT] for key, text in zip(keys, read["whole"], strict=True) if key not in stored}
    for key, text in missing.items():
        # One text at a time: the last bits of a vector would depend on what else is in its batch.
        stored[key] = encoder.encode([text or "-"])[0] * np.float32(bool(text))
    vectors = pd.Series([stored[key] for key in keys], dtype="object")
    table = pd.DataFrame({"listing_id": wanted["listing_id"], "text_key": keys, "vector": vectors})
    return DataFrame[ListingVector](table), len(missing)
