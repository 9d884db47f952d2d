"""Which pairs of records are worth comparing (blocking): those that share a key in a block that is not too large.

A large block falls apart by itself: its records meet again under a more selective key. An empty value is never a key.
"""

from typing import NamedTuple

import numpy as np
import pandas as pd

from matching.columns import Columns
from matching.frequencies import Frequencies
from matching.names import Hashes, Ints, mix, stable_hash

CAP = 60  # records in the largest block that is compared in full
_FEW = 12  # the same for keys that prove little
_SHORTEST_SLIP, _LONGEST_SLIP = 5, 14  # letters of a word that is looked up with one letter less
_RARE_NAMES = 12  # a word in at most so many names is a key by itself


BLOCK_COLUMNS = ("key", "blocks", "largest_block", "blocks_too_large", "pairs")


class Keys(NamedTuple):
    """One way to block. record: [k] record of each key; key: [k] its value, never empty."""

    name: str
    record: Ints
    key: Hashes
    cap: int = CAP


class Candidates(NamedTuple):
    """Pairs of records, left < right, sorted. blocks: one row per way to block: sizes and how many were too large."""

    left: Ints
    right: Ints
    blocks: pd.DataFrame

    def with_pairs(self, left: Ints, right: Ints) -> "Candidates":
        """These pairs and others."""
        packed = _sorted_unique(np.concatenate([self.left << 32 | self.right, left << 32 | right]))
        return Candidates(packed >> 32, packed & 0xFFFFFFFF, self.blocks)


def blocking_keys(columns: Columns, known: Frequencies) -> list[Keys]:
    """Every way to block, most telling first."""
    names = columns.names
    place = np.where(columns.city != 0, columns.city, columns.postal_area)
    frequency = known.word_names
    rare = _rarest_words(names.words, frequency)  # [names, 2]
    first = names.word_hash[rare[:, 0]] * (rare[:, 0] >= 0)
    second = names.word_hash[rare[:, 1]] * (rare[:, 1] >= 0)
    core, glued, head = (part[columns.name] for part in (names.core, names.glued, names.head))
    acronym = np.where(names.size == 1, names.glued, names.initials)[columns.name]
    long_enough = (names.size >= 3) | (names.size == 1)
    acronym = np.where(long_enough[columns.name], acronym, 0)
    keys = [
        _keys("account", columns.account),
        _keys("registration_number", columns.registration_number),
        _keys("phone", columns.phone),
        _keys("name", core),
        _keys("glued_name", glued),
        _keys("name_in_place", _both(core, place)),
        _keys("name_at_domain", _both(core, columns.domain[:, 0])),
        _keys("address", _both(columns.house_number, columns.postal_code)),
        _keys("street_address", _both(columns.house_number, _both(columns.street[:, 0], place))),
        _several("domain", columns.domain),
        _several("acronym_at_domain", np.where(columns.domain == 0, 0, _both(acronym[:, None], columns.domain))),
        _keys("acronym_in_place", _both(acronym, place)),
        _slips(columns),
        _pair("head", head, core),
        _several("word_in_place", np.stack([_both(first[columns.name], place), _both(second[columns.name], place)], 1)),
        _several(
            "word_in_postal_code",
            np.stack([_both(part[columns.name], columns.postal_code) for part in (first, second)], 1),
        ),
        _several("rare_word", _rare_words(columns, frequency), _FEW),
        _all_but_one(columns),
    ]
    return [key for key in keys if len(key.record)]


def _keys(name: str, key: Hashes, cap: int = CAP) -> Keys:
    record = np.flatnonzero(key)
    return Keys(name, record, key[record], cap)


def _several(name: str, table: Hashes, cap: int = CAP) -> Keys:
    record, column = np.nonzero(table)
    return Keys(name, record, table[record, column], cap)


def _pair(name: str, one: Hashes, other: Hashes) -> Keys:
    return _several(name, np.stack([one, np.where(one == other, 0, other)], axis=1))


def _both(one: Hashes, other: Hashes) -> Hashes:
    """Key of two values together; empty when either is."""
    mixed = one * np.uint64(0x9E3779B97F4A7C15) ^ (other + (one << np.uint64(6)))
    return np.where((one == 0) | (other == 0), np.uint64(0), mixed)


