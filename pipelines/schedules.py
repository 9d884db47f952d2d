"""When the jobs run by themselves."""

from datetime import date

import dagster as dg

from pipelines.jobs import daily_refresh, purge, weekly_report
from sources.week import LOCAL_TIME, Week


def _request(week: Week, day: date) -> dg.RunRequest:
    return dg.RunRequest(run_key=f"{week} {day}", partition_key=week.monday.isoformat())


@dg.schedule(job=weekly_report, cron_schedule="0 6 * * 1", execution_timezone="Europe/Berlin")
def monday_report(context: dg.ScheduleEvaluationContext) -> dg.RunRequest:
    """The last whole week, Monday at six."""
    today = context.scheduled_execution_time.astimezone(LOCAL_TIME).date()
    return _request(Week.of(today).shifted(-1), today)


@dg.schedule(job=daily_refresh, cron_schedule="0 5 * * 2-7", execution_timezone="Europe/Berlin")
def morning_refresh(context: dg.ScheduleEvaluationContext) -> dg.RunRequest:
    """The running week, every other morning at five."""
    today = context.scheduled_execution_time.astimezone(LOCAL_TIME).date()
    return _request(Week.of(today), today)


@dg.schedule(job=purge, cron_schedule="30 3 * * *", execution_timezone="Europe/Berlin")
def nightly_purge(context: dg.ScheduleEvaluationContext) -> dg.RunRequest:
    """Before the morning's refresh."""
    return dg.RunRequest(run_key=f"purge {context.scheduled_execution_time.date()}")
