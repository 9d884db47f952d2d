"""A finished issue is archived and mailed by itself once, if that is wanted."""

import os
import time
from datetime import datetime
from pathlib import Path

import dagster as dg
import pytest

from pipelines.jobs import WEEK_TAG, send_issue
from pipelines.mail import MailAccess
from pipelines.publishing import Publishing
from pipelines.schedules import archive_of_issue, mail_of_issue
from sources.week import LOCAL_TIME, Week
from tests.pipelines.mail_server import Server
from tests.pipelines.test_send import store as store

WEEK = Week(2020, 17)
MONDAY = datetime(2020, 4, 27, 7, 15, tzinfo=LOCAL_TIME)


def asked(schedule: dg.ScheduleDefinition, publishing: Publishing) -> list[str]:
    """The weeks that a schedule asks for on a Monday."""
    context = dg.build_schedule_context(scheduled_execution_time=MONDAY, resources={"publishing": publishing})
    return [request.tags[WEEK_TAG] for request in schedule.evaluate_tick(context).run_requests or ()]


def test_nothing_happens_unless_it_is_wanted(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("VERBUNDRADAR_ARCHIVE", "VERBUNDRADAR_SEND_TO"):
        monkeypatch.delenv(name, raising=False)
    publishing = Publishing.from_environment(store)
    assert publishing == Publishing(store)
    assert asked(archive_of_issue, publishing) == asked(mail_of_issue, publishing) == []


def test_an_issue_is_mailed_once_and_asked_for_until_it_is(store: Path, server: Server, certificate: Path) -> None:
    mail = MailAccess(("a@x.example",), "office@a.example", "localhost:1", str(certificate))
    broken, working = (
        Publishing(store, mail=MailAccess(mail.recipients, mail.sender, address, mail.certificates))
        for address in ("localhost:1", f"localhost:{server.port}")
    )
    with dg.DagsterInstance.ephemeral() as instance:
        for publishing, is_well in ((broken, False), (working, True), (working, True)):
            assert asked(mail_of_issue, publishing) == ([] if server.received else [str(WEEK)])
            done = send_issue.execute_in_process(
                instance=instance,
                resources={"publishing": publishing},
                tags={WEEK_TAG: str(WEEK)},
                raise_on_error=False,
            )
            assert done.success == is_well
    assert [recipient for _, recipient, _ in server.received] == ["a@x.example"]


def test_the_archive_is_asked_for_while_it_is_older_than_the_issue(store: Path) -> None:
    issue = store / "reports" / "lagebild" / str(WEEK)
    publishing = Publishing(store, "pages")
    assert asked(archive_of_issue, publishing) == []  # no issue
    (issue / "lagebild.de.html").touch()
    assert asked(archive_of_issue, publishing) == [str(WEEK)]
    (issue.parent / "index.html").touch()
    assert asked(archive_of_issue, publishing) == []
    os.utime(issue / "lagebild.de.html", (time.time() + 60, time.time() + 60))
    assert asked(archive_of_issue, publishing) == [str(WEEK)]


def test_an_archive_of_an_unknown_kind_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VERBUNDRADAR_ARCHIVE", "yes")
    with pytest.raises(ValueError, match="VERBUNDRADAR_ARCHIVE: 'yes' is none of pages, pdf"):
        Publishing.from_environment(Path())
