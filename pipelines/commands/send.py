"""``verbundradar send``: the digest of an issue over SMTP with TLS, to each reader once (`pipelines.outbox`)."""

import smtplib
from pathlib import Path

import click

from pipelines.commands.open import issue_folder
from pipelines.mail import MailAccess
from pipelines.outbox import send_issue
from pipelines.resources import store_of
from reports.language import LANGUAGES


@click.command()
@click.argument("recipients", nargs=-1, required=True)
@click.option("--from", "sender", required=True, help="Address of the office that sends.")
@click.option(
    "--server", required=True, metavar="HOST:PORT", help="SMTP server; login from VERBUNDRADAR_SMTP_USER/PASSWORD."
)
@click.option(
    "--certificates", type=click.Path(exists=True), help="Certificate authorities to trust instead of the system's."
)
@click.option("--week", metavar="WEEK", help="ISO week such as 2020-W16; the newest unless given.")
@click.option("--language", type=click.Choice(LANGUAGES), default="de", show_default=True)
@click.option("--store", type=click.Path(path_type=Path), help="Where results are kept.")
def command(
    recipients: tuple[str, ...],
    sender: str,
    server: str,
    certificates: str | None,
    week: str | None,
    language: str,
    store: Path | None,
) -> None:
    """Send an issue's digest to each RECIPIENT that has not got it yet."""
    root = store_of(store)
    access = MailAccess(recipients, sender, server, certificates, language)
    try:
        sent = send_issue(root, issue_folder(root, week), access)
    except FileNotFoundError as error:
        raise click.ClickException(f"there is no {error.filename}") from error
    except ValueError as error:
        raise click.ClickException(str(error)) from error
    except (OSError, smtplib.SMTPException) as error:
        why = str(getattr(error, "strerror", None) or error)
        raise click.ClickException(
            f"the mail server {server}: {why}; look at its name and port, then call again: nobody gets it twice"
        ) from error
    click.echo(f"{sent} sent, {len(set(recipients)) - sent} had it before")
