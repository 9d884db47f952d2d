"""What must be filled and by whom it could be: the week's needs, their chains of roles, candidates for each role.

Nothing is decided here; `optimiser` and `greedy` choose among the candidates.
"""

import math
import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from matching.consortia.board import Board
from matching.consortia.candidates import KNOWN, UNCLEAR, Candidate, Ranked, RoleCandidates
from matching.consortia.certainty import certainty
from matching.consortia.options import Options
from matching.consortia.supply import Supply, text, wanted
from matching.consortia.weights import COVER, OUTSIDE, SECOND_CHOICE
from matching.curves import OPEN_STATUSES
from matching.ranks import SCORE_DIGITS
from matching.repeats import main_concepts
from matching.taxonomy.concepts import Taxonomy
from matching.taxonomy.evidence import OPEN
from matching.taxonomy.finding import find
from matching.taxonomy.recipes import CONDITIONS, Recipe, Role
from sources.week import local_day, local_days

IDEA = "idea"  # recipe of consortia that come from the roles an idea seeks
_DASH = re.compile(r"\s[–—]\s")


@dataclass(frozen=True)
class Slot:
    """One place in a chain: a role, or roles that can stand for each other, with candidates, the best first."""

    roles: tuple[Role, ...]
    candidates: tuple[Candidate, ...]
    unclear: tuple[Candidate, ...] = ()  # whose words leave open whether they can; nothing is counted on them


@dataclass(frozen=True)
class Chain:
    """One way to serve a need; the ready product is a chain of one slot."""

    recipe_id: str
    slots: tuple[Slot, ...]
    concept_id: str  # what it serves; of the concepts of a need that names several


@dataclass(frozen=True)
class Need:
    """One case: what an organisation asks for, said once or often, with the ways to serve it.

    A request that names several products equally is served with one of them: what it names is one call, and its
    quantity is there once. Chains are in the order of the concepts, the shortest chain of each first.
    """

    consortium_id: str
    request_id: str
    concept_id: str  # the main one
    organisation_id: str
    platform: str
    region: str | None
    country: str | None
    quantity: float  # NaN if not stated
    unit: str | None
    urgency: str
    deadline_on: str | None
    chains: tuple[Chain, ...]
    others: tuple[str, ...] = ()  # open requests for another amount or until another day than the one that speaks
    also: tuple[tuple[str, str], ...] = ()  # what else the case names, each with the request that says so
    sides: tuple[frozenset[str], ...] = ()  # what its title names on each side of a dash: one thing twice
    refused: tuple[Chain, ...] = ()  # ways that are too uncertain to be proposed
    is_outside: bool = False  # of `Board.home`

    @property
    def importance(self) -> float:
        """What covering all of it is worth, see `weights`."""
        return COVER[self.urgency] * (OUTSIDE if self.is_outside else 1.0)


def read_needs(
    board: Board, taxonomy: Taxonomy, recipes: Iterable[Recipe], supply: Supply, options: Options
) -> tuple[Need, ...]:
    """The week's needs: one per main concept, demanding organisation and region; the newest request speaks.

    The id of a need ends with the quarter in which it began. While its case lives (`Board.living`) the id stays, also
    when the request with which it began is gone and another one goes on. A request is one need, whatever else it names.
    An idea needs the roles that it seeks; one that seeks nobody is none.
    """
    listings = board.listings
    is_asking = listings["kind"].isin(("request", "idea")) & listings["status"].isin(OPEN_STATUSES)
    ways = _Ways(
        taxonomy,
        {recipe.concept_id: recipe for recipe in recipes},
        _ready_offers(board.matches, supply),
        RoleCandidates(board, supply, taxonomy, options),
        options.least_certainty,
    )
    rows = _cases(board.placed(listings[is_asking]), board, ways.is_asked_for)
    needs = [(row, _need(row, ways, board.home)) for row in rows]
    return tuple(need for row, need in needs if need.chains or need.refused or row["kind"] == "request")


