"""What stands behind the figures: for every number of page 1 the list of opportunities or listings that it counts.

A listing's id begins with its platform, so each list ends at what a platform said. Long lists are cut, and the
rest is counted.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from reports.frames import Row
from reports.lagebild.issue import Desk
from reports.lagebild.links import Titles, with_links
from reports.lagebild.outcomes import outcomes
from reports.lagebild.summary import bottleneck, closed_in_remit, ending, list_id, upcoming
from reports.lagebild.words import product_name
from reports.language import Language
from reports.wording import ANSWERS, BLOCKED_BY, CLOSING_REASONS, OPPORTUNITY_STATES, region, word

MOST_ENTRIES = 3000  # of one figure; the rest is counted
_STATES = ("new", "reopened", "changed", "baseline", "unchanged", "closed")


@dataclass(frozen=True)
class Group:
    """A part of a list: what it has in common, and one entry for each thing counted."""

    group_id: str
    name: str
    count: int
    entries: Sequence[str | Markup]


@dataclass(frozen=True)
class Proof:
    """The list behind one figure, in groups; ``left_out`` entries are counted and not shown."""

    proof_id: str
    title: str
    groups: Sequence[Group]
    left_out: int


def proofs(desk: Desk, known: Titles, language: Language) -> list[Proof]:
    """The lists behind the key figures and the headlines."""
    return [
        _proof("offers", language.gettext("Angebote aktiv"), _by_region(desk, "offer", language)),
        _proof("requests", language.gettext("Gesuche aktiv"), _by_region(desk, "request", language)),
        _proof("cross-platform-matches", language.gettext("Treffer zwischen Plattformen"), _crossings(desk)),
        _proof("requests-unmet", language.gettext("Gesuche ohne möglichen Partner"), _unserved(desk, language)),
        _proof("needs-unmet", language.gettext("Bedarfe ohne möglichen Partner"), _needs(desk, language)),
        _proof("chancen", language.gettext("Vorgänge"), _opportunities(desk, known, language)),
        _proof("fristen", language.gettext("Fristen der nächsten sechs Wochen"), _deadlines(desk, known, language)),
        _proof("anrufe", language.gettext("Was aus den Anrufen wurde"), _outcomes(desk, known, language)),
    ]


def _proof(name: str, title: str, groups: Sequence[Group]) -> Proof:
    room, kept = MOST_ENTRIES, []
    for group in groups:
        kept.append(Group(group.group_id, group.name, group.count, group.entries[: max(0, room)]))
        room -= len(group.entries)
    return Proof(f"nachweis-{name}", title, kept, max(0, -room))


def place_name(place: tuple[str | None, str | None], language: Language) -> str:
    """A country and region as lists name them."""
    where = region(*place, language)
    if where and not place[1]:
        return language.gettext("%(country)s, ohne Angabe der Region", country=where)
    return where or language.gettext("ohne Angabe")


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
    ways: dict[tuple[str, str], list[str]] = {}
    for request, offer in desk.crossings:  # by request
        way = desk.listing[request]["platform"], desk.listing[offer]["platform"]
        ways.setdefault(way, []).append(f"{request} → {offer}")
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
    found: dict[str, list[str]] = {}
    for row in desk.unmet_needs:
        found.setdefault(row["concept_id"], []).append(_need(row, language))
    ordered = sorted(found.items(), key=lambda item: (-len(item[1]), item[0]))
    return [
        Group(f"liste-need-{concept}", product_name(desk, concept, language), len(ids), sorted(ids))
        for concept, ids in ordered
    ]


def _need(row: Row, language: Language) -> str:
    """The request, and what is in the way of the offer that comes nearest."""
    if not row["nearest_offer_id"]:
        return language.labelled(row["request_id"], language.gettext("kein ähnliches Angebot"))
    reason = word(BLOCKED_BY, row["blocked_by"] or "", language)
    return f"{row['request_id']} ← {row['nearest_offer_id']} ({reason})"


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
            Markup("{} ({})").format(with_links(number, known, language), word(ANSWERS, found.last[number], language))
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
            [Markup("{} ({})").format(with_links(number, known, language), told) for number, told in days.items()],
        ),
        Group("liste-versorgt", language.gettext("versorgte Bedarfe"), len(found.served), entries(found.served)),
    ]
    return [group for group in groups if group.entries]


def _entry(desk: Desk, row: Row, known: Titles, language: Language) -> Markup:
    """One opportunity: its number, why it closed, its request and offers by id; it may stand in several lists."""
    return desk.once(("entry", row["opportunity_id"], language.code), lambda: _made_entry(row, known, language))


def _made_entry(row: Row, known: Titles, language: Language) -> Markup:
    parts = [with_links(row["opportunity_id"], known, language)]
    if row["state"] == "closed":
        parts.append(Markup("({})").format(word(CLOSING_REASONS, row["closing_reason"] or "", language)))
    offers = [role["listing_id"] for role in row["roles"] if role["state"] == "filled" and role["listing_id"]]
    if row["request"]:
        parts.append(Markup(" ← ").join((row["request"]["listing_id"], ", ".join(dict.fromkeys(offers)) or "–")))
    return Markup(" ").join(parts)
