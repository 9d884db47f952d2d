"""One partition a week; its key is the week's Monday. How often something must be made is said without partitions."""

from datetime import date, timedelta

import dagster as dg

from sources.week import Week

# The running week has a partition too: the daily refresh fills it before the week is over.
WEEKLY = dg.WeeklyPartitionsDefinition(start_date="2020-03-02", timezone="Europe/Berlin", day_offset=1, end_offset=1)

# Policies know no partitions: they say that anything ran, a check of its own that last week's report is there.
DAILY = dg.FreshnessPolicy.time_window(timedelta(hours=36), warn_window=timedelta(hours=26))
EVERY_WEEK = dg.FreshnessPolicy.time_window(timedelta(days=8), warn_window=timedelta(days=7, hours=6))


def week_of(context: dg.AssetExecutionContext | dg.AssetCheckExecutionContext) -> Week:
    """The week that a run works on."""
    return Week.of(date.fromisoformat(context.partition_key))