@dataclass(frozen=True, eq=False)
class _Ways:
    """From what the chains of a need are made."""

    taxonomy: Taxonomy
    recipes: Mapping[str, Recipe]  # by product
    ready: Mapping[tuple[str, str], Sequence[Ranked]]  # of the product itself, by request and concept, the best first
    candidates: RoleCandidates
    least_certainty: float

    def recipe(self, concept_id: str) -> Recipe | None:
        """The recipe of a concept, else of the narrowest wider thing that has one; a service is no other service."""
        is_thing = self.taxonomy.shows(concept_id) == "thing"
        wider = self.taxonomy.ancestors(concept_id) if is_thing else ()
        found = map(self.recipes.get, (concept_id, *wider))
        return next((recipe for recipe in found if recipe is not None), None)

    def is_asked_for(self, row: Mapping[str, Any], concept_id: str) -> bool:
        """Whether a request asks for a concept that it names, see `matching.taxonomy.evidence`."""
        words = [row[name] for name in ("title", "text", "manufacturing_step") if isinstance(row[name], str)]
        return self.candidates.reader.is_asked_for(concept_id, words)

    def of_request(self, row: Mapping[str, Any], concept_id: str, unit: str | None) -> Iterator[Chain]:
        """One of its products ready made, if anybody offers it, then the chain of its recipe.

        None for what is named in passing.
        """
        if not self.is_asked_for(row, concept_id):
            return
        recipe = self.recipe(concept_id)
        stand_ins = sorted(self.taxonomy.concepts[concept_id].accepts)
        product = Role(concept_id, (concept_id, *stand_ins), amount=1.0, unit=unit or "piece", lead_time_days=0.0)
        ready = self.ready.get((row["listing_id"], concept_id), ())
        found = self.candidates.allowed(ready, product, row, is_ready=True)
        if found:
            yield Chain(concept_id, (_slot((product,), found, len(found), self.least_certainty),), concept_id)
        if recipe is not None:
            roles = [role for role in recipe.roles if is_needed(role, row)]
            yield Chain(recipe.recipe_id, self._slots(roles, row), concept_id)

    def of_idea(self, row: Mapping[str, Any]) -> Iterator[Chain]:
        """The chain of the roles that it seeks, if it seeks any."""
        if slots := self._slots(_roles_sought(row, self.taxonomy), row):
            yield Chain(IDEA, slots, row["concept_id"])

    def _slots(self, roles: Sequence[Role], request: Mapping[str, Any]) -> tuple[Slot, ...]:
        """Roles as slots; alternatives share the slot where the first of them stands."""
        groups: dict[str, list[Role]] = defaultdict(list)
        for role in roles:
            groups[role.one_of or f"role {role.role_id}"].append(role)
        slots = []
        for alternatives in groups.values():
            found = [one for role in alternatives for one in self.candidates.find(role, request)]
            found.sort(key=lambda one: (-one.fit, one.offer))
            slots.append(_slot(tuple(alternatives), found, KNOWN, self.least_certainty))
        return tuple(slots)


def _need(row: Mapping[str, Any], ways: _Ways, home: Collection[str]) -> Need:
    recipe = ways.recipe(row["concept_id"])
    unit = text(row["unit"])
    if unit is None and math.isnan(row["quantity"]):  # then promises count in the product's own unit
        unit = recipe.unit if recipe is not None else "piece"
    found = tuple(_ways_to(row, unit, ways))
    return Need(
        consortium_id=row["consortium_id"],
        request_id=row["listing_id"],
        concept_id=row["concept_id"],
        organisation_id=row["organisation_id"],
        platform=row["platform"],
        region=text(row["region"]),
        country=text(row["country"]),
        quantity=wanted(row["quantity"], row["period"], unit),
        unit=unit,
        urgency=row["urgency"],
        deadline_on=None if pd.isna(row["available_until"]) else local_day(row["available_until"]).isoformat(),
        chains=tuple(way for way in found if possible_certainty(way) >= ways.least_certainty),
        others=row["others"],
        also=row["also"],
        sides=_sides(row["title"], ways.taxonomy),
        refused=tuple(way for way in found if possible_certainty(way) < ways.least_certainty),
        is_outside=bool(home) and text(row["country"]) not in (*home, None),
    )


def _sides(title: str, taxonomy: Taxonomy) -> tuple[frozenset[str], ...]:
    """Concepts on each side of the dash of a title, "Ventilblöcke – Drehteile aus PEEK"; nothing without one dash."""
    texts = _DASH.split(title)
    if len(texts) != 2:
        return ()
    finds = (find(taxonomy, one, asks=True) for one in texts)
    return tuple(frozenset(concept_id for concept_id, one in found.items() if one.is_focus) for found in finds)


