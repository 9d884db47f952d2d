"""How large and how long what arrives may be, all in one place; docs/platforms.md has the same table.

Every reader holds a document as Python objects that take several times its bytes. The sizes below keep the memory of
one document under 1 GB; `benchmarks/fuzzing.py --largest` measures them.
"""

from types import MappingProxyType

MEGABYTE = 1_000_000

# Of one document, by the end of its name; what has another end counts as "". Over the network `NETWORK_BYTES` holds.
DOCUMENT_BYTES = MappingProxyType(
    {
        ".csv": 100 * MEGABYTE,
        ".html": 15 * MEGABYTE,
        ".ics": 10 * MEGABYTE,
        ".json": 30 * MEGABYTE,
        ".mbox": 100 * MEGABYTE,
        ".xlsx": 50 * MEGABYTE,
        ".xml": 10 * MEGABYTE,
        "": 100 * MEGABYTE,
    }
)
DELIVERY_BYTES = 300 * MEGABYTE  # of all files of a platform in an inbox
DELIVERY_FILES = 5_000
QUIET_SECONDS = 2.0  # a file in an inbox that changed within so many is looked at twice: it may still be growing
NETWORK_BYTES = 20 * MEGABYTE  # of one answer, unpacked
DOCUMENT_LINES = 1_000_000  # of one document: blank or broken ones take memory too
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
ENTRIES = 20_000  # of one feed


def largest(name: str) -> int:
    """The bytes that a document of this name may have."""
    ends = [end for end in DOCUMENT_BYTES if end and name.lower().endswith(end)]
    return DOCUMENT_BYTES[ends[0] if ends else ""]


def excess(name: str, content: bytes) -> str | None:
    """What is too much about a document, None if nothing is."""
    if len(content) > largest(name):
        return f"{len(content):,} bytes, {largest(name):,} are read"
    lines = max(content.count(b"\n"), content.count(b"\r"))
    return f"{lines:,} lines, {DOCUMENT_LINES:,} are read" if lines > DOCUMENT_LINES else None
