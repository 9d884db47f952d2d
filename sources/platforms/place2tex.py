"""place2tex: competence list of the textile networks AFBW, Südwesttextil and Techtex Neckar-Alb.

Known: competences, sewing and mask capacity "available and future" in a list to download.
Assumed: a workbook, or a CSV, with two header rows, the upper one merged over groups. A row without present capacity
counts with its future one, from the day it begins.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sources.platform import Parsed, Platform, RawDocument, one_document
from sources.readers.headings import two_header_lines
from sources.readers.spreadsheet import find_tables
from sources.rows.dates import local_midnight
from sources.rows.fields import day, identified_by, kind_of, no_test, place, posted_day, quantity, required
from sources.rows.read import Row, read_rows
from sources.rows.text import collapse, described, present

READ_FIELDS = (
    "Nr.", "Unternehmen / Name", "Unternehmen / PLZ Ort", "Unternehmen / Internet", "Leistung / Art",
    "Leistung / Kompetenz", "Leistung / Erläuterung", "Kapazität verfügbar / Menge", "Kapazität verfügbar / ab",
    "Kapazität zukünftig / Menge", "Kapazität zukünftig / ab", "Stand",
)  # fmt: skip
IGNORED_FIELDS = ("Unternehmen / Ansprechpartner",)  # a person
KINDS = {"bietet": "offer", "sucht": "request"}


def parse(documents: Sequence[RawDocument]) -> Parsed:
    """One line of the list, one listing."""
    rows = (row for document in documents for row in _lines(document))
    return read_rows("place2tex", rows, identified_by("Nr."), read_line)


def _lines(document: RawDocument) -> Iterator[Row]:
    for table in find_tables(document, READ_FIELDS + IGNORED_FIELDS, two_header_lines):
        yield from table.rows()


def read_line(fields: Mapping[str, str]) -> dict[str, Any]:
    """The columns of one line; raises RowError."""
    no_test(fields, "Unternehmen / Name")
    posted_on = posted_day(fields, "Stand")
    now = quantity(fields, "Kapazität verfügbar / Menge", "de")
    later = quantity(fields, "Kapazität zukünftig / Menge", "de")
    begins = day(fields, "Kapazität verfügbar / ab" if now else "Kapazität zukünftig / ab", posted_on)
    future = collapse(fields["Kapazität zukünftig / Menge"])
    note = (
        f"Künftig: {future} ({collapse(fields['Kapazität zukünftig / ab']) or 'ohne Termin'})" if now and later else ""
    )
    kind = kind_of(fields, "Leistung / Art", KINDS)
    return {
        "kind": kind,
        "title": required(fields, "Leistung / Kompetenz"),
        "text": "\n".join(filter(None, (described(fields["Leistung / Erläuterung"]), note))) or None,
        "language": "de",
        "organisation_name": present(fields["Unternehmen / Name"]),
        **place(fields["Unternehmen / PLZ Ort"]),
        "country": "DE",
        "website": present(fields["Unternehmen / Internet"]),
        "contact_route": PLATFORM.contact_route,
        **(now or later),
        "available_from": local_midnight(begins),
        "posted_at": local_midnight(posted_on),
    }


PLATFORM = Platform(
    name="place2tex",
    title="place2tex Kompetenzliste",
    operator="AFBW, Südwesttextil und Techtex Neckar-Alb",
    url="https://place2tex.example/kompetenzliste.xlsx",
    language="de",
    country="DE",
    kind_of_access="export",
    contact_route="Geschäftsstelle AFBW, Kompetenzliste place2tex",
    inbox_pattern="place2tex*",
    expected_rows=(5, 2_000),
    fetch=one_document("place2tex.xlsx"),
    parse=parse,
    ignored_fields=IGNORED_FIELDS,
)
