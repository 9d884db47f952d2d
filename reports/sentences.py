"""Evidence in words: one table from codes to sentences, for every judgement of `matching`.

A part of evidence is ``{"part": code, "score": number or null, ...facts}``. Facts are formatted by their name, so that
a sentence only says where they stand. Where a fact ``state`` or zero days decide the sentence, the key is
``code:state`` or ``code:0``. A code without a sentence is written out with its facts, never dropped; the tests refuse
it.
"""

import json
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from reports.language import N_, NN_, Labels, Language
from reports.wording import BLOCKED_BY, quantity, word

# One text, or singular and plural with the fact that is counted.
Wording = str | tuple[str, str, str]
WORDING: dict[str, Wording] = {
    # request and offer
    "concept_same": N_("gleiches Produkt: %(request_concept)s"),
    "concept_related": N_("verwandtes Produkt: gesucht %(request_concept)s, angeboten %(offer_concept)s"),
    "text_similarity": N_("Beschreibungen ähnlich (%(score)s von 1)"),
    "distance": N_("%(km)s km entfernt"),
    "distance_unknown": N_("Entfernung unbekannt"),
    "same_region": N_("gleiche Region: %(region)s"),
    "same_country": N_("gleiches Land: %(country)s"),
    "quantity_cover": N_("deckt %(share)s der Menge"),
    "quantity_unknown": N_("Menge nicht vergleichbar angegeben"),
    "in_time": N_("lieferbar bis %(until)s"),
    "freshness": (
        *NN_(
            "letztes Lebenszeichen des Angebots vor %(days)s Tag",
            "letztes Lebenszeichen des Angebots vor %(days)s Tagen",
        ),
        "days",
    ),
    "freshness:0": N_("Angebot von heute"),
    "language": N_("gemeinsame Sprache: %(language)s"),
    "vetting:approved": N_("von der Plattform geprüft"),
    "vetting:unchecked": N_("von der Plattform nicht geprüft"),
    "vetting:rejected": N_("von der Plattform abgelehnt"),
    "certificate:none": N_("kein Nachweis genannt"),
    "certificate:claimed": N_("Nachweis nur behauptet"),
    "certificate:shown": N_("Nachweis vorgelegt, nicht geprüft"),
    "certificate:checked": N_("Nachweis geprüft"),
    # one firm or two
    "name_equal": N_("gleicher Name"),
    "name_similar": N_("ähnlicher Name"),
    "place_same": N_("gleicher Ort"),
    "domain_same": N_("gleiche Internetadresse"),
    "same_key": N_("gleiche Kennung auf der Plattform"),
    "blocked": N_("scheitert an: %(constraint)s (verlangt: %(wanted)s, gefunden: %(found)s)"),
    # consortium
    "fit": N_("Übereinstimmung %(score)s von 1"),
    "takes_share": N_("beansprucht %(share)s der genannten Kapazität"),
    "role_filled": N_("Rolle besetzt: %(role)s"),
    "role_missing": N_("Rolle fehlt: %(role)s"),
    "quantity_promised": N_("zugesagt: %(quantity)s"),
    "quantity_covered": N_("%(share)s der gesuchten Menge zugesagt"),
    "bottleneck": N_("Engpass der Kette: %(role)s mit %(quantity)s"),
    "lead_time": (*NN_("erste Lieferung nach %(days)s Tag", "erste Lieferung nach %(days)s Tagen"), "days"),
    "lead_time:0": N_("erste Lieferung sofort"),
    "spread": N_("Partner in Regionen: %(regions)s, in Ländern: %(countries)s; weitester Weg: %(km)s km"),
}
_MISSING = N_("nicht angegeben")


def _days(value: str, language: Language) -> str:
    return language.day(date.fromisoformat(value[:10]))


# How a fact is written, by its name; what is not here is written as it stands.
_FACTS: dict[str, Callable[[Any, Language, Labels], str]] = {
    "request_concept": lambda value, language, labels: labels.label(value, language.code),
    "offer_concept": lambda value, language, labels: labels.label(value, language.code),
    "concept": lambda value, language, labels: labels.label(value, language.code),
    "role": lambda value, language, labels: labels.label(value, language.code),
    "country": lambda value, language, labels: language.country(value),
    "language": lambda value, language, labels: language.language_name(value),
    "until": lambda value, language, labels: _days(value, language),
    "share": lambda value, language, labels: language.percent(value),
    "score": lambda value, language, labels: language.score(value),
    "km": lambda value, language, labels: language.number(value),
    "days": lambda value, language, labels: language.number(value),
    "constraint": lambda value, language, labels: word(BLOCKED_BY, value, language),
}


def key_of(part: Mapping[str, Any]) -> str:
    """Under which key of `WORDING` the sentence of a part stands."""
    code = str(part["part"])
    if "state" in part:
        return f"{code}:{part['state']}"
    return f"{code}:0" if part.get("days") == 0 and f"{code}:0" in WORDING else code


def unworded(evidence: str) -> set[str]:
    """Codes in the evidence that have no sentence yet."""
    return {key_of(part) for part in json.loads(evidence)} - WORDING.keys()


def sentences(evidence: str, language: Language, labels: Labels) -> list[str]:
    """One sentence per part of the evidence, in its order."""
    return [_sentence(part, language, labels) for part in json.loads(evidence)]


def _fact(name: str, value: Any, part: Mapping[str, Any], language: Language, labels: Labels) -> str:
    if value is None:
        return language.gettext(_MISSING)
    if name == "quantity":
        return quantity(float(value), part.get("unit"), None, language)
    if name in ("wanted", "found") and part.get("constraint") == "concept":
        return labels.label(value, language.code)
    return _FACTS[name](value, language, labels) if name in _FACTS else str(value)


def _sentence(part: Mapping[str, Any], language: Language, labels: Labels) -> str:
    facts = {name: _fact(name, value, part, language, labels) for name, value in part.items() if name != "part"}
    wording = WORDING.get(key_of(part))
    if wording is None:
        return f"{part['part']}: " + ", ".join(f"{name} {value}" for name, value in facts.items())
    if isinstance(wording, str):
        return language.gettext(wording, **facts)
    singular, plural, counted = wording
    return language.translations.ngettext(singular, plural, int(part[counted])) % facts
