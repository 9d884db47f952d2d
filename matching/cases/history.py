"""How each case stands at the end of a week, from what issues told and what people answered."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations
from typing import Any, NamedTuple

import pandas as pd
from pandera.typing import DataFrame

from matching.cases.entries import Entry
from matching.cases.states import OF_THE_REQUEST, REOPENED_BY, cause
from matching.schema import Case, ConsortiumRole, empty
from sources.listing import Listing
from sources.week import Week, local_day


class Closing(NamedTuple):
    """The last entry of a case, if it closes it."""

    cause: str
    week: Week


def closings(entries: Iterable[Entry]) -> dict[str, Closing]:
    """Cases by number whose last entry closes them: the later entry wins."""
    last = {entry.opportunity_id: entry for entry in entries}
    found = {number: (cause(entry.state, entry.reason), entry.week) for number, entry in last.items()}
    return {number: Closing(why, week) for number, (why, week) in found.items() if why is not None}


def rests(told: Mapping[str, Any], now: Mapping[str, Any] | None, closing: Closing) -> bool:
    """Whether a case that a decision closed stays closed: nothing that matters changed since it was told.

    told: its last stored row, content unpacked, with its week; now: its content this week, None if there is none. A
    closing of the row's week or before was heard then already: it holds if it closed the row, else a change overtook
    it. A content that issues did not find worth telling is stored unchanged, so every difference counts.
    """
    is_heard = closing.week <= Week.parse(told["week"])
    if is_heard and (told["state"], told["closing_reason"]) != ("closed", closing.cause):
        return False
    return now is None or all(told["content"].get(part) == now.get(part) for part in REOPENED_BY[closing.cause])


def settled_requests(
    entries: Iterable[Entry], before: DataFrame[Case] | None, listings: DataFrame[Listing], week: Week
) -> frozenset[str]:
    """Requests for which nobody asks any more, so that no offer need be kept for them.

    Every case of theirs was closed by people, of this week or as told before, for a reason of theirs, and their listing
    says what it said then. before: the cases of the newest stored week before.
    """
    if before is None:
        return frozenset()
    closed, prints = closings(entries), _fingerprints(listings)
    is_settled: dict[str, bool] = defaultdict(lambda: True)
    for case in before.to_dict("records"):
        closing = closed.get(case["opportunity_id"])
        holds = closing is not None and (case["reason"] == closing.cause or closing.week == week)
        is_same = prints.get(case["request_id"]) == case["request_fingerprint"]
        no_need = closing is not None and REOPENED_BY[closing.cause] == OF_THE_REQUEST
        is_settled[case["request_id"]] &= holds and is_same and no_need
    return frozenset(request_id for request_id, settled in is_settled.items() if settled)


def disputes(entries: Sequence[Entry]) -> list[tuple[Entry, Entry]]:
    """Pairs of entries of one case and week in which different ways or roles said different things, in their order."""
    groups: dict[tuple[str, Week], list[Entry]] = defaultdict(list)
    for entry in entries:
        groups[entry.opportunity_id, entry.week].append(entry)
    return [
        (first, later)
        for group in groups.values()
        for first, later in combinations(group, 2)
        if (first.way, first.role) != (later.way, later.role)
        and (first.state, first.reason) != (later.state, later.reason)
    ]


def cases(
    told: pd.DataFrame,
    entries: Sequence[Entry],
    roles: DataFrame[ConsortiumRole],
    listings: DataFrame[Listing],
    owners: Mapping[str, str],
    before: DataFrame[Case] | None = None,
) -> DataFrame[Case]:
    """One row per opportunity ever told, by number.

    told: rows of Opportunity up to this week with a column ``week``. roles, listings: of this week. owners: listing ->
    its organisation. before: the cases of the newest stored week before, from which partners and askers of those that
    closed or are told no longer are taken.
    """
    by_case: dict[str, list[dict[Any, Any]]] = defaultdict(list)
    for row in told.sort_values(["week", "opportunity_id"]).to_dict("records"):
        by_case[row["opportunity_id"]].append(row)
    if not by_case:
        return DataFrame[Case](empty(Case))
    said = _by_case(entries)
    known = {} if before is None else before.set_index("opportunity_id")[list(_KEPT)].to_dict("index")
    offers, prints = _offers(roles, listings), _fingerprints(listings)
    rows = []
    for number, weeks in sorted(by_case.items(), key=lambda item: _place(item[0])):
        last = weeks[-1]
        request_id = json.loads(last["content"])["request"]
        now = (offers.get(last["consortium_id"]), prints.get(request_id), owners.get(request_id))
        now_or_kept = _now_or_kept(now, known.get(number, {}), is_closed=last["state"] == "closed")
        rows.append(
            {
                "opportunity_id": number,
                "consortium_id": last["consortium_id"],
                **_standing(weeks, said[number]),
                "request_id": request_id,
                "concept_id": last["title_concept_id"],
                **now_or_kept,
            }
        )
    return DataFrame[Case](pd.DataFrame(rows)[list(Case.to_schema().columns)])


def _by_case(entries: Iterable[Entry]) -> Mapping[str, list[Entry]]:
    found: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        found[entry.opportunity_id].append(entry)
    return found


_KEPT = ("offers", "request_fingerprint", "organisation_id")  # what a week knows only while the case is told


def _now_or_kept(now: Sequence[Any], kept: Mapping[Any, Any], *, is_closed: bool) -> dict[str, Any]:
    """Partners and asker of a case as this week knows them, else as before; of a closed one as they were when it ran.

    Boards give the id of a listing that is gone to another one: a closed case must not take over who asks there.
    """
    found = {}
    for name, value in zip(_KEPT, now, strict=True):
        before = kept.get(name)
        first, second = (before, value) if is_closed else (value, before)
        found[name] = second if pd.isna(first) else first
    return found


def _place(number: str) -> tuple[int, ...]:
    return tuple(int(part) for part in number.split("-")[1:])


def _standing(weeks: Sequence[Mapping[str, Any]], said: Sequence[Entry]) -> dict[str, Any]:
    """State, answer and time of one case from its rows by week and its entries by time."""
    last = weeks[-1]
    is_closed = last["state"] == "closed"
    opened = next((row["week"] for row in reversed(weeks) if row["state"] == "reopened"), last["first_reported_in"])
    # An answer of the very week that opened the case again was to what the issue before it told.
    holding = [entry for entry in said if entry.week > Week.parse(opened)]
    entry = (said if is_closed else holding)[-1:]
    closed_by = last["closing_reason"] if is_closed else None
    is_answered = bool(entry) and entry[0].state != "reopened" and (is_closed or not _was_overtaken(entry[0]))
    newest = [one for one in said if one.week == said[-1].week] if said else []
    return {
        "state": "closed" if is_closed else "answered" if is_answered else "waiting",
        "waiting_since": None if is_closed else opened,
        "answer": entry[0].state if is_answered else None,
        "reason": closed_by,
        "answered_on": local_day(entry[0].said_at).isoformat() if is_answered else None,
        "role": entry[0].role if is_answered else None,
        "way": entry[0].way if is_answered else None,
        "note": (entry[0].note or None) if is_answered else None,
        "is_disputed": bool(disputes(newest)),
    }


def _was_overtaken(entry: Entry) -> bool:
    """Whether the entry of a case that is told as open would have closed it: something changed in its very week."""
    return cause(entry.state, entry.reason) is not None


def _offers(roles: pd.DataFrame, listings: pd.DataFrame) -> dict[str, str]:
    """Consortium -> its partners' offers as JSON, sorted."""
    prints = _fingerprints(listings)
    filled = roles[(roles["state"] == "filled") & roles["listing_id"].notna()]
    found: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for key, offer_id, organisation_id in filled[["consortium_id", "listing_id", "organisation_id"]].to_numpy():
        found[key].add((offer_id, organisation_id))
    return {
        key: json.dumps(
            [
                {"offer_id": offer, "fingerprint": prints.get(offer), "organisation_id": organisation}
                for offer, organisation in sorted(partners)
            ],
            separators=(",", ":"),
        )
        for key, partners in found.items()
    }


def _fingerprints(listings: pd.DataFrame) -> dict[str, str]:
    return dict(zip(listings["listing_id"], listings["fingerprint"], strict=True))
