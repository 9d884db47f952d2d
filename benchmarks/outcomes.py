"""Outcomes of real matches: how many were delivered or closed and why, and whether they help to rank later ones.

    python -m benchmarks.outcomes ../shared/data/boards [--until 2020-08-01]

`getusppe_matches_2020.csv` (MIT © 2021 GetUsPPE) holds 2,767 matches that people made in 2020, with what came of each.
They are read as entries of a history by `matching.cases`, as answers of a task force are, and counted by the table of
the monitor.

Ranking: matches made from a day on are ranked by the soft score of `matching.needs.pairs` as far as the boards' data
state it (share of the quantity and age of the donor's offer; everything else counts as unknown), without and with the
outcomes known before: those of the firms and pairs, weighed by `matching.needs.feedback`. Two ways to know: once, on
the day of the split ("split"), or for each match what was known the day it was made ("day by day", as a running report
would). What is predicted is "delivered". AUC with intervals of 95 % from 2,000 resamplings of donors, since
a donor's matches share their fate; the seed is fixed.
"""

import argparse
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.stats import rankdata

from matching.arrays import Flags, Floats
from matching.cases.entries import COLUMNS, Entry, read_entries
from matching.cases.experience import Experience, experience, outcome_table
from matching.needs.feedback import DELIVERED_PAIR, weights_of_suppliers
from matching.needs.pairs import WEIGHTS, soft_score
from sources.week import Week

REASONS = {
    "no_supply": "no_supply",
    "no_contact_donor": "no_contact_provider",
    "no_contact_facility": "no_contact_seeker",
    "no_need": "no_need",
    "prefers_different": "prefers_other",
    "test_match": "test",
}
RESAMPLINGS = 2_000
SEED = 20200801


@dataclass(frozen=True)
class Matches:
    """The matches, one row each in the order of their making, and their outcomes as entries by time."""

    table: pd.DataFrame  # number, donor, facility, item, quantity, made_at, is_delivered, age_days, cover
    entries: tuple[Entry, ...]
    cases: pd.DataFrame  # the columns that `experience` reads

    def known(self, until: pd.Timestamp) -> Experience:
        """What could be learnt from the outcomes told before a moment."""
        return experience([entry for entry in self.entries if entry.said_at < until], self.cases)  # type: ignore[arg-type]


def read(folder: Path) -> Matches:
    """The matches of 2020 with the offers they came from."""
    raw = pd.read_csv(folder / "getusppe_matches_2020.csv", dtype=str, keep_default_na=False)
    made = _moments(raw["matchCreated"])
    raw = raw.assign(made_at=made, told_at=_moments(raw["closedOrDelivered"]))
    raw = raw.sort_values(["made_at", "matchkey"], ignore_index=True)
    numbers = [f"K-{str(Week.of(day.date())).replace('W', '')}-{place:04d}" for place, day in enumerate(raw["made_at"])]
    raw = raw.assign(number=numbers)
    is_delivered = raw["matchstatus"].eq("delivered")
    lines = pd.DataFrame(
        {
            "opportunity_id": raw["number"],
            "state": raw["matchstatus"],
            # Two delivered matches also bear the reason of a closed one; the outcome is what counts.
            "reason": raw["matchsubstatus"].map(REASONS).where(~is_delivered, "").fillna(""),
            "role": "data_staff",
            "way": "command",
            "said_at": raw["told_at"].dt.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "note": "",
            "source": "",
            "token": "",
        }
    )
    entries = read_entries(lines.sort_values(["said_at", "opportunity_id"])[list(COLUMNS)])
    return Matches(_with_offers(raw, folder).assign(is_delivered=is_delivered), entries, _cases(raw))


def _moments(written: pd.Series) -> pd.Series:
    """Moments written as 2020-12-24 00:00:00 UTC, with or without thousandths; NaT for what is none."""
    plain = written.str.removesuffix(" UTC").str.partition(".")[0]
    return pd.to_datetime(plain, utc=True, format="%Y-%m-%d %H:%M:%S", errors="coerce")


def _cases(raw: pd.DataFrame) -> pd.DataFrame:
    offers = [
        json.dumps([{"offer_id": f"{donor}:{item}", "fingerprint": "", "organisation_id": donor}])
        for donor, item in zip(raw["donorkey"], raw["enumcode"], strict=True)
    ]
    return pd.DataFrame(
        {
            "opportunity_id": raw["number"],
            "request_id": raw["facilitykey"],
            "request_fingerprint": "",
            "organisation_id": raw["facilitykey"],
            "offers": offers,
        }
    )


