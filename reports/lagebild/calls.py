"""The calls of page 1: at most five cases, most harm of waiting first, each with what to do, whom to ask, and by when.

The harm of waiting is a product of four factors, see `harm_of_waiting`; `docs/reports.md` says where each comes from.
A case leaves the list when somebody answered, it closes, is muted or leaves the remit, never because nothing changed.
"""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache, partial

from markupsafe import Markup

from matching.curves import HALF_LIFE_DAYS, freshness
from matching.quantities import DEFAULT_WINDOW_DAYS
from reports.frames import Row
from reports.lagebild.issue import Desk
from reports.lagebild.routes import Route, route_of
from reports.lagebild.words import (
    Due,
    days_silent,
    doubt,
    due,
    due_on,
    first_of,
    gaps,
    is_doubtful,
    is_missing,
    near_day,
    norms_wanted,
    one_per_buyer,
    open_rest,
    organisation_name,
    place,
    title,
)
from reports.language import N_, NO_BREAK_SPACE, Language, capitalised
from reports.wording import URGENCIES, quantity, word
from sources.week import Week

MOST_CALLS = 5
MOST_PARTNERS = 2  # named in a call; all stand on the page of cases
MOST_CANDIDATES = 2  # asked for a role that nobody fills
MOST_NETWORKS = 2  # to put a call out to
_WEIGHTS = {"low": 1, "normal": 2, "high": 4, "critical": 8}
_MOST_DIGITS, _UNKNOWN_DIGITS = 6, 3
_CANDIDATE = 0.5  # of a filled role: there is somebody to ask
_MISSING = 0.5  # of a case with a listing that its board does not show any more: as likely gone as there
_LATE = 0.5  # of a chain whose first delivery comes in time: it may still help


@dataclass(frozen=True)
class Party:
    """One side of a case; ``part`` is request, partner or candidate, ``role_id`` what a candidate is asked for."""

    part: str
    name: str
    place: str
    listing: Row
    route: Route
    is_named: bool  # whether the listing's board publishes the name
    role_id: str | None = None
    quantity: float | None = None


@dataclass(frozen=True)
class Call:
    """One call of page 1."""

    opportunity_id: str
    title: str
    urgency: str | None  # in words, where it is more than normal
    steps: Sequence[str]  # what to do; with whom one begins stands in the first
    due: Due
    age: str
    tender: Sequence[str]  # where to put a call out, if nobody can be asked for a role
    parties: Sequence[Party]


def harm_of_waiting(desk: Desk, row: Row) -> float:
    """What a week without a call is likely to cost, to compare cases: urgency x haste x stake x chance, 4 decimals.

    urgency: its grade, twice as much for each. haste: the share of the time left that is gone by the next issue; where
    no deadline is stated four weeks, for very urgent ones the days until our aim. stake: digits of the amount wanted,
    since amounts of different goods cannot be compared. chance: the score, times the share of roles that are filled or
    for which somebody can be asked, half if the first delivery comes after the deadline, times how likely the listings
    of the case still hold.
    """
    consortium = row["consortium"]
    is_dated = bool(consortium["deadline_on"]) or consortium["urgency"] == "critical"
    days = (due_on(desk, row) - desk.published_on).days if is_dated else DEFAULT_WINDOW_DAYS
    waiting = (desk.issue.next_issue_on - desk.published_on).days
    haste = min(1.0, waiting / max(days, 1))
    amount = consortium["quantity"]
    stake = min(len(str(max(1, round(amount)))), _MOST_DIGITS) if amount else _UNKNOWN_DIGITS
    asked = sum(bool(candidates(desk, row, role_id)) for role_id in dict.fromkeys(gaps(row)))
    chance = consortium["score"] * min(1.0, (consortium["roles_filled"] + _CANDIDATE * asked) / consortium["roles"])
    in_time = _LATE if late_delivery(desk, row) else 1.0
    return round(float(_WEIGHTS[consortium["urgency"]] * haste * stake * chance * in_time * _life(desk, row)), 4)


def _life(desk: Desk, row: Row) -> float:
    """Freshness of the case's oldest listing (`matching.curves`): all must hold, if one does not the call is lost.

    Half of that where one of them is missing on its board.
    """
    days = oldest_days(desk, row)
    life = float(freshness(HALF_LIFE_DAYS if days is None else days))
    return life * _MISSING if any(map(is_missing, _asked(desk, row))) else life


