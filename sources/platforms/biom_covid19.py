"""biom_covid19: COVID-19 entries and a call for projects of BioM, Munich.

Known: entries of members, 64 % offers and 20 % searches for partners, and a call for projects on drugs and vaccines.
Assumed: an HTML table of entries and the projects as JSON. Projects are ideas; whom they seek are roles.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import Any

from sources.platform import LayoutChanged, Parsed, Platform, RawDocument, documents_at, the_named
from sources.readers import html
from sources.readers.headings import check_columns, rows_of
from sources.readers.rest import rows_at
from sources.rows.dates import local_midnight
from sources.rows.fields import coded, kind_of, no_test, place, posted_day, quantity, required
from sources.rows.read import Row, read_rows
from sources.rows.text import described, present

ENTRY_FIELDS = ("Nr.", "Typ", "Titel", "Beschreibung", "Unternehmen", "Ort", "Menge", "Datum")
PROJECT_FIELDS = ("id", "title", "abstract", "lead.organisation", "lead.city", "seeks", "submitted", "status")
IGNORED_FIELDS = ("lead.contact",)  # a person
KINDS = {"Angebot": "offer", "Partnersuche": "request", "Hinweis": "information"}
STATUSES = {"open": "open", "funded": "fulfilled", "withdrawn": "withdrawn"}


def parse(documents: Sequence[RawDocument]) -> Parsed:
    """One table row or one project, one listing."""
    rows = [row for document in the_named(documents, "*.html") for row in _entries(document)]
    for document in the_named(documents, "*.json"):
        rows += rows_at(document, "project", PROJECT_FIELDS + IGNORED_FIELDS, PROJECT_FIELDS, "projects")
    return read_rows(
        "biom_covid19", rows, identify, lambda fields: read_entry(fields) if "Typ" in fields else read_project(fields)
    )


def _entries(document: RawDocument) -> Iterator[Row]:
    table = html.required(html.read_page(document), "table.covid19", document.name)
    header, *lines = html.table_rows(table) or [[]]
    strange = check_columns(document.name, header, ENTRY_FIELDS)
    if not lines:
        raise LayoutChanged(f"{document.name}: a table without rows")
    numbered = ((f"{document.name}: row {number}", cells) for number, cells in enumerate(lines, start=1))
    return chain(rows_of(header, numbered), strange)


def identify(fields: Mapping[str, str]) -> str:
    """Entries and projects are counted apart."""
    return f"E{required(fields, 'Nr.')}" if "Typ" in fields else f"P{required(fields, 'id')}"


def read_entry(fields: Mapping[str, str]) -> dict[str, Any]:
    """The columns of one entry; raises RowError."""
    no_test(fields, "Titel", "Unternehmen")
    kind = kind_of(fields, "Typ", KINDS)
    return {
        "kind": kind,
        "title": required(fields, "Titel"),
        "text": described(fields["Beschreibung"]),
        "language": "de",
        "organisation_name": present(fields["Unternehmen"]),
        **place(fields["Ort"]),
        "country": "DE",
        "contact_route": PLATFORM.contact_route,
        **quantity(fields, "Menge", "de"),
        "posted_at": local_midnight(posted_day(fields, "Datum")),
    }


def read_project(fields: Mapping[str, str]) -> dict[str, Any]:
    """The columns of one project; raises RowError."""
    no_test(fields, "title")
    return {
        "kind": "idea",
        "title": required(fields, "title"),
        "text": described(fields["abstract"]),
        "language": "de",
        "organisation_name": present(fields["lead.organisation"]),
        **place(fields["lead.city"]),
        "country": "DE",
        "contact_route": PLATFORM.contact_route,
        "roles_sought": present(fields["seeks"]),
        "status": coded(fields, "status", STATUSES) or "open",
        "posted_at": local_midnight(posted_day(fields, "submitted")),
    }


PLATFORM = Platform(
    name="biom_covid19",
    title="BioM COVID-19",
    operator="BioM Biotech Cluster Development GmbH",
    url="https://covid19.bio-m.example/",
    language="de",
    country="DE",
    kind_of_access="page",
    contact_route="Geschäftsstelle BioM, COVID-19-Einträge",
    inbox_pattern="biom_covid19",
    expected_rows=(12, 2_000),
    fetch=documents_at(eintraege__html="eintraege", projekte__json="projekte.json"),
    parse=parse,
    ignored_fields=IGNORED_FIELDS,
    part_of=lambda source_id: "Projekte" if source_id.startswith("P") else "Einträge",
)
