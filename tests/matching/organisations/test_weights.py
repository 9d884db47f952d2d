import numpy as np

from matching.organisations.comparison import COMPARISONS
from matching.organisations.levels import MISSING
from matching.organisations.weights import FURTHEST, given_bits, learnt_bits

SIZE = 65_536
PARTS = [comparison.part for comparison in COMPARISONS]


def level(part: str, name: str) -> int:
    return COMPARISONS[PARTS.index(part)].place(name)


def pattern(**levels: str) -> np.ndarray:
    return np.array([level(part, levels.get(part, MISSING)) for part in PARTS], np.int8)


# Pairs that are surely true and agree on the address, but never on the telephone number.
SURE = pattern(name="equal_rare", place="same_address", phone="different")


def test_what_is_given_adds_up() -> None:
    shares = {
        comparison.part: [level.true_pairs for level in comparison.levels if level.true_pairs is not None]
        for comparison in COMPARISONS
    }
    assert {part for part, given in shares.items() if given} == {"place", "domain", "phone"}
    assert all(np.isclose(sum(given), 1) for given in shares.values() if given)


def test_a_small_table_does_not_drift() -> None:
    given = given_bits(SIZE)
    assert np.array_equal(learnt_bits(np.tile(SURE, (200, 1)), given, SIZE), given)


def test_a_large_table_teaches_within_bounds() -> None:
    given = given_bits(SIZE)
    learnt = learnt_bits(np.tile(SURE, (500_000, 1)), given, SIZE)
    moved = learnt - given
    phone = PARTS.index("phone")
    assert moved[phone, level("phone", "different")] == FURTHEST
    assert moved[phone, level("phone", "equal")] == -FURTHEST
    assert np.abs(moved).max() <= FURTHEST
    assert not moved[PARTS.index("name")].any()


def test_nothing_compared_teaches_nothing() -> None:
    given = given_bits(SIZE)
    assert np.array_equal(learnt_bits(np.zeros((0, len(PARTS)), np.int8), given, SIZE), given)
