"""The digest of an issue goes out by mail, to each reader once.

The mail lies finished beside the issue. Recipients are in the envelope only, so that none learns of the others. Who
got which message is noted in the outbox before the next one is sent: a second call sends nothing twice.
"""

import email
import email.policy
from email.message import EmailMessage
from hashlib import sha256
from pathlib import Path

from pipelines.mail import MailAccess, connected, plain_address


def send_issue(store: Path, issue: Path, access: MailAccess) -> int:
    """Send an issue's digest to each recipient that has not got it yet; how many that were.

    issue: its folder. Raises ValueError for what is no address or server, FileNotFoundError without a finished mail,
    OSError or SMTPException of the server.
    """
    content = (issue / f"lagebild.{access.language}.eml").read_bytes()
    message = email.message_from_bytes(content, _class=EmailMessage, policy=email.policy.SMTP)
    message["From"] = plain_address(access.sender)
    waiting = [
        (recipient, note)
        for recipient in dict.fromkeys(map(str.strip, access.recipients))
        if not (note := _note(store, str(message["Message-ID"]), str(plain_address(recipient)))).exists()
    ]
    if waiting:
        with connected(access.server, access.certificates) as connection:
            for recipient, note in waiting:
                connection.send_message(message, from_addr=access.sender, to_addrs=[recipient])
                note.parent.mkdir(parents=True, exist_ok=True)
                note.touch()
    return len(waiting)


def _note(store: Path, message_id: str, recipient: str) -> Path:
    """The mark that somebody has a message; it names nobody."""
    return store / "outbox" / "sent" / sha256(f"{message_id}\n{recipient}".encode()).hexdigest()
