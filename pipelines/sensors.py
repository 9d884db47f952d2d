"""A green run can hide a platform that is down, and a red one nobody: both are said aloud, and mailed once."""

from typing import Any

import dagster as dg

from pipelines.alerts import Alerts
from pipelines.jobs import daily_refresh, send_issue, week_of_tags, weekly_report, write_archive, write_mirror
from reports.alerts import Problem

# Job -> the problem that its failure is, and whether there is one for each week.
FAILURES = {
    weekly_report.name: ("run_failed", True),
    daily_refresh.name: ("refresh_failed", True),
    write_archive.name: ("archive_failed", False),
    send_issue.name: ("send_failed", True),
    write_mirror.name: ("mirror_failed", False),
}
JOBS: list[Any] = [
    weekly_report,
    daily_refresh,
    write_archive,
    send_issue,
    write_mirror,
]


@dg.run_status_sensor(
    run_status=dg.DagsterRunStatus.SUCCESS,
    monitored_jobs=JOBS,
    description="Say which checks failed in a week that came out; operators route daemon logs to where they look.",
)
def weekly_warnings(context: dg.RunStatusSensorContext, alerts: dg.ResourceParam[Alerts]) -> dg.SkipReason:
    run = context.dagster_run
    week = week_of_tags(run.tags)
    if run.job_name == daily_refresh.name:
        alerts.refreshed(week, context.log.warning)
    elif run.job_name != weekly_report.name:
        alerts.gone(_failure(run), week, context.log.warning)
    else:
        failed = failed_checks(context.instance, run.run_id)
        if failed:
            context.log.warning("%s came out with warnings: %s", context.partition_key, "; ".join(failed))
        alerts.week_made(week, context.log.warning)
        return dg.SkipReason("; ".join(failed) or "all checks passed")
    return dg.SkipReason(f"{run.job_name} went well")


@dg.run_failure_sensor(monitored_jobs=JOBS, description="Say that a run failed, also one whose process was killed.")
def failed_runs(context: dg.RunFailureSensorContext, alerts: dg.ResourceParam[Alerts]) -> dg.SkipReason:
    run = context.dagster_run
    alerts.found(_failure(run), week_of_tags(run.tags), context.log.warning)
    return dg.SkipReason(f"{run.job_name} failed")


def _failure(run: dg.DagsterRun) -> Problem:
    kind, is_weekly = FAILURES[run.job_name]
    return Problem(kind, str(week_of_tags(run.tags)) if is_weekly else "")


def failed_checks(instance: dg.DagsterInstance, run_id: str) -> list[str]:
    """Checks of a run that did not pass, as ``asset: what was seen``, in order of time."""
    entries = instance.all_logs(run_id, of_type=dg.DagsterEventType.ASSET_CHECK_EVALUATION)
    evaluations = [entry.get_dagster_event().asset_check_evaluation_data for entry in entries]
    return [
        f"{evaluation.asset_key.to_user_string()}: {evaluation.description or evaluation.check_name}"
        for evaluation in evaluations
        if not evaluation.passed
    ]


SENSORS = (weekly_warnings, failed_runs)
