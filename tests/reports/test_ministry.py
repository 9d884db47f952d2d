"""The ministry's statistics say only what the protected table holds."""

import csv
import io
from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd
import pytest

from reports.language import LANGUAGES
from reports.ministry import Statistics, long_csv, protected_statistics, render
from reports.ministry.statistics import Figures, Protected
from reports.privacy import find_contacts
from sources.week import Week


class Groups:
    """A taxonomy whose concepts are their own groups."""

    def label(self, concept_id: str, language: str) -> str:
        return f"{concept_id} ({language})"

    def group(self, concept_id: str) -> str:
        return concept_id


def frames(rows: Sequence[tuple[str, str, str, str]]) -> tuple[pd.DataFrame, ...]:
    """Listings, concepts, members and repeats of (kind, region, group, organisation)."""
    ids = [f"p:{number}" for number in range(len(rows))]
    listings = pd.DataFrame(
        {
            "listing_id": ids, "kind": [row[0] for row in rows], "status": "open", "country": "DE",
            "region": [row[1] for row in rows], "organisation_name": [row[3] for row in rows], "organisation_key": None,
        }
    )  # fmt: skip
    concepts = pd.DataFrame({"listing_id": ids, "concept_id": [row[2] for row in rows]})
    members = pd.DataFrame({"record_id": ids, "organisation_id": [row[3] for row in rows]})
    return listings, concepts, members, pd.DataFrame({"listing_id": []}, dtype="str")


def _many() -> list[tuple[str, str, str, str]]:
    chance = np.random.default_rng(7)
    return [
        (
            str(chance.choice(["offer", "request"])),
            str(chance.choice(["BW", "BY", "SN", "HB"], p=[0.5, 0.3, 0.15, 0.05])),
            str(chance.choice(["mask", "gown", "valve"], p=[0.6, 0.3, 0.1])),
            f"o{chance.integers(60)}",
        )
        for _ in range(150)
    ]


@pytest.fixture
def protected() -> Protected:
    return protected_statistics(*frames(_many()), Groups())


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_is_well_made(protected: Protected, language: str, findings_in: Callable[[str], list[str]]) -> None:
    page = render(Statistics(Week(2020, 17), protected, Groups(), is_sample=True), language)
    assert findings_in(page) == []
    assert find_contacts(page) == []


def test_something_is_hidden_and_most_is_shown(protected: Protected) -> None:
    hidden = [figures for figures in protected.cells.values() if figures.listings is None]
    assert protected.primary > 0
    assert len(hidden) == protected.primary + protected.secondary < len(protected.cells) / 2


def test_published_cells_are_true_and_add_up(protected: Protected) -> None:
    for (group, region, kind), figures in protected.cells.items():
        parts = [protected.cells[group, region, number].listings for number in range(2)]
        if kind == 2 and figures.listings is not None and None not in parts:
            assert figures.listings == sum(part for part in parts if part is not None)
    assert protected.total().listings == 150


def test_no_number_of_organisations_below_the_threshold_is_shown(protected: Protected) -> None:
    shown = [figures.organisations for figures in protected.cells.values() if figures.organisations]
    assert shown
    assert min(shown) >= 3


def test_the_file_has_every_cell_with_its_sign(protected: Protected) -> None:
    rows = list(csv.DictReader(io.StringIO(long_csv(Statistics(Week(2020, 17), protected, Groups(), is_sample=False)))))
    assert len(rows) == 2 * len(protected.cells)
    for row in rows:
        assert (row["value"] == "") == (row["sign"] == ".")
        assert (row["value"] == "0") == (row["sign"] == "–")
        assert row["status"] == "p"


def test_signs_are_readable_for_screen_readers(protected: Protected) -> None:
    page = render(Statistics(Week(2020, 17), protected, Groups(), is_sample=False))
    assert '.<span class="hidden"> geheim</span>' in page
    assert '–<span class="hidden"> nichts vorhanden</span>' in page


def test_repeats_and_closed_listings_do_not_count() -> None:
    listings, concepts, members, repeats = frames([("offer", "BW", "mask", f"o{number}") for number in range(12)])
    listings.loc[0, "status"] = "withdrawn"
    repeats = pd.DataFrame({"listing_id": ["p:1"]})
    assert protected_statistics(listings, concepts, members, repeats, Groups()).total().listings == 10


def test_nobody_is_no_organisation_and_protects_no_one() -> None:
    rows = [("offer", "BW", "mask", f"o{number}") for number in range(12)]
    rows += [("request", "BW", "mask", f"n{number}") for number in range(12)]
    listings, concepts, members, repeats = frames(rows)
    listings.loc[12:, "organisation_name"] = None
    found = protected_statistics(listings, concepts, members, repeats, Groups())
    assert found.total(1) == Figures(None, None)  # twelve requests of nobody known might be one person's
    assert found.primary > 0


def test_the_firms_of_one_group_do_not_hide_each_other() -> None:
    listings, concepts, members, repeats = frames([("offer", "BW", "mask", f"o{number}") for number in range(12)])
    alone = protected_statistics(listings, concepts, members.assign(group_id=None), repeats, Groups())
    assert alone.total() == Figures(12, 12)
    grouped = protected_statistics(listings, concepts, members.assign(group_id="g"), repeats, Groups())
    assert grouped.total() == Figures(None, None)


def test_an_empty_week_is_a_release(findings_in: Callable[[str], list[str]]) -> None:
    empty = protected_statistics(*frames([]), Groups())
    page = render(Statistics(Week(2020, 17), empty, Groups(), is_sample=False))
    assert findings_in(page) == []


def test_the_order_of_rows_does_not_matter() -> None:
    rows = _many()
    assert protected_statistics(*frames(rows), Groups()) == protected_statistics(*frames(rows[::-1]), Groups())
