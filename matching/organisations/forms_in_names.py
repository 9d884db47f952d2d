"""Legal forms found in names: spellings of one word or several, cut ones and slips; data in `legal_forms`."""

from functools import cache
from typing import NamedTuple

import numpy as np
from jellyfish import damerau_levenshtein_distance

from matching.arrays import Flags, Integers
from matching.organisations import arrow
from matching.organisations.legal_forms import FAMILIES, NEVER_FIRST, ONLY_LAST
from matching.organisations.name_words import MARKS, STOP_WORDS, Words, split_words

UNSPECIFIC = list(FAMILIES).index("unspecific") + 1
ASSOCIATION = list(FAMILIES).index("association") + 1
COMPANIES = tuple(list(FAMILIES).index(family) + 1 for family in ("limited", "stock"))


class _Forms(NamedTuple):
    first_words: dict[str, int]  # word a spelling of two or more words begins with -> longest such spelling
    second_words: frozenset[str]
    spellings: dict[tuple[str, ...], int]  # spelling -> form
    family: Integers  # of each form


def _lines(text: str) -> list[str]:
    return text.strip().replace(";\n", ";").splitlines()


@cache
def _forms() -> _Forms:
    lines = [(family, line) for family, text in enumerate(FAMILIES.values(), 1) for line in _lines(text)]
    listed = [(form, spelling) for form, (_, line) in enumerate(lines, 1) for spelling in line.split(";")]
    words = split_words(arrow.texts([spelling for _, spelling in listed]))
    spellings: dict[tuple[str, ...], int] = {}
    first_words: dict[str, int] = {}
    for owner, (form, _) in enumerate(listed):
        start, end = np.searchsorted(words.owner, (owner, owner + 1))
        texts = [words.texts[word] for word in words.word[start:end]]
        spelling = tuple([text for text in texts if text not in MARKS])
        spellings.setdefault(spelling, form)
        first_words[spelling[0]] = max(first_words.get(spelling[0], 1), len(spelling))
    # Names are cut where a field ends: "joint stock compan".
    for spelling, form in list(spellings.items()):
        for end in range(4, len(spelling[-1]) if len(spelling) > 1 else 0):
            spellings.setdefault((*spelling[:-1], spelling[-1][:end]), form)
    second_words = frozenset(spelling[1] for spelling in spellings if len(spelling) > 1)
    return _Forms(first_words, second_words, spellings, np.array([0, *[family for family, _ in lines]]))


def family_of(form: Integers) -> Integers:
    """Family of each form, 0 without."""
    return _forms().family[form]


def is_specific(form: Integers) -> Flags:
    """Which forms are there and say more than "a business"."""
    return tells_form(family_of(form))


def tells_form(family: Integers) -> Flags:
    """Which families are there and say more than "a business"."""
    return np.asarray((family > 0) & (family != UNSPECIFIC))


def find_forms(words: Words, count: int) -> tuple[Integers, Integers]:
    """Form of each word (0: none) and of each text: the last specific one, longest spelling first."""
    forms = _forms()
    owner, texts = words.owner, words.texts
    single = np.array([forms.spellings.get((text,)) or _misspelt_form(text) for text in texts], dtype=np.int64)
    found = single[words.word]
    _find_longer(words, found)
    # "og" is a form at the end ("Huber OG") and a mere "and" elsewhere.
    ends = np.append(owner[1:] != owner[:-1], True)[: len(owner)]
    found[words.are(STOP_WORDS) & ~ends & (found > 0) & (found == single[words.word])] = 0
    alone = found == single[words.word]
    last = np.append((owner[1:] != owner[:-1]) | words.are(MARKS)[1:] | (found[1:] > 0), True)[: len(owner)]
    first = np.diff(owner, prepend=-1) > 0
    size = np.bincount(owner, minlength=count)[owner]
    elsewhere = (words.are(ONLY_LAST) & ~last) | (words.are(NEVER_FIRST) & first & (size > 1))
    found[elsewhere & alone] = 0
    # A short word at the very beginning is a form only when no other form follows: "AB Trading GmbH".
    begins = np.flatnonzero(np.diff(owner, prepend=-1))
    several = np.bincount(owner[found > 0], minlength=count) > 1
    short = np.array([len(text) <= 2 for text in texts], dtype=bool)[words.word[begins]]
    leading = begins[several[owner[begins]] & (single[words.word[begins]] == found[begins]) & short]
    found[leading] = 0
    of_text = np.zeros(count, np.int64)
    for chosen in (found > 0, is_specific(found)):
        some = np.flatnonzero(chosen)
        of_text[owner[some]] = found[some]
    return found, of_text


def _find_longer(words: Words, found: Integers) -> None:
    """Write the forms spelt in several words into ``found``, longest spelling first."""
    forms = _forms()
    owner, word, texts = words.owner, words.word, words.texts
    longest = np.array([forms.first_words.get(text, 0) for text in texts], dtype=np.int64)
    second = np.array([text in forms.second_words for text in texts], dtype=bool)
    next_word = np.append(word[1:], 0)
    done = -1  # last word that a spelling has taken
    for start in np.flatnonzero((longest[word] > 1) & second[next_word]) if len(word) else ():
        if start <= done:
            continue
        for length in range(int(longest[word[start]]), 1, -1):
            end = start + length
            if end > len(owner) or owner[end - 1] != owner[start]:
                continue
            form = forms.spellings.get(tuple([texts[index] for index in word[start:end]]), 0)
            if form:
                found[start:end] = form
                done = int(end) - 1
                break


def _misspelt_form(word: str) -> int:
    """The form a long word is a slip of: "Aktiengeselschaft"."""
    if len(word) < 12 or not word.endswith("schaft"):
        return 0
    for (spelling, *rest), form in _forms().spellings.items():
        if not rest and len(spelling) >= 12 and damerau_levenshtein_distance(word, spelling) <= 1:
            return form
    return 0
