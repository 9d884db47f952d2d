"""bw_aufruf: answers to the call of the ministry and BIOPRO to 40 actors (associations, clusters, networks).

Known: every actor was asked for solutions under way or planned in its surroundings.
Assumed: one answer sheet (XLSX) a sender in a shared folder, with the sender's name and day on top and a table below.
The sheet is the sender's, the organisations in it are others; names are cut at 28 characters by the form's field. A
sheet that cannot be read is refused as a whole, the others count.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sources.platform import LayoutChanged, Parsed, Platform, RawDocument, the_named
from sources.readers.html import fetch_folder
from sources.readers.spreadsheet import check_columns, read_workbook, rows_below
from sources.rows.dates import local_midnight
from sources.rows.fields import coded, kind_of, no_test, place, posted_day, quantity, required, window
from sources.rows.read import Row, read_rows, rows_of_each
from sources.rows.text import collapse, described, present

READ_FIELDS = (
    "Nr.", "Einrichtung", "PLZ / Ort", "Bietet / Sucht / Idee", "Gegenstand", "Erläuterung", "Umfang", "ab", "bis",
    "Stand",
)  # fmt: skip
IGNORED_FIELDS = ("Bemerkung intern",)
KINDS = {"bietet": "offer", "sucht": "request", "Idee": "idea"}
STATUSES = {"läuft": "open", "geplant": "open", "abgeschlossen": "fulfilled", "zurückgezogen": "withdrawn"}
SENDER, DAY, HEADER_LINE = "Absender", "Datum", 4  # labels in the sheet's head, line of the table's header (from 0)


def parse(documents: Sequence[RawDocument]) -> Parsed:
    """One line of a sheet, one listing; raises LayoutChanged if most sheets cannot be read."""
    rows = rows_of_each(the_named(documents, "*.xlsx"), _lines, "Blatt")
    return read_rows("bw_aufruf", rows, identify, read_line)


def _lines(document: RawDocument) -> Iterator[Row]:
    lines = next(iter(read_workbook(document).values()), [])
    head = {collapse(line[0]).rstrip(":"): collapse(line[1]) for line in lines[:HEADER_LINE] if len(line) > 1}
    header = [collapse(cell) for cell in lines[HEADER_LINE]] if len(lines) > HEADER_LINE else []
    check_columns(document.name, [name for name in header if name], READ_FIELDS + IGNORED_FIELDS)
    if not head.get(SENDER) or not head.get(DAY):
        raise LayoutChanged(f"{document.name}: no sender or no day on top")
    stem = document.name.rpartition("/")[2].removesuffix(".xlsx")
    for row in rows_below(header, document, lines, HEADER_LINE + 1):
        yield Row(row.place, {**row.fields, SENDER: head[SENDER], DAY: head[DAY], "Datei": stem}, problem=row.problem)


def identify(fields: Mapping[str, str]) -> str:
    """Every sheet counts its lines anew."""
    return f"{fields['Datei']}:{required(fields, 'Nr.')}"


def read_line(fields: Mapping[str, str]) -> dict[str, Any]:
    """The columns of one line; raises RowError."""
    no_test(fields, "Einrichtung")
    answered_on = posted_day(fields, DAY)
    kind = kind_of(fields, "Bietet / Sucht / Idee", KINDS)
    return {
        "kind": kind,
        "title": required(fields, "Gegenstand"),
        "text": described(fields["Erläuterung"]),
        "language": "de",
        "organisation_name": present(fields["Einrichtung"]),
        **place(fields["PLZ / Ort"]),
        "country": "DE",
        "contact_route": f"{fields[SENDER]} (Antwort auf den Aufruf)",
        **quantity(fields, "Umfang", "de"),
        **window(fields, "ab", "bis", answered_on),
        "status": coded(fields, "Stand", STATUSES) or "open",
        "posted_at": local_midnight(answered_on),
    }


PLATFORM = Platform(
    name="bw_aufruf",
    title="Aufruf an Verbände, Cluster und Netzwerke",
    operator="Ministerium und BIOPRO Baden-Württemberg GmbH",
    url="https://aufruf.bio-pro.example/antworten/",
    language="de",
    country="DE",
    kind_of_access="export",
    contact_route="BIOPRO Baden-Württemberg, Rücklauf des Aufrufs",
    inbox_pattern="bw_aufruf",
    expected_rows=(5, 5_000),
    fetch=fetch_folder("*.xlsx"),
    parse=parse,
    ignored_fields=IGNORED_FIELDS,
)
