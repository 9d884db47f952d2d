"""New, changed, unchanged, closed: weeks in a row, against all weeks before."""

import json
from typing import Any

import pandas as pd

from matching.consortia.compose import Composition
from matching.news.opportunities import followed, living, numbers_after, report
from matching.schema import Opportunity, empty
from sources.week import Week

WEEK = Week(2020, 16)


class Archive:
    """What is stored of the weeks."""

    def __init__(self) -> None:
        self.past = empty(Opportunity).assign(week=pd.Series([], dtype="str"))

    def add(self, world: Any, week: Week, composition: Composition | None = None) -> pd.DataFrame:
        consortia, roles, _ = composition or world.compose(living=living(self.past))
        reported = report(consortia, roles, self.past, world.frame(), week=week)
        self.past = pd.concat([self.past, reported.assign(week=str(week))], ignore_index=True)
        return reported


def test_first_week_is_the_baseline_and_the_second_finds_the_new(world: Any) -> None:
    archive = Archive()
    world.say("offer", "Firma", "face_shield", 1000)
    world.say("request", "Klinik", "face_shield", 10)
    first = archive.add(world, WEEK)
    world.say("request", "Heim", "face_shield", 10)
    second = archive.add(world, WEEK.shifted(1))
    assert first[["opportunity_id", "state"]].to_numpy().tolist() == [["K-2020-16-01", "baseline"]]
    assert dict(zip(second["opportunity_id"], second["state"], strict=True)) == {
        "K-2020-17-01": "new",
        "K-2020-16-01": "unchanged",
    }


def test_small_moves_do_not_change_and_drift_adds_up(world: Any) -> None:
    archive = Archive()
    world.say("offer", "Firma", "face_shield", 50)
    world.say("request", "Klinik", "face_shield", 100)
    states = []
    for week, quantity in enumerate((50, 56, 62, 64)):
        world.listings[0]["quantity"] = quantity
        [row] = archive.add(world, WEEK.shifted(week)).to_dict("records")
        states.append((row["state"], json.loads(row["change"])))
    assert states == [
        ("baseline", []),
        ("unchanged", []),
        ("changed", [{"what": "covered", "old": 0.5, "new": 0.62}]),
        ("unchanged", []),
    ]


def test_other_partner_missing_role_and_deadline_are_changes(world: Any) -> None:
    archive = Archive()
    world.say("request", "Klinik", "surgical_mask", 100)
    world.say("offer", "Vlies", "meltblown", 10_000, unit="gram")
    world.say("offer", "Prüfer", "mask_testing", 10, unit="test")
    archive.add(world, WEEK)
    world.say("offer", "Näherei", "sewing", 100)
    world.listings[1]["status"] = "withdrawn"
    world.listings[0]["available_until"] = pd.Timestamp("2020-05-31", tz="UTC")
    [row] = archive.add(world, WEEK.shifted(1)).to_dict("records")
    assert row["state"] == "changed"
    assert json.loads(row["change"]) == [
        {"what": "partners", "role": "meltblown", "old": ["Vlies"], "new": []},
        {"what": "partners", "role": "sewing", "old": [], "new": ["Näherei"]},
        {"what": "missing", "old": ["ultrasonic_welding"], "new": ["meltblown"]},
        {"what": "deadline", "old": None, "new": "2020-05-31"},
    ]


def test_closing_with_its_reason_once_and_reopening(world: Any) -> None:
    archive = Archive()
    world.say("offer", "Firma", "face_shield", 1000)
    for name in ("A", "B", "C", "D"):
        world.say("request", name, "face_shield", 10)
    archive.add(world, WEEK)
    for row, status in zip(world.listings[1:4], ("fulfilled", "withdrawn", "expired"), strict=True):
        row["status"] = status
    closed = archive.add(world, WEEK.shifted(1))
    again = archive.add(world, WEEK.shifted(2))
    world.listings[1]["status"] = "open"
    back = archive.add(world, WEEK.shifted(3))
    assert closed["state"].tolist() == ["unchanged", "closed", "closed", "closed"]
    assert closed["closing_reason"].tolist()[1:] == ["fulfilled", "withdrawn", "expired"]
    assert again["state"].tolist() == ["unchanged"]
    assert back[["opportunity_id", "state"]].to_numpy().tolist() == [
        ["K-2020-16-01", "reopened"],
        ["K-2020-16-04", "unchanged"],
    ]


