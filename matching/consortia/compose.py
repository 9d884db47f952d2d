"""Consortia: who together covers a need, which roles are missing, what limits the whole.

`chains` says what could be, `optimiser` and `greedy` decide, `kept` holds what stands from the week before, `tables`
writes it down.
"""

from collections.abc import Iterable
from typing import NamedTuple

from pandera.typing import DataFrame

from matching.consortia import greedy, kept
from matching.consortia.board import Board
from matching.consortia.chains import read_needs
from matching.consortia.optimiser import optimise
from matching.consortia.options import Options
from matching.consortia.supply import read_supply
from matching.consortia.tables import Ledger, consortium_table, role_table, unmet_table
from matching.schema import Consortium, ConsortiumRole, UnmetNeed, empty
from matching.taxonomy.concepts import Taxonomy
from matching.taxonomy.recipes import Recipe


class Composition(NamedTuple):
    """What the week's open requests, ideas and offers add up to."""

    consortia: DataFrame[Consortium]
    roles: DataFrame[ConsortiumRole]
    unmet: DataFrame[UnmetNeed]

    @property
    def rows(self) -> tuple[int, int, int]:
        """How many each table has."""
        return len(self.consortia), len(self.roles), len(self.unmet)


def compose(
    board: Board,
    taxonomy: Taxonomy,
    recipes: Iterable[Recipe],
    *,
    options: Options | None = None,
    previous: DataFrame[ConsortiumRole] | None = None,
) -> Composition:
    """Serve all open requests of the week together; every need is a consortium or an unmet need.

    previous: the roles of the week before, whose consortia stand where they still can (see `kept`).
    """
    options = options or Options()
    before = DataFrame[ConsortiumRole](empty(ConsortiumRole)) if previous is None else previous
    about = board.without_asides(taxonomy)
    supply = read_supply(about)
    needs = read_needs(about, taxonomy, recipes, supply, options)
    held, withheld = kept.stand(before, needs, supply, options)
    plans = optimise(needs, supply, options, held).plans
    left = supply.untouched()
    for found in plans:
        greedy.spend(found, supply, left)
    left = supply.without_empty(left)
    plans = kept.settled(plans, {one.need: withheld for one in held}, needs, supply, left, options)
    week = Ledger(needs, plans, supply, left)
    return Composition(
        consortium_table(week, board.listings, taxonomy), role_table(week), unmet_table(week, about.matches, taxonomy)
    )
