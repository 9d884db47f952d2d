"""One command switches everything on, says what is on, and what is missing for it to work."""

import os
from pathlib import Path

import pytest
from click.testing import CliRunner

from pipelines.commands.schedules import command
from pipelines.mail import MailAccess

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")  # Dagster's own records use what it gives up
NAMES = {
    "schedule": {
        "archive_of_issue",
        "mail_of_issue",
        "mirror_of_store",
        "monday_report",
        "morning_refresh",
        "nightly_purge",
    },
    "sensor": {
        "answer_arrivals",
        "decisions_usable",
        "failed_runs",
        "inbox_arrivals",
        "mailbox_arrivals",
        "refresh_due",
        "report_due",
        "weekly_warnings",
    },
}


def lines(store: Path, *arguments: str) -> tuple[int, list[str]]:
    before = dict(os.environ)
    try:
        result = CliRunner().invoke(command, [*arguments, "--store", str(store)])
    finally:
        os.environ.clear()
        os.environ.update(before)
    return result.exit_code, result.output.splitlines()


def test_all_is_switched_and_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VERBUNDRADAR_ARCHIVE", "pages")
    monkeypatch.delenv("VERBUNDRADAR_ALERT_TO", raising=False)
    monkeypatch.delenv("VERBUNDRADAR_SEND_TO", raising=False)
    assert MailAccess.from_environment("ALERT") == MailAccess()
    for arguments, word, code in (((), "off", 2), (("on",), "on", 2), (("on",), "on", 2), (("off",), "off", 0)):
        found, told = lines(tmp_path, *arguments)
        rows = [line.split(maxsplit=3) for line in told[:14]]
        assert {row[0] for row in rows} == {word}
        assert {kind: {row[2] for row in rows if row[1] == kind} for kind in NAMES} == NAMES
        assert all(len(row) == 4 for row in rows)  # each says what it does
        assert told[14:] == [
            "inbox: none (VERBUNDRADAR_INBOX is not set)",
            "archive: pages",
            "mirror: none (VERBUNDRADAR_MIRROR is not set)",
            "digest: nobody (VERBUNDRADAR_SEND_TO is not set)",
            "alerts: nobody (VERBUNDRADAR_ALERT_TO is not set)",
            "daemon: not at work, never seen; nothing starts by itself until: verbundradar dev",
        ]
        assert found == code
