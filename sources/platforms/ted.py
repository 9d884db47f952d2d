"""ted: Tenders Electronic Daily, requests of public buyers.

Known: open data with CPV codes, NUTS regions and deadlines in all languages of the Union; a search interface with JSON
pages and a token for the next one; notices as XML for download, in two schemas.
Known of its version 3: texts are maps by language, those of buyers hold lists; days bear a zone; `timedOut` says that a
reply is not whole; a question is posted as JSON with an expert query, the fields wanted, at most 250 notices a page and
at most 10,000 fields, and paging by iteration gives a token that the next question repeats
(https://docs.ted.europa.eu/reuse/search-api.html). Assumed: the query, and the names of some fields.
The place of performance counts where the buyer names no town: it is often a whole country.
A title comes in several languages; we keep the buyer's own (German, French, English in this order). Public buyers are
organisations, so their names are kept.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sources.platform import Client, Parsed, Platform, RawDocument, RowError, UnknownFormat, fetch_pages, named
from sources.readers.notice import read_notice_xml
from sources.readers.rest import rows_at, said_by
from sources.rows.fields import deadline, identified_by, postal_code, quantity, required
from sources.rows.read import Row, read_rows, strange_label
from sources.rows.text import described, present
from sources.week import local_day

READ_FIELDS = (
    "publication-number", "notice-type", "notice-title.deu", "notice-title.fra", "notice-title.eng", "description.deu",
    "description.fra", "description.eng", "buyer-name", "buyer-street", "buyer-post-code", "buyer-city",
    "buyer-country", "buyer-internet-address", "classification-cpv", "place-of-performance", "quantity",
    "publication-date", "deadline-receipt-request",
)  # fmt: skip
OTHER_LANGUAGES = "bul ces dan ell est fin gle hrv hun ita lav lit mlt nld pol por ron slk slv spa swe".split()
IGNORED_FIELDS = (
    "buyer-email",  # a mailbox
    "links",  # follow from the number
    *(f"{part}.{code}" for part in ("notice-title", "description") for code in OTHER_LANGUAGES),
)
REQUIRED_FIELDS = ("publication-number", "notice-type", "buyer-name", "publication-date")
# Medical equipment, gloves and protective clothing, sought by buyers of our countries.
QUESTION = {
    "query": "classification-cpv IN (33100000 33140000 33190000 33600000 18100000 18424300) "
    "AND buyer-country IN (DEU FRA AUT CHE LUX BEL) SORT BY publication-date DESC",
    "fields": sorted({name.partition(".")[0] for name in READ_FIELDS}),
    "limit": 250,
    "scope": "ACTIVE",
    "paginationMode": "ITERATION",
}
LANGUAGES = {"deu": "de", "fra": "fr", "eng": "en"}
COUNTRIES = {"DEU": "DE", "FRA": "FR", "AUT": "AT", "CHE": "CH", "LUX": "LU", "BEL": "BE"}
STATUSES = {  # notice subtypes of eForms; "pin-cfc" are prior information notices that call for competition
    "cn-standard": "open", "cn-social": "open", "cn-desg": "open", "pin-cfc-standard": "open", "pin-cfc-social": "open",
    "can-standard": "fulfilled", "can-social": "fulfilled", "can-desg": "fulfilled", "corr": "open",
}  # fmt: skip


def fetch(client: Client, url: str) -> tuple[RawDocument, ...]:
    """Pages by the token that each page gives for the next."""

    def next_question(page: RawDocument, number: int) -> str | None:
        token = said_by(page, "iterationNextToken")
        return json.dumps({**QUESTION, "iterationNextToken": token}) if token else None

    return fetch_pages(
        lambda question: client.get(url, question), json.dumps(QUESTION), "notices-{}.json", next_question
    )


def parse(documents: Sequence[RawDocument]) -> Parsed:
    """One notice, one request."""
    known = READ_FIELDS + IGNORED_FIELDS
    rows = [
        row
        for document in named(documents, "*.json")
        for row in rows_at(document, "notice", known, REQUIRED_FIELDS, "notices", languages=tuple(LANGUAGES))
    ]
    rows += _single_notices(named(documents, "*.xml"), is_alone=not rows)
    others = [one for one in documents if not one.name.lower().endswith((".json", ".xml"))]
    reason = "neither JSON nor XML; save it in the form in which it came"
    rows += [Row(other.name, {}, problem=RowError("file", "format", reason)) for other in others]
    return read_rows("ted", rows, identified_by("publication-number"), read_notice)


def _single_notices(documents: Sequence[RawDocument], is_alone: bool) -> list[Row]:
    """Notices as XML, one a file: one that cannot be read is one refused row, unless nothing else is there."""
    rows, errors = [], []
    for document in documents:
        try:
            row = read_notice_xml(document)
        except UnknownFormat as error:
            errors.append(error)
            rows.append(Row(document.name, {}, problem=RowError("XML", "readable", str(error))))
            continue
        problem = strange_label(row.fields, READ_FIELDS + IGNORED_FIELDS, REQUIRED_FIELDS)
        rows.append(Row(row.place, row.fields, problem=problem))
    if is_alone and errors and len(errors) == len(rows):
        raise errors[0]
    return rows


def _times(fields: Mapping[str, str], label: str) -> list[datetime]:
    """The moments in a field, one a lot."""
    parts = filter(None, map(str.strip, fields.get(label, "").split(";")))
    return [found for part in parts if (found := deadline({label: part}, label)) is not None]


def read_notice(fields: Mapping[str, str]) -> dict[str, Any]:
    """The columns of one notice; raises RowError."""
    said = next((code for code in LANGUAGES if present(fields.get(f"notice-title.{code}"))), None)
    if said is None:
        raise RowError("notice-title.deu", "required", "no title in German, French or English")
    if fields["notice-type"] not in STATUSES:
        raise RowError("notice-type", "known_value", f"not one of {', '.join(STATUSES)}")
    posted_at = min(_times(fields, "publication-date"), default=None)
    until = max(_times(fields, "deadline-receipt-request"), default=None)  # until then some lot is open
    if posted_at and until and local_day(until) < local_day(posted_at):
        raise RowError("deadline-receipt-request", "order", "closes before it was published")
    country = present(fields.get("buyer-country", "").partition(";")[0])  # of the first buyer
    if country is not None and country not in COUNTRIES:
        raise RowError("buyer-country", "known_value", f"not one of {', '.join(COUNTRIES)}")
    number = required(fields, "publication-number")
    return {
        "url": f"https://ted.example/notice/{number}",
        "kind": "request",
        "title": required(fields, f"notice-title.{said}"),
        "text": described(fields.get(f"description.{said}")),
        "category": present(fields.get("classification-cpv")),
        "language": LANGUAGES[said],
        "organisation_name": required(fields, "buyer-name"),
        "organisation_type": "public buyer",
        "street": present(fields.get("buyer-street")),
        "postal_code": postal_code(fields, "buyer-post-code", COUNTRIES.get(country or "")),
        "city": present(fields.get("buyer-city")),
        "region": None if present(fields.get("buyer-city")) else _place_of_performance(fields),
        "country": COUNTRIES.get(country or ""),
        "website": present(fields.get("buyer-internet-address")),
        "contact_route": f"TED {number}",
        **quantity(fields, "quantity", LANGUAGES[said]),
        "vetting": "approved",
        "status": STATUSES[fields["notice-type"]],
        "posted_at": posted_at,
        "available_until": until,
    }


def _place_of_performance(fields: Mapping[str, str]) -> str | None:
    """The smallest area named."""
    return max(fields.get("place-of-performance", "").split("; "), key=len) or None


PLATFORM = Platform(
    name="ted",
    is_procurement=True,
    title="Tenders Electronic Daily",
    operator="Publications Office of the European Union",
    url="https://ted.example/v3/notices/search",
    language="de",
    country="DE",
    kind_of_access="api",
    contact_route="Tenders Electronic Daily",
    inbox_pattern="ted",
    expected_rows=(3, 50_000),
    stated_total="totalNoticeCount",
    fetch=fetch,
    parse=parse,
    ignored_fields=IGNORED_FIELDS,
)