def test_a_case_keeps_its_number_when_the_request_with_which_it_began_is_gone(world: Any) -> None:
    """In March and in April somebody asks for the same; what was asked in March is over, and the case goes on."""
    archive = Archive()
    world.say("offer", "Firma", "face_shield", 1000)
    world.say("request", "Klinik", "face_shield", 10, posted_at=pd.Timestamp("2020-03-20", tz="UTC"))
    first = archive.add(world, WEEK)
    world.say("request", "Klinik", "face_shield", 20)
    archive.add(world, WEEK.shifted(1))
    world.listings[1]["status"] = "fulfilled"
    third = archive.add(world, WEEK.shifted(2))
    world.listings[2]["status"] = "withdrawn"
    archive.add(world, WEEK.shifted(3))
    world.say("request", "Klinik", "face_shield", 30)
    later = archive.add(world, WEEK.shifted(4))
    assert first["consortium_id"].tolist() == third["consortium_id"].tolist() == ["face_shield:Klinik:BW:2020-Q1"]
    assert third[["opportunity_id", "state"]].to_numpy().tolist() == [["K-2020-16-01", "unchanged"]]
    assert later[["opportunity_id", "state"]].to_numpy().tolist() == [["K-2020-20-01", "new"]], "that case was closed"


def test_another_request_of_the_same_need_is_told_beside_another_change(world: Any) -> None:
    archive = Archive()
    world.say("offer", "Firma", "face_shield", 1000)
    world.say("request", "Klinik", "face_shield", 10)
    (before,) = archive.add(world, WEEK).to_dict("records")
    world.listings[1]["status"] = "fulfilled"
    world.say("request", "Klinik", "face_shield", 20, available_until=pd.Timestamp("2020-05-31", tz="UTC"))
    (row,) = archive.add(world, WEEK.shifted(1)).to_dict("records")
    assert row["opportunity_id"] == before["opportunity_id"]
    old, new = (json.loads(one["content"])["request"] for one in (before, row))
    assert old != new
    assert json.loads(row["change"]) == [
        {"what": "deadline", "old": None, "new": "2020-05-31"},
        {"what": "request", "old": old, "new": new},
    ]


def test_a_case_that_only_lacked_supply_comes_back_under_its_number(world: Any) -> None:
    archive = Archive()
    world.say("offer", "Firma", "face_shield", 1000)
    world.say("request", "Klinik", "face_shield", 10, posted_at=pd.Timestamp("2020-03-20", tz="UTC"))
    archive.add(world, WEEK)
    world.listings[0]["status"] = "withdrawn"
    assert archive.add(world, WEEK.shifted(1))["closing_reason"].tolist() == ["no_supply"]
    world.listings[1]["status"] = "expired"
    world.say("request", "Klinik", "face_shield", 20)
    world.say("offer", "Andere", "face_shield", 1000)
    back = archive.add(world, WEEK.shifted(2))
    assert back[["opportunity_id", "state"]].to_numpy().tolist() == [["K-2020-16-01", "reopened"]]
    long_ago = archive.past[archive.past["state"] == "closed"].assign(week="2020-W02")
    since = back.assign(consortium_id="another", week="2020-W18")
    assert living(pd.concat([long_ago, since])) == {"another"}


def test_a_case_keeps_its_number_when_its_region_becomes_known(world: Any) -> None:
    archive = Archive()
    world.say("offer", "Firma", "face_shield", 1000)
    world.say("request", "Klinik", "face_shield", 10, region=None)
    archive.add(world, WEEK)
    world.listings[1]["region"] = "BW"
    assert archive.add(world, WEEK.shifted(1))["opportunity_id"].tolist() == ["K-2020-16-01"]
    world.say("request", "Klinik", "face_shield", 10, region="BY")
    both = archive.add(world, WEEK.shifted(2))
    assert sorted(both["opportunity_id"]) == ["K-2020-16-01", "K-2020-18-01"]


