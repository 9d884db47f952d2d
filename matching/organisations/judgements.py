"""What people decided about pairs of records: same, different or unsure. Data with a reason, never branches in code.

A judgement holds until its row is taken out of the file: undoing it restores what the engine alone would say.
Columns: record_id_left, record_id_right, verdict, judged_by (a role, not a person), judged_on, reason.
"""

from datetime import date

import numpy as np
import pandas as pd

from matching.arrays import Integers
from matching.organisations.clusters import components

COLUMNS = ("record_id_left", "record_id_right", "verdict", "judged_by", "judged_on", "reason")
VERDICTS = ("same", "different", "unsure")


class Contradiction(ValueError):
    """Two entries of a judgement file cannot both hold, or one cannot be read; the message names them."""


def read_judgements(judgements: pd.DataFrame | None, record_ids: pd.Series) -> pd.DataFrame:
    """Judgements on records of this table as row numbers. Grain: one row per judged pair, left < right.

    record_ids: of the table, in its order. Judgements on records that are not there are left out: they may come back.
    Raises Contradiction.
    """
    if judgements is None:
        judgements = pd.DataFrame(columns=list(COLUMNS))
    table = judgements.reindex(columns=list(COLUMNS)).astype("str").fillna("")
    rows = zip(table["record_id_left"], table["record_id_right"], table["verdict"], strict=True)
    for entry, (one, other, verdict) in enumerate(rows, start=1):
        if verdict not in VERDICTS:
            raise Contradiction(f"entry {entry}: verdict '{verdict}' is not one of {', '.join(VERDICTS)}")
        if one == other:
            raise Contradiction(f"entry {entry}: a record is compared with itself: {one}")
    for entry, day in enumerate(table["judged_on"], start=1):
        if day and not _is_day(day):
            raise Contradiction(f"entry {entry}: judged_on '{day}' is no day such as 2020-04-27")
    position = pd.Index(record_ids)
    left, right = (position.get_indexer(table[column]) for column in ("record_id_left", "record_id_right"))
    table = table.assign(
        entry=np.arange(1, len(table) + 1), left=np.minimum(left, right), right=np.maximum(left, right)
    )
    known: pd.DataFrame = table[(left >= 0) & (right >= 0)].reset_index(drop=True)
    _refuse_contradictions(known, len(record_ids))
    # An "unsure" beside a decision adds nothing.
    known = known.sort_values(["left", "right", "verdict"], kind="stable")
    return known.drop_duplicates(["left", "right"], ignore_index=True)


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _refuse_contradictions(table: pd.DataFrame, count: int) -> None:
    """What is the same as the same is the same; nothing of it may be judged different."""
    for _, group in table[table["verdict"] != "unsure"].groupby(["left", "right"]):
        if group["verdict"].nunique() > 1:
            raise Contradiction(f"two judgements contradict each other: {_name(group.iloc[0])}; {_name(group.iloc[1])}")
    same = table[table["verdict"] == "same"]
    group_of = same_groups(same, count)
    for _, row in table[table["verdict"] == "different"].iterrows():
        if group_of[row["left"]] == group_of[row["right"]]:
            chain = same[group_of[same["left"].to_numpy()] == group_of[row["left"]]]
            named = "; ".join(_name(link) for _, link in chain.iterrows())
            raise Contradiction(f"a judgement contradicts a chain of others: {_name(row)}; {named}")


def same_groups(same: pd.DataFrame, count: int) -> Integers:
    """[count] which records these entries, all of them "same", put together, be it through others."""
    return components(count, same["left"].to_numpy(np.int64), same["right"].to_numpy(np.int64), np.ones(len(same)))


def _name(row: pd.Series) -> str:
    what = f"{row['record_id_left']} and {row['record_id_right']} are {row['verdict']}"
    said = ", ".join(filter(None, (what, row["judged_by"], row["judged_on"])))
    return f"entry {row['entry']} ({said})"
