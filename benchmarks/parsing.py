"""How fast and in how much memory platforms are parsed: ``python benchmarks/parsing.py [rows …]`` (Linux).

Listings of four formats are made by repeating a week of the sample world under new ids: CSV (getusppe), XLSX
(place2tex), JSON pages (een) and one HTML page (medicalmountains_drehscheibe). Measured is `Platform.parse` alone, in
CPU seconds of one core; the peak is resident memory beyond what the process held before, documents included there.
Aims: 5,000 listings a second for tables and JSON, 1,000 for HTML.
"""

import gc
import io
import json
import re
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import xlsxwriter

from sources.platform import RawDocument
from sources.platforms import PLATFORMS
from sources.platforms.een import PAGE_SIZE
from sources.readers.sheets import read_workbook
from sources.samples.build import FOLDER

NOW = datetime(2020, 4, 20, tzinfo=UTC)
WEEK = FOLDER / "2020-W16"
FORMATS = {"getusppe": "CSV", "place2tex": "XLSX", "een": "JSON", "medicalmountains_drehscheibe": "HTML"}


def offers(rows: int) -> list[RawDocument]:
    """A CSV of good offers."""
    header, *lines = (WEEK / "getusppe_offers.csv").read_text("utf-8").splitlines()
    good = lines[:29]
    made = (f"{number}{good[number % len(good)]}" for number in range(rows))  # the donor's key comes first
    made = (re.sub(r",([0-9a-f-]{36}),", rf",k{number},", line, count=1) for number, line in enumerate(made))
    return [RawDocument("getusppe_offers.csv", "\n".join([header, *made]).encode(), "", NOW)]


def profiles(rows: int) -> list[RawDocument]:
    """JSON pages of profiles, as many to a page as the interface gives."""
    page = json.loads((WEEK / "een" / "profiles-1.json").read_text("utf-8"))
    base = page["profiles"]
    made = [
        {**(one := base[n % len(base)]), "reference": f"{one['type']}DE2020{n // 1000:04d}{n % 1000:03d}"}
        for n in range(rows)
    ]
    return [
        RawDocument(
            f"profiles-{start}.json",
            json.dumps({**page, "profiles": made[start : start + PAGE_SIZE]}).encode(),
            "",
            NOW,
        )
        for start in range(0, rows, PAGE_SIZE)
    ]


def lines(rows: int) -> list[RawDocument]:
    """An XLSX list of competences with its two header rows."""
    document = RawDocument("x.xlsx", (WEEK / "place2tex_kompetenzliste.xlsx").read_bytes(), "", NOW)
    [(name, lines)] = read_workbook(document).items()
    sheet = [cells for _, cells in lines]
    start = next(number for number, cells in enumerate(sheet) if cells[0] == "T1" or cells[0].startswith("T"))
    good = sheet[start : start + 20]
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"constant_memory": True}) as book:
        page = book.add_worksheet(name)
        for number, cells in enumerate(sheet[:start]):
            page.write_row(number, 0, cells)
        for number in range(rows):
            page.write_row(start + number, 0, [f"T{number}", *good[number % len(good)][1:]])
    return [RawDocument("place2tex_kompetenzliste.xlsx", buffer.getvalue(), "", NOW)]


def blocks(rows: int) -> list[RawDocument]:
    """One HTML page of entries."""
    page = (WEEK / "medicalmountains_drehscheibe.html").read_text("utf-8")
    head, _, _ = page.partition('<div class="eintrag"')
    found = re.findall(r'<div class="eintrag" id="e\d+">.*?</div>', page)
    made = (re.sub(r'id="e\d+"', f'id="n{number}"', found[number % len(found)]) for number in range(rows))
    content = (head + "\n".join(made) + "</div></body></html>").encode()
    return [RawDocument("medicalmountains_drehscheibe.html", content, "", NOW)]


MAKERS: dict[str, Callable[[int], list[RawDocument]]] = {
    "getusppe": offers,
    "place2tex": lines,
    "een": profiles,
    "medicalmountains_drehscheibe": blocks,
}


def measure(name: str, rows: int) -> None:
    """Print one row of the table for one platform."""
    [platform] = [platform for platform in PLATFORMS if platform.name == name]
    documents = MAKERS[name](rows)
    platform.parse(MAKERS[name](100))  # loads what is loaded once
    gc.collect()
    before = _status("VmRSS")
    Path("/proc/self/clear_refs").write_text("5")  # the peak counts from here
    started = time.process_time()
    parsed = platform.parse(documents)
    seconds = time.process_time() - started
    peak = _status("VmHWM") - before
    found = len(parsed.listings) + len(parsed.quarantine)
    assert found == rows, (found, rows)
    size = sum(len(document.content) for document in documents) / 1e6
    print(
        f"| {name} | {FORMATS[name]} | {rows:,} | {size:.1f} | {seconds:.2f} | {rows / seconds:,.0f} | {peak:,.0f} |",
        flush=True,
    )


def _status(name: str) -> float:
    """A figure of this process in MB."""
    [kilobytes] = re.findall(rf"^{name}:\s+(\d+) kB$", Path("/proc/self/status").read_text("ascii"), re.MULTILINE)
    return int(kilobytes) / 1000


def main() -> None:
    """Measure every format in a process of its own."""
    match sys.argv[1:]:
        case [name, rows] if name in MAKERS:
            measure(name, int(rows))
        case sizes:
            print("| platform | format | listings | MB | CPU s | listings/s | peak MB |")
            print("| --- | --- | --- | --- | --- | --- | --- |", flush=True)
            for rows in map(int, sizes or ["10000", "100000"]):
                for name in MAKERS:
                    subprocess.run([sys.executable, __file__, name, str(rows)], check=True)


if __name__ == "__main__":
    main()
