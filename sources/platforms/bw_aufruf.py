"""bw_aufruf: answers to the call of the ministry and BIOPRO to 40 actors (associations, clusters, networks).

Known: every actor was asked for solutions under way or planned in its surroundings.
Assumed: one answer sheet (XLSX) a sender in a shared folder, with the sender's name and day on top and a table below.
The sheet is the sender's, the organisations in it are others; names are cut at 28 characters by the form's field. A
sheet that cannot be read is refused as a whole, the others count.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sources.platform import LayoutChanged, Parsed, Platform, RawDocument, before_colon
from sources.readers.html import fetch_folder
from sources.readers.sheets import ANY_WORKBOOK
from sources.readers.spreadsheet import find_tables
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
SENDER, DAY = "Absender", "Datum"  # labels above the table


def parse(documents: Sequence[RawDocument]) -> Parsed:
    """One line of a sheet, one listing; raises LayoutChanged if most sheets cannot be read."""
    rows = rows_of_each(documents, _lines, "Blatt")
    return read_rows("bw_aufruf", rows, identify, read_line)


def _lines(document: RawDocument) -> Iterator[Row]:
    stem = document.name.rpartition("/")[2].rpartition(".")[0]
    for table in find_tables(document, READ_FIELDS + IGNORED_FIELDS):
        head = {collapse(line[0]).rstrip(":"): collapse(line[1]) for line in table.above if len(line) > 1}
        if not head.get(SENDER) or not head.get(DAY):
            raise LayoutChanged(f"{table.place}: no sender or no day on top")
        for row in table.rows():
            fields = {**row.fields, SENDER: head[SENDER], DAY: head[DAY], "Datei": stem}
            yield Row(row.place, fields, problem=row.problem)


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
    fetch=fetch_folder(ANY_WORKBOOK),
    parse=parse,
    ignored_fields=IGNORED_FIELDS,
    part_of=before_colon,
)
