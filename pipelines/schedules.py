"""When the jobs run by themselves."""

from collections.abc import Callable
from datetime import date

import dagster as dg

from pipelines.jobs import WEEK_TAG, daily_refresh, purge, send_issue, weekly_report, write_archive, write_mirror
from pipelines.mirror import Mirror
from pipelines.publishing import Publishing
from sources.week import LOCAL_TIME, Week

BERLIN = "Europe/Berlin"
BY_DAY = "15 6-18 * * *"
"""Every hour from the report on, so that one that came late goes out on its day."""


def _today(context: dg.ScheduleEvaluationContext) -> date:
    return context.scheduled_execution_time.astimezone(LOCAL_TIME).date()


def _request(week: Week, day: date) -> dg.RunRequest:
    return dg.RunRequest(run_key=f"{week} {day}", partition_key=week.monday.isoformat())


def _of_last_week(
    context: dg.ScheduleEvaluationContext, is_due: Callable[[Week], bool], reason: str
) -> dg.RunRequest | dg.SkipReason:
    """Once a day while last week's issue is due, else the reason why nothing is done."""
    day = _today(context)
    week = Week.of(day).shifted(-1)
    return dg.RunRequest(run_key=f"{week} {day}", tags={WEEK_TAG: str(week)}) if is_due(week) else dg.SkipReason(reason)


@dg.schedule(
    job=weekly_report,
    cron_schedule="0 6 * * 1",
    execution_timezone=BERLIN,
    description="The last whole week, Monday at six.",
)
def monday_report(context: dg.ScheduleEvaluationContext) -> dg.RunRequest:
    return _request(Week.of(_today(context)).shifted(-1), _today(context))


@dg.schedule(
    job=daily_refresh,
    cron_schedule="0 5 * * 2-7",
    execution_timezone=BERLIN,
    description="The running week, every other morning at five.",
)
def morning_refresh(context: dg.ScheduleEvaluationContext) -> dg.RunRequest:
    return _request(Week.of(_today(context)), _today(context))


@dg.schedule(
    job=purge,
    cron_schedule="30 3 * * *",
    execution_timezone=BERLIN,
    description="What is due to go, before the morning's refresh.",
)
def nightly_purge(context: dg.ScheduleEvaluationContext) -> dg.RunRequest:
    return dg.RunRequest(run_key=f"purge {context.scheduled_execution_time.date()}")


@dg.schedule(
    job=write_archive,
    cron_schedule=BY_DAY,
    execution_timezone=BERLIN,
    description="The archive with last week's issue, when there is one; tried once a day.",
)
def archive_of_issue(
    context: dg.ScheduleEvaluationContext, publishing: dg.ResourceParam[Publishing]
) -> dg.RunRequest | dg.SkipReason:
    reason = "nothing to archive" if publishing.archive else "VERBUNDRADAR_ARCHIVE is not set"
    return _of_last_week(context, publishing.must_archive, reason)


@dg.schedule(
    job=send_issue,
    cron_schedule=BY_DAY,
    execution_timezone=BERLIN,
    description="Last week's issue to its readers, when there is one; tried once a day.",
)
def mail_of_issue(
    context: dg.ScheduleEvaluationContext, publishing: dg.ResourceParam[Publishing]
) -> dg.RunRequest | dg.SkipReason:
    reason = "nothing to send" if publishing.mail.recipients else "VERBUNDRADAR_SEND_TO is not set"
    return _of_last_week(context, publishing.must_send, reason)


@dg.schedule(
    job=write_mirror,
    cron_schedule="45 * * * *",
    execution_timezone=BERLIN,
    description="The copy of tables and reports in the bucket, when it is not up to date.",
)
def mirror_of_store(
    context: dg.ScheduleEvaluationContext, mirror: dg.ResourceParam[Mirror]
) -> dg.RunRequest | dg.SkipReason:
    if mirror.must_copy():
        return dg.RunRequest(run_key=f"mirror {context.scheduled_execution_time.isoformat()}")
    return dg.SkipReason("nothing to copy" if mirror.address else "VERBUNDRADAR_MIRROR is not set")


SCHEDULES = (monday_report, morning_refresh, archive_of_issue, mail_of_issue, mirror_of_store, nightly_purge)
