"""``verbundradar schedules``: switch everything on that runs by itself, and say what is on."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from pipelines.commands.run import settings_of, where
from pipelines.mail import MailAccess
from pipelines.publishing import Publishing
from pipelines.resources import VARIABLES, Settings, mirror_address
from sources.week import LOCAL_TIME

if TYPE_CHECKING:
    from pipelines.automation import Automatic


@click.command()
@click.argument("state", type=click.Choice(["on", "off"]), required=False)
@where
def command(state: str | None, **options: Any) -> None:
    """Switch all schedules and sensors of a store on or off, or only say what is on.

    The exit status is 0 if all are on and their daemon works, 2 if not.
    """
    settings = settings_of(**options)
    import dagster as dg  # only once the options are known to be good

    from pipelines.automation import IS_ALIVE, automatic, daemon_seen_at, repository, switch
    from pipelines.instance import use_dagster_home

    use_dagster_home(settings.store)
    for name in VARIABLES:
        os.environ.pop(name, None)
    os.environ |= settings.environment()  # the definitions read them
    with dg.DagsterInstance.get() as instance:
        definitions = repository(instance)
        if state:
            switch(instance, definitions, on=state == "on")
        found, seen_at = automatic(instance, definitions), daemon_seen_at(instance)
    for line in (*_table(found), *_wanted(settings), _of_daemon(seen_at)):
        click.echo(line)
    is_alive = seen_at is not None and datetime.now(UTC) - seen_at <= IS_ALIVE
    if state != "off" and not (is_alive and all(one.is_on for one in found)):
        raise click.exceptions.Exit(2)


def _table(found: "list[Automatic]") -> Iterator[str]:
    width = max(len(one.name) for one in found)
    for one in found:
        yield f"{'on ' if one.is_on else 'off'}  {one.kind:<8}  {one.name:<{width}}  {one.does}"


def _wanted(settings: Settings) -> Iterator[str]:
    """What is set for those that do nothing unless something is set."""
    publishing, told = Publishing.from_environment(settings.store), MailAccess.from_environment("ALERT")
    inbox = settings.inbox or "none (VERBUNDRADAR_INBOX is not set)"
    yield f"inbox: {inbox}"
    yield f"archive: {publishing.archive or 'none (VERBUNDRADAR_ARCHIVE is not set)'}"
    yield f"mirror: {mirror_address() or 'none (VERBUNDRADAR_MIRROR is not set)'}"
    for name, access, variable in (("digest", publishing.mail, "SEND"), ("alerts", told, "ALERT")):
        yield f"{name}: {len(access.recipients) or f'nobody (VERBUNDRADAR_{variable}_TO is not set)'}"


def _of_daemon(seen_at: datetime | None) -> str:
    from pipelines.automation import IS_ALIVE

    if seen_at is not None and datetime.now(UTC) - seen_at <= IS_ALIVE:
        return "daemon: at work"
    last = f"last seen {seen_at.astimezone(LOCAL_TIME):%Y-%m-%d %H:%M}" if seen_at else "never seen"
    return f"daemon: not at work, {last}; nothing starts by itself until: verbundradar dev"
