"""biosaxony: news of biosaxony e. V., Dresden and Leipzig.

Known: funding, illness, law, data protection and web conferences: information, no offers.
Known of the software: WordPress gives posts at `/wp-json/wp/v2/posts`, page by page as its headers say (Link, or the
number of pages in X-WP-TotalPages), with `rendered` HTML, and every plugin may add fields; so fields that we do not
read are no change of layout.
Assumed: that it is a WordPress site. Categories come as numbers; theirs stand in `CATEGORIES`. A conference is held on
the first day in its title.
"""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import UTC
from typing import Any

from sources.platform import Client, Parsed, Platform, RawDocument, RowError, fetch_pages
from sources.readers.html import text_of_fragment
from sources.readers.rest import rows_at
from sources.rows.dates import local_midnight, read_day
from sources.rows.fields import identified_by, moment, required
from sources.rows.read import read_rows
from sources.rows.text import collapse, described, present
from sources.week import local_day

READ_FIELDS = (
    "id", "date_gmt", "modified_gmt", "link", "status", "title", "content", "categories",
)  # fmt: skip
IGNORED_FIELDS = ("slug", "type", "author", "excerpt", "tags", "featured_media")  # trimmings of the software
CONFERENCE = "15"
CATEGORIES = {
    "4": "Förderung",
    "7": "Recht",
    "9": "Datenschutz",
    "12": "Erkrankung im Betrieb",
    CONFERENCE: "Webkonferenz",
}


def fetch(client: Client, url: str) -> tuple[RawDocument, ...]:
    """Pages of ten posts; a request beyond the last page would be an error there."""
    return fetch_pages(client.get, url, "posts-{}.json", lambda page, number: page.next_url)


def parse(documents: Sequence[RawDocument]) -> Parsed:
    """One post, one item of information."""
    rows = (row for document in documents for row in rows_at(document, "post", None, READ_FIELDS))
    return read_rows("biosaxony", rows, identified_by("id"), read_post)


def read_post(fields: Mapping[str, str]) -> dict[str, Any]:
    """The columns of one post; raises RowError."""
    if fields["status"] != "publish":
        raise RowError("status", "known_value", "not published")
    unknown = [number for number in fields["categories"].split("; ") if number and number not in CATEGORIES]
    if unknown:
        raise RowError("categories", "known_value", f"category {unknown[0]} is not known")
    posted_at = moment(fields, "date_gmt", UTC)
    if posted_at is None:
        raise RowError("date_gmt", "required", "the post has no date")
    title = collapse(text_of_fragment(required(fields, "title")))
    held_on = None
    if CONFERENCE in fields["categories"].split("; "):
        with suppress(ValueError):  # a title may hold what only looks like a day
            held_on = read_day(title, local_day(posted_at))
    return {
        "url": present(fields["link"]),
        "kind": "information",
        "title": title,
        "text": described(text_of_fragment(fields["content"])),
        "category": "; ".join(CATEGORIES[number] for number in fields["categories"].split("; ") if number) or None,
        "language": "de",
        "organisation_name": "biosaxony e. V.",
        "country": "DE",
        "contact_route": PLATFORM.contact_route,
        "posted_at": posted_at,
        "updated_at": moment(fields, "modified_gmt", UTC),
        "available_until": local_midnight(held_on),
    }


PLATFORM = Platform(
    name="biosaxony",
    title="biosaxony Nachrichten",
    operator="biosaxony e. V.",
    url="https://biosaxony.example/wp-json/wp/v2/posts?per_page=10",
    language="de",
    country="DE",
    kind_of_access="api",
    contact_route="Geschäftsstelle biosaxony",
    inbox_pattern="biosaxony",
    expected_rows=(2, 2_000),
    fetch=fetch,
    parse=parse,
    ignored_fields=IGNORED_FIELDS,
)
