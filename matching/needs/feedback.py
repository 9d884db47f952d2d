"""What people made of earlier matches, and how far that moves the weights of the soft score and single scores.

Two sources: verdicts on matches move the weights for all, what came of cases moves the scores of those concerned. A
table that data staff keep, one row per verdict on a pair:

| column | content |
| --- | --- |
| verdict | accepted or declined |
| reason | of a declined pair: the part of the score that was judged too kindly (`pairs.WEIGHTS`), or other |
| request_id, offer_id | the pair, where it is known; judged once |
| judged_on | ISO day; a week knows the verdicts up to its end |
| note | free text, not read |

A part that people name when they decline matters more than we thought: its weight grows by at most LARGEST_CHANGE of
itself before all are scaled back to a sum of one. Without verdicts and outcomes nothing changes.
"""

from collections.abc import Iterator, Mapping
from datetime import date

import numpy as np
import pandas as pd
from pandera.typing import DataFrame

from matching.cases.experience import Experience, Moves, Record
from matching.needs.pairs import WEIGHTS
from matching.ranks import SCORE_DIGITS
from matching.schema import Match

COLUMNS = ("verdict", "reason")
OPTIONAL_COLUMNS = ("request_id", "offer_id", "judged_on", "note")
VERDICTS = ("accepted", "declined")
REASONS = (*WEIGHTS, "other")
LARGEST_CHANGE = 0.5
INERTIA = 20  # so many verdicts change half of what is possible
# Of outcomes; judgements of ours, too few outcomes being known early to fit them (`benchmarks/results/outcomes.md`).
LARGEST_SHIFT = 0.25  # of a score by its supplier's record
FEW = 2  # so many deliveries, or calls without answer, bring half of that
UNANSWERED_THAT_COUNT = 2  # "did not answer twice"
DELIVERED_PAIR = 1.1  # a pair that delivered before


class FeedbackError(ValueError):
    """The table cannot be used; the message names every line and what is wrong with it."""


def read_feedback(table: pd.DataFrame, until: date | None = None) -> pd.DataFrame:
    """Verdicts as `weights_after` takes them, those after a day left out; raises FeedbackError.

    table: every cell text or missing. Lines are counted as in a file whose first line names the columns.
    """
    missing = [column for column in COLUMNS if column not in table]
    if missing:
        raise FeedbackError(f"missing column {', '.join(missing)}; found {', '.join(table.columns) or 'none'}")
    filled = table.reindex(columns=[*COLUMNS, *OPTIONAL_COLUMNS]).astype("object")
    filled = filled.where(filled.notna(), "").map(lambda cell: str(cell).strip())
    findings = list(_findings(filled))
    if findings:
        raise FeedbackError("; ".join(findings))
    is_known = [not day or until is None or date.fromisoformat(day) <= until for day in filled["judged_on"]]
    return filled.loc[is_known, list(COLUMNS)].reset_index(drop=True)


def _findings(table: pd.DataFrame) -> Iterator[str]:
    judged: dict[tuple[str, str], int] = {}
    for line, row in enumerate(table.to_dict("records"), start=2):
        verdict, reason, pair = row["verdict"], row["reason"], (row["request_id"], row["offer_id"])
        if verdict not in VERDICTS:
            yield f"line {line}: verdict {verdict!r} is none of {', '.join(VERDICTS)}"
        elif verdict == "declined" and reason not in REASONS:
            yield f"line {line}: reason {reason!r} of a declined pair is none of {', '.join(REASONS)}"
        elif verdict == "accepted" and reason:
            yield f"line {line}: an accepted pair has no reason, found {reason!r}"
        if not _is_day(row["judged_on"]):
            yield f"line {line}: judged_on {row['judged_on']!r} is no day like 2020-04-26"
        if all(pair):
            first = judged.setdefault(pair, line)
            if first != line:
                yield f"line {line}: the pair {pair[0]}, {pair[1]} was judged on line {first}"


def _is_day(text: str) -> bool:
    try:
        return not text or bool(date.fromisoformat(text))
    except ValueError:
        return False


def weights_after(feedback: pd.DataFrame | None) -> Mapping[str, float]:
    """Weights of the soft score after people's verdicts (see `read_feedback`); they add up to one."""
    if feedback is None or feedback.empty:
        return WEIGHTS
    blamed = feedback.loc[feedback["verdict"].eq("declined"), "reason"].value_counts()
    grown = {
        part: weight * (1 + LARGEST_CHANGE * float(blamed.get(part, 0)) / (len(feedback) + INERTIA))
        for part, weight in WEIGHTS.items()
    }
    return {part: weight / sum(grown.values()) for part, weight in grown.items()}


def weights_of_suppliers(suppliers: Mapping[str, Record]) -> Mapping[str, float]:
    """What a supplier's record (see `matching.cases.experience`) does to the scores of its offers.

    1 + LARGEST_SHIFT · n / (|n| + FEW), where n is how often it delivered less how often it did not answer, which
    counts from the second time on: once happens to everybody. So a score moves by less than LARGEST_SHIFT of itself.
    """
    net = {
        name: delivered - (unanswered if unanswered >= UNANSWERED_THAT_COUNT else 0)
        for name, (delivered, unanswered) in suppliers.items()
    }
    return {name: 1 + LARGEST_SHIFT * count / (abs(count) + FEW) for name, count in net.items()}


def moves_after(known: Experience, listings: pd.DataFrame) -> Moves:
    """What experience does to scores. listings: columns listing_id, fingerprint."""
    prints = dict(zip(listings["listing_id"], listings["fingerprint"], strict=True))
    return Moves(
        weights_of_suppliers(known.suppliers),
        dict.fromkeys(sorted(known.delivered), DELIVERED_PAIR),
        frozenset(
            (request, offer)
            for request, offer, *said in known.away
            if said == [str(prints.get(request)), str(prints.get(offer))]
        ),
    )


def after_outcomes(
    matches: DataFrame[Match], known: Experience, members: pd.DataFrame, listings: pd.DataFrame
) -> DataFrame[Match]:
    """The matches with what came of earlier ones: suppliers sink or rise, delivered pairs rise, pairs turned down go.

    members: columns record_id, organisation_id. listings: listing_id, fingerprint. Ranks are given anew.
    """
    if matches.empty or not (known.suppliers or known.delivered or known.away):
        return matches
    moves = moves_after(known, listings)
    owner = dict(zip(members["record_id"], members["organisation_id"], strict=True))
    pairs = list(zip(matches["request_id"], matches["offer_id"], strict=True))
    is_away = [pair in moves.away for pair in pairs]
    moved = [moves.factor(owner.get(request, ""), owner.get(offer, "")) for request, offer in pairs]
    shifted = matches.assign(score=(matches["score"] * moved).clip(upper=1.0).round(SCORE_DIGITS))[~np.array(is_away)]
    is_blocked = shifted["blocked_by"].notna()
    order = shifted.assign(_blocked=is_blocked).sort_values(
        ["request_id", "concept_id", "_blocked", "score", "offer_id"], ascending=[True, True, True, False, True]
    )
    place = order.groupby(["request_id", "concept_id", "_blocked"], dropna=False).cumcount() + 1
    return DataFrame[Match](shifted.assign(rank=place))
