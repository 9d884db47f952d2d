"""docs/operations.md names every alarm and everything that runs by itself."""

import re
from pathlib import Path

from pipelines.arrivals import SENSORS as ARRIVALS
from pipelines.due import SENSORS as DUE
from pipelines.schedules import SCHEDULES
from pipelines.sensors import SENSORS as RUNS
from reports.alerts import KINDS

TEXT = (Path(__file__).parents[2] / "docs" / "operations.md").read_text("utf-8")


def first_cells(heading: str) -> set[str]:
    """Names in the first column of the table of a section."""
    section = TEXT.partition(f"## {heading}\n")[2].partition("\n## ")[0]
    rows = [line.split("|")[1] for line in section.splitlines() if line.startswith("| `")]
    return {name for cell in rows for name in re.findall(r"`(\w+)`", cell)}


def test_every_alarm_has_its_row() -> None:
    assert first_cells("Alarms") == set(KINDS)


def test_everything_automatic_has_its_row() -> None:
    assert first_cells("What runs by itself") == {one.name for one in (*SCHEDULES, *ARRIVALS, *DUE, *RUNS)}
