"""Requested against offered quantity of a month by product group and unit.

Amounts of several units or product groups add up to nothing, so there are no sums to calculate a withheld one from:
each is judged by itself, by the threshold, the (n, k) and the p % rule on what each group states.
"""

from collections.abc import Mapping, Sequence
from itertools import product as cross

from reports.disclosure import TOTAL, Cell, Rules, is_sensitive
from reports.ministry.counted import KINDS
from reports.ministry.month_counted import MonthEntry
from reports.ministry.statistics import Protected
from sources.listing import UNITS

Amounts = Mapping[Cell, Mapping[str, int]]  # (product group, unit, kind) -> whole units by group


def amounts_of(entries: Sequence[MonthEntry]) -> Amounts:
    """What each group states; a rate counts four weeks, listings without a quantity count nothing."""
    found: dict[Cell, dict[str, int]] = {}
    for one in entries:
        if one.quantity:
            of_groups = found.setdefault((one.product, one.unit, one.kind), {})
            of_groups[one.group] = of_groups.get(one.group, 0) + one.quantity
    return found


def quantities(
    amounts: Amounts, protected: Protected, earlier: Sequence[tuple[Amounts, frozenset[Cell]]], rules: Rules
) -> dict[Cell, int | None]:
    """What may be told of each product group, unit and kind; None: withheld, 0: nobody states any.

    earlier: of other months of the quarter, what was stated and what of it was told. A quantity goes with the number
    of its listings: where that is withheld, so is the quantity.
    """
    found: dict[Cell, int | None] = {}
    for cell in cross(protected.axes[0].leaves, UNITS, KINDS):
        of_groups = amounts.get(cell, {})
        listings = protected.cells.get((cell[0], TOTAL, cell[2]))
        is_told = (
            listings is not None
            and listings.listings is not None
            and not is_sensitive(of_groups, rules)
            and not _is_change_told(cell, of_groups, earlier, rules)
        )
        found[cell] = 0 if not of_groups else sum(of_groups.values()) if is_told else None
    return found


def _is_change_told(
    cell: Cell, now: Mapping[str, int], earlier: Sequence[tuple[Amounts, frozenset[Cell]]], rules: Rules
) -> bool:
    """Whether the difference from what another month told is the doing of too few groups."""
    for amounts, told in earlier:
        before = amounts.get(cell, {})
        moved = {group: abs(now.get(group, 0) - before.get(group, 0)) for group in now.keys() | before.keys()}
        if cell in told and is_sensitive({group: amount for group, amount in moved.items() if amount}, rules):
            return True
    return False
