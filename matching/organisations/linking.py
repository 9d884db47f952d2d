"""Which records are compared, and what each pair weighs: canonical columns, candidates, levels, bits.

Arrays in, arrays out; nothing here knows a table of the package, so that it starts fast and can run elsewhere.
"""

from typing import NamedTuple

import numpy as np
import pyarrow as pa

from matching.arrays import Floats, Integers
from matching.organisations.blocks import block_of
from matching.organisations.candidates import Candidates, candidate_pairs, pairs_within
from matching.organisations.clusters import cluster, components
from matching.organisations.columns import Columns, read_columns
from matching.organisations.comparison import COMPARISONS, link_block
from matching.organisations.frequencies import Frequencies, crowds, frequencies
from matching.organisations.hashes import mix
from matching.organisations.levels import Levels
from matching.organisations.partners import best_of_both
from matching.organisations.weights import given_bits, learnt_bits, match_weights

THRESHOLD = 1.0  # bits above which two records are one organisation: two to one
LARGEST_COMPONENT = 40  # records that are compared in full because others connect them


class Links(NamedTuple):
    """Compared pairs of a table.

    left, right: row numbers, left < right, sorted. levels: [pairs, comparisons]. weight: match weight in bits.
    """

    columns: Columns
    known: Frequencies
    candidates: Candidates
    levels: Levels
    bits: Floats  # [comparisons, levels] what each level is worth here
    weight: Floats

    @property
    def left(self) -> Integers:
        return self.candidates.left

    @property
    def right(self) -> Integers:
        return self.candidates.right


def link(records: pa.Table, also: tuple[Integers, Integers] | None = None) -> Links:
    """Compare all candidate pairs of a table, and the pairs ``also`` of row numbers, the first one smaller.

    records: columns of `INPUT_COLUMNS`, best in the order of `in_name_order`.
    """
    columns = read_columns(records)
    del records
    # Each step takes over what the one before made: kept beside each other, they are a fifth of the memory.
    return _with_partners(_compared_within(_rated_by_organisations(_compared(columns, also))))


def _compared(columns: Columns, also: tuple[Integers, Integers] | None) -> Links:
    """The candidate pairs of a table, and others that are asked for, as they weigh by themselves."""
    known = frequencies(columns)
    candidates = candidate_pairs(columns, known)
    if also is not None:
        candidates = candidates.with_pairs(*also)
    levels = link_block(columns, known, candidates.left, candidates.right)
    bits = learnt_bits(levels, given_bits(known.size), known.size)
    return Links(columns, known, candidates, levels, bits, match_weights(levels, bits, known.size))


def _rated_by_organisations(links: Links) -> Links:
    """Count hubs anew by organisations found instead of by names (collective resolution, Bhattacharya & Getoor 2007).

    A ministry that writes itself in five ways makes its own domain and address look like hubs.
    """
    clusters = cluster(len(links.columns.name), links.left, links.right, links.weight - THRESHOLD)
    counted = crowds(links.columns, mix(clusters.astype(np.uint64)))
    fewer = np.column_stack([counts < getattr(links.known, name) for name, counts in counted.items()])
    known = links.known._replace(**counted)
    by_crowd = [comparison.places(lambda level: level.by_crowd) for comparison in COMPARISONS]
    shared = [np.isin(column, places) for column, places in zip(links.levels.T, by_crowd, strict=True) if places]
    again = np.flatnonzero(np.logical_or.reduce(shared) & np.asarray(fewer.any(axis=1))[links.left])
    levels = links.levels.copy()
    levels[again] = link_block(*block_of(links.columns, known, links.left[again], links.right[again]))
    weight = links.weight.copy()
    weight[again] = match_weights(levels[again], links.bits, known.size)
    return links._replace(known=known, levels=levels, weight=weight)


def _compared_within(links: Links) -> Links:
    """Records that others connect are compared with each other too, so that linkage rests on what is, not on blocks."""
    component = components(len(links.columns.name), links.left, links.right, links.weight - THRESHOLD)
    packed = links.candidates.packed
    new = np.setdiff1d(pairs_within(component, LARGEST_COMPONENT), packed, assume_unique=True)
    more = link_block(*block_of(links.columns, links.known, new >> 32, new & 0xFFFFFFFF))
    order = np.argsort(np.concatenate([packed, new]), kind="stable")
    return links._replace(
        candidates=links.candidates._replace(packed=np.concatenate([packed, new])[order]),
        levels=np.concatenate([links.levels, more])[order],
        weight=np.concatenate([links.weight, match_weights(more, links.bits, links.known.size)])[order],
    )


def _with_partners(links: Links) -> Links:
    """Pairs of two sources without duplicates that are each other's best partner count for more."""
    found = np.flatnonzero(best_of_both(links.columns.source, links.left, links.right, links.weight, THRESHOLD))
    column = [comparison.part for comparison in COMPARISONS].index("partner")
    levels, weight = links.levels.copy(), links.weight.copy()
    levels[found, column] = COMPARISONS[column].place("best_of_both")
    weight[found] = match_weights(levels[found], links.bits, links.known.size)
    return links._replace(levels=levels, weight=weight)
