"""New records against many that are stored, without doing everything again.

`stored` keeps canonical columns, sorted block keys and clusters; `extended` reads the new records alone, looks their
keys up, and links anew only the clusters they touch. It stands here and not in the weekly run, which takes an unchanged
table from what is stored (`matching/organisations/reuse.py`), resolves any other in full, and must come to the same
result whatever was stored before. What differs from a full run, by design: words, hubs and levels are rated by the
stored table, and old records meet each other again only inside a cluster that a new record touches.
"""

from typing import NamedTuple, TypeVar

import numpy as np
import pandas as pd
import pyarrow as pa

from matching.arrays import Floats, Integers
from matching.organisations.blocks import block_of
from matching.organisations.candidates import Keys, blocking_keys, pairs_in_blocks, pairs_within
from matching.organisations.clusters import cluster, components
from matching.organisations.columns import Columns, in_name_order, read_columns
from matching.organisations.comparison import link_block
from matching.organisations.frequencies import Frequencies, frequencies, word_bits
from matching.organisations.institutions import Traits
from matching.organisations.linking import LARGEST_COMPONENT, THRESHOLD, link
from matching.organisations.name_words import Shapes
from matching.organisations.names import Names
from matching.organisations.resolve import table_of
from matching.organisations.weights import match_weights


class Stored(NamedTuple):
    """A resolved table that can grow.

    keys: by way of blocking, sorted by key. clusters: [n] row number of one record of each record's cluster.
    """

    columns: Columns
    known: Frequencies
    bits: Floats
    word_of: dict[str, int]
    keys: dict[str, Keys]
    clusters: Integers


def stored(records: pd.DataFrame) -> Stored:
    """Resolve a table in full and keep what the next records need."""
    links = link(in_name_order(table_of(records)))
    clusters = cluster(len(records), links.left, links.right, links.weight - THRESHOLD)
    keys = {keys.name: _sorted(keys) for keys in blocking_keys(links.columns, links.known)}
    word_of = {text: index for index, text in enumerate(links.columns.names.texts)}
    return Stored(links.columns, links.known, links.bits, word_of, keys, clusters)


def extended(store: Stored, records: pd.DataFrame) -> tuple[pd.Series, Integers]:
    """Record ids, the stored ones first, and the cluster of each, after new records (ids not yet stored) came in."""
    count = len(store.clusters)
    fresh = _with_vocabulary(store, read_columns(table_of(records)))
    known = _grown(store, fresh)
    keys = list(blocking_keys(fresh, known))
    found = [_against(store.keys[key.name], key, count) for key in keys if key.name in store.keys]
    found += [pairs_in_blocks(key).pairs + (count << 32 | count) for key in keys]
    packed = np.unique(np.concatenate([np.zeros(0, np.int64), *found]))
    columns = _appended(store.columns, fresh)
    touched = _weights(columns, known, store.bits, packed) > THRESHOLD
    # Old clusters that a new record touches are taken apart with it and linked anew.
    whole = np.concatenate([store.clusters, np.arange(count, len(columns.name))])
    old_links = np.arange(count)
    left = np.concatenate([packed[touched] >> 32, store.clusters])
    right = np.concatenate([packed[touched] & 0xFFFFFFFF, old_links])
    component = components(len(whole), left, right, np.ones(len(left)))
    affected = np.isin(component, np.unique(component[packed[touched] & 0xFFFFFFFF]))
    rows = np.flatnonzero(affected)
    within = pairs_within(component[rows], LARGEST_COMPONENT)
    inner = np.union1d(rows[within >> 32] << 32 | rows[within & 0xFFFFFFFF], packed[touched])
    place = np.searchsorted(rows, inner >> 32), np.searchsorted(rows, inner & 0xFFFFFFFF)
    whole[rows] = rows[cluster(len(rows), *place, _weights(columns, known, store.bits, inner) - THRESHOLD)]
    return columns.record_id.to_pandas(), whole


def _weights(columns: Columns, known: Frequencies, bits: Floats, packed: Integers) -> Floats:
    levels = link_block(*block_of(columns, known, packed >> 32, packed & 0xFFFFFFFF))
    return match_weights(levels, bits, known.size)


def _sorted(keys: Keys) -> Keys:
    order = np.lexsort((keys.record, keys.key))
    return keys._replace(record=keys.record[order], key=keys.key[order])


