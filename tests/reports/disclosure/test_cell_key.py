"""Cell keys: public examples of others' tables, and what the noise promises."""

from fractions import Fraction
from hashlib import sha256

import pytest

from reports.disclosure.cell_key import NoiseTable, Row, noise_table, record_key

SECRET = b"only for the tests"


def ten_five(count: int) -> Row:
    """The rule of the ONS' example table: what is below ten goes, the rest to the nearest five; for every key alike."""
    return ((256, (0 if count < 10 else 5 * ((count + 2) // 5)) - count),)


ONS = NoiseTable(256, tuple(ten_five(count) for count in range(1, 31)))


@pytest.mark.parametrize(
    ("count", "key", "published"),
    [
        (16, 63, 15), (5, 196, 0), (10, 123, 10), (12, 149, 10), (13, 90, 15), (3, 77, 0), (1, 83, 0), (0, 0, 0),
        (20, 211, 20), (18, 251, 20), (24, 115, 25), (21, 24, 20), (14, 46, 15), (11, 144, 10), (9, 24, 0),
    ],
)  # fmt: skip
def test_the_ons_example_table(count: int, key: int, published: int) -> None:
    """Cells of ONSdigital/cell-key-perturbation-R, tests/testthat/perturbed_table_var1_var5_var8.csv (MIT licence).

    The file tells cell keys and not the records' own: any with that sum will do.
    """
    records = [*[255] * (count - 1), (key - 255 * (count - 1)) % 256][:count]
    assert ONS.perturbed(records) == published


def test_record_keys_add_up_and_wrap_around() -> None:
    """The first five records of the ONS' guide have the keys 84, 108, 212, 212 and 86: 702, less 2 x 256."""
    by_key = NoiseTable(256, (((190, -1), (191, 1), (256, -1)),))
    assert by_key.perturbed([84, 108, 212, 212, 86]) == 6


def weights(row: Row, keys: int) -> dict[int, Fraction]:
    before, found = 0, {}
    for end, noise in row:
        found[noise] = Fraction(end - before, keys)
        before = end
    assert before == keys
    return found


def test_the_last_row_is_near_destatis_table_of_maximum_entropy() -> None:
    """Vignette of ptable 1.0.0, create_cnt_ptable(D = 2, V = 1): two off 0.0638, stays 0.383, so one off 0.2447."""
    table = noise_table(2)
    found = weights(table.rows[-1], table.keys)
    assert found == {-2: Fraction(1, 16), -1: Fraction(1, 4), 0: Fraction(3, 8), 1: Fraction(1, 4), 2: Fraction(1, 16)}
    for noise, published in {-2: 0.0638, -1: 0.2447, 0: 0.383, 1: 0.2447, 2: 0.0638}.items():
        assert abs(float(found[noise]) - published) < 0.01


@pytest.mark.parametrize("most", [1, 2, 4, 7])
def test_the_noise_has_mean_zero_and_the_stated_variance_and_ends(most: int) -> None:
    table = noise_table(most)
    assert len(table.rows) == most
    for count, row in enumerate(table.rows, start=1):
        found = weights(row, table.keys)
        assert (min(found), max(found)) == (-count, most)
        mean = sum(noise * weight for noise, weight in found.items())
        variance = sum(noise**2 * weight for noise, weight in found.items())
        assert abs(mean) < Fraction(1, 10**6)
        assert abs(variance - Fraction(count * most, count + most)) < Fraction(1, 10**6)


def test_the_table_is_the_same_everywhere() -> None:
    digest = sha256(repr(noise_table(4)).encode()).hexdigest()
    assert digest == "24f59640f60ea7649ff9effc2ed45b8d19ce2f04dfea3f5863740e7498ebcbc2"


def test_the_same_records_bear_the_same_noise_in_any_order() -> None:
    table = noise_table(4)
    keys = [record_key(f"p:{number}", SECRET) for number in range(20)]
    assert table.perturbed(keys) == table.perturbed(reversed(keys))
    others = [[record_key(f"p:{number}", secret) for number in range(20)] for secret in (b"x" * 16, b"y" * 16)]
    assert len({sum(keys), *map(sum, others)}) == 3


def test_numbers_stay_near_and_none_falls_below_zero_and_nothing_stays_nothing() -> None:
    table = noise_table(4)
    assert table.perturbed([]) == 0
    off: list[int] = []
    for first in range(3000):
        count = first % 9 + 1
        keys = [record_key(f"{first}:{number}", SECRET) for number in range(count)]
        assert table.perturbed(keys) >= 0
        off.append(table.perturbed(keys) - count)
    assert (min(off), max(off)) == (-4, 4)
    assert abs(sum(off)) < 3000 * 0.1  # four standard errors of a mean of 3,000 draws of variance 2


@pytest.mark.parametrize("secret", [b"", b"x" * 15, b"x" * 65])
def test_a_secret_that_is_none_is_refused(secret: bytes) -> None:
    with pytest.raises(ValueError, match="16 to 64 bytes"):
        record_key("p:1", secret)
