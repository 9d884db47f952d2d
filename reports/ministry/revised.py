"""What a week that is released anew tells by its difference from what went out before.

The tables behind the earlier file are gone, so that nobody can say which groups made the difference; but fewer than
three listings are always the doing of fewer than three groups.
"""

import csv
import io

from reports.ministry.audit import Limits


def revision_findings(file: bytes, replaced: bytes) -> list[str]:
    """Numbers of listings that differ too little from the same week's earlier file; none if there is no such file."""
    before = _told(replaced)
    return [
        f"{' × '.join(cell)}: revised from {before[cell]} to {number}, the doing of too few"
        for cell, number in _told(file).items()
        if 0 < abs(number - before.get(cell, number)) < Limits().threshold
    ]


def _told(file: bytes) -> dict[tuple[str, str], int]:
    rows = csv.DictReader(io.StringIO(file.decode()))
    return {
        (row["region"], row["kind"]): int(row["value"]) for row in rows if row["measure"] == "listings" and row["value"]
    }
