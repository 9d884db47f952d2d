"""What arrives starts what it makes due: a file in the inbox, a mail in a mailbox.

A delivery is complete when two looks in a row see the same: what still grows, or goes on arriving, is left for the
next. What was taken once is not taken again before it changes.
"""

import json
from collections.abc import Callable, Collection, Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

import dagster as dg

from pipelines.alerts import Alerts
from pipelines.answers.book import CaseBook
from pipelines.clock import last_due, now, running_week
from pipelines.jobs import collect_answers, daily_refresh, weekly_report
from pipelines.resources import PlatformAccess
from pipelines.storage import History
from sources.access.inbox import mark_of_export
from sources.platform import Unreachable
from sources.platforms import PLATFORMS

EVERY_MINUTE = 60
EVERY_QUARTER = 900


class Arrived(NamedTuple):
    """What a look found: the state to go on from, and whose delivery is complete and new."""

    cursor: str
    names: tuple[str, ...]
    mark: str  # of all that is new


def look(cursor: str | None, marks: Mapping[str, str]) -> Arrived:
    """Compare what lies there now with the look before and with what was taken; an empty mark is nothing."""
    kept = json.loads(cursor or '{"before": {}, "taken": {}}')
    names = tuple(
        name
        for name, mark in sorted(marks.items())
        if mark and mark == kept["before"].get(name) and mark != kept["taken"].get(name)
    )
    taken = {**kept["taken"], **{name: marks[name] for name in names}}
    together = sha256("".join(marks[name] for name in names).encode()).hexdigest()[:12]
    return Arrived(json.dumps({"before": dict(marks), "taken": taken}), names, together)


@dg.sensor(
    jobs=[daily_refresh, weekly_report],
    minimum_interval_seconds=EVERY_MINUTE,
    description="A new file makes its platform's refresh due, and last week's report if that lacks it.",
)
def inbox_arrivals(
    context: dg.SensorEvaluationContext,
    access: dg.ResourceParam[PlatformAccess],
    alerts: dg.ResourceParam[Alerts],
    history: dg.ResourceParam[History],
) -> dg.SensorResult | dg.SkipReason:
    inbox = access.settings.inbox
    if inbox is None:
        return dg.SkipReason("no inbox is set")
    arrived = look(context.cursor, _marks(inbox, access.followed))
    return dg.SensorResult(run_requests=[*_due(arrived, alerts, history)], cursor=arrived.cursor)


def _marks(inbox: Path, followed: Collection[str]) -> dict[str, str]:
    return {
        platform.name: mark_of_export(platform, inbox)
        for platform in PLATFORMS
        if not followed or platform.name in followed
    }


def _due(arrived: Arrived, alerts: Alerts, history: History) -> Iterator[dg.RunRequest]:
    """Last week's report if it is missing, or on its day if it lacks what arrived; then this week's refresh."""
    if not arrived.names:
        return
    last, due = running_week().shifted(-1), last_due()
    states = history.stored("source_states", last) if last.shows(now()) else None
    fresh = () if states is None else states.loc[states["state"] == "fresh", "platform"]
    again = last if states is not None and not set(arrived.names) <= set(fresh) else None
    if week := again if alerts.has_report(due) else due:
        yield dg.RunRequest(
            run_key=f"report {week} {arrived.mark}", job_name=weekly_report.name, partition_key=week.monday.isoformat()
        )
    yield _refresh(arrived)


def _refresh(arrived: Arrived) -> dg.RunRequest:
    return dg.RunRequest(
        run_key=f"refresh {running_week()} {arrived.mark}",
        job_name=daily_refresh.name,
        partition_key=running_week().monday.isoformat(),
        asset_selection=[dg.AssetKey(f"{stage}_{name}") for name in arrived.names for stage in ("raw", "listings")],
    )


def _mail_in(
    cursor: str | None, marks: Callable[[], Mapping[str, str]], request: Callable[[Arrived], dg.RunRequest]
) -> dg.SensorResult | dg.SkipReason:
    """A request for the mail that is complete and new, or the reason why a mailbox cannot be read."""
    try:
        arrived = look(cursor, marks())
    except Unreachable as error:
        return dg.SkipReason(f"a mailbox cannot be read: {error}")
    return dg.SensorResult(run_requests=[request(arrived)] if arrived.names else [], cursor=arrived.cursor)


@dg.sensor(
    job=daily_refresh,
    minimum_interval_seconds=EVERY_QUARTER,
    description="A new mail makes the refresh of the platform that it is for due.",
)
def mailbox_arrivals(
    context: dg.SensorEvaluationContext, access: dg.ResourceParam[PlatformAccess]
) -> dg.SensorResult | dg.SkipReason:
    return _mail_in(context.cursor, access.mailbox_marks, _refresh)


# Named, not handed over: Dagster copies sensors of jobs that need resources, and warns of it.
@dg.sensor(
    job_name=collect_answers.name,
    minimum_interval_seconds=EVERY_QUARTER,
    description="An answer to an issue is taken when it comes, not with the next report.",
)
def answer_arrivals(
    context: dg.SensorEvaluationContext, answers: dg.ResourceParam[CaseBook]
) -> dg.SensorResult | dg.SkipReason:
    return _mail_in(
        context.cursor,
        lambda: {"answers": answers.access.mailbox_mark()},
        lambda arrived: dg.RunRequest(run_key=f"answers {arrived.mark}"),
    )


SENSORS = (inbox_arrivals, mailbox_arrivals, answer_arrivals)
