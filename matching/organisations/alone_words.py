"""What stands in one of two names only: a town, a kind of body, a common word, a letter; and what that tells."""

from typing import Any, NamedTuple

import numpy as np

from matching.arrays import Flags, Hashes, Integers
from matching.organisations.alignment import Side, Words, WordTable, any_word
from matching.organisations.institutions import HEAVY, KIND, LONG, MUNICIPAL, OTHER, QUALIFIER, RARE
from matching.organisations.name_words import Lengths
from matching.organisations.names import Names


class AlonePairs(NamedTuple):
    """What is seen of the words that stand on one side only. All [pairs].

    short: on both sides, and all of them are of one to three letters. kinds: both sides say another kind of body.
    one_kind: one side says one kind more. qualifier: one says which of several it is. light: on at most one side stand
    other words than towns, and half of all organisations share these. town, towns: one, both sides name a town.
    only_kinds: besides, they say nothing but a kind of body, and share a word of more than three letters.
    whole_acronym: one name is nothing but first letters of the other. letters: of the first word of a short name.
    """

    short: Flags
    kinds: Flags
    one_kind: Flags
    qualifier: Flags
    light: Flags
    town: Flags
    towns: Flags
    only_kinds: Flags
    whole_acronym: Flags
    letters: Lengths


class Places(NamedTuple):
    """What is known of towns, to know their names among the words of names.

    one, other: [pairs] records of both sides. words: [records, 3] words of their towns. towns: [words + 1] words that
    are towns of the countries of the table, which count where neither record states a town.
    """

    one: Integers
    other: Integers
    words: Hashes
    towns: Flags


def alone_pairs(
    names: Names, table: WordTable, sides: tuple[Side, Side], short_form: Flags, places: Places, chosen: Flags
) -> AlonePairs:
    """What is seen of the words that stand on one side only; nothing of pairs that are not chosen."""
    rows = np.flatnonzero(chosen)
    some = [_rows_of(side, rows) for side in sides]
    where = places._replace(one=places.one.take(rows), other=places.other.take(rows))
    found = _alone_pairs(names, table, (some[0], some[1]), short_form[rows], where)
    everywhere: list[Any] = [np.zeros(len(chosen), part.dtype) for part in found]
    for part, seen in zip(everywhere, found, strict=True):
        part[rows] = seen
    return AlonePairs(*everywhere)


def _rows_of(side: Side, rows: Integers) -> Side:
    parts: list[Any] = [part.take(rows, axis=1) for part in side]
    return Side(*parts)


def _alone_pairs(
    names: Names, table: WordTable, sides: tuple[Side, Side], short_form: Flags, places: Places
) -> AlonePairs:
    alone = [(side.words >= 0) & ~side.shared for side in sides]
    traits = [side.traits_of(left) for side, left in zip(sides, alone, strict=True)]
    kinds, qualifier, long = ([flags & wanted > 0 for flags in traits] for wanted in (KIND, QUALIFIER, LONG))
    any_ = [flags > 0 for flags in traits]
    towns = _town_words(table, (sides[0].words, sides[1].words), places, any_[0] | any_[1])
    aside = [any_word(left & ~side.in_head) for left, side in zip(alone, sides, strict=True)]
    # What one name says in brackets or after a break is more to say, not something else.
    both_aside = aside[0] & aside[1]
    rest = [
        side.traits_of(left & ~town & (side.in_head | both_aside))
        for left, town, side in zip(alone, towns, sides, strict=True)
    ]
    some_town = [any_word(left & town) for left, town in zip(alone, towns, strict=True)]
    single = [~any_word(side.words[1:2] >= 0) for side in sides]
    shared = sides[0].traits_of(sides[0].shared)
    telling = sides[0].traits_of(sides[0].shared & ~towns[0]) & RARE > 0
    # A town's bare name is the town, not its university.
    telling |= ((rest[0] | rest[1]) & MUNICIPAL > 0) | ~(single[0] | single[1])
    heavy = ((rest[0] | rest[1]) & HEAVY > 0) | ((rest[0] > 0) & (rest[1] > 0))
    return AlonePairs(
        short=any_[0] & any_[1] & ~long[0] & ~long[1],
        kinds=kinds[0] & kinds[1],
        one_kind=(kinds[0] ^ kinds[1]) & (shared & KIND > 0),
        qualifier=qualifier[0] ^ qualifier[1],
        only_kinds=(shared & LONG > 0) & ((rest[0] | rest[1]) & OTHER == 0),
        towns=some_town[0] & some_town[1],
        light=~heavy & telling,
        town=some_town[0] ^ some_town[1],
        whole_acronym=short_form & (single[0] | single[1]),
        letters=np.where(single[0], *(names.word_shape.length[side.words[0]] for side in sides)),
    )


def _town_words(table: WordTable, words: tuple[Words, Words], places: Places, chosen: Flags) -> list[Flags]:
    """Of both sides [words, pairs] which words of the chosen pairs are the town that a record states, else any town."""
    found = [np.zeros(side.shape, bool) for side in words]
    one, other = places.words.take(places.one, axis=0), places.words.take(places.other, axis=0)
    apart = (one[:, 0] != 0) & (other[:, 0] != 0) & ~_any_equal(one[:, 0], other)
    rows = np.flatnonzero(chosen & ~apart)
    stated = [np.ascontiguousarray(column) for column in (*one.take(rows, axis=0).T, *other.take(rows, axis=0).T)]
    nowhere = (stated[0] | stated[3]) == 0
    for side, town in zip(words, found, strict=True):
        some = side.take(rows, axis=1)
        hashes = table.hashes[some]
        is_town = places.towns[some] & nowhere
        for column in stated:
            is_town |= hashes == column
        town[:, rows] = is_town
    return found


def _any_equal(one: Hashes, others: Hashes) -> Flags:
    """[pairs] whether a hash is among the [pairs, 3] others."""
    return np.asarray((one == others[:, 0]) | (one == others[:, 1]) | (one == others[:, 2]))