def _ways_to(row: Mapping[str, Any], unit: str | None, ways: _Ways) -> Iterator[Chain]:
    """Every chain for a need: those of what it names first before those of what it names as much."""
    if row["kind"] == "idea":
        yield from ways.of_idea(row)
        return
    main, *others = row["equals"]
    yield from ways.of_request(row, main, unit)
    yield from (_second(chain) for one in others for chain in ways.of_request(row, one, unit))


def _second(chain: Chain) -> Chain:
    """A chain for what a request names behind something else."""

    def behind(candidate: Candidate) -> Candidate:
        return replace(candidate, fit=round(SECOND_CHOICE * candidate.fit, SCORE_DIGITS))

    slots = (replace(slot, candidates=tuple(map(behind, slot.candidates))) for slot in chain.slots)
    return replace(chain, slots=tuple(slots))


def possible_certainty(chain: Chain) -> float:
    """The certainty of a chain whose roles are all filled by the most certain of those who could."""
    best = [max(one.certainty for one in slot.candidates) for slot in chain.slots if slot.candidates]
    return certainty(best, len(chain.slots))


def is_needed(role: Role, request: Mapping[str, Any]) -> bool:
    """Whether a role's conditions hold for a request; what the request leaves open does not ask for the role."""
    is_asked = role.only_if is None or _is_wanted(role.only_if, request)
    return is_asked and not (role.unless is not None and _is_wanted(role.unless, request))


def _is_wanted(condition: str, request: Mapping[str, Any]) -> bool:
    if condition in CONDITIONS:
        stated = request[f"is_{condition}"]
        return not pd.isna(stated) and bool(stated)
    norms = text(request["norms"]) or ""
    return condition in [norm.strip() for norm in norms.split(";")]


def _cases(
    requests: pd.DataFrame, board: Board, is_asked_for: Callable[[Mapping[str, Any], str], bool]
) -> list[dict[str, Any]]:
    """One row per need with the columns of the listing that speaks for it, sorted by consortium id.

    Added are concept_id, equals (the concepts that the listing names as much as this one, which is the first of them),
    others (see `_other_requests`) and also (see `_asked_too`). What is the main concept of another need of the same
    organisation and place is asked for there.
    """
    started = requests["posted_at"].fillna(pd.to_datetime(requests["first_seen_on"], utc=True))
    about = requests["listing_id"].map(main_concepts(requests, board.concepts))
    rows = requests.assign(started_at=started, concept_id=about)
    rows = rows[rows["concept_id"].notna()]
    where = ["organisation_id", "place"]
    same = ["concept_id", *where]
    rows = rows.assign(place=rows["region"].fillna(rows["country"]).fillna("-"))
    rows = rows.sort_values([*same, "started_at", "listing_id"])
    rows = rows.assign(consortium_id=_ids(rows, same, board.living))
    elsewhere = rows.groupby(where)["concept_id"].agg(frozenset).to_dict()
    listings = rows.groupby("consortium_id")["listing_id"].agg(list).to_dict()
    named = _named(board.concepts)
    columns = list(rows.columns)
    records = (dict(zip(columns, values, strict=True)) for values in rows.itertuples(index=False, name=None))
    said = {row["listing_id"]: row for row in records}
    speaking = rows.drop_duplicates("consortium_id", keep="last").sort_values("consortium_id")
    cases = []
    for row in map(said.__getitem__, speaking["listing_id"]):
        main, own = row["concept_id"], elsewhere[row["organisation_id"], row["place"]]
        scores = named[row["listing_id"]]
        equals = [one for one, score in scores.items() if score == scores[main] and one not in own]
        posted = [said[one] for one in listings[row["consortium_id"]]]
        also = (
            _asked_too(posted, named, own, is_asked_for) if row["kind"] == "request" else ()
        )  # an idea has one subject
        cases.append(row | {"equals": (main, *equals), "others": _other_requests(posted, row), "also": also})
    return cases


def _asked_too(
    listings: Sequence[Mapping[str, Any]],
    named: Mapping[str, Mapping[str, float]],
    elsewhere: Collection[str],
    is_asked_for: Callable[[Mapping[str, Any], str], bool],
) -> tuple[tuple[str, str], ...]:
    """What else the listings of a need ask for, each with the newest that does, by concept id."""
    found = {
        one: listing["listing_id"]
        for listing in listings
        for one in named[listing["listing_id"]]
        if one not in elsewhere and is_asked_for(listing, one)
    }
    return tuple(sorted(found.items()))


