"""All that a week has to encode before its listings can be compared, reused from an earlier week where it is known."""

import pandas as pd
from pandera.typing import DataFrame

from matching.curves import OPEN_STATUSES
from matching.schema import TextVector
from matching.taxonomy.concepts import LANGUAGES, Taxonomy
from matching.texts.concept_profiles import ConceptNames
from matching.texts.lexicon import vocabulary
from matching.texts.reading import readings
from matching.texts.store import VectorStore
from matching.texts.terms import terms
from sources.listing import Listing


def compared(listings: DataFrame[Listing]) -> DataFrame[Listing]:
    """Requests that are still open, and offers, by listing id."""
    is_asking = listings["kind"].eq("request") & listings["status"].isin(OPEN_STATUSES)
    chosen = listings[is_asking | listings["kind"].eq("offer")]
    return chosen.sort_values("listing_id", ignore_index=True)


def encode_week(listings: DataFrame[Listing], taxonomy: Taxonomy, store: VectorStore) -> DataFrame[TextVector]:
    """Vectors of the listings' texts, sentences and words and of all names; `store` knows them afterwards."""
    wanted = compared(listings)
    if len(wanted):
        read = readings(wanted, taxonomy, store)
        languages = list(read["language"])
        documents = [terms(text, language) for text, language in zip(read["whole"], languages, strict=True)]
        store.vectors([*read["heading"], *read["whole"]])
        store.vectors([term for _, term in vocabulary(documents, languages).terms])
        encode_names(taxonomy, store)
    return store.table(asked_only=True)


def encode_names(taxonomy: Taxonomy, store: VectorStore) -> DataFrame[TextVector]:
    """Vectors of the taxonomy's names in all languages, and of what else `store` was asked for."""
    names = ConceptNames(taxonomy, store)
    for language in LANGUAGES:
        names.middle((True, language))
    return store.table(asked_only=True)


def as_read(listings: DataFrame[Listing], taxonomy: Taxonomy, store: VectorStore | None) -> DataFrame[Listing]:
    """The listings, those that are compared without boilerplate in their texts."""
    wanted = compared(listings)
    if wanted.empty:
        return listings
    body = pd.Series(readings(wanted, taxonomy, store)["body"].to_numpy(), index=wanted["listing_id"])
    said = listings["listing_id"].map(body)
    return listings.assign(text=said.where(said.notna() & said.ne(""), listings["text"]))
