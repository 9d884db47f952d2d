"""The firms that a week counts against the sample world's truth file, name by name."""

import json
import re
from collections import defaultdict
from functools import cache
from pathlib import Path

import pandas as pd
import pytest
from pandera.typing import DataFrame

from matching.organisations.resolve import records_of, resolve
from matching.places.geography import placed
from reports.language import LANGUAGES
from reports.ministry import Frames, week_release
from reports.ministry.counted import Entry, entries
from reports.ministry.document import page_name
from sources.access.inbox import read_export
from sources.listing import Listing, SourceState, empty
from sources.samples import build
from sources.week import Week
from sources.weekly.state import Snapshot, settle

WEEK = Week(2020, 17)
WEEKS = tuple(Week(2020, number) for number in range(13, 19))


@cache
def listings(week: Week = WEEK) -> DataFrame[Listing]:
    delivered = pd.DataFrame({"input_sha256": ["0" * 64], "failure": pd.Series([None], dtype="str")})
    parts = []
    for platform in build.world():
        documents = read_export(platform, build.FOLDER / str(week), week.ends_at)
        snapshot = Snapshot(week, "", lambda documents=documents: documents)
        parts.append(settle(platform, week, delivered, [snapshot], empty(Listing), empty(SourceState)).listings)
    return DataFrame[Listing](placed(pd.concat(parts, ignore_index=True)))


@cache
def frames(week: Week) -> Frames:
    members = resolve(records_of(listings(week))).members
    return Frames(listings(week), members, pd.DataFrame({"listing_id": []}, dtype="str"))


def counted(week: Week) -> list[Entry]:
    """Every open listing that names somebody whom the truth file knows, and bears that firm's name."""
    named = dict(zip(listings(week)["listing_id"], listings(week)["organisation_name"], strict=True))
    own = entries(frames(week))
    return [one for one in own if one.listing_id in truth() and isinstance(named[one.listing_id], str)]


@cache
def truth() -> dict[str, str]:
    """Listing id -> its firm."""
    firms = json.loads((build.FOLDER / "truth.json").read_text("utf-8"))["firms"]
    return {listing_id: firm["name"] for firm in firms for listing_id in firm["listings"]}


# Counted as two: "Fa. …" without the legal form is not taken for the firm of that name.
TWICE = {
    "Aichele & Söhne Atemgeräte AG",
    "Aichele Maschinenbau e. K.",
    "Erms Atemschutz e. K.",
    "Filder Verpackungen e. K.",
    "Löwenstern Kunststoffverpackungen GmbH",
    "Oesterling & Söhne Zulassungsberatung e. K.",
    "Polymerteile Donaubergland GmbH",
    "Steriltechnik Hegaublick GmbH",
    "Uhlenbrock Schlauchtechnik GmbH",
}
# Two in weeks before: names that one platform cuts off, "Fa. Spritzguss Enz e.", "Wäschle Additive Fertigung U".
CUT_OFF = {"Spritzguss Enz e. K.", "Wäschle Additive Fertigung UG (haftungsbeschränkt)"}
# A platform whose page bears other names than the truth file.
CONTRADICTS = "place2tex"


@pytest.mark.parametrize("week", WEEKS, ids=str)
def test_firms_are_the_truth_file_s_but_for_those_that_are_named(week: Week) -> None:
    counted_as, held_by, grouped = defaultdict(set), defaultdict(set), defaultdict(set)
    for one in counted(week):
        if not one.listing_id.startswith(CONTRADICTS):
            counted_as[truth()[one.listing_id]].add(one.firm)
            held_by[one.firm].add(truth()[one.listing_id])
            grouped[one.group].add(one.firm)
    twice = {name for name, firms in counted_as.items() if len(firms) > 1}
    assert twice == TWICE if week == WEEK else twice <= TWICE | CUT_OFF
    assert [names for names in held_by.values() if len(names) > 1] == []
    assert len(held_by) == len(counted_as) + len(twice) > 50
    assert [firms for firms in grouped.values() if len(firms) > 1] == []  # the sample world has no groups of firms


def test_the_platform_that_is_left_out_names_others_than_the_truth_file() -> None:
    named = dict(zip(listings()["listing_id"], listings()["organisation_name"], strict=True))
    one = f"{CONTRADICTS}:T001"
    assert (named[one], truth()[one]) == ("LANDRATSAMT ERMS", "Textilveredlung Rems AG")


def test_the_figures_name_the_same_firms() -> None:
    text = (Path(__file__).parents[3] / "benchmarks" / "results" / "disclosure.md").read_text("utf-8")
    told = " ".join(text.split())
    legal_form = re.compile(r" (AG|GmbH|e\. K\.)$")
    assert [name for name in TWICE if legal_form.sub("", name) not in told] == []


@cache
def truth_kinds() -> dict[str, set[str]]:
    """Listing id -> what it is, by the truth file."""
    found: dict[str, set[str]] = {}
    for kinds in json.loads((build.FOLDER / "truth.json").read_text("utf-8"))["topics"].values():
        for kind, ids in kinds.items():
            for one in ids:
                found.setdefault(one, set()).add(kind)
    return found


@cache
def truth_countries() -> dict[str, str]:
    firms = json.loads((build.FOLDER / "truth.json").read_text("utf-8"))["firms"]
    return {one: firm["country"] for firm in firms for one in firm["listings"]}


@pytest.mark.parametrize("week", WEEKS, ids=str)
def test_sums_by_kind_and_country_are_the_truth_file_s(week: Week) -> None:
    own = [one for one in entries(frames(week)) if not one.listing_id.startswith(CONTRADICTS)]
    own = [one for one in own if one.listing_id in truth_kinds()]
    assert len(own) > 50
    assert {one.listing_id for one in own if {one.kind} != truth_kinds()[one.listing_id]} == set()
    placed = [one for one in own if one.place and one.listing_id in truth_countries()]
    assert {one.listing_id for one in placed if one.place[:2] != truth_countries()[one.listing_id]} == set()


@pytest.mark.parametrize("week", WEEKS, ids=str)
def test_every_number_of_a_sentence_is_recomputed_from_the_tables(week: Week) -> None:
    tables = frames(week)
    is_open = tables.listings["status"] == "open"
    kinds = tables.listings.loc[is_open, "kind"].value_counts()
    offers, requests = int(kinds["offer"]), int(kinds["request"])
    named = tables.listings.loc[is_open & tables.listings["organisation_name"].notna(), ["listing_id", "kind"]]
    named = named[named["kind"].isin(["offer", "request"])]
    firms = named.merge(tables.members, left_on="listing_id", right_on="record_id")["organisation_id"].nunique()
    made = week_release(week, {week: tables}, {}, is_sample=True)
    assert made.findings == ()
    for language in LANGUAGES:
        page = made.files[page_name(language)].decode()
        sentences = re.findall("<li>(.*?)</li>", page.split('class="headlines"')[1].split("</ul>")[0])
        told = [[int(one) for one in re.findall(r"\d+", sentence)] for sentence in sentences]
        expected = [[offers, requests], [100, round(100 * offers / requests)]]
        # Where a number of listings is withheld, that of firms is too, and a sentence without numbers says so.
        assert told in ([*expected, [firms]], [*expected, []])
