"""medicalmountains_drehscheibe: the Corona-Drehscheibe of MedicalMountains GmbH, Tuttlingen.

Known: one form; the office posts entries by hand on one page as Angebot, Gesuch or Information; more than 100 entries,
among them requests of the Commission, the federation and other regions.
Assumed: the form of the page. Each entry is a block with an anchor, a heading "Angebot: …" and a list of "Label: value"
items. Being typed by hand, an anchor may be forgotten or used twice, and labels vary.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sources.platform import Parsed, Platform, RawDocument, RowError, one_document
from sources.readers import html
from sources.rows.dates import local_midnight
from sources.rows.fields import coded, identified_by, no_test, place, posted_day, quantity, window
from sources.rows.read import Row, read_rows, strange_label
from sources.rows.text import collapse, described, joined_values, present

READ_FIELDS = ("Firma", "Ort", "Land", "Menge", "Ab", "Bis", "Norm", "Web", "Stand")
IGNORED_FIELDS = ("Kontakt",)  # a person or the office
KINDS = {"Angebot": "offer", "Gesuch": "request", "Information": "information"}
COUNTRIES = {"Deutschland": "DE", "Frankreich": "FR", "Schweiz": "CH", "Österreich": "AT"}
HEADING, TEXT, ANCHOR = "Überschrift", "Text", "Anker"  # our names for what bears no label


def parse(documents: Sequence[RawDocument]) -> Parsed:
    """One block, one listing."""
    rows = (row for document in documents for row in _blocks(document))
    return read_rows("medicalmountains_drehscheibe", rows, identified_by(ANCHOR), read_block)


def _blocks(document: RawDocument) -> Iterator[Row]:
    page = html.required(html.read_page(document), "#drehscheibe", document.name)
    for number, block in enumerate(page.css("div.eintrag"), start=1):
        heading = block.css_first("h4")
        items = [html.text_of(item).replace("\n", " ").partition(":") for item in block.css("li")]
        labelled = joined_values((label.strip(), value.strip()) for label, _, value in items)
        anchor = block.attributes.get("id") or ""
        fields = {
            HEADING: html.text_of(heading) if heading else "",
            TEXT: "\n".join(html.text_of(text) for text in block.css("p")),
            ANCHOR: anchor,
            **labelled,
        }
        problem = strange_label(labelled, READ_FIELDS + IGNORED_FIELDS, ("Firma", "Stand"))
        yield Row(f"{document.name}: block {number}", fields, anchor or None, problem)


def read_block(fields: Mapping[str, str]) -> dict[str, Any]:
    """The columns of one entry; raises RowError."""
    kind, colon, title = collapse(fields[HEADING]).partition(": ")
    if not colon or kind not in KINDS:
        raise RowError(HEADING, "known_value", f"does not begin with {', '.join(KINDS)}")
    no_test(fields, "Firma")
    posted_on = posted_day(fields, "Stand")
    return {
        "url": f"{PLATFORM.url}#{collapse(fields[ANCHOR])}",
        "kind": KINDS[kind],
        "title": title,
        "text": described(fields[TEXT]),
        "language": "de",
        "organisation_name": present(fields["Firma"]),
        **place(fields.get("Ort")),
        "country": coded(fields, "Land", COUNTRIES) or "DE",
        "website": present(fields.get("Web")),
        "contact_route": PLATFORM.contact_route,
        **quantity(fields, "Menge", "de"),
        **window(fields, "Ab", "Bis", posted_on),
        "norms": present(fields.get("Norm")),
        "vetting": "approved",  # the office posts what it has read
        "posted_at": local_midnight(posted_on),
    }


PLATFORM = Platform(
    name="medicalmountains_drehscheibe",
    title="Corona-Drehscheibe",
    operator="MedicalMountains GmbH",
    url="https://drehscheibe.medicalmountains.example/",
    language="de",
    country="DE",
    kind_of_access="page",
    contact_route="Geschäftsstelle MedicalMountains, Formular der Corona-Drehscheibe",
    inbox_pattern="medicalmountains_drehscheibe*.html",
    expected_rows=(5, 2_000),
    fetch=one_document("medicalmountains_drehscheibe.html"),
    parse=parse,
    ignored_fields=IGNORED_FIELDS,
)
