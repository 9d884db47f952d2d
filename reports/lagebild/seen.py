"""What a reader sees of a published file, whatever its bytes: by this two editions are the same or not.

Left out is what changes with the machine or the program and tells nothing: style, script, markup, the geometry of
charts, how a file is packed or a line folded.
"""

import email
import email.policy
from collections.abc import Callable, Mapping
from email.message import EmailMessage
from io import BytesIO
from pathlib import PurePath

from icalendar import Calendar
from python_calamine import CalamineError, CalamineWorkbook
from selectolax.lexbor import LexborHTMLParser


def seen(name: str, content: bytes) -> object:
    """What a reader of the file of this name sees, to be compared; its bytes where it cannot be read."""
    try:
        return _READERS.get(PurePath(name).suffix, bytes)(content)
    except (ValueError, LookupError, CalamineError):  # a published file that was damaged since
        return content


def _page(content: bytes) -> object:
    """Title and texts, those of charts too, and where links lead."""
    page = LexborHTMLParser(content)
    page.strip_tags(["style", "script"])
    links = [link.attributes.get("href") for link in page.css("a")]
    return page.root.text(separator="\n", strip=True) if page.root else "", links


def _mail(content: bytes) -> object:
    """Subject, plain text, and the page."""
    message = email.message_from_bytes(content, _class=EmailMessage, policy=email.policy.default)
    plain, page = (message.get_body([kind]) for kind in ("plain", "html"))
    return message["Subject"], plain and plain.get_content(), page and _page(page.get_content().encode())


def _calendar(content: bytes) -> object:
    """Every property of every event."""
    calendar = Calendar.from_ical(content)
    return [[str(line) for line in event.content_lines()] for event in calendar.walk("VEVENT")]


def _workbook(content: bytes) -> object:
    """The cells of every sheet."""
    workbook = CalamineWorkbook.from_filelike(BytesIO(content))
    return {name: workbook.get_sheet_by_name(name).to_python() for name in workbook.sheet_names}


_READERS: Mapping[str, Callable[[bytes], object]] = {
    ".html": _page,
    ".eml": _mail,
    ".ics": _calendar,
    ".xlsx": _workbook,
}
