"""Consortia from constructed chains: roles filled, missing and alternate, capacities spent once."""

import json
from typing import Any

import pandas as pd
import pytest

from matching.cases.experience import Moves
from matching.consortia import optimiser
from matching.consortia.chains import is_needed
from matching.consortia.options import Options
from matching.taxonomy.recipes import load_recipes


def _codes(evidence: str) -> list[str]:
    return [part["part"] for part in json.loads(evidence)]


def test_ready_product_is_a_consortium_of_one_role(world: Any) -> None:
    request = world.say("request", "Klinik", "face_shield", 100)
    offer = world.say("offer", "Firma", "face_shield", 400, city="Strasbourg", platform="biovalley_france")
    consortia, roles, unmet = world.compose()
    [row] = consortia.to_dict("records")
    assert row["request_id"] == request
    assert (row["roles"], row["roles_filled"], row["is_multi_role"], row["is_cross_platform"]) == (1, 1, False, True)
    assert (row["quantity"], row["quantity_covered"]) == (100, 100)
    assert roles[["listing_id", "state", "quantity"]].to_numpy().tolist() == [[offer, "filled", 100.0]]
    assert unmet.empty
    assert row["consortium_id"] == "face_shield:Klinik:BW:2020-Q2"


@pytest.mark.parametrize(
    ("until", "deadline"),
    [
        ("2020-05-07T22:00", "2020-05-08"),  # "bis 08.05.", as it is stored
        ("2020-05-08T10:00", "2020-05-08"),
        ("2020-05-08T21:59", "2020-05-08"),
        ("2020-11-29T23:00", "2020-11-30"),  # winter time
    ],
)
def test_a_deadline_is_the_day_in_berlin(world: Any, until: str, deadline: str) -> None:
    world.say("request", "Klinik", "face_shield", 100, available_until=pd.Timestamp(until, tz="UTC"))
    world.say("offer", "Firma", "face_shield", 400)
    assert world.compose().consortia["deadline_on"].tolist() == [deadline]


def test_a_need_belongs_to_the_quarter_that_began_in_berlin(world: Any) -> None:
    world.say("request", "Klinik", "face_shield", 100, posted_at=pd.Timestamp("2020-03-31T22:00", tz="UTC"))
    world.say("offer", "Firma", "face_shield", 400)
    assert world.compose().consortia["consortium_id"].tolist() == ["face_shield:Klinik:BW:2020-Q2"]


def test_chain_names_filled_missing_and_alternate_roles(world: Any) -> None:
    world.say("request", "Klinik", "surgical_mask", 1000)
    world.say("offer", "Vlies", "meltblown", 10, unit="kilogram")
    world.say("offer", "Schweisser", "ultrasonic_welding", 600)
    world.say("offer", "Ferner", "ultrasonic_welding", 600, city="Leipzig")
    consortia, roles, _ = world.compose()
    [row] = consortia.to_dict("records")
    assert (row["roles"], row["roles_filled"], row["is_multi_role"]) == (3, 2, True)
    states = roles.groupby("role_id")["state"].agg(list).to_dict()
    assert states == {"meltblown": ["filled"], "ultrasonic_welding": ["filled", "filled"], "mask_testing": ["missing"]}
    assert (row["coverage"], row["quantity_covered"]) == (0, 0), "nobody tests, so no mask is covered"
    covers = roles[roles["state"] != "alternate"].groupby("role_id")["coverage"].first().to_dict()
    assert covers == {"meltblown": 1, "ultrasonic_welding": 1, "mask_testing": 0}
    assert {"role_missing", "filled_allow"} <= set(_codes(row["evidence"]))
    assert row["lead_time_days"] == 10 + 5 + 14


