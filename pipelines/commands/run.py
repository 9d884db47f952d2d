"""``verbundradar run``: the weekly job for one or more weeks, through Dagster's own API."""

import re
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pipelines.faults import WeekFailed, store_fault
from pipelines.lock import WAIT_SECONDS, Busy, only_run
from pipelines.mail import MailAccess
from pipelines.publishing import Publishing
from pipelines.resources import Settings, check_environment, default_store, sample_weeks, store_of
from sources.platforms import PLATFORMS
from sources.week import LOCAL_TIME, Week

if TYPE_CHECKING:
    from pipelines.alerts import Alerts
    from pipelines.unchanged import Made

WITH_WARNINGS = 2  # exit status; 1 is that no report was made, also for a wrong call

WHERE = (
    click.option("--inbox", type=click.Path(path_type=Path), help="Folder with one export per platform."),
    click.option("--live", metavar="URL", help="Pull over HTTP; every platform below this base address."),
    click.option("--store", type=click.Path(path_type=Path), help="Where results are kept."),
    click.option(
        "--platform",
        "platforms",
        multiple=True,
        type=click.Choice([platform.name for platform in PLATFORMS]),
        metavar="NAME",
        help="Follow this platform; repeat for several. By default all, exports from their first delivery on.",
    ),
)


def where(command: Callable[..., None]) -> Callable[..., None]:
    """The options of `settings_of`, for commands that work on a store."""
    for option in reversed(WHERE):
        command = option(command)
    return command


def settings_of(inbox: Path | None, live: str | None, store: Path | None, platforms: tuple[str, ...]) -> Settings:
    """Where listings come from and results go; raises ClickException for a wrong call.

    The environment says it where none of store, inbox and address is given; it may speak of another store.
    """
    if inbox is not None and live is not None:
        raise click.ClickException("--inbox and --live exclude each other")
    try:
        said = Settings.from_environment()
        check_environment()
        MailAccess.from_environment("ALERT")
        Publishing.from_environment(Path())
    except ValueError as error:
        raise click.ClickException(str(error)) from error
    if inbox is None and live is None and store is None:
        if said.inbox is not None and said.live is not None:
            raise click.ClickException("VERBUNDRADAR_INBOX and VERBUNDRADAR_LIVE exclude each other; set one of them")
        settings = replace(said, platforms=platforms or said.platforms)
    else:
        store = store_of(store or Path(default_store(str(inbox) if inbox else None, live)))
        settings = Settings(store.absolute(), inbox.absolute() if inbox else None, live, platforms)
    if settings.inbox is not None and not settings.inbox.is_dir():
        raise click.ClickException(f"the inbox {inbox or settings.inbox} is not a folder")
    if settings.live and not re.match(r"https?://[^\s/]", settings.live):
        raise click.ClickException(f"the live address '{settings.live}' is none such as https://radar.example/")
    return settings


@click.command()
@click.option("--week", "weeks", metavar="WEEK", help="ISO week such as 2020-W16, or a range 2020-W14..2020-W16.")
@click.option(
    "--wait",
    default=WAIT_SECONDS,
    show_default=True,
    type=click.IntRange(0),
    metavar="SECONDS",
    help="How long to wait for another run in the same store.",
)
@click.option("--anew", is_flag=True, help="Calculate a week again though nothing that it follows from has changed.")
@where
def command(weeks: str | None, wait: int, anew: bool, **options: Any) -> None:
    """Run a week from the platforms to the finished Lagebild.

    Without options the shipped sample platforms are run for their last two weeks. The last line printed is the path of
    the finished Lagebild. A week stays as it is if nothing has changed that it follows from. The exit status is 0, or 2
    if a week came out with warnings, or 1 if one did not come out.
    """
    settings = settings_of(**options)
    chosen = _chosen(weeks, settings)
    from pipelines.seal import hold_key
    from pipelines.unchanged import stamped, unchanged

    later = [week for week in stamped(settings.store) if week > chosen[-1]]
    if anew or not all(unchanged(settings, week) for week in chosen):
        _hold_decisions(settings, chosen[0])
    try:
        with only_run(settings.store, f"run {'..'.join(sorted({str(chosen[0]), str(chosen[-1])}))}", wait, _say):
            hold_key(settings.store)
            made = [_run_and_tell(settings, week, is_anew=anew) for week in chosen]
    except (Busy, WeekFailed) as error:
        raise click.ClickException(str(error)) from error
    except Exception as error:
        if told := store_fault(error):
            raise click.ClickException(told) from None
        raise
    _tell_outdated([week for week in later if week not in stamped(settings.store)])
    click.echo(made[-1].report)
    if any(week.warnings for week in made):
        sys.exit(WITH_WARNINGS)


