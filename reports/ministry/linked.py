"""Attacks a month together with the weekly releases that it counts, and with all other releases of its quarter.

Works on the written files, like `audit`, whose attacks it uses. A month counts whoever was open on one of its Sundays,
so everybody knows that no week's stock is larger than the month; nobody knows more from the definition alone. Who
watches the boards knows which listings came and went, and so has of a month every cell that a week told.
"""

import csv
import io
from collections.abc import Mapping, Sequence

from reports.ministry.audit import (
    WITHHELD,
    Cell,
    Limits,
    Released,
    attacked,
    breaks,
    opened_again,
    telling_changes,
    told_to_watchers,
)

_MONTH = ""


def month_findings(month: Released, weeks: Mapping[str, Released], others: Mapping[str, Released]) -> list[str]:
    """What must not go out, naming the cells; empty: the month may be written.

    weeks: releases of the month's own weeks, others: all more of its quarter; by name, with the month's axes.
    """
    releases = [*others.values(), *weeks.values()]
    changed = sorted({cell for one in releases for cell in telling_changes(month, [one])})
    found = attacked(_joined(month, weeks), [(_MONTH, *cell) for cell in changed])
    if not found:
        told = {cell for one in releases for cell, value in one.published.items() if value is not None}
        found.extend(told_to_watchers(month, told))
        for one in releases:
            found.extend(opened_again(month, [one]))
    return list(dict.fromkeys(found))


def told_quantities(file: bytes) -> frozenset[Cell]:
    """Product group, unit and kind of every quantity that a long file tells."""
    rows = csv.DictReader(io.StringIO(file.decode()))
    return frozenset(
        (row["product"], row["unit"], row["kind"]) for row in rows if row["measure"] == "quantity" and row["value"]
    )


def quantity_findings(
    file: bytes,
    amounts: Mapping[Cell, Mapping[str, int]],
    earlier: Sequence[tuple[Mapping[Cell, Mapping[str, int]], frozenset[Cell]]],
) -> list[str]:
    """Quantities of a written month that tell of one firm. amounts: the truth, by product group, unit and kind."""
    limits, found = Limits(), []
    rows = list(csv.DictReader(io.StringIO(file.decode())))
    signs = {(row["measure"], row["product"], row["region"], row["kind"]): row["sign"] for row in rows}
    for row in (row for row in rows if row["measure"] == "quantity" and row["value"]):
        cell = (row["product"], row["unit"], row["kind"])
        name, groups = f"quantity {' × '.join(cell)}", amounts.get(cell, {})
        if int(row["value"]) != sum(groups.values()):
            found.append(f"{name}: published {row['value']}, stated {sum(groups.values())}")
        is_hidden = signs.get(("listings", row["product"], row["region"], row["kind"]), WITHHELD) == WITHHELD
        if groups and (is_hidden or breaks(_named(groups), limits)):
            found.append(f"{name}: published, and too few stand behind it")
        for before, told in earlier:
            then = before.get(cell, {})
            moved = {one: abs(groups.get(one, 0) - then.get(one, 0)) for one in {*groups, *then}}
            if cell in told and any(moved.values()) and breaks(_named(moved), limits):
                found.append(f"{name}: its change is the doing of too few")
    return found


def _named(groups: Mapping[str, int]) -> dict[str, int]:
    return {group: amount for group, amount in groups.items() if group and amount}


def widened(week: Released, total: str) -> Released:
    """A release without the axis of product groups as one that has it, and tells nothing but its total."""
    return Released(
        ({}, *week.sums),
        {(total, *cell): value for cell, value in week.published.items()},
        tuple(one._replace(leaves=(total, *one.leaves)) for one in week.truth),
    )


def _joined(month: Released, weeks: Mapping[str, Released]) -> Released:
    """The month and its weeks as one release, the name of each before its cells; groups as the month knows them."""
    group_of = {one.listing_id: one.group for one in month.truth}
    releases = {_MONTH: month, **weeks}
    return Released(
        ({}, *month.sums),
        {(name, *cell): value for name, one in releases.items() for cell, value in one.published.items()},
        tuple(
            statement._replace(
                leaves=(name, *statement.leaves), group=group_of.get(statement.listing_id, statement.group)
            )
            for name, one in releases.items()
            for statement in one.truth
        ),
        bounds={(name, *cell): known for name, one in weeks.items() for cell, known in one.bounds.items()},
        below=tuple(
            ((name, *cell), (_MONTH, *cell))
            for name, week in weeks.items()
            for cell in week.published
            if cell in month.published and _listings(week, cell) <= _listings(month, cell)
        ),
    )


def _listings(release: Released, cell: Cell) -> set[str]:
    return {one.listing_id for one in release.behind[cell]}
