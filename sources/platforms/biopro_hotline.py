"""biopro_hotline: the Corona-Hotline of the task force at BIOPRO, 9 to 16 h.

Known: telephone and e-mail.
Assumed: a call log kept as XLSX on the operator's server, one line a call, names as heard ("Fa. Kesselring Drehteile");
and a mailbox in which a mail may hold several enquiries as numbered points. Mails give their subject as "Angebot: …" or
"Gesuch: …", with lines "Firma: …" and "Ort: …" where people follow the request to write them.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sources.platform import LayoutChanged, Parsed, Platform, RawDocument, documents_at, named
from sources.readers.mailbox import Message, distinct, is_mail, labelled_lines, read_messages, refused_files
from sources.readers.replies import bare_subject
from sources.readers.sheets import ANY_WORKBOOK
from sources.readers.spreadsheet import find_tables
from sources.rows.dates import local_midnight
from sources.rows.fields import coded, identified_by, kind_of, no_test, place, posted_day, quantity, required
from sources.rows.read import Row, read_rows
from sources.rows.text import described, present

MAILBOX = "imaps://mail.bio-pro.example/Hotline"
CALL_FIELDS = ("Lfd. Nr.", "Datum", "Organisation", "Ort", "Anliegen", "Thema", "Notiz", "Menge", "Stand")
IGNORED_FIELDS = ("Uhrzeit", "Kürzel", "Rückruf unter")  # who took the call and whom to ring: persons
MAIL_LABELS = ("Firma", "Ort", "Menge")
KINDS = {"bietet": "offer", "Angebot": "offer", "sucht": "request", "Gesuch": "request", "Idee": "idea"}
STATUSES = {"offen": "open", "in Arbeit": "open", "erledigt": "fulfilled", "zurückgezogen": "withdrawn"}
_KIND = re.compile(r"([^:]*?)\s*(?::|\s[-–—]\s)\s*(.*)")  # "Angebot: Visiere", "Angebot – Visiere"
_POINT = re.compile(r"^\s*\d{1,2}[.)]\s+", re.MULTILINE)


def parse(documents: Sequence[RawDocument]) -> Parsed:
    """One call, one listing; one point of a mail, one listing."""
    logs = named(documents, ANY_WORKBOOK)
    letters = [document for document in documents if is_mail(document)]
    strange = refused_files(document for document in documents if document not in logs)
    if not logs and not letters:
        raise LayoutChanged(f"neither a call log nor mails: {', '.join(row.place for row in strange) or 'nothing'}")
    rows = [row for log in logs for row in _calls(log)]
    messages = distinct(message for letter in letters for message in read_messages(letter))
    rows += [row for message in messages for row in _points(message)]
    rows += strange
    return read_rows("biopro_hotline", rows, identified_by("Lfd. Nr."), read_enquiry)


def _calls(document: RawDocument) -> Iterator[Row]:
    for table in find_tables(document, CALL_FIELDS + IGNORED_FIELDS):
        yield from table.rows()


def _points(message: Message) -> Iterator[Row]:
    """A mail as rows with the labels of the call log; numbered points are enquiries of their own."""
    bare = bare_subject(message.subject)
    kind, subject = said_kind.groups() if (said_kind := _KIND.fullmatch(bare)) else (bare, "")
    said = labelled_lines(message.text, MAIL_LABELS)
    points = [point.strip() for point in _POINT.split(said[""])]
    points = [point for point in points[1:] if point] or [said[""]]
    for number, point in enumerate(points, start=1):
        first_line, _, rest = point.partition("\n")
        fields = {
            "Lfd. Nr.": f"{message.message_id}#{number}" if message.message_id else "",
            "Datum": message.sent_on.isoformat() if message.sent_on else "",
            "Organisation": said.get("Firma", ""),
            "Ort": said.get("Ort", ""),
            "Anliegen": kind.strip(),
            "Thema": subject.strip() if len(points) == 1 else first_line,
            "Notiz": point if len(points) == 1 else rest,
            "Menge": said.get("Menge", "") if len(points) == 1 else "",
            "Stand": "offen",
            "Domain": message.sender_domain or "",
        }
        yield Row(f"{message.place}, point {number}", fields, fields["Lfd. Nr."] or None, message.problem)


def read_enquiry(fields: Mapping[str, str]) -> dict[str, Any]:
    """The columns of one enquiry; raises RowError."""
    no_test(fields, "Organisation", "Thema")
    posted_on = posted_day(fields, "Datum")
    kind = kind_of(fields, "Anliegen", KINDS)
    return {
        "kind": kind,
        "title": required(fields, "Thema"),
        "text": described(fields["Notiz"]),
        "language": "de",
        "organisation_name": present(fields["Organisation"]),
        **place(fields["Ort"]),
        "country": "DE",
        "email_domain": present(fields.get("Domain")),
        "contact_route": PLATFORM.contact_route,
        **quantity(fields, "Menge", "de"),
        "status": coded(fields, "Stand", STATUSES) or "open",
        "posted_at": local_midnight(posted_on),
    }


PLATFORM = Platform(
    name="biopro_hotline",
    title="Corona-Hotline",
    operator="Task-Force bei BIOPRO Baden-Württemberg GmbH",
    url="https://bio-pro.example/hotline/",
    language="de",
    country="DE",
    kind_of_access="mailbox",
    contact_route="Corona-Hotline der Task-Force, BIOPRO Baden-Württemberg",
    inbox_pattern="biopro_hotline",
    expected_rows=(3, 10_000),
    fetch=documents_at(anrufe__xlsx="anrufe.xlsx", mails__mbox=MAILBOX),
    parse=parse,
    ignored_fields=IGNORED_FIELDS,
    mailbox=MAILBOX,
    part_of=lambda source_id: "Mails" if "#" in source_id else "Anrufe",
)