def oldest_days(desk: Desk, row: Row) -> int | None:
    """Days since the last sign of life of that listing of a case which is silent for longest; None if none is dated."""
    ages = (days_silent(desk, listing) for listing in _asked(desk, row))
    return max((age for age in ages if age is not None), default=None)


def _asked(desk: Desk, row: Row) -> list[Row]:
    """The listings that must hold: the request's, and those of the partners."""
    offers = (role["listing_id"] for role in row["roles"] if role["state"] == "filled")
    found = [row["request"], *(desk.listing.get(listing_id) for listing_id in offers)]
    return [listing for listing in found if listing]


@lru_cache(maxsize=8)  # the desks of an issue and its editions: every part of the page asks for the same order
def by_harm(desk: Desk) -> list[Row]:
    """Running opportunities within the remit that nobody answered, most harm of waiting first.

    Of each who asks one, then the rest.
    """
    unanswered = [row for row in desk.leading if not desk.is_answered(row)]
    ordered = sorted(unanswered, key=lambda row: (-harm_of_waiting(desk, row), row["rank"], row["opportunity_id"]))
    return one_per_buyer(ordered)


def is_pressing(desk: Desk, row: Row) -> bool:
    """Whether a case is very urgent or its request ends before the next issue."""
    deadline = row["consortium"]["deadline_on"]
    ends_soon = bool(deadline) and date.fromisoformat(deadline) < desk.issue.next_issue_on
    return ends_soon or row["consortium"]["urgency"] == "critical"


def called(desk: Desk) -> list[Row]:
    """The opportunities of page 1."""
    return by_harm(desk)[:MOST_CALLS]


def left_out(desk: Desk) -> list[Row]:
    """Pressing opportunities for which page 1 has no room, most harm first."""
    return [row for row in by_harm(desk)[MOST_CALLS:] if is_pressing(desk, row)]


def calls(desk: Desk, language: Language) -> list[Call]:
    """The calls of page 1 in words."""
    return [_call(desk, row, language) for row in called(desk)]


def _call(desk: Desk, row: Row, language: Language) -> Call:
    urgency = row["consortium"]["urgency"]
    asked = tender(desk, row, language)
    return Call(
        opportunity_id=row["opportunity_id"],
        title=title(desk, row, language),
        urgency=word(URGENCIES, urgency, language) if urgency in ("high", "critical") else None,
        steps=steps(desk, row, language),
        due=due(desk, row, language),
        age=age(desk, row, language),
        tender=asked,
        parties=parties(desk, row, language)[: 1 + MOST_PARTNERS - len(asked)],
    )


def age(desk: Desk, row: Row, language: Language) -> str:
    """Since which issue a case is open."""
    first = Week.parse(row["first_reported_in"])
    if former := desk.former.get(row["opportunity_id"]):
        return language.gettext("neu (vorher %(number)s)", number=former)
    if first >= desk.issue.week:
        return language.gettext("neu in dieser Ausgabe")
    if first.year == desk.issue.week.year:
        week = language.gettext("KW %(number)s", number=first.number)
    else:
        week = language.week(first)
    return language.gettext("offen seit %(week)s", week=week.replace(" ", NO_BREAK_SPACE))


def what_to_do(desk: Desk, row: Row, language: Language) -> str:
    """Exactly what somebody should do: whom to ask for what."""
    return " ".join(steps(desk, row, language))


def steps(desk: Desk, row: Row, language: Language) -> Sequence[str]:
    """The same, one sentence each."""
    key = "what to do", row["opportunity_id"], language.code
    return desk.once(
        key,
        lambda: [*_still_there(desk, row, language), *_steps(desk, row, language), *_too_late(desk, row, language)],
    )


def _still_there(desk: Desk, row: Row, language: Language) -> list[str]:
    """What to ask before anything else where it is doubtful that the request holds."""
    if not row["request"] or not is_doubtful(desk, row["request"]):
        return []
    who, when = listing_name(desk, row["request"], language), doubt(desk, row["request"], language)
    told = language.gettext("%(who)s fragen, ob der Bedarf noch besteht (%(when)s).", who=who, when=when)
    is_named = desk.organisation_of.get(row["request"]["listing_id"]) in desk.named_organisations
    return [told if is_named else capitalised(told)]


