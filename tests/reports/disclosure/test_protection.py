"""Suppressed cells cannot be worked out: an attacker who shares no code with the protection tries."""

from itertools import combinations

import pytest

from reports.disclosure import NOBODY, Axis, Cell, Rules, Tables, cross_table, is_sensitive, protect
from reports.ministry import audit
from tests.reports.disclosure.drawn import LIMITS, attacked, counted, drawn, released

COUNTS = Rules(dominance=None, p=None)


@pytest.mark.parametrize("first", range(0, 60, 20))
def test_no_attacker_calculates_a_sensitive_cell_of_random_linked_tables(first: int) -> None:
    """`benchmarks/disclosure.py` tries 300."""
    for seed in range(first, first + 20):
        for_all, for_insiders = attacked(seed)
        assert for_all == [], seed  # even where contributors are not thought of
        assert for_insiders == [], seed


def test_without_secondary_suppression_the_audit_refuses() -> None:
    axes, entries = drawn(1, (4, 3), 10, 40)
    pattern = protect(counted(axes, entries), COUNTS)
    assert pattern.sensitive < pattern.withheld
    found = audit.findings(released(axes, entries, pattern.sensitive), limits=LIMITS)
    assert any("exact" in one for one in found)


def test_a_sensitive_cell_that_is_published_is_refused() -> None:
    axes, entries = drawn(1, (4, 3), 10, 40)
    pattern = protect(counted(axes, entries), COUNTS)
    shown = min(pattern.sensitive)
    found = audit.findings(released(axes, entries, pattern.withheld - {shown}), limits=LIMITS)
    assert f"{' × '.join(shown)}: published, and too few stand behind it" in found


def test_a_number_that_was_not_counted_is_refused() -> None:
    axes, entries = drawn(1, (4, 3), 10, 40)
    release = released(axes, entries, frozenset())
    wrong = {cell: value + 1 for cell, value in release.published.items() if value is not None}
    assert "counted" in audit.findings(audit.Released(release.sums, wrong, release.truth), limits=LIMITS)[0]


@pytest.mark.parametrize("seed", range(2))
def test_the_exact_pattern_is_the_smallest_there_is(seed: int) -> None:
    axes, entries = drawn(seed, (3, 2), 8, 24)
    tables = counted(axes, entries)
    rules = Rules(dominance=None, p=None, coalition=0)
    pattern = protect(tables, rules)
    assert pattern.is_cheapest
    others = sorted(tables.values.keys() - pattern.sensitive)
    for number in range(len(pattern.withheld - pattern.sensitive)):
        for joined in combinations(others, number):
            withheld = pattern.sensitive.union(joined)
            if not tells_too_much(tables, withheld):
                found = audit.findings(released(axes, entries, withheld), limits=LIMITS)
                assert [one for one in found if "contributor" not in one], joined


def tells_too_much(tables: Tables, withheld: frozenset[Cell]) -> bool:
    """Whether a published total tells what fewer than three groups have together."""
    for line in tables.lines:
        hidden = [part for part in line.parts if part in withheld]
        groups = {group for part in hidden for group in tables.contributions[part]} - {NOBODY}
        if hidden and line.total not in withheld and len(groups) < 3:
            return True
    return False


@pytest.mark.parametrize("seed", range(1))
def test_one_after_the_other_withholds_little_more(seed: int) -> None:
    axes, entries = drawn(seed, (4, 3, 2), 25, 80)
    tables = counted(axes, entries)
    least, more = protect(tables, COUNTS), protect(tables, COUNTS, most_rounds=0)
    assert least.is_cheapest
    assert len(least.withheld) <= len(more.withheld) <= 1.15 * len(least.withheld)


def test_the_order_of_entries_does_not_matter() -> None:
    axes, entries = drawn(3, (4, 3), 10, 40)
    assert protect(counted(axes, entries), COUNTS) == protect(counted(axes, entries[::-1]), COUNTS)


def test_two_firms_alone_in_a_line_do_not_tell_each_other() -> None:
    """Singletons in a table of 2 × 5: each knows its own value, and so the other's wherever they are alone together."""
    columns = [f"k{number}" for number in range(5)]
    entries = [(("r0", column), f"{column}{one}") for column in columns for one in range(4)]
    entries += [(("r1", column), f"{column}{one}") for column in columns[2:] for one in range(4)]
    entries += [(("r1", "k0"), "alone"), (("r1", "k1"), "lonely")]
    axes = [Axis.flat(["r0", "r1"]), Axis.flat(columns)]
    pattern = protect(counted(axes, entries), COUNTS)
    assert {("r1", "k0"), ("r1", "k1")} < pattern.withheld
    assert audit.findings(released(axes, entries, pattern.withheld), limits=LIMITS) == []
    two = frozenset({("r1", "k0"), ("r1", "k1"), ("r0", "k0"), ("r0", "k1")})
    found = audit.findings(released(axes, entries, two), limits=LIMITS)
    assert "r1 × k0: exact to 1 contributor(s) of other cells" in found


def test_cells_of_two_linked_tables_are_protected_together() -> None:
    """A region by kind and the same regions by product: what one table withholds the other must not give away."""
    axes, entries = drawn(5, (4, 2, 2), 12, 60, nested=True)
    tables = counted(axes, entries)
    pattern = protect(tables, COUNTS)
    for line in tables.lines:
        hidden = [cell for cell in (*line.parts, line.total) if cell in pattern.withheld]
        assert len(hidden) != 1
    assert pattern.withheld >= pattern.sensitive


def test_a_cell_that_must_stay_withheld_is_although_nothing_is_in_it() -> None:
    axes, entries = drawn(1, (4, 3), 10, 40)
    tables = counted(axes, entries)
    largest = max(tables.values, key=lambda cell: (tables.values[cell], cell))
    pattern = protect(tables, COUNTS, {largest}, {largest})
    assert largest in pattern.withheld


def test_an_empty_table_hides_nothing() -> None:
    assert protect(cross_table([Axis.flat(["a"]), Axis.flat(["b"])], []), Rules()).withheld == frozenset()


@pytest.mark.parametrize(
    ("amounts", "rules", "sensitive"),
    [
        (
            (50_000, 49_000, 1_000),
            Rules(dominance=None, p=10),
            True,
        ),  # handbook, 4.2.1: the second knows the first to 2 %
        ((50_000, 30_000, 20_000), Rules(dominance=None, p=10), False),
        ((50, 31, 10, 9), Rules(dominance=(2, 80), p=None), True),
        ((50, 30, 11, 9), Rules(dominance=(2, 80), p=None), False),
        ((71, 15, 14), Rules(), True),  # two of three hold 86 of 100
        ((1, 1, 1), Rules(), False),
        ((40, 40), Rules(dominance=None, p=None), True),
        ((), Rules(), False),
    ],
)
def test_rules_for_amounts(amounts: tuple[int, ...], rules: Rules, sensitive: bool) -> None:
    groups = {f"f{number}": amount for number, amount in enumerate(amounts)}
    assert is_sensitive(groups, rules) is sensitive


def test_nobody_protects_no_one() -> None:
    assert is_sensitive({"a": 5, "b": 5, NOBODY: 90}, COUNTS)
    assert is_sensitive({NOBODY: 12}, COUNTS)
