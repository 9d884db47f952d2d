"""What outcomes teach about partners: bounded, and forgotten when a listing says something else.

A case counts for or against a firm only if it was its one supplier: of several nobody knows who did not answer. How
far ranks move is `matching.needs.feedback`'s business.
"""

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

import pandas as pd
from pandera.typing import DataFrame

from matching.cases.entries import Entry
from matching.schema import Case

# The firm did not answer. That an offer is used up ("no_supply") says nothing of the firm: of 115 matches of 2020 whose
# donors had that record twice, 107 were delivered (`benchmarks/outcomes.py`).
UNREACHED = frozenset({"no_contact_provider"})
TURNED_DOWN = frozenset({"no_supply", "no_contact_provider", "prefers_other", "test"})  # the pair, not the need


class Record(NamedTuple):
    """How often a supplier delivered and how often it did not answer."""

    delivered: int
    unanswered: int


class Experience(NamedTuple):
    """What is known of suppliers and pairs.

    suppliers: by organisation. delivered: who asked and who supplied in cases that were delivered. away: pairs of
    listings that were turned down, with the fingerprints of both when they were: until one of them says otherwise.
    """

    suppliers: dict[str, Record]
    delivered: frozenset[tuple[str, str]]
    away: frozenset[tuple[str, str, str, str]]


@dataclass(frozen=True)
class Moves:
    """What experience does to the scores of pairs, of whole products and of roles alike (`needs.feedback.moves_after`).

    suppliers: factor by organisation. pairs: factor by who asks and who supplies. away: request and offer that were
    turned down and still say what they said then.
    """

    suppliers: Mapping[str, float] = field(default_factory=dict)
    pairs: Mapping[tuple[str, str], float] = field(default_factory=dict)
    away: frozenset[tuple[str, str]] = frozenset()

    def factor(self, asks: str, supplies: str) -> float:
        """What a score of two organisations is multiplied by."""
        return self.suppliers.get(supplies, 1.0) * self.pairs.get((asks, supplies), 1.0)


def experience(entries: Iterable[Entry], before: DataFrame[Case] | None) -> Experience:
    """What the last entry of each case says of its partners.

    before: the cases of the newest stored week before, with the partners that its issue named.
    """
    partners = {} if before is None else before.set_index("opportunity_id")[_COLUMNS].to_dict("index")
    delivered: Counter[str] = Counter()
    unanswered: Counter[str] = Counter()
    pairs: set[tuple[str, str]] = set()
    away: set[tuple[str, str, str, str]] = set()
    for number, entry in {entry.opportunity_id: entry for entry in entries}.items():
        case = partners.get(number)
        if case is None or not isinstance(case["offers"], str):
            continue
        offers = json.loads(case["offers"])
        if entry.state == "delivered":
            delivered.update({offer["organisation_id"] for offer in offers})
            pairs.update((str(case["organisation_id"]), offer["organisation_id"]) for offer in offers)
        elif len({offer["organisation_id"] for offer in offers}) == 1:
            unanswered.update({offers[0]["organisation_id"]} if entry.reason in UNREACHED else ())
            if entry.reason in TURNED_DOWN:
                away.update(
                    (case["request_id"], offer["offer_id"], str(case["request_fingerprint"]), str(offer["fingerprint"]))
                    for offer in offers
                )
    records = {name: Record(delivered[name], unanswered[name]) for name in sorted(delivered.keys() | unanswered.keys())}
    return Experience(records, frozenset(pairs), frozenset(away))


_COLUMNS = ["request_id", "request_fingerprint", "organisation_id", "offers"]


def outcome_table(entries: Iterable[Entry]) -> pd.DataFrame:
    """How many cases ended how: columns state, reason, cases; by the last entry of each, most first."""
    last = {entry.opportunity_id: (entry.state, entry.reason) for entry in entries}
    found = sorted(Counter(last.values()).items(), key=lambda item: (-item[1], item[0]))
    return pd.DataFrame([(*key, count) for key, count in found], columns=["state", "reason", "cases"])
