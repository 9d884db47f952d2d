"""One weekly run from the command line: the same job that the schedule starts, with progress and a clear end."""

import os
import re
import sys
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, redirect_stderr
from io import StringIO

import dagster as dg
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from matching.taxonomy.concepts import load_taxonomy
from pipelines.decisions import DecisionFiles
from pipelines.definitions import build
from pipelines.faults import WeekFailed, fault_in
from pipelines.instance import MACHINE_TAG, PROCESS_TAG, machine, use_dagster_home
from pipelines.memory import Memory
from pipelines.resources import Settings
from pipelines.sensors import failed_checks
from pipelines.storage import model_of
from pipelines.unchanged import Made, lost, report_of
from sources.week import Week

SILENT = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}
Event = dg.DagsterEventType
FEW_WEEKS = 8  # read in less than a second or two


def run_week(settings: Settings, week: Week) -> Made:
    """Run the week's job. Raises WeekFailed.

    Progress and warnings go to standard error; what failed after the Lagebild came out is said as a warning.
    """
    use_dagster_home(settings.store)
    job = build(settings).resolve_job_def("weekly_report")
    run_id = str(uuid.uuid4())
    with _console() as console, dg.DagsterInstance.get() as instance:
        weeks = Memory(settings.store, model_of).unremembered("listings", week)
        if weeks > FEW_WEEKS:
            _say(console, f"{week}: what {weeks} stored weeks tell is put together once; later weeks go on from there")
        with _progress(console, f"{week}", len(job.nodes)) as show:
            instance.add_event_listener(run_id, show)
            with redirect_stderr(StringIO()):  # where Dagster complains of a full disk, line by line; we say it once
                result = job.execute_in_process(
                    run_config=SILENT,
                    instance=instance,
                    partition_key=week.monday.isoformat(),
                    run_id=run_id,
                    tags={PROCESS_TAG: str(os.getpid()), MACHINE_TAG: machine()},
                    raise_on_error=False,
                )
        reasons = [_reason(event) for event in result.get_step_failure_events()]
        warnings = [*failed_checks(instance, run_id), *reasons, *_of_the_store(settings, week)]
        made = {
            event.asset_key.to_user_string(): event.step_materialization_data.materialization.metadata
            for event in result.filter_events(lambda event: event.event_type == Event.ASSET_MATERIALIZATION)
            if event.asset_key
        }
        if "lagebild" not in made:
            raise WeekFailed(f"{week}: {_why_none(reasons)}")
        said = [f"{week} warning: {warning}" for warning in warnings]
        if "rejects" in made and made["rejects"]["rows"].value:
            rows, platforms = (made["rejects"][name].value for name in ("rows", "platforms"))
            folder = settings.store / "reports" / "rejects" / str(week)
            said.append(f"{week} refused: {rows} rows of {platforms} platforms, one file for each operator: {folder}")
        for line in said:
            _say(console, line)
    return Made(report_of(settings.store, week), said, len(warnings), not reasons)


def _of_the_store(settings: Settings, week: Week) -> Iterator[str]:
    """What the week lacked, and what is decided about nothing."""
    if gone := lost(settings.store, week):
        before, names = gone[0], ", ".join(gone[1])
        yield f"of {before} the store lacks {names}; this week was made without: run {before} again, then the next"
    yield from DecisionFiles(settings.store).idle(load_taxonomy().concepts)


def _why_none(reasons: Sequence[str]) -> str:
    of_disk = next(filter(None, map(fault_in, reasons)), None)
    return of_disk or f"no Lagebild could be made: {'; '.join(reasons) or 'the run was interrupted'}"


def _say(console: Console, line: str) -> None:
    console.print(line, markup=False, highlight=False, soft_wrap=True)


def _reason(event: dg.DagsterEvent) -> str:
    error = event.step_failure_data.error
    while error is not None and error.cause is not None:
        error = error.cause
    if error is not None and error.cls_name == "DagsterExecutionInterruptedError":
        return f"{event.step_key}: the run was stopped; what was finished is kept, run the week again"
    message = " ".join((error.message if error else "").split())
    message = re.sub(r"^(\w+\.)+\w+: ", "", message)  # of which class an error is helps nobody
    return f"{event.step_key}: {message[:300]}"


@contextmanager
def _console() -> Iterator[Console]:
    """Standard error as it was before the run: Dagster redirects it while steps run.

    Signs that a terminal cannot show are written by number, as Python does there: quotation marks end no run.
    """
    with os.fdopen(os.dup(sys.stderr.fileno()), "w", errors="backslashreplace") as stream:
        yield Console(file=stream)


@contextmanager
def _progress(console: Console, title: str, steps: int) -> Iterator[Callable[[dg.EventLogEntry], None]]:
    """Show each step as it ends: a bar on a terminal, a line elsewhere. Yields the event listener."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal) as progress:
        task = progress.add_task(title, total=steps)

        def show(entry: dg.EventLogEntry) -> None:
            event = entry.dagster_event
            if event is None or event.event_type not in (Event.STEP_SUCCESS, Event.STEP_FAILURE, Event.STEP_SKIPPED):
                return
            progress.update(task, advance=1, description=f"{title} {event.step_key}")
            if not console.is_terminal:
                done, word = int(progress.tasks[0].completed), event.event_type.value.removeprefix("STEP_").lower()
                outcome = "" if event.event_type == Event.STEP_SUCCESS else f" ({word})"
                console.print(f"{title} [{done:>3}/{steps}] {event.step_key}{outcome}", markup=False, highlight=False)

        yield show
