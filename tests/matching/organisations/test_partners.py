"""Two sources without duplicates inside: the only near partner on both sides is the right one."""

import json

import numpy as np
import pandas as pd

from matching.organisations.partners import best_of_both
from matching.organisations.resolve import resolve

SOURCE = np.array([1, 1, 2, 2, 2], np.uint64)


def found(*pairs: tuple[int, int, float]) -> list[tuple[int, int]]:
    left, right, weight = (np.array(column) for column in zip(*pairs, strict=True))
    chosen = best_of_both(SOURCE, left, right, weight.astype(float), 1.0)
    return list(zip(left[chosen].tolist(), right[chosen].tolist(), strict=True))


def test_the_only_partner_of_both_is_found() -> None:
    assert found((0, 2, 0.0), (1, 3, -1.0)) == [(0, 2), (1, 3)]


def test_a_second_partner_that_comes_near_leaves_it_open() -> None:
    assert found((0, 2, 0.0), (0, 3, -2.0)) == []
    assert found((0, 2, 0.0), (1, 2, -2.5)) == []
    assert found((0, 2, 0.0), (0, 3, -3.0), (1, 2, -4.0)) == [(0, 2)]


def test_a_pair_without_evidence_stays_one_and_a_match_needs_none() -> None:
    assert found((0, 2, -2.0), (1, 3, 1.5)) == []


def test_a_source_with_duplicates_inside_proves_nothing() -> None:
    assert found((0, 2, 0.0), (2, 3, 4.0)) == []


def test_records_of_one_source_or_of_none_are_no_partners() -> None:
    assert found((0, 1, 0.0)) == []
    left, right = np.array([0]), np.array([1])
    assert not best_of_both(np.array([0, 2], np.uint64), left, right, np.zeros(1), 1.0).any()


def test_the_evidence_names_it_and_adds_up() -> None:
    rows = [("a", "Weil"), ("b", "")]
    table = pd.DataFrame(
        [{"record_id": source, "source": source, "name": "Josefshospital", "city": town} for source, town in rows]
    )
    alone = resolve(table.drop(columns="source")).pairs.iloc[0]
    assert -2 < alone["match_weight"] <= 1, "the pair must be in doubt without its sources"
    pair = resolve(table).pairs.iloc[0]
    parts = {part["part"]: part["score"] for part in json.loads(pair["evidence"])}
    assert parts["organisation_partner"] == 3.5
    assert sum(parts.values()) == pair["match_weight"]
