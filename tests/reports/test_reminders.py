"""Listings without a sign of life for 14 days, one file a platform, without contact data."""

import csv
import io
from collections.abc import Callable

import pandas as pd

from reports.lagebild import Issue
from reports.reminders import SILENT_AFTER_DAYS, reminder_files
from sources.week import Week


def table(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))


def test_who_is_silent_for_14_days_is_listed_and_who_is_not_is_not(issue_of: Callable[..., Issue]) -> None:
    issue = issue_of()
    listings = issue.listings.assign(
        status="open",
        kind="offer",
        updated_at=pd.NaT,
        title="=Kittel, Anruf bei a.b@firma.example",
        posted_at=[
            pd.Timestamp(issue.week.sunday, tz="Europe/Berlin").tz_convert("UTC")
            - pd.Timedelta(days=SILENT_AFTER_DAYS - place % 2)
            for place in range(len(issue.listings))
        ],
    )
    listings["updated_at"] = pd.to_datetime(listings["updated_at"], utc=True)
    files = reminder_files(listings, issue.platforms, issue.week)
    told = [row for content in files.values() for row in table(content)[1:]]
    assert len(told) == len(listings[::2]) > 0
    assert {row[4] for row in told} == {"14"}
    assert {row[2] for row in told} == {"'=Kittel, Anruf bei [e-mail]"}
    assert {name.removesuffix(".csv") for name in files} == set(listings[::2]["platform"])


def test_closed_listings_information_and_those_without_a_day_are_left_out(issue_of: Callable[..., Issue]) -> None:
    issue = issue_of()
    late = Week(2020, 40)
    assert reminder_files(issue.listings.assign(status="withdrawn"), issue.platforms, late) == {}
    assert reminder_files(issue.listings.assign(kind="information"), issue.platforms, late) == {}
    dayless = issue.listings.assign(posted_at=issue.listings["posted_at"].mask(issue.listings["posted_at"].notna()))
    dayless["updated_at"] = dayless["posted_at"]
    assert reminder_files(dayless, issue.platforms, late) == {}
    assert reminder_files(issue.listings, issue.platforms, late) != {}
