"""How large and how long what arrives may be, all in one place; docs/platforms.md has the same table.

Every reader holds a document as Python objects that take several times its bytes. The sizes below keep the memory of
one document under 1 GB; `benchmarks/fuzzing.py --largest` measures them.
"""

from collections.abc import Sequence
from types import MappingProxyType

MEGABYTE = 1_000_000

# Of one document, by the end of its name; what has another end counts as "". Over the network `NETWORK_BYTES` holds.
DOCUMENT_BYTES = MappingProxyType(
    {
        ".csv": 100 * MEGABYTE,
        ".html": 50 * MEGABYTE,
        ".ics": 20 * MEGABYTE,
        ".json": 50 * MEGABYTE,
        ".mbox": 100 * MEGABYTE,
        ".xlsx": 50 * MEGABYTE,
        ".xml": 20 * MEGABYTE,
        "": 100 * MEGABYTE,
    }
)
NETWORK_BYTES = 20 * MEGABYTE  # of one answer, unpacked
MESSAGE_BYTES = 25 * MEGABYTE  # of one mail; what mail servers take at most

UNPACKED_BYTES = 200 * MEGABYTE  # of a workbook, which is a ZIP archive
FORMATTED_BYTES = 20 * MEGABYTE  # the same where formats are read: openpyxl needs some fifty times of it
SHEET_CELLS = 5_000_000  # of a sheet from its first to its last one; in memory each takes eight bytes or more

CELL_CHARACTERS = 1_000_000  # of one cell of a CSV
CELL_LINES = 200  # a quote that is still open then was never closed
SPANNED_CELLS = 1_000  # rows or columns of one cell of a page, as in browsers
OCCURRENCES = 300  # of one series of events; a daily one of that length is no longer an event

REDIRECTS = 5  # from one address to another
PAGES = 500  # of one list; one that goes on beyond this runs in a circle
MESSAGES = 20_000  # of one mailbox


def largest(name: str) -> int:
    """The bytes that a document of this name may have."""
    ends: Sequence[str] = [end for end in DOCUMENT_BYTES if end and name.lower().endswith(end)]
    return DOCUMENT_BYTES[ends[0] if ends else ""]
