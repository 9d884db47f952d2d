"""What is watched at every platform, looked at once: the warnings and the monitor read the same rows."""

import dagster as dg
import pandas as pd

from assets.history import History
from assets.metadata import OWNERS, table_metadata
from assets.partitions import WEEKLY, week_of
from sources.listing import Listing, empty
from sources.platforms import PLATFORMS
from sources.weekly.continuity import watch_continuity
from sources.weekly.health import PlatformFinding, as_table, repeated, watch


@dg.asset(
    group_name="listings",
    partitions_def=WEEKLY,
    owners=OWNERS,
    metadata=table_metadata(PlatformFinding),
    description="What was watched at every platform and what was seen. One row per platform and check.",
)
def platform_findings(
    context: dg.AssetExecutionContext,
    source_states: pd.DataFrame,
    listings: pd.DataFrame,
    quarantine: pd.DataFrame,
    history: dg.ResourceParam[History],
) -> pd.DataFrame:
    week = week_of(context)
    past = history.before("listings", week)
    states_before = history.latest("source_states", week)
    known = past if len(past) else empty(Listing)  # the first week has none
    states = {state["platform"]: state for _, state in source_states.iterrows()}
    own, before = (dict(list(table.groupby("platform"))) for table in (listings, known))
    findings = as_table(
        [
            finding
            for platform in PLATFORMS
            if platform.name in states  # nothing is watched at a platform that is not followed
            for finding in (
                *watch(platform, states[platform.name], quarantine[quarantine["platform"] == platform.name]),
                repeated(platform, source_states, states_before),
                *watch_continuity(
                    platform, own.get(platform.name, listings[:0]), before.get(platform.name, known[:0]), week
                ),
            )
        ]
    )
    context.add_output_metadata({"dagster/row_count": len(findings), "warnings": int((~findings["passed"]).sum())})
    return findings


ASSETS = [platform_findings]