def _steps(desk: Desk, row: Row, language: Language) -> list[str]:
    if missing := list(dict.fromkeys(gaps(row))):
        return [_fill(desk, row, role_id, language) for role_id in missing]
    partners = [role for role in row["roles"] if role["state"] == "filled"]
    names = list(dict.fromkeys(_partner(desk, role, language) for role in partners))
    steps = [language.gettext("%(partners)s nach Menge und Termin fragen.", partners=first_of(names, language))]
    offered = [desk.listing[role["listing_id"]] for role in partners if role["listing_id"]]
    gone = [listing for listing in offered if is_missing(listing)]
    old = [listing for listing in offered if is_doubtful(desk, listing) and listing not in gone]
    steps += [_still_offered(desk, found, language, is_one=len(names) == 1) for found in (gone, old) if found]
    norms = row["request"]["norms"] if row["request"] else None
    if norms and any(role["certificate"] in ("none", "claimed") for role in partners):
        named = language.list(norm.replace(" ", NO_BREAK_SPACE) for norm in norms.split("; "))
        steps.append(language.gettext("Nachweis verlangen: %(norms)s.", norms=named))
    if rest := open_rest(row["consortium"]):
        amount = quantity(rest, row["consortium"]["unit"], None, language)
        more = language.list(dict.fromkeys(listing_name(desk, one, language) for one in more_suppliers(desk, row)))
        steps.append(
            language.gettext("Wegen der übrigen Menge (%(rest)s) auch %(names)s fragen.", rest=amount, names=more)
            if more
            else language.gettext("Für die übrige Menge (%(rest)s) Anbieter suchen.", rest=amount)
        )
    return steps


def _still_offered(desk: Desk, doubtful: Sequence[Row], language: Language, *, is_one: bool) -> str:
    """What else to ask whose offers are doubtful for one reason, oldest first; of several partners by name."""
    ordered = sorted(doubtful, key=lambda listing: -(days_silent(desk, listing) or 0))
    when = doubt(desk, ordered[0], language)
    if is_one:
        return language.gettext("Auch fragen, ob das Angebot noch gilt (%(when)s).", when=when)
    who = language.list(dict.fromkeys(listing_name(desk, offer, language) for offer in ordered))
    return language.gettext("%(who)s auch fragen, ob das Angebot noch gilt (%(when)s).", who=who, when=when)


def more_suppliers(desk: Desk, row: Row) -> list[Row]:
    """Offers of the product by those with whom another composition would cover more, nearest region first.

    Such a case keeps the partners it was told with, see `matching.consortia.kept`.
    """
    consortium = row["consortium"]
    if not open_rest(consortium) or gaps(row):
        return []
    parts = [part for part in json.loads(consortium["evidence"]) if part["part"] == "alternative"]
    better = [part for part in parts if (part["share"] or 0) > (consortium["coverage"] or 0)]
    partners = {role["organisation_id"] for role in row["roles"] if role["state"] == "filled"}
    others = {one for part in better for one in part["organisations"]} - partners
    offers = desk.offers.get(consortium["concept_id"], ())
    found = [offer for offer in offers if desk.organisation_of.get(offer["listing_id"]) in others]
    return sorted(found, key=partial(_farness, consortium))[:MOST_CANDIDATES]


def late_delivery(desk: Desk, row: Row) -> date | None:
    """The day of the chain's first delivery, counted from the issue, if that is after the deadline."""
    consortium = row["consortium"]
    if not consortium["deadline_on"] or consortium["lead_time_days"] is None:
        return None
    first: date = desk.published_on + timedelta(days=round(consortium["lead_time_days"]))
    return first if first > date.fromisoformat(consortium["deadline_on"]) else None


def _too_late(desk: Desk, row: Row, language: Language) -> list[str]:
    """What to settle where the chain delivers too late."""
    first = late_delivery(desk, row)
    if first is None:
        return []
    day = near_day(desk, first, language)
    return [language.gettext("Erste Lieferung rechnerisch erst am %(day)s: klären, ob das noch hilft.", day=day)]


def _fill(desk: Desk, row: Row, role_id: str, language: Language) -> str:
    """What to do about one role that nobody fills."""
    role = role_with_norms(desk, row, role_id, language)
    found = candidates(desk, row, role_id)
    if not found:
        return language.gettext(
            "%(role)s fehlt: bei den Netzwerken ausschreiben, kein passendes Angebot bekannt.", role=role
        )
    names = [listing_name(desk, listing, language) for listing in found]
    return language.gettext("%(role)s fehlt: %(names)s anfragen.", role=role, names=language.list(dict.fromkeys(names)))


def role_with_norms(desk: Desk, row: Row, role_id: str, language: Language) -> str:
    """A role that nobody fills, with the norms that whoever fills it must test or keep."""
    role = desk.issue.taxonomy.label(role_id, language.code)
    norms = norms_wanted(row, role_id)
    return f"{role} ({', '.join(norm.replace(' ', NO_BREAK_SPACE) for norm in norms)})" if norms else role


