"""Parts of workbooks in the form that calamine reads: strict Open XML, and what ODS cells say beside their text."""

import io
import re
from collections.abc import Mapping
from zipfile import ZIP_DEFLATED, ZipFile

STRUCK_MARK = "\ue000"  # stands for the text of a struck-out cell; XML knows no zero, and nobody types this sign
# ISO/IEC 29500 strict names its parts otherwise than what all programs but Excel write and read.
_STRICT = (
    (b"http://purl.oclc.org/ooxml/spreadsheetml/main", b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"),
    (b"http://purl.oclc.org/ooxml/drawingml/main", b"http://schemas.openxmlformats.org/drawingml/2006/main"),
    (
        b"http://purl.oclc.org/ooxml/officeDocument/relationships",
        b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    ),
)
_STYLE = re.compile(rb'<style:style\b[^>]*style:name="([^"]+)"[^>]*>(?:(?!</style:style>).)*</style:style>', re.DOTALL)
_STRUCK_STYLE = re.compile(rb'text-line-through-(?:style|type)="(?!none")')
_ODS_CELL = re.compile(rb"(<table:table-cell\b([^>]*)>)(.*?)(</table:table-cell>)", re.DOTALL)
_ODS_SPAN = re.compile(rb'<text:span\b[^>]*text:style-name="([^"]+)"[^>]*>(.*?)</text:span>', re.DOTALL)
_STYLE_NAME = re.compile(rb'table:style-name="([^"]+)"')
_PARAGRAPHS = re.compile(rb"<text:p\b.*</text:p>", re.DOTALL)


def is_strict(workbook: bytes) -> bool:
    """Whether a part `xl/workbook.xml` is strict Open XML."""
    return b"http://purl.oclc.org/ooxml/" in workbook


def usual(part: bytes) -> bytes:
    """A part of a strict workbook under the usual names."""
    for strict, transitional in _STRICT:
        part = part.replace(strict, transitional)
    return part


def plain_ods(content: bytes) -> bytes:
    """The `content.xml` of an ODS file: line breaks are blanks, struck-out spans left out, struck-out cells marked."""
    content = content.replace(b"<text:line-break/>", b" ")
    struck = {found[1] for found in _STYLE.finditer(content) if _STRUCK_STYLE.search(found[0])}
    if not struck:
        return content
    content = _ODS_SPAN.sub(lambda found: b"" if found[1] in struck else found[0], content)

    def marked(found: re.Match[bytes]) -> bytes:
        style = _STYLE_NAME.search(found[2])
        if style is None or style[1] not in struck:
            return found[0]
        text = f"<text:p>{STRUCK_MARK}</text:p>".encode()
        attributes = found[1].replace(b'office:value-type="float"', b'office:value-type="string"')
        return attributes + _PARAGRAPHS.sub(text, found[3]) + found[4]

    return _ODS_CELL.sub(marked, content)


def repacked(content: bytes, changed: Mapping[str, bytes]) -> bytes:
    """An archive with other contents of some of its files."""
    packed = io.BytesIO()
    with ZipFile(io.BytesIO(content)) as archive, ZipFile(packed, "w", ZIP_DEFLATED) as written:
        for entry in archive.infolist():
            written.writestr(entry.filename, changed.get(entry.filename) or archive.read(entry))
    return packed.getvalue()
