"""What a week costs after years of stored weeks, an unchanged re-run, and how large the store is by then.

    python -m benchmarks.years WEEKS [VERBUNDRADAR ...]

Every VERBUNDRADAR (by default the one beside this Python) runs five weeks of the samples into a store. Then WEEKS weeks
before them are invented from their stored tables: days and numbers moved back, every five weeks with new listings,
organisations and opportunities. The sixth sample week is run after five weeks and after all of them, then once more.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from datetime import date, timedelta
from functools import partial
from pathlib import Path

import pandas as pd

from pipelines.stored import write_stored
from sources.week import Week

FIRST, BEFORE, WEEK = Week(2020, 13), Week(2020, 17), Week(2020, 18)
ROUND = 5  # weeks, after which invented ones repeat themselves under other names
NAMES = (
    "listing_id", "source_id", "record_id", "request_id", "offer_id", "organisation_id", "consortium_id", "fingerprint",
    "repeats_listing_id", "nearest_request_id", "nearest_offer_id", "old_organisation_id", "site_id", "group_id",
    "request_fingerprint",
)  # fmt: skip
DAYS = ("first_seen_on", "last_seen_on", "missing_since")
ENDED = {"state": "closed", "change": "[]", "closing_reason": "no_supply"}
WEEKS = ("week", "first_reported_in", "waiting_since")


def run(command: str, store: Path, *options: str) -> tuple[float, float]:
    """CPU seconds and peak MB of a run."""
    child = subprocess.Popen(
        [command, "run", "--store", str(store), *options], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    _, status, used = os.wait4(child.pid, 0)
    if os.waitstatus_to_exitcode(status) not in (0, 2):
        sys.exit(f"{command} ended with {os.waitstatus_to_exitcode(status)}")
    return used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def invented(table: pd.DataFrame, number: int, *, is_last: bool) -> pd.DataFrame:
    """A stored table as it may have been a number of rounds before; in the last week of one everything ends."""
    weeks, changed = -ROUND * number, {}
    for name in table.columns.intersection(NAMES):
        changed[name] = table[name] + f"~{number}"
    for name in table.columns.intersection(DAYS):
        changed[name] = table[name].map(lambda day: str(date.fromisoformat(day) + timedelta(weeks=weeks)), "ignore")
    for name in table.columns.intersection(WEEKS):
        changed[name] = table[name].map(lambda week: str(Week.parse(week).shifted(weeks)), "ignore")
    for name in table.columns[table.dtypes.map(lambda dtype: dtype.kind == "M")]:
        changed[name] = table[name] + timedelta(weeks=weeks)
    if "opportunity_id" in table:
        changed["opportunity_id"] = table["opportunity_id"].map(partial(_renumbered, weeks=weeks))
    if "content" in table:
        changed["content"] = table["content"].str.replace(r'("request":"[^"]+)"', rf'\1~{number}"', regex=True)
    if is_last and "last_seen_on" in table:
        changed["status"] = pd.Series("withdrawn", index=table.index, dtype="str")
    if is_last and "closing_reason" in table:
        changed |= {name: pd.Series(said, index=table.index) for name, said in ENDED.items()}
    return table.assign(**changed)


def _renumbered(name: str, weeks: int) -> str:
    year, number, rank = name.removeprefix("K-").split("-")
    week = Week(int(year), int(number)).shifted(weeks)
    return f"K-{week.year}-{week.number:02d}-{rank}"


def invent(tables: Path, weeks: int) -> None:
    """Weeks before the first one, all tables but the vectors, of which a week reads only the last."""
    for path in sorted(tables.glob("*/*")):
        if path.parent.name == "text_vectors":
            continue
        week = Week.parse(path.name.removesuffix(".parquet"))
        files = {file: pd.read_parquet(file) for file in (path.glob("*") if path.is_dir() else [path])}
        for number in range(1, weeks // ROUND + 1):
            other = path.with_name(path.name.replace(str(week), str(week.shifted(-ROUND * number))))
            for file, table in files.items():
                target = other / file.name if path.is_dir() else other
                target.parent.mkdir(exist_ok=True)
                write_stored(target, invented(table, number, is_last=week == BEFORE))


def megabytes(folder: Path) -> float:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()) / 1e6


def main(weeks: int, commands: list[str]) -> None:
    for command in commands:
        with tempfile.TemporaryDirectory() as folder:
            few, many = Path(folder) / "few", Path(folder) / "many"
            run(command, few, "--week", f"{FIRST}..{BEFORE}")
            shutil.copytree(few, many)
            invent(many / "tables", weeks)
            for store in (few, many):
                stored = len(list((store / "tables" / "listings").glob("*.parquet")))
                for words in ("the next", "the same again", "the same, not skipped"):
                    options = ["--anew"] if words.endswith("skipped") else []
                    cpu, memory = run(command, store, "--week", str(WEEK), *options)
                    print(f"{stored} stored weeks, {words}: {cpu:.1f} s CPU, {memory:.0f} MB")
                sizes = ", ".join(
                    f"{room.name} {megabytes(room):.0f}" for room in sorted(store.iterdir()) if room.is_dir()
                )
                print(f"{stored + 1} stored weeks, MB: {sizes}")


if __name__ == "__main__":
    own = str(Path(sys.executable).with_name("verbundradar"))
    main(int(sys.argv[1]), sys.argv[2:] or [own])
