"""What is remembered of earlier weeks: a week that reads no more than this is the week that reads all of them."""

from collections.abc import Sequence
from functools import partial

import pandas as pd
import pytest

from sources.access.inbox import read_export
from sources.listing import Listing, SourceState, empty
from sources.platform import Platform, RawDocument
from sources.platforms import PLATFORMS
from sources.samples.build import inbox_of
from sources.week import Week
from sources.weekly.continuity import watch_continuity
from sources.weekly.identity import renamed
from sources.weekly.memory import remembered
from sources.weekly.state import PlatformWeek, Snapshot, settle

SAMPLES = [Week(2020, number) for number in range(13, 19)]
WEEKS = [SAMPLES[0].shifted(number) for number in range(10)]
Delivery = tuple[Week, Sequence[RawDocument]]


def deliveries(platform: Platform) -> list[Delivery]:
    """Ten weeks: the six of the samples, two with what lay there before, then the second and third again.

    Listings come, change, are missing, are withdrawn and come back.
    """
    served = [read_export(platform, inbox_of(platform, week), week.ends_at) for week in SAMPLES]
    return list(zip(WEEKS, [*served, served[2], served[5], *served[1:3]], strict=True))


def settled(platform: Platform, given: Sequence[Delivery], past: pd.DataFrame, failure: str | None) -> PlatformWeek:
    snapshots = [Snapshot(week, f"{week}", partial(tuple, documents)) for week, documents in reversed(given)]
    pulled = pd.DataFrame({"platform": [platform.name], "input_sha256": ["given"], "failure": [failure]}, dtype="str")
    return settle(platform, given[-1][0], pulled, snapshots, past, empty(SourceState))


@pytest.mark.parametrize("name", ["biopro_boerse", "sammelordner", "place2tex"])
def test_ten_weeks_are_the_same_with_all_that_was_and_with_what_is_remembered(name: str) -> None:
    platform = next(platform for platform in PLATFORMS if platform.name == name)
    given = deliveries(platform)
    past = kept = empty(Listing)
    rows = []
    for number, week in enumerate(WEEKS, start=1):
        failure = "no answer" if number in (4, 8) else None
        both = [settled(platform, given[:number], before, failure).listings for before in (past, kept)]
        pd.testing.assert_frame_equal(*both)
        found = [
            (watch_continuity(platform, both[0], before, week), renamed(both[0], before, week))
            for before in (past, kept)
        ]
        assert found[0] == found[1]
        past = pd.concat([past, both[0]], ignore_index=True)
        kept = remembered(pd.concat([kept, both[0]], ignore_index=True))
        pd.testing.assert_frame_equal(kept, remembered(past))
        rows.append(len(kept))
    assert {"withdrawn", "open"} <= set(past["status"])
    assert past["missing_since"].notna().any()
    assert rows[-1] < len(past)


def test_what_is_remembered_does_not_grow_with_weeks_in_which_nothing_moves() -> None:
    platform = next(platform for platform in PLATFORMS if platform.name == "biopro_boerse")
    documents = read_export(platform, inbox_of(platform, SAMPLES[0]), SAMPLES[0].ends_at)
    kept, rows = empty(Listing), []
    for number in range(8):
        given = [(SAMPLES[0].shifted(other), documents) for other in range(number + 1)]
        kept = remembered(pd.concat([kept, settled(platform, given, kept, None).listings], ignore_index=True))
        rows.append(len(kept))
    assert rows[-1] == rows[-3]


def test_of_no_week_nothing_is_remembered() -> None:
    assert remembered(empty(Listing)).empty
