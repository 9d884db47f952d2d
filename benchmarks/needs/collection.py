"""The written test collections of needs: reading, long versions with boilerplate, and their measures."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import yaml

FOLDER = Path(__file__).parent
FOLDERS = {"a": FOLDER, "b": FOLDER / "collection_b"}
COLLECTION_C = FOLDER / "collection_c"  # of tables, without halves: judged pairs of a request and an offer
HALVES = ("tuning", "test")
RELEVANT = 2  # from this grade on an offer must stand before the hard negatives

# What boards and firms add to every listing: five sentences a language.
BOILERPLATE = {
    "de": "Dieser Eintrag wurde über das Formular der Kooperationsbörse übermittelt und von der Geschäftsstelle "
    "geprüft. Wir sind ein mittelständisches Unternehmen der Gesundheitsindustrie mit langjähriger "
    "Erfahrung und engagierten Mitarbeitern. Masken, Tests, Beatmung und Logistik finden Sie in den "
    "anderen Rubriken dieser Börse. Bitte nehmen Sie über die Kontaktstelle Verbindung auf, Angebote "
    "werden vertraulich behandelt. Irrtum und Zwischenverkauf vorbehalten, es gelten die "
    "Nutzungsbedingungen der Plattform.",
    "fr": "Cette annonce a été transmise par le formulaire de la plateforme et vérifiée par le secrétariat. "
    "Nous sommes une entreprise de taille moyenne de l'industrie de la santé, forte d'une longue "
    "expérience et d'équipes engagées. Masques, tests, ventilation et logistique se trouvent dans les "
    "autres rubriques de cette bourse. Merci de passer par le point de contact, les offres sont traitées "
    "de façon confidentielle. Sous réserve d'erreur ou de vente entre-temps, les conditions d'utilisation "
    "de la plateforme s'appliquent.",
    "en": "This entry was submitted through the form of the cooperation board and checked by its office. We are "
    "a medium-sized company of the health industry with many years of experience and a committed team. "
    "Masks, tests, ventilation and logistics can be found in the other sections of this board. Please get "
    "in touch through the contact point, all offers are treated in confidence. Errors and prior sale "
    "excepted, the terms of use of the platform apply.",
}


@dataclass(frozen=True)
class Collection:
    """Requests of one half against the offers of both. Gains: requests x offers; hard: judged, cannot serve."""

    requests: pd.DataFrame  # listing_id, language, description, topic
    offers: pd.DataFrame
    gains: npt.NDArray[np.float64]
    hard: npt.NDArray[np.bool_]


def read_collection(half: str, *, name: str = "a", boilerplate: bool = False) -> Collection:
    """One half of the requests ("tuning" or "test") with all offers of the collection."""
    folder = FOLDERS[name]
    topics = {part: _read(folder / f"collection_{part}.yaml") for part in HALVES}
    requests = [
        (f"{topic}-r{number}", entry["language"], _text(entry, boilerplate), topic, number)
        for topic, entries in topics[half].items()
        for number, entry in enumerate(entries["requests"], start=1)
    ]
    offers = [
        (f"{topic}-o{number}", entry["language"], _text(entry, boilerplate), topic, entry["grade"])
        for part in HALVES
        for topic, entries in topics[part].items()
        for number, entry in enumerate(entries["offers"], start=1)
    ]
    across = _read(folder / "collection_across.yaml")
    judged = {(topic, offer_id): grade for offer_id, _, _, topic, grade in offers}
    judged |= {(asked, f"{offered}-o{number}"): grade for asked, offered, number, grade in across}
    gains = np.zeros((len(requests), len(offers)))
    hard = np.zeros(gains.shape, dtype=bool)
    for row, (_, _, _, asked, number) in enumerate(requests):
        for column, (offer_id, *_) in enumerate(offers):
            grades = judged.get((asked, offer_id))
            grade = grades[number - 1] if isinstance(grades, list) else grades
            gains[row, column] = grade or 0
            hard[row, column] = grade == 0
    columns = ["listing_id", "language", "description", "topic"]
    tables = [pd.DataFrame([entry[:4] for entry in side], columns=columns) for side in (requests, offers)]
    return Collection(*tables, gains=gains, hard=hard)


def read_collection_c(*, boilerplate: bool = False) -> Collection:
    """All requests and offers of collection C; pairs that nobody judged count as grade 0, not as hard ones."""
    requests, offers = (_listings(COLLECTION_C / f"{side}.csv", boilerplate) for side in ("requests", "offers"))
    judged = pd.read_csv(COLLECTION_C / "judgements.csv")
    rows, columns = (
        judged[f"{side}_id"].map({one: number for number, one in enumerate(table["listing_id"])}).to_numpy()
        for side, table in (("request", requests), ("offer", offers))
    )
    gains = np.zeros((len(requests), len(offers)))
    hard = np.zeros(gains.shape, dtype=bool)
    gains[rows, columns] = judged["grade"]
    hard[rows, columns] = judged["grade"] == 0
    return Collection(requests, offers, gains=gains, hard=hard)


def _listings(path: Path, boilerplate: bool) -> pd.DataFrame:
    table = pd.read_csv(path, dtype=str, keep_default_na=False)
    said = [
        {"text": text, "language": language} for text, language in zip(table["text"], table["language"], strict=True)
    ]
    return table[["listing_id", "language", "title"]].assign(description=[_text(one, boilerplate) for one in said])


def _read(path: Path) -> Any:
    return yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)


def _text(entry: Mapping[str, Any], boilerplate: bool) -> str:
    """The text alone, or between what its writer or the board puts around it."""
    if not boilerplate:
        return str(entry["text"])
    before, after = entry.get("wrap", ("", BOILERPLATE[entry["language"]]))
    return f"{before} {entry['text']} {after}".strip()


def ndcg(scores: npt.NDArray[np.float64], gains: npt.NDArray[np.float64], depth: int = 10) -> float:
    """Normalised discounted cumulative gain of one ranking, gain 2^grade - 1; ties keep the given order."""
    order = np.argsort(-scores, kind="stable")[:depth]
    best = np.sort(gains)[::-1][:depth]
    discount = 1 / np.log2(np.arange(2, depth + 2))
    ideal = float(((2.0**best - 1) * discount[: len(best)]).sum())
    return float(((2.0 ** gains[order] - 1) * discount[: len(order)]).sum()) / ideal if ideal else float("nan")


def measures(collection: Collection, scores: npt.NDArray[np.float64]) -> dict[str, float]:
    """nDCG@10 over all offers and over those in other languages, and the share of pairs (relevant offer, hard
    negative) in the right order."""
    other = collection.requests["language"].to_numpy()[:, None] != collection.offers["language"].to_numpy()[None, :]
    everywhere, across, order = [], [], []
    for row, gains in enumerate(collection.gains):
        everywhere.append(ndcg(scores[row], gains))
        across.append(ndcg(scores[row][other[row]], gains[other[row]]))
        good, bad = scores[row][gains >= RELEVANT], scores[row][collection.hard[row]]
        if len(good) and len(bad):
            order.append(np.mean(good[:, None] > bad[None, :]))
    return {
        "all": float(np.nanmean(everywhere)),
        "cross": float(np.nanmean(across)),
        "hard": float(np.mean(order)),
    }
