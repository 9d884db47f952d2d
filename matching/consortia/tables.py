"""Consortia written down: the rows of the tables, with the evidence that people read.

Nothing is decided here and nothing reads the evidence back. Its codes (facts):

    of a consortium
    role_filled         role, partners
    role_missing        role, norms
    role_unclear        role, norms, offers        listings of which nobody knows whether they can
    quantity_covered    share, quantity, unit      share of the quantity asked for that the weakest role allows
    filled_allow        share, quantity, unit      what the filled roles allow where another one is not filled
    bottleneck          role, quantity, unit       the role that allows least
    lead_time           days                       to the first lot, where the recipe or a partner's start says so
    spread              regions, countries, km     of partners and demand; km: the longest way
    certificates        none, claimed, shown, checked   how many promises rest on which state
    if_leaves           organisation_id, role, share, alternates   the partner whose leaving costs most: what remains
    alternative         rank, recipe, organisations, share         another way, from what is still free
    information         listing_id                 funding, law or an event that concerns the product or a role
    other_request       listing_id                 another open request of the need: other amount or day
    also_named          concepts                   what else the request names, which the chain does not serve
    composed_by         state, gap                 optimal, rounded (gap to the bound), greedy (see `optimiser`) or kept

    of a role
    fit                 (score)
    distance            km
    takes_share         share                      of the partner's stated capacity
    quantity_open                                  the request states no quantity, so nothing of it is taken
    if_leaves           share, alternates          of the consortium's reach that remains without this partner
    role_missing        role, norms

    of an unmet need, for its nearest way
    role_missing        role, norms
    role_unclear        role, norms, offers
"""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import pandas as pd
from pandera.typing import DataFrame

from matching.arrays import Floats
from matching.consortia import robustness
from matching.consortia.candidates import LATEST_DAYS, Candidate
from matching.consortia.chains import Chain, Need, Slot, possible_certainty
from matching.consortia.plans import Plan, Promise
from matching.consortia.supply import Supply
from matching.schema import Consortium, ConsortiumRole, UnmetNeed, empty, evidence
from matching.taxonomy.concepts import Taxonomy
from matching.taxonomy.finding import find
from sources.listing import CERTIFICATES, Listing

ALTERNATES = 2  # named per role
INFORMATION_ITEMS = 3  # attached per consortium, the newest


class Ledger(NamedTuple):
    """The plans of a week and what they leave of every account."""

    needs: Sequence[Need]
    plans: Sequence[Plan]
    supply: Supply
    left: Floats


def consortium_table(week: Ledger, listings: DataFrame[Listing], taxonomy: Taxonomy) -> DataFrame[Consortium]:
    """One row per plan, sorted by id. listings: those among which information is looked for."""
    information = _Information(listings, taxonomy)
    rows = [_consortium_row(week.needs[found.need], found, week, information) for found in week.plans]
    return DataFrame[Consortium](_frame(Consortium, rows, ["consortium_id"]))


def role_table(week: Ledger) -> DataFrame[ConsortiumRole]:
    """Who fills which role, by consortium and place in the chain."""
    rows = [row for found in week.plans for row in _role_rows(week.needs[found.need], found, week)]
    order = ["consortium_id", "position", "state", "listing_id"]
    return DataFrame[ConsortiumRole](_frame(ConsortiumRole, rows, order))


def unmet_table(week: Ledger, matches: pd.DataFrame, taxonomy: Taxonomy) -> DataFrame[UnmetNeed]:
    """Needs without a consortium, each with all that it names, with the nearest near-miss and what blocks it.

    Of a need with a consortium this holds what else it names, which neither the consortium serves nor anybody offers.
    """
    served = {found.need: found.chain for found in week.plans}
    is_blocked = matches["blocked_by"].notna()
    near_misses, free = _best(matches[is_blocked]), _best(matches[~is_blocked])
    waits = dict(zip(week.supply.listing_id, week.supply.wait_days.tolist(), strict=True))
    rows = []
    for need, concept_id, request_id in _unserved(week.needs, served, taxonomy):
        ways = [way for way in (*need.chains, *need.refused) if way.concept_id == concept_id]
        key = request_id, concept_id
        match = free.get(key)
        is_late = match is not None and waits.get(match[0], 0.0) > LATEST_DAYS[need.urgency]
        offer_id, blocked_by = _nearest(ways, near_misses.get(key), match, week.supply, is_late=is_late)
        rows.append(
            {
                "request_id": request_id,
                "concept_id": concept_id,
                "organisation_id": need.organisation_id,
                "region": need.region,
                "country": need.country,
                "nearest_offer_id": offer_id,
                "blocked_by": blocked_by,
                "evidence": evidence(*_what_is_missing(ways)),
            }
        )
    return DataFrame[UnmetNeed](_frame(UnmetNeed, rows, ["request_id", "concept_id"]))


