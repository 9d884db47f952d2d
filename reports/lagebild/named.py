"""A listing in one line of a list: what it says, who says it and where, and in small print its id."""

from markupsafe import Markup, escape

from matching.places.geography import region_label
from reports.frames import Row
from reports.lagebild.issue import Desk
from reports.lagebild.routes import route_of
from reports.lagebild.words import stated_name
from reports.language import shortened
from sources.rows.text import mask_contacts

LONGEST_TITLE = 60  # characters of what a platform says in a line of a list


def listing_line(desk: Desk, listing_id: str, *, is_linked: bool = True) -> Markup:
    """Title, organisation, town or else region, and the id, which leads to the listing's own page if it has one.

    The same in every language. An id that no listing of the week bears stands alone. is_linked: False for lists so long
    that links would double their size.
    """
    listing = desk.listing.get(listing_id)
    return desk.once(("listing line", listing_id, is_linked), lambda: _line(desk, listing, listing_id, is_linked))


def _line(desk: Desk, listing: Row | None, listing_id: str, is_linked: bool) -> Markup:
    if listing is None:
        return reference([listing_id])
    route, shown = route_of(desk, listing), escape(listing_id)
    if is_linked and route.is_own:
        shown = Markup('<a class="outside" href="{}">{}</a>').format(route.address, shown)
    place = listing["city"] or region_label(listing["country"], listing["region"]) or ""
    name = stated_name(desk, listing) or ""
    who = name if place in name else ", ".join(part for part in (name, place) if part)
    parts = [_title(desk, listing), *([escape(who)] if who else [])]
    return Markup('{} <small class="ref">{}</small>').format(Markup(" – ").join(parts), shown)


def _title(desk: Desk, listing: Row) -> Markup:
    """The title in its own language, as far as that is known."""
    title = shortened(" ".join(mask_contacts(listing["title"]).split()), LONGEST_TITLE)
    platform = desk.platform.get(listing["platform"])
    language = listing["language"] or (platform.language if platform else None)
    return Markup('<span lang="{}">{}</span>').format(language, title) if language else escape(title)


def reference(listing_ids: list[str]) -> Markup:
    """Ids in small print."""
    return Markup('<small class="ref">{}</small>').format(", ".join(listing_ids))
