"""What data staff decide in plausible.yaml wins over the rules; what cannot be used is named with its place."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from matching.plausibility.choices import LIMITS, Choices, read_choices
from matching.taxonomy.concepts import load_taxonomy
from matching.yaml_files import FileFault
from sources.platforms import PLATFORMS
from tests.matching.plausibility.boards import gate, offer

DOCS = Path(__file__).parents[3] / "docs"
WHY = {"reason": "am Telefon bestätigt", "decided_on": date(2020, 4, 17)}
FEW = [
    offer("two", 2),
    offer("four", 4, "gown", kind="request"),
    offer("five", 5, "gown", kind="request", platform="market"),
]


def decided(**entries: Any) -> Choices:
    return Choices(**{name: tuple(one | WHY for one in stated) for name, stated in entries.items()})


def held(choices: Choices) -> list[tuple[str, str]]:
    found = gate(FEW, choices)
    return list(zip(found["listing_id"], found["reason"], strict=True))


def test_nothing_decided() -> None:
    assert held(Choices()) == [("board:two", "too_few")]


def test_a_listing_is_let_through_or_held_back() -> None:
    assert held(decided(listings=[{"listing_id": "board:two", "verdict": "let_through"}])) == []
    chosen = decided(listings=[{"listing_id": "board:four", "verdict": "hold"}])
    assert held(chosen) == [("board:four", "by_hand"), ("board:two", "too_few")]
    assert gate(FEW, chosen)["note"].dropna().tolist() == [WHY["reason"]]


def test_a_platforms_product_is_let_through_or_held_back_and_a_listing_wins_over_it() -> None:
    masks = {"platform": "board", "concept_id": "surgical_mask", "verdict": "let_through"}
    gowns = {"platform": "board", "concept_id": "gown", "verdict": "hold"}
    assert held(decided(products=[masks])) == []
    assert held(decided(products=[masks, gowns])) == [("board:four", "by_hand")]
    through = {"listing_id": "board:four", "verdict": "let_through"}
    assert held(decided(products=[masks, gowns], listings=[through])) == []


def test_another_limit() -> None:
    choices = decided(limits=[{"rule": "too_few", "limit": 4.0}])
    assert held(choices) == [("board:four", "too_few"), ("board:two", "too_few")]
    assert choices.limit("filler_number") == LIMITS["filler_number"]


def test_a_later_decision_changes_no_earlier_week() -> None:
    choices = decided(listings=[{"listing_id": "board:two", "verdict": "let_through"}])
    assert held(choices.until(date(2020, 4, 16))) == [("board:two", "too_few")]
    assert held(choices.until(date(2020, 4, 17))) == []


def read(text: str, folder: Path) -> Choices:
    path = folder / "plausible.yaml"
    path.write_text(text, encoding="utf-8")
    return read_choices(path, load_taxonomy().concepts, [one.name for one in PLATFORMS])


def test_the_documented_file_can_be_used(tmp_path: Path) -> None:
    choices = read((DOCS / "plausible.yaml").read_text("utf-8"), tmp_path)
    assert [len(part) for part in (choices.listings, choices.products, choices.limits)] == [2, 1, 1]
    assert choices.limit("too_few") == 4


LISTING = "listings:\n  - listing_id: a:1\n    verdict: "
ENTRY = "\n    reason: so\n    decided_on: 2020-04-17\n"


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (LISTING + "perhaps" + ENTRY, "a:1: verdict: 'perhaps' is not let_through or hold"),
        (LISTING + "hold\n", "a:1: reason is missing"),
        (LISTING + "hold\n    reason: so\n    decided_on: gestern\n", "a day such as"),
        ("products:\n  - platform: b\n    concept_id: gown\n    verdict: hold" + ENTRY, "'b' is no platform that"),
        ("products:\n  - platform: een\n    concept_id: hut\n    verdict: hold" + ENTRY, "'hut' is no concept"),
        ("limits:\n  - rule: guess\n    limit: 3" + ENTRY, "'guess' is none of quantity_outlier,"),
        ("limits:\n  - rule: too_few\n    limit: -1" + ENTRY, "too_few: limit: -1 is not a number above zero"),
        ("limits: 3", "limits: 3 is not a list of entries"),
        ("colour: red", "unknown field colour; known are listings, products, limits"),
        (LISTING + "hold\n    reason: " + 201 * "x" + "\n    decided_on: 2020-04-17", "allowed are 200"),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_named(tmp_path: Path, text: str, fault: str) -> None:
    with pytest.raises(FileFault) as refusal:
        read(text, tmp_path)
    assert str(refusal.value).startswith("plausible.yaml: ")
    assert fault in str(refusal.value)
