"""One card per opportunity: the chain of roles, why it fits, what is uncertain, whom to call."""

import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from reports.frames import Row
from reports.lagebild.calls import age, called, contact_line, parties, tender, what_to_do
from reports.lagebild.issue import Desk
from reports.lagebild.pointers import earlier
from reports.lagebild.words import (
    by_deadline,
    confidence,
    covered_share,
    due_on,
    first_of,
    gaps,
    is_doubtful,
    is_missing,
    listing_source,
    near_day,
    one_per_buyer,
    organisation_name,
    place,
    product_name,
    title,
    wanted,
)
from reports.language import Language, shortened
from reports.sentences import sentence, sentences
from reports.wording import CERTIFICATES, OPPORTUNITY_STATES, URGENCIES, quantity, word
from sources.rows.text import mask_contacts
from sources.week import local_day

MOST_CARDS = 8  # told in full, as far as no call or edition asks for more
MOST_QUOTES = 4
LONGEST_QUOTE = 200
# What chain, summary and facts of a card say already.
_TOLD_ABOVE = (
    "role_filled", "role_missing", "quantity_promised", "quantity_covered", "bottleneck", "lead_time", "certificates",
    "alternative", "information", "other_request",
)  # fmt: skip
_COLOURS = {"new": "good", "changed": "warn", "reopened": "warn", "baseline": "plain", "unchanged": "plain"}


@dataclass(frozen=True)
class Slot:
    """One place in the chain; ``state`` is filled, missing or demand; ``is_beside``: shares its role with the last."""

    role: str
    state: str
    name: str
    lines: Sequence[str] = ()
    alternates: str = ""
    is_beside: bool = False


@dataclass(frozen=True)
class Quote:
    """Words of a listing with what is needed to find it again."""

    text: str
    language: str | None
    source: str


@dataclass(frozen=True)
class Card:
    """One opportunity in words."""

    opportunity_id: str
    title: str
    badge: str
    colour: str
    urgency: str | None
    earlier: Sequence[Markup]  # where it was told about before
    summary: str
    slots: Sequence[Slot]
    facts: Sequence[tuple[str, Sequence[str]]]
    reasons: Sequence[tuple[str, Sequence[str]]]
    quotes: Sequence[Quote]


def chosen(desk: Desk, most: int = MOST_CARDS) -> list[Row]:
    """The opportunities that the issue shows: those of page 1, then the best of what is new or changed."""
    on_page_1 = called(desk)
    numbers = {row["opportunity_id"] for row in on_page_1}
    others = [row for row in desk.news if row["opportunity_id"] not in numbers]
    return on_page_1 + one_per_buyer(others, on_page_1)[: max(0, most - len(on_page_1))]


def cards(desk: Desk, found: Sequence[Row], language: Language) -> list[Card]:
    """The cards in their order; a piece of information that fits several stands on the first."""
    told: set[str] = set()
    made = []
    for row in found:
        made.append(card(desk, row, language, told))
        told.update(_items(desk, row))
    return made


def card(desk: Desk, row: Row, language: Language, told: Collection[str] = ()) -> Card:
    """Everything a lead needs to decide about one opportunity; ``told``: ids of information that stands before."""
    urgency = row["consortium"]["urgency"]
    is_urgent = urgency in ("high", "critical")
    return Card(
        opportunity_id=row["opportunity_id"],
        title=title(desk, row, language),
        badge=word(OPPORTUNITY_STATES, row["state"], language),
        colour=_COLOURS[row["state"]],
        urgency=word(URGENCIES, urgency, language) if is_urgent else None,
        earlier=earlier(desk, row, language),
        summary=_summary(desk, row, language),
        slots=_chain(desk, row, language),
        facts=_facts(desk, row, language, told),
        reasons=_reasons(desk, row, language),
        quotes=list(_quotes(desk, row, language)),
    )


