"""What stands in one of two names only: a town, a kind of body, a common word, a letter; and what that tells."""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from matching.arrays import Flags, Hashes, Integers
from matching.organisations.alignment import Side, any_word
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
    letters: Integers


class Places(NamedTuple):
    """What is known of towns, to know their names among the words of names.

    one, other: [pairs, 3] words of the towns of both records. apart: [pairs] two towns. towns: [words + 1] words that
    are towns of the countries of the table, which count where neither record states a town.
    """

    one: Hashes
    other: Hashes
    towns: Flags

    @property
    def apart(self) -> Flags:
        both = (self.one[:, 0] != 0) & (self.other[:, 0] != 0)
        return np.asarray(both & ~(self.one[:, :1] == self.other).any(axis=1))


def alone_pairs(names: Names, sides: tuple[Side, Side], short_form: Flags, places: Places, chosen: Flags) -> AlonePairs:
    """What is seen of the words that stand on one side only; nothing of pairs that are not chosen."""
    rows = np.flatnonzero(chosen)
    some = [_rows_of(side, rows) for side in sides]
    towns = places._replace(one=places.one.take(rows, axis=0), other=places.other.take(rows, axis=0))
    found = _alone_pairs(names, (some[0], some[1]), short_form[rows], towns)
    everywhere: list[Any] = [np.zeros(len(chosen), part.dtype) for part in found]
    for part, seen in zip(everywhere, found, strict=True):
        part[rows] = seen
    return AlonePairs(*everywhere)


def _rows_of(side: Side, rows: Integers) -> Side:
    parts: list[Any] = [part.take(rows, axis=1) for part in side]
    return Side(*parts)


def _alone_pairs(names: Names, sides: tuple[Side, Side], short_form: Flags, places: Places) -> AlonePairs:
    traits = names.traits
    alone = [(side.words >= 0) & ~side.shared for side in sides]

    def have(of_words: Flags) -> list[Flags]:
        """[sides] where such words stand alone."""
        return [any_word(of_words[side.words] & left) for side, left in zip(sides, alone, strict=True)]

    any_, kinds, qualifier, long = (have(flags) for flags in (
        np.ones_like(traits.kind), traits.kind, traits.qualifier, ~traits.short
    ))  # fmt: skip
    towns = [_town_words(names, side.words, places, any_[0] | any_[1]) for side in sides]
    common = traits.generic & ~traits.qualifier & ~traits.sister
    aside = [any_word(left & ~side.in_head) for left, side in zip(alone, sides, strict=True)]
    # What one name says in brackets or after a break is more to say, not something else.
    rest = [
        left & ~town & (side.in_head | both)
        for left, town, side, both in zip(alone, towns, sides, [aside[0] & aside[1]] * 2, strict=True)
    ]
    heavy = [any_word(left & ~common[side.words]) for left, side in zip(rest, sides, strict=True)]
    some_town = [any_word(left & town) for left, town in zip(alone, towns, strict=True)]
    municipal = [any_word(left & traits.municipal[side.words]) for left, side in zip(rest, sides, strict=True)]
    single = [~any_word(side.words[1:2] >= 0) for side in sides]
    telling = any_word(sides[0].shared & ~traits.generic[sides[0].words] & ~towns[0])
    # A town's bare name is the town, not its university.
    telling |= municipal[0] | municipal[1] | ~(single[0] | single[1])
    return AlonePairs(
        short=any_[0] & any_[1] & ~long[0] & ~long[1],
        kinds=kinds[0] & kinds[1],
        one_kind=(kinds[0] ^ kinds[1]) & any_word(traits.kind[sides[0].words] & sides[0].shared),
        qualifier=qualifier[0] ^ qualifier[1],
        only_kinds=any_word(sides[0].shared & ~traits.short[sides[0].words])
        & ~any_word(rest[0] & ~traits.kind[sides[0].words])
        & ~any_word(rest[1] & ~traits.kind[sides[1].words]),
        towns=some_town[0] & some_town[1],
        light=~heavy[0] & ~heavy[1] & ~(any_word(rest[0]) & any_word(rest[1])) & telling,
        town=some_town[0] ^ some_town[1],
        whole_acronym=short_form & (single[0] | single[1]),
        letters=np.where(single[0], *(names.word_shape.length[side.words[0]] for side in sides)),
    )


def _town_words(names: Names, words: npt.NDArray[np.int32], places: Places, chosen: Flags) -> Flags:
    """[words, pairs] which words of the chosen pairs are the town that a record states; where none does, any town."""
    found = np.zeros(words.shape, bool)
    rows = np.flatnonzero(chosen & ~places.apart)
    some = words.take(rows, axis=1)
    hashes = np.where(some >= 0, names.word_hash[some], 0)
    stated = [towns[rows] for towns in (places.one, places.other)]
    nowhere = (stated[0][:, 0] | stated[1][:, 0]) == 0
    town = places.towns[some] & nowhere
    for column in (*stated[0].T, *stated[1].T):
        town |= (hashes == column) & (column != 0)
    found[:, rows] = town
    return found
