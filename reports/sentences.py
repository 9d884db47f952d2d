"""Evidence in words: one table from codes to sentences, for every judgement of `matching`.

A part of evidence is ``{"part": code, "score": number or null, ...facts}``. Facts are formatted by their name, so that
a sentence only says where they stand. Where a fact ``state`` or zero days decide the sentence, the key is
``code:state`` or ``code:0``. A code without a sentence is written out with its facts, never dropped; the tests refuse
it.
"""

import json
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date
from functools import cache, lru_cache
from typing import Any

from matching.organisations.comparison import COMPARISONS
from matching.places.geography import region_code, region_label
from reports.frames import Row
from reports.language import LANGUAGES, N_, NN_, Labels, Language, shown_share
from reports.wording import BLOCKED_BY, quantity, shown_amount, word
from sources.rows.text import mask_contacts

# One text, or singular and plural with the fact that is counted.
Wording = str | tuple[str, str, str]
WORDING: dict[str, Wording] = {
    # request and offer
    "concept_same": N_("gleiches Produkt: %(request_concept)s"),
    "concept_same:across": N_("%(request_concept)s ↔ %(offer_concept)s (gleiches Produkt)"),
    "concept_related": N_("verwandtes Produkt: gesucht %(request_concept)s, angeboten %(offer_concept)s"),
    "concept_related:narrower": N_("%(offer_concept)s ist eine Art von %(request_concept)s"),
    "concept_related:wider": N_("angeboten allgemeiner als %(offer_concept)s, gesucht %(request_concept)s"),
    "concept_related:substitute": N_("%(offer_concept)s als Ersatz für %(request_concept)s"),
    "concept_related:look_alike": N_("%(offer_concept)s ist leicht mit %(request_concept)s zu verwechseln"),
    "concept_related:sibling": N_("%(offer_concept)s statt %(request_concept)s"),
    "text_similarity": N_("Beschreibungen ähnlich (%(score)s von 1)"),
    "distance": N_("%(km)s km entfernt"),
    "same_region": N_("gleiche Region: %(region)s"),
    "place_stated:region": N_("das Angebot nennt nur die Region %(region)s, Entfernung unbekannt"),
    "place_stated:country": N_("das Angebot nennt nur das Land %(country)s, Entfernung unbekannt"),
    "quantity_cover": N_("die genannte Menge reicht für %(share)s der gesuchten"),
    "quantity_cover:until": N_("die genannte Menge reicht bis %(until)s für %(share)s der gesuchten"),
    "in_time": N_("lieferbar bis %(until)s"),
    "freshness": (
        *NN_(
            "letzte Meldung zum Angebot vor %(days)s Tag",
            "letzte Meldung zum Angebot vor %(days)s Tagen",
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
    "certificate:claimed:norm": N_("%(norm)s nur behauptet"),
    "certificate:shown": N_("Nachweis vorgelegt, nicht geprüft"),
    "certificate:shown:norm": N_("%(norm)s nachgewiesen (vorgelegt, nicht geprüft)"),
    "certificate:checked": N_("Nachweis geprüft"),
    "certificate:checked:norm": N_("%(norm)s nachgewiesen und geprüft"),
    # one firm or two: the sentence of a level stands beside it, see `matching.organisations.levels`
    **{
        f"organisation_{comparison.part}:{level.name}": level.sentence
        for comparison in COMPARISONS
        for level in comparison.levels
        if level.sentence
    },
    "organisation_prior": N_("Ausgangslage: zwei beliebige von %(records)s Einträgen"),
    "organisation_alone": N_("kein anderer Eintrag gehört dazu"),
    "organisation_judgement:same": N_("Entscheidung „dieselbe“ (%(judged_by)s, %(judged_on)s): %(reason)s"),
    "organisation_judgement:different": N_("Entscheidung „verschieden“ (%(judged_by)s, %(judged_on)s): %(reason)s"),
    "organisation_judgement:unsure": N_("Entscheidung offen (%(judged_by)s, %(judged_on)s): %(reason)s"),
    "blocked": N_("scheitert an: %(constraint)s (verlangt: %(wanted)s, gefunden: %(found)s)"),
    # a listing that is held back
    "held_back:quantity_outlier": N_("%(quantity)s, üblich sind dort %(usual)s, Grenze %(limit)s"),
    "held_back:huge_in_everything": N_("%(quantity)s und Ähnliches von weiteren Produkten, üblich sind dort %(usual)s"),
    "held_back:filler_number": N_("%(quantity)s, dieselbe Zahl bei mehreren Produkten, üblich sind dort %(usual)s"),
    "held_back:place_contradiction": N_("angegeben ist %(stated)s, %(found)s"),
    "held_back:no_sign_of_life": N_("seit %(days)s Tagen unverändert"),
    "held_back:too_few": N_("nur %(quantity)s"),
    "held_back:by_hand": "%(note)s",
    # consortium
    "fit": N_("Übereinstimmung %(score)s von 1"),
    "quantity_open": N_("Menge offen, das Angebot bleibt für andere verfügbar"),
    "takes_share": N_("beansprucht %(share)s der genannten Kapazität"),
    "role_filled": N_("Rolle besetzt: %(role)s"),
    "role_missing": N_("Rolle fehlt: %(role)s"),
    "role_missing:norms": N_("Rolle fehlt: %(role)s (%(norms)s)"),
    "role_unclear": N_("Rolle zu klären: %(role)s; die Inserate sagen nicht, ob sie es können"),
    "role_unclear:norms": N_("Rolle zu klären: %(role)s (%(norms)s); die Inserate sagen nicht, ob sie es können"),
    "quantity_promised": N_("rechnerisch verfügbar: %(quantity)s"),
    "quantity_covered": N_("%(share)s der gesuchten Menge rechnerisch verfügbar"),
    "filled_allow": N_("die besetzten Rollen reichen rechnerisch für %(share)s der gesuchten Menge"),
    "filled_allow:open": N_("die besetzten Rollen reichen rechnerisch für %(quantity)s"),
    "bottleneck": N_("Engpass der Kette: %(role)s mit %(quantity)s"),
    "lead_time": (*NN_("erste Lieferung nach %(days)s Tag", "erste Lieferung nach %(days)s Tagen"), "days"),
    "lead_time:0": N_("erste Lieferung sofort"),
    "spread": N_("Partner in Regionen: %(regions)s, in Ländern: %(countries)s; weitester Weg: %(km)s km"),
    "spread:unmeasured": N_("Partner in Regionen: %(regions)s, in Ländern: %(countries)s; weitester Weg unbekannt"),
    "certificates": N_(
        "Nachweise der Partner: %(checked)s geprüft, %(shown)s vorgelegt, %(claimed)s nur behauptet, %(none)s ohne"
    ),
    "if_leaves": N_(
        "fällt dieser Partner aus, bleiben %(share)s der Menge; Ersatz mit freier Kapazität: %(alternates)s"
    ),
    "if_leaves:role": N_(
        "empfindlichste Stelle: %(role)s; fällt der Partner aus, bleiben %(share)s der Menge, "
        "Ersatz mit freier Kapazität: %(alternates)s"
    ),
    "alternative": N_("Alternative %(rank)s deckt %(share)s der Menge"),
    "alternative:open": N_("Alternative %(rank)s"),
    "other_request": N_("ebenfalls offen: %(listing_id)s"),
    "also_named": N_("das Gesuch nennt außerdem: %(concepts)s"),
    "information": N_("dazu eine Information: %(listing_id)s"),
    "composed_by:optimal": N_("bestmögliche Zusammenstellung dieser Woche"),
    "composed_by:rounded": N_("nahezu bestmögliche Zusammenstellung dieser Woche, höchstens %(gap)s darunter"),
    "composed_by:greedy": N_("der Reihe nach zusammengestellt, ohne Optimierung"),
    "composed_by:kept": N_("Partner der Vorwoche beibehalten"),
}
_MISSING = N_("nicht angegeben")


def _days(value: str, language: Language) -> str:
    return language.day(date.fromisoformat(value[:10]))


def _region(stated: str) -> str:
    """What the inhabitants call a region; evidence tells its code without its country, and these share no code."""
    labels = (str(region_label(country, stated)) for country in ("DE", "FR", "AT") if region_code(country, stated))
    return next(labels, stated)


_SHARE_DECIMALS = {"share": 0, "gap": 2}  # of a per cent
_DECIMALS = {"score": 2, "km": 0, "days": 0, "records": 0}
# How a fact is written, by its name; what is not here is written as it stands.
_FACTS: dict[str, Callable[[Any, Language, Labels], str]] = {
    "concept": lambda value, language, labels: labels.label(value, language.code),
    "concepts": lambda value, language, labels: language.list(labels.label(one, language.code) for one in value),
    "role": lambda value, language, labels: labels.label(value, language.code),
    "norms": lambda value, language, labels: language.list(value),
    "language": lambda value, language, labels: language.language_name(value),
    "until": lambda value, language, labels: _days(value, language),
    "share": lambda value, language, labels: language.percent(value, _SHARE_DECIMALS["share"]),
    "gap": lambda value, language, labels: language.percent(value, _SHARE_DECIMALS["gap"]),
    "score": lambda value, language, labels: language.score(value),
    "km": lambda value, language, labels: language.number(value),
    "days": lambda value, language, labels: language.number(value),
    "records": lambda value, language, labels: language.number(value),
    "constraint": lambda value, language, labels: word(BLOCKED_BY, value, language),
    "region": lambda value, language, labels: _region(value),
}


def key_of(part: Mapping[str, Any]) -> str:
    """Under which key of `WORDING` the sentence of a part stands: the most telling one that its facts allow."""
    code = str(part["part"])
    key = f"{code}:{part['state']}" if "state" in part else code
    variants = [name for name in ("norm", "norms", "until") if part.get(name)]
    variants += ["0"] if part.get("days") == 0 else []
    variants += ["unmeasured"] if part.get("km", 0) is None else []
    variants += ["role"] if "role" in part else []
    variants += ["open"] if part.get("share", 0) is None else []
    variants += [part["relation"]] if "relation" in part else []
    variants += ["across"] if part.get("offer_language") != part.get("request_language") else []
    return next((f"{key}:{variant}" for variant in variants if f"{key}:{variant}" in WORDING), key)


def shown(evidence: str) -> list[Row]:
    """What `sentences` tells, without language: per part its key and the facts of its sentence, numbers as shown.

    Equal if and only if every language says the same; digits that no sentence shows make no difference.
    """
    return [_shown(part) for _, part in _parts(evidence)]


def _shown(part: Mapping[str, Any]) -> Row:
    key = key_of(part)
    told = _names_in(WORDING[key]) if key in WORDING else part.keys()
    return {"key": key} | {name: _as_shown(name, part[name]) for name in sorted(told & part.keys())}


def _as_shown(name: str, value: Any) -> Any:
    if not isinstance(value, float):
        return value
    if name in ("share", "gap"):
        return shown_share(value, decimals=_SHARE_DECIMALS[name])
    return shown_amount(value) if name == "quantity" else round(value, _DECIMALS.get(name, 6))


def held_back(row: Row, language: Language, labels: Labels) -> str:
    """What is wrong with a listing that is held back, a row of `matching.schema.HeldBack`, with its product."""
    told = {name: row[name] for name in ("quantity", "unit", "usual", "limit", "stated", "found")}
    note = mask_contacts(row["note"] or "")
    told |= {"part": "held_back", "state": row["reason"], "days": row["quantity"], "note": note}
    said = sentence(told, language, labels)
    return language.labelled(labels.label(row["concept_id"], language.code), said) if row["concept_id"] else said


def sentences(evidence: str, language: Language, labels: Labels, without: Collection[str] = ()) -> list[str]:
    """One sentence per part of the evidence, in its order; `without`: codes that the caller tells in another way."""
    return [sentence(part, language, labels) for part in json.loads(evidence) if part["part"] not in without]


class Sentences:
    """`sentences` in one language for a table of many rows: equal parts are worded once.

    A week of 10,000 listings has 2.8 million parts, of which 13,442 are distinct; worded once they take a sixth of the
    time (`benchmarks/results/rendering.md`).
    """

    def __init__(self, language: Language, labels: Labels) -> None:
        self._language = language
        self._labels = labels
        self._known: dict[str, str] = {}

    def of(self, evidence: str) -> list[str]:
        """One sentence per part of the evidence, in its order."""
        return [self._of_part(key, part) for key, part in _parts(evidence)]

    def _of_part(self, key: str, part: Row) -> str:
        if key not in self._known:
            self._known[key] = sentence(part, self._language, self._labels)
        return self._known[key]


@lru_cache(maxsize=50_000)  # every language reads the same evidence: the best matches of 10,000 listings are 14,300
def _parts(evidence: str) -> Sequence[tuple[str, Row]]:
    """The parts of evidence, each with a text that is the same if and only if the parts are."""
    return [(repr(part), part) for part in json.loads(evidence)]  # packed with sorted keys


def _fact(name: str, value: Any, part: Mapping[str, Any], language: Language, labels: Labels) -> str:
    if value is None:
        return language.gettext(_MISSING)
    if name in ("quantity", "usual", "limit"):
        return quantity(float(value), part.get("unit"), None, language)
    if name in ("wanted", "found") and part.get("constraint") == "concept":
        return labels.label(value, language.code)
    if name in ("request_concept", "offer_concept"):
        own = part.get(name.replace("concept", "language"))  # each side in its own words where they differ
        return labels.label(value, own if own in LANGUAGES else language.code)
    return _FACTS[name](value, language, labels) if name in _FACTS else str(value)


@cache
def _names_in(wording: str | tuple[str, str, str]) -> frozenset[str]:
    """The facts that a wording asks for: of ten that a part carries it is often one."""
    return frozenset(re.findall(r"%\((\w+)\)", wording if isinstance(wording, str) else "".join(wording)))


def sentence(part: Mapping[str, Any], language: Language, labels: Labels) -> str:
    """The sentence of one part of evidence."""
    wording = WORDING.get(key_of(part))
    if wording is None:
        stated = (name for name in part if name != "part")
        told = (f"{name} {_fact(name, part[name], part, language, labels)}" for name in stated)
        return f"{part['part']}: " + ", ".join(told)
    facts = {name: _fact(name, part[name], part, language, labels) for name in _names_in(wording) if name in part}
    if isinstance(wording, str):
        return language.gettext(wording, **facts)
    singular, plural, counted = wording
    return language.translations.ngettext(singular, plural, int(part[counted])) % facts
