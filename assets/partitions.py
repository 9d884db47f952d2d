"""One partition a week; its key is the week's Monday."""

from datetime import date

import dagster as dg

from sources.week import Week

# The running week has a partition too: the daily refresh fills it before the week is over.
WEEKLY = dg.WeeklyPartitionsDefinition(start_date="2020-03-02", timezone="Europe/Berlin", day_offset=1, end_offset=1)


def week_of(context: dg.AssetExecutionContext | dg.AssetCheckExecutionContext) -> Week:
    """The week that a run works on."""
    return Week.of(date.fromisoformat(context.partition_key))
