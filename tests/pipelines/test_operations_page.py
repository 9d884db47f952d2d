"""docs/operations.md names every alarm and all that runs by itself, docs/runbook.md what to do about each alarm."""

import re
from pathlib import Path

from pipelines.arrivals import SENSORS as ARRIVALS
from pipelines.due import SENSORS as DUE
from pipelines.schedules import SCHEDULES
from pipelines.sensors import SENSORS as RUNS
from reports.alerts import KINDS

DOCS = Path(__file__).parents[2] / "docs"
TEXT = (DOCS / "operations.md").read_text("utf-8")


def first_cells(heading: str) -> set[str]:
    """Names in the first column of the table of a section."""
    section = TEXT.partition(f"## {heading}\n")[2].partition("\n## ")[0]
    rows = [line.split("|")[1] for line in section.splitlines() if line.startswith("| `")]
    return {name for cell in rows for name in re.findall(r"`(\w+)`", cell)}


def test_every_alarm_has_its_row() -> None:
    assert first_cells("Alarms") == set(KINDS)


def test_every_alarm_has_its_section_in_the_runbook() -> None:
    _, *sections = (DOCS / "runbook.md").read_text("utf-8").split("\n## ")
    assert [section.partition("\n")[0] for section in sections] == list(KINDS)
    for section in sections:
        assert re.findall(r"^- \*\*(.+?)\*\*", section, re.MULTILINE) == ["Effect", "First look", "Remedy", "Gone"]


def test_everything_automatic_has_its_row() -> None:
    assert first_cells("What runs by itself") == {one.name for one in (*SCHEDULES, *ARRIVALS, *DUE, *RUNS)}