def _unserved(
    needs: Sequence[Need], served: Mapping[int, Chain], taxonomy: Taxonomy
) -> Iterator[tuple[Need, str, str]]:
    """Needs, the concepts of them that are not met, and the requests that name these. served: chains by need."""
    for number, need in enumerate(needs):
        ways = {way.concept_id for way in need.chains if any(slot.candidates for slot in way.slots)}
        for concept_id, request_id in ((need.concept_id, need.request_id), *need.also):
            chain = served.get(number)
            if chain is None or (concept_id not in ways and not _serves(chain, need, concept_id, taxonomy)):
                yield need, concept_id, request_id


def _serves(chain: Chain, need: Need, concept_id: str, taxonomy: Taxonomy) -> bool:
    """Whether a chain serves what a request names: another name of it, a step of it, or what it stands in for."""
    served = chain.concept_id
    names = {served, *taxonomy.ancestors(served)}
    for here, there in zip(need.sides, need.sides[::-1], strict=True):
        names |= there if served in here else set()
    steps = {role.role_id for slot in chain.slots for role in slot.roles}
    return concept_id in names | steps or served in taxonomy.concepts[concept_id].accepts


def _best(matches: pd.DataFrame) -> Mapping[tuple[str, str], tuple[str, str]]:
    """The first match of each request and concept: the offer, and what blocks it."""
    best = matches.sort_values(["rank", "offer_id"]).drop_duplicates(["request_id", "concept_id"])
    columns = ["request_id", "concept_id", "offer_id", "blocked_by"]
    return {
        (request_id, concept_id): (offer_id, blocked_by)
        for request_id, concept_id, offer_id, blocked_by in best[columns].itertuples(index=False, name=None)
    }


def _nearest(
    ways: Sequence[Chain],
    near_miss: tuple[str, str] | None,
    match: tuple[str, str] | None,
    supply: Supply,
    *,
    is_late: bool,
) -> tuple[str | None, str | None]:
    """The offer that comes nearest to what is not met, and what stands in the way.

    near_miss: the best match that a constraint rules out. match: the best that none does; where there is one, an offer
    that may be asked is nearer. is_late: whether the match begins later than a need of this urgency waits for.
    """
    ready = next((way.slots[0] for way in ways if _is_ready(way)), None)
    named = [supply.listing_id[one.offer] for one in (*ready.candidates, *ready.unclear)] if ready else []
    if match is not None and is_late and match[0] not in named:
        return match[0], "begins_late"
    if near_miss is not None and not (match is not None and ready is not None):
        return near_miss
    if ready is not None:
        return named[0], "capacity" if ready.candidates else "to_clarify"
    return None, "missing_role" if ways else None


def _is_ready(way: Chain) -> bool:
    return len(way.slots) == 1 and way.slots[0].roles[0].role_id == way.concept_id


def _what_is_missing(ways: Sequence[Chain]) -> Iterator[dict[str, Any]]:
    """The roles that nobody is shown to fill, of the chain that is nearest to being proposed."""
    chains = [way for way in ways if not _is_ready(way)]
    if chains:
        for slot in max(chains, key=possible_certainty).slots:
            if not slot.candidates:
                yield _open_role(slot)


def _open_role(slot: Slot) -> dict[str, Any]:
    role = slot.roles[0]
    part: dict[str, Any] = {"score": None, "role": role.role_id, "norms": role.norms}
    if slot.unclear:
        return {"part": "role_unclear", "offers": len(slot.unclear)} | part
    return {"part": "role_missing"} | part


def _frame(model: Any, rows: Sequence[dict[str, Any]], order: list[str]) -> Any:
    if not rows:
        return empty(model)
    table = pd.DataFrame(rows)[list(model.to_schema().columns)]
    return model.validate(table.sort_values(order, ignore_index=True))


def _role_rows(need: Need, found: Plan, week: Ledger) -> Iterator[dict[str, Any]]:
    for place, slot in enumerate(found.chain.slots):
        promises = found.of_slot(place)
        covers = round(found.fraction, 6) if promises else 0.0  # what is planned beyond the weakest is given back
        common = {"consortium_id": need.consortium_id, "position": place + 1, "coverage": covers}
        if promises:
            spare = robustness.spare(need, found, place, week.supply, week.left)
            for promise in promises:
                yield common | _promised(found, promise, len(spare), week.supply)
            for candidate in spare[:ALTERNATES]:
                yield common | _alternate(candidate, week.supply)
        elif slot.unclear and not slot.candidates:
            for candidate in slot.unclear[:ALTERNATES]:
                told = {"state": "to_clarify", "quote": None, "evidence": evidence(_open_role(slot))}
                yield common | _partner(candidate, week.supply) | _NOTHING | told
        else:
            yield common | _missing(slot)


