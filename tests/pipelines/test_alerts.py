"""Each problem is mailed once, and once when it is gone; a mail tells nothing that must not leave the house."""

import email
import email.policy
from pathlib import Path

import pytest
from upath import UPath

from pipelines.alerts import Alerts
from pipelines.mail import MailAccess
from pipelines.stored import write_stored
from reports.alerts import KINDS, Problem, alarm, recovery
from reports.language import LANGUAGES, Language
from sources.listing import SourceState, empty
from sources.platform import Platform
from sources.platforms import PLATFORMS
from sources.week import Week
from sources.weekly.health import Finding, as_table
from tests.pipelines.mail_server import Server

FIRST, SECOND, THIRD = (Week(2020, number) for number in (16, 17, 18))
ONE, OTHER = PLATFORMS[:2]


@pytest.fixture
def alerts(tmp_path: Path, server: Server, certificate: Path) -> Alerts:
    access = MailAccess(("staff@a.example",), "radar@a.example", f"localhost:{server.port}", str(certificate))
    return Alerts(tmp_path, access)


def made(alerts: Alerts, week: Week, *failed: tuple[str, str]) -> list[str]:
    """A week that came out, in which checks of platforms failed; what else was told."""
    facts = {"anna@b.example": "0 after 24", "reason": "/srv/inbox/x.csv is missing"}
    findings = [
        Finding(platform.name, check, (check, platform.name) not in failed, facts)
        for platform in (ONE, OTHER)
        for check in ("reachable", "volume", "lapsed", "parts_in_band")
    ]
    path = UPath(alerts.store / "tables" / "platform_findings" / f"{week}.parquet")
    path.parent.mkdir(parents=True, exist_ok=True)
    write_stored(path, as_table(findings))
    report(alerts, week)
    told: list[str] = []
    alerts.week_made(week, told.append)
    return told


def report(alerts: Alerts, week: Week) -> None:
    path = alerts.store / "reports" / "lagebild" / str(week) / "lagebild.html"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("<!doctype html>", encoding="utf-8")


def subjects(server: Server) -> list[str]:
    """What arrived since the last look."""
    messages = [email.message_from_string(text, policy=email.policy.default) for _, _, text in server.received]
    server.received.clear()
    return [str(message["Subject"]).removeprefix("Verbundradar, ") for message in messages]


def test_three_weeks_with_one_alarm_and_one_recovery_each(alerts: Alerts, server: Server) -> None:
    assert made(alerts, FIRST) == []
    assert subjects(server) == []
    alerts.run_failed(SECOND, print)
    alerts.run_failed(SECOND, print)  # the sensor sees what the command line has told
    assert subjects(server) == ["Störung: KW 17/2020: Wochenlauf fehlgeschlagen"]
    made(alerts, SECOND, ("reachable", ONE.name), ("parts_in_band", OTHER.name), ("volume", OTHER.name))
    made(alerts, SECOND, ("reachable", ONE.name), ("parts_in_band", OTHER.name))
    assert subjects(server) == [
        "behoben: KW 17/2020: Wochenlauf fehlgeschlagen",
        f"Störung: {OTHER.title}: Lieferung ungewöhnlich klein oder groß",
        f"Störung: {ONE.title}: keine neue Lieferung",
    ]
    made(alerts, THIRD, ("reachable", ONE.name))
    assert subjects(server) == [f"behoben: {OTHER.title}: Lieferung ungewöhnlich klein oder groß"]
    made(alerts, THIRD)
    made(alerts, THIRD)
    assert subjects(server) == [f"behoben: {ONE.title}: keine neue Lieferung"]


def test_an_older_week_run_again_tells_nothing_of_platforms(alerts: Alerts, server: Server) -> None:
    made(alerts, SECOND, ("lapsed", ONE.name))
    server.received.clear()
    made(alerts, FIRST, ("reachable", OTHER.name))
    assert subjects(server) == []


def test_a_platform_that_is_silent_has_not_recovered_from_what_it_had(alerts: Alerts, server: Server) -> None:
    made(alerts, FIRST, ("parts_in_band", ONE.name))
    server.received.clear()
    made(alerts, SECOND, ("reachable", ONE.name))
    assert subjects(server) == [f"Störung: {ONE.title}: keine neue Lieferung"]


def test_a_missing_report_is_told_until_it_is_there(alerts: Alerts, server: Server) -> None:
    made(alerts, FIRST)
    made(alerts, THIRD)
    alerts.report_due(SECOND, print)
    assert subjects(server) == ["Störung: KW 17/2020: Bericht fehlt"]
    report(alerts, SECOND)
    alerts.report_due(SECOND, print)
    assert subjects(server) == ["behoben: KW 17/2020: Bericht fehlt"]


def test_a_failed_run_and_its_missing_report_are_one_problem(alerts: Alerts, server: Server) -> None:
    alerts.run_failed(FIRST, print)
    alerts.report_due(FIRST, print)
    assert subjects(server) == ["Störung: KW 16/2020: Wochenlauf fehlgeschlagen"]


