"""Pairs compared block by block, each as if it stood alone, weigh what they weigh in the whole table."""

import pickle

import numpy as np
import pandas as pd
import pytest

from matching.organisations.blocks import block_of
from matching.organisations.candidates import candidate_pairs
from matching.organisations.columns import in_name_order, read_columns
from matching.organisations.comparison import link_block
from matching.organisations.frequencies import frequencies
from matching.organisations.resolve import table_of
from matching.organisations.weights import given_bits, learnt_bits, match_weights
from tests.matching.organisations.test_levels import table


@pytest.mark.parametrize("blocks", [2, 7, 40])
def test_blocks_weigh_what_the_table_weighs(blocks: int) -> None:
    columns = read_columns(in_name_order(table_of(table())))
    known = frequencies(columns)
    pairs = candidate_pairs(columns, known)
    left, right = pairs.left, pairs.right
    chance = np.random.default_rng(1).integers(0, blocks, len(left))
    levels = np.empty((len(left), 0), np.int8)
    for number in range(blocks):
        mine = chance == number
        sent = pickle.dumps(block_of(columns, known, left[mine], right[mine]))
        block = pickle.loads(sent)  # noqa: S301 as another process receives it
        assert len(block.columns.name) == len(np.unique([left[mine], right[mine]]))
        found = link_block(*block)
        levels = levels if levels.size else np.empty((len(left), found.shape[1]), np.int8)
        levels[mine] = found
    whole = link_block(columns, known, left, right)
    assert np.array_equal(levels, whole)
    bits = learnt_bits(whole, given_bits(known.size), known.size)
    assert np.array_equal(learnt_bits(levels, given_bits(known.size), known.size), bits)
    assert np.array_equal(match_weights(levels, bits, known.size), match_weights(whole, bits, known.size))


def test_names_without_a_word_make_a_block() -> None:
    columns = read_columns(table_of(pd.DataFrame({"record_id": ["a", "b", "c"], "name": ["Tuchhaus", "", "!!!"]})))
    known = frequencies(columns)
    one, other = np.array([1]), np.array([2])
    found = link_block(*block_of(columns, known, one, other))
    assert np.array_equal(found, link_block(columns, known, one, other))