def _partner(desk: Desk, role: Row, language: Language) -> str:
    return listing_name(desk, desk.listing[role["listing_id"]], language) if role["listing_id"] else ""


def listing_name(desk: Desk, listing: Row, language: Language) -> str:
    """Who stands behind a listing: by name, or by platform and place where the board publishes no names."""
    organisation_id = desk.organisation_of.get(listing["listing_id"])
    if organisation_id in desk.named_organisations:
        return organisation_name(desk, organisation_id, language)
    where = place(listing, language)
    platform = desk.platform_title(listing["platform"])
    if listing["kind"] == "offer":
        whose = language.gettext("Anbieter auf %(platform)s", platform=platform)
    else:
        whose = language.gettext("suchende Stelle auf %(platform)s", platform=platform)
    return f"{whose} ({where})" if where else whose


def candidates(desk: Desk, row: Row, role_id: str) -> list[Row]:
    """Listings to ask for a role that nobody fills, nearest region first: seats to be clarified, else open offers.

    None of them counts as supply: they are far, promised elsewhere, or do not say what the role needs.
    """
    seats = [role for role in row["roles"] if role["role_id"] == role_id]
    doubtful = [
        desk.listing[role["listing_id"]] for role in seats if role["state"] == "to_clarify" and role["listing_id"]
    ]
    if doubtful:
        return doubtful[:MOST_CANDIDATES]
    wanted = {role["concept_id"] for role in seats if role["state"] == "missing" and role["concept_id"] in desk.offers}
    if not wanted:
        return []
    taken = {role["listing_id"] for role in row["roles"]}
    found = {
        offer["listing_id"]: offer
        for concept in sorted(wanted)
        for offer in desk.offers.get(concept, ())
        if offer["listing_id"] not in taken
        and desk.organisation_of.get(offer["listing_id"]) != row["consortium"]["organisation_id"]
        and desk.is_one_market(offer["country"], row["consortium"]["country"])
    }
    return sorted(found.values(), key=partial(_farness, row["consortium"]))[:MOST_CANDIDATES]


def tender(desk: Desk, row: Row, language: Language) -> list[str]:
    """One line with the offices to put a call out to, where nobody can be asked for a role; none if somebody can."""
    offices = offices_to_ask(desk, row)
    told = language.series(office.text(language) for office in offices)
    return [language.labelled(language.gettext("Ausschreiben bei"), told)] if offices else []


def offices_to_ask(desk: Desk, row: Row) -> list[Route]:
    """The offices to put a call out to for the roles that nobody can be asked for."""
    lost = frozenset(desk.issue.taxonomy.group(role) for role in lost_roles(desk, row))
    country = row["consortium"]["country"]
    return desk.once(("offices", lost, country), lambda: _offices(desk, lost, country)) if lost else []


def lost_roles(desk: Desk, row: Row) -> list[str]:
    """The roles that nobody fills and for which nobody can be asked."""
    return [role for role in gaps(row) if not candidates(desk, row, role)]


def _offices(desk: Desk, groups: Collection[str], country: str | None) -> list[Route]:
    """Of a country's boards those with most open offers of some product groups: they know who does such things."""
    offers = {
        offer["listing_id"]: offer
        for concept_id, found in desk.offers.items()
        if desk.issue.taxonomy.group(concept_id) in groups
        for offer in found
        if (board := desk.platform.get(offer["platform"])) and country in (None, board.country)
    }
    by_board: dict[str, list[Route]] = {}
    for offer in offers.values():
        if (route := route_of(desk, offer)).is_office:
            by_board.setdefault(offer["platform"], []).append(route)
    ordered = sorted(by_board.items(), key=lambda item: (-len(item[1]), item[0]))
    return [found[0] for _, found in ordered[:MOST_NETWORKS]]


def _farness(consortium: Row, offer: Row) -> tuple[bool, bool, str]:
    is_abroad = offer["country"] != consortium["country"]
    return is_abroad, is_abroad or offer["region"] != consortium["region"], offer["listing_id"]


def parties(desk: Desk, row: Row, language: Language) -> list[Party]:
    """Who must be asked: whoever seeks, then candidates for missing roles, then partners; each listing once."""
    return desk.once(("parties", row["opportunity_id"], language.code), lambda: _parties(desk, row, language))