def test_lost_supply_closes(world: Any) -> None:
    archive = Archive()
    world.say("offer", "Firma", "face_shield", 1000)
    world.say("request", "Klinik", "face_shield", 10)
    archive.add(world, WEEK)
    world.listings[0]["status"] = "withdrawn"
    assert archive.add(world, WEEK.shifted(1))["closing_reason"].tolist() == ["no_supply"]


def test_what_is_held_back_or_told_in_another_case_closes_as_such(world: Any) -> None:
    """A week stored before one request was one case tells each product of it for itself."""
    request = world.say("request", "Klinik", "face_shield", 100)
    world.say("offer", "Firma", "face_shield gown", 500)
    consortia, roles, _ = world.compose()
    content = json.dumps({"request": request, "deadline": None, "covered": 1.0, "partners": {}, "missing": []})
    first = report(consortia, roles, empty(Opportunity), world.frame(), week=WEEK)
    gown = first.assign(consortium_id="gown:Klinik:BW:2020-Q2", opportunity_id="K-2020-16-02", content=content)
    past = pd.concat([first, gown]).assign(week=str(WEEK))
    second = report(consortia, roles, past, world.frame(), week=WEEK.shifted(1))
    closed = second[second["state"] == "closed"]
    assert closed[["opportunity_id", "closing_reason"]].to_numpy().tolist() == [["K-2020-16-02", "merged"]]
    third = report(consortia.iloc[:0], roles.iloc[:0], past, world.frame(), week=WEEK.shifted(1), held={request})
    assert third["closing_reason"].tolist() == ["held_back", "held_back"]


def test_a_request_under_a_new_id_is_the_same_request(world: Any) -> None:
    """A board that numbers its listings anew withdraws nothing."""
    world.say("offer", "Firma", "face_shield", 1000)
    request = world.say("request", "Klinik", "face_shield", 10)
    consortia, roles, _ = world.compose()
    past = report(consortia, roles, empty(Opportunity), world.frame(), week=WEEK).assign(week=str(WEEK))
    for row in world.listings:
        row["status"] = "withdrawn"
    moved = world.say("request", "Klinik", "face_shield", 10)
    nothing = consortia.iloc[:0], roles.iloc[:0]
    unfollowed = report(*nothing, past, world.frame(), week=WEEK.shifted(1))
    assert unfollowed["closing_reason"].tolist() == ["withdrawn"]
    [row] = report(*nothing, followed(past, {request: moved}), world.frame(), week=WEEK.shifted(1)).to_dict("records")
    assert (row["closing_reason"], json.loads(row["content"])["request"]) == ("no_supply", moved)


def test_carried_over_platform_closes_nothing(world: Any) -> None:
    archive = Archive()
    world.say("offer", "Firma", "face_shield", 1000)
    world.say("request", "Klinik", "face_shield", 10)
    world.say("request", "Heim", "thermometer", 10)
    archive.add(world, WEEK)
    world.listings[1]["status"] = "expired"
    for row in world.listings:
        row["is_carried_over"] = True
    assert archive.add(world, WEEK.shifted(1)).empty
    world.listings[1]["status"] = "open"
    assert archive.add(world, WEEK.shifted(2))["state"].tolist() == ["unchanged"]


def test_a_platform_that_is_followed_no_more_closes_nothing(world: Any) -> None:
    world.say("offer", "Firma", "face_shield", 1000, platform="een")
    request = world.say("request", "Klinik", "face_shield", 10)
    consortia, roles, _ = world.compose()
    past = report(consortia, roles, empty(Opportunity), world.frame(), week=WEEK).assign(week=str(WEEK))
    nothing, listings = (consortia.iloc[:0], roles.iloc[:0]), world.frame()
    left = listings[listings["listing_id"] != request]
    assert report(*nothing, past, left, week=WEEK.shifted(1)).empty
    assert report(*nothing, past, listings, week=WEEK.shifted(1))["closing_reason"].tolist() == ["no_supply"]


