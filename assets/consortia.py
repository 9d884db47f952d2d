"""Who could do it together: covered chains of roles."""

import dagster as dg
import pandas as pd

from assets.decisions import Decisions
from assets.history import History
from assets.metadata import OWNERS, checked, table_metadata
from assets.partitions import WEEKLY, week_of
from matching.cases.entries import entries_of
from matching.cases.experience import experience
from matching.cases.history import settled_requests
from matching.consortia.board import Board
from matching.consortia.compose import compose
from matching.needs.feedback import moves_after
from matching.news.opportunities import living
from matching.news.shortages import shortages as find_shortages
from matching.plausibility.gate import let_through
from matching.schema import (
    Case,
    Consortium,
    ConsortiumRole,
    HeldBack,
    ListingConcept,
    ListingRepeat,
    Match,
    Organisation,
    OrganisationMember,
    Shortage,
    UnmetNeed,
)
from matching.taxonomy.concepts import load_taxonomy
from matching.taxonomy.recipes import load_recipes
from sources.listing import Listing

OUTPUTS = {
    "consortia": (Consortium, "Possible consortia. One row per consortium."),
    "consortium_roles": (ConsortiumRole, "Who fills which role. One row per consortium, role and partner."),
    "unmet_needs": (UnmetNeed, "Requests that nobody can serve, with what blocks the nearest offer."),
}


@dg.multi_asset(
    name="composition",
    group_name="consortia",
    partitions_def=WEEKLY,
    ins={name: dg.AssetIn(name) for name in ("listing_concepts", "organisations", "organisation_members")},
    outs={
        name: dg.AssetOut(description=description, owners=OWNERS, metadata=table_metadata(model))
        for name, (model, description) in OUTPUTS.items()
    },
)
def composition(
    context: dg.AssetExecutionContext,
    listings: pd.DataFrame,
    held_back: pd.DataFrame,
    matches: pd.DataFrame,
    case_entries: pd.DataFrame,
    history: dg.ResourceParam[History],
    decisions: dg.ResourceParam[Decisions],
    **about: pd.DataFrame,
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    week = week_of(context)
    told, before = history.latest("cases", week), history.latest("consortium_roles", week)
    known = None if told is None else checked(told, Case)
    entries = entries_of(case_entries)
    settled = settled_requests(entries, known, checked(listings, Listing), week)
    plausible = let_through(checked(listings, Listing), checked(held_back, HeldBack))
    taxonomy = load_taxonomy()
    prescribed = decisions.options(taxonomy.concepts)
    board = Board(
        listings=checked(plausible[~plausible["listing_id"].isin(settled)], Listing),
        concepts=checked(about["listing_concepts"], ListingConcept),
        members=checked(about["organisation_members"], OrganisationMember),
        organisations=checked(about["organisations"], Organisation),
        matches=checked(matches, Match),
        on=week.sunday,
        moves=moves_after(experience(entries, known), listings),
        living=living(history.before("opportunities", week)),
        home=frozenset(decisions.remit(taxonomy.concepts).countries),
    )
    composed = compose(
        board,
        taxonomy,
        load_recipes(),
        options=prescribed,
        previous=None if before is None else checked(before, ConsortiumRole),
    )
    for name, rows in zip(OUTPUTS, composed.rows, strict=True):
        facts = {"dagster/row_count": rows, "options": ", ".join(prescribed.prescribed) or "none"}
        context.add_output_metadata(facts, output_name=name)
    return composed


@dg.asset(
    group_name="consortia",
    partitions_def=WEEKLY,
    owners=OWNERS,
    metadata=table_metadata(Shortage),
    description="Where supply falls short, and what blocks. One row per product and region, one per product in all.",
)
def shortages(
    consortia: pd.DataFrame,
    consortium_roles: pd.DataFrame,
    unmet_needs: pd.DataFrame,
    matches: pd.DataFrame,
    listings: pd.DataFrame,
    held_back: pd.DataFrame,
    listing_concepts: pd.DataFrame,
    listing_repeats: pd.DataFrame,
) -> dg.Output[pd.DataFrame]:
    found = find_shortages(
        checked(consortia, Consortium),
        checked(consortium_roles, ConsortiumRole),
        checked(unmet_needs, UnmetNeed),
        checked(matches, Match),
        let_through(checked(listings, Listing), checked(held_back, HeldBack)),
        checked(listing_concepts, ListingConcept),
        checked(listing_repeats, ListingRepeat),
        load_taxonomy(),
    )
    return dg.Output(found, metadata={"dagster/row_count": len(found)})


ASSETS = [composition, shortages]
