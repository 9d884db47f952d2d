"""Columns of texts are folded and cut to what each text is by itself."""

import re

from hypothesis import given
from hypothesis import strategies as st

from matching.organisations import arrow
from matching.organisations.addresses import street_words
from matching.organisations.column_texts import cut, romanise
from matching.organisations.name_words import spell, spelling
from matching.words import romanised

WORDS = st.lists(
    st.text("aeouphijstrASÖßøжΣソー一1²0", max_size=12)
    | st.sampled_from(["ringstrasse", "kirchweg", "aue", "platz", "die", "straße", "7a", "00"]),
    max_size=20,
)
TEXTS = st.lists(st.text("aé1ж一ー·–—’ -.\u0301\xa0", max_size=12), max_size=20)


@given(WORDS)
def test_a_column_of_words_is_romanised_and_spelt_as_each_word(words: list[str]) -> None:
    column = romanise(arrow.texts(words))
    each = [romanised(word) for word in words]
    assert column.to_pylist() == each
    assert spell(column).to_pylist() == [spelling(word) for word in each]


@given(WORDS)
def test_a_column_of_street_words_is_read_as_each_word_alone(words: list[str]) -> None:
    lower = [word.lower() for word in words]
    alone = [street_words(arrow.texts([word])).to_pylist()[0] for word in lower]
    assert street_words(arrow.texts(lower)).to_pylist() == alone


def test_words_of_streets_lose_what_they_are_and_those_that_tell_nothing() -> None:
    words = ["ringstrasse", "königstraße", "søndergade", "kirchweg", "platz", "die", "straße", "7a", "²b", "é"]
    assert street_words(arrow.texts(words)).to_pylist() == [
        "ring", "konig", "sondergade", "kirch", "", "", "", "", "", "",
    ]  # fmt: skip


@given(TEXTS)
def test_texts_are_cut_at_all_but_letters_digits_and_accents(texts: list[str]) -> None:
    owner, runs = cut(arrow.texts(texts))
    found = list(zip(owner.tolist(), runs.to_pylist(), strict=True))
    assert found == [(at, run) for at, text in enumerate(texts) for run in re.findall("[aé1ж一ー\u0301]+", text)]
