"""linkhealth_bw, biolago: member directories as CSV, one function that makes a platform of such a file.

Known: LinkHealth@BW is the network of the state's health clusters; BioLAGO e. V. has 160 members in four countries in
diagnostics, medical technology, pharma and health IT.
Assumed: the columns. They yield organisations and memberships, no listings.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sources.directory import read_members
from sources.platform import Parsed, Platform, RawDocument, one_document
from sources.readers.spreadsheet import read_csv
from sources.rows.fields import coded, postal_code, required
from sources.rows.text import present

COUNTRIES = {"Deutschland": "DE", "Frankreich": "FR", "Schweiz": "CH", "Österreich": "AT", "Liechtenstein": "LI"}
READ_FIELDS = ("ID", "Cluster", "Name", "Typ", "Straße", "PLZ", "Ort", "Land", "Kompetenzen", "Website")
IGNORED_FIELDS = ("Geschäftsführung",)  # persons


def _read_member(fields: Mapping[str, str]) -> dict[str, Any]:
    country = coded(fields, "Land", COUNTRIES)
    return {
        "member_id": required(fields, "ID"),
        "network": required(fields, "Cluster"),
        "organisation_name": required(fields, "Name"),
        "organisation_type": present(fields["Typ"]),
        "competences": present(fields["Kompetenzen"]),
        "street": present(fields["Straße"]),
        "postal_code": postal_code(fields, "PLZ", country),
        "city": present(fields["Ort"]),
        "country": country,
        "website": present(fields["Website"]),
    }


def csv_directory(name: str, title: str, operator: str, url: str) -> Platform:
    """A platform that is nothing but such a file."""

    def parse(documents: Sequence[RawDocument]) -> Parsed:
        rows = (row for document in documents for row in read_csv(document, READ_FIELDS + IGNORED_FIELDS))
        return read_members(name, rows, _read_member)

    return Platform(
        name=name,
        title=title,
        operator=operator,
        url=url,
        language="de",
        country="DE",
        kind_of_access="directory",
        contact_route=f"Geschäftsstelle {operator}",
        inbox_pattern=f"{name}*.csv",
        expected_rows=(3, 5_000),
        fetch=one_document(f"{name}.csv"),
        parse=parse,
        ignored_fields=IGNORED_FIELDS,
    )


LINKHEALTH_BW = csv_directory(
    "linkhealth_bw", "LinkHealth@BW", "LinkHealth@BW", "https://linkhealth-bw.example/mitglieder.csv"
)
BIOLAGO = csv_directory("biolago", "BioLAGO Mitglieder", "BioLAGO e. V.", "https://biolago.example/mitglieder.csv")
