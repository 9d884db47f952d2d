"""One unnamed supplier for another that is as good to know is no news; any other one says which it is."""

import json
from typing import Any

import pytest

from reports.lagebild import Issue, render
from reports.lagebild.changes import what_changed
from reports.language import Language
from tests.reports.builders import OPPORTUNITIES, ORGANISATIONS, listing_rows, sample_issue

MASKS = "K-2020-16-02"


def exchanged(place: tuple[str, str, str] = ("Mulhouse", "GES", "FR"), **stated: Any) -> Issue:
    """The masks now come from o6 instead of o4, both of boards that publish no names; stated: of the offer of o4."""
    listings = [row | {"organisation_name": None} if row["kind"] == "offer" else row for row in listing_rows()]
    listings[3] |= {"quantity": 5000.0} | stated
    firms = [(*row[:2], *place) if row[0] == "o4" else row for row in ORGANISATIONS]
    change = json.dumps([{"what": "partners", "role": "supply", "old": ["o4"], "new": ["o6"]}])
    told = [row | {"change": change} if row["opportunity_id"] == MASKS else row for row in OPPORTUNITIES]
    issue = sample_issue(listings=listings, organisations=firms, opportunities=told)
    offered = issue.concepts["listing_id"] == "place2tex:a4"
    issue.concepts.loc[offered, "concept_id"] = "ffp2"
    return issue


def state(issue: Issue) -> str:
    return str(next(row["state"] for row in issue.desk.opportunities if row["opportunity_id"] == MASKS))


def test_an_equal_unnamed_supplier_is_no_change() -> None:
    issue = exchanged()
    assert state(issue) == "unchanged"
    assert "0 geänderte" not in render(issue)
    assert "Name nicht veröffentlicht → Name nicht veröffentlicht" not in render(issue)


@pytest.mark.parametrize(
    "other",
    [
        {"quantity": 50.0},
        {"quantity": None},
        {"place": ("Balingen", "BW", "DE")},
        {"organisation_name": "Näherei Probe"},
    ],
)
def test_another_amount_place_or_a_name_is_a_change(other: dict[str, Any]) -> None:
    assert state(exchanged(**other)) == "changed"


@pytest.mark.parametrize(
    ("language", "told"), [("de", "anderer Anbieter ("), ("fr", "autre fournisseur ("), ("en", "another supplier (")]
)
def test_another_unnamed_supplier_is_told_by_listing_and_place(language: str, told: str) -> None:
    issue = exchanged(quantity=50.0)
    row = next(row for row in issue.desk.opportunities if row["opportunity_id"] == MASKS)
    said = what_changed(issue.desk, row, Language(language))
    assert told in said
    assert "drehscheibe:a3" in said
    assert "Mulhouse" in said
