"""The sample world: who there is, and what they say on which platform in which week.

Made from `texts/names.yaml` and `texts/topics.yaml` by choices that depend on nothing but names and numbers, so the same
texts give the same world. `build.py` wraps what is said in each platform's format; `truth.json` holds what only tests
may know: which records are the same firm, who offers and who needs what.
"""

import hashlib
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import yaml

from sources.week import Week

TEXTS = Path(__file__).parent / "texts"
FIRST_WEEK = Week(2020, 13)
COUNTRIES = {
    "Basel": "CH",
    "Bruxelles": "BE",
    "Wien": "AT",
    "Leiden": "NL",
    "Milano": "IT",
    "Barcelona": "ES",
    "Αθήνα": "GR",
    "София": "BG",
}
LANGUAGES = {"biovalley_france": "fr", "een": "en", "cebr": "en", "ted": "de"}
FOREIGN_TRADES = {"GR": ("Βιοτεχνολογία", "Ιατρικά", "Υφάσματα"), "BG": ("Биотех", "Медика", "Текстил")}
FIRMS_PER_PLACE, REQUESTERS_PER_PLACE = 3, 1
DIRECTORIES = frozenset({"linkhealth_bw", "biolago", "cebr"})
UNSAID = frozenset(
    "de la gmbh ag kg co e k ug haftungsbeschrankt haftungsbeschraenkt sarl sas sa sasu bv srl sl".split()
)
T = TypeVar("T")


@dataclass(frozen=True)
class Firm:
    """An invented organisation; `name` is its official one, platforms spell it as they like."""

    firm_id: str
    name: str
    type: str
    street: str
    postal_code: str
    city: str
    country: str
    zone: str
    topics: tuple[str, ...]  # what it offers, or asks for if it is no firm
    platforms: tuple[str, ...]

    @property
    def domain(self) -> str:
        """Its web domain: the name without legal form and small words."""
        words = ["".join(c for c in word if c.isalnum()) for word in ascii_letters(self.name).lower().split()]
        return "-".join(word for word in words if word and word not in UNSAID) + ".example"


@dataclass(frozen=True)
class Statement:
    """One listing as its author means it, before a platform gives it a shape."""

    platform: str
    number: int  # counts on the platform
    firm: Firm
    spelled: str  # the firm's name as written there
    kind: str
    topic: str
    title: str
    text: str
    amount: tuple[int, str, str] | None  # how many, unit word, period (day, week, month or "")
    language: str
    posted_on: date
    last_week: Week  # in which it is shown


@cache
def topics() -> dict[str, dict[str, Any]]:
    """Topic code -> texts, amounts and norm."""
    return {str(t["topic"]): t for t in _load("topics")}


@cache
def names() -> dict[str, Any]:
    """The parts that firms are made of."""
    loaded: dict[str, Any] = _load("names")
    return loaded


def _load(name: str) -> Any:
    return yaml.safe_load((TEXTS / f"{name}.yaml").read_text("utf-8"))


def draw(*keys: object) -> int:
    """A number that depends on the keys alone."""
    return int.from_bytes(hashlib.sha256("|".join(map(str, keys)).encode()).digest()[:6], "big")


def pick(options: Sequence[T], *keys: object) -> T:
    """One of the options, chosen by the keys."""
    return options[draw(*keys) % len(options)]


@cache
def firms() -> tuple[Firm, ...]:
    """All firms and requesters of the world."""
    found: list[Firm] = []
    for zone, parts in names()["zones"].items():
        for at, (postcode, city, land) in enumerate(parts["places"]):
            for number in range(FIRMS_PER_PLACE):
                found.append(
                    _firm(zone, parts, f"{postcode:05d}" if zone != "abroad" else str(postcode), city, land, at, number)
                )
            if zone not in ("abroad", "bavaria", "lake"):
                found += [_requester(zone, parts, f"{postcode:05d}", city, land, at)] * REQUESTERS_PER_PLACE
    return tuple(dict.fromkeys(found))


