"""cyberlago: projects of the hackathon series Hack and Harvest of cyberLAGO e. V., Konstanz.

Known: ideas, prototypes and teams.
Assumed: a JSON list of projects. Every project is an idea, whatever its stage; what a team looks for are roles.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sources.platform import Parsed, Platform, RawDocument, one_document
from sources.readers.rest import rows_at
from sources.rows.fields import coded, identified_by, moment, no_test, required
from sources.rows.read import read_rows
from sources.rows.text import described, present

READ_FIELDS = (
    "id", "name", "pitch", "organisation", "city", "looking_for", "stage", "website", "created_at", "updated_at",
    "state",
)  # fmt: skip
IGNORED_FIELDS = ("team", "likes")  # persons, applause
STATUSES = {"active": "open", "harvested": "fulfilled", "dropped": "withdrawn"}


def parse(documents: Sequence[RawDocument]) -> Parsed:
    """One project, one listing."""
    rows = (
        row for document in documents for row in rows_at(document, "project", READ_FIELDS + IGNORED_FIELDS, READ_FIELDS)
    )
    return read_rows("cyberlago", rows, identified_by("id"), read_project)


def read_project(fields: Mapping[str, str]) -> dict[str, Any]:
    """The columns of one project; raises RowError."""
    no_test(fields, "name")
    return {
        "url": f"{PLATFORM.url}#{fields['id']}",
        "kind": "idea",
        "title": required(fields, "name"),
        "text": described(fields["pitch"]),
        "category": present(fields["stage"]),
        "language": "de",
        "organisation_name": present(fields["organisation"]),
        "city": present(fields["city"]),
        "website": present(fields["website"]),
        "contact_route": PLATFORM.contact_route,
        "roles_sought": present(fields["looking_for"]),
        "status": coded(fields, "state", STATUSES) or "open",
        "posted_at": moment(fields, "created_at"),
        "updated_at": moment(fields, "updated_at"),
    }


PLATFORM = Platform(
    name="cyberlago",
    title="Hack and Harvest",
    operator="cyberLAGO e. V.",
    url="https://hackandharvest.cyberlago.example/projects.json",
    language="de",
    country="DE",
    kind_of_access="api",
    contact_route="Geschäftsstelle cyberLAGO, Hack and Harvest",
    inbox_pattern="cyberlago*.json",
    expected_rows=(3, 1_000),
    fetch=one_document("cyberlago.json"),
    parse=parse,
    ignored_fields=IGNORED_FIELDS,
)
