import json

import numpy as np
import pandas as pd

from matching.organisations.identity import changes, new_id, organisation_ids
from matching.organisations.resolve import resolve


def replay(log: pd.DataFrame, organisation_id: str) -> list[str]:
    """The ids an old id goes on under, the id itself when nothing says otherwise. ``log``: oldest change first."""
    reached, ended = {organisation_id}, set()
    for row in log[log["change"] != "created"].itertuples(index=False):
        if row.old_organisation_id in reached:
            if isinstance(row.organisation_id, str):
                reached.add(row.organisation_id)
            if row.change != "split":
                ended.add(row.old_organisation_id)
    return sorted(reached - ended)


def members(**organisations: str) -> pd.DataFrame:
    """``members(A="ab")``: organisation A holds the records a and b."""
    rows = [(record_id, name) for name, records in organisations.items() for record_id in records]
    return pd.DataFrame(rows, columns=["record_id", "organisation_id"]).sort_values("record_id", ignore_index=True)


def run(previous: pd.DataFrame, *clusters: str) -> pd.DataFrame:
    """Ids of a run that found these clusters."""
    records = pd.Series(sorted("".join(clusters)))
    first = {record: min(cluster) for cluster in clusters for record in cluster}
    numbers = records.map(lambda record: records[records == first[record]].index[0]).to_numpy()
    return pd.DataFrame({"record_id": records, "organisation_id": organisation_ids(records, numbers, previous)})


def test_a_merge_keeps_the_larger_id_and_says_so() -> None:
    before = members(A="ab", B="c")
    after = run(before, "abc")
    assert set(after["organisation_id"]) == {"A"}
    log = changes(before, after)
    assert log[["change", "old_organisation_id", "organisation_id", "record_ids"]].to_numpy().tolist() == [
        ["merged", "B", "A", '["c"]']
    ]
    assert replay(log, "B") == ["A"]


def test_a_split_keeps_the_id_with_most_records() -> None:
    before = members(A="abc")
    after = run(before, "a", "bc").set_index("record_id")["organisation_id"]
    assert after["b"] == after["c"] == "A" != after["a"]
    log = changes(before, after.reset_index())
    assert list(log["change"]) == ["split"]
    assert replay(log, "A") == sorted(["A", after["a"]])


def test_records_that_leave_and_come_are_closed_and_created() -> None:
    before = members(A="a", B="b")
    after = run(before, "a", "c")
    log = changes(before, after)
    assert list(log["change"]) == ["closed", "created"]
    assert replay(log, "B") == []


def test_a_new_id_is_never_one_that_is_in_use() -> None:
    taken = {new_id("a", set())}
    assert new_id("a", taken) not in taken
    before = members(**{new_id("a", set()): "ab"})
    after = run(before, "a", "bc").set_index("record_id")["organisation_id"]
    assert after["a"] != after["b"]


def test_an_id_that_ended_long_ago_never_comes_back() -> None:
    long_ago = new_id("b", set())
    records, clusters = pd.Series(["a", "b"]), np.array([0, 1])
    before = members(A="a")
    ids = organisation_ids(records, clusters, before, retired={long_ago})
    assert list(organisation_ids(records, clusters, before)) == ["A", long_ago]
    assert ids[0] == "A"
    assert ids[1] not in ("A", long_ago)


def test_the_log_of_two_runs_replays_through_both() -> None:
    first = members(A="ab", B="c", C="d")
    second = run(first, "abc", "d")
    third = run(second, "abcd")
    log = pd.concat([changes(first, second), changes(second, third)], ignore_index=True)
    assert {old: replay(log, old) for old in "ABC"} == {"A": ["A"], "B": ["A"], "C": ["A"]}


def test_the_log_moves_every_record_to_where_it_is() -> None:
    before = members(A="abc", B="de", C="f")
    after = run(before, "ad", "bce", "f")
    where = before.set_index("record_id")["organisation_id"].to_dict()
    for row in changes(before, after).itertuples():
        where |= dict.fromkeys(json.loads(str(row.record_ids)), row.organisation_id)
    assert where == after.set_index("record_id")["organisation_id"].to_dict()


def test_nobody_inherits_by_an_id_that_was_given_to_others() -> None:
    before = members(A="1", B="2")
    swapped = pd.DataFrame({"record_id": ["1", "2"], "name": ["Nähwerk Müller GmbH", "Stoffhaus Alb"]})
    followed = resolve(swapped, previous=before, renamed={"1": "2", "2": "1"})
    assert list(followed.members["organisation_id"]) == ["B", "A"]
    assert followed.changes.empty
    given_away = resolve(swapped, previous=before, renamed={"1": "1 (2020-W16)"}, retired={"A", "B"})
    assert given_away.members["organisation_id"][0] not in ("A", "B")
    assert list(given_away.changes["change"]) == ["closed", "created"]
    assert given_away.health["ids_closed"] == 1
