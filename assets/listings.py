"""From platforms to one table of listings: two assets a platform, then their union.

Each stage is one step for all platforms: a step of its own per platform cost a third of a second each.
"""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

import dagster as dg
import pandas as pd

from assets.decisions import Decisions
from assets.history import History
from assets.metadata import OWNERS, table_metadata
from assets.partitions import DAILY, WEEKLY, week_of
from matching.places.geography import placed
from matching.places.postcodes import with_regions
from matching.taxonomy.concepts import load_taxonomy
from sources.directory import Member
from sources.listing import Listing, Quarantine, SourceState
from sources.platform import Platform
from sources.platforms import PLATFORMS
from sources.weekly.state import Access, PlatformWeek, Snapshots, pull, settle

PULLED_AT_ONCE = 8
UNIONS = {
    "listings": (Listing, "All platforms' listings as of the week's end. One row per listing."),
    "quarantine": (Quarantine, "Refused rows with field, rule and reason. One row per row and broken rule."),
    "source_states": (SourceState, "How each platform fared. One row per platform that is followed."),
    "network_members": (Member, "Who belongs to which network. One row per entry of a directory."),
}


def source(platform: Platform) -> dg.AssetSpec:
    """The platform itself, outside of our control."""
    return dg.AssetSpec(
        platform.name,
        group_name="platforms",
        description=f"{platform.title} ({platform.operator})",
        kinds={platform.kind_of_access},
        metadata={"url": dg.MetadataValue.url(platform.url), "language": platform.language},
    )


def raw(platforms: Sequence[Platform]) -> dg.AssetsDefinition:
    """Every platform's bytes as served, kept unchanged; platforms are asked side by side."""

    @dg.multi_asset(
        name="pull",
        group_name="raw",
        partitions_def=WEEKLY,
        can_subset=True,
        outs={
            f"raw_{platform.name}": dg.AssetOut(
                is_required=False,
                owners=OWNERS,
                freshness_policy=DAILY,
                description=f"{platform.title}: what was served, kept unchanged. A failure is a result, not an error.",
            )
            for platform in platforms
        },
        internal_asset_deps={f"raw_{platform.name}": {dg.AssetKey(platform.name)} for platform in platforms},
        deps=[platform.name for platform in platforms],
    )
    def pulled(
        context: dg.AssetExecutionContext,
        access: dg.ResourceParam[Access],
        snapshots: dg.ResourceParam[Snapshots],
        decisions: dg.ResourceParam[Decisions],
    ) -> Iterator[dg.Output[pd.DataFrame]]:
        if dg.AssetKey("lagebild") in context.job_def.asset_layer.executable_asset_keys:
            _hold_decisions(decisions)
        week = week_of(context)
        wanted = [one for one in platforms if f"raw_{one.name}" in context.selected_output_names]
        with ThreadPoolExecutor(max_workers=PULLED_AT_ONCE) as pool:
            tables = pool.map(lambda platform: pull(platform, week, access, snapshots), wanted)
            for platform, table in zip(wanted, tables, strict=True):
                yield dg.Output(table, output_name=f"raw_{platform.name}", metadata=_facts(table))

    return pulled


def _hold_decisions(decisions: Decisions) -> None:
    """A mistake in a file that a report needs is told before anything is asked, not after all the work."""
    if faults := list(decisions.faults(load_taxonomy().concepts)):
        raise dg.Failure(f"no platform was asked: {'; '.join(faults)}", allow_retries=False)


def listings_of(platforms: Sequence[Platform]) -> dg.AssetsDefinition:
    """Every platform's listings, valid and in our shape."""

    @dg.multi_asset(
        name="settle",
        group_name="listings",
        partitions_def=WEEKLY,
        can_subset=True,
        ins={f"raw_{platform.name}": dg.AssetIn(f"raw_{platform.name}") for platform in platforms},
        outs={f"listings_{platform.name}": _settled_out(platform) for platform in platforms},
        internal_asset_deps={
            f"listings_{platform.name}": {dg.AssetKey(f"raw_{platform.name}")} for platform in platforms
        },
    )
    def settled(
        context: dg.AssetExecutionContext,
        snapshots: dg.ResourceParam[Snapshots],
        history: dg.ResourceParam[History],
        **pulled: pd.DataFrame,
    ) -> Iterator[dg.Output[PlatformWeek]]:
        week = week_of(context)
        for platform in platforms:
            name = f"listings_{platform.name}"
            if name in context.selected_output_names:
                result = settle(
                    platform,
                    week,
                    pulled[f"raw_{platform.name}"],
                    snapshots.newest_first(platform.name, week),
                    history.before(name, week, "listings"),
                    history.before(name, week, "state"),
                )
                rows = {"dagster/row_count": len(result.listings)}
                yield dg.Output(result, output_name=name, metadata={**rows, **_facts(result.state)})

    return settled


def _settled_out(platform: Platform) -> dg.AssetOut:
    return dg.AssetOut(
        is_required=False,
        owners=OWNERS,
        freshness_policy=DAILY,
        metadata=table_metadata(Listing),
        description=f"{platform.title}: valid listings, quarantine and state as of the week's end.",
    )


def _facts(table: pd.DataFrame) -> dict[str, str]:
    """The one row of a table as metadata; none for a platform that is not followed."""
    return {str(name): str(value) for row in table.to_dict("records") for name, value in row.items()}


def union(platforms: Sequence[Platform]) -> dg.AssetsDefinition:
    """All platforms together."""

    @dg.multi_asset(
        name="all_platforms",
        group_name="listings",
        partitions_def=WEEKLY,
        ins={platform.name: dg.AssetIn(f"listings_{platform.name}") for platform in platforms},
        outs={
            name: dg.AssetOut(description=description, owners=OWNERS, metadata=table_metadata(model))
            for name, (model, description) in UNIONS.items()
        },
    )
    def united(**weeks: PlatformWeek) -> Iterator[dg.Output[pd.DataFrame]]:
        parts = [weeks[platform.name] for platform in platforms]
        if all((part.state["state"] == "missing").all() for part in parts):
            reasons = [f"{name}: {reason}" for name, week in weeks.items() for reason in week.state["reason"]]
            told = "; ".join(reasons) or "nothing was delivered"
            raise dg.Failure(f"no platform has ever delivered anything readable ({told})")
        home_countries = {platform.name: platform.country for platform in platforms}
        for (name, (model, _)), frames in zip(UNIONS.items(), zip(*parts, strict=True), strict=True):
            table = pd.concat(frames, ignore_index=True)
            table = with_regions(placed(table, home_countries)) if name == "listings" else table
            table = model.validate(table)
            yield dg.Output(table, output_name=name, metadata={"dagster/row_count": len(table)})

    return united


ASSETS = [
    *(source(platform) for platform in PLATFORMS),
    raw(PLATFORMS),
    listings_of(PLATFORMS),
    union(PLATFORMS),
]
