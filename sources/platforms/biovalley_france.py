"""biovalley_france: partner searches and Meet & Match participants of BioValley France, Grand Est.

Known: French; partner search together with BIOPRO; Meet & Match events.
Assumed: an Atom feed whose titles begin with "[Offre]", "[Recherche]" or "[Info]" and whose texts hold lines such as
"Organisme : …"; participants as CSV (semicolons). Participants are members of the network, not listings.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from sources.directory import read_members
from sources.platform import Parsed, Platform, RawDocument, RowError, documents_at, the_named
from sources.readers.feed import read_feed
from sources.readers.mailbox import labelled_lines
from sources.readers.spreadsheet import read_csv
from sources.rows.fields import identified_by, moment, place, postal_code, quantity, required, window
from sources.rows.read import Row, read_rows, strange_label
from sources.rows.text import collapse, described, present
from sources.week import local_day

LABELS = ("Organisme", "Lieu", "Quantité", "À partir du", "Jusqu'au")
PARTICIPANT_FIELDS = ("N°", "Organisme", "Type", "Adresse", "Code postal", "Ville", "Pays", "Compétences", "Site")
IGNORED_FIELDS = ("Nom du participant", "author")  # persons
KINDS = {"Offre": "offer", "Recherche": "request", "Projet": "idea", "Info": "information"}
COUNTRIES = {"France": "FR", "Allemagne": "DE", "Suisse": "CH"}
_TITLE = re.compile(r"\[([^\]]+)\]\s*(.+)")


def parse(documents: Sequence[RawDocument]) -> Parsed:
    """One entry of the feed, one listing; one participant, one member."""
    rows = (_labelled(row) for document in the_named(documents, "*.xml") for row in read_feed(document))
    listings = read_rows("biovalley_france", rows, identified_by("id"), read_entry)
    participants = [
        row
        for document in the_named(documents, "*.csv")
        for row in read_csv(document, (*PARTICIPANT_FIELDS, IGNORED_FIELDS[0]))
    ]
    members = read_members("biovalley_france", participants, read_participant)
    return Parsed(listings.listings, pd.concat([listings.quarantine, members.quarantine]), members.members)


def _labelled(row: Row) -> Row:
    if row.problem is not None:
        return row
    said = labelled_lines(row.fields["text"], LABELS)
    problem = strange_label(said, ("", *LABELS), ("Organisme",))
    return Row(row.place, {**row.fields, **said, "text": said[""]}, row.source_id, problem)


def read_entry(fields: Mapping[str, str]) -> dict[str, Any]:
    """The columns of one entry; raises RowError."""
    match = _TITLE.fullmatch(collapse(fields["title"]))
    if match is None or match[1] not in KINDS:
        raise RowError("title", "known_value", f"does not begin with [{'], ['.join(KINDS)}]")
    posted_at = moment(fields, "published")
    if posted_at is None:
        raise RowError("published", "required", "the entry has no date")
    return {
        "url": present(fields["link"]),
        "kind": KINDS[match[1]],
        "title": match[2],
        "text": described(fields["text"]),
        "category": present(fields["category"]),
        "language": "fr",
        "organisation_name": present(fields["Organisme"]),
        **place(fields.get("Lieu")),
        "country": "FR",
        "contact_route": PLATFORM.contact_route,
        **quantity(fields, "Quantité", "fr"),
        **window(fields, "À partir du", "Jusqu'au", local_day(posted_at)),
        "posted_at": posted_at,
    }


def read_participant(fields: Mapping[str, str]) -> dict[str, Any]:
    """One organisation at Meet & Match; raises RowError."""
    country = COUNTRIES.get(collapse(fields["Pays"]))
    if country is None:
        raise RowError("Pays", "known_value", f"not one of {', '.join(COUNTRIES)}")
    return {
        "member_id": required(fields, "N°"),
        "network": "Meet & Match",
        "organisation_name": required(fields, "Organisme"),
        "organisation_type": present(fields["Type"]),
        "competences": present(fields["Compétences"]),
        "street": present(fields["Adresse"]),
        "postal_code": postal_code(fields, "Code postal", country),
        "city": present(fields["Ville"]),
        "country": country,
        "website": present(fields["Site"]),
    }


PLATFORM = Platform(
    name="biovalley_france",
    title="BioValley France",
    operator="BioValley France, pôle de compétitivité santé du Grand Est",
    url="https://biovalley-france.example/",
    language="fr",
    country="FR",
    kind_of_access="feed",
    contact_route="Équipe de BioValley France",
    inbox_pattern="biovalley_france",
    expected_rows=(3, 3_000),
    fetch=documents_at(annonces__xml="annonces.xml", participants__csv="meet-and-match/participants.csv"),
    parse=parse,
    ignored_fields=IGNORED_FIELDS,
)
