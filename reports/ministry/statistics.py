"""What may be published of a week, protected before anything is written.

A week tells the open listings in four regions that never change: detail would give away who came and went
(differencing). Everything a reader sees is made from `Protected`, which holds no withheld number.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import product

from reports.disclosure import NOBODY, TOTAL, Axis, Cell, Pattern, Rules, Tables, cross_table, is_sensitive, protect
from reports.ministry.counted import KINDS, REGIONS, Entry

NOTHING, SECRET = "–", "."  # the signs of the German federal statistical office
RULES = Rules()
# Tried in turn until the audit finds nothing: each withholds more, against more contributors who pool what they know.
STRICTER = (RULES, *(Rules(coalition=number) for number in (4, 8, 16)))
# A change is told by the number of groups behind it alone: shares of a change say nothing of a firm's size.
CHANGE_RULES = Rules(dominance=None, p=None)


@dataclass(frozen=True)
class Figures:
    """What may be published about one cell; None where it is withheld."""

    listings: int | None
    firms: int | None


@dataclass(frozen=True)
class Protected:
    """Tables fit to be published: codes of each axis in their order, and the figures of every cell."""

    axes: tuple[Axis, ...]  # region, kind
    cells: Mapping[Cell, Figures]

    def total(self, kind: str = TOTAL) -> Figures:
        """Everything of one kind."""
        return self.cells[(*(TOTAL for _ in self.axes[1:]), kind)]


@dataclass(frozen=True)
class Frozen:
    """What the releases of a quarter so far bind the next to.

    withheld: cells that stay withheld, or whoever knows what came and went could tell their earlier values.
    sensitive: those among them that must not be calculated. shown: cell -> entries behind its last published value.
    """

    withheld: frozenset[Cell] = frozenset()
    sensitive: frozenset[Cell] = frozenset()
    shown: Mapping[Cell, frozenset[Entry]] = field(default_factory=dict)


WEEK_AXES = (Axis.flat(REGIONS), Axis.flat(KINDS))


def weekly(entries: Sequence[Entry], earlier: Iterable[Sequence[Entry]] = (), rules: Rules = RULES) -> Protected:
    """Open listings by region and kind. earlier: what the quarter's weeks before counted, oldest first."""
    frozen = Frozen()
    for week in earlier:
        _, frozen = _week(week, frozen, rules)
    return _week(entries, frozen, rules)[0]


def _week(entries: Sequence[Entry], frozen: Frozen, rules: Rules) -> tuple[Protected, Frozen]:
    leaves = {one: (one.region, one.kind) for one in entries}
    tables = with_zeros(cross_table(WEEK_AXES, ((leaves[one], one.group, 1) for one in entries)), frozen.withheld)
    behind = _behind(WEEK_AXES, leaves)
    stock = protect(tables, rules, frozen.sensitive, frozen.withheld)
    pattern = protect(
        tables, rules, frozen.sensitive | _telling_changes(behind, frozen, stock), stock.withheld | frozen.withheld
    )
    shown = {cell: behind.get(cell, frozenset()) for cell in _cells(WEEK_AXES) if cell not in pattern.withheld}
    bound = Frozen(stock.withheld, frozen.sensitive | stock.sensitive, {**frozen.shown, **shown})
    firms = {cell: {one.firm for one in found} for cell, found in behind.items()}
    return Protected(WEEK_AXES, figures_of(tables, pattern.withheld, _cells(WEEK_AXES), firms)), bound


def _telling_changes(behind: Mapping[Cell, frozenset[Entry]], frozen: Frozen, stock: Pattern) -> set[Cell]:
    """Cells whose difference from what was last published of them would tell of too few groups."""
    found = set()
    for cell, before in frozen.shown.items():
        after = behind.get(cell, frozenset())
        group_of = {one.listing_id: one.group for one in (*before, *after)}
        moved = {one.listing_id for one in before} ^ {one.listing_id for one in after}
        groups = {group_of[listing] for listing in moved}
        if cell not in stock.withheld and is_sensitive(dict.fromkeys(groups, 1), CHANGE_RULES):
            found.add(cell)
    return found


def with_zeros(tables: Tables, cells: Collection[Cell]) -> Tables:
    """With cells that must stay withheld although nothing is in them now."""
    empty = [cell for cell in sorted(cells) if cell not in tables.values]
    return replace(
        tables,
        values={**tables.values, **dict.fromkeys(empty, 0)},
        contributions={**tables.contributions, **{cell: {} for cell in empty}},
    )


def _behind(axes: Sequence[Axis], leaves: Mapping[Entry, Cell]) -> dict[Cell, frozenset[Entry]]:
    """The listings of each cell that is not empty."""
    above = [{leaf: axis.above(leaf) for leaf in axis.leaves} for axis in axes]
    found: dict[Cell, set[Entry]] = {}
    for entry, cell in leaves.items():
        for one in product(*(codes[leaf] for codes, leaf in zip(above, cell, strict=True))):
            found.setdefault(one, set()).add(entry)
    return {cell: frozenset(entries) for cell, entries in found.items()}


def _cells(axes: Sequence[Axis]) -> list[Cell]:
    return list(product(*(axis.codes for axis in axes)))


def figures_of(
    tables: Tables, withheld: Collection[Cell], cells: Iterable[Cell], firms: Mapping[Cell, Collection[str]]
) -> dict[Cell, Figures]:
    """What is told of each cell. firms: those behind each cell, with `NOBODY` or without."""
    gaps = _beside_gaps(tables, withheld)
    return {
        cell: Figures(
            None if cell in withheld else tables.values.get(cell, 0),
            None if cell in gaps else len(set(firms.get(cell, ())) - {NOBODY}),
        )
        for cell in cells
    }


def _beside_gaps(tables: Tables, withheld: Collection[Cell]) -> set[Cell]:
    """Cells that take part in a sum with a withheld cell.

    Distinct firms do not add up over categories, so what protects listings says nothing about them: no number of firms
    is shown where a sum has a gap.
    """
    found = set(withheld)
    for line in tables.lines:
        if not set(withheld).isdisjoint((*line.parts, line.total)):
            found.update((*line.parts, line.total))
    return found
