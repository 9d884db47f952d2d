"""What holds for every table of records, whatever stands in it."""

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.organisations.resolve import resolve

WORDS = ["Nähwerk", "Müller", "Stoffhaus", "Klinikum", "Alb", "Pharma", "Текстил", "Holding", "1", "Optik", "-"]
RECORD = st.fixed_dictionaries(
    {
        "name": st.lists(st.sampled_from(WORDS), max_size=4).map(" ".join),
        "city": st.sampled_from(["", "Ulm", "Reutlingen", "Köln-Porz"]),
        "street": st.sampled_from(["", "Talweg 5", "Rue du Port 7"]),
        "website": st.sampled_from(["", "www.alb.example", "https://mueller.example/x"]),
        "registration_number": st.sampled_from(["", "HRB 17"]),
    }
)
TABLE = st.lists(RECORD, min_size=1, max_size=12).map(
    lambda rows: pd.DataFrame(
        [{"record_id": f"r{number:02d}", "country": "DE", **row} for number, row in enumerate(rows)]
    )
)


def groups(members: pd.DataFrame) -> set[frozenset[str]]:
    return {frozenset(group) for _, group in members.groupby("organisation_id")["record_id"]}


@settings(max_examples=15, deadline=None)
@given(TABLE, st.randoms(use_true_random=False))
def test_order_of_input_is_irrelevant(table: pd.DataFrame, chance: object) -> None:
    shuffled = table.sample(frac=1, random_state=chance.randint(0, 2**31))  # type: ignore[attr-defined]  # a Random
    one, other = resolve(table), resolve(shuffled)
    pd.testing.assert_frame_equal(one.members, other.members)
    pd.testing.assert_frame_equal(one.pairs, other.pairs)


@settings(max_examples=15, deadline=None)
@given(TABLE)
def test_a_copy_joins_its_original(table: pd.DataFrame) -> None:
    named = table[table["name"].str.contains("Müller Stoffhaus") & (table["city"] != "")]
    original = pd.concat([table, pd.DataFrame([{"record_id": "s", "name": "Schnittmuster Kohler", "city": "Ulm"}])])
    copies = pd.concat([named, original.tail(1)]).assign(record_id=lambda rows: "copy-" + rows["record_id"])
    members = resolve(pd.concat([original, copies], ignore_index=True)).members.set_index("record_id")[
        "organisation_id"
    ]
    for copy in copies["record_id"]:
        assert members[copy] == members[copy.removeprefix("copy-")]


@settings(max_examples=15, deadline=None)
@given(TABLE)
def test_scores_do_not_depend_on_which_record_comes_first(table: pd.DataFrame) -> None:
    turned = table.assign(record_id=[f"r{99 - number:02d}" for number in range(len(table))])
    one = resolve(table).pairs["match_weight"]
    other = resolve(turned).pairs["match_weight"]
    assert sorted(one) == sorted(other)


@settings(max_examples=15, deadline=None)
@given(TABLE)
def test_an_unrelated_record_changes_nothing(table: pd.DataFrame) -> None:
    stranger = {"record_id": "zz", "name": "Wolkenkuckucksheim", "city": "Husum", "country": "DK", "street": "Deich 99"}
    with_stranger = pd.concat([table, pd.DataFrame([stranger])], ignore_index=True)
    before, after = resolve(table), resolve(with_stranger)
    pd.testing.assert_frame_equal(before.members, after.members[after.members["record_id"] != "zz"])
    pd.testing.assert_frame_equal(before.pairs, after.pairs)


@settings(max_examples=15, deadline=None)
@given(TABLE)
def test_a_second_run_keeps_every_id(table: pd.DataFrame) -> None:
    first = resolve(table)
    second = resolve(table, previous=first.members)
    pd.testing.assert_frame_equal(first.members, second.members)
    assert second.changes.empty


@settings(max_examples=15, deadline=None)
@given(TABLE)
def test_every_record_has_one_organisation_and_the_figures_add_up(table: pd.DataFrame) -> None:
    resolution = resolve(table)
    assert list(resolution.members["record_id"]) == list(table["record_id"])
    assert resolution.health["records"] == len(table)
    assert resolution.health["organisations"] == len(groups(resolution.members))
    assert resolution.members["match_probability"].between(0, 1).all()
