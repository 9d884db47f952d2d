"""From platforms to one table of listings: two assets a platform, then their union."""

from collections.abc import Iterator, Sequence

import dagster as dg
import pandas as pd

from assets.history import History
from assets.metadata import OWNERS, table_metadata
from assets.partitions import WEEKLY, week_of
from matching.geography import placed
from sources import PLATFORMS
from sources.listing import Listing, Quarantine, SourceState
from sources.platform import Platform
from sources.state import Access, PlatformWeek, Snapshots, pull, settle

UNIONS = {
    "listings": (Listing, "All platforms' listings as of the week's end. One row per listing."),
    "quarantine": (Quarantine, "Refused rows with field, rule and reason. One row per row and broken rule."),
    "source_states": (SourceState, "How each platform fared. One row per platform."),
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


def raw(platform: Platform) -> dg.AssetsDefinition:
    """The platform's bytes as served, kept unchanged."""

    @dg.asset(
        name=f"raw_{platform.name}",
        group_name="raw",
        partitions_def=WEEKLY,
        deps=[platform.name],
        owners=OWNERS,
        description=f"{platform.title}: what was served, kept unchanged. A failure is a result, not an error.",
    )
    def pulled(
        context: dg.AssetExecutionContext, access: dg.ResourceParam[Access], snapshots: dg.ResourceParam[Snapshots]
    ) -> pd.DataFrame:
        return pull(platform, week_of(context), access, snapshots)

    return pulled


def listings_of(platform: Platform) -> dg.AssetsDefinition:
    """The platform's listings, valid and in our shape."""

    @dg.asset(
        name=f"listings_{platform.name}",
        group_name="listings",
        partitions_def=WEEKLY,
        owners=OWNERS,
        ins={"pulled": dg.AssetIn(f"raw_{platform.name}")},
        metadata=table_metadata(Listing),
        description=f"{platform.title}: valid listings, quarantine and state as of the week's end.",
    )
    def settled(
        context: dg.AssetExecutionContext,
        pulled: pd.DataFrame,
        snapshots: dg.ResourceParam[Snapshots],
        history: dg.ResourceParam[History],
    ) -> PlatformWeek:
        week = week_of(context)
        failure = pulled["failure"].dropna()
        result = settle(
            platform,
            week,
            None if failure.empty else str(failure.iloc[0]),
            snapshots.newest_first(platform.name, week),
            history.before(f"listings_{platform.name}", week, "listings"),
        )
        context.add_output_metadata(
            {
                "dagster/row_count": len(result.listings),
                **{name: str(value) for name, value in result.state.iloc[0].items()},
            }
        )
        return result

    return settled


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
            reasons = "; ".join(f"{name}: {week.state['reason'].iloc[0]}" for name, week in weeks.items())
            raise dg.Failure(f"no platform has ever delivered anything readable ({reasons})")
        for (name, (model, _)), frames in zip(UNIONS.items(), zip(*parts, strict=True), strict=True):
            table = pd.concat(frames, ignore_index=True)
            table = model.validate(placed(table) if name == "listings" else table)
            yield dg.Output(table, output_name=name, metadata={"dagster/row_count": len(table)})

    return united


ASSETS = [
    *(source(platform) for platform in PLATFORMS),
    *(factory(platform) for platform in PLATFORMS for factory in (raw, listings_of)),
    union(PLATFORMS),
]
