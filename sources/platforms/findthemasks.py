"""findthemasks: requests of US hospitals for protective equipment, spring 2020.

Known (from the export of 27 March 2020): a spreadsheet filled by a web form and by volunteers. `accepting` holds the
wanted items as comma text, typed or ticked: commas stand inside brackets too, sentences and HTML occur. Two kinds of
yes/no columns follow, for ticked items and (in another spelling, with leading blanks) for typed ones. In that export
they stand two rows too high, the flags of row n + 2 in row n, and they say nothing that `accepting` does not: we leave
them unread. `Approved` is the volunteers' moderation mark; `runout` is empty throughout.
The file has no id: name and address make one, so that "Edit" and "Remove" rows and repeated submissions meet their
site. Of several rows of one site the latest counts, the others are refused as superseded.
Assumed: times are Pacific (the sheet's owners are), all sites are in the USA.
"""

import hashlib
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sources.platform import Parsed, Platform, RawDocument, RowError, one_document
from sources.readers.spreadsheet import read_csv
from sources.rows.fields import required
from sources.rows.read import read_rows
from sources.rows.text import collapse, described, present

READ_FIELDS = (
    "Approved", "Timestamp", "name", "address", "city", "state", "accepting", "open_box", "request_type", "org_type",
    "ccn", "runout", "shortages", "Lat", "Lng",
)  # fmt: skip
IGNORED_FIELDS = (
    "orig_address",  # the address before geocoding
    "instructions",  # where to knock and whom to ask for: names of persons, which nobody needs before an agreement
    "Deduped",  # a volunteer looked for repeated rows; we look ourselves
    "N95s", "Surgical masks", "Face shields", "Gowns", "Hand sanitizer", "Safety goggles", "Gloves",
    "Disinfecting wipes", "Disposable booties", "Thermometers", "Surgical Masks",
)  # fmt: skip
STATUS_BY_REQUEST = {
    "": "open",
    "add a new donation site": "open",
    "edit an existing donation site": "open",
    "remove an existing donation site": "withdrawn",
}
TEXT_FIELDS = {"Accepting": "accepting", "Short of": "shortages", "Open boxes": "open_box"}
TIME_ZONE = ZoneInfo("America/Los_Angeles")
LONGEST_ITEM = 80  # characters; what is longer is a sentence and stays in the text only
_COMMA_OUTSIDE_BRACKETS = re.compile(r",(?![^(]*\))")
_TAG = re.compile(r"<[^>]*>")
_DIRE = re.compile(r"\b(desperate|dire|dangerously|no n95|zero|critical|urgent)", re.IGNORECASE)
_POSTCODE = re.compile(r"\b(\d{5})(?:-\d{4})?\s*(?:,?\s*(?:USA|United States))?\s*$")


def parse(documents: Sequence[RawDocument]) -> Parsed:
    """One row of the sheet, one request."""
    rows = (row for document in documents for row in read_csv(document, READ_FIELDS + IGNORED_FIELDS))
    return read_rows("findthemasks", rows, identify, read_request)


def read_request(fields: Mapping[str, str]) -> dict[str, Any]:
    """The columns of one request; raises RowError."""
    name, address = present(fields["name"]), present(fields["address"])
    if name is None:
        raise RowError("name", "required", "the site has no name")
    items = read_items(fields["accepting"])
    if not items:
        raise RowError("accepting", "required", "no item is named")
    action = collapse(fields["request_type"]).lower()
    if action not in STATUS_BY_REQUEST:
        raise RowError("request_type", "known_value", "not one of add, edit, remove")
    is_dire = _DIRE.search(fields["shortages"]) or present(fields["runout"])
    ccn = collapse(fields["ccn"])  # Medicare's certification number of a hospital: six digits
    postcode = _POSTCODE.search(address or "")
    return {
        "kind": "request",
        "title": ", ".join(items)[:300],
        "text": "\n".join(
            f"{label}: {said}" for label, column in TEXT_FIELDS.items() for said in [described(fields[column])] if said
        ),
        "category": "; ".join(items),
        "language": "en",
        "organisation_name": name,
        "organisation_type": present(fields["org_type"]),
        "registration_number": ccn if re.fullmatch(r"\d{6}", ccn) else None,
        "street": collapse(fields["address"].strip().partition("\n")[0]) or None,
        "postal_code": postcode[1] if postcode else None,
        "city": present(fields["city"]),
        "region": present(fields["state"]),
        "country": "US",
        "latitude": _coordinate(fields, "Lat"),
        "longitude": _coordinate(fields, "Lng"),
        "contact_route": PLATFORM.contact_route,
        "urgency": "critical" if is_dire else "high" if present(fields["shortages"]) else "normal",
        "vetting": "approved" if collapse(fields["Approved"]).lower() == "x" else "unchecked",
        "status": STATUS_BY_REQUEST[action],
        "posted_at": _moment(fields["Timestamp"]),
    }


def read_items(accepting: str) -> list[str]:
    """The items of a comma text, each once, as written; sentences are left out unless there is nothing else."""
    parts = [collapse(_TAG.sub(" ", part)).strip(" .") for part in _COMMA_OUTSIDE_BRACKETS.split(accepting)]
    named = [part for part in parts if present(part)]
    return list(dict.fromkeys(part for part in named if len(part) <= LONGEST_ITEM)) or [
        part[:LONGEST_ITEM] for part in named[:1]
    ]


def identify(fields: Mapping[str, str]) -> str:
    """An id that survives other spacing, case and punctuation of name and address."""
    parts = required(fields, "name"), present(fields["address"]) or ""
    key = "|".join("".join(c for c in part.casefold() if c.isalnum()) for part in parts)
    return hashlib.sha256(key.encode()).hexdigest()[:16]


def _moment(text: str) -> datetime:
    try:
        return datetime.strptime(text.strip(), "%m/%d/%Y %H:%M:%S").replace(tzinfo=TIME_ZONE).astimezone(UTC)
    except ValueError:
        raise RowError("Timestamp", "date", "not a time such as 3/19/2020 11:14:25") from None


def _coordinate(fields: Mapping[str, str], name: str) -> float | None:
    try:
        return float(fields[name]) if fields[name].strip() else None
    except ValueError:
        raise RowError(name, "number", "not a number of degrees") from None


PLATFORM = Platform(
    name="findthemasks",
    title="#findthemasks",
    operator="volunteers of findthemasks and GetUsPPE",
    url="https://findthemasks.example/export.csv",
    language="en",
    country="US",
    kind_of_access="export",
    contact_route="Donation instructions at #findthemasks",
    inbox_pattern="findthemasks*.csv",
    expected_rows=(10, 20_000),
    fetch=one_document("findthemasks.csv"),
    parse=parse,
    ignored_fields=IGNORED_FIELDS,
)