def _promised(found: Plan, promise: Promise, alternates: int, supply: Supply) -> dict[str, Any]:
    parts: list[dict[str, Any]] = [{"part": "fit", "score": promise.candidate.fit}]
    if not math.isnan(promise.candidate.distance_km):
        parts.append({"part": "distance", "score": None, "km": round(promise.candidate.distance_km)})
    is_open = math.isnan(promise.quantity) or math.isnan(promise.candidate.whole)
    share = 0.0 if is_open else promise.share
    told = {"part": "quantity_open"} if is_open else {"part": "takes_share", "share": round(share, 4)}
    parts.append(told | {"score": None})
    remains = robustness.without(found, promise.candidate, supply)
    parts.append({"part": "if_leaves", "score": None, "share": remains, "alternates": alternates})
    return _partner(promise.candidate, supply) | {
        "state": "filled",
        "quantity": math.nan if is_open else promise.quantity,
        "share": share,
        "evidence": evidence(*parts),
    }


def _alternate(candidate: Candidate, supply: Supply) -> dict[str, Any]:
    told = evidence({"part": "fit", "score": candidate.fit})
    return _partner(candidate, supply) | _NOTHING | {"state": "alternate", "evidence": told}


def _missing(slot: Slot) -> dict[str, Any]:
    role = slot.roles[0]
    told = evidence({"part": "role_missing", "score": None, "role": role.role_id, "norms": role.norms})
    named = {"role_id": role.role_id, "concept_id": role.role_id}
    return _NOBODY | _NOTHING | named | {"state": "missing", "evidence": told}


_NOTHING = {"quantity": math.nan, "share": math.nan}
_NOBODY = {
    "organisation_id": None,
    "listing_id": None,
    "platform": None,
    "distance_km": math.nan,
    "certificate": None,
    "quote": None,
    "certainty": math.nan,
}


def _partner(candidate: Candidate, supply: Supply) -> dict[str, Any]:
    return {
        "role_id": candidate.role.role_id,
        "concept_id": candidate.role.role_id,
        "organisation_id": supply.organisation_id[candidate.offer],
        "listing_id": supply.listing_id[candidate.offer],
        "platform": supply.platform[candidate.offer],
        "distance_km": candidate.distance_km,
        "certificate": supply.certificate[candidate.offer],
        "quote": candidate.quote or None,
        "certainty": candidate.certainty,
    }


def _consortium_row(need: Need, found: Plan, week: Ledger, information: "_Information") -> dict[str, Any]:
    slots, supply = found.chain.slots, week.supply
    filled = len({promise.slot for promise in found.promises})
    fits = [promise.candidate.fit for promise in found.promises]
    lead_time = _lead_time(found, supply)
    bottleneck = robustness.bottleneck(need, found, supply, week.left)
    return _asked(need) | {
        "concept_id": found.chain.concept_id,
        "recipe_id": found.chain.recipe_id,
        "roles": len(slots),
        "roles_filled": filled,
        "coverage": math.nan if math.isnan(need.quantity) and found.coverage else round(found.coverage, 6),
        "certainty": found.certainty,
        "is_multi_role": len(slots) > 1,
        "is_cross_platform": any(supply.platform[one.candidate.offer] != need.platform for one in found.promises),
        "quantity_covered": 0.0 if not found.coverage else found.quantity if found.is_measured else math.nan,
        "bottleneck_role": bottleneck,
        "lead_time_days": lead_time,
        "score": round(min(sum(fits) / len(fits), 1.0) * filled / len(slots), 6),
        "method": found.method,
        "gap": found.gap,
        "evidence": evidence(
            *_role_parts(found),
            *_quantity_parts(need, found, bottleneck),
            *([] if math.isnan(lead_time) else [{"part": "lead_time", "score": None, "days": round(lead_time)}]),
            _spread(need, found, supply),
            _certificates(found, supply),
            robustness.most_missed(need, found, supply, week.left),
            *robustness.alternatives(need, found, supply, week.left),
            *information.parts(found.chain.concept_id, found),
            *({"part": "other_request", "score": None, "listing_id": one} for one in need.others),
            *_also_named(need, found.chain, information.taxonomy),
            _composed_by(found),
        ),
    }