def _firm(zone: str, parts: dict[str, Any], postcode: str, city: str, land: str, at: int, number: int) -> Firm:
    offered = parts["topics"]
    first = offered[(at * FIRMS_PER_PLACE + number) % len(offered)]
    second = offered[(at * FIRMS_PER_PLACE + number + 5) % len(offered)]
    country = {"alsace": "FR"}.get(zone, COUNTRIES.get(city, "DE"))
    trades = names()["trades"][first]
    trade = pick(trades[1] if country == "FR" else trades[0], city, number)
    family = names()["families"][draw(zone, city, number) % len(names()["families"])]
    form = pick(names()["legal_forms"][country], city, number, "form")
    if country == "FR":
        core = pick((f"{trade} de la {land}", f"{land} {trade}", f"Société {trade} {city}"), city, number, "name")
    elif country in ("GR", "BG"):
        core = f"{land} {FOREIGN_TRADES[country][number]}"
    else:
        core = pick(
            (f"{family} {trade}", f"{trade} {land}", f"{land} {trade}", f"{family} & Söhne {trade}"),
            city,
            number,
            "name",
        )
    platforms = parts["platforms"]
    count = 1 + draw(city, number, "platforms") % min(3, len(platforms))
    start = draw(city, number, "start") % len(platforms)
    chosen = tuple(sorted({platforms[(start + step) % len(platforms)] for step in range(count)}))
    return Firm(
        f"{zone}-{at:02d}-{number}", f"{core} {form}", "Unternehmen", _street(country, city, number), postcode, city,
        country, zone, (first, second), chosen,
    )  # fmt: skip


def _requester(zone: str, parts: dict[str, Any], postcode: str, city: str, land: str, at: int) -> Firm:
    pattern, kind = names()["requesters"][at % len(names()["requesters"])]
    country = "FR" if zone == "alsace" else "DE"
    name = f"Centre hospitalier de {city}-{land}" if country == "FR" else pattern.format(land=land, city=city)
    wanted = names()["requests"]
    needs = tuple(wanted[(at * 3 + step * 5) % len(wanted)] for step in range(3))
    listing = [p for p in parts["platforms"] if p not in DIRECTORIES][:2]
    return Firm(
        f"{zone}-{at:02d}-r", name, "Centre hospitalier" if country == "FR" else kind, _street(country, city, 9), postcode,
        city, country, zone, needs, tuple(sorted({*listing, "ted"} if at % 2 else set(listing))),
    )  # fmt: skip


def _street(country: str, city: str, number: int) -> str:
    house = 1 + draw(city, number, "house") % 89
    if country == "FR":
        return f"{house} {pick(names()['rues'], city, number)}"
    return f"{pick(names()['streets'], city, number)} {house}"


@cache
def statements(platform: str) -> tuple[Statement, ...]:
    """What is said on a platform over all weeks, by the day it was posted."""
    said: list[Statement] = []
    for firm in firms():
        if platform not in firm.platforms:
            continue
        is_requester = firm.firm_id.endswith("-r")
        for at, topic in enumerate(firm.topics):
            if not is_requester and at and draw(firm.firm_id, platform, topic) % 10 < 4:
                continue
            kind = "request" if is_requester or draw(firm.firm_id, topic, "kind") % 7 == 0 else "offer"
            said.append(_statement(platform, firm, topic, kind))
    said.sort(key=lambda s: (s.posted_on, s.firm.firm_id, s.topic))
    return tuple(_numbered(s, number) for number, s in enumerate(said, start=1))


def _numbered(statement: Statement, number: int) -> Statement:
    return Statement(**{**statement.__dict__, "number": number})


def _statement(platform: str, firm: Firm, topic: str, kind: str) -> Statement:
    language = "fr" if platform == "ted" and firm.country == "FR" else LANGUAGES.get(platform, "de")
    said = topics()[topic]
    offers, requests, offer_texts, request_texts = said[language]
    keys = (platform, firm.firm_id, topic)
    sentences = [pick(offer_texts if kind == "offer" else request_texts, *keys, "text")]
    sentences += [pick(names()["closing" if kind == "offer" else "closing_request"][language], *keys, "closing")]
    low, high, *units, period = said["amount"]
    spread = (draw(*keys, "amount") % 1000) / 1000
    amount = _rounded(low + (high - low) * spread**3) if kind == "offer" else _rounded(low + (high - low) * spread**2)
    posted_on = FIRST_WEEK.monday + timedelta(days=draw(*keys, "posted") % 37)
    stays = 1 + draw(*keys, "stays") % 6
    return Statement(
        platform, 0, firm, spell(firm, platform), kind, topic,
        pick(offers if kind == "offer" else requests, *keys, "title"),
        " ".join(sentences), (amount, str(units[("de", "fr", "en").index(language)]), str(period)), language, posted_on,
        Week.of(posted_on).shifted(stays),
    )  # fmt: skip


