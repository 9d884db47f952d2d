"""How common each value of a table is: a rare word tells more than a common one, a hub tells little.

A hub is a domain, an address or a telephone number that many different names share: a ministry, an office tower.
"""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from matching.arrays import Flags, Hashes, Integers
from matching.organisations.columns import Columns
from matching.organisations.common_names import borne_by_many
from matching.organisations.hashes import are_first, mix, numbered
from matching.organisations.institutions import generic_words
from matching.organisations.names import Names

Bits = npt.NDArray[np.float32]

_GENERIC = 0.02  # share of all names that a common word of the languages, or a number, is taken to stand in
_TOWNS, _HOSTS = 5, 2  # a name in more towns, or in more than two with a host of its own in each, is no one body's
_STEPS = 1024  # of a bit
_SHORT = 0.005  # the same for a word of one or two letters


class Frequencies(NamedTuple):
    """What a table says about its values.

    size: what the table is taken for, see `table_size`. word_names: names a word stands in. word_bits: [words] rarity.
    by_many: [names] which many bear, see `common_names`. own_initials: [names] whether no other one has its initials.
    domain_names, host_names: [n, 2], address_names, phone_names:
    [n] how many different names share the value.
    """

    size: int
    word_names: Integers
    word_bits: Bits
    by_many: Flags
    own_initials: Flags
    domain_names: Integers
    host_names: Integers
    address_names: Integers
    phone_names: Integers


def table_size(records: int) -> int:
    """A power of four, at least 1,024, so that one more record hardly ever changes it."""
    return int(max(1024, 4 ** np.ceil(np.log2(max(records, 2)) / 2)))


def frequencies(columns: Columns) -> Frequencies:
    """Count the values of a table."""
    size = table_size(len(columns.name))
    word_names = names_of_words(columns)
    core = columns.names.core[columns.name]
    return Frequencies(
        size=size,
        word_names=word_names,
        word_bits=word_bits(columns.names.texts, word_names, size),
        by_many=_by_many(columns, core),
        own_initials=_own_initials(columns.names),
        **crowds(columns, core),
    )


def _own_initials(names: Names) -> Flags:
    number, _ = numbered(names.initials)
    once = are_first(numbered(names.core)[0])
    return np.asarray(np.bincount(number[once], minlength=int(number.max(initial=-1)) + 1)[number] == 1)


def _by_many(columns: Columns, core: Hashes) -> Flags:
    """[names] which many bear: by their words, or because they stand in many towns of this table.

    Where no record says where it stands, a name is all that can be known.
    """
    town = np.where(columns.city != 0, columns.city, columns.postal_code)
    if not town.any():
        return np.zeros(len(columns.names.core), bool)
    towns, hosts = (_values_of(core, values) for values in (town, columns.domain[:, 0]))
    scattered = np.zeros(len(columns.names.core), bool)
    scattered[columns.name[(towns > _TOWNS) | (np.minimum(towns, hosts) > _HOSTS)]] = True
    return borne_by_many(columns.names) | scattered


def _values_of(core: Hashes, values: Hashes) -> Integers:
    """[n] how many different values the records of the same name state."""
    return _groups_of(np.where(values == 0, np.uint64(0), core)[:, None], values)[:, 0]


def crowds(columns: Columns, groups: Hashes) -> dict[str, Any]:
    """How many different groups of records share each value: names at first, then the organisations found."""
    return {
        "domain_names": _groups_of(columns.domain, groups),
        "host_names": _groups_of(columns.host, groups),
        "address_names": _groups_of(address(columns)[:, None], groups)[:, 0],
        "phone_names": _groups_of(columns.phone[:, None], groups)[:, 0],
    }


def names_of_words(columns: Columns) -> Integers:
    """In how many different names each word stands."""
    names = columns.names
    once = np.flatnonzero(are_first(numbered(names.core)[0]))
    count = np.zeros(len(names.texts) + 1, np.int64)  # the last one: no word
    longest = min(int(names.size.max(initial=0)), names.words.shape[1])
    for words in names.words.T[:longest]:
        count += np.bincount(words[once].astype(np.int64) % len(count), minlength=len(count))
    return count[:-1]


def word_bits(texts: list[str], word_names: Integers, size: int) -> Bits:
    """Bits of each word: log2 of how rare it is among names, the common words of the languages taken into account."""
    listed = generic_words()
    generic = np.array([text in listed or text[:1].isdigit() for text in texts], dtype=bool)
    short = np.array([len(text) < 3 for text in texts], dtype=bool)
    expected = word_names + size * (_GENERIC * generic + _SHORT * short)
    bits = np.maximum(np.log2(size / np.maximum(expected, 1)), 0.5)
    return stepped(bits)


def stepped(bits: npt.NDArray[np.floating]) -> Bits:
    """Whole steps of a bit: their sums are exact, on every processor and in any order."""
    whole: Bits = (np.rint(bits * _STEPS) / _STEPS).astype(np.float32)
    return whole


def address(columns: Columns) -> Hashes:
    """[n] house number within a postcode or else a city, 0 when either is missing."""
    place = np.where(columns.postal_code != 0, columns.postal_code, columns.city)
    mixed = mix(columns.house_number * np.uint64(3) ^ place)
    return np.where((columns.house_number == 0) | (place == 0), np.uint64(0), mixed)


def _groups_of(values: Hashes, groups: Hashes) -> Integers:
    """[n, k] how many different groups share each value."""
    flat = values.ravel()
    filled = np.flatnonzero(flat)
    number, distinct = numbered(flat[filled])
    pair = mix(flat[filled] ^ mix(groups[filled // values.shape[1]]))
    first = are_first(numbered(pair)[0])
    shared = np.zeros(len(flat), np.int64)
    shared[filled] = np.bincount(number[first], minlength=len(distinct))[number]
    return shared.reshape(values.shape)
