"""``verbundradar statistics``: the ministry's statistics of a week or a month from the stored tables."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipelines.resources import Settings, statistics_key, statistics_office
from pipelines.whole_files import write_whole
from sources.week import Week

if TYPE_CHECKING:
    from reports import ministry

_COURSES, _COURSE = "ministry_courses", "course.csv"  # apart from the weeks' releases, which a new run replaces


@click.command()
@click.option("--month", "month_text", metavar="MONTH", help="In detail, a month such as 2020-04.")
@click.option("--week", "week_text", metavar="WEEK", help="In total, an ISO week such as 2020-W16.")
@click.option("--perturbed", "is_perturbed", is_flag=True, help="With --week: its quarter so far by product group.")
@click.option("--store", type=click.Path(path_type=Path), help="Where results are kept.")
def command(month_text: str | None, week_text: str | None, *, is_perturbed: bool, store: Path | None) -> None:
    """Write the ministry's statistics of a week or a month; the last line printed is the path of the page.

    A release that its audit could attack is not written: what was found is told, and the one before stays.
    """
    if (month_text is None) == (week_text is None):
        raise click.ClickException("name either --month or --week")
    if is_perturbed and week_text is None:
        raise click.ClickException("--perturbed goes with --week: months are exact")
    from pipelines.storage import IssueFolder
    from reports import ministry

    settings = Settings.from_environment()
    settings = Settings(store.absolute() if store else settings.store, settings.inbox, settings.live)
    try:
        period = Week.parse(week_text) if week_text else ministry.Month.parse(month_text or "")
    except ValueError as error:
        raise click.ClickException(str(error)) from error
    if isinstance(period, Week):
        made = (_perturbed if is_perturbed else _week)(period, settings)
    else:
        made = _month(period, settings)
    if made.findings:
        raise click.ClickException("\n".join((f"{period}: not released", *made.findings)))
    folder = IssueFolder(settings.store, _COURSES if is_perturbed else "ministry_statistics").root / str(period)
    _write(folder, made.files)
    click.echo(folder / (_COURSE if is_perturbed else "statistics.html"))


def _week(week: Week, settings: Settings) -> "ministry.Checked":
    from assets.reports import statistics_frames
    from pipelines.storage import History, IssueFolder
    from reports import ministry

    history, released = History(settings.store), IssueFolder(settings.store, "ministry_statistics")
    tables = statistics_frames(history, week.shifted(1)) | statistics_frames(history, week)
    if week not in tables:
        raise click.ClickException(f"{week} is not in {settings.store}; run it first: verbundradar run")
    files = {one: released.files(one, "statistics.csv").get("statistics.csv", b"") for one in tables}
    lagebild = IssueFolder(settings.store).files(week, "lagebild.de.html").get("lagebild.de.html", b"")
    office = statistics_office()
    return ministry.week_release(week, tables, files, is_sample=settings.is_sample, office=office, lagebild=lagebild)


def _perturbed(week: Week, settings: Settings) -> "ministry.Checked":
    """The quarter's weeks up to this one, unless a month of the quarter went out in exact numbers."""
    from assets.reports import month_frames
    from matching.taxonomy.concepts import load_taxonomy
    from pipelines.storage import History, IssueFolder
    from reports import ministry

    month, released = ministry.Month.of(week), IssueFolder(settings.store, "ministry_statistics")
    tables = {one: frames for one, frames in month_frames(History(settings.store), month).items() if one <= week}
    if week not in tables:
        raise click.ClickException(f"{week} is not in {settings.store}; run it first: verbundradar run")
    exact = [one for one in month.months_of_quarter if released.files(str(one), "statistics.csv")]
    if exact:
        return ministry.Checked({}, tuple(f"{one} is released in exact numbers, {_EITHER}" for one in exact))
    try:
        secret = statistics_key()
    except ValueError as error:
        raise click.ClickException(str(error)) from error
    taxonomy = load_taxonomy()
    file = ministry.perturbed_csv(tables, taxonomy, {taxonomy.group(one) for one in taxonomy.concepts}, secret)
    return ministry.Checked({_COURSE: file.encode()}, ())


# Or exact numbers would stand beside perturbed ones of the same product groups.
_EITHER = "and a quarter has either exact months or a perturbed course"


def _month(month: "ministry.Month", settings: Settings) -> "ministry.Checked":
    from assets.reports import month_frames
    from matching.taxonomy.concepts import load_taxonomy
    from pipelines.storage import History, IssueFolder
    from reports import ministry

    released, taxonomy = IssueFolder(settings.store, "ministry_statistics"), load_taxonomy()
    tables = month_frames(History(settings.store), month)
    if not any(ministry.Month.of(week) == month for week in tables):
        raise click.ClickException(f"{month}: no week of it is in {settings.store}; run one first: verbundradar run")
    courses = [week for week in tables if IssueFolder(settings.store, _COURSES).files(week)]
    if courses:
        return ministry.Checked({}, tuple(f"the perturbed course of {week} is released, {_EITHER}" for week in courses))
    names = [*(str(week) for week in tables), *(str(one) for one in month.months_of_quarter)]
    found = {name: released.files(name, "statistics.csv").get("statistics.csv") for name in names}
    issues, page = IssueFolder(settings.store), "lagebild.de.html"
    stored = ministry.Stored(
        tables,
        {name: file for name, file in found.items() if file is not None},
        taxonomy,
        {taxonomy.group(concept) for concept in taxonomy.concepts},
        {week: issues.files(week, page).get(page, b"") for week in tables},
    )
    return ministry.month_release(month, stored, is_sample=settings.is_sample, office=statistics_office())


def _write(folder: Path, files: Mapping[str, bytes]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        write_whole(folder / name, content)
