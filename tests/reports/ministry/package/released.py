"""A release of two weeks with everything configured, for the tests of its package."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from reports.ministry import Office, week_release
from tests.reports.ministry.test_release import WEEK, frames, many

OFFICE = Office(
    "Ministerium <Wirtschaft> & Arbeit",
    "statistik@ministry.example",
    "https://statistik.ministry.example/verbund/",
    "http://dcat-ap.de/def/contributors/beispiel",
)
LATER = WEEK.shifted(1)


@cache
def release_files() -> Mapping[str, bytes]:
    """The second week's files; the first is the release before it."""
    tables = {WEEK: frames(many())}
    first = week_release(WEEK, tables, {}, is_sample=True, office=OFFICE)
    tables[LATER] = frames(many(8, 60, 170))
    made = week_release(LATER, tables, {WEEK: first.files["statistics.csv"]}, is_sample=True, office=OFFICE)
    assert made.findings == ()
    return made.files


def written(folder: Path, files: Mapping[str, bytes], **changed: bytes) -> Path:
    """The files in a folder, some of them changed: their names with _ for dots and dashes."""
    for name, content in files.items():
        (folder / name).write_bytes(changed.get(name.replace(".", "_").replace("-", "_"), content))
    return folder
