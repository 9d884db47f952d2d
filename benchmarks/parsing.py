"""How fast platforms are parsed: ``python benchmarks/parsing.py [rows]``.

Rows of three formats are made by repeating a week of the sample world under new ids: CSV (getusppe), JSON (een) and
HTML (medicalmountains_drehscheibe). Measured is `Platform.parse` alone, in CPU seconds of one core, with the peak of
memory allocated in a further run. Aims: 5,000 listings a second for tables and JSON, 1,000 for HTML.
"""

import json
import re
import statistics
import sys
import time
import tracemalloc
from collections.abc import Callable
from datetime import UTC, datetime

from sources import PLATFORMS
from sources.platform import Platform, RawDocument
from sources.samples.build import FOLDER

NOW = datetime(2020, 4, 20, tzinfo=UTC)
WEEK = FOLDER / "2020-W16"
REPEATS = 3


def offers(rows: int) -> RawDocument:
    """A CSV of good offers."""
    header, *lines = (WEEK / "getusppe_offers.csv").read_text("utf-8").splitlines()
    good = lines[:29]
    made = (f"{number}{good[number % len(good)]}" for number in range(rows))  # the donor's key comes first
    made = (re.sub(r",([0-9a-f-]{36}),", rf",k{number},", line, count=1) for number, line in enumerate(made))
    return RawDocument("getusppe_offers.csv", "\n".join([header, *made]).encode(), "", NOW)


def profiles(rows: int) -> RawDocument:
    """One JSON page of profiles."""
    page = json.loads((WEEK / "een" / "profiles-1.json").read_text("utf-8"))
    base = page["profiles"]
    page["profiles"] = [
        {
            **(one := base[number % len(base)]),
            "reference": f"{one['type']}DE2020{number // 1000:04d}{number % 1000:03d}",
        }
        for number in range(rows)
    ]
    return RawDocument("profiles-1.json", json.dumps(page).encode(), "", NOW)


def blocks(rows: int) -> RawDocument:
    """One HTML page of entries."""
    page = (WEEK / "medicalmountains_drehscheibe.html").read_text("utf-8")
    head, _, _ = page.partition('<div class="eintrag"')
    found = re.findall(r'<div class="eintrag" id="e\d+">.*?</div>', page)
    made = (re.sub(r'id="e\d+"', f'id="n{number}"', found[number % len(found)]) for number in range(rows))
    return RawDocument(
        "medicalmountains_drehscheibe.html", (head + "\n".join(made) + "</div></body></html>").encode(), "", NOW
    )


MAKERS: dict[str, Callable[[int], RawDocument]] = {
    "getusppe": offers,
    "een": profiles,
    "medicalmountains_drehscheibe": blocks,
}


def measure(platform: Platform, document: RawDocument) -> None:
    """Print rows, listings, medians and peak memory for one platform."""
    seconds = []
    for _ in range(REPEATS):
        started = time.process_time()
        parsed = platform.parse([document])
        seconds.append(time.process_time() - started)
    tracemalloc.start()
    platform.parse([document])
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    rows = len(parsed.listings) + len(parsed.quarantine)
    median = statistics.median(seconds)
    size = len(document.content) / 1e6
    print(
        f"{platform.name:30} {rows:>8,} rows {len(parsed.listings):>8,} listings {size:7.1f} MB "
        f"{median:6.2f} s CPU {rows / median:>8,.0f} rows/s, peak {peak / 1e6:,.0f} MB"
    )


def main() -> None:
    """Measure the three formats."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    for platform in PLATFORMS:
        if platform.name in MAKERS:
            measure(platform, MAKERS[platform.name](rows))


if __name__ == "__main__":
    main()
