"""What may be published of a month: listings by area and kind, and by product group, wider region and kind.

Both tables share their sums and are protected together, with the quarter's other releases: against who solves the month
with its weeks, who knows which listings came and went and so has the cells that a week told, and who carries the month
over to an earlier release.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import product

from reports.disclosure import NOBODY, TOTAL, Axis, Cell, Rules, cross_table, is_sensitive, protect
from reports.ministry.attackers import Earlier, beside_parts, looking_back
from reports.ministry.counted import BW, ELSEWHERE, GRAND_EST, KINDS, REST_OF_GERMANY
from reports.ministry.month_counted import DEPARTEMENTS, GERMANY_NOT_STATED, LAENDER, NO_PRODUCT, NOT_STATED, MonthEntry
from reports.ministry.statistics import Figures, Protected, figures_of, is_change_telling, with_zeros

NOT_BW = "NOT-BW"  # everything outside Baden-Württemberg
_BW_PARTS = ("DE11", "DE12", "DE13", "DE14", BW + NOT_STATED)
_GERMAN_PARTS = (*LAENDER, GERMANY_NOT_STATED)
_FRENCH_PARTS = (*DEPARTEMENTS, GRAND_EST + NOT_STATED)
AREAS = Axis(
    (*_BW_PARTS, *_GERMAN_PARTS, *_FRENCH_PARTS, ELSEWHERE),
    (
        (BW, _BW_PARTS),
        (REST_OF_GERMANY, _GERMAN_PARTS),
        (GRAND_EST, _FRENCH_PARTS),
        (NOT_BW, (REST_OF_GERMANY, GRAND_EST, ELSEWHERE)),
        (TOTAL, (BW, NOT_BW)),
    ),
)
_WIDE = (BW, REST_OF_GERMANY, GRAND_EST, ELSEWHERE, NOT_BW, TOTAL)
# In the order in which they are read.
_ALL = (BW, *_BW_PARTS, REST_OF_GERMANY, *_GERMAN_PARTS, GRAND_EST, *_FRENCH_PARTS, ELSEWHERE, NOT_BW, TOTAL)


@dataclass(frozen=True)
class Frame:
    """Which cells a month publishes; the same for all months of a quarter.

    areas: codes told for all products together; product_areas: codes told for each product group.
    """

    code: str
    areas: tuple[str, ...]
    product_areas: tuple[str, ...]

    def cells(self, axes: Sequence[Axis]) -> list[Cell]:
        """In the order in which they are published."""
        products, _, kinds = axes
        return [
            (one, area, kind)
            for one in (*products.leaves, TOTAL)
            for area in (self.areas if one == TOTAL else self.product_areas)
            for kind in kinds.codes
        ]


# Tried in turn until the audit finds nothing, each coarser than the one before.
FRAMES = (
    Frame("areas-products", _ALL, (TOTAL,)),
    Frame("regions-products", _WIDE, (TOTAL,)),
    Frame("products", (TOTAL,), (TOTAL,)),
    Frame("regions", _WIDE, ()),
)


def axes_of(products: Collection[str]) -> tuple[Axis, ...]:
    """Product groups by name, listings without one last; areas; kinds."""
    return Axis.flat((*sorted(products), NO_PRODUCT)), AREAS, Axis.flat(KINDS)


def members_of(axes: Sequence[Axis], entries: Sequence[MonthEntry]) -> dict[Cell, list[MonthEntry]]:
    """The listings of each cell that is not empty."""
    above = [{leaf: axis.above(leaf) for leaf in axis.leaves} for axis in axes]
    found: dict[Cell, list[MonthEntry]] = {}
    for one in entries:
        leaves = (one.product, one.area, one.kind)
        for cell in product(*(codes[leaf] for codes, leaf in zip(above, leaves, strict=True))):
            found.setdefault(cell, []).append(one)
    return found


def monthly(
    entries: Sequence[MonthEntry], axes: tuple[Axis, ...], frame: Frame, earlier: Sequence[Earlier], rules: Rules
) -> Protected:
    """The month's listings in a frame. earlier: the quarter's releases so far, oldest first.

    Raises UnprotectableError where the frame holds no safe pattern.
    """
    cells = frame.cells(axes)
    found = members_of(axes, entries)
    members = {cell: {one.listing_id: one.group for one in found.get(cell, ())} for cell in cells}
    leaves = (((one.product, one.area, one.kind), one.group, 1) for one in entries)
    # The last release that told or withheld a cell has the last word on whether it may be told.
    last = {cell: one for one in earlier for cell in one.withheld | one.told}
    frozen = {cell for cell in cells if cell in last and cell in last[cell].withheld}
    frozen |= frozenset().union(*(one.sensitive(one.tables(), rules) for one in earlier)).intersection(cells)
    changed = {
        cell for one in earlier for cell in one.told.intersection(cells)
        if is_change_telling(one.behind.get(cell, {}), members[cell])
    }  # fmt: skip
    tables = with_zeros(cross_table(axes, leaves).within(cells), frozen | changed)
    named = {cell for cell in tables.values if is_sensitive(tables.contributions[cell], rules)}
    empty = set(cells).difference(tables.values)
    beside = [
        beside_parts(tables, named | changed, members, [one for one in earlier if one.part], rules),
        *(looking_back(one, empty, tables.values, rules) for one in earlier),
    ]
    known = frozenset().union(*(one.told for one in earlier)).intersection(cells)
    pattern = protect(tables, rules, changed, frozen, known, beside)
    firms = {cell: {one.firm for one in of_cell} for cell, of_cell in found.items()}
    figures = figures_of(tables, pattern.withheld, cells, firms)
    total = (TOTAL,) * len(axes)
    if figures[total].listings is not None:  # one number by itself adds up to nothing
        figures[total] = Figures(figures[total].listings, len(firms.get(total, set()) - {NOBODY}))
    return Protected(axes, figures)