def _summary(desk: Desk, row: Row, language: Language) -> str:
    consortium = row["consortium"]
    buyer = desk.organisation.get(consortium["organisation_id"])
    where = place(buyer, language)
    name = organisation_name(desk, consortium["organisation_id"], language)
    who = f"{name}, {where}" if where and where not in name else name
    if consortium["organisation_id"] not in desk.named_organisations:
        nobody = language.gettext("einer ungenannten Stelle")
        who = f"{nobody} ({where})" if where else nobody
    product = product_name(desk, consortium["concept_id"], language)
    if amount := wanted(row, language):
        need = language.gettext(
            "Gesucht von %(who)s: %(product)s (%(quantity)s).", who=who, product=product, quantity=amount
        )
    else:
        need = language.gettext(
            "Gesucht von %(who)s: %(product)s; eine Menge ist nicht genannt.", who=who, product=product
        )
    partners = len({role["organisation_id"] for role in row["roles"] if role["state"] == "filled"})
    supply = language.ngettext("%(count)s möglicher Partner", "%(count)s mögliche Partner", partners)
    if missing := gaps(row):
        roles = language.list(desk.issue.taxonomy.label(role, language.code) for role in missing)
        return f"{need} " + language.series([supply, language.gettext("es fehlt: %(roles)s.", roles=roles)])
    share = covered_share(consortium)
    if share is None:
        return f"{need} {supply}."
    there = language.gettext("rechnerisch verfügbar: %(share)s der Menge.", share=language.percent(share))
    if (in_time := by_deadline(desk, row)) is not None:
        there = language.gettext(
            "rechnerisch verfügbar: %(share)s der Menge, bis zur Frist %(in_time)s.",
            share=language.percent(share),
            in_time=language.percent(in_time),
        )
    return f"{need} " + language.series([supply, there])


def _chain(desk: Desk, row: Row, language: Language) -> list[Slot]:
    taxonomy, consortium = desk.issue.taxonomy, row["consortium"]
    slots: list[Slot] = []
    position = None
    for role in row["roles"]:
        if role["state"] == "alternate":
            continue
        is_beside, position = role["position"] == position, role["position"]
        label = taxonomy.label(role["role_id"], language.code)
        if role["state"] == "missing":
            slots.append(Slot(label, "missing", language.gettext("fehlt"), is_beside=is_beside))
            continue
        if role["state"] == "to_clarify":
            asked = [organisation_name(desk, role["organisation_id"], language)]
            slots.append(Slot(label, "missing", language.gettext("zu klären"), asked, is_beside=is_beside))
            continue
        lines = [
            place(desk.organisation.get(role["organisation_id"] or ""), language),
            desk.platform_title(role["platform"] or ""),
        ]
        if role["quantity"]:
            lines.append(quantity(role["quantity"], consortium["unit"], None, language))
        elif not consortium["quantity"]:
            lines.append(language.gettext("Menge offen"))
        others = _alternates(desk, row, role, language)
        name = organisation_name(desk, role["organisation_id"], language)
        label = product_name(desk, role["role_id"], language)
        slots.append(Slot(label, "filled", name, [line for line in lines if line], others, is_beside))
    request = desk.listing[consortium["request_id"]]
    buyer = organisation_name(desk, consortium["organisation_id"], language)
    where = place(desk.organisation.get(consortium["organisation_id"]), language)
    lines = [line for line in (where, desk.platform_title(request["platform"])) if line]
    return [*slots, Slot(language.gettext("Abnehmer"), "demand", buyer, lines)]


def _alternates(desk: Desk, row: Row, role: Row, language: Language) -> str:
    """Who could stand in for a partner: names where there are any, else how many."""
    others = dict.fromkeys(
        other["organisation_id"]
        for other in row["roles"]
        if other["state"] == "alternate" and other["position"] == role["position"]
    )
    return _several(desk, list(others), language)


def _several(desk: Desk, organisations: Sequence[str], language: Language) -> str:
    """The first organisations that have a name, and how many more there are."""
    named = [organisation_name(desk, one, language) for one in organisations if one in desk.named_organisations]
    if organisations and not named:
        return language.ngettext(
            "%(count)s Anbieter ohne veröffentlichten Namen",
            "%(count)s Anbieter ohne veröffentlichten Namen",
            len(organisations),
        )
    return first_of(named, language, len(organisations))


