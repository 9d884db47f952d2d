"""Refused rows go back to their operator as a file in which nothing is a formula."""

import csv
import io
from datetime import UTC, datetime

import pytest

from sources import PLATFORMS
from sources.inbox import read_export
from sources.intake import read_snapshot
from sources.platform import Platform
from sources.rejects import reject_csv
from sources.samples.build import FOLDER

NOW = datetime(2020, 4, 20, tzinfo=UTC)


@pytest.mark.parametrize("platform", PLATFORMS, ids=lambda platform: platform.name)
def test_every_refused_row_is_in_the_file(platform: Platform) -> None:
    quarantine = read_snapshot(platform, read_export(platform, FOLDER / "2020-W16", NOW)).quarantine
    rows = list(csv.DictReader(io.StringIO(reject_csv(quarantine, platform.name).decode("utf-8-sig")), delimiter=";"))
    assert sorted(row["row"] for row in rows) == sorted(quarantine["row"])
    assert all(row["field"] and row["rule"] and row["reason"] for row in rows)
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row.values())


def test_other_platforms_rows_stay_out() -> None:
    platform = next(platform for platform in PLATFORMS if platform.name == "getusppe")
    quarantine = read_snapshot(platform, read_export(platform, FOLDER / "2020-W16", NOW)).quarantine
    assert reject_csv(quarantine, "een").decode("utf-8-sig").splitlines() == ["row;source_id;field;rule;reason;value"]
    assert b"'=HYPERLINK(" in reject_csv(quarantine, "getusppe")