def _rarest_words(words: np.ndarray, frequency: Ints) -> Ints:
    """[n, 2] the two rarest words of each name, -1 where there is none."""
    rarity = np.where(words < 0, np.iinfo(np.int64).max, frequency[words])
    order = np.argsort(rarity, axis=1, kind="stable")[:, :2]
    return np.take_along_axis(words, order, axis=1).astype(np.int64)


def _rare_words(columns: Columns, frequency: Ints) -> Hashes:
    words = columns.names.words
    few = (words >= 0) & (frequency[words] <= _RARE_NAMES) & (frequency[words] > 1)
    return np.where(few, columns.names.word_hash[words], 0)[columns.name]


def _all_but_one(columns: Columns) -> Keys:
    """Names of two to five words without one of them. Each set of words once, as in `_slips`."""
    names = columns.names
    some = (names.size >= 2) & (names.size <= 5)
    _, first = np.unique(names.core[columns.name][some[columns.name]], return_index=True)
    record = np.flatnonzero(some[columns.name])[first]
    words = names.words[columns.name[record], :5]
    rest = names.core[columns.name[record], None] - mix(names.word_hash[words])
    row, column = np.nonzero(words >= 0)
    return Keys("all_but_one_word", record[row], rest[row, column], _FEW)


def _slips(columns: Columns) -> Keys:
    """Short names with one letter left out, so that a slip of the pen meets its original (symmetric deletion).

    Each spelling once: its first record stands for all that bear it, which meet under their equal name.
    """
    names = columns.names
    short = (names.size >= 1) & (names.size <= 2)
    spelling, first = np.unique(names.glued_index[columns.name][short[columns.name]], return_index=True)
    record = np.flatnonzero(short[columns.name])[first]
    slips = [
        (index, text[:cut] + text[cut + 1 :])
        for index, text in enumerate(names.glued_texts[glued] for glued in spelling)
        if _SHORTEST_SLIP <= len(text) <= _LONGEST_SLIP
        for cut in range(len(text) + 1)
    ]
    owner = np.array([index for index, _ in slips], dtype=np.int64)
    return Keys("slip", record[owner], stable_hash([text for _, text in slips]))


def candidate_pairs(columns: Columns, known: Frequencies) -> Candidates:
    """All pairs of records that share a block of at most `CAP` records."""
    found: list[np.ndarray] = []
    figures = []
    for keys in blocking_keys(columns, known):
        pairs, blocks, largest, skipped = pairs_in_blocks(keys)
        found.append(pairs)
        figures.append((keys.name, blocks, largest, skipped, len(pairs)))
    packed = _sorted_unique(np.concatenate([np.zeros(0, np.int64), *found]))
    table = pd.DataFrame(figures, columns=list(BLOCK_COLUMNS))
    return Candidates(packed >> 32, packed & 0xFFFFFFFF, table)


def pairs_within(groups: Ints, cap: int) -> Candidates:
    """All pairs of records of the same group, for groups of at most ``cap`` records."""
    pairs, *figures = pairs_in_blocks(Keys("component", np.arange(len(groups)), groups.astype(np.uint64), cap))
    pairs = np.sort(pairs)
    table = pd.DataFrame([("component", *figures, len(pairs))], columns=list(BLOCK_COLUMNS))
    return Candidates(pairs >> 32, pairs & 0xFFFFFFFF, table)


def _sorted_unique(values: Ints) -> Ints:
    """What numpy.unique gives; sorting is twice as fast as its hashing for millions of distinct values."""
    values = np.sort(values)
    return np.asarray(values[np.concatenate([[True], values[1:] != values[:-1]])[: len(values)]])


def pairs_in_blocks(keys: Keys) -> tuple[Ints, int, int, int]:
    """Packed pairs of all blocks within the cap; number of blocks, the largest, and how many were too large."""
    order = np.lexsort((keys.record, keys.key))
    key, record = keys.key[order], keys.record[order]
    start = np.flatnonzero(np.concatenate([[True], key[1:] != key[:-1]]))
    start = start[: len(key)]
    size = np.diff(np.append(start, len(key)))
    found = []
    for length in np.unique(size[(size > 1) & (size <= keys.cap)]):
        block = record[start[size == length][:, None] + np.arange(length)]
        one, other = np.triu_indices(length, 1)
        left, right = block[:, one].ravel(), block[:, other].ravel()
        found.append((np.minimum(left, right) << 32 | np.maximum(left, right))[left != right])
    pairs = np.concatenate(found) if found else np.zeros(0, np.int64)
    return pairs, int((size > 1).sum()), int(size.max(initial=0)), int((size > keys.cap).sum())
