"""Parts of workbooks in the form that calamine reads: strict Open XML, and what ODS cells say beside their text."""

import io
import re
from collections.abc import Mapping
from zipfile import ZIP_DEFLATED, ZipFile

# What stands for the text of a struck-out cell and of a formula without a value: XML knows no zero, nobody types these.
STRUCK_MARK, NOT_COMPUTED_MARK = "\ue000", "\ue001"
# ISO/IEC 29500 strict names its parts otherwise than what all programs but Excel write and read.
_STRICT = (
    (b"http://purl.oclc.org/ooxml/spreadsheetml/main", b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"),
    (b"http://purl.oclc.org/ooxml/drawingml/main", b"http://schemas.openxmlformats.org/drawingml/2006/main"),
    (
        b"http://purl.oclc.org/ooxml/officeDocument/relationships",
        b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    ),
)
_STYLE = re.compile(rb"<style:style\b([^>]*)/>|<style:style\b([^>]*)>(.*?)</style:style>", re.DOTALL)
_LINE_THROUGH = re.compile(rb'text-line-through-(?:style|type)="([^"]*)"')
_BLANKS = re.compile(rb'<text:(?:line-break|tab|s)\b(?:[^>]*text:c="(\d{1,3})")?[^>]*/>')
_FORMULA = re.compile(rb"<table:table-cell\b((?:(?!office:value)[^>])*table:formula=(?:(?!office:value)[^>])*?)/>")
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


def plain_ods(content: bytes, styles: bytes) -> bytes:
    """The `content.xml` of an ODS file: line breaks are blanks, struck-out spans left out, struck-out cells marked."""
    content = _BLANKS.sub(lambda found: b" " * int(found[1] or 1), content)
    lost = f'<table:table-cell office:value-type="string"><text:p>{NOT_COMPUTED_MARK}</text:p></table:table-cell>'
    content = _FORMULA.sub(lost.encode(), content)
    struck = _struck_styles(styles + content)
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


def _struck_styles(styles: bytes) -> set[bytes]:
    """Names of the styles that strike text out, by themselves or by the style they are made from."""
    parents, struck = dict[bytes, bytes](), dict[bytes, bool]()
    for alone, attributes, inside in _STYLE.findall(styles):
        said = dict(re.findall(rb'style:(name|parent-style-name)="([^"]*)"', alone or attributes))
        name = said.get(b"name", b"")
        parents[name] = said.get(b"parent-style-name", b"")
        lines = _LINE_THROUGH.findall(inside)
        if lines:
            struck[name] = any(line != b"none" for line in lines)

    def is_struck(name: bytes, depth: int = 0) -> bool:
        return struck[name] if name in struck else depth < 9 and is_struck(parents.get(name, b""), depth + 1)

    return {name for name in parents if is_struck(name)}


def repacked(content: bytes, changed: Mapping[str, bytes]) -> bytes:
    """An archive with other contents of some of its files."""
    packed = io.BytesIO()
    with ZipFile(io.BytesIO(content)) as archive, ZipFile(packed, "w", ZIP_DEFLATED) as written:
        for entry in archive.infolist():
            written.writestr(entry.filename, changed.get(entry.filename) or archive.read(entry))
    return packed.getvalue()
