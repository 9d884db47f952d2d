"""Weeks of a store released anew and attacked together with their Lagebild, their months, and tables of real boards.

    python -m benchmarks.disclosure_beside [STORE]

STORE holds reported weeks (`verbundradar run --week 2020-W13..2020-W18 --store STORE`). The boards are
`../shared/data/boards` (GetUsPPE, findthemasks; MIT), read if they are there. Prints for each release how many numbers
it withholds, and of how many cells an attacker finds too much: with the release alone, with the Lagebild's classes of
regions, and with the exact counts that it told before. Last the share of numbers of listings that all weeks and all
months tell, and of listings that stand in a told number of the smallest areas or of product groups.
"""

import csv
import io
import sys
import time
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pandas as pd

from assets.reports import month_frames
from matching.taxonomy.concepts import load_taxonomy
from pipelines.storage import History
from reports.disclosure import TOTAL, Axis, Cell, Rules, cross_table, protect
from reports.lagebild.where import CLASSES
from reports.ministry import Checked, Month, Stored, audit, month_release, week_release
from reports.ministry.counted import KINDS, entries
from reports.ministry.monthly import AREAS
from reports.ministry.outside import told_by_lagebild
from reports.ministry.release import WEEK_SUMS, week_truth
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
    """Releases the stored weeks of each quarter anew, one after the other, and each month after its last week."""
    out: dict[str, bytes] = {}
    taxonomy, issues = load_taxonomy(), store / "reports" / "lagebild"
    products = {taxonomy.group(one) for one in taxonomy.concepts}
    pages = {Week.parse(one.parent.name): one.read_bytes() for one in sorted(issues.glob("*-W*/lagebild.de.html"))}
    for month in sorted({Month.of(week).months_of_quarter[-1] for week in pages}):
        stored = Stored(month_frames(History(store), month), {}, taxonomy, products, pages)
        for week in sorted(stored.tables):
            stored = week_anew(week, stored)
            if all(Month.of(one) != Month.of(week) for one in stored.tables if one > week):
                started = time.process_time()
                stored = after(
                    str(Month.of(week)), month_release(Month.of(week), stored, is_sample=True), stored, started
                )
        out |= stored.released
    shares("weeks", [file for name, file in out.items() if "W" in name])
    shares("months", [file for name, file in out.items() if "W" not in name])


def shares(name: str, files: Sequence[bytes]) -> None:
    """Numbers told of all, and listings in told numbers of the smallest areas, and of product groups, of all listings.

    Releases whose total is withheld have no share of listings.
    """
    told, counted = Counter[str](), Counter[str]()
    for file in files:
        rows = [row for row in csv.DictReader(io.StringIO(file.decode())) if row["measure"] == "listings"]
        told["numbers"] += sum(row["value"] != "" for row in rows)
        counted["numbers"] += len(rows)
        for axis, other in (("region", "product"), ("product", "region")):
            own = [row for row in rows if axis in row and row.get(other, TOTAL) == TOTAL]
            whole = next((row["value"] for row in own if row[axis] == row["kind"] == TOTAL), "")
            codes = {row[axis] for row in own}
            inner = {code for code in codes - {TOTAL} if codes.isdisjoint(dict(AREAS.sums).get(code, ()))}
            if whole and inner:
                told[axis] += sum(int(row["value"] or 0) for row in own if row[axis] in inner and row["kind"] in KINDS)
                counted[axis] += int(whole)
    names = {"numbers": "numbers", "region": "listings by region", "product": "listings by product group"}
    parts = [f"{told[one]} of {counted[one]} {names[one]} ({told[one] / counted[one]:.0%})" for one in counted]
    print(f"{len(files)} {name}: {', '.join(parts)}", flush=True)


def week_anew(week: Week, stored: Stored) -> Stored:
    """One week, attacked alone and beside its Lagebild."""
    released = {one: stored.released.get(str(one), b"") for one in stored.tables}
    page, started = stored.lagebilder[week], time.process_time()
    made = week_release(week, stored.tables, released, is_sample=True, lagebild=page)
    kept = after(str(week), made, stored, started)
    if made.files:
        truth = week_truth(entries(stored.tables[week]))
        told(str(week), audit.read_release(made.files["statistics.csv"], WEEK_SUMS, truth), told_by_lagebild(page))
    return kept


def after(name: str, made: Checked, stored: Stored, started: float) -> Stored:
    """What a store has with the release, which is told in a line."""
    rows = list(csv.DictReader(io.StringIO(made.files.get("statistics.csv", b"").decode())))
    values = [row["value"] for row in rows if row["measure"] == "listings"]
    print(
        f"{name}: {'; '.join(made.findings) or 'released'}; of {len(values)} numbers of listings "
        f"{sum(one != '' for one in values)} told, {time.process_time() - started:.1f} s",
        flush=True,
    )
    return (
        stored if made.findings else replace(stored, released={**stored.released, name: made.files["statistics.csv"]})
    )


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
