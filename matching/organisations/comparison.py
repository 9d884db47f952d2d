"""How alike two records are: one level per part of the record.

Each comparison stands with its levels, their conditions, weights and sentences in a module of its own: names and
legal forms, places, ways of contact. Here they come together. Everything is symmetric in the two records.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np

from matching.arrays import Integers
from matching.organisations.alignment import word_table
from matching.organisations.alone_words import Places
from matching.organisations.columns import Columns
from matching.organisations.contact_comparison import (
    ACCOUNT,
    DOMAIN,
    PHONE,
    REGISTRATION_NUMBER,
    account_pairs,
    host_pairs,
    phone_pairs,
    value_pairs,
)
from matching.organisations.frequencies import Frequencies
from matching.organisations.levels import Comparison, Levels
from matching.organisations.name_comparison import equal_pairs, name_pairs, short_pairs
from matching.organisations.name_levels import LEGAL_FORM, NAME, SAME_NAME, NamedForms, NamePairs
from matching.organisations.partners import PARTNER
from matching.organisations.place_comparison import PLACE, place_pairs

# The columns of a table of levels.
COMPARISONS: tuple[Comparison[Any], ...] = (
    NAME,
    LEGAL_FORM,
    PLACE,
    DOMAIN,
    REGISTRATION_NUMBER,
    PHONE,
    ACCOUNT,
    PARTNER,
)
_CHUNK = 50_000  # pairs at once: what they need stays within the cache, and memory does not grow with the table


def link_block(columns: Columns, known: Frequencies, left: Integers, right: Integers) -> Levels:
    """[pairs, comparisons] levels of the pairs of records ``left[i], right[i]`` (row numbers, left < right).

    Of a whole table or a block of it, to the same result: see `blocks.block_of`.
    Rows of tables are fetched with take(), which takes a third of the time of indexing.
    """
    levels = np.zeros((len(left), len(COMPARISONS)), np.int8)
    words = word_table(columns.names, known)
    # In the order of records, which lie in memory as they are compared.
    for start in range(0, len(left), _CHUNK):
        following = slice(start, start + _CHUNK)
        levels[following, _OF_NAMES:] = _levels_of_contacts(columns, known, left[following], right[following])
    core = columns.names.core
    equal = np.flatnonzero(core[columns.name[left]] == core[columns.name[right]])
    for part in _chunks(equal):
        a, b = columns.name[left[part]], columns.name[right[part]]
        levels[part, :_OF_NAMES] = _levels_of_names(columns, equal_pairs(columns.names, words, known.size, a, b), a, b)
    for part in _chunks(_short_first(columns, left, right, equal)):
        a, b = columns.name[left[part]], columns.name[right[part]]
        places = Places(left[part], right[part], columns.city_words, columns.towns)
        names = name_pairs(columns.names, words, known.size, a, b, places)
        levels[part, :_OF_NAMES] = _levels_of_names(columns, names, a, b)
    return levels


_OF_NAMES = 2  # comparisons of names, which come first


def _chunks(pairs: Integers) -> Iterator[Integers]:
    return (pairs[start : start + _CHUNK] for start in range(0, len(pairs), _CHUNK))


def _short_first(columns: Columns, left: Integers, right: Integers, equal: Integers) -> Integers:
    """The other pairs, short names first: most pairs are compared in narrow tables of words."""
    size = np.minimum(columns.names.size, columns.names.words.shape[1]).astype(np.uint8)[columns.name]
    longer = np.maximum(size[left], size[right])
    order = np.argsort(longer, kind="stable")
    other = np.ones(len(left), bool)
    other[equal] = False
    return np.asarray(order[other[order]])


def _levels_of_names(columns: Columns, names: NamePairs, a: Integers, b: Integers) -> Levels:
    """[pairs, 2] levels of names and legal forms of the names ``a[i], b[i]`` (rows of the names)."""
    name = NAME.compare(names)
    same_name = np.isin(name, NAME.places(lambda level: level.name in SAME_NAME))
    forms = NamedForms(names.forms, same_name, name == NAME.place("different"), short_pairs(columns.names, a, b))
    return np.stack([name, LEGAL_FORM.compare(forms)], axis=1)


def _levels_of_contacts(columns: Columns, known: Frequencies, left: Integers, right: Integers) -> Levels:
    """[pairs, 6] levels of all comparisons but those of names."""
    found = [
        PLACE.compare(place_pairs(columns, known, left, right)),
        DOMAIN.compare(host_pairs(columns, known, left, right)),
        REGISTRATION_NUMBER.compare(value_pairs(columns.registration_number, left, right)),
        PHONE.compare(phone_pairs(columns, known, left, right)),
        ACCOUNT.compare(account_pairs(columns, left, right)),
        PARTNER.compare(np.zeros(len(left), bool)),  # known when all pairs are rated, see `partners`
    ]
    return np.stack(found, axis=1)
