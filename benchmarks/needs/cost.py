"""Time and memory of needs matching at growing size, on invented listings.

    python benchmarks/needs/cost.py --sizes 1000 10000 --encode 1000

Sentence vectors are taken as stored (random stand-ins: the cost of matching does not depend on their values); what
encoding costs is measured apart by `--encode`. Each size runs in a process of its own so that memory is its own.
"""

import argparse
import random
import resource
import subprocess
import sys
import time
from datetime import date

import numpy as np
import pandas as pd
from runs import listings

from matching.needs.match import match
from matching.taxonomy.concepts import LANGUAGES, load_taxonomy
from matching.texts.encoder import LONGEST_TEXT, load_encoder, text_key
from matching.texts.grid import on_grid
from matching.texts.lexicon import vocabulary
from matching.texts.reading import readings
from matching.texts.similarity import Means
from matching.texts.store import VectorStore
from matching.texts.terms import lower_shouting, sentences, terms

_FILLERS = {
    "de": [
        "wir bieten ab sofort {0} für Kliniken in {1}, {2} Stück je Woche",
        "gesucht {0} nahe {1}, Bedarf {2} Stück",
    ],
    "fr": [
        "nous proposons {0} pour les hôpitaux à {1}, {2} pièces par semaine",
        "besoin de {0} près de {1}, {2} pièces",
    ],
    "en": ["we offer {0} for clinics in {1}, {2} pieces per week", "looking for {0} near {1}, {2} pieces needed"],
}
_PLACES = [
    ("Ulm", "DE"),
    ("Freiburg", "DE"),
    ("Dresden", "DE"),
    ("Strasbourg", "FR"),
    ("Colmar", "FR"),
    ("Basel", "CH"),
]


class StoredVectors:
    """An encoder whose vectors are all stored already."""

    name = "stored"

    def encode(self, texts: list[str]) -> np.ndarray:
        raise AssertionError("every vector of this benchmark is stored")


def invented(count: int, kind: str, seed: int) -> pd.DataFrame:
    """Listings that name one of the taxonomy's concepts in one of three languages, with place and quantity."""
    draw = random.Random(seed)  # noqa: S311 nothing here is secret
    taxonomy = load_taxonomy()
    rows = []
    for number in range(count):
        language = draw.choice(LANGUAGES)
        name = draw.choice(draw.choice(list(taxonomy.concepts.values())).names[language])
        city, country = draw.choice(_PLACES)
        quantity = draw.randrange(10, 100_000)
        text = _FILLERS[language][kind == "request"].format(name, city, quantity)
        extra = draw.choice(list(taxonomy.concepts.values())).names[language][0]
        rows.append((f"{kind}{number:07d}", language, f"{text}; {extra}, {number}", city, country, quantity, "piece"))
    columns = ["listing_id", "language", "description", "city", "country", "quantity", "unit"]
    return listings(pd.DataFrame(rows, columns=columns), kind)


def stand_in_vectors(requests: pd.DataFrame, offers: pd.DataFrame) -> pd.DataFrame:
    both, taxonomy = pd.concat([requests, offers], ignore_index=True), load_taxonomy()
    read = readings(both, taxonomy)
    documents = [terms(text, language) for text, language in zip(read["whole"], read["language"], strict=True)]
    words = vocabulary(documents, read["language"].tolist())
    names = (name for concept in taxonomy.concepts.values() for own in concept.names.values() for name in own)
    parts = (sentence for text in both["text"] for sentence in sentences(text))
    texts = {"", *read["whole"], *parts, *(term for _, term in words.terms), *map(lower_shouting, names)}
    keys = sorted({text_key(StoredVectors(), text[:LONGEST_TEXT]) for text in texts})
    vectors = on_grid(np.random.default_rng(1).standard_normal((len(keys), 512))).astype(np.int16)
    return pd.DataFrame({"text_key": keys, "vector": list(vectors)})


def measure(requested: int, offered: int) -> None:
    requests, offers = invented(requested, "request", 1), invented(offered, "offer", 2)
    store = VectorStore(StoredVectors(), stand_in_vectors(requests, offers))
    wall, cpu = time.perf_counter(), time.process_time()
    found = match(requests, offers, on=date(2020, 4, 20), taxonomy=load_taxonomy(), means=Means(store))
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{requested:>7} x {offered:>7}  wall {wall:8.1f} s  cpu {cpu:8.1f} s  {memory:7.0f} MB  {len(found)} pairs")


def measure_encoding(count: int) -> None:
    encoder = load_encoder(print)
    assert encoder is not None
    texts = invented(count, "offer", 3)["text"].tolist()
    start = time.process_time()
    encoder.encode(texts)
    print(
        f"encoding {count} listings: {time.process_time() - start:.1f} s cpu, "
        f"{sum(map(len, texts)) / count:.0f} letters each"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--sizes", nargs="*", default=["1000x1000", "10000x1000", "10000x10000"], help="requests x offers"
    )
    parser.add_argument("--encode", type=int)
    parser.add_argument("--one", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        measure(*map(int, options.one.split("x")))
        return
    if options.encode:
        measure_encoding(options.encode)
    for size in options.sizes:
        subprocess.run([sys.executable, __file__, "--one", size], check=True)


if __name__ == "__main__":
    main()
