"""Every platform: its recorded input gives the reviewed table, and not one row is lost.

`make tables` writes the reviewed tables anew; whoever runs it reviews them.
"""

import os
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pandas as pd
import pytest

from sources.access.inbox import read_export
from sources.directory import Member
from sources.listing import ParsedListing, Quarantine
from sources.platform import Parsed, Platform, RawDocument
from sources.platforms import PLATFORMS
from sources.samples.build import inbox_of
from sources.week import Week
from sources.weekly.intake import count_refused, read_snapshot

WEEK = Week(2020, 16)
GOLDEN = Path(__file__).parent / "golden"
NAMES = [platform.name for platform in PLATFORMS]


def recorded(platform: Platform) -> tuple[RawDocument, ...]:
    return read_export(platform, inbox_of(platform, WEEK), datetime(2020, 4, 20, tzinfo=UTC))


@cache
def read(platform: Platform) -> Parsed:
    return read_snapshot(platform, recorded(platform))


def as_csv(table: pd.DataFrame) -> str:
    """Filled columns only: an empty column says nothing and would drown the reviewer."""
    return table.dropna(axis="columns", how="all").to_csv(index=False, lineterminator="\n")


@pytest.mark.parametrize("platform", PLATFORMS, ids=NAMES)
@pytest.mark.parametrize("part", ["listings", "quarantine", "members"])
def test_recorded_input_gives_the_reviewed_table(platform: Platform, part: str) -> None:
    table = getattr(read(platform), part)
    if table is None:  # a board has no members
        assert not (GOLDEN / f"{platform.name}.{part}.csv").exists()
        return
    actual = as_csv(table)
    golden = GOLDEN / f"{platform.name}.{part}.csv"
    if "RENEW_GOLDENS" in os.environ:
        golden.write_text(actual, "utf-8")
    assert golden.exists(), "no reviewed table; run `make tables` and review it"
    assert actual == golden.read_text("utf-8"), (
        "differs from the reviewed table; run `make tables` and review the change"
    )


@pytest.mark.parametrize("platform", PLATFORMS, ids=NAMES)
def test_tables_keep_their_schemas(platform: Platform) -> None:
    parsed = read(platform)
    ParsedListing.validate(parsed.listings, lazy=True)
    Quarantine.validate(parsed.quarantine, lazy=True)
    if parsed.members is not None:
        Member.validate(parsed.members, lazy=True)


@pytest.mark.parametrize("platform", PLATFORMS, ids=NAMES)
def test_no_row_is_lost_between_parsing_and_checking(platform: Platform) -> None:
    raw = platform.parse(recorded(platform))
    checked = read(platform)
    before, after = (
        len(parsed.listings) + count_refused(parsed.quarantine) + (0 if parsed.members is None else len(parsed.members))
        for parsed in (raw, checked)
    )
    assert before == after >= platform.expected_rows[0]


@pytest.mark.parametrize("platform", PLATFORMS, ids=NAMES)
def test_no_mailbox_and_no_telephone_gets_through(platform: Platform) -> None:
    listings = read(platform).listings
    columns = listings.select_dtypes("string").columns.difference(["source_id"])  # ids may look like addresses
    said = "\n".join(value for column in columns for value in listings[column].dropna())
    assert "@" not in said
    assert "555 01" not in said
    assert "Muster" not in said.replace("Muster schicken", "").replace("Muster ", "").replace("Mustern", "")


def test_every_golden_table_belongs_to_a_platform() -> None:
    assert sorted({path.name.split(".")[0] for path in GOLDEN.iterdir()}) == sorted(NAMES)