def test_a_failed_refresh_recovers_with_the_next(alerts: Alerts, server: Server) -> None:
    alerts.found(Problem("refresh_failed", str(FIRST)), FIRST, print)
    alerts.refreshed(FIRST, print)
    alerts.refreshed(FIRST, print)
    assert [one.partition(":")[0] for one in subjects(server)] == ["Störung", "behoben"]


def test_mails_are_encrypted_and_name_no_person_value_or_path(alerts: Alerts, server: Server) -> None:
    made(alerts, FIRST, ("parts_in_band", ONE.name), ("reachable", OTHER.name))
    assert len(server.received) == 2
    for encrypted, recipient, text in server.received:
        assert (encrypted, recipient) == (True, "staff@a.example")
        body = email.message_from_string(text, policy=email.policy.default).get_content()
        assert "Was zu tun ist: Im Monitor" in body
        for secret in ("anna", "after 24", "/srv", "staff@", str(alerts.store)):
            assert secret not in text
            assert secret not in body


def test_a_mail_that_could_not_go_out_is_told_and_tried_again(
    alerts: Alerts, server: Server, tmp_path: Path, certificate: Path
) -> None:
    nobody = MailAccess(("staff@a.example",), "radar@a.example", "localhost:1", str(certificate))
    (line,) = made(Alerts(tmp_path, nobody), FIRST, ("lapsed", ONE.name))
    assert line == "an alert could not be sent (ConnectionRefusedError); the next run tries again"
    made(alerts, FIRST, ("lapsed", ONE.name))
    assert subjects(server) == [f"Störung: {ONE.title}: seit zwei Wochen unverändert"]


def test_without_mail_settings_nothing_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("VERBUNDRADAR_ALERT_TO", raising=False)
    alerts = Alerts(tmp_path, MailAccess.from_environment("ALERT"))
    assert made(alerts, FIRST, ("lapsed", ONE.name)) == []
    assert not (tmp_path / "alerts.json").exists()


@pytest.fixture
def settings(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    monkeypatch.setenv("VERBUNDRADAR_ALERT_TO", "a@x.example, b@x.example")
    monkeypatch.setenv("VERBUNDRADAR_ALERT_FROM", "radar@x.example")
    monkeypatch.setenv("VERBUNDRADAR_SMTP_SERVER", "mail.x.example:587")
    return monkeypatch


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("VERBUNDRADAR_ALERT_TO", "nobody@"),
        ("VERBUNDRADAR_ALERT_FROM", ""),
        ("VERBUNDRADAR_SMTP_SERVER", "mail.x.example"),
        ("VERBUNDRADAR_ALERT_LANGUAGE", "es"),
    ],
)
def test_settings_that_cannot_be_used_are_named(settings: pytest.MonkeyPatch, name: str, value: str) -> None:
    assert MailAccess.from_environment("ALERT").recipients == ("a@x.example", "b@x.example")
    settings.setenv(name, value)
    with pytest.raises(ValueError, match=name):
        MailAccess.from_environment("ALERT")


@pytest.mark.parametrize("kind", KINDS)
def test_every_mail_is_said_in_every_language(kind: str) -> None:
    problem = Problem(kind, ONE.name)
    said = [
        (*alarm(problem, "X", language), *recovery(problem, "X", FIRST, language))
        for language in map(Language, LANGUAGES)
    ]
    for german, french, english in zip(*said, strict=True):
        assert len({german, french, english}) == len(LANGUAGES)


def refreshed(alerts: Alerts, week: Week, *silent: Platform) -> None:
    """A refresh of the running week, in which platforms were silent."""
    for platform in (ONE, OTHER):
        path = UPath(alerts.store / "tables" / f"listings_{platform.name}" / str(week) / "state.parquet")
        path.parent.mkdir(parents=True, exist_ok=True)
        row = empty(SourceState).reindex([0])
        row["state"], row["age_days"] = "stale" if platform in silent else "fresh", 1
        write_stored(path, row)
    alerts.refreshed(week, print)


def test_a_refresh_tells_who_is_silent_on_its_day(alerts: Alerts, server: Server) -> None:
    made(alerts, FIRST)
    for silent in ((ONE,), (ONE,), ()):
        refreshed(alerts, SECOND, *silent)
    made(alerts, SECOND)
    assert [one.partition(":")[0] for one in subjects(server)] == ["Störung", "behoben"]


def test_that_all_are_silent_is_one_problem_and_nobody_recovers_meanwhile(alerts: Alerts, server: Server) -> None:
    made(alerts, FIRST, ("reachable", ONE.name))
    server.received.clear()
    made(alerts, SECOND, ("reachable", ONE.name), ("reachable", OTHER.name))
    made(alerts, THIRD, ("reachable", ONE.name), ("reachable", OTHER.name))
    assert subjects(server) == ["Störung: Keine einzige Quelle hat geliefert"]
    refreshed(alerts, THIRD.shifted(1), OTHER)
    assert subjects(server) == [
        "behoben: Keine einzige Quelle hat geliefert",
        f"behoben: {ONE.title}: keine neue Lieferung",
        f"Störung: {OTHER.title}: keine neue Lieferung",
    ]
