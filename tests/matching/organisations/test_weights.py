import numpy as np

from matching.organisations.comparison import PARTS, level
from matching.organisations.weights import FURTHEST, TRUE_PAIRS, learnt_bits, part_bits

SIZE = 65_536


def pattern(**levels: str) -> np.ndarray:
    row = np.zeros(len(PARTS), np.int8)
    for part, name in levels.items():
        row[PARTS.index(part)] = level(part, name)
    return row


# Pairs that are surely true and agree on the address, but never on the telephone number.
SURE = pattern(name="equal_rare", place="same_address", phone="different")


def test_what_is_given_adds_up() -> None:
    assert all(np.isclose(sum(shares.values()), 1) for shares in TRUE_PAIRS.values())


def test_a_small_table_does_not_drift() -> None:
    given = part_bits(SIZE)
    assert np.array_equal(learnt_bits(np.tile(SURE, (200, 1)), given, SIZE), given)


def test_a_large_table_teaches_within_bounds() -> None:
    given = part_bits(SIZE)
    learnt = learnt_bits(np.tile(SURE, (500_000, 1)), given, SIZE)
    moved = learnt - given
    phone = PARTS.index("phone")
    assert moved[phone, level("phone", "different")] == FURTHEST
    assert moved[phone, level("phone", "equal")] == -FURTHEST
    assert np.abs(moved).max() <= FURTHEST
    assert not moved[PARTS.index("name")].any()


def test_nothing_compared_teaches_nothing() -> None:
    given = part_bits(SIZE)
    assert np.array_equal(learnt_bits(np.zeros((0, len(PARTS)), np.int8), given, SIZE), given)
