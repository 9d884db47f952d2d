"""``verbundradar statistics``: the ministry's statistics of a week or a month from the stored tables."""

from pathlib import Path

import click

from pipelines.resources import Settings
from sources.week import Week


@click.command()
@click.option("--month", "month_text", metavar="MONTH", help="What came in during a month such as 2020-04, in detail.")
@click.option("--week", "week_text", metavar="WEEK", help="The open listings of an ISO week such as 2020-W16.")
@click.option("--store", type=click.Path(path_type=Path), help="Where results are kept.")
def command(month_text: str | None, week_text: str | None, store: Path | None) -> None:
    """Write the ministry's statistics of a week or a month; the last line printed is the path of the page.

    A release that its audit could attack is not written: what was found is told, and the one before stays.
    """
    if (month_text is None) == (week_text is None):
        raise click.ClickException("name either --month or --week")
    from assets.reports import statistics_frames
    from matching.taxonomy.concepts import load_taxonomy
    from pipelines.storage import History, IssueFolder
    from reports import ministry

    settings = Settings.from_environment()
    settings = Settings(store.absolute() if store else settings.store, settings.inbox, settings.live)
    history, taxonomy = History(settings.store), load_taxonomy()
    released = IssueFolder(settings.store, "ministry_statistics")
    try:
        period = Week.parse(week_text) if week_text else ministry.Month.parse(month_text or "")
    except ValueError as error:
        raise click.ClickException(str(error)) from error
    if isinstance(period, Week):
        tables = statistics_frames(history, period.shifted(1)) | statistics_frames(history, period)
        files = {week: released.files(week, "statistics.csv").get("statistics.csv", b"") for week in tables}
        known = period in tables
    else:
        tables = statistics_frames(history, period.last_week.shifted(1))
        known = any(ministry.Month.of(week) == period for week in tables)
    if not known:
        raise click.ClickException(f"{period}: no week of it is in {settings.store}; run it first: verbundradar run")
    if isinstance(period, Week):
        made = ministry.week_release(period, tables, files, taxonomy, is_sample=settings.is_sample)
    else:
        groups = {taxonomy.group(concept) for concept in taxonomy.concepts}
        made = ministry.month_release(period, tables, taxonomy, groups, is_sample=settings.is_sample)
    if made.findings:
        raise click.ClickException("\n".join((f"{period}: not released", *made.findings)))
    folder = settings.store / "reports" / "ministry_statistics" / str(period)
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in made.files.items():
        unfinished = folder / f".{name}"
        unfinished.write_bytes(content)
        unfinished.rename(folder / name)
    click.echo(folder / "statistics.html")
