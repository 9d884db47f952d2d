"""Mailboxes over IMAP, read and left as they are."""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from urllib.parse import unquote, urlsplit

from imap_tools import MailBox, MailBoxUnencrypted

from sources import limits
from sources.platform import RawDocument, Unreachable
from sources.readers.mailbox import to_mbox


class ImapClient:
    """A `Client` for mailboxes: the address ``imaps://host[:port]/FOLDER`` gives all its messages as one mbox.

    Read-only: nothing is marked as read, moved or deleted. The server must prove its name by a certificate that this
    machine trusts. ``imap://`` (no encryption) is for a server on loopback.
    server: ``imaps://host[:port]`` of a server that holds all folders, instead of the one in each address.
    """

    def __init__(self, user: str, password: str, server: str = "", timeout_seconds: float = 30.0) -> None:
        self._user = user
        self._password = password
        self._server = server
        self._timeout_seconds = timeout_seconds

    def get(self, url: str, question: str = "") -> RawDocument:
        """All messages of a folder in the order of their arrival; raises Unreachable, also for a question."""
        if question:
            raise Unreachable(f"{url}: a mailbox answers no questions")
        folder = _folder_of(url)
        with self._logged_in(url) as box:
            box.folder.set(folder, readonly=True)
            messages = [message.obj.as_bytes() for message in box.fetch(mark_seen=False, limit=limits.MESSAGES)]
        return RawDocument(f"{folder.lower()}.mbox", to_mbox(messages), url, datetime.now(UTC))

    def mark(self, url: str) -> str:
        """What changes whenever a message arrives in a folder; "" if it is empty. No message is read."""
        with self._logged_in(url) as box:
            status = box.folder.status(_folder_of(url), ["MESSAGES", "UIDNEXT", "UIDVALIDITY"])
        return f"{status['UIDVALIDITY']} {status['UIDNEXT']}" if status["MESSAGES"] else ""

    @contextmanager
    def _logged_in(self, url: str) -> Iterator[MailBox | MailBoxUnencrypted]:
        """A connection to the server of an address; whatever goes wrong with it is Unreachable."""
        parts = urlsplit(self._server or url)
        try:
            with self._connect(parts.scheme, parts.hostname or "", parts.port) as box:
                box.login(self._user, self._password, initial_folder=None)
                yield box
        except Exception as error:  # imap_tools, imaplib, ssl and socket each raise their own
            raise Unreachable(f"{parts.hostname}: {type(error).__name__}: {error}") from error

    def _connect(self, scheme: str, host: str, port: int | None) -> MailBox | MailBoxUnencrypted:
        if scheme == "imaps":
            # Without a context of our own the library would take any certificate.
            trust = ssl.create_default_context()
            return MailBox(host, port or 993, timeout=self._timeout_seconds, ssl_context=trust)
        if scheme == "imap" and host in ("127.0.0.1", "localhost", "::1"):
            return MailBoxUnencrypted(host, port or 143, timeout=self._timeout_seconds)
        raise Unreachable(f"{scheme}://{host}: mail is read encrypted, or on loopback")


def _folder_of(url: str) -> str:
    return unquote(urlsplit(url).path.strip("/")) or "INBOX"
