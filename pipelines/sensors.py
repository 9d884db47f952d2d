"""A green run can hide a platform that is down: the weekly run's warnings are said aloud."""

import dagster as dg

from pipelines.jobs import weekly_report


@dg.run_status_sensor(run_status=dg.DagsterRunStatus.SUCCESS, monitored_jobs=[weekly_report])
def weekly_warnings(context: dg.RunStatusSensorContext) -> dg.SkipReason:
    """Say which checks failed in a week that came out; operators route daemon logs to where they look."""
    failed = failed_checks(context.instance, context.dagster_run.run_id)
    if failed:
        context.log.warning("%s came out with warnings: %s", context.partition_key, "; ".join(failed))
    return dg.SkipReason("; ".join(failed) or "all checks passed")


def failed_checks(instance: dg.DagsterInstance, run_id: str) -> list[str]:
    """Checks of a run that did not pass, as ``asset: what was seen``, in order of time."""
    entries = instance.all_logs(run_id, of_type=dg.DagsterEventType.ASSET_CHECK_EVALUATION)
    evaluations = [entry.get_dagster_event().asset_check_evaluation_data for entry in entries]
    return [
        f"{evaluation.asset_key.to_user_string()}: {evaluation.description or evaluation.check_name}"
        for evaluation in evaluations
        if not evaluation.passed
    ]
