import json

import pandas as pd
import pytest

from matching.organisations.judgements import Contradiction
from matching.organisations.resolve import explain, resolve

TABLE = pd.DataFrame(
    [
        {"record_id": "a", "name": "Nähwerk Müller GmbH", "city": "Ulm", "country": "DE"},
        {"record_id": "b", "name": "Nähwerk Müller", "city": "Ulm", "country": "DE"},
        {"record_id": "c", "name": "Stoffhaus Alb", "city": "Kiel", "country": "DE"},
        {"record_id": "d", "name": "NÄHWERK MÜLLER GMBH", "city": "Ulm", "country": "DE"},
    ]
)


def judgements(*rows: tuple[str, str, str]) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=["record_id_left", "record_id_right", "verdict"])
    return table.assign(judged_by="data staff", judged_on="2020-04-20", reason="called both")


def groups(table: pd.DataFrame | None) -> set[str]:
    members = resolve(TABLE, judgements=table).members
    return {"".join(sorted(group)) for _, group in members.groupby("organisation_id")["record_id"]}


def test_without_judgements_the_engine_decides() -> None:
    assert groups(None) == {"abd", "c"}


def test_different_separates_and_undo_restores() -> None:
    apart = judgements(("a", "b", "different"), ("d", "b", "different"))
    assert groups(apart) == {"ad", "b", "c"}
    assert groups(apart.head(0)) == groups(None)


def test_same_does_not_tear_a_record_from_those_it_was_with() -> None:
    """c is compared with b and d and looks like neither; a brings it to them."""
    weights = resolve(TABLE).pairs.set_index(["record_id_left", "record_id_right"])["match_weight"]
    assert ("b", "c") not in weights.index or weights["b", "c"] < -8
    assert groups(judgements(("a", "c", "same"), ("b", "d", "unsure"))) == {"abcd"}


def test_same_joins_what_no_block_holds() -> None:
    assert groups(judgements(("c", "a", "same"))) == {"abcd"}


def test_unsure_leaves_the_decision_to_the_other_pairs() -> None:
    assert groups(judgements(("a", "c", "unsure"))) == {"abd", "c"}


def test_a_judgement_on_a_record_that_is_gone_waits() -> None:
    assert groups(judgements(("a", "gone", "same"))) == {"abd", "c"}


def test_the_judgement_leads_the_evidence() -> None:
    explanation = explain(TABLE, "b", "a", judgements(("a", "b", "different"), ("b", "d", "different")))
    assert not explanation.same_organisation
    first = json.loads(explanation.evidence)[0]
    assert (first["part"], first["state"], first["reason"]) == ("organisation_judgement", "different", "called both")


@pytest.mark.parametrize(
    ("rows", "named"),
    [
        ([("a", "b", "same"), ("b", "a", "different")], ["entry 1", "entry 2"]),
        ([("a", "b", "same"), ("b", "c", "same"), ("c", "a", "different")], ["entry 1", "entry 2", "entry 3"]),
        ([("a", "b", "perhaps")], ["entry 1", "perhaps"]),
        ([("a", "a", "same")], ["entry 1", "itself"]),
    ],
)
def test_contradictions_are_refused_with_the_entries_named(rows: list[tuple[str, str, str]], named: list[str]) -> None:
    with pytest.raises(Contradiction) as error:
        resolve(TABLE, judgements=judgements(*rows))
    assert all(name in str(error.value) for name in named)
