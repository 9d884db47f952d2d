"""Slips of the pen: which known word an unknown one was meant to be, one letter away.

Method: symmetric deletions (Garbe 2012, https://github.com/wolfgarbe/SymSpell): two words that are one letter apart
meet on a form in which each has lost at most one.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from functools import cached_property, lru_cache

import simplemma

_DOUBLED = re.compile(r"(.)\1")
_SHORTEST = 7  # shorter words have too many neighbours: Kittel, Mittel


class Spellings:
    """A vocabulary that forgives one missing, doubled, changed or swapped letter, though not the first one."""

    def __init__(self, vocabulary: Collection[str]) -> None:
        self._vocabulary = vocabulary

    @cached_property
    def _by_shortened(self) -> Mapping[str, tuple[str, ...]]:
        found: dict[str, set[str]] = defaultdict(set)
        for word in self._vocabulary:
            if len(word) >= _SHORTEST and word.isalpha():
                for form in _shortened(word):
                    found[form].add(word)
        return {form: tuple(sorted(words)) for form, words in found.items()}

    def nearest(self, word: str) -> str | None:
        """The only word one letter away, a doubled one first; None for short words and where several are as near."""
        if len(word) < _SHORTEST - 1 or not word.isalpha():
            return None
        near = {
            other
            for form in _shortened(word)
            for other in self._by_shortened.get(form, ())
            if _is_one_apart(word, other)
        }
        doubled = {other for other in near if _DOUBLED.sub(r"\1", other) == _DOUBLED.sub(r"\1", word)}
        return next(iter(doubled or near)) if len(doubled or near) == 1 else None


def _shortened(word: str) -> Iterator[str]:
    yield word
    for place in range(1, len(word)):
        yield word[:place] + word[place + 1 :]


def _is_one_apart(one: str, other: str) -> bool:
    """Whether one insertion, deletion, change or swap of neighbours (Damerau 1964) leads from one word to the other."""
    if abs(len(one) - len(other)) > 1:
        return False
    start = 0
    while start < min(len(one), len(other)) and one[start] == other[start]:
        start += 1
    left, right = one[start:], other[start:]
    return (
        left[1:] == right
        or left == right[1:]
        or left[1:] == right[1:]
        or (left[:2] == right[1::-1] and left[2:] == right[2:])
    )


@lru_cache(maxsize=50_000)
def is_word(written: str, languages: tuple[str, ...]) -> bool:
    """Whether a word stands in a dictionary of one of the languages, so that it is no slip."""
    return any(
        simplemma.is_known(form, lang=language, low_memory=True)
        for form in (written, written.lower())
        for language in languages
    )
