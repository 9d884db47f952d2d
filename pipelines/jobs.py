"""The two jobs of a week, and what is deleted at night.

In one process, as all runs: thirty small steps cost 3 s there and 36 s in a process each.
"""

from datetime import UTC, datetime

import dagster as dg

from pipelines.instance import purge_runs
from pipelines.lock import only_run
from pipelines.retention import Retention, read_periods
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


@dg.op(description="Delete what has been kept as long as it may be, see docs/privacy.md.")
def delete_due(context: dg.OpExecutionContext, keeping: dg.ResourceParam[Retention]) -> None:
    now = datetime.now(UTC)
    with only_run(keeping.store, "purge"):
        counts = keeping.purge(now)
    counts["runs"] = purge_runs(keeping.store, now, read_periods(keeping.store).runs)
    context.add_output_metadata(counts)


@dg.job(name="purge", description="Delete what has been kept as long as it may be.")
def purge() -> None:
    delete_due()
