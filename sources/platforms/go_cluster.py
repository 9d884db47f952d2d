"""go_cluster: programme go-cluster and the site clusterplattform.de.

Known: capacity reports of clusters by e-mail, news pages, a directory of clusters.
Assumed: reports are mails with labelled lines, one block an organisation, blocks parted by a line of equals signs; news
are an RSS feed; the directory is a CSV of clusters.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pandas as pd

from sources.directory import read_members
from sources.platform import Parsed, Platform, RawDocument, documents_at, named
from sources.readers.feed import read_feed
from sources.readers.mailbox import Message, labelled_lines, mails, read_messages, refused_files
from sources.readers.spreadsheet import read_csv
from sources.rows.dates import local_midnight
from sources.rows.fields import kind_of, moment, no_test, place, postal_code, posted_day, quantity, required
from sources.rows.read import Row, read_rows, strange_label
from sources.rows.text import described, present

MAILBOX = "imaps://mail.clusterplattform.example/Berichte"
LABELS = ("Meldung", "Organisation", "PLZ Ort", "Art", "Gegenstand", "Kapazität", "Erläuterung")
CLUSTER_FIELDS = ("Nr.", "Cluster", "Träger", "PLZ", "Ort", "Themen", "Internet")
IGNORED_FIELDS = ("Clustermanagement", "author", "category")  # a person; trimmings of the feed
KINDS = {"Angebot": "offer", "Bedarf": "request"}
_BLOCKS = re.compile(r"^={5,}\s*$", re.MULTILINE)


def parse(documents: Sequence[RawDocument]) -> Parsed:
    """One block of a report or one item of news, one listing; one line of the directory, one member."""
    messages = (m for document in mails(documents) for m in read_messages(document))
    rows = [row for message in messages for row in _blocks(message)]
    rows += refused_files(document for document in documents if not document.name.endswith((".xml", ".csv")))
    rows += [row for document in named(documents, "*.xml") for row in read_feed(document)]
    listings = read_rows(
        "go_cluster",
        rows,
        lambda fields: required(fields, "Meldung" if "Meldung" in fields else "id"),
        lambda fields: read_report(fields) if "Meldung" in fields else read_news(fields),
    )
    known = (*CLUSTER_FIELDS, IGNORED_FIELDS[0])
    lines = [row for document in named(documents, "*.csv") for row in read_csv(document, known)]
    members = read_members("go_cluster", lines, read_cluster)
    return Parsed(listings.listings, pd.concat([listings.quarantine, members.quarantine]), members.members)


def _blocks(message: Message) -> Iterator[Row]:
    if message.problem is not None:
        yield Row(message.place, {}, message.message_id or None, message.problem)
    sent = message.sent_on.isoformat() if message.sent_on else ""
    for number, block in enumerate(_BLOCKS.split(message.text), start=1):
        said = labelled_lines(block, LABELS, free=("Erläuterung",))
        if len(said) > 1:  # greetings before and after the blocks bear no label
            problem = strange_label(said, ("", *LABELS), ("Meldung", "Art"))
            yield Row(f"{message.place}, block {number}", {**said, "Datum": sent}, said.get("Meldung"), problem)


def read_report(fields: Mapping[str, str]) -> dict[str, Any]:
    """The columns of one block; raises RowError."""
    no_test(fields, "Organisation")
    kind = kind_of(fields, "Art", KINDS)
    return {
        "kind": kind,
        "title": required(fields, "Gegenstand"),
        "text": described(fields.get("Erläuterung")),
        "language": "de",
        "organisation_name": present(fields.get("Organisation")),
        **place(fields.get("PLZ Ort")),
        "country": "DE",
        "contact_route": PLATFORM.contact_route,
        **quantity(fields, "Kapazität", "de"),
        "posted_at": local_midnight(posted_day(fields, "Datum")),
    }


def read_news(fields: Mapping[str, str]) -> dict[str, Any]:
    """The columns of one item of news; raises RowError."""
    return {
        "url": present(fields["link"]),
        "kind": "information",
        "title": required(fields, "title"),
        "text": described(fields["text"]),
        "language": "de",
        "organisation_name": PLATFORM.operator,
        "country": "DE",
        "contact_route": PLATFORM.contact_route,
        "posted_at": moment(fields, "published"),
    }


def read_cluster(fields: Mapping[str, str]) -> dict[str, Any]:
    """One cluster of the programme; raises RowError."""
    return {
        "member_id": required(fields, "Nr."),
        "network": required(fields, "Cluster"),
        "organisation_name": required(fields, "Träger"),
        "competences": present(fields["Themen"]),
        "postal_code": postal_code(fields, "PLZ", "DE"),
        "city": present(fields["Ort"]),
        "country": "DE",
        "website": present(fields["Internet"]),
    }


PLATFORM = Platform(
    name="go_cluster",
    title="clusterplattform.de",
    operator="Programm go-cluster",
    url="https://clusterplattform.example/",
    language="de",
    country="DE",
    kind_of_access="mailbox",
    contact_route="Geschäftsstelle go-cluster",
    inbox_pattern="go_cluster",
    expected_rows=(3, 5_000),
    fetch=documents_at(berichte__mbox=MAILBOX, news__xml="news.xml", verzeichnis__csv="verzeichnis.csv"),
    parse=parse,
    ignored_fields=IGNORED_FIELDS,
    mailbox=MAILBOX,
    part_of=lambda source_id: "Berichte" if source_id.startswith("GC-") else "Neuigkeiten",
)