def _parties(desk: Desk, row: Row, language: Language) -> list[Party]:
    found = {}
    if row["request"]:
        found[row["request"]["listing_id"]] = _party(desk, row["request"], "request", language)
    for role_id in dict.fromkeys(gaps(row)):
        for listing in candidates(desk, row, role_id):
            found.setdefault(listing["listing_id"], _party(desk, listing, "candidate", language, role_id))
    for role in row["roles"]:
        if role["state"] == "filled" and role["listing_id"] in desk.listing:
            listing = desk.listing[role["listing_id"]]
            party = _party(desk, listing, "partner", language, role["role_id"], role["quantity"])
            found.setdefault(role["listing_id"], party)
    for listing in more_suppliers(desk, row):
        party = _party(desk, listing, "candidate", language, row["consortium"]["concept_id"])
        found.setdefault(listing["listing_id"], party)
    return list(found.values())


def _party(
    desk: Desk, listing: Row, part: str, language: Language, role_id: str | None = None, amount: float | None = None
) -> Party:
    name = listing_name(desk, listing, language)
    is_named = desk.organisation_of.get(listing["listing_id"]) in desk.named_organisations
    return Party(part, name, place(listing, language), listing, route_of(desk, listing), is_named, role_id, amount)


_PARTS = {"request": N_("Gesuch"), "partner": N_("Angebot"), "candidate": N_("Anfrage für %(role)s")}


def part_name(desk: Desk, party: Party, language: Language) -> str:
    """What a party is to the case."""
    role = desk.issue.taxonomy.label(party.role_id, language.code) if party.role_id else ""
    return word(_PARTS, party.part, language, role=role)


def in_lines(desk: Desk, call: Call, language: Language) -> list[str]:
    """A call as plain lines: title, what to do, by when, then each party with its route and address."""
    return [
        f"{call.title} ({call.opportunity_id})",
        " ".join(call.steps),
        f"{call.due} · {call.age}",
        *call.tender,
        *(plain_line(desk, party, language) for party in call.parties),
    ]


def plain_line(desk: Desk, party: Party, language: Language) -> str:
    """One party in a plain line: what it is to the case, who, its route, and the address of its listing."""
    said = language.labelled(part_name(desk, party, language), party.name)
    return " – ".join(part for part in (said, party.route.text(language), party.route.address) if part)


def short_line(desk: Desk, party: Party, language: Language) -> Markup:
    """One party on page 1, where title and task name it already: its route and a link to the listing."""
    name = part_name(desk, party, language)
    said = f"{name} {party.name}" if party.is_named and party.part != "request" else name
    route = party.route.words(language) if party.route.is_office else party.route.text(language)
    return Markup('{} <span class="on-screen">({})</span>{}').format(
        language.labelled(said, route), party.route.link(language), party.route.on_paper()
    )


MOST_ALSO = 3  # other cases of a partner that are named


def also_asked(desk: Desk, party: Party, opportunity_id: str, language: Language) -> str:
    """In which other unanswered cases a partner is to be asked, so that one call does; empty if in none."""
    asked = desk.once(("cases by partner", desk.issue.remit.groups), lambda: _by_partner(desk))
    found = asked.get(desk.organisation_of.get(party.listing["listing_id"], ""), [])
    others = [number for number in found if number != opportunity_id]
    if party.part != "partner" or opportunity_id not in found or not others:
        return ""
    named = others[:MOST_ALSO]
    if rest := len(others) - len(named):
        named.append(language.ngettext("%(count)s weiterer", "%(count)s weitere", rest))
    return language.ngettext(
        "ein Anruf, %(count)s Vorgang: auch %(numbers)s",
        "ein Anruf, %(count)s Vorgänge: auch %(numbers)s",
        len(others) + 1,
        numbers=language.list(named),
    )


def _by_partner(desk: Desk) -> dict[str, list[str]]:
    """Numbers of the cases in which an organisation fills a role and nobody is missing, most harm of waiting first."""
    found: dict[str, list[str]] = {}
    for row in by_harm(desk):
        if not gaps(row):
            partners = (role["organisation_id"] for role in row["roles"] if role["state"] == "filled")
            for organisation_id in dict.fromkeys(partners):
                found.setdefault(organisation_id, []).append(row["opportunity_id"])
    return found


def contact_line(desk: Desk, party: Party, language: Language) -> Markup:
    """One party in a line: what it is to the case, who, its listing's own route, and a link to the listing."""
    who = f"{party.name}, {party.place}" if party.place and party.place not in party.name else party.name
    said = language.labelled(part_name(desk, party, language), who)
    return Markup("").join((said, " – ", party.route.text(language), " (", party.route.link(language), ")"))
