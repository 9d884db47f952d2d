"""Public cases in which other programs withheld too little, and τ-Argus as a second opinion.

Numbers of issues are those of sdcTools/UserSupport on GitHub.
"""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from pytauargus import protect as tau_argus

from reports.disclosure import Attacker, Axis, Rules, Tables, cross_table, is_sensitive, protect
from reports.disclosure.problem import problem_of
from reports.ministry import audit
from tests.reports.disclosure.drawn import released

LIMITS = audit.Limits(threshold=3, dominance=(2, 100), p=0)
COUNTS = Rules(dominance=None, p=None)
COLUMNS = ["A", "B", "H", "M", "W"]


def units(cells: dict[tuple[str, ...], int]) -> list[tuple[tuple[str, ...], str]]:
    """Every unit is a group of its own."""
    return [(cell, f"{'-'.join(cell)}-{number}") for cell, count in cells.items() for number in range(count)]


def counted(axes: list[Axis], entries: list[tuple[tuple[str, ...], str]]) -> Tables:
    return cross_table(axes, [(cell, group, 1) for cell, group in entries])


def test_three_singletons_in_a_table_of_2_by_5_do_not_tell_each_other() -> None:
    """Issue 135: the sum of what was withheld in a row told one singleton what the others are."""
    values = (1, 1, 7, 1, 0, 1, 0, 0, 2, 8)
    cells = {(str(row + 1), COLUMNS[column]): values[5 * row + column] for row in range(2) for column in range(5)}
    axes, entries = [Axis.flat(["1", "2"]), Axis.flat(COLUMNS)], units(cells)
    pattern = protect(counted(axes, entries), COUNTS)
    assert pattern.sensitive >= {("1", "A"), ("1", "B"), ("1", "M"), ("2", "A"), ("2", "M")}
    assert audit.findings(released(axes, entries, pattern.withheld), limits=LIMITS) == []
    sensitive_alone = released(axes, entries, pattern.sensitive)
    assert audit.findings(sensitive_alone, limits=LIMITS)


REGIONS = dict(zip("ABIJKLMN", (2, 2, 8, 8, 3, 3, 3, 7), strict=True))
LINKED = Axis(
    tuple(REGIONS),
    (
        ("county-1", ("A", "B", "I", "J")),
        ("county-2", ("K", "L", "M", "N")),
        ("TOTAL", ("county-1", "county-2")),
        ("BIG", ("L", "M")),
        ("small", ("A", "B", "I", "J", "K", "N")),
        ("both", ("BIG", "small")),
    ),
)


@pytest.mark.parametrize("threshold", [3, 4])
def test_two_linked_tables_tell_nothing_by_their_difference(threshold: int) -> None:
    """Issue 136: two hierarchies of the same regions, protected in turns, gave a cell away by their difference."""
    entries = units({(region,): count for region, count in REGIONS.items()})
    rules = Rules(threshold=threshold, dominance=None, p=None)
    pattern = protect(counted([LINKED], entries), rules)
    limits = audit.Limits(threshold=threshold, dominance=(2, 100), p=0)
    small = {(region,) for region, count in REGIONS.items() if count < threshold}
    assert pattern.sensitive >= small
    assert audit.findings(released([LINKED], entries, pattern.withheld), limits=limits) == []


def test_what_safe_tables_tell_together_is_found() -> None:
    """Each sum of either hierarchy has two gaps or more; but county-2 less BIG is K and N, and N is published."""
    entries = units({(region,): count for region, count in REGIONS.items()})
    limits = audit.Limits(threshold=4, dominance=(2, 100), p=0)
    by_turns = frozenset({("A",), ("B",), ("K",), ("L",), ("M",)})
    found = audit.findings(released([LINKED], entries, by_turns), limits=limits)
    assert any(one.startswith("K: exact") for one in found)


def test_one_firm_that_dominates_three_withheld_groups_brings_in_the_larger_fourth() -> None:
    """Issue 160: (2, 80) withholds B05, B06 and B07; together one firm still has most of them, with small B09 too."""
    groups = {
        "B05": {"giant": 900, "a": 60, "b": 40},
        "B06": {"giant": 450, "c": 30, "d": 20},
        "B07": {"giant": 180, "e": 12, "f": 8},
        "B08": {"g": 300, "h": 280, "i": 260, "j": 240},
        "B09": {"k": 20, "l": 20, "m": 20, "n": 20},
    }
    rules = Rules(dominance=(2, 80), p=None)
    amounts = [((code,), firm, amount) for code, firms in groups.items() for firm, amount in firms.items()]
    pattern = protect(cross_table([Axis.flat(list(groups))], amounts), rules)
    assert pattern.sensitive == {("B05",), ("B06",), ("B07",)}
    assert pattern.withheld == {*pattern.sensitive, ("B08",)}


@pytest.mark.parametrize("seed", range(4))
def test_tau_argus_names_the_same_cells_and_its_pattern_is_safe_to_our_attacker(
    seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """(2, 85) on amounts, 4 × 3. It withholds the least amount, we the fewest cells."""
    monkeypatch.chdir(tmp_path)  # where it leaves its logs
    chance = np.random.default_rng(seed)
    rows = [(f"r{chance.integers(4)}", f"k{chance.integers(3)}", int(chance.pareto(1.0) * 10) + 1) for _ in range(60)]
    axes = [Axis.flat([f"r{number}" for number in range(4)]), Axis.flat([f"k{number}" for number in range(3)])]
    tables = cross_table(axes, [((row, kind), f"f{n}", amount) for n, (row, kind, amount) in enumerate(rows)], least=0)
    rules = Rules(threshold=1, dominance=(2, 85), p=None, coalition=0)
    micro = {
        "region": [row[0] for row in rows],
        "kind": [row[1] for row in rows],
        "amount": [float(row[2]) for row in rows],
    }
    told = tau_argus(
        micro, ["region", "kind"], response="amount", safety_rules="NK(2,85)", suppress="OPT(1)", workdir=str(tmp_path)
    )
    state = {
        tuple("TOTAL" if code == "Total" else code for code in (row.region, row.kind)): row.status
        for row in told.tables[0].dataframe().itertuples()
    }
    sensitive = {cell for cell in tables.values if is_sensitive(tables.contributions[cell], rules)}
    assert {cell for cell, status in state.items() if status == "U"} == sensitive
    problem = problem_of(
        Attacker(tables, frozenset(sensitive)), (), replace(rules, protection_percent=1)
    )  # theirs follows from the rule
    theirs = np.array([state[cell] in "UM" for cell in problem.cells], dtype=np.float64)
    assert all(problem.attack(goal, theirs).is_reached for goal in problem.goals)
    ours = protect(tables, rules)
    assert ours.is_cheapest
    assert len(ours.withheld) <= theirs.sum()