def _asked(need: Need) -> dict[str, Any]:
    return {
        "consortium_id": need.consortium_id,
        "request_id": need.request_id,
        "concept_id": need.concept_id,
        "organisation_id": need.organisation_id,
        "region": need.region,
        "country": need.country,
        "quantity": need.quantity,
        "unit": need.unit,
        "deadline_on": need.deadline_on,
        "urgency": need.urgency,
    }


def _also_named(need: Need, chain: Chain, taxonomy: Taxonomy) -> Iterable[dict[str, Any]]:
    named = (need.concept_id, *(one for one, _ in need.also))
    others = [one for one in named if not _serves(chain, need, one, taxonomy)]
    if others:
        yield {"part": "also_named", "score": None, "concepts": others}


def _role_parts(found: Plan) -> Iterable[dict[str, Any]]:
    for place in range(len(found.chain.slots)):
        promises = found.of_slot(place)
        if promises:
            yield {"part": "role_filled", "score": None, "role": found.role_of(place), "partners": len(promises)}
        else:
            yield _open_role(found.chain.slots[place])


def _quantity_parts(need: Need, found: Plan, bottleneck: str | None) -> Iterable[dict[str, Any]]:
    if math.isnan(found.quantity) or not found.is_measured:
        return
    amount = {"score": None, "quantity": round(found.quantity, 2), "unit": need.unit}
    if found.coverage:
        yield {"part": "quantity_covered", "share": round(found.fraction, 4)} | amount
    else:
        yield {"part": "quantity_covered", "share": 0.0} | amount | {"quantity": 0.0}
        yield {"part": "filled_allow", "share": round(found.fraction, 4)} | amount
    if bottleneck is not None:
        yield {"part": "bottleneck", "role": bottleneck} | amount


def _lead_time(found: Plan, supply: Supply) -> float:
    """Days to the first lot: the roles one after another, each from when its first partner can start.

    A missing role counts with its recipe's time; NaN if neither recipe nor partners say anything.
    """
    days = 0.0
    for place, slot in enumerate(found.chain.slots):
        promises = found.of_slot(place)
        wait = min((float(supply.wait_days[one.candidate.offer]) for one in promises), default=0.0)
        role = promises[0].candidate.role if promises else slot.roles[0]
        days = max(days, wait) + role.lead_time_days
    return days if days > 0 else math.nan


def _spread(need: Need, found: Plan, supply: Supply) -> dict[str, Any]:
    offers = [promise.candidate.offer for promise in found.promises]
    ways = [one.candidate.distance_km for one in found.promises if not math.isnan(one.candidate.distance_km)]
    regions = {(need.country, need.region), *((supply.country[offer], supply.region[offer]) for offer in offers)}
    countries = {need.country, *(supply.country[offer] for offer in offers)}
    return {
        "part": "spread",
        "score": None,
        "regions": sum(region is not None for _, region in regions),
        "countries": len(countries - {None}),
        "km": round(max(ways)) if ways else None,
    }


def _composed_by(found: Plan) -> dict[str, Any]:
    part = {"part": "composed_by", "score": None, "state": found.method}
    return part if found.method != "rounded" else part | {"gap": found.gap}


def _certificates(found: Plan, supply: Supply) -> dict[str, Any]:
    stated = [supply.certificate[promise.candidate.offer] for promise in found.promises]
    return {"part": "certificates", "score": None} | {state: stated.count(state) for state in CERTIFICATES}


class _Information:
    """Information items by the concepts that their texts name."""

    def __init__(self, listings: pd.DataFrame, taxonomy: Taxonomy) -> None:
        items = listings[(listings["kind"] == "information") & (listings["status"] == "open")]
        items = items.sort_values(["posted_at", "listing_id"], ascending=[False, True])
        self.taxonomy = taxonomy
        self._by_concept: dict[str, list[tuple[int, str]]] = {}
        texts = items[["listing_id", "title", "category"]].itertuples(index=False, name=None)
        for age, (listing_id, *words) in enumerate(texts):
            for concept_id in find(taxonomy, " ".join(word for word in words if isinstance(word, str))):
                self._by_concept.setdefault(concept_id, []).append((age, listing_id))

    def parts(self, concept_id: str, found: Plan) -> Iterable[dict[str, Any]]:
        """The newest items about the product, its wider concepts or a role of the chain."""
        if not self._by_concept:
            return
        about = {concept_id, *self.taxonomy.ancestors(concept_id)}
        about |= {role.role_id for slot in found.chain.slots for role in slot.roles}
        items = {item for concept in about for item in self._by_concept.get(concept, ())}
        for _, listing_id in sorted(items)[:INFORMATION_ITEMS]:
            yield {"part": "information", "score": None, "listing_id": listing_id}
