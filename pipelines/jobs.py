"""The jobs. In one process, as all runs: thirty small steps cost 3 s there and 36 s in a process each."""

from datetime import UTC, datetime

import dagster as dg

from pipelines.lock import only_run
from pipelines.resources import Keep, Settings
from pipelines.retention import purge
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


@dg.op(out=dg.Out(dg.Nothing))
def purge_store(
    context: dg.OpExecutionContext, keep: dg.ResourceParam[Keep], settings: dg.ResourceParam[Settings]
) -> None:
    """Remove what a store need not keep."""
    with only_run(settings.store, "purge"):
        context.log.info("%s", purge(settings.store, context.instance, keep, datetime.now(UTC)))


@dg.job(description="Remove records of old runs, and old tables that no report and no later week needs.")
def weekly_purge() -> None:
    purge_store()