def _facts(desk: Desk, row: Row, language: Language, told: Collection[str]) -> list[tuple[str, Sequence[str]]]:
    consortium = row["consortium"]
    found: list[tuple[str, Sequence[str]]] = [(language.gettext("Nächster Schritt"), [what_to_do(desk, row, language)])]
    due = near_day(desk, due_on(desk, row), language)
    own = language.gettext("%(day)s (Frist des Gesuchs)", day=due)
    ours = language.gettext("%(day)s (Ziel nach Dringlichkeit, keine Frist im Gesuch)", day=due)
    found.append((language.gettext("Bis"), [own if consortium["deadline_on"] else ours]))
    found.append((language.gettext("Vorgang"), [age(desk, row, language)]))
    if others := other_requests(desk, row, language):
        found.append((language.gettext("Ebenfalls offen"), others))
    found.append((language.gettext("Kontakt"), _contacts(desk, row, language)))
    if consortium["bottleneck_role"]:
        label = product_name(desk, consortium["bottleneck_role"], language)
        if consortium["quantity_covered"]:
            most = quantity(consortium["quantity_covered"], consortium["unit"], None, language)
            label = language.gettext("%(role)s: höchstens %(quantity)s", role=label, quantity=most)
        found.append((language.gettext("Engpass"), [label]))
    if consortium["lead_time_days"] is not None:
        days = round(consortium["lead_time_days"])
        later = language.ngettext("erste Lieferung nach %(count)s Tag", "erste Lieferung nach %(count)s Tagen", days)
        first = later if days else language.gettext("erste Lieferung sofort")
        found.append((language.gettext("Vorlauf"), [first]))
    found.append((language.gettext("Nachweise"), _certificates(desk, row, language)))
    parts = json.loads(consortium["evidence"])
    if others := [_alternative(desk, part, language) for part in parts if part["part"] == "alternative"]:
        found.append((language.gettext("Alternativen"), others))
    if items := [desk.listing[item] for item in _items(desk, row) if item not in told]:
        found.append((language.gettext("Dazu passt"), [_information(desk, item, language) for item in items]))
    found.append((language.gettext("Sicherheit"), [confidence(consortium["score"], language)]))
    if doubts := list(_doubts(desk, row, language)):
        found.append((language.gettext("Unsicher"), doubts))
    return found


def other_requests(desk: Desk, row: Row, language: Language) -> list[str]:
    """What else the same seek of the same, which one call settles: where it stands, how much, until when."""
    parts = json.loads(row["consortium"]["evidence"])
    ids = (part["listing_id"] for part in parts if part["part"] == "other_request")
    return [_other_request(desk, desk.listing[one], language) for one in ids if one in desk.listing]


def _other_request(desk: Desk, listing: Row, language: Language) -> str:
    told = [listing_source(desk, listing, language)]
    if listing["quantity"]:
        told.append(quantity(listing["quantity"], listing["unit"], listing["period"], language))
    if listing["available_until"]:
        day = near_day(desk, local_day(listing["available_until"]), language)
        told.append(language.gettext("Frist %(day)s", day=day))
    return ", ".join(told)


def _alternative(desk: Desk, part: Row, language: Language) -> str:
    """Another way to serve the need: how much it covers and with whom, by name where there is one."""
    told = sentence(part, language, desk.issue.taxonomy)
    return language.labelled(told, _several(desk, part["organisations"], language))


def _information(desk: Desk, item: Row, language: Language) -> str:
    """A piece of information with where it stands; its title is the platform's, contact data masked."""
    said = language.quoted(_quoted(item["title"]))
    told = Markup('<span lang="{}">{}</span>').format(item["language"], said) if item["language"] else said
    return Markup("{} ({})").format(told, listing_source(desk, item, language))


def _items(desk: Desk, row: Row) -> list[str]:
    """Ids of the pieces of information that fit an opportunity and are still known."""
    parts = json.loads(row["consortium"]["evidence"])
    return [
        part["listing_id"] for part in parts if part["part"] == "information" and part["listing_id"] in desk.listing
    ]


def _contacts(desk: Desk, row: Row, language: Language) -> list[str]:
    """Where to put a call out; then each party: what it is to the case, its listing's own route, and a link to it."""
    return [
        *tender(desk, row, language),
        *(contact_line(desk, party, language) for party in parties(desk, row, language)),
    ]


