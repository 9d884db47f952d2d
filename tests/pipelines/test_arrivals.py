"""What arrives starts what it makes due: once, and only when it is complete."""

import json
import os
from datetime import datetime
from pathlib import Path

import dagster as dg
import pytest
from dagster._core.test_utils import freeze_time
from upath import UPath

from pipelines.alerts import Alerts
from pipelines.arrivals import inbox_arrivals, look
from pipelines.definitions import build
from pipelines.mail import MailAccess
from pipelines.resources import PlatformAccess, Settings
from pipelines.storage import History
from pipelines.stored import write_stored
from sources.listing import SourceState, empty
from sources.week import LOCAL_TIME, Week

LAST = Week(2020, 16)
TUESDAY = datetime(2020, 4, 21, 10, tzinfo=LOCAL_TIME)
MONDAY = datetime(2020, 4, 20, 15, tzinfo=LOCAL_TIME)


def test_a_delivery_is_taken_when_two_looks_see_the_same_and_once() -> None:
    cursor, taken = None, []
    for mark in ("half", "whole", "whole", "whole", "", "whole", "whole", "other", "other"):
        arrived = look(cursor, {"een": mark})
        cursor = arrived.cursor
        taken.append(arrived.names)
    assert taken == [(), (), ("een",), (), (), (), (), (), ("een",)]


class Inbox:
    """An inbox, and what the sensor asks for when it looks into it."""

    def __init__(self, folder: Path) -> None:
        self.settings = Settings(folder / "store", folder / "inbox")
        (folder / "inbox").mkdir()
        self.file = folder / "inbox" / "findthemasks.csv"
        self.repository = build(self.settings).get_repository_def()
        self.cursor: str | None = None

    def look(self, moment: datetime) -> list[tuple[str | None, str | None, int]]:
        """Job, partition and number of chosen assets of each run that is asked for."""
        with freeze_time(moment):
            context = dg.build_sensor_context(
                cursor=self.cursor,
                repository_def=self.repository,
                resources={
                    "access": PlatformAccess(self.settings),
                    "alerts": Alerts(self.settings.store, MailAccess()),
                    "history": History(self.settings.store),
                },
            )
            tick = inbox_arrivals.evaluate_tick(context)
        self.cursor = tick.cursor
        return [(one.job_name, one.partition_key, len(one.asset_selection or ())) for one in tick.run_requests or ()]


@pytest.fixture
def inbox(tmp_path: Path) -> Inbox:
    return Inbox(tmp_path)


def report(store: Path) -> None:
    """Last week's report, in which one platform was not there."""
    page = store / "reports" / "lagebild" / str(LAST) / "lagebild.html"
    table = store / "tables" / "source_states" / f"{LAST}.parquet"
    for path in (page, table):
        path.parent.mkdir(parents=True, exist_ok=True)
    page.touch()
    write_stored(UPath(table), empty(SourceState))


REFRESH = ("daily_refresh", "2020-04-20", 2)
REPORT = ("weekly_report", "2020-04-13", 0)


def test_a_file_that_grows_is_left_until_it_is_whole_then_its_refresh_is_due(inbox: Inbox) -> None:
    report(inbox.settings.store)
    assert inbox.look(TUESDAY) == []
    for size in (1, 2):
        inbox.file.write_text("a" * size, "utf-8")
        assert inbox.look(TUESDAY) == []
    assert inbox.look(TUESDAY) == [REFRESH]
    assert inbox.look(TUESDAY) == []
    inbox.file.write_text("b", "utf-8")
    os.utime(inbox.file, (1, 1))
    assert [inbox.look(TUESDAY), inbox.look(TUESDAY)] == [[], [REFRESH]]


def test_last_weeks_report_is_due_as_long_as_it_is_missing(inbox: Inbox) -> None:
    inbox.file.touch()
    assert [inbox.look(TUESDAY), inbox.look(TUESDAY)] == [[], [REPORT, REFRESH]]


def test_what_arrives_on_the_day_of_the_report_is_taken_into_it(inbox: Inbox) -> None:
    report(inbox.settings.store)
    inbox.file.touch()
    assert [inbox.look(MONDAY), inbox.look(MONDAY)] == [[], [REPORT, REFRESH]]


def test_an_inbox_that_is_not_there_or_holds_other_files_starts_nothing(inbox: Inbox) -> None:
    (inbox.file.parent / "other.csv").touch()
    assert [inbox.look(TUESDAY), inbox.look(TUESDAY)] == [[], []]
    (inbox.file.parent / "other.csv").unlink()
    inbox.file.parent.rmdir()
    assert inbox.look(TUESDAY) == []
    assert json.loads(inbox.cursor or "{}")["taken"] == {}
