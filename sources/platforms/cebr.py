"""cebr: Council of European Bioregions, more than 45 clusters.

Known: working groups and partnering.
Assumed: a directory of bioregions and their members (CSV, English) and partnering events as iCalendar. Events are
information; the directory yields members.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from sources.directory import read_members
from sources.platform import Parsed, Platform, RawDocument, RowError, documents_at, the_named
from sources.readers.calendar import read_events
from sources.readers.spreadsheet import read_csv
from sources.rows.fields import deadline, identified_by, moment, postal_code, required
from sources.rows.read import read_rows
from sources.rows.text import collapse, described, present

MEMBER_FIELDS = ("id", "bioregion", "member", "kind", "address", "postcode", "city", "country", "expertise", "web")
IGNORED_FIELDS = ("representative",)  # a person
EVENT_STATUSES = {"": "open", "CONFIRMED": "open", "TENTATIVE": "open", "CANCELLED": "withdrawn"}


def parse(documents: Sequence[RawDocument]) -> Parsed:
    """One event, one item of information; one line of the directory, one member."""
    events = [row for document in the_named(documents, "*.ics") for row in read_events(document)]
    listings = read_rows("cebr", events, identified_by("uid"), read_event)
    lines = [row for d in the_named(documents, "*.csv") for row in read_csv(d, MEMBER_FIELDS + IGNORED_FIELDS)]
    members = read_members("cebr", lines, read_member)
    return Parsed(listings.listings, pd.concat([listings.quarantine, members.quarantine]), members.members)


def read_event(fields: Mapping[str, str]) -> dict[str, Any]:
    """The columns of one event; raises RowError."""
    if fields["status"] not in EVENT_STATUSES:
        raise RowError("status", "known_value", f"not one of {', '.join(filter(None, EVENT_STATUSES))}")
    start, end = moment(fields, "start"), moment(fields, "until")
    if start is None:
        raise RowError("start", "required", "the event has no beginning")
    if end is not None and end < start:
        raise RowError("end", "order", "ends before it begins")
    return {
        "url": present(fields["url"]),
        "kind": "information",
        "title": required(fields, "summary"),
        "text": described(fields["description"]),
        "category": present(fields["categories"]),
        "language": "en",
        "organisation_name": "Council of European Bioregions",
        "city": present(fields["location"]),
        "contact_route": PLATFORM.contact_route,
        "status": EVENT_STATUSES[fields["status"]],
        # The stamp is the time of export in most files: it says nothing of when the event was announced.
        "posted_at": moment(fields, "created") or moment(fields, "modified"),
        "available_from": start,
        "available_until": deadline(fields, "until"),
    }


def read_member(fields: Mapping[str, str]) -> dict[str, Any]:
    """One member of a bioregion; raises RowError."""
    country = collapse(fields["country"]).upper() or None
    return {
        "member_id": required(fields, "id"),
        "network": required(fields, "bioregion"),
        "organisation_name": required(fields, "member"),
        "organisation_type": present(fields["kind"]),
        "competences": present(fields["expertise"]),
        "street": present(fields["address"]),
        "postal_code": postal_code(fields, "postcode", country),
        "city": present(fields["city"]),
        "country": country,
        "website": present(fields["web"]),
    }


PLATFORM = Platform(
    name="cebr",
    title="Council of European Bioregions",
    operator="CEBR",
    url="https://cebr.example/",
    language="en",
    country="DE",
    kind_of_access="directory",
    contact_route="Secretariat of the Council of European Bioregions",
    inbox_pattern="cebr",
    expected_rows=(3, 5_000),
    fetch=documents_at(members__csv="members.csv", events__ics="events.ics"),
    parse=parse,
    ignored_fields=IGNORED_FIELDS,
)
