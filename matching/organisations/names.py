"""Names of organisations: str -> canonical values. Any script keeps its letters.

A name becomes words (see `name_words`), legal forms (see `forms_in_names`), the head before the first dash or comma,
and what stands in brackets. A whole column is read at once, each distinct spelling once.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from matching.arrays import Flags, Hashes, Integers
from matching.organisations import arrow
from matching.organisations.forms_in_names import ASSOCIATION, UNSPECIFIC, family_of, find_forms, is_specific
from matching.organisations.hashes import mix, stable_hash
from matching.organisations.institutions import (
    Traits,
    generic_words,
    institutions,
    own_acronym,
    rewritten,
    traits,
)
from matching.organisations.name_words import (
    BREAK,
    CLOSE,
    MARKS,
    OPEN,
    PARTY_WORDS,
    ROMAN,
    SISTER_WORDS,
    STOP_WORDS,
    Shapes,
    Words,
    dotted_words,
    glue,
    shapes,
    split_words,
)

_LONGEST_ACRONYM = 4  # letters
WIDTH = 16  # words of a name that are compared one by one; longer names keep their first ones


class Names(NamedTuple):
    """Distinct names as integers, one row a name.

    words: [n, WIDTH] word ids, -1 where there is none. aside: [n, WIDTH] the word stands in brackets or after the
    first break. core, head, glued, initials: hashes, 0 when empty: all words in any order, those of the first
    segment, all words written together, their first letters. numbers: hash of numbers, 0 without. form, family:
    legal form, 0 without. size: words in all. texts, word_hash: of each word id. glued_texts, glued_index: distinct
    texts written together and the one of each name. word_shape, glued_shape: of the distinct texts of each kind.
    """

    words: npt.NDArray[np.int32]
    aside: Flags
    core: Hashes
    head: Hashes
    glued: Hashes
    initials: Hashes
    numbers: Hashes
    form: Integers
    family: Integers
    size: Integers
    texts: list[str]
    word_hash: Hashes
    glued_texts: list[str]
    glued_index: Integers
    word_shape: Shapes
    glued_shape: Shapes
    traits: Traits


def read_names(names: pa.Array) -> Names:
    """Canonical values of a column of distinct names."""
    count = len(names)
    words = split_words(names)
    form_of_word, form = find_forms(words, count)
    may_be_body = np.isin(family_of(form), (0, ASSOCIATION, UNSPECIFIC))
    words, form_of_word = rewritten(words, form_of_word, may_be_body)
    kept, in_head, written = _telling(words, form_of_word, may_be_body, count)
    word_hash = stable_hash(words.texts)
    initials, _, _ = glue([text[:1] for text in words.texts], words, in_head, count)
    # Initials aside say the head again: "Universitätsklinikum Albtal (UA)".
    kept = kept & (in_head | (word_hash[words.word] != initials[words.owner]))
    again = _own_acronyms(words, in_head)
    kept[again] = in_head[again] = written[again] = False
    number = np.array([text[:1].isdigit() or text in ROMAN for text in words.texts], dtype=bool)[words.word]
    table, aside = _word_table(words, kept, in_head, count)
    glued, glued_texts, glued_index = glue(words.texts, words, written, count)
    return Names(
        words=table,
        aside=aside,
        core=_sum_by_owner(word_hash, words, kept, count),
        head=_sum_by_owner(word_hash, words, in_head, count),
        glued=glued,
        initials=initials,
        numbers=_sum_by_owner(word_hash, words, kept & number, count),
        form=form,
        family=family_of(form),
        size=np.bincount(words.owner[kept], minlength=count),
        texts=words.texts,
        word_hash=word_hash,
        glued_texts=glued_texts.to_pylist(),
        glued_index=glued_index,
        word_shape=shapes(arrow.texts(words.texts)),
        glued_shape=shapes(glued_texts),
        traits=traits(words.texts, dotted_words(names), SISTER_WORDS),
    )


def _telling(words: Words, form_of_word: Integers, may_be_body: Flags, count: int) -> tuple[Flags, Flags, Flags]:
    """[words] which words tell who it is, which of them stand in the head, and which are written of the name."""
    mark = words.are(MARKS)
    bracket = _so_far(words, words.are((OPEN,)), count) > _so_far(words, words.are((CLOSE,)), count)
    kept = ~mark & (form_of_word == 0)
    strong = kept & ~words.are(STOP_WORDS | PARTY_WORDS)
    segment = _so_far(words, words.are((BREAK,)), count)
    title = words.are(institutions().titles) & (may_be_body[words.owner] | bracket | (segment > 0))
    strong &= ~title | ~_any_by_owner(strong & ~title & _rare(words), words.owner, count)[words.owner]
    kept = np.where(_any_by_owner(strong, words.owner, count)[words.owner], strong, kept)
    # A name of nothing but legal forms ("AG") is its own core.
    bare = ~_any_by_owner(kept, words.owner, count)
    kept |= bare[words.owner] & ~mark
    ends = is_specific(form_of_word) & ~bracket
    in_head = _in_head(kept & ~bracket, strong & ~bracket, ends, segment, words.owner, count)
    return kept, in_head, ~mark & ((form_of_word == 0) | bare[words.owner])


def _rare(words: Words) -> Flags:
    """[words] which ones not half of all organisations share."""
    return ~words.are(generic_words())


def _own_acronyms(words: Words, in_head: Flags) -> Integers:
    """First and last words that say the others of their name again: "UKB Universitätsklinikum Bonn".

    Of names whose other words half of all organisations share the acronym is what tells ("MAS Management Software").
    """
    at = np.flatnonzero(in_head)
    rare = _rare(words)
    owner, word = words.owner[at], words.word[at]
    fits = np.array([1 < len(text) <= _LONGEST_ACRONYM and text.isalpha() for text in words.texts], dtype=bool)[word]
    letter = np.array([ord(text[:1] or " ") for text in words.texts])[word]
    first = np.flatnonzero(np.diff(owner, prepend=-1))
    size = np.diff(np.append(first, len(owner)))
    first, size = (values[(size >= 3) & (size <= _LONGEST_ACRONYM)] for values in (first, size))
    last = first + size - 1
    leading = fits[first] & (letter[first] == letter[first + 1])
    closing = fits[last] & (letter[last] == letter[first]) & ~leading
    found = []
    for shorts, begins, some in ((first, first + 1, leading), (last, first, closing)):
        for short, begin, count in zip(shorts[some].tolist(), begins[some].tolist(), size[some].tolist(), strict=True):
            others = tuple([words.texts[other] for other in word[begin : begin + count - 1]])
            if rare[at[begin : begin + count - 1]].any() and own_acronym(words.texts[word[short]], others):
                found.append(int(at[short]))
    return np.array(found, dtype=np.int64)


def _so_far(words: Words, flags: Flags, count: int) -> Integers:
    """[words] how many words of the same text are flagged up to this one, itself included."""
    total = np.concatenate([[0], np.cumsum(flags)])
    first = np.searchsorted(words.owner, np.arange(count))
    return np.asarray(total[1:] - total[first[words.owner]])


def _word_table(words: Words, kept: Flags, in_head: Flags, count: int) -> tuple[npt.NDArray[np.int32], Flags]:
    """[texts, WIDTH] the kept words of each text, -1 where there is none, and whether they stand aside."""
    chosen = np.flatnonzero(kept)
    rank = np.arange(len(chosen)) - np.searchsorted(words.owner[chosen], words.owner[chosen])
    chosen, rank = chosen[rank < WIDTH], rank[rank < WIDTH]
    table = np.full((count, WIDTH), -1, np.int32)
    aside = np.zeros((count, WIDTH), bool)
    table[words.owner[chosen], rank] = words.word[chosen]
    aside[words.owner[chosen], rank] = ~in_head[chosen]
    return table, aside


def _in_head(keep: Flags, strong: Flags, ends: Flags, segment: Integers, owner: Integers, count: int) -> Flags:
    """Which words are the legal name: those before the first legal form that follows a telling word, else the first
    segment. Departments and sites come after: "Lang, Huber & Co. KG, Werk Ulm", "EDF — SA — Direction des achats".
    """
    never = len(owner)
    position = np.arange(never)
    first_strong, end, first_segment = (np.full(count, never) for _ in range(3))
    np.minimum.at(first_strong, owner[strong], position[strong])
    ends = ends & (position > first_strong[owner])
    np.minimum.at(end, owner[ends], position[ends])
    np.minimum.at(first_segment, owner[keep], segment[keep])
    return keep & np.where(end[owner] < never, position < end[owner], segment == first_segment[owner])


def _any_by_owner(flags: Flags, owner: Integers, count: int) -> Flags:
    return np.bincount(owner[flags], minlength=count) > 0


def _sum_by_owner(word_hash: Hashes, words: Words, flags: Flags, count: int) -> Hashes:
    """A hash of the flagged words of each text that does not depend on their order."""
    chosen = np.flatnonzero(flags)
    total = np.zeros(count, np.uint64)
    np.add.at(total, words.owner[chosen], mix(word_hash[words.word[chosen]]))
    return total
