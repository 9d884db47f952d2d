"""Needs and offers by product and region, and what blocks."""

from typing import Any

import pandas as pd

from matching.news.shortages import shortages
from matching.repeats import repeats
from matching.schema import Shortage
from matching.taxonomy.concepts import load_taxonomy


def _shortages(world: Any) -> pd.DataFrame:
    composed = world.compose()
    listings, concepts, members = world.frame(), world.concept_frame(), world.members()
    said = repeats(listings, members, concepts)
    tables = (*composed, world.matches(), listings, concepts, said)
    found: pd.DataFrame = shortages(*tables, load_taxonomy())
    Shortage.validate(found)
    return found


def test_totals_name_the_role_that_blocks(world: Any) -> None:
    for number in range(5):
        city = "Tuttlingen" if number < 3 else "Strasbourg"
        world.say("request", f"Klinik {number}", "surgical_mask", 100, city=city)
    world.say("offer", "Vlies", "meltblown", 10, unit="kilogram")
    world.say("offer", "Näherei", "sewing", 10_000)
    found = _shortages(world)
    assert found["is_total"].tolist() == [True, False, False]
    counts = ["requests", "covered", "partly_covered", "unmet", "offers"]
    assert found[counts].to_numpy().tolist() == [[5, 0, 5, 0, 0], [3, 0, 3, 0, 0], [2, 0, 2, 0, 0]]
    assert found["region"].fillna("").tolist() == ["", "BW", "GES"]
    assert set(found["blocking_role"]) == {"mask_testing"}


def test_a_chain_that_is_too_narrow_names_its_bottleneck(world: Any) -> None:
    world.say("request", "Klinik", "surgical_mask", 1000)
    world.say("offer", "Vlies", "meltblown", 10, unit="kilogram")
    world.say("offer", "Näherei", "sewing", 100)
    world.say("offer", "Prüfer", "mask_testing", 10, unit="test")
    row = _shortages(world).iloc[0]
    assert (row["partly_covered"], row["blocking_role"]) == (1, "sewing")


def test_unmet_needs_name_constraint_and_nearest_offer(world: Any) -> None:
    requests = [world.say("request", f"Klinik {number}", "face_shield", 5) for number in range(3)]
    offers = [world.say("offer", f"Firma {number}", "face_shield", 100) for number in range(2)]
    world.say("offer", "Firma 0", "face_shield", 200, platform="een")  # says again what it said
    reasons = {0: "norm", 1: "country"}
    for request in requests:
        for number, offer in enumerate(offers):
            world.near_misses.append((request, offer, "face_shield", reasons[number]))
        world.near_misses.append((request, "een:0006", "face_shield", "norm"))
    total = _shortages(world).iloc[0]
    assert (total["requests"], total["unmet"], total["offers"]) == (3, 3, 2)
    assert total["blocked_by"] == "norm"
    assert (total["nearest_request_id"], total["nearest_offer_id"]) == (requests[0], offers[0])


def test_covered_needs_and_ideas_are_no_shortage(world: Any) -> None:
    world.say("request", "Klinik", "face_shield", 5)
    world.say("offer", "Firma", "face_shield", 100)
    world.say("idea", "Labor", "ventilator", roles_sought="3D-Druck")
    found = _shortages(world)
    assert found[["concept_id", "covered", "unmet"]].drop_duplicates().to_numpy().tolist() == [["face_shield", 1, 0]]


def test_an_empty_week_has_none(world: Any) -> None:
    world.say("information", "Amt", "law")
    assert _shortages(world).empty
