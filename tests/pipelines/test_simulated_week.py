"""Seven days of twenty platforms with faults, as the daemon lives them: each refresh, alarm and recovery once.

The daemon is Dagster's own (`tests.pipelines.daemon`), the platforms are those of `verbundradar simulate`, mail goes
over TLS; only the clock is set. Tuesday to Monday; two looks a day stand for the thousands of a real one, of which
those in between find nothing to do: the second one on Tuesday shows it.
"""

import email
import email.policy
import threading
from collections import Counter
from collections.abc import Collection, Iterator
from datetime import UTC, datetime
from pathlib import Path

import dagster as dg
import pytest

from sources.platforms import PLATFORMS
from sources.samples.server import SampleServer
from sources.week import LOCAL_TIME, Week
from tests.pipelines.conftest import Run
from tests.pipelines.daemon import Daemon, daemon
from tests.pipelines.mail_server import Server

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")  # Dagster's daemon uses what Dagster gives up

WEEK = Week(2020, 16)
STAFF, READER = "staff@a.example", "lead@b.example"


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """A moment of April 2020 in Berlin; the 14th is a Tuesday."""
    return datetime(2020, 4, day, hour, minute, tzinfo=LOCAL_TIME)


@pytest.fixture
def platforms() -> Iterator[SampleServer]:
    server = SampleServer(WEEK)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def store(
    tmp_path: Path, platforms: SampleServer, server: Server, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> Path:
    """A store whose last report was made last week, elsewhere; its settings stand in the environment."""
    report = tmp_path / "reports" / "lagebild" / str(WEEK.shifted(-1)) / "lagebild.html"
    report.parent.mkdir(parents=True)
    report.touch()
    for name, value in {
        "DAGSTER_HOME": str(tmp_path / "dagster"),
        "VERBUNDRADAR_STORE": str(tmp_path),
        "VERBUNDRADAR_LIVE": platforms.base_url,
        "VERBUNDRADAR_ALERT_TO": STAFF,
        "VERBUNDRADAR_ALERT_FROM": "radar@a.example",
        "VERBUNDRADAR_SEND_TO": READER,
        "VERBUNDRADAR_SEND_FROM": "radar@a.example",
        "VERBUNDRADAR_SMTP_SERVER": f"localhost:{server.port}",
        "VERBUNDRADAR_SMTP_CERTIFICATES": str(certificate),
    }.items():
        monkeypatch.setenv(name, value)
    for name in ("VERBUNDRADAR_INBOX", "VERBUNDRADAR_PLATFORMS", "VERBUNDRADAR_IMAP_SERVER", "VERBUNDRADAR_ARCHIVE"):
        monkeypatch.delenv(name, raising=False)
    # Records are purged by the real clock: those of the clock that is set back would be six years old.
    (tmp_path / "retention.yaml").write_text("runs: 5000\n", "utf-8")
    return tmp_path


class World:
    """What happens outside while the daemon looks."""

    def __init__(self, platforms: SampleServer, mail: Server) -> None:
        self.platforms, self.mail = platforms, mail

    def look(self, daemon: Daemon, moment: datetime, *, down: Collection[str] = ()) -> list[str]:
        """The daemon's round while some platforms are down; subjects of what staff were told, in order."""
        self.platforms.moment = moment.astimezone(UTC)
        self.platforms.faults = dict.fromkeys(down, "error_500")
        self.platforms.answered.clear()
        daemon.look(moment)
        assert daemon.faults() == []
        return self.told()

    def told(self, recipient: str = STAFF) -> list[str]:
        """Subjects of mails since the last question."""
        found = [text for _, to, text in self.mail.received if to == recipient]
        self.mail.received[:] = [one for one in self.mail.received if one[1] != recipient]
        messages = [email.message_from_string(text, policy=email.policy.default) for text in found]
        return [str(message["Subject"]).removeprefix("Verbundradar, ") for message in messages]

    @property
    def asked(self) -> set[str]:
        """Platforms that were asked since the last look began."""
        return {path.split("/")[1] for path, _ in self.platforms.answered}


def test_every_refresh_alarm_and_recovery_once(store: Path, platforms: SampleServer, server: Server, run: Run) -> None:
    world, everyone = World(platforms, server), {platform.name for platform in PLATFORMS}
    een, ted = ("EEN Partnering Opportunities", "Tenders Electronic Daily")
    with daemon(store) as running:
        running.switch_on(at(13, 21))
        assert world.look(running, at(13, 22)) == []  # Monday night: nothing is due
        assert world.asked == set()

        assert world.look(running, at(14, 5, 1)) == []
        assert world.asked == everyone
        assert world.look(running, at(14, 6, 2)) == []
        assert world.asked == set()

        assert world.look(running, at(15, 5, 1), down=("een",)) == [f"Störung: {een}: keine neue Lieferung"]
        assert world.look(running, at(16, 5, 1), down=("een", "ted")) == [f"Störung: {ted}: keine neue Lieferung"]

    with daemon(store) as running:  # started anew
        assert world.look(running, at(17, 5, 1), down=("ted",)) == [f"behoben: {een}: keine neue Lieferung"]
        assert world.look(running, at(18, 5, 1), down=everyone) == ["Störung: Keine einzige Quelle hat geliefert"]

        # The machine was off on Sunday morning.
        assert world.look(running, at(19, 11)) == [
            "behoben: Keine einzige Quelle hat geliefert",
            f"behoben: {ted}: keine neue Lieferung",
        ]
        assert world.asked == everyone
        (store / "muted.csv").write_text("opportunity\nK-2020-16-01\n", "utf-8")
        assert world.look(running, at(19, 12, 5)) == ["Störung: Fehler in einer Datei mit Entscheidungen"]

        assert world.look(running, at(20, 6, 1)) == ["Störung: KW 16/2020: Wochenlauf fehlgeschlagen"]
        assert world.asked == set()  # the mistake is told before
        assert first_fault(running) == (
            "no platform was asked: muted.csv: line 1: the columns must be "
            "opportunity_id,organisation_id,concept_id,from_week,until_week,reason, found opportunity"
        )

        (store / "muted.csv").unlink()
        again = run("run", "--week", str(WEEK), "--live", platforms.base_url, "--store", store)
        assert again.returncode in (0, 2), again.stderr
        assert world.told() == ["behoben: KW 16/2020: Wochenlauf fehlgeschlagen"]
        assert world.told(READER) == []
        assert world.look(running, at(20, 8, 20)) == ["behoben: Fehler in einer Datei mit Entscheidungen"]
        assert len(world.told(READER)) == 1
        assert world.look(running, at(20, 13, 20)) == []
        assert world.told(READER) == []

        assert Counter(run.status for run in running.runs("daily_refresh")) == {dg.DagsterRunStatus.SUCCESS: 6}
        assert len({run.tags["dagster/run_key"] for run in running.runs("daily_refresh")}) == 6
        assert [run.status for run in running.runs("send_issue")] == [dg.DagsterRunStatus.SUCCESS]
    assert [path.name for path in sorted((store / "raw").iterdir())] == sorted(everyone)


def first_fault(running: Daemon) -> str:
    """Why the scheduled report failed, as its run tells."""
    (run,) = (run for run in running.runs("weekly_report") if run.status == dg.DagsterRunStatus.FAILURE)
    (entry,) = running.instance.all_logs(run.run_id, of_type=dg.DagsterEventType.STEP_FAILURE)
    failure = entry.get_dagster_event().step_failure_data
    assert failure.error is not None
    return str(failure.user_failure_data.description) if failure.user_failure_data else failure.error.message
