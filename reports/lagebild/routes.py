"""How a listing is answered and where it is read: its own contact route and address, else its platform's."""

from functools import lru_cache
from typing import NamedTuple
from urllib.parse import urlsplit

from markupsafe import Markup, escape

from reports.design.page import outside_url
from reports.frames import Row
from reports.lagebild.issue import Desk
from reports.language import Language
from sources.platform import Platform
from sources.rows.text import mask_contacts


class Route(NamedTuple):
    """The way to one listing; an empty address: neither it nor its platform has one that a reader may follow."""

    listing_id: str
    platform: str  # as readers know it
    contact: str  # in the platform's words, without mailboxes and numbers of persons
    address: str  # https, of the listing itself or else of its platform
    is_own: bool  # whether the address is the listing's own
    is_office: bool  # whether the contact is the platform's office, and not the listing's own
    language: str | None  # of the platform, and so of its words

    def text(self, language: Language) -> str:
        """The route in one line; said once where platform and contact are the same."""
        contact = self.words(language)
        return contact if self.platform in self.contact else language.labelled(self.platform, contact)

    def words(self, language: Language) -> str:
        """The contact as the platform says it: in quotation marks where that is not the reader's language."""
        return self.contact if self.language in (None, language.code) else language.quoted(self.contact)

    @property
    def number(self) -> str:
        """The number of the listing on its platform."""
        return self.listing_id.partition(":")[2] or self.listing_id

    def on_paper(self) -> Markup:
        """The address as one types it, behind the number that one looks for where it is not the listing's own."""
        address = self.address.removeprefix("https://").removesuffix("/")
        told = address if self.is_own else ", ".join(part for part in (self.number, address) if part)
        return Markup('<span class="paper">({})</span>').format(told)

    def link(self, language: Language) -> Markup:
        """A link to the listing, or to its platform, by the number it has there; the bare id if there is no address."""
        if not self.address:
            return Markup("{}").format(self.listing_id)
        if self.is_own:
            said = language.gettext("Inserat %(number)s", number=self.number)
        else:
            said = language.gettext("Inserat %(number)s auf der Plattform", number=self.number)
        return _link(self.address, said)


@lru_cache(maxsize=50_000)  # a listing's own link is the same in every language
def _link(address: str, said: str) -> Markup:
    # Escaped by hand: `Markup.format` takes six times as long, and a long week has twenty thousand of them.
    return Markup(f'<a class="outside" href="{escape(address)}">{escape(said)}</a>')  # noqa: S704 both are escaped


def route_of(desk: Desk, listing: Row) -> Route:
    """The way to a listing."""
    return desk.once(("route", listing["listing_id"]), lambda: _route_of(desk, listing))


def _route_of(desk: Desk, listing: Row) -> Route:
    platform = desk.platform.get(listing["platform"])
    # A platform's own office may be named in full, see `reports.privacy`; what stands in a listing may not.
    contact = listing["contact_route"] or (platform.contact_route if platform else "")
    is_office = platform is not None and contact == platform.contact_route
    if not is_office:
        contact = mask_contacts(contact)
    own = outside_url(listing["url"])
    if own != mask_contacts(own):  # a mailbox within an address is contact data as well
        own = ""
    address = own or (_home(platform) if platform else "")
    spoken = platform.language if platform else None
    return Route(
        listing["listing_id"], desk.platform_title(listing["platform"]), contact, address, bool(own), is_office, spoken
    )


def _home(platform: Platform) -> str:
    """A page that a reader can read: that which is read by us, unless it is a file or an interface of programs."""
    address = outside_url(platform.url)
    if platform.kind_of_access == "page" or not address:
        return address
    return f"https://{urlsplit(address).netloc}/"
