"""een: partnering database of the Enterprise Europe Network.

Known: five types of profile (BO, BR, TO, TR, RDR), references such as BOCL20240903021 (type, country, day, number), a
life of 365 days; PUBLISHED does not mean open for expressions of interest (`openForEOI`); in limited records null means
"not shown to you", not "there is none".
Seen: `openForEOI` as true, "true" and 1.
Assumed: paging by offset and limit, and the names of the fields. Firms are never named: `organisation_key` is the
reference, a firm with two profiles cannot be recognised here. The access key goes into a header; the client has it.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from sources.platform import Client, Parsed, Platform, RawDocument, RowError, fetch_pages
from sources.readers.rest import rows_at, said_by
from sources.rows.dates import local_midnight
from sources.rows.fields import coded, deadline, identified_by, moment, quantity, required
from sources.rows.read import read_rows
from sources.rows.text import described, present
from sources.week import local_day

READ_FIELDS = (
    "reference", "type", "title", "summary", "description", "country", "city", "openForEOI", "status", "limited",
    "datePublished", "dateUpdated", "deadline", "partnerSought", "targetCountries", "stage", "ipr", "volume",
    "keywords",
)  # fmt: skip
IGNORED_FIELDS = ("pod.name", "contactPerson")  # persons of the network
REQUIRED_FIELDS = ("reference", "type", "title", "status", "openForEOI", "datePublished")
KINDS = {"BO": "offer", "TO": "offer", "BR": "request", "TR": "request", "RDR": "idea"}
YES_NO = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}
LIFE = timedelta(days=365)
PAGE_SIZE = 25
_REFERENCE = re.compile(r"(BO|BR|TO|TR|RDR)[A-Z]{2}\d{8}\d{3}")


def fetch(client: Client, url: str) -> tuple[RawDocument, ...]:
    """Pages by offset until the stated total is reached."""

    def next_url(page: RawDocument, number: int) -> str | None:
        total = said_by(page, "total") or 0
        return f"{url}&offset={number * PAGE_SIZE}" if number * PAGE_SIZE < int(total) else None

    return fetch_pages(client.get, url, "profiles-{}.json", next_url)


def parse(documents: Sequence[RawDocument]) -> Parsed:
    """One profile, one listing."""
    known = READ_FIELDS + IGNORED_FIELDS
    rows = (
        row
        for document in documents
        for row in rows_at(document, "profile", known, REQUIRED_FIELDS, "profiles", languages=("en",))
    )
    return read_rows("een", rows, identified_by("reference"), read_profile)


def read_profile(fields: Mapping[str, str]) -> dict[str, Any]:
    """The columns of one profile; raises RowError."""
    reference = required(fields, "reference")
    if _REFERENCE.fullmatch(reference) is None or fields["type"] not in KINDS:
        raise RowError("reference", "format", "not a reference such as BOCL20240903021 of a known type")
    if not reference.startswith(fields["type"]):
        raise RowError("type", "consistent", "another type than the reference says")
    if fields["status"] not in ("PUBLISHED", "WITHDRAWN"):
        raise RowError("status", "known_value", "neither PUBLISHED nor WITHDRAWN")
    posted_at = moment(fields, "datePublished")
    if posted_at is None:
        raise RowError("datePublished", "required", "no day of publication")
    is_open = coded(fields, "openForEOI", YES_NO)
    return {
        "url": f"https://een.example/partnering/{reference}",
        "kind": KINDS[fields["type"]],
        "title": required(fields, "title"),
        "text": described("\n\n".join(filter(None, (fields.get("summary"), fields.get("description"))))),
        "category": present(fields.get("keywords")),
        "language": "en",
        "organisation_key": reference,
        "city": present(fields.get("city")),
        "country": present(fields.get("country")),
        "contact_route": PLATFORM.contact_route,
        **quantity(fields, "volume", "en"),
        "roles_sought": present(fields.get("partnerSought")),
        "vetting": "approved",  # a regional office of the network has read it
        # Published but no longer open for interest: shown, yet nobody can answer any more.
        "status": "withdrawn" if fields["status"] == "WITHDRAWN" else "open" if is_open else "expired",
        "posted_at": posted_at,
        "updated_at": moment(fields, "dateUpdated"),
        "available_until": deadline(fields, "deadline") or local_midnight(local_day(posted_at) + LIFE),
    }


PLATFORM = Platform(
    name="een",
    title="EEN Partnering Opportunities",
    operator="Enterprise Europe Network",
    url=f"https://een.example/api/profiles?limit={PAGE_SIZE}",
    language="en",
    country="DE",
    kind_of_access="api",
    contact_route="Expression of interest through the regional office of the Enterprise Europe Network",
    inbox_pattern="een",
    expected_rows=(5, 20_000),
    stated_total="total",
    fetch=fetch,
    parse=parse,
    ignored_fields=IGNORED_FIELDS,
    key_header="X-API-Key",
)
