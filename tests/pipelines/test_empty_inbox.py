"""An inbox that nobody fills any more is said: by the exit status of the week, and as one problem by mail."""

import email
import email.policy
import shutil
from pathlib import Path

import pytest

from sources.platforms import PLATFORMS
from tests.pipelines.conftest import Run
from tests.pipelines.mail_server import Server

FOLLOWED = ("findthemasks", "getusppe")


def test_an_inbox_that_stays_empty_is_told_as_one_problem_and_ends_the_week_with_warnings(
    run: Run, samples: Path, server: Server, certificate: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {
        "VERBUNDRADAR_ALERT_TO": "staff@a.example",
        "VERBUNDRADAR_ALERT_FROM": "radar@a.example",
        "VERBUNDRADAR_SMTP_SERVER": f"localhost:{server.port}",
        "VERBUNDRADAR_SMTP_CERTIFICATES": str(certificate),
    }.items():
        monkeypatch.setenv(name, value)
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    for platform in PLATFORMS:
        if platform.name in FOLLOWED:
            for path in (samples / "2020-W15").glob(platform.inbox_pattern):
                shutil.copy(path, inbox)
    where = ("--inbox", inbox, "--store", tmp_path / "store")
    assert run("run", "--week", "2020-W15", *where).returncode in (0, 2)
    for path in inbox.iterdir():
        path.unlink()
    server.received.clear()
    empty = run("run", "--week", "2020-W16", *where)
    assert empty.returncode == 2
    assert empty.stderr.count("2020-W16 warning: ") >= len(FOLLOWED)
    messages = [email.message_from_string(text, policy=email.policy.default) for *_, text in server.received]
    assert [message["Subject"] for message in messages].count(
        "Verbundradar, Störung: Keine einzige Quelle hat geliefert"
    ) == 1
    assert not any("keine neue Lieferung" in str(message["Subject"]) for message in messages)
