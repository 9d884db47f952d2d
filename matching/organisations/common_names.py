"""Names that many organisations bear independently of each other: "Apotheke am Markt", "Schmidt GmbH".

Such a name says what somebody is and not who. Which words these are is data (`data/borne_by_many.yml`); a small table
cannot know it by itself.
"""

from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np
import yaml

from matching.arrays import Flags
from matching.organisations.name_words import GENERIC_WORDS, spelling
from matching.organisations.names import Names
from matching.words import romanised

_LIST = Path(__file__).parent / "data" / "borne_by_many.yml"
_SHORTEST_PART = 3  # letters of a part of a compound: "Hof-Apotheke", "Kurhaus"
_START = 3  # letters by which most words are seen to be no compound of listed ones


@cache
def common_words() -> frozenset[str]:
    """Words of names that many bear, romanised like the words of names."""
    kinds = yaml.load(_LIST.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    listed = " ".join(words for languages in kinds.values() for words in languages.values())
    return frozenset(map(spelling, map(romanised, listed.lower().split()))) | GENERIC_WORDS


def are_common(texts: Sequence[str]) -> Flags:
    """Which words are listed, or are put together from two listed ones ("marienhospital")."""
    words = common_words()
    starts = {word[:_START] for word in words if len(word) >= _SHORTEST_PART}
    return np.array([text in words or (text[:_START] in starts and _is_compound(text, words)) for text in texts], bool)


def _is_compound(text: str, words: frozenset[str]) -> bool:
    cuts = range(_SHORTEST_PART, len(text) - _SHORTEST_PART + 1)
    return any(text[:cut] in words and text[cut:] in words for cut in cuts)


def borne_by_many(names: Names) -> Flags:
    """[names] which consist of common words alone; a number tells them apart."""
    common = np.append(are_common(names.texts), True)  # word -1 is none
    told = names.words.shape[1]
    found = (names.size > 0) & (names.size <= told) & (names.numbers == 0)
    for place in range(told):
        some = np.flatnonzero(found)
        found[some] = common[names.words[some, place]]
    return np.asarray(found)
