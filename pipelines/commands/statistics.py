"""``verbundradar statistics``: the ministry's statistics of a week from the stored tables."""

from pathlib import Path

import click

from pipelines.resources import Settings, statistics_office
from pipelines.whole_files import write_whole
from sources.week import Week


@click.command()
@click.option("--week", "week_text", metavar="WEEK", required=True, help="An ISO week such as 2020-W16.")
@click.option("--store", type=click.Path(path_type=Path), help="Where results are kept.")
def command(week_text: str, store: Path | None) -> None:
    """Write the ministry's statistics of a week; the last line printed is the path of the page.

    A release that its audit could attack is not written: what was found is told, and the one before stays.
    """
    from assets.reports import statistics_frames
    from pipelines.storage import History, IssueFolder
    from reports import ministry

    settings = Settings.from_environment()
    settings = Settings(store.absolute() if store else settings.store, settings.inbox, settings.live)
    try:
        week, office = Week.parse(week_text), statistics_office()
    except ValueError as error:
        raise click.ClickException(str(error)) from error
    history, released = History(settings.store), IssueFolder(settings.store, "ministry_statistics")
    tables = statistics_frames(history, week.shifted(1)) | statistics_frames(history, week)
    if week not in tables:
        raise click.ClickException(f"{week} is not in {settings.store}; run it first: verbundradar run")
    files = {one: released.files(one, "statistics.csv").get("statistics.csv", b"") for one in tables}
    lagebild = IssueFolder(settings.store).files(week, "lagebild.de.html").get("lagebild.de.html", b"")
    made = ministry.week_release(week, tables, files, is_sample=settings.is_sample, office=office, lagebild=lagebild)
    if made.findings:
        raise click.ClickException("\n".join((f"{week}: not released", *made.findings)))
    folder = released.root / str(week)
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in made.files.items():
        write_whole(folder / name, content)
    click.echo(folder / "statistics.html")