PERIODS = {
    "de": {
        "day": ("pro Tag", "/Tag", "täglich"),
        "week": ("pro Woche", "/Woche", "wöchentlich"),
        "month": ("im Monat",),
    },
    "fr": {"day": ("par jour", "/jour"), "week": ("par semaine", "/semaine"), "month": ("par mois",)},
    "en": {"day": ("per day", "daily"), "week": ("per week", "weekly"), "month": ("per month",)},
}
MARKS = {"de": ".", "fr": " ", "en": ","}


def amount_words(statement: Statement) -> str:
    """The amount as people write it in the statement's language."""
    if statement.amount is None:
        return ""
    number, unit, period = statement.amount
    keys = (statement.platform, statement.firm.firm_id, statement.topic, "words")
    about = pick(("", "", "ca. ", "bis zu ") if statement.language == "de" else ("",), *keys)
    written = f"{number:,}".replace(",", MARKS[statement.language])
    rate = pick(PERIODS[statement.language][period], *keys) if period else ""
    return f"{about}{written} {unit}{'' if rate.startswith('/') or not rate else ' '}{rate}"


BEGINNINGS = {
    "de": ("sofort", "ab sofort", "ab KW {week}", "{day:%d.%m.%Y}", "Mitte Mai", "Ende April", ""),
    "fr": ("immédiatement", "dès maintenant", "à partir du {day.day} mai", "fin avril", ""),
    "en": ("immediately", "from {day:%d.%m.%Y}", "mid-May", ""),
}


def begins(statement: Statement) -> str:
    """From when, as people write it."""
    day = statement.posted_on + timedelta(days=5)
    words = pick(BEGINNINGS[statement.language], statement.platform, statement.firm.firm_id, statement.topic, "begins")
    return words.format(day=day, week=day.isocalendar().week)


def _rounded(value: float) -> int:
    """As people round: two leading digits."""
    digits = max(0, len(str(int(value))) - 2)
    return max(1, int(round(value, -digits)))


def shown(platform: str, week: Week) -> list[Statement]:
    """What stands on a platform at the end of a week."""
    return [s for s in statements(platform) if s.posted_on <= week.sunday and week <= s.last_week]


def members(platform: str) -> list[Firm]:
    """The firms that a directory names."""
    return [firm for firm in firms() if platform in firm.platforms]


def ascii_letters(text: str) -> str:
    """Umlauts as two letters, accents dropped, other scripts spelled by their code points' names."""
    for umlaut, letters in (("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("ß", "ss"), ("Ä", "Ae"), ("Ö", "Oe"), ("Ü", "Ue")):
        text = text.replace(umlaut, letters)
    plain = unicodedata.normalize("NFKD", text)
    return "".join(c for c in plain if not unicodedata.combining(c))


def spell(firm: Firm, platform: str) -> str:
    """A firm's name in the habit of a platform."""
    name = firm.name
    match platform:
        case "biopro_hotline" if firm.type == "Unternehmen":  # heard on the telephone
            return "Fa. " + ascii_letters(name).rsplit(" ", 1)[0].replace(" & Co.", "")
        case "place2tex":
            return name.upper().replace("ß", "SS")
        case "bw_aufruf":  # a narrow field
            return name[:28].rstrip()
        case "medicalmountains_drehscheibe":
            return name.replace("GmbH & Co. KG", "GmbH u. Co.KG").replace("e. K.", "e.K.")
        case "lifescience_nord" | "logistik_mitteldeutschland":
            return name.replace(" & ", " und ").replace(" GmbH", " gmbh")
        case "biovalley_france":
            return name.removesuffix(" SARL").removesuffix(" SAS")
        case "go_cluster":
            return " ".join(name.split())
        case _:
            return name
