"""Texts are cleaned, and views fused, as their docstrings say."""

import numpy as np
import pytest
from scipy import sparse

from matching.texts.boilerplate import without_boilerplate
from matching.texts.encoder import load_encoder
from matching.texts.grid import LENGTH, ONE, centred, on_grid, sparse_on_grid
from matching.texts.similarity import SENTENCES, Likeness
from matching.texts.store import VectorStore
from matching.texts.terms import identify_language, lower_shouting, terms


def test_likeness_is_the_weighted_sum_of_dot_products_in_whatever_block() -> None:
    draw = np.random.default_rng(7)
    left, right = (on_grid(draw.standard_normal((rows, 5))) for rows in (6, 9))
    few, many = (
        sparse_on_grid(sparse.random(rows, 8, 0.4, random_state=rows, format="csr").tocsr()) for rows in (6, 9)
    )
    likeness = Likeness((left, right), (few, many))
    expected = (SENTENCES * (left @ right.T) + (few @ many.T).toarray()) / ONE
    np.testing.assert_allclose(likeness.block(slice(0, 6)), expected, atol=1e-6)
    np.testing.assert_array_equal(likeness.block(slice(2, 4)), likeness.block(slice(0, 6))[2:4])


def test_likeness_on_the_grid_does_not_depend_on_the_order_of_adding() -> None:
    draw = np.random.default_rng(3)
    left, right = (on_grid(draw.standard_normal((40, 512))) for _ in range(2))
    backwards = left[:, ::-1] @ right[:, ::-1].T
    halves = left[:, :256] @ right[:, :256].T + left[:, 256:] @ right[:, 256:].T
    np.testing.assert_array_equal(left @ right.T, backwards)
    np.testing.assert_array_equal(left @ right.T, halves)
    np.testing.assert_array_equal(left @ right.T, (left.astype("int64") @ right.astype("int64").T))
    assert abs(float(left[0] @ left[0]) / ONE - 1) < 0.01


def test_sentences_of_three_listings_are_boilerplate_but_three_equal_listings_are_not() -> None:
    common = "Bitte nehmen Sie Kontakt auf."
    texts = [f"Wir nähen Masken. {common}", f"Wir prüfen Filter. {common}", f"Wir liefern Vlies. {common}", "Kittel."]
    assert without_boilerplate(texts) == ["Wir nähen Masken.", "Wir prüfen Filter.", "Wir liefern Vlies.", "Kittel."]
    assert without_boilerplate(["Wir nähen."] * 4) == ["Wir nähen."] * 4
    assert without_boilerplate([common, f"A. {common}", f"B. {common}"])[0] == common  # never empty


THINGS = {
    "Atemschutzmasken der Klasse FFP2": "Rosenheim",
    "Laborkühlschränke mit Alarm": "Passau",
    "eine Webanwendung für Terminvergabe": "Hof",
    "Kartonagen für den Versand": "Ansbach",
    "Seife in Kanistern": "Coburg",
    "gebrauchte Pflegebetten": "Kempten",
    "Übersetzungen ins Französische": "Lindau",
    "Drehteile aus Aluminium": "Dachau",
    "Schulungen zur Hygiene": "Erding",
    "Kittel aus Vlies": "Fürth",
}


def test_sentences_with_a_varying_word_are_boilerplate_and_what_is_offered_is_not() -> None:
    encoder = load_encoder(print)
    assert encoder is not None
    texts = [
        f"Wir liefern {thing}. Die Firma {town} Medizin GmbH ist seit 1987 ein verlässlicher Partner der Kliniken in "
        f"{town}. Anfragen an {town} Medizin richten Sie bitte über die Geschäftsstelle der Kooperationsbörse."
        for thing, town in THINGS.items()
    ]
    for store in (None, VectorStore(encoder)):
        kept = without_boilerplate(texts, store, lambda text: "Wir liefern" in text)
        assert kept == [f"Wir liefern {thing}." for thing in THINGS]


def test_many_like_offers_of_one_thing_do_not_become_boilerplate() -> None:
    encoder = load_encoder(print)
    assert encoder is not None
    texts = [f"Wir liefern {number}.000 FFP2-Masken. Versand am selben Tag aus Werk {number}." for number in range(5)]
    kept = without_boilerplate(texts, VectorStore(encoder), lambda text: "FFP2" in text)
    assert all("FFP2" in text for text in kept)


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("Wir benötigen Händedesinfektionsmittel", "de", {"handedesinfektionsmittel", "hand", "desinfektionsmittel"}),
        ("des tests chirurgicaux", "fr", {"test", "chirurgical"}),
        ("disposable gloves", "en", {"disposable", "glove"}),
    ],
)
def test_terms_are_lemmas_and_parts_of_compounds(text: str, language: str, expected: set[str]) -> None:
    assert expected <= set(terms(text, language))


def test_language_and_shouting() -> None:
    assert [
        identify_language(text) for text in ("Wir suchen Masken", "Nous cherchons des masques", "We need masks")
    ] == [
        "de",
        "fr",
        "en",
    ]
    assert lower_shouting("DRINGEND FFP2 MASKEN gesucht") == "dringend FFP2 masken gesucht"


def test_a_group_of_one_keeps_its_vector() -> None:
    vectors = on_grid(np.array([[3, 4], [1, 0], [0, 1]], dtype="float32"))
    result = centred(vectors, ["de", "fr", "fr"])
    np.testing.assert_array_equal(result[0], vectors[0])
    np.testing.assert_array_equal(result[1], -result[2])
    assert np.hypot(*result[1]) == pytest.approx(LENGTH, rel=1e-3)


def test_a_group_of_equals_is_left_with_nothing() -> None:
    assert not centred(on_grid(np.array([[1, 2]] * 7, dtype="float32")), ["de"] * 7).any()


def test_a_group_of_one_stands_where_its_language_is_expected_to() -> None:
    vectors = on_grid(np.array([[3, 4]], dtype="float32"))
    middle = on_grid(np.array([[0, 1]], dtype="float32"))[0].astype("float64")
    assert centred(vectors, ["de"], lambda group: middle)[0][0] > vectors[0][0]
    np.testing.assert_array_equal(centred(vectors, ["xx"], lambda group: None), vectors)
