"""Which changes a reader is told of: not that one unnamed supplier gave way to another that is as good to know.

A board that publishes no names lets readers know of a supplier the role, how much it offers, and where it is. Where
these stay, the case is told as unchanged; matching and the states of cases know better and are left alone.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import pandas as pd

from reports.frames import Row

Kind = tuple[str, int]  # place class, digits of the amount


class Suppliers(NamedTuple):
    """What is known of organisations: who has a published name, where each is, what it offers of each concept."""

    named: frozenset[str]
    homes: Mapping[str, Row]
    amounts: Mapping[tuple[str, str], float]  # by organisation and concept

    def is_told(self, changes: Sequence[Row], consortium: Row | None, roles: Sequence[Row]) -> bool:
        """Whether any change of a case is more than an exchange of equal unnamed suppliers."""
        return consortium is None or not changes or any(self._differs(one, consortium, roles) for one in changes)

    def _differs(self, change: Row, consortium: Row, roles: Sequence[Row]) -> bool:
        if change["what"] != "partners":
            return bool(change["what"] != "request")  # which is told beside another change only
        sides = [list(change[side] or ()) for side in ("old", "new")]
        if any(one in self.named or one not in self.homes for side in sides for one in side):
            return True
        concepts = {role["concept_id"] for role in roles if role["role_id"] == change["role"]}
        before, now = (sorted(self._kind(one, concepts, consortium) for one in side) for side in sides)
        return before != now

    def _kind(self, organisation_id: str, concepts: set[str], consortium: Row) -> Kind:
        home = self.homes[organisation_id]
        amount = sum(self.amounts.get((organisation_id, concept), 0.0) for concept in sorted(concepts))
        return _place_class(home, consortium), len(str(round(amount))) if amount else 0


def _place_class(home: Row, consortium: Row) -> str:
    """Where a supplier is, seen from the need."""
    if home["country"] != consortium["country"]:
        return "abroad"
    return "region" if home["region"] == consortium["region"] else "country"


def amounts(
    listing: Mapping[str, Row], concepts: pd.DataFrame, organisation_of: Mapping[str, str]
) -> dict[tuple[str, str], float]:
    """What the listings of each organisation offer of each concept, in pieces or whatever each counts in.

    listing and organisation_of: by id of the listing. concepts: columns of ListingConcept.
    """
    found: dict[tuple[str, str], float] = defaultdict(float)
    for listing_id, concept_id in zip(concepts["listing_id"], concepts["concept_id"], strict=True):
        row = listing.get(listing_id)
        if row and row["kind"] == "offer" and row["quantity"]:
            found[organisation_of.get(listing_id, ""), concept_id] += row["quantity"]
    return dict(found)
