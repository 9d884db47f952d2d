"""Mail goes out over TLS only, with a login where one is set."""

import os
import smtplib
import ssl
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import Message
from pathlib import Path

from pipelines.faults import WrongSetting
from pipelines.resources import secret_of
from reports.language import LANGUAGES

SMTPS_PORT = 465  # TLS from the first byte; every other port must offer STARTTLS
_SECONDS = 30


@dataclass(frozen=True)
class MailAccess:
    """Who gets mail, and through which server; all empty where nobody does."""

    recipients: tuple[str, ...] = ()
    sender: str = ""
    server: str = ""  # HOST:PORT
    certificates: str | None = None  # authorities to trust instead of the system's
    language: str = "de"

    @classmethod
    def from_environment(cls, purpose: str) -> "MailAccess":
        """VERBUNDRADAR_<purpose>_TO, _FROM and _LANGUAGE, VERBUNDRADAR_SMTP_SERVER and _CERTIFICATES.

        purpose: ALERT or SEND. Raises WrongSetting naming what is wrong or missing.
        """
        own = f"VERBUNDRADAR_{purpose}"
        recipients = tuple(os.environ.get(f"{own}_TO", "").replace(",", " ").split())
        if not recipients:
            return cls()
        sender = os.environ.get(f"{own}_FROM", "")
        server = os.environ.get("VERBUNDRADAR_SMTP_SERVER", "")
        language = os.environ.get(f"{own}_LANGUAGE", "") or "de"
        for name, addresses in ((f"{own}_TO", recipients), (f"{own}_FROM", (sender,))):
            try:
                [plain_address(address) for address in addresses]
            except ValueError as error:
                raise WrongSetting(f"{name}: {error}") from error
        try:
            host_and_port(server)
        except ValueError as error:
            raise WrongSetting(f"VERBUNDRADAR_SMTP_SERVER: {error}") from error
        if language not in LANGUAGES:
            raise WrongSetting(f"{own}_LANGUAGE: '{language}' is none of {', '.join(LANGUAGES)}")
        certificates = os.environ.get("VERBUNDRADAR_SMTP_CERTIFICATES") or None
        if certificates and not Path(certificates).exists():
            raise WrongSetting(f"VERBUNDRADAR_SMTP_CERTIFICATES: there is no {certificates}")
        return cls(recipients, sender, server, certificates, language)

    def send(self, message: Message) -> None:
        """Send a message to all recipients; raises OSError or SMTPException."""
        with connected(self.server, self.certificates) as connection:
            connection.send_message(message, from_addr=self.sender, to_addrs=list(self.recipients))


def connected(server: str, certificates: str | None) -> smtplib.SMTP:
    """A connection that is encrypted and logged in; smtplib refuses a server without TLS.

    server: HOST:PORT. The login comes from VERBUNDRADAR_SMTP_USER and _PASSWORD. Raises ValueError for a server that is
    none or a secret that cannot be read, OSError or SMTPException.
    """
    host, port = host_and_port(server)
    context = ssl.create_default_context(cafile=certificates)
    if port == SMTPS_PORT:
        connection: smtplib.SMTP = smtplib.SMTP_SSL(host, port, timeout=_SECONDS, context=context)
    else:
        connection = smtplib.SMTP(host, port, timeout=_SECONDS)
        try:
            connection.starttls(context=context)
        except (OSError, smtplib.SMTPException):
            connection.close()
            raise
    if user := os.environ.get("VERBUNDRADAR_SMTP_USER"):
        connection.login(user, secret_of("SMTP_PASSWORD"))
    return connection


def host_and_port(server: str) -> tuple[str, int]:
    """The parts of HOST:PORT; raises ValueError."""
    host, _, port = server.rpartition(":")
    if not host or not port.isdigit():
        raise ValueError(f"'{server}' is not HOST:PORT such as mail.ministry.example:587")
    return host, int(port)


def plain_address(text: str) -> Address:
    """One address without a name; raises ValueError."""
    try:
        if any(character < " " for character in text):
            raise ValueError("control characters")
        return Address(addr_spec=text.strip())
    except (ValueError, IndexError) as error:
        raise ValueError("an address is not one plain address such as office@ministry.example") from error
