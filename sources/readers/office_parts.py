"""Parts of strict Open XML workbooks under the names that all libraries read."""

import io
from collections.abc import Mapping
from zipfile import ZIP_DEFLATED, ZipFile

# ISO/IEC 29500 strict names its parts otherwise than what all programs but Excel write and read.
_STRICT = (
    (b"http://purl.oclc.org/ooxml/spreadsheetml/main", b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"),
    (b"http://purl.oclc.org/ooxml/drawingml/main", b"http://schemas.openxmlformats.org/drawingml/2006/main"),
    (
        b"http://purl.oclc.org/ooxml/officeDocument/relationships",
        b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    ),
)


def is_strict(workbook: bytes) -> bool:
    """Whether a part `xl/workbook.xml` is strict Open XML."""
    return b"http://purl.oclc.org/ooxml/" in workbook


def usual(part: bytes) -> bytes:
    """A part of a strict workbook under the usual names."""
    for strict, transitional in _STRICT:
        part = part.replace(strict, transitional)
    return part


def repacked(content: bytes, changed: Mapping[str, bytes]) -> bytes:
    """An archive with other contents of some of its files."""
    packed = io.BytesIO()
    with ZipFile(io.BytesIO(content)) as archive, ZipFile(packed, "w", ZIP_DEFLATED) as written:
        for entry in archive.infolist():
            written.writestr(entry.filename, changed.get(entry.filename) or archive.read(entry))
    return packed.getvalue()
