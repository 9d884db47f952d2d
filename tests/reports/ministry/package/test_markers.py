"""Numbers that must not be told, and who stands behind them, appear in no file: text, metadata, pictures or name."""

import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from zipfile import ZipFile

import pytest

from reports.ministry import Frames, Stored, month_release, week_release
from reports.ministry.counted import Entry, entries
from reports.ministry.month_counted import month_entries
from reports.ministry.monthly import axes_of, members_of
from reports.ministry.quantities import amounts_of
from tests.reports.ministry.package.released import OFFICE
from tests.reports.ministry.test_month import APRIL, PRODUCTS, TAXONOMY
from tests.reports.ministry.test_release import WEEK, frames

# Listings and firms of each place and kind: every number is one that nothing else on a page would be by chance.
COUNTS = {
    ("DE-BW", "offer"): (2003, 101), ("DE-BW", "request"): (2011, 103), ("DE-BY", "offer"): (1709, 107),
    ("DE-BY", "request"): (1721, 109), ("FR-GES", "offer"): (1373, 2), ("FR-GES", "request"): (1381, 113),
    ("IT", "offer"): (1487, 127), ("IT", "request"): (1489, 131),
}  # fmt: skip
FIRM = "Markerfirma"
# Sizes of files, places in a drawing, rows and texts of a workbook by number are numbers too and say nothing of cells.
_SIZES = r'"bytes": \d+|"\d+"\^\^xsd:nonNegativeInteger|"@value": "\d+"|(?:x|y|d|r|height)="[^"]*"|t="s"><v>\d+</v>'


@cache
def counted() -> list[Entry]:
    rows = [
        (kind, place, f"{FIRM}-{place}-{kind}-{number % firms}")
        for (place, kind), (listings, firms) in COUNTS.items()
        for number in range(listings)
    ]
    return entries(frames(rows))


@cache
def released() -> Mapping[str, bytes]:
    rows = [(one.kind, one.place, one.firm) for one in counted()]
    made = week_release(WEEK, {WEEK: frames(rows)}, {}, is_sample=False, office=OFFICE)
    assert made.findings == ()
    return made.files


def withheld() -> Iterator[int]:
    """The true number of every cell that the long file withholds, of listings and of firms."""
    for row in csv.DictReader(io.StringIO(released()["statistics.csv"].decode())):
        if row["sign"] == ".":
            behind = [
                one
                for one in counted()
                if row["region"] in ("TOTAL", one.region) and row["kind"] in ("TOTAL", one.kind)
            ]
            yield len(behind) if row["measure"] == "listings" else len({one.firm for one in behind})


@cache
def month_frames() -> Frames:
    """The same listings in detail: Grand Est's offers are the only ones of their product group, and lie in one town."""
    rows = [(one.kind, one.place, one.firm) for one in counted()]
    found = frames(rows)
    is_alone = (found.listings["region"] == "GES") & (found.listings["kind"] == "offer")
    listings = found.listings.assign(
        city="Ulm", postal_code=None, unit="piece", period=None, quantity=1013.0, score=1.0,
        concept_id=is_alone.map({True: "diagnostics", False: "protective_equipment"}),
    )  # fmt: skip
    return replace(found, listings=listings, concepts=listings)


@cache
def month() -> Mapping[str, bytes]:
    stored = Stored({WEEK: month_frames()}, {}, TAXONOMY, PRODUCTS)
    made = month_release(APRIL, stored, is_sample=False, office=OFFICE)
    assert made.findings == ()
    return made.files


def month_withheld() -> Iterator[int]:
    """The true number of every cell and quantity that the month's long file withholds."""
    own = month_entries({WEEK: month_frames()}, TAXONOMY)
    behind, amounts = members_of(axes_of(PRODUCTS), own), amounts_of(own)
    for row in csv.DictReader(io.StringIO(month()["statistics.csv"].decode())):
        if row["sign"] == "." and row["measure"] == "quantity":
            yield sum(amounts[row["product"], row["unit"], row["kind"]].values())
        elif row["sign"] == ".":
            found = behind.get((row["product"], row["region"], row["kind"]), [])
            yield len(found) if row["measure"] == "listings" else len({one.firm for one in found})


# Period -> its files, and the numbers that none of them may tell.
PERIODS = {"week": (released, withheld), "month": (month, month_withheld)}


def texts(period: str) -> Iterator[tuple[str, str]]:
    """Every file as text, archives part by part, with its name."""
    for name, content in PERIODS[period][0]().items():
        if name.endswith((".xlsx", ".ods")):
            with ZipFile(io.BytesIO(content)) as archive:
                for part in archive.namelist():
                    yield f"{name}/{part}", f"{name} {part} {archive.read(part).decode()}"
        else:
            yield name, f"{name} {content.decode()}"


def appears(number: int, text: str) -> bool:
    """Whether a number stands in a text, in any language's way to write thousands."""
    written = f"{number:,}".replace(",", r"[.,\s\u00a0\u202f']?")
    return re.search(rf"(?<!\d[.,])(?<![\w-]){written}(?![\w-])", text) is not None


@cache
def markers(period: str) -> set[int]:
    """No small ones, which may stand anywhere by chance, and none that is told of another cell."""
    rows = csv.DictReader(io.StringIO(PERIODS[period][0]()["statistics.csv"].decode()))
    return {number for number in PERIODS[period][1]() if number >= 100} - {int(row["value"] or 0) for row in rows}


def test_there_is_something_to_hide() -> None:
    few = COUNTS["FR-GES", "offer"][0]
    assert few in markers("week")
    assert {few, few * 1013} <= markers("month")
    assert min(len(markers(period)) for period in PERIODS) >= 8


ENDINGS = ("html", "csv", "xlsx", "ods", "json", "jsonld", "ttl", "svg")


@pytest.mark.parametrize("period", PERIODS)
def test_every_file_is_looked_at(period: str) -> None:
    assert {name.rpartition(".")[2] for name in PERIODS[period][0]()} == set(ENDINGS)


@pytest.mark.parametrize("period", PERIODS)
@pytest.mark.parametrize("ending", ENDINGS)
def test_no_withheld_number_appears(ending: str, period: str) -> None:
    looked_at = [(name, text) for name, text in texts(period) if name.split("/")[0].endswith(ending)]
    assert looked_at
    for name, text in looked_at:
        told = re.sub(_SIZES, "", text)
        assert [number for number in markers(period) if appears(number, told)] == [], name


@pytest.mark.parametrize("period", PERIODS)
def test_nobody_s_name_appears(period: str) -> None:
    for name, text in texts(period):
        assert FIRM.casefold() not in text.casefold(), name


@pytest.mark.parametrize("period", PERIODS)
def test_what_is_published_does_appear(period: str) -> None:
    """Or the search would find nothing whatever stood there."""
    rows = csv.DictReader(io.StringIO(PERIODS[period][0]()["statistics.csv"].decode()))
    number = next(int(row["value"]) for row in rows if row["value"] not in ("", "0"))
    found = {name.split("/")[0].rpartition(".")[2] for name, text in texts(period) if appears(number, text)}
    assert found >= {"html", "csv", "xlsx", "ods", "svg"}