def _other_requests(listings: Sequence[Mapping[str, Any]], speaking: Mapping[str, Any]) -> tuple[str, ...]:
    """Ids of the listings of a need that state another amount or day than the one that speaks, each pair once.

    Whoever posts one need on two boards says the same twice; whoever says neither adds nothing.
    """
    told = {_amount_and_day(speaking)}
    found = []
    for listing in listings:
        stated = _amount_and_day(listing)
        if stated not in told and any(stated):
            told.add(stated)
            found.append(listing["listing_id"])
    return tuple(found)


def _amount_and_day(listing: Mapping[str, Any]) -> tuple[str | None, str | None]:
    amount, until = (listing[name] for name in ("quantity", "available_until"))
    stated = None if pd.isna(amount) else f"{amount} {listing['unit']} {listing['period']}"
    return stated, None if pd.isna(until) else local_day(until).isoformat()


def _ids(rows: pd.DataFrame, same: list[str], living: frozenset[str]) -> list[str]:
    """The consortium id of each request: concept, organisation, place and the quarter in which its need began.

    A living case keeps its id. One whose country alone was known goes on where its organisation asked first, as far as
    that is told by now.
    """
    began = local_days(rows.groupby(same)["started_at"].transform("min"))
    period = began.dt.year.astype("str") + "-Q" + began.dt.quarter.astype("str")
    whose = rows["concept_id"] + ":" + rows["organisation_id"] + ":"
    key, wider = whose + rows["place"].map(_slug), whose + rows["country"].fillna("-").map(_slug)
    told = {one.rpartition(":")[0]: one for one in sorted(living)}
    heirs: dict[str, str] = {other: other for other in set(key) & set(wider)}
    for _, one, other in sorted(zip(began, key, wider, strict=True)):
        heirs.setdefault(other, one)
    return [
        told.get(one) or (told.get(other) if heirs[other] == one else None) or f"{one}:{quarter}"
        for one, other, quarter in zip(key, wider, period, strict=True)
    ]


def _named(concepts: pd.DataFrame) -> dict[str, dict[str, float]]:
    """Listing -> its concepts, the best score first, then by alphabet."""
    named: dict[str, dict[str, float]] = defaultdict(dict)
    ordered = concepts.sort_values(["listing_id", "score", "concept_id"], ascending=[True, False, True])
    columns = ["listing_id", "concept_id", "score"]
    for listing_id, concept_id, score in ordered[columns].itertuples(index=False, name=None):
        named[listing_id].setdefault(concept_id, score)
    return named


def _roles_sought(idea: Mapping[str, Any], taxonomy: Taxonomy) -> list[Role]:
    """The roles that an idea names, in the order of its text; how much of each is for the partners to settle.

    A whole product group is no role: whoever seeks "approval" is not served by everybody who tests or sterilises.
    """
    found = find(taxonomy, text(idea["roles_sought"]) or "")
    return [
        Role(concept_id, (concept_id,), 1.0, taxonomy.concepts[concept_id].unit or "piece", lead_time_days=0.0)
        for concept_id in found
        if concept_id not in taxonomy.groups
    ]


def _slot(roles: tuple[Role, ...], found: Sequence[Candidate], most: int, least_certainty: float) -> Slot:
    """A slot with those who show that they can fill it, and apart from them those of whom it is not certain enough."""
    certain: list[Candidate] = []
    unclear: list[Candidate] = []
    for one in found:
        (certain if one.certainty > OPEN and one.certainty >= least_certainty else unclear).append(one)
    return Slot(roles, tuple(certain[:most]), tuple(unclear[:UNCLEAR]))


def _ready_offers(matches: pd.DataFrame, supply: Supply) -> dict[tuple[str, str], list[Ranked]]:
    """Request and concept -> row of the offer, score, distance; best first."""
    rows = {listing_id: row for row, listing_id in enumerate(supply.listing_id)}
    found: dict[tuple[str, str], list[Ranked]] = defaultdict(list)
    served = matches[matches["blocked_by"].isna()].sort_values(["request_id", "concept_id", "rank"])
    columns = ["request_id", "concept_id", "offer_id", "score", "distance_km"]
    for request_id, concept_id, offer_id, score, distance in served[columns].itertuples(index=False, name=None):
        if offer_id in rows:
            found[request_id, concept_id].append((rows[offer_id], score, distance))
    return found


def _slug(place: str) -> str:
    return "-".join("".join(letter if letter.isalnum() else " " for letter in place).split())
