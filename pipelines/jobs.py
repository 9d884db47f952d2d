"""The two jobs. In one process, as all runs: thirty small steps cost 3 s there and 36 s in a process each."""

import dagster as dg

from sources.platforms import PLATFORMS

_PLATFORM_ASSETS = [f"{stage}_{platform.name}" for platform in PLATFORMS for stage in ("raw", "listings")]

daily_refresh = dg.define_asset_job(
    "daily_refresh",
    selection=dg.AssetSelection.assets(*_PLATFORM_ASSETS),
    description="Pull every platform for the running week; nothing is reported.",
)

weekly_report = dg.define_asset_job(
    "weekly_report",
    selection=dg.AssetSelection.all(),
    description="Everything from the platforms to the three documents, for one week.",
)
