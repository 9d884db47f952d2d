"""The firms that a week counts against the sample world's truth file, name by name."""

import json
import re
from collections import defaultdict
from functools import cache
from pathlib import Path

import pandas as pd
from pandera.typing import DataFrame

from matching.organisations.resolve import records_of, resolve
from matching.places.geography import placed
from reports.ministry import Frames
from reports.ministry.counted import Entry, entries
from sources.access.inbox import read_export
from sources.listing import Listing, SourceState, empty
from sources.samples import build
from sources.week import Week
from sources.weekly.state import Snapshot, settle

WEEK = Week(2020, 17)


@cache
def listings() -> DataFrame[Listing]:
    delivered = pd.DataFrame({"input_sha256": ["0" * 64], "failure": pd.Series([None], dtype="str")})
    parts = []
    for platform in build.world():
        documents = read_export(platform, build.FOLDER / str(WEEK), WEEK.ends_at)
        snapshot = Snapshot(WEEK, "", lambda documents=documents: documents)
        parts.append(settle(platform, WEEK, delivered, [snapshot], empty(Listing), empty(SourceState)).listings)
    return DataFrame[Listing](placed(pd.concat(parts, ignore_index=True)))


@cache
def counted() -> list[Entry]:
    """Every open listing that names somebody whom the truth file knows, and bears that firm's name."""
    members = resolve(records_of(listings())).members
    named = dict(zip(listings()["listing_id"], listings()["organisation_name"], strict=True))
    own = entries(Frames(listings(), members, pd.DataFrame({"listing_id": []}, dtype="str")))
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
# A platform whose page bears other names than the truth file.
CONTRADICTS = "place2tex"


def test_firms_are_the_truth_file_s_but_for_those_that_are_named() -> None:
    counted_as, held_by = defaultdict(set), defaultdict(set)
    for one in counted():
        if not one.listing_id.startswith(CONTRADICTS):
            counted_as[truth()[one.listing_id]].add(one.firm)
            held_by[one.firm].add(truth()[one.listing_id])
    assert {name for name, firms in counted_as.items() if len(firms) > 1} == TWICE
    assert [names for names in held_by.values() if len(names) > 1] == []
    assert len(held_by) == len(counted_as) + len(TWICE) > 200


def test_the_platform_that_is_left_out_names_others_than_the_truth_file() -> None:
    named = dict(zip(listings()["listing_id"], listings()["organisation_name"], strict=True))
    one = f"{CONTRADICTS}:T001"
    assert (named[one], truth()[one]) == ("LANDRATSAMT ERMS", "Textilveredlung Rems AG")


def test_the_figures_name_the_same_firms() -> None:
    text = (Path(__file__).parents[3] / "benchmarks" / "results" / "disclosure.md").read_text("utf-8")
    told = " ".join(text.split())
    legal_form = re.compile(r" (AG|GmbH|e\. K\.)$")
    assert [name for name in TWICE if legal_form.sub("", name) not in told] == []
