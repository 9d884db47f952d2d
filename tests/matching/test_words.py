"""Two ways to make words comparable, and where they part."""

import pytest

from matching.words import fold, romanised


@pytest.mark.parametrize("text", ["Nähwerk", "NAEHWERK", "nahwerk"])
def test_umlauts_end_alike_in_both(text: str) -> None:
    assert fold(text) == romanised(text) == "nahwerk"


@pytest.mark.parametrize(
    ("text", "folded", "latin"),
    [
        ("Родопи", "родопи", "rodopi"),  # listings are in Latin letters, names in any
        ("Köln-Porz", "koln porz", "koln-porz"),  # texts are split by folding, names were split before
        ("SUE", "su", "sue"),  # an abbreviation, not a word with an umlaut
    ],
)
def test_where_they_part(text: str, folded: str, latin: str) -> None:
    assert (fold(text), romanised(text)) == (folded, latin)


@pytest.mark.parametrize(
    ("kana", "latin"),
    [
        ("ソニー", "sony"),
        ("ジャパン", "japan"),
        ("ディスコ", "disuko"),
        ("ニッポン", "nipon"),
        ("ｼﾁｽﾞﾝ", "shichizun"),
        ("とよた", "toyota"),
    ],
)
def test_kana_are_romanised_as_names_are_written(kana: str, latin: str) -> None:
    assert romanised(kana) == latin
