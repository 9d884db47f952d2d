"""What should have happened by now and has not: last week's report, a refresh, decisions that can be read."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import dagster as dg

from matching.taxonomy.concepts import load_taxonomy
from pipelines.alerts import Alerts
from pipelines.clock import last_due, now, running_week
from pipelines.decisions import DecisionFiles
from pipelines.jobs import daily_refresh, weekly_report
from sources.week import Week, local_day

EVERY_HOUR = 3600
REFRESHED_WITHIN = timedelta(hours=36)
"""A day and a half a day: one morning's refresh may be late, not missing."""


@dg.asset_check(asset="lagebild", name="is_there", description="The newest week whose report is due has one.")
def is_there(alerts: dg.ResourceParam[Alerts]) -> dg.AssetCheckResult:
    week = last_due()
    return dg.AssetCheckResult(
        passed=alerts.has_report(week), severity=dg.AssetCheckSeverity.WARN, metadata={"week": str(week)}
    )


@dg.sensor(
    minimum_interval_seconds=EVERY_HOUR,
    description="Say that last week's report is missing on Monday noon, whatever kept it.",
)
def report_due(context: dg.SensorEvaluationContext, alerts: dg.ResourceParam[Alerts]) -> dg.SensorResult:
    week = last_due()
    alerts.report_due(week, context.log.warning)
    has_report = alerts.has_report(week)
    if not has_report:
        context.log.warning("%s has no report", week)
    seen = f"{week} {has_report}"
    check = dg.AssetCheckEvaluation(
        asset_key=dg.AssetKey("lagebild"),
        check_name="is_there",
        passed=has_report,
        severity=dg.AssetCheckSeverity.WARN,
        metadata={"week": dg.MetadataValue.text(str(week))},
    )
    return dg.SensorResult(
        skip_reason=f"{week} has {'its' if has_report else 'no'} report",
        asset_events=[] if context.cursor == seen else [check],
        cursor=seen,
    )


@dg.sensor(
    minimum_interval_seconds=EVERY_HOUR,
    description="Say that no platform was asked for more than a day, whatever kept it.",
)
def refresh_due(context: dg.SensorEvaluationContext, alerts: dg.ResourceParam[Alerts]) -> dg.SkipReason:
    ended = max(_well_ended(context.instance), default=None)
    if ended is None:
        return dg.SkipReason("there was no run yet")
    is_late = now() - ended > REFRESHED_WITHIN
    places = [str(Week.of(local_day(ended)))] if is_late else []
    alerts.stands("refresh_missing", places, running_week(), context.log.warning)
    return dg.SkipReason(f"last asked {ended:%Y-%m-%d %H:%M} UTC")


def _well_ended(instance: dg.DagsterInstance) -> Iterator[datetime]:
    """When the newest good run of each job that asks platforms ended."""
    for job in (daily_refresh, weekly_report):
        wanted = dg.RunsFilter(job_name=job.name, statuses=[dg.DagsterRunStatus.SUCCESS])
        for record in instance.get_run_records(wanted, limit=1):
            if record.end_time is not None:
                yield datetime.fromtimestamp(record.end_time, UTC)


@dg.sensor(
    minimum_interval_seconds=EVERY_HOUR,
    description="Say that a file with decisions has a mistake, days before a report needs it.",
)
def decisions_usable(
    context: dg.SensorEvaluationContext, alerts: dg.ResourceParam[Alerts], decisions: dg.ResourceParam[DecisionFiles]
) -> dg.SkipReason:
    faults = list(decisions.faults(load_taxonomy().concepts))
    for fault in faults:
        context.log.warning(fault)
    alerts.stands("decisions", [""] if faults else [], running_week(), context.log.warning)
    return dg.SkipReason("; ".join(faults) or "all files can be read")


SENSORS = (report_due, refresh_due, decisions_usable)
