"""A page as PDF: a tagged reading copy, and an archive copy that carries its data.

WeasyPrint writes both; it needs Pango, a system library. Nothing is fetched while it works: the page is
self-contained, and a fetcher that fails on every address but `data:` makes sure of it. The variants asked for are
PDF/UA-1 and PDF/A-3a; what was checked is in the tests (tags, title, attachment), conformity is not claimed.
"""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from io import BytesIO
from typing import Any

PACKAGES = "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"


class PdfUnavailable(Exception):
    """The system library is missing; the message names the package to install."""


def reading_copy(page: str) -> bytes:
    """The page as tagged PDF (variant pdf/ua-1)."""
    return _written(page, "pdf/ua-1", {}, None)


def archive_copy(page: str, data: Mapping[str, bytes], as_of: datetime) -> bytes:
    """The page as PDF for the archive (variant pdf/a-3a) with its CSV files attached, by name; `as_of` dates them."""
    return _written(page, "pdf/a-3a", data, as_of)


def _written(page: str, variant: str, data: Mapping[str, bytes], as_of: datetime | None) -> bytes:
    try:
        # Here and not above, because they load system libraries that only a PDF needs.
        from weasyprint import HTML, Attachment
        from weasyprint.urls import URLFetcher
    except OSError as error:
        raise PdfUnavailable(f"no PDF without Pango; install it, in Debian: apt-get install {PACKAGES}") from error
    attachments = [
        Attachment(string=content, name=name, relationship="Data", created=as_of, modified=as_of)
        for name, content in data.items()
    ]
    only_itself = URLFetcher(allowed_protocols=("data",), fail_on_errors=True)
    document = HTML(string=page, url_fetcher=only_itself)
    identifier = hashlib.sha256(page.encode()).hexdigest()[:32].encode()  # the same page is the same file
    written: bytes = document.write_pdf(
        pdf_variant=variant, pdf_identifier=identifier, attachments=attachments, finisher=_undate_fonts
    )
    return written


def _undate_fonts(_document: Any, pdf: Any) -> None:
    """Date each embedded font by its making; without libharfbuzz-subset another subsetter writes the time of day."""
    from fontTools.ttLib import TTFont

    descriptors = [item for item in pdf.objects if isinstance(item, dict) and item.get("Type") == "/FontDescriptor"]
    references = {font[key] for font in descriptors for key in ("FontFile2", "FontFile3") if key in font}
    for stream in (item for item in pdf.objects if item.reference in references):
        font = TTFont(BytesIO(stream.stream[0]), recalcTimestamp=False)
        if "head" in font and font["head"].modified != font["head"].created:
            font["head"].modified = font["head"].created
            undated = BytesIO()
            font.save(undated)
            stream.stream = [undated.getvalue()]
