"""Sheets as ODS (OpenDocument 1.3, ISO/IEC 26300): three small files in an archive, so no library is needed for it."""

from collections.abc import Sequence
from html import escape
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from reports.ministry.package.release import Release
from reports.ministry.package.sheets import Sheet, Value

_TYPE = "application/vnd.oasis.opendocument.spreadsheet"
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_NAMES = "urn:oasis:names:tc:opendocument:xmlns"
_MANIFEST = (
    f'{_HEAD}<manifest:manifest xmlns:manifest="{_NAMES}:manifest:1.0" manifest:version="1.3">'
    f'<manifest:file-entry manifest:full-path="/" manifest:version="1.3" manifest:media-type="{_TYPE}"/>'
    '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>'
    '<manifest:file-entry manifest:full-path="meta.xml" manifest:media-type="text/xml"/>'
    "</manifest:manifest>"
)
_STYLES = (
    '<style:style style:name="head" style:family="table-cell">'
    '<style:text-properties fo:font-weight="bold"/></style:style>'
    '<style:style style:name="sign" style:family="table-cell">'
    '<style:paragraph-properties fo:text-align="end"/></style:style>'
)


def as_ods(release: Release, made: Sequence[Sheet]) -> bytes:
    """The last day of the period stands for the time of making; the type is the archive's first file, as demanded."""
    content = BytesIO()
    with ZipFile(content, "w") as archive:
        for name, text, method in (
            ("mimetype", _TYPE, ZIP_STORED),
            ("META-INF/manifest.xml", _MANIFEST, ZIP_DEFLATED),
            ("content.xml", _content(made), ZIP_DEFLATED),
            ("meta.xml", _meta(release, made[0].heading[0]), ZIP_DEFLATED),
        ):
            info = ZipInfo(name)  # dated 1980
            info.compress_type = method
            archive.writestr(info, text.encode())
    return content.getvalue()


def _meta(release: Release, title: str) -> str:
    return (
        f'{_HEAD}<office:document-meta xmlns:office="{_NAMES}:office:1.0" xmlns:meta="{_NAMES}:meta:1.0" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" office:version="1.3"><office:meta>'
        f"<dc:title>{escape(title)}</dc:title><dc:date>{release.last}T00:00:00</dc:date>"
        "</office:meta></office:document-meta>"
    )


def _content(made: Sequence[Sheet]) -> str:
    spaces = " ".join(
        f'xmlns:{name}="{_NAMES}:{full}:1.0"'
        for name, full in (
            ("office", "office"), ("style", "style"), ("table", "table"), ("text", "text"),
            ("fo", "xsl-fo-compatible"),
        )
    )  # fmt: skip
    widths = sorted({width for sheet in made for width in sheet.widths})
    columns = "".join(
        f'<style:style style:name="w{width}" style:family="table-column">'
        f'<style:table-column-properties style:column-width="{width / 5:g}cm"/></style:style>'
        for width in widths
    )
    return (
        f'{_HEAD}<office:document-content {spaces} office:version="1.3">'
        f"<office:automatic-styles>{columns}{_STYLES}</office:automatic-styles><office:body><office:spreadsheet>"
        f"{''.join(_sheet(sheet) for sheet in made)}</office:spreadsheet></office:body></office:document-content>"
    )


def _sheet(sheet: Sheet) -> str:
    columns = "".join(f'<table:table-column table:style-name="w{width}"/>' for width in sheet.widths)
    head = "".join(_text(one, "head") for one in sheet.heading)
    rows = "".join(f"<table:table-row>{''.join(map(_cell, row))}</table:table-row>" for row in sheet.rows)
    return (
        f'<table:table table:name="{escape(sheet.name)}">{columns}<table:table-header-rows><table:table-row>{head}'
        f"</table:table-row></table:table-header-rows>{rows}</table:table>"
    )


def _cell(value: Value) -> str:
    if isinstance(value, int):
        return (
            f'<table:table-cell office:value-type="float" office:value="{value}"><text:p>{value}</text:p>'
            "</table:table-cell>"
        )
    return _text(value, "sign" if len(value) == 1 else "")


def _text(value: str, style: str) -> str:
    if not value:
        return "<table:table-cell/>"
    named = f' table:style-name="{style}"' if style else ""
    return (
        f'<table:table-cell{named} office:value-type="string"><text:p>{escape(value, quote=False)}</text:p>'
        "</table:table-cell>"
    )
