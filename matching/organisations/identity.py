"""Ids that last: an organisation keeps its id from run to run while its records come and go.

A cluster inherits the id of the old organisation with which it shares most records; of equal ones the id that sorts
first. A new id is drawn from the first record of the cluster and is never one that was used before. What did not
simply go on stands in the change log, from which old ids and old memberships can be replayed.
"""

import hashlib
import json
from collections.abc import Iterable, Set

import numpy as np
import pandas as pd

from matching.arrays import Integers

CHANGE_COLUMNS = ("change", "old_organisation_id", "organisation_id", "record_ids")


def remembered(past: pd.DataFrame) -> pd.DataFrame:
    """Of all rows of OrganisationMember of some weeks with their ``week``, oldest first, those that still count.

    These are all of the newest week, and one of each organisation, whose id must not come back.
    """
    if past.empty:
        return past
    is_newest = past["week"] == past["week"].max()
    kept: pd.DataFrame = past[is_newest | ~past.duplicated("organisation_id", keep="last")]
    return kept.reset_index(drop=True)


def new_id(record_id: str, taken: Set[str], kind: str = "O") -> str:
    """An id that follows from a record and is not taken; kind: its first letter."""
    attempt = 0
    while True:
        organisation_id = f"{kind}-" + hashlib.sha256(f"{record_id}\x00{attempt}".encode()).hexdigest()[:12]
        if organisation_id not in taken:
            return organisation_id
        attempt += 1


def organisation_ids(
    record_ids: pd.Series,
    cluster: Integers,
    previous: pd.DataFrame | None,
    retired: Iterable[str] = (),
    kind: str = "O",
) -> pd.Series:
    """[n] organisation id of each record; kind: the first letter of new ones.

    record_ids: ascending. cluster: number of the first record of each one's cluster. previous: record_id and
    organisation_id of the last run. retired: ids that ended before it and must not come back.
    """
    first = np.unique(cluster)
    kept: dict[int, str] = {}
    taken: set[str] = set(retired)
    if previous is not None and len(previous):
        kept = _inherited(record_ids, cluster, previous)
        taken |= set(previous["organisation_id"])
    ids = []
    for number, record_id in zip(first.tolist(), record_ids.iloc[first], strict=True):
        ids.append(kept.get(number) or new_id(str(record_id), taken, kind))
        taken.add(ids[-1])
    return pd.Series(np.array(ids, dtype=object)[np.searchsorted(first, cluster)], index=record_ids.index, dtype="str")


def level_ids(
    record_ids: pd.Series, cluster: Integers, previous: pd.DataFrame | None, column: str, kind: str
) -> pd.Series:
    """[n] ids of sites or groups, which last like those of organisations; column: where previous keeps them.

    A table from before there were any has none, and they begin anew.
    """
    known = None
    if previous is not None and column in previous:
        known = previous[["record_id", column]].dropna().rename(columns={column: "organisation_id"})
    return organisation_ids(record_ids, cluster, known, kind=kind)


def _inherited(record_ids: pd.Series, cluster: Integers, previous: pd.DataFrame) -> dict[int, str]:
    """Cluster -> the old id it goes on with: best overlaps first, each cluster and each id once."""
    old = pd.Series(previous["organisation_id"].to_numpy(), index=previous["record_id"].to_numpy())
    pairs = pd.DataFrame({"cluster": cluster, "old": old.reindex(record_ids).to_numpy()}).dropna()
    shared = pairs.value_counts().rename("records").reset_index()
    shared = shared.sort_values(["records", "old", "cluster"], ascending=[False, True, True])
    kept: dict[int, str] = {}
    given: set[str] = set()
    for number, organisation_id in zip(shared["cluster"].tolist(), shared["old"].tolist(), strict=True):
        if number not in kept and organisation_id not in given:
            kept[number] = organisation_id
            given.add(organisation_id)
    return kept


def changes(previous: pd.DataFrame | None, members: pd.DataFrame) -> pd.DataFrame:
    """The id change log. Grain: one row per pair of unequal old and new id that share records, and per end and start.

    change: ``merged`` (the old id ended, its records went to the new one), ``split`` (records left an id that goes on),
    ``created`` (no record was known before), ``closed`` (no record is left). record_ids: those concerned, as JSON.
    """
    if previous is None:
        return pd.DataFrame(columns=list(CHANGE_COLUMNS), dtype="str")
    both = previous[["record_id", "organisation_id"]].merge(
        members[["record_id", "organisation_id"]], on="record_id", how="outer", suffixes=("_old", "")
    )
    known_old, known_new = set(previous["organisation_id"]), set(members["organisation_id"])
    moved = both[both["organisation_id_old"].notna() & both["organisation_id"].notna()]
    moved = moved[moved["organisation_id_old"] != moved["organisation_id"]]
    rows = []
    for (old, new), group in moved.groupby(["organisation_id_old", "organisation_id"]):
        rows.append(("split" if old in known_new else "merged", old, new, _json(group["record_id"])))
    gone = both[~both["organisation_id_old"].isin(known_new) & both["organisation_id"].isna()]
    for old, group in gone.groupby("organisation_id_old"):
        rows.append(("closed", old, None, _json(group["record_id"])))
    fresh = both[~both["organisation_id"].isin(known_old) & both["organisation_id_old"].isna()]
    for new, group in fresh.groupby("organisation_id"):
        rows.append(("created", None, new, _json(group["record_id"])))
    log = pd.DataFrame(rows, columns=list(CHANGE_COLUMNS), dtype="str")
    return log.sort_values(["change", "old_organisation_id", "organisation_id"], ignore_index=True)


def _json(record_ids: pd.Series) -> str:
    return json.dumps(sorted(record_ids), ensure_ascii=False)
