"""Sentence vectors of a week's listings, reused from an earlier week where nothing was said anew.

They part offers of the same concept in `needs.match`. A vector depends on encoder and text alone, so that it does not
matter which weeks were run before.
"""

import pandas as pd
from pandera.typing import DataFrame

from matching.schema import ListingVector, empty
from matching.texts.encoder import LONGEST_TEXT, Encoder, encode_texts, text_key
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
    texts = [text[:LONGEST_TEXT] for text in readings(wanted)["whole"]]
    keys = [text_key(encoder, text) for text in texts]
    before = None
    if known is not None:
        before = known.rename(columns={"text_key": "key"}).drop_duplicates("key")[["key", "vector"]]
    _, after = encode_texts(texts, encoder, before)
    vector = dict(zip(after["key"], after["vector"], strict=True))
    own = pd.Series([vector[key] for key in keys], dtype="object")
    table = pd.DataFrame({"listing_id": wanted["listing_id"], "text_key": keys, "vector": own})
    return DataFrame[ListingVector](table), len(after) - (0 if before is None else len(before))
