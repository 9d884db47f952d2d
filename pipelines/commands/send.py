"""``verbundradar send``: the digest of an issue over SMTP with TLS, to each reader once.

The mail lies finished beside the issue. Recipients are in the envelope only, so that none learns of the others. Who
got which message is noted in the outbox before the next one is sent: a second call sends nothing twice.
"""

import email
import email.policy
import smtplib
from email.headerregistry import Address
from email.message import EmailMessage
from hashlib import sha256
from pathlib import Path

import click

from pipelines.commands.open import issue_folder
from pipelines.mail import connected, plain_address
from pipelines.resources import default_store
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
    root = store or Path(default_store(None, None))
    path = issue_folder(root, week) / f"lagebild.{language}.eml"
    if not path.is_file():
        raise click.ClickException(f"there is no {path}")
    message = email.message_from_bytes(path.read_bytes(), _class=EmailMessage, policy=email.policy.SMTP)
    message["From"] = _address(sender)
    outbox = root / "outbox"
    waiting = [
        (recipient, note)
        for recipient in dict.fromkeys(map(str.strip, recipients))
        if not (note := _note(outbox, str(message["Message-ID"]), str(_address(recipient)))).exists()
    ]
    if waiting:
        try:
            with connected(server, certificates) as connection:
                for recipient, note in waiting:
                    connection.send_message(message, from_addr=sender, to_addrs=[recipient])
                    note.parent.mkdir(parents=True, exist_ok=True)
                    note.touch()
        except ValueError as error:
            raise click.ClickException(str(error)) from error
        except (OSError, smtplib.SMTPException) as error:
            raise click.ClickException(f"{server}: {type(error).__name__}: {error}") from error
    click.echo(f"{len(waiting)} sent, {len(set(recipients)) - len(waiting)} had it before")


def _note(outbox: Path, message_id: str, recipient: str) -> Path:
    """The mark that somebody has a message; it names nobody."""
    return outbox / "sent" / sha256(f"{message_id}\n{recipient}".encode()).hexdigest()


def _address(text: str) -> Address:
    try:
        return plain_address(text)
    except ValueError as error:
        raise click.ClickException(str(error)) from error
