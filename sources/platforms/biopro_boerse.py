"""biopro_boerse: the Coronavirus-Kooperationsbörse of BIOPRO Baden-Württemberg.

Known: a web form for offers (Angebot), requests (Gesuch) and ideas (Idee) around parts, components and manufacturing
steps for ventilators and masks, run for the ministry from spring 2020.
Assumed: the form of the pages. A list with paging, ten entries a page, one detail page an entry with labelled fields;
entry numbers such as KB-2020-017. Whoever fills the form types freely into most fields, so labels differ between
entries only by the form's version.
Saved pages in an inbox bear the same names as fetched ones: ``liste-<n>.html`` and ``<entry number>.html``.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from sources.platform import Client, LayoutChanged, Parsed, Platform, RawDocument, RowError, UnknownFormat
from sources.readers import html
from sources.readers.html import fetch_found, fetch_linked_pages, labelled_fields, links, read_page, text_of
from sources.rows.dates import local_midnight
from sources.rows.fields import (
    coded,
    day,
    identified_by,
    minimum_quantity,
    no_test,
    place,
    posted_day,
    quantity,
    window,
)
from sources.rows.read import Row, read_rows, strange_label
from sources.rows.text import address, collapse, described, email_domain, joined_values, present

READ_FIELDS = (
    "Art", "Kategorie", "Organisation", "Organisationstyp", "Straße", "PLZ / Ort", "Land", "Webseite", "E-Mail",
    "Menge", "Mindestmenge", "Fertigungsschritt", "Normen", "Medizinprodukt", "Steril", "Nachweis",
    "Dringlichkeit", "Gesuchte Partner", "Verfügbar ab", "Verfügbar bis", "Prüfung durch BIOPRO", "Status",
    "Eingestellt am", "Aktualisiert am",
)  # fmt: skip
IGNORED_FIELDS = (
    "Ansprechpartner",  # a person
    "Telefon",  # a person's
    "Mitarbeitende",  # size class, asked for by few entries
)
REQUIRED_FIELDS = ("Art", "Organisation", "Eingestellt am")
TITLE, TEXT, LINK = "Titel", "Beschreibung", "Verweis"  # our names for what stands outside the labelled fields
LIST, ENTRY, ENTRY_LINK, NEXT_PAGE = "ol.boerse-liste", "li.boerse-eintrag", "a.boerse-titel", "a.seite-weiter"
DETAIL = "article.boerse-detail"

KINDS = {"Angebot": "offer", "Gesuch": "request", "Idee": "idea"}
COUNTRIES = {
    "Deutschland": "DE", "Frankreich": "FR", "Schweiz": "CH", "Österreich": "AT", "Luxemburg": "LU", "Italien": "IT",
    "Niederlande": "NL", "Belgien": "BE", "Polen": "PL", "China": "CN", "Türkei": "TR",
}  # fmt: skip
STATUSES = {"offen": "open", "vermittelt": "fulfilled", "erledigt": "fulfilled", "zurückgezogen": "withdrawn"}
URGENCIES = {"normal": "normal", "hoch": "high", "sehr hoch": "critical", "gering": "low"}
VETTING = {"offen": "unchecked", "freigegeben": "approved", "abgelehnt": "rejected"}
# "geprüft" is what the entry's owner says: nobody has shown it to us.
CERTIFICATES = {"keiner": "none", "liegt vor": "claimed", "in Arbeit": "none", "Kopie vorgelegt": "shown"}
FLAGS = {"ja": True, "nein": False}
_ENTRY_NUMBER = re.compile(r"KB-\d{4}-\d{3,}")


def fetch(client: Client, url: str) -> tuple[RawDocument, ...]:
    """All list pages and the detail page of every entry they name."""
    pages = fetch_linked_pages(client, url, NEXT_PAGE)
    addresses = dict.fromkeys(
        address for page in pages for address in links(read_page(page), f"{LIST} {ENTRY_LINK}", page.url)
    )
    details = fetch_found(client, addresses)
    return (*pages, *(replace(document, name=f"{_name(document.url)}.html") for document in details))


def parse(documents: Sequence[RawDocument]) -> Parsed:
    """One entry of the list, one listing. An unknown label refuses its entry, in most entries it breaks the layout."""
    rows = list(_entries(documents))
    return read_rows("biopro_boerse", rows, identified_by("Nummer"), read_entry)


def read_entry(fields: Mapping[str, str]) -> dict[str, Any]:
    """The columns of one entry; raises RowError."""
    no_test(fields, TITLE, "Organisation")
    posted_on = posted_day(fields, "Eingestellt am")
    updated_on = day(fields, "Aktualisiert am", posted_on)
    return {
        "url": fields[LINK],
        "kind": coded(fields, "Art", KINDS),
        "title": collapse(fields[TITLE]),
        "text": described(fields.get(TEXT)),
        "category": present(fields.get("Kategorie")),
        "language": "de",
        "organisation_name": present(fields.get("Organisation")),
        "organisation_type": present(fields.get("Organisationstyp")),
        "street": present(fields.get("Straße")),
        **place(fields.get("PLZ / Ort")),
        "country": coded(fields, "Land", COUNTRIES) or "DE",
        "website": present(fields.get("Webseite")),
        "email_domain": email_domain(fields.get("E-Mail")),
        "contact_route": PLATFORM.contact_route,
        **quantity(fields, "Menge", "de"),
        "minimum_quantity": minimum_quantity(fields, "Mindestmenge", "de"),
        "manufacturing_step": present(fields.get("Fertigungsschritt")),
        "roles_sought": present(fields.get("Gesuchte Partner")),
        "norms": present(fields.get("Normen")),
        "is_medical": coded(fields, "Medizinprodukt", FLAGS),
        "is_sterile": coded(fields, "Steril", FLAGS),
        "certificate": coded(fields, "Nachweis", CERTIFICATES) or "none",
        "urgency": coded(fields, "Dringlichkeit", URGENCIES) or "normal",
        "vetting": coded(fields, "Prüfung durch BIOPRO", VETTING) or "unchecked",
        "status": coded(fields, "Status", STATUSES) or "open",
        "posted_at": local_midnight(posted_on),
        "updated_at": local_midnight(updated_on),
        **window(fields, "Verfügbar ab", "Verfügbar bis", posted_on),
    }


def _entries(documents: Sequence[RawDocument]) -> Iterator[Row]:
    """Every entry that a list page names, with its detail page; then detail pages that no list names."""
    details = {_name(document.name): document for document in documents if not _is_list(document)}
    listed: set[str] = set()
    lists = [document for document in documents if _is_list(document)]
    if not lists:
        names = ", ".join(document.name for document in documents[:3]) or "nothing"
        raise LayoutChanged(f"{names}: no list page of the board; save those too")
    for document in lists:
        for entry in html.required(read_page(document), LIST, document.name).css(ENTRY):
            link = html.required(entry, ENTRY_LINK, document.name)
            href = (link.attributes.get("href") or "").strip()
            number = _name(href)
            place = f"{document.name}: {number}"
            if number in listed:
                repeated = RowError(LINK, "duplicate", "named twice on the list pages")
                yield Row(f"{place}, again", {LINK: href}, number, repeated)
            elif number not in details:
                yield Row(place, {LINK: href}, number, RowError(LINK, "detail_page", "its page is missing"))
            else:
                yield _detail(details[number], number, address(PLATFORM.url, href))
            listed.add(number)
    for number in sorted(details.keys() - listed):
        yield Row(details[number].name, {}, number, RowError(LINK, "listed", "no list page names it"))


def _detail(document: RawDocument, number: str, url: str) -> Row:
    try:
        page = read_page(document)
    except UnknownFormat as error:
        return Row(document.name, {}, number, RowError(LINK, "detail_page", str(error)))
    article = page.css_first(DETAIL)
    heading = article.css_first("h1") if article else None
    if article is None or heading is None or not text_of(heading):
        return Row(document.name, {}, number, RowError(TITLE, "known_label", "no entry with a heading on its page"))
    fields = {LINK: url, "Nummer": number, TITLE: text_of(heading), TEXT: ""}
    text = article.css_first("div.boerse-text")
    if text is not None:
        fields[TEXT] = text_of(text)
    labelled = labelled_fields(article)
    fields.update(joined_values(labelled))
    problem = strange_label((label for label, _ in labelled), READ_FIELDS + IGNORED_FIELDS, REQUIRED_FIELDS)
    if _ENTRY_NUMBER.fullmatch(number) is None:
        problem = RowError("Nummer", "format", "not an entry number such as KB-2020-017")
    return Row(document.name, fields, number, problem)


def _is_list(document: RawDocument) -> bool:
    return document.name.rpartition("/")[2].startswith("liste-")


def _name(address: str) -> str:
    """Entry number in an address or file name."""
    return address.rstrip("/").rpartition("/")[2].removesuffix(".html")


PLATFORM = Platform(
    name="biopro_boerse",
    title="Coronavirus-Kooperationsbörse",
    operator="BIOPRO Baden-Württemberg GmbH",
    url="https://kooperationsboerse.bio-pro.example/boerse/",
    language="de",
    country="DE",
    kind_of_access="page",
    contact_route="Geschäftsstelle der Kooperationsbörse, BIOPRO Baden-Württemberg",
    inbox_pattern="biopro_boerse",
    expected_rows=(2, 5_000),
    fetch=fetch,
    parse=parse,
    ignored_fields=IGNORED_FIELDS,
)
