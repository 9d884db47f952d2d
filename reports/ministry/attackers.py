"""Whom a release must withstand besides its plain readers: who sets it against earlier releases, or the Lagebild.

Written from the definitions of the releases and not from `audit`, which attacks the finished files in its own way.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from reports.disclosure import Attacker, Axis, Cell, Line, Rules, Tables, cross_table, is_sensitive, joined

Bounds = tuple[int, int | None]  # at least, at most; None where there is no upper end
Members = Mapping[Cell, Mapping[str, str]]  # behind each cell its listings with their groups


@dataclass(frozen=True)
class Earlier:
    """A release that binds the next: what it withheld and told, and who stood behind it.

    axes: of its sums. part: its name if the release that it binds counts its listings again, else empty. bounds: what
    the Lagebild of its week tells.
    """

    withheld: frozenset[Cell]
    told: frozenset[Cell]
    behind: Members
    axes: tuple[Axis, ...]
    part: str = ""
    bounds: Mapping[Cell, Bounds] = field(default_factory=dict)

    def tables(self, group_of: Mapping[str, str] | None = None) -> Tables:
        """What it counted. group_of: listing -> group as it is known by now."""
        known_as = group_of or {}
        cells = [cell for cell in self.withheld | self.told if self.behind.get(cell) or cell in self.withheld]
        values = {cell: len(self.behind.get(cell, ())) for cell in cells}
        groups = {
            cell: dict(Counter(known_as.get(listing, group) for listing, group in self.behind.get(cell, {}).items()))
            for cell in cells
        }
        told = {cell: value for cell, value in values.items() if cell in self.told}
        return Tables(values, groups, cross_table(self.axes, ()).lines, told=told).within(self.withheld | self.told)

    def sensitive(self, tables: Tables, rules: Rules) -> frozenset[Cell]:
        """What it withheld by a rule."""
        return frozenset(cell for cell in self.withheld if is_sensitive(tables.contributions[cell], rules))


def binding(published: Mapping[Cell, int | None], behind: Members, axes: tuple[Axis, ...]) -> Earlier:
    """A release as written; None: withheld."""
    withheld = frozenset(cell for cell, value in published.items() if value is None)
    return Earlier(withheld, frozenset(published) - withheld, behind, axes)


def looking_back(earlier: Earlier, since: Collection[Cell], released: Collection[Cell], rules: Rules) -> Attacker:
    """Who knows what came and went, and carries over to an earlier release what later ones tell.

    since: cells that releases between the two told. released: cells of the release that are not empty.
    """
    tables = earlier.tables()
    known = earlier.told.union(since).intersection(tables.values)
    decided = {cell: cell for cell in tables.values if cell in released}
    sensitive = earlier.sensitive(tables, rules) - known
    return Attacker(tables, sensitive, known, decided, "earlier release, with this one: ")


def beside_document(tables: Tables, sensitive: Collection[Cell], bounds: Mapping[Cell, Bounds]) -> Attacker:
    """Who reads another document that tells bounds of cells."""
    decided = {cell: cell for cell in tables.values}
    return Attacker(bounded(tables, bounds), frozenset(sensitive), frozenset(), decided, "beside the Lagebild: ")


def bounded(tables: Tables, bounds: Mapping[Cell, Bounds]) -> Tables:
    """With the bounds as far as they are true; the audit refuses what contradicts the tables."""
    least, most = dict(tables.told), {}
    for cell, (low, high) in bounds.items():
        if cell in tables.values:
            least[cell] = max(min(low, tables.values[cell]), least.get(cell, 0))
            if high is not None:
                most[cell] = max(high, tables.values[cell])
    return replace(tables, told=least, most=most)


def beside_parts(
    tables: Tables, sensitive: Collection[Cell], members: Members, parts: Sequence[Earlier], rules: Rules
) -> Attacker:
    """Who solves a release together with earlier ones whose listings it counts again: no part is larger than it.

    members: of the release, whose groups are those known by now.
    """
    group_of = {listing: group for of_cell in members.values() for listing, group in of_cell.items()}
    linked, goals, known = [tables.named("")], {("", *cell) for cell in sensitive}, set()
    for part in parts:
        own = bounded(part.tables(group_of), part.bounds)
        linked += [own.named(part.part), _beyond(tables, own, members, part)]
        # What is empty in the whole is empty in the part.
        fixed = part.told.union(cell for cell, value in own.values.items() if not value and cell not in tables.values)
        known |= {(part.part, *cell) for cell in fixed.intersection(own.values)}
        goals |= {(part.part, *cell) for cell in part.sensitive(own, rules)}
    return Attacker(joined(linked), frozenset(goals), frozenset(known), {("", *cell): cell for cell in tables.values})


def _beyond(tables: Tables, own: Tables, members: Members, part: Earlier) -> Tables:
    """What each cell has beyond a part: nobody tells it, and it may be nothing. Not of cells that listings left."""
    linked = [
        cell for cell in own.values
        if cell in tables.values and part.behind.get(cell, {}).keys() <= members.get(cell, {}).keys()
    ]  # fmt: skip
    return Tables(
        {(f"beyond {part.part}", *cell): tables.values[cell] - own.values[cell] for cell in linked},
        {},
        tuple(Line(((part.part, *cell), (f"beyond {part.part}", *cell)), ("", *cell)) for cell in linked),
        least=0,
    )