def test_a_single_carried_over_listing_does_not_hold_its_platform(world: Any) -> None:
    archive = Archive()
    world.say("offer", "Firma", "face_shield", 1000)
    world.say("request", "Klinik", "face_shield", 10)
    archive.add(world, WEEK)
    world.listings[0]["status"] = "withdrawn"
    world.listings[1]["is_carried_over"] = True
    assert archive.add(world, WEEK.shifted(1))["closing_reason"].tolist() == ["no_supply"]


def test_rerun_of_a_week_gives_the_same_answer(world: Any) -> None:
    archive = Archive()
    world.say("offer", "Firma", "face_shield", 1000)
    world.say("request", "Klinik", "face_shield", 10)
    archive.add(world, WEEK)
    world.say("request", "Heim", "face_shield", 10)
    composition = world.compose()
    second = archive.add(world, WEEK.shifted(1), composition)
    archive.add(world, WEEK.shifted(2))
    pd.testing.assert_frame_equal(archive.add(world, WEEK.shifted(1), composition), second)


def test_urgent_needs_rank_first(world: Any) -> None:
    world.say("offer", "Firma", "face_shield", 1000)
    world.say("request", "Heim", "face_shield", 10)
    world.say("request", "Klinik", "face_shield", 10, urgency="high")
    reported = Archive().add(world, WEEK)
    assert reported["consortium_id"].str.contains("Klinik").tolist() == [True, False]
    assert reported["rank"].tolist() == [1, 2]


def test_numbers_grow_beyond_two_digits(world: Any) -> None:
    for number in range(101):
        world.say("offer", f"Firma {number}", "face_shield", 10)
        world.say("request", f"Klinik {number}", "face_shield", 10)
    assert Archive().add(world, WEEK)["opportunity_id"].iloc[-1] == "K-2020-16-101"


def test_numbers_given_out_stay_when_the_week_is_corrected_and_never_go_to_another(world: Any) -> None:
    world.say("offer", "Firma", "face_shield", 1000)
    world.say("request", "Klinik", "face_shield", 10)
    world.say("request", "Heim", "face_shield", 10)
    consortia, roles, _ = world.compose()
    first = report(consortia, roles, empty(Opportunity), world.frame(), week=WEEK)
    numbers = numbers_after(first, WEEK)
    world.listings[2]["status"] = "withdrawn"
    world.say("request", "Praxis", "face_shield", 10, urgency="critical")  # ranks before the others
    consortia, roles, _ = world.compose()
    second = report(consortia, roles, empty(Opportunity), world.frame(), week=WEEK, numbers=numbers)
    both = numbers_after(second, WEEK, numbers)
    assert second["opportunity_id"].tolist() == ["K-2020-16-03", _number_of(first, "Klinik")]
    assert both["opportunity_id"].tolist() == ["K-2020-16-01", "K-2020-16-02", "K-2020-16-03"]
    world.listings[2]["status"] = "open"
    consortia, roles, _ = world.compose()
    third = report(consortia, roles, empty(Opportunity), world.frame(), week=WEEK, numbers=both)
    assert _number_of(third, "Heim") == _number_of(first, "Heim")
    pd.testing.assert_frame_equal(numbers_after(third, WEEK, both), both)


def test_a_week_keeps_only_the_numbers_it_gave_out_itself(world: Any) -> None:
    archive = Archive()
    world.say("offer", "Firma", "face_shield", 1000)
    world.say("request", "Klinik", "face_shield", 10)
    archive.add(world, WEEK)
    world.say("request", "Heim", "face_shield", 10)
    numbers = numbers_after(archive.add(world, WEEK.shifted(1)), WEEK.shifted(1))
    assert numbers.to_numpy().tolist() == [["K-2020-17-01", "face_shield:Heim:BW:2020-Q2", "2020-W17"]]


def test_a_week_that_begins_nothing_gives_out_no_number(world: Any) -> None:
    archive = Archive()
    world.say("offer", "Firma", "face_shield", 1000)
    world.say("request", "Klinik", "face_shield", 10)
    archive.add(world, WEEK)
    assert numbers_after(archive.add(world, WEEK.shifted(1)), WEEK.shifted(1)).empty


def _number_of(reported: pd.DataFrame, asking: str) -> str:
    return str(reported.loc[reported["consortium_id"].str.contains(asking), "opportunity_id"].item())
