"""The XLSX template of `sammelordner`, with drop-down lists and an example row.

A network fills it in and drops it into the shared folder under its own short name; nothing else is needed.
"""

from collections.abc import Iterable, Sequence

from openpyxl import Workbook
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from sources.platforms.sammelordner import CHOICES, COLUMNS, EXAMPLE_NUMBER, SHEET
from sources.readers.workbook import workbook_bytes

EXAMPLE = {
    "Nr.": EXAMPLE_NUMBER, "Art": "Angebot", "Titel": "Nähkapazität für Kittel",
    "Beschreibung": "12 Nähplätze, Vlies wird angeliefert. Bitte keine Namen oder Nummern von Personen eintragen.",
    "Kategorie": "Fertigung", "Organisation": "Muster-Näherei GmbH", "Straße": "Musterweg 1",
    "PLZ Ort": "72458 Albstadt",
    "Land": "Deutschland", "Website": "https://muster.example", "Menge": "500 Stück/Woche", "Mindestmenge": "50 Stück",
    "Norm": "EN 13795", "Medizinprodukt": "ja", "Steril": "nein", "Nachweis": "behauptet", "Dringlichkeit": "normal",
    "Verfügbar ab": "sofort", "Verfügbar bis": "30.06.2020", "Status": "offen", "Eingestellt am": "01.04.2020",
}  # fmt: skip
ROWS_WITH_LISTS = 1_000


def template(network: str) -> bytes:
    """An empty template for a network, with an example row that reading leaves out."""
    return filled_template(network, [])


def filled_template(network: str, rows: Iterable[Sequence[str]]) -> bytes:
    """The template with rows below its example; cells in the order of `COLUMNS`."""
    workbook = Workbook()
    sheet = workbook.create_sheet(SHEET, 0)
    del workbook["Sheet"]  # the empty one that a new workbook begins with
    sheet.append(COLUMNS)
    sheet.append([EXAMPLE[name] for name in COLUMNS])
    for row in rows:
        sheet.append(list(row))
    for number, name in enumerate(COLUMNS, start=1):
        letter = get_column_letter(number)
        sheet.column_dimensions[letter].width = 40 if name == "Beschreibung" else 18
        sheet.cell(1, number).font = Font(bold=True)
        sheet.cell(2, number).fill = PatternFill("solid", fgColor="EEEEEE")
        if name in CHOICES:
            options = DataValidation("list", formula1=f'"{",".join(CHOICES[name])}"', allow_blank=True)
            options.error = f"Bitte einen Wert aus der Liste wählen: {', '.join(CHOICES[name])}"
            sheet.add_data_validation(options)
            options.add(f"{letter}3:{letter}{ROWS_WITH_LISTS}")
    sheet.freeze_panes = "A2"
    hints = workbook.create_sheet("Hinweise")
    for line in (
        f"Vorlage für {network}",
        "Eine Zeile je Angebot, Gesuch, Idee oder Information. Die graue Zeile ist nur ein Beispiel.",
        "Nr.: eigene laufende Nummer, bitte nie neu vergeben.",
        "Menge: Zahl, Einheit und Zeitraum, zum Beispiel 500 Stück/Woche, 20 Boxen à 100 Stück, 200 l.",
        "Bitte keine Namen, Telefonnummern oder E-Mail-Adressen von Personen.",
    ):
        hints.append([line])
    return workbook_bytes(workbook)
