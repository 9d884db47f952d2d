"""What happens to a finished issue by itself, if that is wanted: it is archived, and mailed to its readers once."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from pipelines.faults import WrongSetting
from pipelines.lock import only_run
from pipelines.mail import MailAccess
from pipelines.outbox import send_issue
from pipelines.site import is_older, write_site
from sources.week import Week

ARCHIVES = ("pages", "pdf")


@dataclass(frozen=True)
class Publishing:
    """What is wanted for the issues of one store; by default nothing."""

    store: Path
    archive: str = ""  # one of `ARCHIVES`; "": no archive
    mail: MailAccess = MailAccess()  # noqa: RUF009 - frozen

    @classmethod
    def from_environment(cls, store: Path) -> "Publishing":
        """VERBUNDRADAR_ARCHIVE and what `MailAccess` reads for SEND; raises WrongSetting naming what is wrong."""
        archive = os.environ.get("VERBUNDRADAR_ARCHIVE", "")
        if archive and archive not in ARCHIVES:
            raise WrongSetting(f"VERBUNDRADAR_ARCHIVE: '{archive}' is none of {', '.join(ARCHIVES)}")
        return cls(store, archive, MailAccess.from_environment("SEND"))

    def must_archive(self, week: Week) -> bool:
        """Whether an archive is wanted and older than a week's issue."""
        page = self._issue(week) / "lagebild.de.html"
        index = self._issue(week).with_name("index.html")
        return bool(self.archive) and page.exists() and is_older(index, page)

    def write_archive(self, tell: Callable[[str], object]) -> Path:
        """Bring the archive up to date; the path of its index. Raises Busy, HoldsContacts, NoIssue."""
        with only_run(self.store, "archive"):
            return write_site(self.store, tell, with_pdf=self.archive == "pdf")

    def must_send(self, week: Week) -> bool:
        """Whether readers wait for a week's issue. What is sent later, as a correction, somebody must want to send."""
        mail = self._issue(week) / f"lagebild.{self.mail.language}.eml"
        return bool(self.mail.recipients) and mail.exists() and not self._sent(week).exists()

    def send(self, week: Week) -> int:
        """Send a week's issue to all who have not got it; how many that were. Raises as `send_issue`."""
        sent = send_issue(self.store, self._issue(week), self.mail)
        self._sent(week).parent.mkdir(parents=True, exist_ok=True)
        self._sent(week).touch()
        return sent

    def _issue(self, week: Week) -> Path:
        return self.store / "reports" / "lagebild" / str(week)

    def _sent(self, week: Week) -> Path:
        return self.store / "outbox" / "issues" / str(week)
