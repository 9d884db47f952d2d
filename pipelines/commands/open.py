"""``verbundradar open``: the newest Lagebild in the browser."""

import webbrowser
from pathlib import Path

import click

from pipelines.resources import store_of
from reports.language import LANGUAGES
from sources.week import Week


@click.command()
@click.option("--week", metavar="WEEK", help="ISO week such as 2020-W16; the newest unless given.")
@click.option("--language", type=click.Choice(LANGUAGES), default="de", show_default=True)
@click.option("--store", type=click.Path(path_type=Path), help="Where results are kept.")
def command(week: str | None, language: str, store: Path | None) -> None:
    """Show an issue in the browser and print its path."""
    page = issue_folder(store_of(store), week) / f"lagebild.{language}.html"
    if not page.is_file():
        raise click.ClickException(f"there is no {page}")
    webbrowser.open(page.absolute().as_uri())
    click.echo(page)


def issue_folder(store: Path, week: str | None) -> Path:
    """The folder of a week's issue, of the newest unless a week is given; raises ClickException."""
    issues = store / "reports" / "lagebild"
    if week is not None:
        try:
            return issues / str(Week.parse(week))
        except ValueError as error:
            raise click.ClickException(str(error)) from error
    weeks = [path.name for path in issues.glob("*-W*")] if issues.is_dir() else []
    if not weeks:
        raise click.ClickException(f"no issue in {issues}; make one by: verbundradar run")
    return issues / max(weeks, key=Week.parse)
