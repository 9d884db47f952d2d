"""Releases attacked together with the Lagebild of their week: sample weeks as stored, and real boards.

    python -m benchmarks.disclosure_beside [STORE]

STORE holds reported weeks (`verbundradar run --week 2020-W13..2020-W18 --store STORE`). The boards are
`../shared/data/boards` (GetUsPPE, findthemasks; MIT), read if they are there. Prints for each release how many numbers
it withholds, and of how many cells an attacker finds too much: with the release alone, with the Lagebild's classes of
regions, and with the exact counts that it told before.
"""

import sys
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path

import pandas as pd

from assets.reports import STATISTICS_TABLES
from pipelines.storage import History
from reports.disclosure import Axis, Cell, Rules, cross_table, protect
from reports.lagebild.where import CLASSES
from reports.ministry import Frames, audit
from reports.ministry.counted import entries
from reports.ministry.outside import told_by_lagebild
from reports.ministry.release import WEEK_SUMS
from sources.week import Week

BOARDS = Path("../shared/data/boards")
RULES = Rules(coalition=4)


def told(name: str, release: audit.Released, classes: Mapping[Cell, audit.Known]) -> None:
    """One line for a release."""
    withheld = [cell for cell, value in release.published.items() if value is None]
    counts = Counter(one.leaves for one in release.truth)
    exact = {cell: (counts[cell], counts[cell]) for cell in withheld if "TOTAL" not in cell}
    attacks = audit.findings(release), audit.findings_beside(release, classes), audit.findings_beside(release, exact)
    alone, with_classes, with_exact = (len({one.partition(":")[0] for one in found}) for found in attacks)
    print(
        f"{name}: {len(withheld)} of {len(release.published)} withheld; cells found alone {alone}, "
        f"with classes {with_classes}, with exact counts {with_exact}",
        flush=True,
    )


def weeks(store: Path) -> None:
    """The stored weeks."""
    for folder in sorted((store / "reports" / "ministry_statistics").iterdir()):
        week = Week.parse(folder.name)
        tables = {
            field: table[table["week"] == str(week)]
            for field, name in STATISTICS_TABLES.items()
            for table in [History(store).before(name, week.shifted(1))]
        }
        truth = [
            audit.Statement((one.region, one.kind), one.listing_id, one.group) for one in entries(Frames(**tables))
        ]
        release = audit.read_release((folder / "statistics.csv").read_bytes(), WEEK_SUMS, truth)
        page = (store / "reports" / "lagebild" / str(week) / "lagebild.de.html").read_bytes()
        told(str(week), release, told_by_lagebild(page))


def boards() -> None:
    """Offers of April 2020 by state and item, requests by state and item; who is unnamed stands for nobody."""
    offers = pd.read_csv(BOARDS / "getusppe_offers.csv")
    offers = offers[offers["datecreated"].astype(str).str.startswith("2020-04")]
    rows = zip(offers["stateprovince"].fillna(""), offers["equipmentEnum"].fillna(""), offers["donorKey"], strict=True)
    board("GetUsPPE, offers of April 2020", list(rows))
    asked = pd.read_csv(BOARDS / "findthemasks_requests_2020-03-27.csv")
    items = list(asked.columns[asked.columns.get_loc("N95s") :])
    board(
        "findthemasks, requests",
        [
            (str(row["state"]), item.strip(), str(row["name"]))
            for row in asked.to_dict("records")
            for item in items
            if str(row[item]).strip().lower() in ("x", "true", "1", "1.0")
        ],
    )


def board(name: str, rows: Iterable[tuple[str, str, str]], most: int = 9) -> None:
    """A release of the most frequent states and items, the others gathered."""
    rows = list(rows)
    kept = [[one for one, _ in Counter(row[side] for row in rows).most_common(most)] for side in (0, 1)]
    axes = [Axis.flat([*side, "other"]) for side in kept]
    truth = [
        audit.Statement(
            tuple(row[side] if row[side] in kept[side] else "other" for side in (0, 1)), str(number), row[2]
        )
        for number, row in enumerate(rows)
    ]
    tables = cross_table(axes, [(one.leaves, one.group, 1) for one in truth])
    pattern = protect(tables, RULES)
    cells = [(row, column) for row in axes[0].codes for column in axes[1].codes]
    published = {cell: None if cell in pattern.withheld else tables.values.get(cell, 0) for cell in cells}
    release = audit.Released(tuple(dict(axis.sums) for axis in axes), published, tuple(truth))
    told(name, release, {cell: bounds(tables.values.get(cell, 0)) for cell in cells if "TOTAL" not in cell})


def bounds(count: int) -> audit.Known:
    """Of the class in which the Lagebild tells a count."""
    least = [one[0] for one in CLASSES]
    found = next(one for one in least if count >= one)
    above = [one - 1 for one in least if one > found]
    return (0, 0) if not found else (found, min(above, default=None))


if __name__ == "__main__":
    for store in sys.argv[1:]:
        weeks(Path(store))
    if BOARDS.is_dir():
        boards()
