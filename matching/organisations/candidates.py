"""Which pairs of records are worth comparing (blocking): those that share a key in a block that is not too large.

A large block falls apart by itself: its records meet again under a more selective key. An empty value is never a key.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from matching.arrays import Hashes, Integers
from matching.organisations.columns import Columns
from matching.organisations.frequencies import Frequencies
from matching.organisations.hashes import mix

CAP = 60  # records in the largest block that is compared in full
_FEW = 12  # the same for keys that prove little
_SHORTEST_SLIP, _LONGEST_SLIP = 5, 14  # letters of a word that is looked up with one letter less
_LONGEST_ACRONYM = 6  # letters
_RARE_NAMES = 12  # a word in at most so many names is a key by itself
_BASE = np.uint64(0x9E3779B97F4A7C15)
_BASE_INVERSE = np.uint64(pow(0x9E3779B97F4A7C15, -1, 2**64))


class BlockFigures(NamedTuple):
    """One way to block: how many blocks it makes, records in the largest, how many are too large, pairs it finds."""

    key: str
    blocks: int
    largest_block: int
    blocks_too_large: int
    pairs: int


BLOCK_COLUMNS = BlockFigures._fields


class Keys(NamedTuple):
    """One way to block. record: [k] record of each key; key: [k] its value as a hash, never empty.

    refines: an earlier way whose blocks hold these; only records in one that was too large need this way.
    """

    name: str
    record: Integers
    key: Hashes
    cap: int = CAP
    refines: str = ""


class Candidates(NamedTuple):
    """Pairs of records, left < right, sorted.

    packed: left << 32 | right. blocks: one for each way to block.
    """

    packed: Integers
    blocks: Sequence[BlockFigures]

    @property
    def left(self) -> Integers:
        return np.asarray(self.packed >> 32)

    @property
    def right(self) -> Integers:
        return np.asarray(self.packed & 0xFFFFFFFF)

    def with_pairs(self, left: Integers, right: Integers) -> "Candidates":
        """These pairs and others."""
        return Candidates(np.union1d(self.packed, left << 32 | right), self.blocks)


def blocking_keys(columns: Columns, known: Frequencies) -> Iterator[Keys]:
    """Every way to block, one at a time, because they take more memory than the columns; only those with keys."""
    return (keys for keys in _all_keys(columns, known) if len(keys.record))


def _all_keys(columns: Columns, known: Frequencies) -> Iterator[Keys]:
    names = columns.names
    place = np.where(columns.city != 0, columns.city, columns.postal_area)
    frequency = known.word_names
    core, glued, head = (part[columns.name] for part in (names.core, names.glued, names.head))
    # A table that is one block needs no key.
    if len(columns.name) <= CAP:
        yield _keys("table", np.ones(len(columns.name), np.uint64))
    yield _keys("account", columns.account)
    yield _keys("registration_number", columns.registration_number)
    yield _keys("phone", columns.phone)
    yield _pair("head", head, core)
    yield _keys("name", core, refines="head")
    yield _keys("name_in_place", _both(core, place), refines="name")
    yield _keys("name_at_domain", _both(core, columns.domain[:, 0]), refines="name")
    yield _keys("glued_name", glued)
    yield _slips(columns)
    yield _all_but_one(columns)
    yield Keys("rare_word", *_rare_words(columns, frequency), _FEW)
    yield _keys("address", _both(columns.house_number, columns.postal_code))
    yield _keys("street_address", _both(columns.house_number, _both(columns.street[:, 0], place)))
    yield Keys("domain", *_filled(columns.domain))
    acronym = np.where(names.size == 1, names.glued, names.initials)
    acronym = np.where((names.size >= 3) | (names.size == 1), acronym, 0)[columns.name]
    at_domain = np.where(columns.domain == 0, 0, _both(acronym[:, None], columns.domain))
    yield Keys("acronym_at_domain", *_filled(at_domain), refines="domain")
    yield _keys("acronym_in_place", _both(acronym, place))
    yield _acronyms(columns)
    rare = _rarest_words(names.words, frequency)  # [names, 2]
    words = np.append(names.word_hash, np.uint64(0))[rare][columns.name]  # 0 where there is none
    yield Keys("word_in_place", *_filled(_both(words, place[:, None])))
    yield Keys("word_in_postal_code", *_filled(_both(words, columns.postal_code[:, None])))


def _keys(name: str, key: Hashes, refines: str = "") -> Keys:
    record = np.flatnonzero(key)
    return Keys(name, record, key[record], refines=refines)


def _filled(table: Hashes) -> tuple[Integers, Hashes]:
    """Row and value of each value in a table."""
    row, column = np.nonzero(table)
    return row, table[row, column]


def _pair(name: str, one: Hashes, other: Hashes) -> Keys:
    return Keys(name, *_filled(np.stack([one, np.where(one == other, 0, other)], axis=1)))


def _both(one: Hashes, other: Hashes) -> Hashes:
    """Key of two values together; empty when either is."""
    mixed = one * np.uint64(0x9E3779B97F4A7C15) ^ (other + (one << np.uint64(6)))
    return np.where((one == 0) | (other == 0), np.uint64(0), mixed)


def _rarest_words(words: np.ndarray, frequency: Integers) -> Integers:
    """[n, 2] the two rarest words of each name, -1 where there is none."""
    none = np.iinfo(np.int32).max
    rarity = np.append(frequency.astype(np.int32), np.int32(none))[words]
    name = np.arange(len(words))
    rarest = rarity.argmin(axis=1)
    one = words[name, rarest]
    rarity[name, rarest] = none
    other = np.where(rarity.min(axis=1) < none, words[name, rarity.argmin(axis=1)], -1)
    return np.stack([one, other], axis=1).astype(np.int64)


def _rare_words(columns: Columns, frequency: Integers) -> tuple[Integers, Hashes]:
    names = columns.names
    few = np.append((frequency <= _RARE_NAMES) & (frequency > 1), False)  # word -1 is none
    record, column = np.nonzero(few[names.words][columns.name])
    return record, names.word_hash[names.words[columns.name[record], column]]


def _acronyms(columns: Columns) -> Keys:
    """Names of one short word, and names whose first letters it is."""
    names = columns.names
    short = (names.size == 1) & (names.glued_shape.length[names.glued_index] <= _LONGEST_ACRONYM)
    spelt = (names.size > 1) & np.isin(names.initials, names.glued[short])
    key = np.where(short, names.glued, np.where(spelt, names.initials, np.uint64(0)))
    record = np.flatnonzero(key[columns.name])
    return Keys("acronym", record, key[columns.name[record]], _FEW)


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

    Each spelling once: its first record stands for all that bear it, which meet under their equal name. Hashes are
    polynomials of the letters, so that leaving one out is arithmetic: 2.3 s less than cutting texts at 10^6 records.
    """
    names = columns.names
    length = names.glued_shape.length[names.glued_index]
    short = (names.size >= 1) & (names.size <= 2) & (length >= _SHORTEST_SLIP) & (length <= _LONGEST_SLIP)
    some = np.flatnonzero(short[columns.name])
    spelling, first = np.unique(names.glued_index[columns.name[some]], return_index=True)
    length = names.glued_shape.length[spelling]
    text = "".join([names.glued_texts[glued] for glued in spelling.tolist()])
    owner = np.repeat(np.arange(len(spelling)), length)
    start = np.cumsum(length) - length
    power = np.cumprod(np.full(_LONGEST_SLIP, _BASE, np.uint64))
    place = np.arange(len(owner)) - start[owner]
    letters = np.frombuffer(text.encode("utf-32-le"), np.uint32).astype(np.uint64)
    terms = mix(letters) * power[place]
    so_far = np.cumsum(terms)  # wraps around, as do the differences
    before = so_far - terms - (so_far - terms)[start][owner]
    total = np.add.reduceat(terms, start) if len(start) else terms
    after = total[owner] - before - terms
    without = before + after * _BASE_INVERSE  # letters after the gap move up by one place
    record = some[first]
    return Keys("slip", np.concatenate([record, record[owner]]), mix(np.concatenate([total, without])) | np.uint64(1))


