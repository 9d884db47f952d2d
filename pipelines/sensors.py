"""A green run can hide a platform that is down, and a red one nobody: both are said aloud, and mailed once."""

from datetime import UTC, date, datetime, timedelta

import dagster as dg

from pipelines.alerts import Alerts
from pipelines.jobs import daily_refresh, weekly_report
from sources.week import LOCAL_TIME, Week

DUE_AFTER = timedelta(hours=12)
"""After Monday's midnight. The weekly run starts at six; a busy queue holds it for minutes, not for hours."""
EVERY_HOUR = 3600


@dg.run_status_sensor(run_status=dg.DagsterRunStatus.SUCCESS, monitored_jobs=[weekly_report, daily_refresh])
def weekly_warnings(context: dg.RunStatusSensorContext, alerts: dg.ResourceParam[Alerts]) -> dg.SkipReason:
    """Say which checks failed in a week that came out; operators route daemon logs to where they look."""
    week = _week(context)
    if context.dagster_run.job_name == daily_refresh.name:
        alerts.refreshed(week, context.log.warning)
        return dg.SkipReason("refreshed")
    failed = failed_checks(context.instance, context.dagster_run.run_id)
    if failed:
        context.log.warning("%s came out with warnings: %s", context.partition_key, "; ".join(failed))
    alerts.week_made(week, context.log.warning)
    return dg.SkipReason("; ".join(failed) or "all checks passed")


@dg.run_failure_sensor(monitored_jobs=[weekly_report, daily_refresh])
def failed_runs(context: dg.RunFailureSensorContext, alerts: dg.ResourceParam[Alerts]) -> dg.SkipReason:
    """Say that a run failed, also one whose process was killed."""
    job = context.dagster_run.job_name
    kind = "refresh_failed" if job == daily_refresh.name else "run_failed"
    alerts.run_failed(_week(context), context.log.warning, kind)
    return dg.SkipReason(f"{job} failed")


@dg.sensor(minimum_interval_seconds=EVERY_HOUR)
def report_due(context: dg.SensorEvaluationContext, alerts: dg.ResourceParam[Alerts]) -> dg.SkipReason:
    """Say that last week's report is missing on Monday noon, whatever kept it."""
    week = last_due(datetime.now(UTC))
    alerts.report_due(week, context.log.warning)
    if alerts.has_report(week):
        return dg.SkipReason(f"{week} has its report")
    context.log.warning("%s has no report", week)
    return dg.SkipReason(f"{week} has no report")


def last_due(now: datetime) -> Week:
    """The newest week whose report should be there."""
    return Week.of((now.astimezone(LOCAL_TIME) - DUE_AFTER).date()).shifted(-1)


def failed_checks(instance: dg.DagsterInstance, run_id: str) -> list[str]:
    """Checks of a run that did not pass, as ``asset: what was seen``, in order of time."""
    entries = instance.all_logs(run_id, of_type=dg.DagsterEventType.ASSET_CHECK_EVALUATION)
    evaluations = [entry.get_dagster_event().asset_check_evaluation_data for entry in entries]
    return [
        f"{evaluation.asset_key.to_user_string()}: {evaluation.description or evaluation.check_name}"
        for evaluation in evaluations
        if not evaluation.passed
    ]


def _week(context: dg.RunStatusSensorContext) -> Week:
    return Week.of(date.fromisoformat(context.dagster_run.tags["dagster/partition"]))
