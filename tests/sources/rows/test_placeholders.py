import pandas as pd
import pytest

from sources.rows.placeholders import is_nobody, nobody, nothing, without_nobody


@pytest.mark.parametrize(
    "name",
    ["Unbekannt", "keine Angabe", "(k. A.)", "Privatperson", "s. o.", "NON RENSEIGNÉ", "Particulier", "néant", "n.c.",
     "N/A", "anonymous", "see above", "---", "?", "", "0000", "xxx"],
)  # fmt: skip
def test_nobody(name: str) -> None:
    assert is_nobody(name)


@pytest.mark.parametrize(
    "name",
    ["Privatklinik Seeblick", "Test & Prüf GmbH", "Société Anonyme des Bains", "Leer", "A", "7", "Diverse Textil"],
)
def test_a_placeholder_inside_a_name_is_a_word_like_others(name: str) -> None:
    assert not is_nobody(name)


def test_the_list_is_read_whole() -> None:
    assert all(isinstance(words, str) and words for words in nobody())
    assert nothing() < nobody()
    assert {"null", "none", "n a", "000"} <= nothing()  # YAML would read some of these as something else


def test_a_column_keeps_its_names() -> None:
    names = pd.Series(["Stoffhaus", "privat", None, "Unbekannt"])
    assert without_nobody(names).fillna("-").tolist() == ["Stoffhaus", "-", "-", "-"]
