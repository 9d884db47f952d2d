"""Repeats and key figures of a constructed week."""

from typing import Any

from matching.news.figures import key_figures
from matching.news.opportunities import report
from matching.repeats import repeats
from matching.schema import Opportunity, empty
from sources.week import Week


def test_figures_count_firms_and_needs_once(world: Any) -> None:
    first = world.say("request", "Klinik", "face_shield", 10)
    again = world.say("request", "Klinik", "face_shield", 20, platform="een")
    other = world.say("request", "Klinik", "face_shield gown", 20)
    world.say("request", "Praxis", "thermometer", 20)
    world.say("offer", "Firma", "face_shield", 1000)
    world.say("offer", "Still", "gown", 1000, status="withdrawn")
    listings, members = world.frame(), world.members()
    said_again = repeats(listings, members, world.concept_frame())
    assert said_again.to_numpy().tolist() == [[again, first]]
    assert other not in set(said_again["listing_id"])
    consortia, roles, unmet = world.compose()
    week = Week(2020, 16)
    reported = report(consortia, roles, empty(Opportunity).assign(week=[]), listings, week=week)
    [row] = key_figures(week, listings, said_again, members, world.matches(), unmet, consortia, reported).to_dict(
        "records"
    )
    assert row == {
        "week": "2020-W16",
        "offers": 1,
        "requests": 3,
        "organisations": 3,
        "cross_platform_matches": 0,  # the request on the other platform says again what the first said
        "requests_unmet": 2,
        "opportunities": 1,
        "opportunities_new": 0,
    }
