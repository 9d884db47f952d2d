"""Suppressed cells cannot be worked out: an attacker who shares no code with the audit tries."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, milp

from reports.disclosure import (
    Cell,
    CountTable,
    Mask,
    audit,
    count_table,
    primary_cells,
    protect,
    safe_organisation_counts,
    small_categories,
)


def _tables(shape: tuple[int, ...], organisations: int) -> st.SearchStrategy[CountTable]:
    axes = [[f"{axis}{number}" for number in range(size)] for axis, size in zip("abc", shape, strict=False)]
    owner = st.sampled_from([f"o{number}" for number in range(organisations)])
    entry = st.tuples(st.tuples(*(st.sampled_from(axis) for axis in axes)), owner)
    return st.lists(entry, min_size=1, max_size=40).map(lambda entries: count_table(axes, entries))


def attack(table: CountTable, suppressed: Mask, cell: Cell) -> tuple[float, float]:
    """Smallest and largest value of a cell over all inner tables of whole numbers that fit what is published."""
    shape = [size - 1 for size in table.counts.shape]
    inner = list(product(*map(range, shape)))

    def part_of(total: Cell) -> list[float]:
        return [float(all(a in (b, size) for a, b, size in zip(total, one, shape, strict=True))) for one in inner]

    published = [found for found in np.ndindex(table.counts.shape) if not suppressed[found]]
    sums = LinearConstraint(
        np.array([part_of(found) for found in published]) if published else np.zeros((1, len(inner))),
        *[[float(table.counts[found]) for found in published] or [0.0]] * 2,
    )
    low = [1.0 if suppressed[one] else float(table.counts[one]) for one in inner]
    high = [1000.0 if suppressed[one] else float(table.counts[one]) for one in inner]
    target = np.array(part_of(cell))
    ends = []
    for sign in (1, -1):
        solution = milp(
            sign * target, integrality=np.ones(len(inner), dtype=np.int64), bounds=Bounds(low, high), constraints=sums
        )
        ends.append(float(round(sign * solution.fun)))
    return ends[0], ends[1]


@settings(deadline=None, max_examples=40, derandomize=True)
@given(st.one_of(_tables((2, 2), 4), _tables((4, 3), 8), _tables((3, 3, 2), 12)))
def test_an_attacker_never_pins_down_a_primary_cell(table: CountTable) -> None:
    suppressed = protect(table)
    for found in np.argwhere(primary_cells(table)):
        cell = tuple(int(index) for index in found)
        assert suppressed[cell]
        low, high = attack(table, suppressed, cell)
        assert low < high


@settings(deadline=None, max_examples=15, derandomize=True)
@given(_tables((4, 3, 2), 10))
def test_what_a_line_hides_is_never_the_work_of_too_few(table: CountTable) -> None:
    suppressed = protect(table)
    for *parts, total in table.lines():
        hidden = [cell for cell in parts if suppressed[cell]]
        if hidden and not suppressed[total]:
            assert len(frozenset[str]().union(*(table.contributors[cell] for cell in hidden))) >= 3


def _example() -> CountTable:
    entries = [(("mask", "BW"), name) for name in ("a", "b", "c", "d") for _ in range(3)] + [
        (("mask", "BY"), "e"),
        (("gown", "BW"), "f"),
        (("gown", "BY"), "g"),
        (("gown", "BY"), "h"),
        (("gown", "BY"), "i"),
    ]
    return count_table([["mask", "gown"], ["BW", "BY"]], entries)  # fmt: skip


def test_primary_suppression_alone_is_caught_by_the_audit() -> None:
    table = _example()
    assert (0, 1) in audit(table, primary_cells(table))


def test_publishing_a_primary_cell_is_caught_by_the_audit() -> None:
    table = _example()
    suppressed = protect(table)
    suppressed[0, 1] = False
    assert (0, 1) in audit(table, suppressed)


def test_totals_are_kept_where_inner_cells_can_do_it() -> None:
    table = _example()
    suppressed = protect(table)
    assert suppressed[:2, :2].all()
    assert not suppressed[2, 2]


def test_one_cell_only_takes_all_its_totals_with_it() -> None:
    table = count_table([["mask", "gown"], ["BW", "BY"]], [(("mask", "BW"), "a")])
    suppressed = protect(table)
    assert suppressed[0, 0]
    assert suppressed[2, 2]


def test_an_empty_table_hides_nothing() -> None:
    table = count_table([["mask"], ["BW"]], [])
    assert not protect(table).any()


def test_numbers_of_organisations_stay_away_from_every_gap() -> None:
    table = _example()
    suppressed = protect(table)
    shown = safe_organisation_counts(table, suppressed)
    assert not shown[suppressed].any()
    assert not shown[0, 2]
    assert shown[2, 2]


@pytest.mark.parametrize(("fewest", "small"), [(1, set()), (2, {"BY"}), (3, {"BW", "BY"})])
def test_small_categories_count_organisations_not_listings(fewest: int, small: set[str]) -> None:
    entries = [("BW", "a"), ("BW", "b"), ("BW", "b"), ("BY", "c"), ("BY", "c"), ("BY", "c")]
    assert small_categories(entries, fewest) == small