def test_bottleneck_limits_what_the_others_promise(world: Any) -> None:
    world.say("request", "Klinik", "surgical_mask", 1000)
    world.say("offer", "Vlies", "meltblown", 10_000, unit="gram")
    world.say("offer", "Näherei", "sewing", 300)
    world.say("offer", "Prüfer", "mask_testing", 10, unit="test")
    consortia, roles, _ = world.compose()
    row = consortia.iloc[0]
    assert row["bottleneck_role"] == "sewing"
    assert (row["quantity_covered"], row["coverage"]) == (pytest.approx(300), pytest.approx(0.3))
    assert roles.set_index("role_id").loc["meltblown", "quantity"] == pytest.approx(300)


def test_sterile_goods_need_sterilisation(world: Any) -> None:
    world.say("request", "Klinik", "surgical_mask", 1000, is_sterile=True)
    world.say("offer", "Vlies", "meltblown", 10_000, unit="gram")
    told = json.loads(world.compose().unmet["evidence"].item())
    assert {"part": "role_missing", "score": None, "role": "sterilisation", "norms": []} in told


def test_capacity_is_spent_once_and_the_urgent_need_comes_first(world: Any) -> None:
    world.say("request", "Heim", "face_shield", 100)
    urgent = world.say("request", "Klinik", "face_shield", 100, urgency="critical")
    world.say("offer", "Firma", "face_shield", 120)
    consortia, roles, _ = world.compose()
    covered = consortia.set_index("request_id")["quantity_covered"]
    assert covered[urgent] == pytest.approx(100)
    assert roles["quantity"].sum() == pytest.approx(120)


def test_repeated_statement_is_one_capacity(world: Any) -> None:
    world.say("request", "Klinik", "face_shield", 10_000)
    world.say("offer", "Firma", "face_shield", 6000)
    world.say(
        "offer", "Firma", "face_shield", 8000, platform="place2tex", updated_at=pd.Timestamp("2020-04-16", tz="UTC")
    )
    assert world.compose().roles["quantity"].sum() == pytest.approx(8000)


def test_rates_count_for_four_weeks(world: Any) -> None:
    world.say("request", "Klinik", "face_shield", 1000)
    world.say("offer", "Firma", "face_shield", 10, period="day")
    assert world.compose().consortia["quantity_covered"].item() == pytest.approx(280)


def test_things_are_asked_for_in_whole_ones(world: Any) -> None:
    world.say("request", "Klinik", "face_shield", 4000, period="month")
    world.say("offer", "Firma", "face_shield", 9000)
    row = world.compose().consortia.iloc[0]
    assert (row["quantity"], row["quantity_covered"], row["coverage"]) == (3680, 3680, 1)


def test_hours_are_promised_for_pieces_but_nobody_knows_for_how_many(world: Any) -> None:
    world.say("request", "Klinik", "face_shield", 1000)
    world.say("offer", "Firma", "face_shield", 450, unit="hour", period="week")
    consortia, roles, _ = world.compose()
    assert consortia["roles_filled"].item() == 1
    assert consortia["quantity_covered"].isna().all()
    assert roles["quantity"].isna().all()
    assert '"quantity_open"' in roles["evidence"].item()
    assert "quantity_covered" not in _codes(consortia["evidence"].item())


def test_requests_without_a_quantity_share_an_offer(world: Any) -> None:
    for number in range(7):
        world.say("request", f"Klinik {number}", "face_shield")
    world.say("offer", "Firma", "face_shield", 100)
    consortia, roles, unmet = world.compose()
    assert len(consortia) == 5, "as many calls as an offer may get"
    assert unmet["blocked_by"].tolist() == ["capacity", "capacity"]
    assert roles["quantity"].isna().all()
    assert roles["share"].tolist() == [0] * 5, "nobody knows how much it is about, so nothing is taken"
    assert consortia["quantity_covered"].isna().all()
    assert roles["evidence"].str.contains('"quantity_open"').all()
    world.say("request", "Heim", "face_shield", 100)
    by_request = world.compose().roles.set_index("consortium_id")["quantity"]
    assert by_request["face_shield:Heim:BW:2020-Q2"] == 100, "all of it is there for who states a quantity"
    assert len(by_request) == 1, "what is promised whole is offered to nobody else"