def _tell_outdated(weeks: Sequence[Week]) -> None:
    """Say which later weeks followed from what has changed now."""
    if weeks:
        span = "..".join(sorted({str(weeks[0]), str(weeks[-1])}))
        _say(f"{span}: made before what has changed now; to bring up to date: verbundradar run --week {span}")


def _hold_decisions(settings: Settings, week: Week) -> None:
    """Raise ClickException for decision files that cannot be used, and tell of it."""
    from matching.taxonomy.concepts import load_taxonomy
    from pipelines.decisions import DecisionFiles

    decisions = DecisionFiles(settings.store)
    if faults := [*decisions.faults(load_taxonomy().concepts), *decisions.verdict_faults()]:
        _alerts(settings).run_failed(week, _say)
        raise click.ClickException("\n".join(faults))


def _run_and_tell(settings: Settings, week: Week, *, is_anew: bool) -> "Made":
    """A week as an earlier run made it, if nothing has changed since; else run it.

    Who is told by mail hears of a failure at once, of the week's problems when it has come out.
    """
    from pipelines.unchanged import unchanged

    if not is_anew and (known := unchanged(settings, week)):
        _say(f"{week}: nothing has changed since it was made; its documents stay as they are")
        for line in known.said:
            _say(line)
        if MailAccess.from_environment("ALERT").recipients:  # a mail may have failed before
            _alerts(settings).week_made(week, _say)
        return known
    alerts = _alerts(settings)
    try:
        made = _run(settings, week)
    except Exception:
        alerts.run_failed(week, _say)
        raise
    if made.is_whole:
        alerts.week_made(week, _say)
    else:
        alerts.run_failed(week, _say)
    return made


def _run(settings: Settings, week: Week) -> "Made":
    """Run a week and note what it followed from."""
    # Dagster: only once it is known to be needed.
    from pipelines.unchanged import inputs_of, keep
    from pipelines.weekly import run_week

    inputs = inputs_of(settings, week)
    made = run_week(settings, week)
    keep(settings, week, inputs, made)
    return made


def _alerts(settings: Settings) -> "Alerts":
    from pipelines.alerts import Alerts

    return Alerts(settings.store, MailAccess.from_environment("ALERT"))


def _say(line: str) -> None:
    click.echo(line, err=True)


def _chosen(weeks: str | None, settings: Settings) -> list[Week]:
    """The weeks asked for, in order; raises ClickException for what is not a week or not over yet."""
    last_whole = Week.of(datetime.now(UTC).astimezone(LOCAL_TIME).date()).shifted(-1)
    if weeks is None:
        return sample_weeks() if settings.is_sample else [last_whole]
    first, _, last = weeks.partition("..")
    try:
        week, end = Week.parse(first), Week.parse(last or first)
    except ValueError as error:
        raise click.ClickException(str(error)) from error
    if not Week(2020, 10) <= week <= end <= last_whole:
        raise click.ClickException(f"{weeks}: weeks run from 2020-W10 to {last_whole}, the last whole week")
    chosen = [week]
    while chosen[-1] < end:
        chosen.append(chosen[-1].shifted(1))
    return chosen
