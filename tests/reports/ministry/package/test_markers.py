"""Numbers that must not be told, and who stands behind them, appear in no file: text, metadata, pictures or name."""

import csv
import io
import re
from collections.abc import Iterator, Mapping
from functools import cache
from zipfile import ZipFile

import pytest

from reports.ministry import week_release
from reports.ministry.counted import Entry, entries
from tests.reports.ministry.package.released import OFFICE
from tests.reports.ministry.test_release import WEEK, frames

# Listings and firms of each place and kind: every number is one that nothing else on a page would be by chance.
COUNTS = {
    ("DE-BW", "offer"): (2003, 101), ("DE-BW", "request"): (2011, 103), ("DE-BY", "offer"): (1709, 107),
    ("DE-BY", "request"): (1721, 109), ("FR-GES", "offer"): (1373, 2), ("FR-GES", "request"): (1381, 113),
    ("IT", "offer"): (1487, 127), ("IT", "request"): (1489, 131),
}  # fmt: skip
FIRM = "Markerfirma"
# Sizes of files, and places in a drawing, are numbers too and say nothing of cells.
_SIZES = r'"bytes": \d+|"\d+"\^\^xsd:nonNegativeInteger|"@value": "\d+"|(?:x|y|d|height)="[^"]*"'


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


def texts() -> Iterator[tuple[str, str]]:
    """Every file as text, archives part by part, with its name."""
    for name, content in released().items():
        if name.endswith((".xlsx", ".ods")):
            with ZipFile(io.BytesIO(content)) as archive:
                for part in archive.namelist():
                    yield f"{name}/{part}", f"{name} {part} {archive.read(part).decode()}"
        else:
            yield name, f"{name} {content.decode()}"


def appears(number: int, text: str) -> bool:
    """Whether a number stands in a text, in any language's way to write thousands."""
    digits = str(number)
    written = digits if number < 1000 else rf"{digits[:-3]}[.,\s\u00a0\u202f']?{digits[-3:]}"
    return re.search(rf"(?<!\d[.,])(?<![\w-]){written}(?![\w-])", text) is not None


def test_there_is_something_to_hide() -> None:
    markers = set(withheld())
    assert COUNTS["FR-GES", "offer"][0] in markers
    assert len(markers) >= 8


@pytest.mark.parametrize("ending", ["html", "csv", "xlsx", "ods", "json", "jsonld", "ttl", "svg"])
def test_no_withheld_number_appears(ending: str) -> None:
    markers = [number for number in withheld() if number >= 100]  # a smaller one may stand anywhere by chance
    looked_at = [(name, text) for name, text in texts() if name.split("/")[0].endswith(ending)]
    assert looked_at
    for name, text in looked_at:
        told = re.sub(_SIZES, "", text)
        assert [number for number in markers if appears(number, told)] == [], name


def test_nobody_s_name_appears() -> None:
    for name, text in texts():
        assert FIRM.casefold() not in text.casefold(), name


def test_what_is_published_does_appear() -> None:
    """Or the search would find nothing whatever stood there."""
    rows = csv.DictReader(io.StringIO(released()["statistics.csv"].decode()))
    number = next(int(row["value"]) for row in rows if row["value"] not in ("", "0"))
    found = {name.split("/")[0].rpartition(".")[2] for name, text in texts() if appears(number, text)}
    assert found >= {"html", "csv", "xlsx", "ods", "svg"}