def _with_offers(raw: pd.DataFrame, folder: Path) -> pd.DataFrame:
    """Age and cover of the donor's newest offer of the item at the time of the match; NaN without one."""
    offers = pd.read_csv(folder / "getusppe_offers.csv", dtype=str, keep_default_na=False)
    offers = offers.assign(
        offered_at=_moments(offers["datecreated"]),
        offered=pd.to_numeric(offers["qty"], errors="coerce"),
    ).dropna(subset="offered_at")
    offers = offers.sort_values(["offered_at", "donationkey"])
    offers = offers.rename(columns={"donorKey": "donor", "equipmentEnum": "item"})
    table = raw.assign(quantity=pd.to_numeric(raw["qty"], errors="coerce"))
    found = pd.merge_asof(
        table.rename(columns={"donorkey": "donor", "enumcode": "item", "facilitykey": "facility"}),
        offers.rename(columns={"donorKey": "donor", "equipmentEnum": "item"})[
            ["donor", "item", "offered_at", "offered"]
        ],
        left_on="made_at",
        right_on="offered_at",
        by=["donor", "item"],
    )
    age = (found["made_at"] - found["offered_at"]).dt.days
    return found.assign(age_days=age, cover=(found["offered"] / found["quantity"]).clip(upper=1.0))


def base(table: pd.DataFrame) -> Floats:
    """The soft score as far as the data state its parts."""
    unknown = np.full(len(table), np.nan)
    known = {
        "km": unknown,
        "same_region": np.zeros(len(table)),
        "slack": unknown,
        "cover": table["cover"].to_numpy(dtype=float),
        "age": table["age_days"].to_numpy(dtype=float),
        "trust": np.full(len(table), 0.5),
        "same_language": unknown,
    }
    return soft_score(known, np.ones(len(table)), WEIGHTS)


def factors(table: pd.DataFrame, known: Iterable[Experience]) -> Floats:
    """What outcomes do to the score of each match, as `feedback.after_outcomes` does it."""
    weights: dict[int, Mapping[str, float]] = {}
    found = []
    for donor, facility, one in zip(table["donor"], table["facility"], known, strict=True):
        by_donor = weights.setdefault(id(one), weights_of_suppliers(one.suppliers))
        found.append(by_donor.get(donor, 1.0) * (DELIVERED_PAIR if (facility, donor) in one.delivered else 1.0))
    return np.array(found)


def auc(scores: Floats, is_right: Flags) -> float:
    """The probability that a delivered match stands before one that was not, ties half."""
    right = int(is_right.sum())
    wrong = len(is_right) - right
    return float((rankdata(scores)[is_right].sum() - right * (right + 1) / 2) / (right * wrong))


def intervals(scores: Sequence[Floats], is_right: Flags, donors: Sequence[str]) -> list[tuple[float, float, float]]:
    """AUC of each ranking and of the second less the first, with the interval of 95 % over resampled donors."""
    _, codes = np.unique(np.array(donors), return_inverse=True)
    rows = [np.flatnonzero(codes == code) for code in range(codes.max() + 1)]
    draw = np.random.default_rng(SEED)
    found = []
    for _ in range(RESAMPLINGS):
        chosen = np.concatenate([rows[place] for place in draw.integers(0, len(rows), len(rows))])
        if 0 < is_right[chosen].sum() < len(chosen):
            first, second = (auc(one[chosen], is_right[chosen]) for one in scores)
            found.append((first, second, second - first))
    low, high = np.percentile(np.array(found), [2.5, 97.5], axis=0)
    whole = [auc(one, is_right) for one in scores]
    return list(zip((*whole, whole[1] - whole[0]), low.tolist(), high.tolist(), strict=True))


def compared(matches: Matches, until: pd.Timestamp) -> pd.DataFrame:
    """The rows of the second table: for each way to know, both AUCs and the gain."""
    later = matches.table[matches.table["made_at"] >= until].reset_index(drop=True)
    scores, is_right = base(later), later["is_delivered"].to_numpy(dtype=bool)
    once = matches.known(until)
    by_day = {day: matches.known(day) for day in later["made_at"].dt.normalize().unique()}
    ways = {"split": [once] * len(later), "day by day": [by_day[day] for day in later["made_at"].dt.normalize()]}
    rows = []
    for way, known in ways.items():
        moved = factors(later, known)
        figures = intervals([scores, np.minimum(scores * moved, 1.0)], is_right, later["donor"].tolist())
        told = [f"{value:.3f} ({low:.3f} to {high:.3f})" for value, low, high in figures]
        rows.append((way, len(later), int(is_right.sum()), int((moved != 1).sum()), *told))
    columns = ["known", "matches", "delivered", "moved", "AUC base", "AUC with outcomes", "gain"]
    return pd.DataFrame(rows, columns=columns)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("boards", type=Path)
    parser.add_argument("--until", nargs="+", default=["2020-07-01", "2020-08-01", "2020-09-01"])
    arguments = parser.parse_args()
    matches = read(arguments.boards)
    for table in (outcome_table(matches.entries), *_comparisons(matches, arguments.until)):
        print("| " + " | ".join(table.columns) + " |\n|" + " --- |" * len(table.columns))
        for row in table.itertuples(index=False, name=None):
            print("| " + " | ".join(map(str, row)) + " |")
        print()


def _comparisons(matches: Matches, days: Sequence[str]) -> Iterable[pd.DataFrame]:
    for day in days:
        yield compared(matches, pd.Timestamp(day, tz="UTC")).assign(later_than=day)


if __name__ == "__main__":
    main()