def _certificates(desk: Desk, row: Row, language: Language) -> list[str]:
    """One line per state, with the partners it holds for."""
    holders: dict[str, list[str]] = {}
    for role in row["roles"]:
        if role["state"] == "filled" and role["certificate"]:
            name = organisation_name(desk, role["organisation_id"], language)
            holders.setdefault(word(CERTIFICATES, role["certificate"], language), []).append(name)
    stated = [language.labelled(state, language.list(dict.fromkeys(names))) for state, names in holders.items()]
    return stated or [language.gettext("keine Angaben")]


def _doubts(desk: Desk, row: Row, language: Language) -> Iterator[str]:
    """What may turn out otherwise, from the facts alone."""
    consortium = row["consortium"]
    filled = [role for role in row["roles"] if role["state"] == "filled" and role["listing_id"]]
    listings = [
        desk.listing[listing_id] for listing_id in [consortium["request_id"], *(role["listing_id"] for role in filled)]
    ]
    if not consortium["quantity"]:
        yield language.gettext("Menge offen: Das Gesuch nennt keine, das Angebot bleibt für andere verfügbar.")
    elif any(role["quantity"] is None for role in filled):
        yield language.gettext("Mindestens ein Angebot nennt keine vergleichbare Menge.")
    if consortium["score"] < 0.5:
        yield language.gettext("Die Übereinstimmung der Texte ist gering; Produkt bitte nachfragen.")
    stale = {listing["platform"] for listing in listings} & set(desk.stale_platforms())
    for name in sorted(stale):
        yield language.ngettext(
            "%(platform)s: Stand ist %(count)s Tag alt.",
            "%(platform)s: Stand ist %(count)s Tage alt.",
            int(desk.source_state[name]["age_days"]),
            platform=desk.platform_title(name),
        )
    for listing in listings:
        if is_missing(listing):
            yield language.gettext(
                "%(listing)s: fehlt seit %(day)s auf der Plattform; ob das Inserat noch gilt, ist offen.",
                listing=listing_source(desk, listing, language),
                day=language.day(date.fromisoformat(listing["missing_since"])),
            )
        elif is_doubtful(desk, listing):
            yield language.gettext(
                "%(listing)s: letzte Meldung am %(day)s.",
                listing=listing_source(desk, listing, language),
                day=language.day(local_day(listing["updated_at"] or listing["posted_at"])),
            )


def _reasons(desk: Desk, row: Row, language: Language) -> list[tuple[str, Sequence[str]]]:
    labels, consortium = desk.issue.taxonomy, row["consortium"]
    found: list[tuple[str, Sequence[str]]] = []
    if whole := sentences(consortium["evidence"], language, labels, without=_TOLD_ABOVE):
        found.append((language.gettext("Zusammen"), whole))
    for role in row["roles"]:
        if role["state"] != "filled":
            continue
        match = desk.match.get((consortium["request_id"], role["listing_id"] or "", role["concept_id"]))
        told = sentences(match["evidence"], language, labels) if match else []
        told += sentences(role["evidence"], language, labels, without=("fit", "distance") if match else ())
        name = organisation_name(desk, role["organisation_id"], language)
        found.append((f"{name} ({labels.label(role['role_id'], language.code)})", told))
    return found


def _quotes(desk: Desk, row: Row, language: Language) -> Iterator[Quote]:
    offers = [role["listing_id"] for role in row["roles"] if role["state"] == "filled" and role["listing_id"]]
    for listing_id in list(dict.fromkeys([row["consortium"]["request_id"], *offers]))[:MOST_QUOTES]:
        listing = desk.listing[listing_id]
        source = language.gettext(
            "%(source)s, abgerufen am %(day)s",
            source=listing_source(desk, listing, language),
            day=language.day(local_day(listing["retrieved_at"])),
        )
        yield Quote(language.quoted(excerpt(listing)), listing["language"], source)


def excerpt(listing: Row) -> str:
    """At most 200 characters of a listing, contact data masked, cut at a word."""
    words = f"{listing['title']}. {listing['text']}" if listing["text"] else str(listing["title"])
    return _quoted(words)


def _quoted(words: str) -> str:
    """At most 200 characters in one line, contact data masked."""
    return shortened(" ".join(mask_contacts(words).split()), LONGEST_QUOTE)
