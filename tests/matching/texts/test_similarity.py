"""Texts are cleaned, and views fused, as their docstrings say."""

import numpy as np
import pytest
from scipy import sparse

from matching.texts.grid import LENGTH, ONE, centred, on_grid, sparse_on_grid
from matching.texts.similarity import Fusion, View
from matching.texts.terms import identify_language, lower_shouting, terms, without_boilerplate


def standardised(product: np.ndarray) -> np.ndarray:
    deviation = product.std(axis=1, keepdims=True)
    return (product - product.mean(axis=1, keepdims=True)) / np.where(deviation > 0, deviation, 1)


def test_the_fusion_is_the_weighted_sum_of_standardised_views() -> None:
    draw = np.random.default_rng(7)
    left, right = (on_grid(draw.standard_normal((rows, 5))) for rows in (6, 9))
    few, many = (
        sparse_on_grid(sparse.random(rows, 8, 0.4, random_state=rows, format="csr").tocsr()) for rows in (6, 9)
    )
    sure = draw.random(6).astype("float32"), draw.random(9).astype("float32")
    views = [View("dense", 1.0, left, right), View("sparse", 0.5, few, many, sure)]
    expected = standardised(left @ right.T) + 0.5 * standardised((few @ many.T).toarray()) * np.outer(*sure)
    near = 8 / LENGTH  # entries of rows of standard deviations are rounded
    np.testing.assert_allclose(Fusion(views).scores(slice(0, 6)), expected, atol=near)
    np.testing.assert_array_equal(Fusion(views).scores(slice(2, 4)), Fusion(views).scores(slice(0, 6))[2:4])
    np.testing.assert_allclose(
        Fusion(views[1:]).scores(slice(0, 6)), expected - standardised(left @ right.T), atol=near
    )


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
