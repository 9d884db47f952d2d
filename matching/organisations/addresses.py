"""Places and ways of contact of organisations: str -> canonical values, by column like `names`.

Towns are read by `matching.places.towns`; a domain is what one can register, not the host below it.
"""

import re
from collections.abc import Callable
from functools import cache
from typing import Any

from matching.words import romanised

_POSTCODE_PREFIX = re.compile(r"^[A-Z]{1,3}[-–\s]+(?=\d)")
_POSTCODE_NOISE = re.compile(r"[^A-Z0-9]+")
_STREET_GENERIC = frozenset(
    "allee am an av ave avenue bat batiment bd bis bld blocul blok blvd boulevard box bp bul c calle carrer "
    "chemin cs das de der des die du et etaj gasse het im immeuble industrielle km la lane le les no nr numero "
    "parc piazza pl place platz plaza po postbus postfach quai rd road route rue sector square str strada strasse "
    "straße street ten ter ul ulica und van via viale weg zona zone".split()
)
_STREET_SUFFIXES = (
    "strasse",
    "straße",
    "str",
    "straat",
    "gatan",
    "gata",
    "vej",
    "gasse",
    "laan",
    "weg",
    "platz",
    "katu",
    "tie",
)
# Around the host of a web or mail address (RE2).
BEFORE_HOST = r"^\s*(?:[a-z][a-z0-9+.-]*:)?/*(?:[^/@]*@)?(?:www\d?\.)?"
AFTER_HOST = r"\.*[/:?#\s].*$|\.+$"

# Hosts that serve everybody: mail providers, social networks, site builders, tender portals.
SHARED_HOSTS = frozenset(
    "gmail.com googlemail.com yahoo.com yahoo.fr yahoo.de hotmail.com hotmail.fr outlook.com outlook.fr "
    "outlook.de live.com live.fr msn.com icloud.com me.com aol.com gmx.de gmx.net gmx.at gmx.ch web.de "
    "t-online.de freenet.de mail.de posteo.de mailbox.org arcor.de online.de orange.fr wanadoo.fr free.fr "
    "laposte.net sfr.fr neuf.fr bbox.fr skynet.be telenet.be pt.lu bluewin.ch hispeed.ch protonmail.com proton.me "
    "mail.ru yandex.ru abv.bg mail.bg dir.bg seznam.cz centrum.cz wp.pl o2.pl onet.pl interia.pl op.pl libero.it "
    "tin.it pec.it terra.es facebook.com linkedin.com instagram.com twitter.com x.com youtube.com xing.com "
    "wikipedia.org google.com wixsite.com wordpress.com blogspot.com jimdo.com jimdofree.com github.io weebly.com "
    "business.site sites.google.com e-licitatie.ro mercell.com tendsign.com ted.europa.eu europa.eu marches- "
    "publics.gouv.fr achatpublic.com maximilien.fr klekoon.com contrataciondelestado.es tarjouspalvelu.fi "
    "vergabe24.de evergabe.de josephine.proebiz.com eu-supply.com e-zakazky.cz dtvp.de subreport.de".split()
)


def postal_code(text: str) -> str:
    """Letters and digits without country prefix: ``F-67 000`` is ``67000``."""
    return _POSTCODE_NOISE.sub("", _POSTCODE_PREFIX.sub("", text.upper().strip()))


def street_word(word: str) -> str:
    """A lower-case word of a street romanised, without "Straße", "straat" and the like; empty when it tells nothing."""
    if len(word) < 2 or word[0].isdigit() or word in _STREET_GENERIC:
        return ""
    if word.endswith(_STREET_SUFFIXES):
        word = word.removesuffix(next(suffix for suffix in _STREET_SUFFIXES if word.endswith(suffix)))
    return romanised(word)


@cache
def _extract() -> Callable[[str], Any]:
    import tldextract  # loads an HTTP client that is not needed here

    return tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)  # the list it carries; no network


def domain(host: str) -> str:
    """The registered domain of a host; empty for what is no host and for hosts that serve everybody."""
    if "." not in host or " " in host:
        return ""
    name = host
    if name.count(".") > 1:
        name = str(_extract()(name).top_domain_under_public_suffix) or name
    if name == "europa.eu":  # every body of the Union has its own name below it
        name = ".".join(host.split(".")[-3:])
    return "" if name in SHARED_HOSTS or host in SHARED_HOSTS else name


def phone(digits: str) -> str:
    """The last eight digits of a telephone number; empty when it has fewer than six."""
    return digits[-8:] if len(digits) >= 6 else ""


def registration_number(text: str) -> str:
    """Letters and digits of a register number."""
    return re.sub(r"[\W_]+", "", text).upper()
