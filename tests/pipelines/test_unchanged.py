"""When a week need not be calculated again, and what makes it be."""

from collections.abc import Callable
from pathlib import Path

import dagster as dg
import pandas as pd
import pytest
from upath import UPath

from pipelines.resources import Settings
from pipelines.storage import TableStore
from pipelines.unchanged import Made, inputs_of, keep, lost, report_of, stamped, unchanged
from sources.week import Week

WEEK = Week(2020, 16)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A store with a finished week, made of an inbox."""
    settings = Settings(tmp_path / "store", inbox=tmp_path / "inbox")
    for path, content in {
        tmp_path / "inbox" / "ted" / "notices.xml": b"<notices/>",
        settings.store / "muted.csv": b"concept_id\n",
        settings.store / "reports" / "ministry_statistics" / str(WEEK.shifted(-1)) / "statistics.csv": b"1",
        report_of(settings.store, WEEK): b"<html>",
    }.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    for week in (WEEK.shifted(-1), WEEK):
        write(settings.store, week, 1)
    made = Made(report_of(settings.store, WEEK), ["one line"], 1, is_whole=True)
    keep(settings, WEEK, inputs_of(settings, WEEK), made)
    assert unchanged(settings, WEEK) == made
    return settings


def write(store: Path, week: Week, value: int) -> None:
    path = UPath(store / "tables" / "listings" / str(week))
    path.parent.mkdir(parents=True, exist_ok=True)
    TableStore(UPath(store / "tables")).dump_to_path(dg.build_output_context(), pd.DataFrame({"value": [value]}), path)


CHANGES: dict[str, Callable[[Settings], object]] = {
    "an export": lambda one: (one.inbox / "ted" / "notices.xml").write_text("<notices>1</notices>"),  # type: ignore[operator]
    "a new file": lambda one: (one.inbox / "een.json").write_text("[]"),  # type: ignore[operator]
    "a decision": lambda one: (one.store / "muted.csv").write_text("concept_id\nmasks\n"),
    "a new decision": lambda one: (one.store / "options.yaml").write_text("{}"),
    "a release before": lambda one: next(one.store.glob("reports/ministry_statistics/*/*.csv")).write_text("2"),
    "a document that is gone": lambda one: report_of(one.store, WEEK).unlink(),
    "a document that somebody wrote in": lambda one: report_of(one.store, WEEK).write_text("<html>mine"),
    "a table of the week": lambda one: write(one.store, WEEK, 2),
    "a table of a week before": lambda one: write(one.store, WEEK.shifted(-1), 2),
    "a week before that came later": lambda one: write(one.store, WEEK.shifted(-3), 1),
    "a stamp of which half is missing": lambda one: (one.store / "stamps" / f"{WEEK}.json").write_text("[1"),
}


@pytest.mark.parametrize("name", CHANGES)
def test_what_a_week_follows_from_makes_it_be_calculated_again(settings: Settings, name: str) -> None:
    CHANGES[name](settings)
    assert unchanged(settings, WEEK) is None


def test_a_table_that_somebody_deleted_is_told_in_the_next_week(settings: Settings) -> None:
    assert lost(settings.store, WEEK.shifted(1)) is None
    (settings.store / "tables" / "listings" / f"{WEEK}.parquet").unlink()
    assert lost(settings.store, WEEK.shifted(1)) == (WEEK, ["listings"])
    assert lost(settings.store, WEEK) is None, "nothing stands before it"


def test_a_week_before_makes_a_later_one_outdated(settings: Settings) -> None:
    assert stamped(settings.store) == [WEEK]
    write(settings.store, WEEK.shifted(-3), 1)
    assert stamped(settings.store) == []


def test_what_comes_later_or_is_no_part_of_it_changes_nothing(settings: Settings) -> None:
    write(settings.store, WEEK.shifted(1), 1)
    write(settings.store, WEEK, 1)
    report_of(settings.store, WEEK).with_name("lagebild.pdf").write_bytes(b"%PDF")
    (settings.store / "reports" / "ministry_statistics" / str(WEEK.shifted(1))).mkdir()
    assert unchanged(settings, WEEK)


def test_another_setting_or_other_platforms_are_another_run(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    followed = Settings(settings.store, settings.inbox, platforms=("ted",))
    assert unchanged(followed, WEEK) is None
    monkeypatch.setenv("VERBUNDRADAR_STATISTICS_PUBLISHER", "The Office")
    assert unchanged(settings, WEEK) is None


def test_who_must_be_asked_is_asked_again(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    assert inputs_of(Settings(settings.store, live=""), WEEK) is None
    monkeypatch.setenv("VERBUNDRADAR_ANSWERS_MAILBOX", "imaps://mail.example/INBOX")
    assert inputs_of(settings, WEEK) is None


def test_a_run_during_which_something_changed_or_failed_leaves_no_stamp(settings: Settings) -> None:
    inputs = inputs_of(settings, WEEK)
    made = Made(report_of(settings.store, WEEK), [], 0, is_whole=True)
    (settings.store / "stamps" / f"{WEEK}.json").unlink()
    keep(settings, WEEK, inputs, made._replace(is_whole=False))
    (settings.store / "muted.csv").write_text("concept_id\nmasks\n")
    keep(settings, WEEK, inputs, made)
    assert not list((settings.store / "stamps").iterdir())
