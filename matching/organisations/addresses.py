"""Places and ways of contact of organisations: str -> canonical values, by column like `names`.

Towns are read by `matching.places.towns`; a domain is what one can register, not the host below it.
"""

import re
from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from matching.arrays import Flags
from matching.organisations import arrow
from matching.organisations.column_texts import (
    among,
    changed,
    matching,
    romanise,
)

_POSTCODE_PREFIX = re.compile(r"^[A-Z]{1,3}[-–\s]+(?=\d)")
_POSTCODE_NOISE = re.compile(r"[^A-Z0-9]+")
_STREET_GENERIC = frozenset(
    "allee am an av ave avenue bat batiment bd bis bld blocul blok blvd boulevard box bp bul c calle carrer "
    "chemin cs das de der des die du et etaj gasse het im immeuble industrielle km la lane le les no nr numero "
    "parc piazza pl place platz plaza po postbus postfach quai rd road route rue sector square str strada strasse "
    "straße street ten ter ul ulica und van via viale weg zona zone".split()
)
_STREET_SUFFIX = re.compile("(?:strasse|straße|str|straat|gatan|gata|vej|gasse|laan|weg|platz|katu|tie)$")
SHORTEST_PHONE = 6  # digits
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


def street_words(words: pa.StringArray) -> pa.StringArray:
    """Lower-case words of streets romanised, without "Straße", "straat" and the like; empty where one tells nothing."""
    bare = romanise(pc.replace_substring_regex(words, _STREET_SUFFIX.pattern, ""))
    silent = np.array([_tells_nothing(word) for word in words.to_pylist()], bool)
    return changed(bare, silent, lambda some: arrow.empty_texts(len(some)))


def _tells_nothing(word: str) -> bool:
    return len(word) < 2 or word[0].isdigit() or word in _STREET_GENERIC


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


def is_registered(hosts: pa.StringArray) -> Flags:
    """Which hosts are their own `domain`, as those of one dot are that do not serve everybody."""
    told = matching(hosts, r"^[^. ]+\.[^. ]+$")
    return told & ~among(hosts, SHARED_HOSTS)


def phones(digits: pa.StringArray) -> pa.StringArray:
    """The last eight digits of each telephone number."""
    return pc.utf8_slice_codeunits(digits, start=-8)


def registration_number(text: str) -> str:
    """Letters and digits of a register number."""
    return re.sub(r"[\W_]+", "", text).upper()
