"""The variables that the program reads, and what was meant by a name that is none of them."""

from collections.abc import Iterable, Iterator
from difflib import get_close_matches

from sources.platforms import PLATFORMS

PREFIX = "VERBUNDRADAR_"
FILE = "_FILE"  # behind the name of a secret: the file in which it stands
NAMES = (
    *("STORE", "INBOX", "LIVE", "PLATFORMS", "KEYS", "ARCHIVE", "MIRROR"),
    *("POSTGRES", "POSTGRES_PASSWORD"),
    *("SMTP_SERVER", "SMTP_USER", "SMTP_PASSWORD", "SMTP_CERTIFICATES"),
    *("IMAP_SERVER", "IMAP_USER", "IMAP_PASSWORD"),
    *(f"{mail}_{part}" for mail in ("ALERT", "SEND") for part in ("TO", "FROM", "LANGUAGE")),
    *(f"ANSWERS_{part}" for part in ("TO", "MAILBOX", "KEY")),
    *(f"STATISTICS_{part}" for part in ("KEY", "PUBLISHER", "CONTRIBUTOR", "ADDRESS", "CONTACT")),
    *("VERSION", "DELIVERIES", "BACKUPS"),  # of the installation in `deploy`
    *(f"KEY_{platform.name.upper()}" for platform in PLATFORMS),
)
_ALIKE = 0.8  # "INOBX" is as much like "INBOX"


def misspelt(names: Iterable[str]) -> Iterator[str]:
    """What is wrong with names that begin as ours and are nearly one of ours: what they say would count for nothing."""
    for name in sorted(names):
        ours = name.removeprefix(PREFIX).removesuffix(FILE)
        if not name.startswith(PREFIX) or ours in NAMES:
            continue
        if meant := get_close_matches(ours, NAMES, n=1, cutoff=_ALIKE):
            yield f"{name} is not read; {PREFIX}{meant[0]} is"
