"""Listings by product group, region and kind, protected before anything is written.

A listing counts once for each product group it names, so product groups add up to mentions, not to listings.
Everything a reader sees (sentences, tables, file) is made from `Protected`, which holds no secret number.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from reports.disclosure import (
    NOBODY,
    THRESHOLD,
    Cell,
    count_table,
    primary_cells,
    protect,
    safe_organisation_counts,
    small_categories,
)
from reports.language import Labels
from sources.listing import is_anonymous

KINDS = ("offer", "request")
OTHER = ""  # categories too small to be shown by themselves
FEWEST_BY_REGION = 10  # distinct organisations; smaller regions and groups are shown together
FEWEST_BY_GROUP = 5
NOTHING, SECRET = "–", "."  # the signs of the German federal statistical office


@dataclass(frozen=True)
class Figures:
    """What may be published about one cell; None where it is secret."""

    listings: int | None
    organisations: int | None


@dataclass(frozen=True)
class Protected:
    """A table fit to be published. Cells by (group, region, kind); the total of an axis is at index ``len(axis)``."""

    groups: tuple[str, ...]  # concept ids, `OTHER` last
    regions: tuple[str, ...]  # "DE-BW", `OTHER` last
    cells: dict[Cell, Figures]
    primary: int  # how many cells too few organisations stand behind
    secondary: int  # how many more are secret so that those cannot be worked out

    def at(self, group: int, region: int, kind: int) -> Figures:
        """The figures of one cell."""
        return self.cells[group, region, kind]

    def total(self, kind: int = len(KINDS)) -> Figures:
        """All groups and regions."""
        return self.cells[len(self.groups), len(self.regions), kind]


def protected_statistics(
    listings: pd.DataFrame,
    concepts: pd.DataFrame,
    members: pd.DataFrame,
    repeats: pd.DataFrame,
    taxonomy: Labels,
    threshold: int = THRESHOLD,
) -> Protected:
    """Count open offers and requests of the week without repeats, and protect the result.

    Frames in the shapes of `Listing`, `ListingConcept`, `OrganisationMember` and `ListingRepeat`. A listing of no known
    organisation counts as one of its own, one that names nobody for none.
    """
    entries = sorted(set(_mentions(listings, concepts, members, repeats, taxonomy)))
    small_groups = small_categories(((group, owner) for group, _, _, _, owner in entries), FEWEST_BY_GROUP)
    small_regions = small_categories(((region, owner) for _, region, _, _, owner in entries), FEWEST_BY_REGION)
    named = [
        ((OTHER if group in small_groups else group, OTHER if region in small_regions else region, kind), owner)
        for group, region, kind, _, owner in entries
    ]
    axes = (_axis({key[0] for key, _ in named}), _axis({key[1] for key, _ in named}), KINDS)
    # The firms of one group know of each other: together they are one when it is asked who would be given away.
    group_of = _groups_of(members)
    table = count_table(axes, ((key, group_of.get(owner, owner)) for key, owner in named))
    firms = count_table(axes, named)
    suppressed = protect(table, threshold)
    with_organisations = safe_organisation_counts(table, suppressed)
    cells = {
        cell: Figures(
            None if suppressed[cell] else int(table.counts[cell]),
            firms.organisations(cell) if with_organisations[cell] else None,
        )
        for cell in np.ndindex(table.counts.shape)
    }
    primary = int(primary_cells(table, threshold).sum())
    return Protected(axes[0], axes[1], cells, primary, int(suppressed.sum()) - primary)


def _groups_of(members: pd.DataFrame) -> dict[str, str]:
    """Organisation id -> group id, where that is told."""
    told = members.dropna(subset="group_id") if "group_id" in members else members.iloc[:0].assign(group_id="")
    return dict(zip(told["organisation_id"], told["group_id"], strict=True))


def _axis(categories: set[str]) -> tuple[str, ...]:
    return (*sorted(categories - {OTHER}), *([OTHER] if OTHER in categories else []))


def _mentions(
    listings: pd.DataFrame, concepts: pd.DataFrame, members: pd.DataFrame, repeats: pd.DataFrame, taxonomy: Labels
) -> Iterator[tuple[str, str, str, str, str]]:
    """Product group, region, kind, listing and organisation of every mention."""
    owner = dict(zip(members["record_id"], members["organisation_id"], strict=True))
    groups: dict[str, set[str]] = {}
    for listing_id, concept in zip(concepts["listing_id"], concepts["concept_id"], strict=True):
        groups.setdefault(listing_id, set()).add(taxonomy.group(concept))
    repeated = set(repeats["listing_id"])
    anonymous = set(listings.loc[is_anonymous(listings), "listing_id"])
    open_ones = listings[(listings["status"] == "open") & listings["kind"].isin(KINDS)]
    columns = (open_ones[name] for name in ("listing_id", "kind", "country", "region"))
    for listing_id, kind, country, region in zip(*columns, strict=True):
        if listing_id in repeated:
            continue
        place = "-".join(part for part in (country, region) if isinstance(part, str))
        for group in groups.get(listing_id, {OTHER}):
            yield (
                group,
                place,
                kind,
                listing_id,
                NOBODY if listing_id in anonymous else owner.get(listing_id, listing_id),
            )
