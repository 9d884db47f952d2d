"""Source health on the sample world: every alarm where it was planted, and nowhere else."""

from datetime import UTC, datetime

import pandas as pd
import pytest

from sources.access.inbox import read_export
from sources.listing import Listing, empty
from sources.platform import ImplausibleVolume, Platform
from sources.platforms import PLATFORMS
from sources.samples.build import FOLDER, WEEKS, world
from sources.week import Week
from sources.weekly.continuity import CONTINUITY, watch_continuity
from sources.weekly.identity import renamed
from sources.weekly.intake import read_snapshot
from sources.weekly.lifecycle import fingerprints

NOW = datetime(2020, 5, 4, tzinfo=UTC)
PLANTED = {
    ("place2tex", "reused_ids", "2020-W17"),  # the list was numbered anew
    ("cyberlago", "rekeyed_in_bulk", "2020-W18"),  # the site moved
    ("logistik_mitteldeutschland", "lapsed", "2020-W18"),  # the survey closed at the end of W16
    ("biom_covid19", "volume", "2020-W13"),  # hardly anything there yet
}


def shown_in(platform: Platform, week: Week) -> pd.DataFrame:
    """What history needs of a week's listings, without the rest."""
    listings = platform.parse(read_export(platform, FOLDER / str(week), NOW)).listings.drop_duplicates("source_id")
    return listings.assign(
        listing_id=listings["platform"] + ":" + listings["source_id"],
        fingerprint=fingerprints(listings),
        last_seen_on=week.sunday.isoformat(),
        missing_since=None,
    )


@pytest.mark.parametrize("platform", world(), ids=lambda platform: platform.name)
def test_alarms_are_raised_where_planted_and_nowhere_else(platform: Platform) -> None:
    raised = set()
    past: list[pd.DataFrame] = []
    for week in WEEKS:
        listings = shown_in(platform, week)
        rows = platform.parse(read_export(platform, FOLDER / str(week), NOW))
        members = 0 if rows.members is None else len(rows.members)
        if len(rows.listings) + len(rows.quarantine) + members < platform.expected_rows[0]:
            raised.add((platform.name, "volume", str(week)))
        if past:
            findings = watch_continuity(platform, listings, pd.concat(past), week)
            raised |= {(platform.name, finding.check, str(week)) for finding in findings if not finding.passed}
        past.append(listings)
    assert raised == {planted for planted in PLANTED if planted[0] == platform.name}


def test_the_first_week_raises_no_alarm() -> None:
    platform, week = PLATFORMS[0], WEEKS[1]
    findings = watch_continuity(platform, shown_in(platform, week), empty(Listing), week)
    assert [finding.passed for finding in findings] == [True] * len(CONTINUITY)


@pytest.mark.parametrize(("factor", "share", "passed"), [(1000, 1.0, False), (1000, 0.3, True), (1, 1.0, True)])
def test_amounts_that_all_changed_by_one_factor_are_told(factor: int, share: float, passed: bool) -> None:
    platform = next(platform for platform in PLATFORMS if platform.name == "getusppe")
    past = shown_in(platform, Week(2020, 15))
    now = past.assign(last_seen_on=Week(2020, 16).sunday.isoformat())
    is_changed = pd.Series(range(len(now)), index=now.index) < share * len(now)
    now["quantity"] = now["quantity"].where(~is_changed, now["quantity"] * factor)
    findings = {one.check: one.passed for one in watch_continuity(platform, now, past, Week(2020, 16))}
    assert findings["rescaled"] == passed


@pytest.mark.parametrize(("entries", "passed"), [(10, False), (2, True), (0, True)])
def test_day_and_month_that_changed_places_are_told(entries: int, passed: bool) -> None:
    platform = next(platform for platform in PLATFORMS if platform.name == "getusppe")
    past = shown_in(platform, Week(2020, 15)).assign(posted_at=pd.Timestamp("2020-04-04T22:00", tz="UTC"))
    now = past.assign(last_seen_on=Week(2020, 16).sunday.isoformat())
    is_swapped = pd.Series(range(len(now)), index=now.index) < entries
    now["posted_at"] = now["posted_at"].where(~is_swapped, pd.Timestamp("2020-05-03T22:00", tz="UTC"))
    (found,) = [one for one in watch_continuity(platform, now, past, Week(2020, 16)) if one.check == "swapped_days"]
    assert (found.passed, found.facts["swapped"]) == (passed, entries)


def test_content_is_followed_where_ids_were_given_to_others() -> None:
    place2tex = next(platform for platform in PLATFORMS if platform.name == "place2tex")
    past, week = shown_in(place2tex, Week(2020, 16)), Week(2020, 17)
    moved = renamed(shown_in(place2tex, week), past, week)
    before = past.set_index("listing_id")["organisation_name"]
    now = shown_in(place2tex, week).set_index("listing_id")["organisation_name"]
    assert len(moved) == 32  # the list was numbered anew
    followed = {old: new for old, new in moved.items() if new in now.index}
    assert len(followed) > 20
    assert list(before[list(followed)]) == list(now[list(followed.values())])
    for old in moved.keys() - followed.keys():
        assert moved[old] == f"{old} (2020-W16)"


def test_an_undisturbed_week_renames_nothing() -> None:
    for platform in PLATFORMS[:3]:
        past, week = shown_in(platform, Week(2020, 14)), Week(2020, 15)
        assert renamed(shown_in(platform, week), past, week) == {}


def test_an_implausible_volume_is_what_reading_raises() -> None:
    platform = next(platform for platform in PLATFORMS if platform.name == "biom_covid19")
    with pytest.raises(ImplausibleVolume, match="expected 12"):
        read_snapshot(platform, read_export(platform, FOLDER / "2020-W13", NOW))