def candidate_pairs(columns: Columns, known: Frequencies) -> Candidates:
    """All pairs of records that share a block of at most `CAP` records."""
    found = [np.zeros(0, np.int64)]
    crowded: dict[str, Integers] = {}  # records in blocks that were too large
    figures = []
    for keys in blocking_keys(columns, known):
        if keys.refines:
            rest = np.isin(keys.record, crowded[keys.refines])
            keys = keys._replace(record=keys.record[rest], key=keys.key[rest])
        blocks = pairs_in_blocks(keys)
        crowded[keys.name] = blocks.crowded
        found.append(blocks.pairs)
        sizes = blocks.blocks, blocks.largest, blocks.too_large
        figures.append(BlockFigures(keys.name, *sizes, len(blocks.pairs)))
    packed = _distinct(np.concatenate(found))
    return Candidates(packed, figures)


def pairs_within(groups: Integers, cap: int) -> Integers:
    """Packed pairs of all records of the same group, for groups of at most ``cap`` records; sorted."""
    keys = Keys("component", np.arange(len(groups)), mix(groups.astype(np.uint64)), cap)
    return np.sort(pairs_in_blocks(keys).pairs)


def _distinct(packed: Integers) -> Integers:
    """Packed pairs without duplicates, sorted."""
    ordered = np.sort(packed)
    is_first = np.append(True, ordered[1:] != ordered[:-1])[: len(ordered)]
    return np.asarray(ordered[is_first])


class Blocks(NamedTuple):
    """What one way to block yields. pairs: packed, left < right. blocks: their number; largest: records in one.

    too_large: blocks beyond the cap; crowded: the records in them.
    """

    pairs: Integers
    blocks: int
    largest: int
    too_large: int
    crowded: Integers


def pairs_in_blocks(keys: Keys) -> Blocks:
    """The pairs of all blocks within the cap."""
    # One sort of numbers that hold both, the end of the key given up for the record: half the time of an argsort.
    bits = np.uint64(int(keys.record.max(initial=0)).bit_length())
    both = np.sort(keys.key >> bits << bits | keys.record.astype(np.uint64))
    key = both >> bits
    record = (both ^ key << bits).astype(np.int64)
    start = np.flatnonzero(np.concatenate([[True], key[1:] != key[:-1]]))
    start = start[: len(key)]
    size = np.diff(np.append(start, len(key)))
    found = [np.zeros(0, np.int64)]
    for length in np.unique(size[(size > 1) & (size <= keys.cap)]):
        block = record[start[size == length][:, None] + np.arange(length)]
        one, other = np.triu_indices(length, 1)
        left, right = block[:, one].ravel(), block[:, other].ravel()
        found.append((left << 32 | right)[left != right])
    large = size > keys.cap
    return Blocks(
        np.concatenate(found),
        int((size > 1).sum()),
        int(size.max(initial=0)),
        int(large.sum()),
        record[np.repeat(large, size)],
    )
