"""What may be published of a week, protected before anything is written.

A week tells the open listings in four regions that never change: detail would give away who came and went
(differencing). Everything a reader sees is made from `Protected`, which holds no withheld number.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product

from reports.disclosure import NOBODY, TOTAL, Axis, Cell, Rules, Tables, cross_table, is_sensitive, protect
from reports.ministry.attackers import Bounds, Earlier, Members, beside_document, looking_back
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

    def total(self, kind: str | None = None) -> Figures:
        """Everything of one kind, or of all that are told."""
        return self.cells[(*(TOTAL for _ in self.axes[1:]), kind or self.axes[-1].codes[-1])]


WEEK_AXES = (Axis.flat(REGIONS), Axis.flat(KINDS))
# Tried in turn until the audit finds nothing: both kinds, or the one of which more can be told.
WEEK_FRAMES = (WEEK_AXES, *((WEEK_AXES[0], Axis((kind,), ())) for kind in ("request", "offer")))


def weekly(
    entries: Sequence[Entry],
    earlier: Sequence[Earlier] = (),
    rules: Rules = RULES,
    bounds: Mapping[Cell, Bounds] | None = None,
    axes: tuple[Axis, ...] = WEEK_AXES,
) -> Protected:
    """Open listings by region and kind. earlier: the quarter's weeks before, oldest first; bounds: of
    cells, as the Lagebild tells them; axes: one of `WEEK_FRAMES`.

    Raises UnprotectableError where no pattern is safe.
    """
    cells = list(product(*(axis.codes for axis in axes)))
    withheld, sensitive = (found.intersection(cells) for found in _frozen(earlier, rules))
    members = members_of_week(entries)
    counted = cross_table(WEEK_AXES, (((one.region, one.kind), one.group, 1) for one in entries)).within(cells)
    stock = protect(with_zeros(counted, withheld), rules, sensitive, withheld)
    changed = _telling_changes(members, earlier).intersection(cells)
    tables = with_zeros(counted, withheld | changed)
    named = {cell for cell in tables.values if is_sensitive(tables.contributions[cell], rules)}
    beside = [looking_back(*one, tables.values, rules) for one in _since(earlier, set(cells) - tables.values.keys())]
    beside += [beside_document(tables, named, bounds)] if bounds else []
    pattern = protect(tables, rules, sensitive | changed, stock.withheld, beside=beside)
    firms = {cell: {one.firm for one in entries if one.listing_id in found} for cell, found in members.items()}
    return Protected(axes, figures_of(tables, pattern.withheld, cells, firms))


def members_of_week(entries: Iterable[Entry]) -> dict[Cell, dict[str, str]]:
    """The listings of each cell that is not empty, with their groups."""
    found: dict[Cell, dict[str, str]] = {}
    for one in entries:
        for cell in product((one.region, TOTAL), (one.kind, TOTAL)):
            found.setdefault(cell, {})[one.listing_id] = one.group
    return found


def _frozen(earlier: Iterable[Earlier], rules: Rules) -> tuple[frozenset[Cell], frozenset[Cell]]:
    """Cells that stay withheld, or whoever knows what came and went could tell their earlier values; of these the
    sensitive ones. What was withheld for its change alone may be told again.
    """
    withheld: frozenset[Cell] = frozenset()
    sensitive: frozenset[Cell] = frozenset()
    for one in earlier:
        stock = protect(with_zeros(one.tables(), withheld), rules, sensitive, withheld)
        withheld, sensitive = stock.withheld, sensitive | stock.sensitive
    return withheld, sensitive


def _since(earlier: Sequence[Earlier], empty: Collection[Cell]) -> list[tuple[Earlier, frozenset[Cell]]]:
    """Each release with what those after it told, and what the next tells since it is empty."""
    found, told = [], frozenset(empty)
    for one in reversed(earlier):
        found.append((one, told))
        told |= one.told
    return found


def _telling_changes(members: Members, earlier: Sequence[Earlier]) -> set[Cell]:
    """Cells whose difference from what was last published of them would tell of too few groups."""
    shown = {cell: one.behind.get(cell, {}) for one in earlier for cell in one.told}
    return {cell for cell, before in shown.items() if is_change_telling(before, members.get(cell, {}))}


def is_change_telling(before: Mapping[str, str], now: Mapping[str, str]) -> bool:
    """Whether too few groups made the difference between two sets of listings, each with its group."""
    moved = {**before, **now}
    return is_sensitive(dict.fromkeys((moved[one] for one in before.keys() ^ now.keys()), 1), CHANGE_RULES)


def with_zeros(tables: Tables, cells: Collection[Cell]) -> Tables:
    """With cells that must stay withheld although nothing is in them now."""
    empty = [cell for cell in sorted(cells) if cell not in tables.values]
    return replace(
        tables,
        values={**tables.values, **dict.fromkeys(empty, 0)},
        contributions={**tables.contributions, **{cell: {} for cell in empty}},
    )


def figures_of(
    tables: Tables, withheld: Collection[Cell], cells: Iterable[Cell], firms: Mapping[Cell, Collection[str]]
) -> dict[Cell, Figures]:
    """What is told of each cell. firms: those behind each cell, with `NOBODY` or without.

    Where it is told that there are no listings, there are no firms either, whatever stands beside them.
    """
    gaps = _beside_gaps(tables, withheld).intersection(tables.values)
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
