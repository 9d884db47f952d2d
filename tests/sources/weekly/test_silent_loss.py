"""Silent loss: what a cut or missing delivery does to a platform's listings, for every platform of the registry.

Two whole weeks of the samples, then a third whose delivery is the second's, cut or without one of its parts: nothing
may count as withdrawn, and what is gone must be told.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache, partial

import pandas as pd
import pytest

from sources.access.inbox import read_export
from sources.listing import Listing, SourceState, empty
from sources.platform import Platform, RawDocument
from sources.platforms import PLATFORMS
from sources.samples.build import inbox_of
from sources.week import Week
from sources.weekly.continuity import parts_in_band
from sources.weekly.health import watch
from sources.weekly.parts import LARGEST_ORDINARY_LOSS
from sources.weekly.state import PlatformWeek, Snapshot, settle

WEEKS = [Week(2020, 14), Week(2020, 15)]
AFTER = Week(2020, 16)
BY_NAME = {platform.name: platform for platform in PLATFORMS}
Documents = Sequence[RawDocument]


@cache
def delivered(name: str, week: Week) -> Documents:
    return read_export(BY_NAME[name], inbox_of(BY_NAME[name], week), week.ends_at)


def settled(
    platform: Platform, deliveries: Sequence[tuple[Week, Documents]], before: Sequence[PlatformWeek]
) -> PlatformWeek:
    """The last of some deliveries, after the weeks that were made of those before it."""
    week = deliveries[-1][0]
    snapshots = [Snapshot(at, f"{at}", partial(tuple, documents)) for at, documents in reversed(deliveries)]
    pulled = pd.DataFrame({"platform": [platform.name], "input_sha256": ["given"], "failure": [None]}, dtype="str")
    past = pd.concat([empty(Listing), *(one.listings for one in before)], ignore_index=True)
    states = pd.concat([empty(SourceState), *(one.state for one in before)], ignore_index=True)
    return settle(platform, week, pulled, snapshots, past, states)


@cache
def two_weeks(name: str) -> tuple[Sequence[tuple[Week, Documents]], Sequence[PlatformWeek]]:
    deliveries = [(week, delivered(name, week)) for week in WEEKS]
    first = settled(BY_NAME[name], deliveries[:1], [])
    return deliveries, [first, settled(BY_NAME[name], deliveries, [first])]


def cut(documents: Documents, share: float) -> Documents:
    """The largest file as far as it was copied when it was read."""
    largest = max(documents, key=lambda document: len(document.content))
    part = replace(largest, content=largest.content[: int(len(largest.content) * share)])
    return [part if document is largest else document for document in documents]


LOSSES: dict[str, Callable[[Documents], Documents]] = {
    **{f"cut at {share:.0%}": partial(cut, share=share) for share in (0.1, 0.3, 0.62, 0.9)},
    "first file missing": lambda documents: documents[1:],  # a network, sender, file or page
    "last file missing": lambda documents: documents[:-1],
}


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("name", BY_NAME)
def test_nothing_is_withdrawn_by_one_bad_delivery_and_all_of_it_is_told(name: str, loss: str) -> None:
    platform, (deliveries, before) = BY_NAME[name], two_weeks(name)
    week = settled(platform, [*deliveries, (AFTER, LOSSES[loss](delivered(name, WEEKS[1])))], before)
    last, now, state = before[1], week.listings.set_index("listing_id"), week.state.iloc[0]
    known = last.listings.set_index("listing_id")
    live = known[(known["last_seen_on"] == WEEKS[1].sunday.isoformat()) & (known["status"] != "withdrawn")]
    assert set(live.index) <= set(now.index)
    assert not (now.loc[live.index, "status"] == "withdrawn").any()
    gone = now.loc[live.index][now.loc[live.index, "last_seen_on"] != AFTER.sunday.isoformat()]
    lost_members = len(last.members) - len(week.members)
    if state["state"] != "fresh":  # the last good state stands in, and is told
        assert not all(finding.passed for finding in watch(platform, state))
        assert gone["missing_since"].isna().all()
        assert lost_members == 0
    else:
        assert (gone["missing_since"] == AFTER.sunday.isoformat()).all()  # what the monitor tells by platform and part
        assert lost_members <= max(2, LARGEST_ORDINARY_LOSS * len(last.members))
        finding = parts_in_band(platform, week.listings, pd.concat([one.listings for one in before]), AFTER)
        shown, lost = (Counter(map(platform.part_of, rows["source_id"])) for rows in (live, gone))
        for part in shown:
            if lost[part] > max(2, LARGEST_ORDINARY_LOSS * shown[part]):
                assert not finding.passed
                assert part in finding.facts["parts"]


def test_a_network_whose_file_is_missing_for_weeks_is_told_every_week_and_withdraws_nothing() -> None:
    platform, (deliveries, before) = BY_NAME["sammelordner"], two_weeks("sammelordner")
    deliveries, weeks, usual = list(deliveries), list(before), 5  # of netz-seenland in 2020-W15
    for number in range(16, 19):
        at = Week(2020, number)
        deliveries.append((at, [one for one in delivered("sammelordner", at) if "netz-seenland" not in one.name]))
        past = pd.concat([one.listings for one in weeks])
        weeks.append(settled(platform, deliveries, weeks))
        of_network = weeks[-1].listings[weeks[-1].listings["source_id"].str.startswith("netz-seenland:")]
        assert len(of_network) == usual
        assert set(of_network["missing_since"]) == {AFTER.sunday.isoformat()}
        assert "withdrawn" not in set(of_network["status"])
        finding = parts_in_band(platform, weeks[-1].listings, past, at)
        assert finding.facts["parts"]["netz-seenland"] == [0, usual]
