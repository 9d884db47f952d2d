"""What is seen of two names beside each other, and of their legal forms; `name_levels` says what that is worth.

Everything is symmetric in the two names.
"""

from typing import Any

import numpy as np

from matching.arrays import Flags, Hashes, Integers
from matching.organisations.alignment import WordTable, align, any_word
from matching.organisations.alone_words import AlonePairs, Places, alone_pairs
from matching.organisations.forms_in_names import COMPANIES, tells_form
from matching.organisations.institutions import SISTER
from matching.organisations.name_levels import FormPairs, NamePairs
from matching.organisations.names import Names
from matching.organisations.spellings import one_slip

_LONGEST_ACRONYM = 5  # letters of a name that may be an acronym whatever it stands for
_SHORTEST_CUT = 20  # letters of a name that the end of a field may cut: the narrowest fields of registers hold 28


def short_pairs(names: Names, a: Integers, b: Integers) -> Flags:
    """Where both names ``a[i], b[i]`` (rows of `names`) are one word as short as an acronym."""
    found = (names.size[a] == 1) & (names.size[b] == 1)
    some = np.flatnonzero(found)
    longest = np.maximum(*(names.glued_shape.length[names.glued_index[side[some]]] for side in (a, b)))
    found[some] = longest <= _LONGEST_ACRONYM
    return np.asarray(found)


def form_pairs(names: Names, a: Integers, b: Integers) -> FormPairs:
    """What is seen of the legal forms of the names ``a[i], b[i]`` (rows of `names`)."""
    form_a, form_b, family_a, family_b = names.form[a], names.form[b], names.family[a], names.family[b]
    larger = np.maximum(family_a, family_b)
    return FormPairs(
        both=tells_form(family_a) & tells_form(family_b),
        one_sided=(form_a > 0) != (form_b > 0),
        equal=form_a == form_b,
        same_family=family_a == family_b,
        company=(np.minimum(family_a, family_b) == 0) & ((larger == COMPANIES[0]) | (larger == COMPANIES[1])),
    )


def equal_pairs(names: Names, table: WordTable, size: int, a: Integers, b: Integers) -> NamePairs:
    """The same of names of the same words ``a[i], b[i]`` (rows of `names`): nothing more is asked of them."""
    none: Any = np.zeros((), bool)
    zero: Any = np.zeros((), np.float32)
    unasked = dict.fromkeys(NamePairs._fields, none) | dict.fromkeys(_BITS, zero)
    unasked["alone"] = AlonePairs(*[none] * len(AlonePairs._fields))
    asked = {
        "table_bits": np.log2(size),
        "known": (names.size[a] > 0) & (names.size[b] > 0),
        "equal": np.ones(len(a), bool),
        "in_order": (names.glued[a] == names.glued[b]) | (names.size[a] == 1),
        "bits": table.own_bits[a],
        "by_many": table.by_many[a] & table.by_many[b],
        "forms": form_pairs(names, a, b),
    }
    return NamePairs(**unasked | asked)


_BITS = ("shared_bits", "alone_bits", "jaccard", "head_bits")


def name_pairs(names: Names, table: WordTable, size: int, a: Integers, b: Integers, places: Places) -> NamePairs:
    """What is seen of the names ``a[i], b[i]`` (rows of `names`) of different words in a table of a size."""
    one, other, short_form = align(names, table, a, b)
    alone_a, alone_b = one.weigh(~one.shared), other.weigh(~other.shared)
    shared_bits = (one.weigh(one.shared) + other.weigh(other.shared)) / 2
    core_a, core_b, head_a, head_b = (part.take(side) for part in (names.core, names.head) for side in (a, b))
    glued_a, size_a = names.glued[a], names.size[a]
    alike = glued_a == names.glued[b]
    glued = alike & (glued_a != 0)
    respelt = (alone_a == 0) & (alone_b == 0) & any_word(one.near)
    numbers_differ = names.numbers[a] != names.numbers[b]
    telling = [side.traits_of(~side.shared) & SISTER > 0 for side in (one, other)]
    return NamePairs(
        table_bits=np.log2(size),
        known=(size_a > 0) & (names.size[b] > 0),
        equal=np.zeros(len(a), bool),
        in_order=alike | (size_a == 1),
        glued=glued,
        respelt=respelt,
        one_slip=_one_slip(names, a, b, open_=~(glued | respelt | numbers_differ)),
        bits=table.own_bits[a],
        shared_bits=shared_bits,
        alone_bits=alone_a + alone_b,
        jaccard=shared_bits / np.maximum(shared_bits + alone_a + alone_b, 0.1),
        one_sided=np.minimum(alone_a, alone_b) == 0,
        numbers_differ=numbers_differ,
        acronym=any_word(one.words == table.acronym[b]) | any_word(other.words == table.acronym[a]),
        sister=telling[0] ^ telling[1],
        head=(head_a == core_b) | (head_b == core_a),
        same_head=(head_a == head_b) & (head_a != 0),
        head_bits=np.minimum(one.weigh(one.in_head), other.weigh(other.in_head)),
        by_many=table.by_many[a] & table.by_many[b],
        named_aside=_named_in(core_a, head_a, core_b, head_b) | _named_in(core_b, head_b, core_a, head_a),
        own_initials=np.where(size_a > 1, table.own_initials[a], table.own_initials[b]),
        cut=_cut(names, a, b, open_=~(glued | respelt) & (one.words[0] == other.words[0])),
        forms=form_pairs(names, a, b),
        alone=alone_pairs(
            names, table, (one, other), short_form, places, (shared_bits > 0) & (alone_a + alone_b > 0) | short_form
        ),
    )


def _named_in(core_a: Hashes, head_a: Hashes, core_b: Hashes, head_b: Hashes) -> Flags:
    """Where the second name, or its head, is what the first one says in brackets or after a break."""
    aside = core_a - head_a  # sums of the hashes of words
    return np.asarray((head_a != 0) & (aside != 0) & ((aside == core_b) | (aside == head_b)))


def _cut(names: Names, a: Integers, b: Integers, open_: Flags) -> Flags:
    """Which of the open pairs are one name and its beginning, up to the middle of a word; letters rule most out."""
    found = np.zeros(len(a), bool)
    some = np.flatnonzero(open_)
    one, other = names.glued_index[a[some]], names.glued_index[b[some]]
    length, letters = names.glued_shape
    shorter = np.where(length[one] < length[other], one, other)
    longer = np.where(length[one] < length[other], other, one)
    long_enough = (length[shorter] >= _SHORTEST_CUT) & (length[shorter] < length[longer])
    fits = np.flatnonzero(long_enough & (letters[shorter] & ~letters[longer] == 0))
    texts = names.glued_texts
    found[some[fits]] = [
        texts[long].startswith(texts[short])
        for short, long in zip(shorter[fits].tolist(), longer[fits].tolist(), strict=True)
    ]
    return found


def _one_slip(names: Names, a: Integers, b: Integers, open_: Flags) -> Flags:
    """Which of the open pairs differ by one letter when written together; length and letters rule most out."""
    near = np.zeros(len(a), bool)
    one, other = names.glued_index[a], names.glued_index[b]
    length, letters = names.glued_shape
    near_length = (abs(length[one] - length[other]) <= 1) & (np.minimum(length[one], length[other]) >= 6)
    chosen = np.flatnonzero(open_ & near_length)
    chosen = chosen[np.bitwise_count(letters[one[chosen]] ^ letters[other[chosen]]) <= 2]
    texts = names.glued_texts
    left, right = ([texts[index] for index in side[chosen].tolist()] for side in (one, other))
    near[chosen] = one_slip(left, right)
    return near
