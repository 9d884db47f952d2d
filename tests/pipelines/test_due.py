"""What should have happened by now and has not is said: by mail, and by the check of last week's report."""

import email
import email.policy
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import dagster as dg
import pytest
from dagster._core.test_utils import freeze_time

from pipelines.alerts import Alerts
from pipelines.clock import last_due
from pipelines.decisions import DecisionFiles
from pipelines.due import decisions_usable, is_there, refresh_due, report_due
from pipelines.mail import MailAccess
from sources.week import LOCAL_TIME, Week
from tests.pipelines.mail_server import Server


def at(day: int, hour: int) -> datetime:
    """A moment of April 2020 in Berlin; the 20th is a Monday."""
    return datetime(2020, 4, day, hour, tzinfo=LOCAL_TIME)


class Watch:
    """The sensors of one store, looked at one at a time."""

    def __init__(self, store: Path, server: Server, certificate: Path, instance: dg.DagsterInstance) -> None:
        access = MailAccess(("staff@a.example",), "radar@a.example", f"localhost:{server.port}", str(certificate))
        self.alerts, self.store, self.server, self.instance = Alerts(store, access), store, server, instance
        self.cursor: str | None = None

    def look(self, sensor: dg.SensorDefinition, moment: datetime) -> list[str]:
        """Subjects of the mails that a sensor's look caused."""
        resources = {"alerts": self.alerts, "decisions": DecisionFiles(self.store)}
        needed = {name: resources[name] for name in sensor.required_resource_keys}
        with freeze_time(moment):
            context = dg.build_sensor_context(instance=self.instance, cursor=self.cursor, resources=needed)
            self.tick = sensor.evaluate_tick(context)
        self.cursor = self.tick.cursor
        messages = [email.message_from_string(text, policy=email.policy.default) for *_, text in self.server.received]
        self.server.received.clear()
        return [str(message["Subject"]).removeprefix("Verbundradar, ") for message in messages]


@pytest.fixture
def watch(tmp_path: Path, server: Server, certificate: Path) -> Iterator[Watch]:
    with dg.DagsterInstance.ephemeral() as instance:
        yield Watch(tmp_path, server, certificate, instance)


@pytest.mark.parametrize(("moment", "week"), [(at(20, 11), Week(2020, 15)), (at(20, 13), Week(2020, 16))])
def test_a_report_is_due_from_monday_noon_on(moment: datetime, week: Week) -> None:
    with freeze_time(moment):
        assert last_due() == week


def test_a_missing_report_is_told_and_its_check_is_noted_when_it_changes(watch: Watch) -> None:
    assert watch.look(report_due, at(20, 13)) == ["Störung: KW 16/2020: Bericht fehlt"]
    assert [event.passed for event in watch.tick.asset_events if isinstance(event, dg.AssetCheckEvaluation)] == [False]
    assert watch.look(report_due, at(20, 14)) == []
    assert watch.tick.asset_events == []
    page = watch.store / "reports" / "lagebild" / "2020-W16" / "lagebild.html"
    page.parent.mkdir(parents=True)
    page.touch()
    assert watch.look(report_due, at(20, 15)) == ["behoben: KW 16/2020: Bericht fehlt"]
    assert [event.passed for event in watch.tick.asset_events if isinstance(event, dg.AssetCheckEvaluation)] == [True]
    with freeze_time(at(20, 15)):
        assert is_there(watch.alerts).passed


def test_that_nothing_was_asked_for_a_day_and_a_half_is_told_until_something_is(watch: Watch) -> None:
    def refresh(moment: datetime) -> None:
        @dg.op
        def ask() -> None: ...

        @dg.job(name="daily_refresh")
        def stand_in() -> None:
            ask()

        with freeze_time(moment):
            assert stand_in.execute_in_process(instance=watch.instance).success

    assert watch.look(refresh_due, at(14, 5)) == []  # a new store has missed nothing
    refresh(at(14, 5))
    assert watch.look(refresh_due, at(15, 16)) == []
    assert watch.look(refresh_due, at(15, 18)) == ["Störung: Seit KW 16/2020 kein Abruf mehr"]
    assert watch.look(refresh_due, at(21, 18)) == []
    refresh(at(21, 19))
    assert watch.look(refresh_due, at(21, 20)) == ["behoben: Seit KW 16/2020 kein Abruf mehr"]


def test_a_mistake_in_a_file_of_decisions_is_told_before_a_report_needs_it(watch: Watch) -> None:
    path = watch.store / "options.yaml"
    path.write_text("nothing_known: 1\n", "utf-8")
    assert watch.look(decisions_usable, at(15, 9)) == ["Störung: Fehler in einer Datei mit Entscheidungen"]
    path.unlink()
    assert watch.look(decisions_usable, at(15, 10)) == ["behoben: Fehler in einer Datei mit Entscheidungen"]
