"""Workbooks that repeat byte by byte: the library stamps them with the hour of writing, twice."""

import io
from datetime import datetime
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from openpyxl import Workbook

NEVER_CHANGES = datetime(2020, 1, 1)  # noqa: DTZ001 -- workbooks know no time zones


def workbook_bytes(workbook: Workbook) -> bytes:
    """A workbook as bytes that depend on its content alone, not on the hour of writing."""
    workbook.properties.created = workbook.properties.modified = NEVER_CHANGES
    written = io.BytesIO()
    workbook.save(written)
    settled = io.BytesIO()
    with ZipFile(written) as source, ZipFile(settled, "w", ZIP_DEFLATED) as target:
        for entry in source.infolist():
            content = source.read(entry)
            if entry.filename == "docProps/core.xml":  # saving stamps the hour again
                content = _without_hour(content)
            target.writestr(ZipInfo(entry.filename, (2020, 1, 1, 0, 0, 0)), content, ZIP_DEFLATED)
    return settled.getvalue()


def _without_hour(core: bytes) -> bytes:
    head, tag, rest = core.partition(b"<dcterms:modified")
    attributes, _, after = rest.partition(b">")
    return head + tag + attributes + b">2020-01-01T00:00:00Z" + after[after.index(b"</") :] if tag else core
