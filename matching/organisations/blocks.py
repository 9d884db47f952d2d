"""Pairs of records taken out of a table with all that comparing them takes, so that it can be done elsewhere.

A block holds hashes, texts and counts. Numbers of records and words begin anew in it, and what the whole table says of
a value, how rare or how crowded it is, goes with the value.
"""

from typing import Any, NamedTuple, TypeVar

import numpy as np

from matching.arrays import Integers
from matching.organisations import arrow
from matching.organisations.columns import Columns
from matching.organisations.frequencies import Frequencies
from matching.organisations.institutions import Traits
from matching.organisations.name_words import Shapes
from matching.organisations.names import Names


class Block(NamedTuple):
    """What `comparison.link_block` asks for. left, right: row numbers in the columns of the block."""

    columns: Columns
    known: Frequencies
    left: Integers
    right: Integers


def block_of(columns: Columns, known: Frequencies, left: Integers, right: Integers) -> Block:
    """The pairs of records ``left[i], right[i]`` (row numbers, left < right) with their records alone."""
    rows, place = np.unique(np.concatenate([left, right]), return_inverse=True)
    used, name = np.unique(columns.name[rows], return_inverse=True)
    words = np.unique(columns.names.words[used])
    words = words[words >= 0]
    of_records = {
        field: getattr(columns, field)[rows]
        for field in Columns._fields
        if field not in ("record_id", "name", "names", "towns")
    }
    cut = Columns(
        record_id=columns.record_id.take(arrow.numbers(rows)),
        name=name,
        names=_names(columns.names, used, words),
        towns=columns.towns[np.append(words, -1)],
        **of_records,
    )
    crowds = ("domain_names", "host_names", "address_names", "phone_names")
    rated = known._replace(
        word_names=known.word_names[words],
        word_bits=known.word_bits[words],
        by_many=known.by_many[used],
        own_initials=known.own_initials[used],
        **{field: getattr(known, field)[rows] for field in crowds},
    )
    return Block(cut, rated, place[: len(left)], place[len(left) :])


def _names(names: Names, used: Integers, words: Integers) -> Names:
    """Some names, with their own words alone."""
    number = np.full(len(names.texts) + 1, -1, np.int32)  # the last one: no word
    number[words] = np.arange(len(words))
    glued, glued_index = np.unique(names.glued_index[used], return_inverse=True)
    by_name: dict[str, Any] = {
        field: getattr(names, field)[used]
        for field in ("aside", "core", "head", "glued", "initials", "numbers", "form", "family", "size")
    }
    return Names(
        words=number[names.words[used]],
        texts=[names.texts[word] for word in words.tolist()],
        word_hash=names.word_hash[words],
        glued_texts=[names.glued_texts[text] for text in glued.tolist()],
        glued_index=glued_index,
        word_shape=_of_words(names.word_shape, words),
        glued_shape=_of_words(names.glued_shape, glued),
        traits=_of_words(names.traits, words),
        **by_name,
    )


PerWord = TypeVar("PerWord", Shapes, Traits)


def _of_words(known: PerWord, words: Integers) -> PerWord:
    """What is known of some words, and of none at the end."""
    return type(known)(*(part[np.append(words, -1)] for part in known))
