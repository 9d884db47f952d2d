"""How alike two records are: one level per part of the record.

Each comparison stands with its levels, their conditions, weights and sentences in a module of its own: names and
legal forms, places, ways of contact. Here they come together. Everything is symmetric in the two records.
"""

from typing import Any

import numpy as np

from matching.arrays import Integers
from matching.organisations.alignment import WordTable, word_table
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
from matching.organisations.name_comparison import LEGAL_FORM, NAME, SAME_NAME, NamedForms, name_pairs, short_pairs
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
    size = np.minimum(columns.names.size, columns.names.words.shape[1]).astype(np.uint8)[columns.name]
    # Short names first: most pairs are compared in narrow tables of words.
    order = np.argsort(np.maximum(size[left], size[right]), kind="stable")
    for start in range(0, len(left), _CHUNK):
        part = order[start : start + _CHUNK]
        levels[part] = _levels(columns, known, words, left[part], right[part])
    return levels


def _levels(columns: Columns, known: Frequencies, words: WordTable, left: Integers, right: Integers) -> Levels:
    towns = Places(columns.city_words.take(left, axis=0), columns.city_words.take(right, axis=0), columns.towns)
    names = name_pairs(columns.names, words, known.size, columns.name[left], columns.name[right], towns)
    name = NAME.compare(names)
    same_name = np.isin(name, NAME.places(lambda level: level.name in SAME_NAME))
    acronyms = short_pairs(columns.names, columns.name[left], columns.name[right])
    found = [
        name,
        LEGAL_FORM.compare(NamedForms(names.forms, same_name, name == NAME.place("different"), acronyms)),
        PLACE.compare(place_pairs(columns, known, left, right)),
        DOMAIN.compare(host_pairs(columns, known, left, right)),
        REGISTRATION_NUMBER.compare(value_pairs(columns.registration_number, left, right)),
        PHONE.compare(phone_pairs(columns, known, left, right)),
        ACCOUNT.compare(account_pairs(columns, left, right)),
        PARTNER.compare(np.zeros(len(left), bool)),  # known when all pairs are rated, see `partners`
    ]
    return np.stack(found, axis=1)
