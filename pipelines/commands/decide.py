"""``verbundradar decide``: data staff write down what came of an opportunity."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import click

from pipelines.resources import store_of


@click.command()
@click.argument("number")
@click.argument("state")
@click.option("--reason", default="", help="Of declined and closed, e.g. no_need; see docs/cases.md.")
@click.option("--note", default="", help="Free text without names of persons; contact data is masked.")
@click.option("--role", default="data_staff", show_default=True, help="Who says it: lead or data_staff.")
@click.option("--on", "day", metavar="DAY", help="ISO day on which it was said; now unless given.")
@click.option("--store", type=click.Path(path_type=Path), help="Where results are kept.")
def command(number: str, state: str, reason: str, note: str, role: str, day: str | None, store: Path | None) -> None:
    """Add to the history of NUMBER (K-2020-18-03) that it is STATE now, e.g. reached, agreed, delivered, closed."""
    from matching.cases.entries import Entry, HistoryError, is_closed_for, wrong_role, wrong_words
    from pipelines.answers.book import CaseBook
    from pipelines.answers.mails import noted

    book = CaseBook(store_of(store).absolute())
    if number not in book.numbers():
        raise click.ClickException(f"{number}: no stored week has an opportunity of this number")
    if faults := [*wrong_words(state, reason), *wrong_role(role)]:
        raise click.ClickException(f"{number}: {'; '.join(faults)}")
    entry = Entry(number, state, reason, role, "command", _moment(day, book.newest_end()), noted(note))
    try:
        before = book.entries()
    except HistoryError as error:
        raise click.ClickException(str(error)) from error
    if is_closed_for(entry._replace(said_at=max(entry.said_at, book.newest_end())), before):
        last = [one for one in before if one.opportunity_id == number][-1]
        why = f"{last.state}, {last.reason}" if last.reason else last.state
        raise click.ClickException(
            f"{number} was closed in {last.week} ({why}); what may follow: reopened, or see docs/cases.md"
        )
    added = book.add(entry)
    click.echo(f"{number} {state}: counts from {added.week} on")


def _moment(day: str | None, earliest: datetime) -> datetime:
    """Noon of a day, or now; raises ClickException for what is no day, lies ahead or in a week that was run."""
    if day is None:
        return datetime.now(UTC)
    try:
        moment = datetime.fromisoformat(f"{day}T12:00:00+00:00")
    except ValueError as error:
        raise click.ClickException(f"'{day}' is no day such as 2020-04-29") from error
    if moment > datetime.now(UTC) + timedelta(days=1):
        raise click.ClickException(f"{day} lies in the future")
    if moment < earliest:
        raise click.ClickException(
            f"{day} lies in a week that was run already; what is added now counts from {earliest:%Y-%m-%d} on"
        )
    return moment