def _against(old: Keys, new: Keys, count: int) -> Integers:
    """Packed pairs of an old and a new record with the same key, where old and new together stay within the cap."""
    start = np.searchsorted(old.key, new.key, side="left")
    size = np.searchsorted(old.key, new.key, side="right") - start
    some = np.flatnonzero((size > 0) & (size < old.cap))
    start, size, record = start[some], size[some], new.record[some] + count
    offset = np.arange(int(size.sum())) - np.repeat(np.cumsum(size) - size, size)
    return np.asarray(old.record[np.repeat(start, size) + offset] << 32 | np.repeat(record, size))


def _with_vocabulary(store: Stored, fresh: Columns) -> Columns:
    """The new columns with word ids that go on from the stored vocabulary."""
    names, old = fresh.names, store.columns.names
    added = [text for text in names.texts if text not in store.word_of]
    word_of = {text: len(old.texts) + index for index, text in enumerate(added)}
    ids = np.array([store.word_of.get(text, word_of.get(text, -1)) for text in names.texts] + [-1], dtype=np.int32)
    isin = np.array([text in word_of for text in names.texts], dtype=bool)
    return fresh._replace(
        names=names._replace(
            words=ids[names.words],
            texts=[*old.texts, *added],
            word_hash=np.concatenate([old.word_hash, names.word_hash[isin]]),
            word_shape=_joined(old.word_shape, names.word_shape, isin),
            traits=_joined(old.traits, names.traits, isin),
        ),
        towns=_after(store.columns.towns, fresh.towns, isin),
    )


PerWord = TypeVar("PerWord", Shapes, Traits)


def _joined(old: PerWord, new: PerWord, chosen: np.ndarray) -> PerWord:
    """What is known of words, one vocabulary after the other, no word at the end."""
    return type(old)(*(_after(*parts, chosen) for parts in zip(old, new, strict=True)))


def _after(old: np.ndarray, new: np.ndarray, chosen: np.ndarray) -> np.ndarray:
    return np.concatenate([old[:-1], new[:-1][chosen], new[-1:]])


def _grown(store: Stored, fresh: Columns) -> Frequencies:
    """The stored frequencies, new words and new records at the end."""
    own = frequencies(fresh)
    old = store.known
    added = len(fresh.names.texts) - len(old.word_names)
    word_names = np.concatenate([old.word_names, own.word_names[len(own.word_names) - added :]])
    new_bits = word_bits(fresh.names.texts[len(old.word_names) :], word_names[len(old.word_names) :], old.size)
    return Frequencies(
        size=old.size,
        word_names=word_names,
        word_bits=np.concatenate([old.word_bits, new_bits]),
        by_many=np.concatenate([old.by_many, own.by_many]),
        own_initials=np.concatenate([old.own_initials, own.own_initials]),
        domain_names=np.concatenate([old.domain_names, own.domain_names]),
        host_names=np.concatenate([old.host_names, own.host_names]),
        address_names=np.concatenate([old.address_names, own.address_names]),
        phone_names=np.concatenate([old.phone_names, own.phone_names]),
    )


def _appended(old: Columns, new: Columns) -> Columns:
    """The rows of both tables; the vocabulary of the new one goes on from the old one's."""
    names = {
        field: np.concatenate([getattr(old.names, field), getattr(new.names, field)])
        for field in ("words", "aside", "core", "head", "glued", "initials", "numbers", "form", "family", "size")
    }
    shift = len(old.names.glued_texts)
    everything = np.ones(len(new.names.glued_texts), bool)
    joined = Names(
        **names,
        texts=new.names.texts,
        word_hash=new.names.word_hash,
        glued_texts=[*old.names.glued_texts, *new.names.glued_texts],
        glued_index=np.concatenate([old.names.glued_index, new.names.glued_index + shift]),
        word_shape=new.names.word_shape,
        traits=new.names.traits,
        glued_shape=_joined(old.names.glued_shape, new.names.glued_shape, everything),
    )
    rows = {
        field: np.concatenate([getattr(old, field), getattr(new, field)])
        for field in Columns._fields
        if field not in ("record_id", "name", "names", "towns")
    }
    return Columns(
        record_id=pa.concat_arrays([old.record_id, new.record_id]),
        name=np.concatenate([old.name, new.name + len(old.names.core)]),
        names=joined,
        towns=new.towns,
        **rows,
    )