def test_one_supplier_who_can_alone_does_it_alone(world: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The nearest one covers 95 %: no second call for the rest."""
    world.say("request", "Klinik", "face_shield", 1000)
    world.say("offer", "Nah", "face_shield", 950)
    world.say("offer", "Ganz", "face_shield", 5000, city="Leipzig")
    assert world.compose().roles.query("state == 'filled'")["organisation_id"].tolist() == ["Ganz"]
    monkeypatch.setattr(optimiser, "EXACT_EDGES", 0)
    greedily = world.compose(options=Options(program_size=1))
    assert greedily.consortia["method"].tolist() == ["greedy"]
    assert greedily.roles.query("state == 'filled'")["organisation_id"].tolist() == ["Ganz"]


def test_a_request_is_one_case_whatever_it_names(world: Any) -> None:
    world.say("request", "Klinik", "face_shield gown thermometer", 1500)
    world.say("offer", "Firma", "gown", 1500)
    world.say("offer", "Visier", "face_shield", 100)
    consortia, _, unmet = world.compose()
    assert consortia["consortium_id"].tolist() == ["face_shield:Klinik:BW:2020-Q2"]
    assert consortia[["concept_id", "quantity", "quantity_covered"]].to_numpy().tolist() == [["gown", 1500, 1500]]
    (told,) = [part for part in json.loads(consortia["evidence"].item()) if part["part"] == "also_named"]
    assert told["concepts"] == ["face_shield", "thermometer"]
    assert unmet["concept_id"].tolist() == ["thermometer"], "nobody offers it"


@pytest.mark.parametrize(
    ("served", "other_name", "offered", "titles"),
    [
        pytest.param(
            "meltblown", "filter_media", "meltblown", ("Meltblown", "Meltblown"), id="meltblown is filter media"
        ),
        pytest.param("metal_parts", "machining", "machining", ("Drehteile", "CNC-Drehen"), id="who turns parts"),
        pytest.param("ffp2_mask", "respirator", "ffp2_mask", ("FFP2-Masken", "FFP2-Masken"), id="a wider name"),
    ],
)
def test_what_a_case_serves_under_another_name_is_no_need_beside_it(
    world: Any, served: str, other_name: str, offered: str, titles: tuple[str, str]
) -> None:
    world.say("request", "Klinik", f"{served} {other_name}", 100, title=titles[0])
    world.concepts[-1]["score"] = 0.6  # in its text, where the title names the other
    world.say("offer", "Firma", offered, 100, title=titles[1])
    consortia, _, unmet = world.compose(*load_recipes())
    assert consortia["concept_id"].tolist() == [served]
    assert "also_named" not in consortia["evidence"].item()
    assert unmet.empty


@pytest.mark.parametrize(
    ("title", "unmet"),
    [
        ("Ventile für Beatmungsgeräte – Visiere", []),
        ("Ventile und Visiere", ["valve"]),
        ("Ventile - Visiere", ["valve"]),
    ],
)
def test_what_a_title_names_on_both_sides_of_a_dash_is_one_thing(world: Any, title: str, unmet: list[str]) -> None:
    world.say("request", "Klinik", "face_shield valve", 100, title=title)
    world.say("offer", "Firma", "face_shield", 100)
    composed = world.compose()
    assert composed.consortia["concept_id"].tolist() == ["face_shield"]
    assert composed.unmet["concept_id"].tolist() == unmet


def test_what_a_request_names_in_passing_is_no_need(world: Any) -> None:
    world.say("request", "Klinik", "ffp2_mask personnel", 900, title="FFP2-Masken", text="Masken für Personal")
    world.say("request", "Heim", "personnel", 3, title="Personal gesucht", text="")
    assert world.compose().unmet[["organisation_id", "concept_id"]].to_numpy().tolist() == [
        ["Klinik", "ffp2_mask"],
        ["Heim", "personnel"],
    ]


def test_a_case_names_the_other_requests_of_its_need_that_say_something_else(world: Any) -> None:
    days = [pd.Timestamp(f"2020-04-{day}", tz="UTC") for day in (10, 11, 12, 13, 14)]
    more = world.say("request", "Klinik", "face_shield", 700, posted_at=days[0])
    world.say("request", "Klinik", "face_shield", 700, posted_at=days[1], platform="een")
    world.say("request", "Klinik", "face_shield", None, posted_at=days[2])
    dated = world.say("request", "Klinik", "face_shield", None, posted_at=days[3], available_until=days[4])
    world.say("request", "Klinik", "face_shield", 500, posted_at=days[4])
    world.say("offer", "Firma", "face_shield", 900)
    (consortium,) = world.compose().consortia.to_dict("records")
    assert consortium["quantity"] == 500
    told = [part["listing_id"] for part in json.loads(consortium["evidence"]) if part["part"] == "other_request"]
    assert told == [more, dated]


def test_a_need_said_on_several_platforms_is_one_case_and_counted_once(world: Any) -> None:
    world.say("request", "Klinik", "face_shield", 1500, platform="biopro_boerse")
    newest = world.say(
        "request", "Klinik", "face_shield", 1500, platform="een", posted_at=pd.Timestamp("2020-04-16", tz="UTC")
    )
    both = world.say("request", "Klinik", "gown face_shield", 1500, platform="biom_covid19")
    world.say("request", "Heim", "face_shield", 1500)
    world.say("offer", "Firma", "face_shield", 3000)
    consortia, _, unmet = world.compose()
    cases = consortia.set_index("organisation_id")
    assert cases["quantity_covered"].to_dict() == {"Klinik": 1500, "Heim": 1500}
    assert cases.loc["Klinik", "request_id"] == newest
    assert unmet[["request_id", "concept_id"]].to_numpy().tolist() == [[both, "gown"]]


def test_what_a_request_names_less_is_told_but_not_composed(world: Any) -> None:
    request = world.say("request", "Klinik", "face_shield gown", 100)
    world.concepts[-1]["score"] = 0.6  # in its text, where the title names the other
    world.say("offer", "Firma", "gown", 500)
    consortia, _, unmet = world.compose()
    assert consortia.empty
    assert unmet[["request_id", "concept_id"]].to_numpy().tolist() == [[request, "face_shield"], [request, "gown"]]


def test_smallest_lot_is_respected(world: Any) -> None:
    world.say("request", "Klinik", "face_shield", 40)
    world.say("offer", "Firma", "face_shield", 100, minimum_quantity=50)
    assert world.compose().consortia.empty
    world.say("request", "Heim", "face_shield", 60)
    assert world.compose().roles["quantity"].tolist() == pytest.approx([60])


def test_unmet_needs_name_what_blocks(world: Any) -> None:
    near = world.say("request", "Klinik", "face_shield", 5)
    offer = world.say("offer", "Firma", "face_shield", 100)
    world.near_misses.append((near, offer, "face_shield", "norm"))
    lonely = world.say("request", "Heim", "surgical_mask", 5)
    nothing = world.say("request", "Praxis", "thermometer", 5)
    unmet = world.compose().unmet.set_index("request_id")
    assert unmet.loc[near, ["nearest_offer_id", "blocked_by"]].tolist() == [offer, "norm"]
    assert unmet.loc[lonely, "blocked_by"] == "missing_role"
    assert pd.isna(unmet.loc[nothing, "blocked_by"])


def test_an_unmet_need_names_the_offer_that_only_begins_later(world: Any) -> None:
    near = world.say("request", "Klinik", "face_shield", 5)
    gone = world.say("offer", "Firma", "face_shield", 100, status="withdrawn")
    world.near_misses.append((near, gone, "face_shield", "open_for_interest"))
    later = world.say("offer", "Werk", "face_shield", 100, available_from=pd.Timestamp("2020-05-03", tz="UTC"))
    (unmet,) = world.compose().unmet.to_dict("records")
    assert (unmet["nearest_offer_id"], unmet["blocked_by"]) == (later, "begins_late")


def test_an_offer_that_may_be_asked_is_nearer_than_one_that_is_gone(world: Any) -> None:
    near = world.say("request", "Klinik", "face_shield", 5)
    gone = world.say("offer", "Firma", "face_shield", 100, status="withdrawn")
    doubtful = world.say("offer", "Werk", "face_shield", 100, text="face_shield, noch nicht geprüft")
    world.near_misses += [(near, gone, "face_shield", "open_for_interest"), (near, doubtful, "face_shield", None)]
    unmet = world.compose().unmet.set_index("request_id")
    assert unmet.loc[near, ["nearest_offer_id", "blocked_by"]].tolist() == [doubtful, "to_clarify"]


def test_where_nobody_can_be_asked_the_near_miss_is_told(world: Any) -> None:
    """A match that leads to no chain does not hide why the nearest offer is out of the question."""
    request = world.say("request", "Praxis", "thermometer", 5)
    matched = world.say("offer", "Firma", "face_shield", 100)
    missed = world.say("offer", "Werk", "face_shield", 100)
    world.near_misses += [(request, matched, "thermometer", None), (request, missed, "thermometer", "country")]
    unmet = world.compose().unmet.set_index("request_id")
    assert unmet.loc[request, ["nearest_offer_id", "blocked_by"]].tolist() == [missed, "country"]


def test_row_order_does_not_matter(world: Any) -> None:
    for number in range(12):
        world.say(
            "request", f"Klinik {number % 9}", "surgical_mask face_shield", None if number % 3 else 50 * number + 10
        )
        world.say("offer", f"Firma {number}", "face_shield" if number % 2 else "sewing meltblown", 40 * number + 5)
    first, second = world.compose(), world.shuffled(1).compose()
    for left, right in zip(first, second, strict=True):
        pd.testing.assert_frame_equal(left, right)


def test_empty_week(world: Any) -> None:
    world.say("information", "Amt", "law")
    assert all(table.empty for table in world.compose())


def test_a_chain_that_covers_the_need_beats_a_ready_product_that_does_not(world: Any) -> None:
    world.say("request", "Klinik", "surgical_mask", 1000)
    world.say("offer", "Rest", "surgical_mask", 50)
    world.say("offer", "Vlies", "meltblown", 10, unit="kilogram")
    world.say("offer", "Schweisser", "ultrasonic_welding", 1000)
    assert world.compose().consortia["is_multi_role"].tolist() == [True]
    world.say("offer", "Lager", "surgical_mask", 900)
    assert world.compose().consortia["is_multi_role"].tolist() == [False]


def test_pieces_are_promised_whole(world: Any) -> None:
    world.say("request", "Klinik", "face_shield", 101, unit=None)
    world.say("offer", "Firma", "face_shield", 58)
    world.say("request", "Heim", "face_shield", 7, unit=None)
    world.say("offer", "Basteln", "face_shield", 2)
    assert (world.compose().roles["quantity"].dropna() % 1 == 0).all()


def test_partners_of_last_week_stay_while_their_offer_stands(world: Any) -> None:
    world.say("request", "Klinik", "face_shield", 100)
    kept = world.say("offer", "Zuerst", "face_shield", 100)
    previous = world.compose().roles
    world.say("offer", "Danach", "face_shield", 100, platform="a_board")  # ranks before the first: its id is smaller
    filled = "state == 'filled'"
    assert world.compose().roles.query(filled)["listing_id"].tolist() != [kept]
    assert world.compose(previous=previous).roles.query(filled)["listing_id"].tolist() == [kept]


@pytest.mark.parametrize(("urgency", "is_served"), [("normal", False), ("high", True), ("critical", True)])
def test_what_stands_gives_way_to_a_more_urgent_need_that_would_go_without(
    world: Any, urgency: str, is_served: bool
) -> None:
    world.say("request", "Klinik", "face_shield", 100)
    world.say("offer", "Firma", "face_shield", 100)
    world.say("request", "Anderswo", "surgical_gown", 100)
    world.say("offer", "Näherin", "surgical_gown", 100)
    previous = world.compose().roles
    later = world.say("request", "Heim", "face_shield", 100, urgency=urgency)
    consortia = world.compose(previous=previous).consortia.set_index("request_id")
    assert (later in consortia.index) == is_served
    assert len(consortia) == 2
    assert "kept" in set(consortia["method"]), "whoever is not in the way stands"


@pytest.mark.parametrize(("home", "served"), [({"DE"}, "Klinik"), ({"FR"}, "Hôpital"), (set(), None)])
def test_needs_of_the_own_countries_come_first(world: Any, home: set[str], served: str | None) -> None:
    world.say("request", "Hôpital", "face_shield", 100, city="Strasbourg")
    world.say("request", "Klinik", "face_shield", 100)
    world.say("offer", "Firma", "face_shield", 100, city="Stuttgart")
    [row] = world.compose(home=frozenset(home)).consortia.to_dict("records")
    assert served in (row["organisation_id"], None)
    other = world.compose().roles
    before = world.compose(home=frozenset(home), previous=other).consortia["organisation_id"].tolist()
    assert before == [served or row["organisation_id"]], "what stands for others gives way"


@pytest.mark.parametrize(("new", "covered"), [("normal", 100), ("critical", 40)])
def test_what_stands_gets_what_is_new_before_a_less_urgent_need(world: Any, new: str, covered: float) -> None:
    urgent = world.say("request", "Klinik", "face_shield", 100, urgency="high")
    world.say("offer", "Firma", "face_shield", 40)
    previous = world.compose().roles
    world.say("request", "Heim", "face_shield", 60, urgency=new)
    world.say("offer", "Neu", "face_shield", 60)
    first = world.compose(previous=previous)
    assert first.consortia.set_index("request_id").loc[urgent, "quantity_covered"] == covered
    again = world.compose(previous=first.roles)
    assert again.roles.drop(columns="evidence").equals(first.roles.drop(columns="evidence"))


def test_a_partner_gives_no_more_than_the_listing_that_is_named_states(world: Any) -> None:
    world.say("request", "Klinik", "face_shield", 1000)
    certain = world.say("offer", "Firma", "face_shield", 100, posted_at=pd.Timestamp("2020-04-01", tz="UTC"))
    larger = world.say("offer", "Firma", "face_shield", 900, platform="een", text="Umstellung läuft")
    composed = world.compose()
    assert composed.roles.query("state == 'filled'")[["listing_id", "quantity"]].to_numpy().tolist() == [[certain, 100]]
    assert larger in set(composed.roles["listing_id"]) or composed.consortia["quantity_covered"].item() == 100


def test_what_stands_gives_way_only_where_that_helps(world: Any) -> None:
    world.say("request", "Klinik", "face_shield", 100)
    world.say("offer", "Firma", "face_shield", 100)
    previous = world.compose().roles
    world.say("request", "Stadt", "face_shield", 5000, urgency="critical")  # 2 % of it
    assert world.compose(previous=previous).consortia["method"].tolist() == ["kept"]
    world.say("request", "Heim", "face_shield", 100, urgency="critical")
    world.say("offer", "Frei", "face_shield", 100)
    assert set(world.compose(previous=previous).consortia["method"]) == {"kept", "optimal"}


def test_a_role_names_its_share_of_the_capacity_exactly(world: Any) -> None:
    world.say("request", "Klinik", "face_shield", 1)
    world.say("offer", "Firma", "face_shield", 30_000)
    world.say("offer", "Andere", "face_shield", 20)
    roles = world.compose().roles.set_index("state")["share"]
    assert roles["filled"] in (pytest.approx(1 / 30_000), pytest.approx(1 / 20))
    assert pd.isna(roles["alternate"])


def test_a_week_stored_before_roles_had_a_share_still_stands(world: Any) -> None:
    world.say("request", "Klinik", "face_shield", 100)
    world.say("offer", "Zuerst", "face_shield", 100)
    previous = world.compose().roles.drop(columns="share")
    assert world.compose(previous=previous).consortia["method"].tolist() == ["kept"]
    world.listings[1]["status"] = "withdrawn"
    assert world.compose(previous=previous).consortia.empty


@pytest.mark.parametrize(
    ("urgency", "days", "is_seated"),
    [("critical", 7, True), ("high", 8, False), ("normal", 10, True), ("normal", 11, False), ("low", 22, False)],
)
def test_who_begins_too_late_takes_no_seat(world: Any, urgency: str, days: int, is_seated: bool) -> None:
    begins = pd.Timestamp("2020-04-19T10:00", tz="UTC") + pd.Timedelta(days=days)
    world.say("request", "Klinik", "face_shield", 100, urgency=urgency)
    world.say("offer", "Firma", "face_shield", 400, available_from=begins)
    assert (len(world.compose().consortia) == 1) == is_seated


def test_a_need_that_begins_later_can_wait_for_who_begins_then(world: Any) -> None:
    later = pd.Timestamp("2020-05-17T10:00", tz="UTC")
    world.say("request", "Klinik", "face_shield", 100, available_from=later)
    world.say("offer", "Firma", "face_shield", 400, available_from=later)
    assert len(world.compose().consortia) == 1


@pytest.mark.parametrize(
    ("asked", "stated", "is_seated"), [(200, None, True), (2000, None, False), (2000, 2000.0, True)]
)
def test_who_states_no_quantity_covers_no_large_need(
    world: Any, asked: float, stated: float | None, is_seated: bool
) -> None:
    world.say("request", "Klinik", "face_shield", asked)
    world.say("offer", "Firma", "face_shield", stated)
    consortia, _, unmet = world.compose()
    assert (len(consortia) == 1) == is_seated
    assert unmet["blocked_by"].tolist() == ([] if is_seated else ["to_clarify"])


@pytest.mark.parametrize(("norms", "role_id"), [(None, "spunbond"), ("EN 149; EN 13795", "nonwoven")])
def test_a_gown_to_the_norm_of_surgical_gowns_takes_cloth_for_a_barrier(norms: str | None, role_id: str) -> None:
    (gown,) = (recipe for recipe in load_recipes() if recipe.recipe_id == "gown")
    asked = {"norms": norms, "is_sterile": None, "is_medical": None}
    assert next(role.role_id for role in gown.roles if is_needed(role, asked)) == role_id


@pytest.mark.parametrize(
    ("moves", "welders"),
    [
        (Moves(), {"Erste": "filled", "Zweite": "alternate"}),
        (Moves(suppliers={"Erste": 0.875}), {"Zweite": "filled", "Erste": "alternate"}),
        (Moves(pairs={("Klinik", "Zweite"): 1.1}), {"Zweite": "filled", "Erste": "alternate"}),
        (Moves(pairs={("Heim", "Zweite"): 1.1}), {"Erste": "filled", "Zweite": "alternate"}),
        (Moves(away=frozenset({("biopro_boerse:0001", "biopro_boerse:0003")})), {"Zweite": "filled"}),
    ],
)
def test_outcomes_move_who_fills_a_role(world: Any, moves: Moves, welders: dict[str, str]) -> None:
    world.say("request", "Klinik", "surgical_mask", 1000)
    world.say("offer", "Vlies", "meltblown", 10, unit="kilogram")
    world.say("offer", "Erste", "ultrasonic_welding", 1000)
    world.say("offer", "Zweite", "ultrasonic_welding", 1000)
    roles = world.compose(moves=moves).roles.query("role_id == 'ultrasonic_welding'")
    assert dict(zip(roles["organisation_id"], roles["state"], strict=True)) == welders
