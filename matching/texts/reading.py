"""What of each listing is read by those who compare texts: heading and body, without shouting and boilerplate."""

import pandas as pd

from matching.taxonomy.concepts import Taxonomy
from matching.taxonomy.finding import find
from matching.texts.boilerplate import without_boilerplate
from matching.texts.store import VectorStore
from matching.texts.surroundings import without_surroundings
from matching.texts.terms import identify_language, lower_shouting


def readings(listings: pd.DataFrame, taxonomy: Taxonomy, store: VectorStore | None = None) -> pd.DataFrame:
    """Columns heading, body, whole (both) and language, same index.

    listings: all that are compared, requests and offers, because boilerplate is known by the company it keeps. A
    missing language is identified. store: finds boilerplate with varying parts too.
    """
    heading = [lower_shouting(text) for text in _texts(listings, "title")]

    def names_something(text: str) -> bool:
        return bool(find(taxonomy, text))

    own = without_boilerplate(_texts(listings, "text"), store, names_something)
    said = [
        without_surroundings(text, title, names_something, asks=kind == "request")
        for text, title, kind in zip(own, heading, listings["kind"], strict=True)
    ]
    body = [lower_shouting(text) for text in said]
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
