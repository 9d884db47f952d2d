"""sammelordner: any network without software of its own fills our XLSX template and drops it into a folder.

Known: everything, the template is ours (`template.py` writes it). One file a network; the file's name is the network's
short name and part of every id. Files of another shape are refused one by one.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sources.platform import Parsed, Platform, RawDocument, RowError, before_colon
from sources.readers.html import fetch_folder
from sources.readers.sheets import ANY_WORKBOOK
from sources.readers.spreadsheet import find_tables
from sources.rows.dates import local_midnight
from sources.rows.fields import coded, minimum_quantity, no_test, place, posted_day, quantity, required, window
from sources.rows.read import Row, read_rows, rows_of_each
from sources.rows.text import collapse, described, present

SHEET = "Einträge"
COLUMNS = (
    "Nr.", "Art", "Titel", "Beschreibung", "Kategorie", "Organisation", "Straße", "PLZ Ort", "Land", "Website", "Menge",
    "Mindestmenge", "Norm", "Medizinprodukt", "Steril", "Nachweis", "Dringlichkeit", "Verfügbar ab", "Verfügbar bis",
    "Status", "Eingestellt am",
)  # fmt: skip
# What the drop-down lists of the template offer, and what it means to us.
CHOICES: dict[str, dict[str, Any]] = {
    "Art": {"Angebot": "offer", "Gesuch": "request", "Idee": "idea", "Information": "information"},
    "Land": {"Deutschland": "DE", "Frankreich": "FR", "Schweiz": "CH", "Österreich": "AT"},
    "Medizinprodukt": {"ja": True, "nein": False},
    "Steril": {"ja": True, "nein": False},
    "Nachweis": {"keiner": "none", "behauptet": "claimed", "vorgelegt": "shown", "geprüft": "checked"},
    "Dringlichkeit": {"gering": "low", "normal": "normal", "hoch": "high", "sehr hoch": "critical"},
    "Status": {"offen": "open", "vermittelt": "fulfilled", "zurückgezogen": "withdrawn"},
}
EXAMPLE_NUMBER = "Beispiel"  # the row of the template that shows how to fill it in


def parse(documents: Sequence[RawDocument]) -> Parsed:
    """One line of a template, one listing; raises LayoutChanged if most files are no templates."""
    rows = rows_of_each(documents, _lines, "Datei")
    return read_rows("sammelordner", rows, identify, read_line)


def _lines(document: RawDocument) -> Iterator[Row]:
    network = document.name.rpartition("/")[2].rpartition(".")[0]
    for table in find_tables(document, COLUMNS):
        for row in table.rows():
            if collapse(row.fields.get("Nr.", "")) != EXAMPLE_NUMBER:
                yield Row(row.place, {**row.fields, "Netzwerk": network}, problem=row.problem)


def identify(fields: Mapping[str, str]) -> str:
    """Every network counts its entries anew."""
    return f"{fields['Netzwerk']}:{required(fields, 'Nr.')}"


def read_line(fields: Mapping[str, str]) -> dict[str, Any]:
    """The columns of one line; raises RowError."""
    no_test(fields, "Titel", "Organisation")
    posted_on = posted_day(fields, "Eingestellt am")
    chosen = {label: coded(fields, label, codes) for label, codes in CHOICES.items()}
    if chosen["Art"] is None:
        raise RowError("Art", "required", "neither offered nor sought")
    return {
        "kind": chosen["Art"],
        "title": required(fields, "Titel"),
        "text": described(fields["Beschreibung"]),
        "category": present(fields["Kategorie"]),
        "language": "de",
        "organisation_name": present(fields["Organisation"]),
        "street": present(fields["Straße"]),
        **place(fields["PLZ Ort"]),
        "country": chosen["Land"] or "DE",
        "website": present(fields["Website"]),
        "contact_route": f"Netzwerk {fields['Netzwerk']}",
        **quantity(fields, "Menge", "de"),
        "minimum_quantity": minimum_quantity(fields, "Mindestmenge", "de"),
        "norms": present(fields["Norm"]),
        "is_medical": chosen["Medizinprodukt"],
        "is_sterile": chosen["Steril"],
        "certificate": chosen["Nachweis"] or "none",
        "urgency": chosen["Dringlichkeit"] or "normal",
        "status": chosen["Status"] or "open",
        **window(fields, "Verfügbar ab", "Verfügbar bis", posted_on),
        "posted_at": local_midnight(posted_on),
    }


PLATFORM = Platform(
    name="sammelordner",
    title="Sammelordner",
    operator="Netzwerke ohne eigene Plattform",
    url="https://ablage.example/sammelordner/",
    language="de",
    country="DE",
    kind_of_access="export",
    contact_route="Das meldende Netzwerk",
    inbox_pattern="sammelordner",
    expected_rows=(1, 20_000),
    fetch=fetch_folder(ANY_WORKBOOK),
    parse=parse,
    part_of=before_colon,
)
