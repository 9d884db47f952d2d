"""What stands behind the figures: for every number of page 1 the list of opportunities or listings that it counts.

Each entry says what it is in words and ends with ids in small print; a listing's id begins with its platform, so each
list ends at what a platform said. Long lists are cut, and the rest is counted.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from markupsafe import Markup

from reports.frames import Row
from reports.lagebild.calls import listing_name
from reports.lagebild.issue import Desk
from reports.lagebild.links import Titles, cases_page, with_links
from reports.lagebild.named import listing_line, reference
from reports.lagebild.outcomes import outcomes
from reports.lagebild.summary import bottleneck, closed_in_remit, ending, list_id, upcoming
from reports.lagebild.words import product_name, why_closed
from reports.language import Language
from reports.wording import ANSWERS, BLOCKED_BY, OPPORTUNITY_STATES, region, word

MOST_ENTRIES = 3000  # of one figure; the rest is counted
_STATES = ("new", "reopened", "changed", "baseline", "unchanged", "closed")


@dataclass(frozen=True)
class Group:
    """A part of a list: what it has in common, and one entry for each thing counted, in words or at first as ids."""

    group_id: str
    name: str
    count: int
    entries: Sequence[str | Markup | tuple[str, str]]


@dataclass(frozen=True)
class Proof:
    """The list behind one figure, in groups; ``left_out`` entries are counted and not shown."""

    proof_id: str
    title: str
    groups: Sequence[Group]
    left_out: int


def proofs(desk: Desk, known: Titles, language: Language) -> list[Proof]:
    """The lists behind the key figures and the headlines."""

    def listed(listing_id: str) -> Markup:
        return listing_line(desk, listing_id)

    def pair(ids: tuple[str, str]) -> Markup:
        return Markup(" → ").join(listing_line(desk, one, is_linked=False) for one in ids)

    return [
        _proof("offers", language.gettext("Angebote aktiv"), _by_region(desk, "offer", language), listed),
        _proof("requests", language.gettext("Gesuche aktiv"), _by_region(desk, "request", language), listed),
        _proof("cross-platform-matches", language.gettext("Treffer zwischen Plattformen"), _crossings(desk), pair),
        _proof("requests-unmet", language.gettext("Gesuche ohne möglichen Partner"), _unserved(desk, language), listed),
        _proof("needs-unmet", language.gettext("Bedarfe ohne möglichen Partner"), _needs(desk, language)),
        _proof("chancen", language.gettext("Vorgänge"), _opportunities(desk, known, language)),
        _proof("fristen", language.gettext("Fristen der nächsten sechs Wochen"), _deadlines(desk, known, language)),
        _proof("anrufe", language.gettext("Was aus den Anrufen wurde"), _outcomes(desk, known, language)),
    ]


def _proof(name: str, title: str, groups: Sequence[Group], told: Callable[[Any], Markup] | None = None) -> Proof:
    """A list cut to `MOST_ENTRIES`. told: puts an entry into words, only those that are shown."""
    room, kept = MOST_ENTRIES, []
    for group in groups:
        shown = group.entries[: max(0, room)]
        kept.append(Group(group.group_id, group.name, group.count, [told(one) for one in shown] if told else shown))
        room -= len(group.entries)
    return Proof(f"nachweis-{name}", title, kept, max(0, -room))


def place_name(place: tuple[str | None, str | None], language: Language) -> str:
    """A country and region as lists name them."""
    where = region(*place, language)
    if where and not place[1]:
        return language.gettext("%(country)s, Region unbekannt", country=where)
    return where or language.gettext("Region unbekannt")


def by_region(desk: Desk, kind: str) -> list[tuple[tuple[str | None, str | None], list[str]]]:
    """Ids of the counted listings of a kind by country and region, most first."""
    found: dict[tuple[str | None, str | None], list[str]] = {}
    for listing in desk.current:
        if listing["kind"] == kind:
            found.setdefault((listing["country"], listing["region"]), []).append(listing["listing_id"])
    return sorted(found.items(), key=lambda item: (-len(item[1]), [part or "" for part in item[0]]))


def numbers(places: Iterable[tuple[str | None, str | None]]) -> dict[tuple[str | None, str | None], int]:
    """What the list of a place is numbered by: its code, as the order by counts would tell of them."""
    ordered = sorted(places, key=lambda place: [part or "" for part in place])
    return {place: number for number, place in enumerate(ordered, start=1)}


def _by_region(desk: Desk, kind: str, language: Language) -> list[Group]:
    found = by_region(desk, kind)
    number = numbers(place for place, _ in found)
    return [
        Group(f"liste-{kind}-{number[place]}", place_name(place, language), len(ids), sorted(ids))
        for place, ids in found
    ]


def _crossings(desk: Desk) -> list[Group]:
    """Matches by the two platforms; the same in every language."""
    return desk.once("crossings by way", lambda: _made_crossings(desk))


def _made_crossings(desk: Desk) -> list[Group]:
    ways: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for request, offer in desk.crossings:  # by request
        way = desk.listing[request]["platform"], desk.listing[offer]["platform"]
        ways.setdefault(way, []).append((request, offer))
    return [
        Group(
            f"liste-way-{number}",
            f"{desk.platform_title(way[0])} → {desk.platform_title(way[1])}",
            len(ways[way]),
            ways[way],
        )
        for number, way in enumerate(sorted(ways, key=lambda way: (-len(ways[way]), way)), start=1)
    ]


def _unserved(desk: Desk, language: Language) -> list[Group]:
    """Requests of which no product has a consortium."""
    name = language.gettext("Gesuche ohne möglichen Partner")
    return [Group("liste-requests-unmet-1", name, len(desk.unserved), desk.unserved)] if desk.unserved else []


def _needs(desk: Desk, language: Language) -> list[Group]:
    """Needs within the remit that no consortium serves, by product: the requests that state them."""
    found: dict[str, list[Markup]] = {}
    for row in sorted(desk.unmet_needs, key=lambda row: str(row["request_id"])):
        found.setdefault(row["concept_id"], []).append(_need(desk, row, language))
    ordered = sorted(found.items(), key=lambda item: (-len(item[1]), item[0]))
    return [
        Group(f"liste-need-{concept}", product_name(desk, concept, language), len(needs), needs)
        for concept, needs in ordered
    ]


def _need(desk: Desk, row: Row, language: Language) -> Markup:
    """The request, and what is in the way of the offer that comes nearest."""
    request = listing_line(desk, row["request_id"])
    if not row["nearest_offer_id"]:
        return Markup("{} ({})").format(request, language.gettext("kein ähnliches Angebot"))
    reason = word(BLOCKED_BY, row["blocked_by"] or "", language)
    return Markup("{} ← {} ({})").format(request, listing_line(desk, row["nearest_offer_id"]), reason)


def _opportunities(desk: Desk, known: Titles, language: Language) -> list[Group]:
    """Opportunities by state, then those of the bottleneck and those that end soon."""
    shown = [*desk.leading, *closed_in_remit(desk)]
    by_state = {state: [row for row in shown if row["state"] == state] for state in _STATES}
    role, without = bottleneck(desk)
    found = [(state, word(OPPORTUNITY_STATES, state, language), members) for state, members in by_state.items()]
    if role is not None:
        label = desk.issue.taxonomy.label(role, language.code)
        found.append(("bottleneck", language.gettext("es fehlt: %(roles)s", roles=label), without))
    found.append(("ending", language.gettext("läuft vor der nächsten Ausgabe ab"), ending(desk)))
    found.append(("beyond", language.gettext("außerhalb des Zuständigkeitsgebiets"), desk.beyond))
    groups = []
    for name, title, members in found:
        entries = [_entry(desk, row, known, language) for row in members]
        groups.append(Group(list_id(name, len(members)), title, len(members), entries))
    return [group for group in groups if group.entries]


def _deadlines(desk: Desk, known: Titles, language: Language) -> list[Group]:
    """Opportunities whose request ends in the next weeks, by day."""
    by_day: dict[date, list[Row]] = {}
    for day, row in upcoming(desk):
        by_day.setdefault(day, []).append(row)
    return [
        Group(day_id(day), language.day(day), len(found), [_entry(desk, row, known, language) for row in found])
        for day, found in by_day.items()
    ]


def day_id(day: date) -> str:
    """The id of the list of deadlines of a day."""
    return f"liste-frist-{day}"


def _outcomes(desk: Desk, known: Titles, language: Language) -> list[Group]:
    """The cases behind the figures of use, each with what was last said of it."""
    found = outcomes(desk)

    def entries(numbers: Iterable[str]) -> list[Markup]:
        return [
            Markup("{} ({})").format(_case(number, known, language), word(ANSWERS, found.last[number], language))
            for number in numbers
        ]

    days = {number: language.ngettext("%(count)s Tag", "%(count)s Tage", count) for number, count in found.days.items()}
    groups = [
        Group(
            "liste-beantwortet", language.gettext("beantwortete Vorgänge"), len(found.answered), entries(found.answered)
        ),
        Group(
            "liste-ergebnis", language.gettext("davon mit Ergebnis"), len(found.successful), entries(found.successful)
        ),
        Group(
            "liste-kontakt",
            language.gettext("Zeit bis zum ersten Kontakt"),
            len(days),
            [Markup("{} ({})").format(_case(number, known, language), told) for number, told in days.items()],
        ),
        Group("liste-versorgt", language.gettext("versorgte Bedarfe"), len(found.served), entries(found.served)),
    ]
    return [group for group in groups if group.entries]


def _entry(desk: Desk, row: Row, known: Titles, language: Language) -> Markup:
    """One opportunity: number, title, why it closed or who could serve it, and ids; it may stand in several lists."""
    return desk.once(("entry", row["opportunity_id"], language.code), lambda: _made_entry(desk, row, known, language))


def _case(number: str, known: Titles, language: Language) -> Markup:
    """Number and title of a case as one link; a number that this week does not tell stands alone."""
    if number not in known:
        return with_links(number, known, language)
    return Markup('<a href="{}#{}">{} {}</a>').format(cases_page(language), number, number, known[number])


def _made_entry(desk: Desk, row: Row, known: Titles, language: Language) -> Markup:
    number = row["opportunity_id"]
    parts = [_case(number, known, language)]
    if row["state"] == "closed":
        parts.append(Markup("({})").format(why_closed(row, language)))
    seats = (role["listing_id"] for role in row["roles"] if role["state"] == "filled" and role["listing_id"])
    offers = list(dict.fromkeys(seats))
    names = dict.fromkeys(listing_name(desk, desk.listing[one], language) for one in offers if one in desk.listing)
    if names:
        parts.append(Markup("← {}").format(language.list(names)))
    if row["request"]:
        parts.append(reference([row["request"]["listing_id"], *offers]))
    return Markup(" ").join(parts)
