"""Silent loss: what a cut or missing delivery does to a platform's listings, for every platform of the registry.

Two whole weeks of the samples, then a third whose delivery is the second's, cut, without a file or a sender, or with a
file in another form: nothing may count as withdrawn, and what is gone must be told.
"""

import os
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from functools import cache, partial
from pathlib import Path

import pandas as pd
import pytest

from sources.access.inbox import read_export
from sources.listing import Listing, SourceState, empty
from sources.platform import Platform, PlatformError, RawDocument
from sources.platforms import PLATFORMS
from sources.samples.build import inbox_of
from sources.week import Week
from sources.weekly.continuity import parts_in_band
from sources.weekly.health import watch
from sources.weekly.intake import read_snapshot
from sources.weekly.parts import LARGEST_ORDINARY_LOSS
from sources.weekly.state import PlatformWeek, Snapshot, settle

WEEKS = [Week(2020, 14), Week(2020, 15)]
AFTER = Week(2020, 16)
BY_NAME = {platform.name: platform for platform in PLATFORMS}
Documents = Sequence[RawDocument]
ODS = b"PK\x03\x04" + b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet"  # as far as it was copied


@cache
def delivered(name: str, week: Week) -> Documents:
    return read_export(BY_NAME[name], inbox_of(BY_NAME[name], week), week.ends_at)


def settled(
    platform: Platform,
    deliveries: Sequence[tuple[Week, Documents | PlatformError]],
    before: Sequence[PlatformWeek],
) -> PlatformWeek:
    """The last of some deliveries, after the weeks that were made of those before it; an error: nothing came."""
    week, given = deliveries[-1]
    came = [(at, documents) for at, documents in deliveries if not isinstance(documents, PlatformError)]
    snapshots = [Snapshot(at, f"{at}", partial(tuple, documents)) for at, documents in reversed(came)]
    failure = f"{type(given).__name__}: {given}" if isinstance(given, PlatformError) else None
    row = {"platform": [platform.name], "input_sha256": [None if failure else "given"], "failure": [failure]}
    pulled = pd.DataFrame(row, dtype="str")
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


def without(documents: Documents, name: str) -> Documents:
    return [document for document in documents if document.name != name]


def files(documents: Documents) -> list[str]:
    """Of each kind of file, by its name without digits, the first and the last: networks, associations, pages."""
    kinds: dict[str, list[str]] = {}
    for document in documents:
        kinds.setdefault(re.sub(r"\d+", "", document.name), []).append(document.name)
    return sorted({name for names in kinds.values() for name in (names[0], names[-1])})


def without_sender(documents: Documents) -> Documents:
    """Without the mails of whoever wrote most of them, in every mailbox."""
    left = []
    for document in documents:
        mails = re.split(rb"(?m)^(?=From )", document.content) if document.name.endswith(".mbox") else []
        senders = Counter(sender_of(mail) for mail in mails[1:])
        if len(senders) > 1:
            [(most, _)] = senders.most_common(1)
            kept = [mail for mail in mails if sender_of(mail) != most]
            document = replace(document, content=b"".join(kept))
        left.append(document)
    return left


def sender_of(mail: bytes) -> bytes:
    found = re.search(rb"(?m)^From: (.*)$", mail)
    return found[1] if found else b""


def hold(platform: Platform, documents: Documents | PlatformError) -> bool:
    """A third week of these documents loses nothing in silence; whether it is made of them."""
    deliveries, before = two_weeks(platform.name)
    week = settled(platform, [*deliveries, (AFTER, documents)], before)
    last, now, state = before[1], week.listings.set_index("listing_id"), week.state.iloc[0]
    known = last.listings.set_index("listing_id")
    live = known[(known["last_seen_on"] == WEEKS[1].sunday.isoformat()) & (known["status"] != "withdrawn")]
    assert set(live.index) <= set(now.index)
    assert not (now.loc[live.index, "status"] == "withdrawn").any()
    gone = now.loc[live.index][now.loc[live.index, "last_seen_on"] != AFTER.sunday.isoformat()]
    lost_members = len(last.members) - len(week.members)
    if state["state"] != "fresh":  # the last good state stands in, and is told
        assert not all(finding.passed for finding in watch(platform, state, week.quarantine))
        assert gone["missing_since"].isna().all()
        assert lost_members == 0
        return False
    assert (gone["missing_since"] == AFTER.sunday.isoformat()).all()  # what the monitor tells by platform and part
    assert lost_members <= max(2, LARGEST_ORDINARY_LOSS * len(last.members))
    finding = parts_in_band(platform, week.listings, pd.concat([one.listings for one in before]), AFTER)
    shown, lost = (Counter(map(platform.part_of, rows["source_id"])) for rows in (live, gone))
    for part in shown:
        if lost[part] > max(2, LARGEST_ORDINARY_LOSS * shown[part]):
            assert not finding.passed
            assert part in finding.facts["parts"]
    return True


@pytest.mark.parametrize("name", BY_NAME)
def test_nothing_is_withdrawn_by_one_bad_delivery_and_all_of_it_is_told(name: str) -> None:
    whole = delivered(name, WEEKS[1])
    assert hold(BY_NAME[name], whole)
    for tenths in (1, 3, 5, 7, 9):
        hold(BY_NAME[name], cut(whole, tenths / 10))
    for missing in files(whole):
        hold(BY_NAME[name], without(whole, missing))
    if (fewer := without_sender(whole)) != whole:
        hold(BY_NAME[name], fewer)


def came_of(platform: Platform, inbox: Path) -> Documents | PlatformError:
    try:
        return read_export(platform, inbox, AFTER.ends_at)
    except PlatformError as error:
        return error


@pytest.mark.parametrize("name", BY_NAME)
def test_a_file_saved_in_another_form_loses_nothing_in_silence(name: str, tmp_path: Path) -> None:
    """As .ods what was a workbook, a table or a page: each kind of file once, in a real inbox."""
    platform, whole = BY_NAME[name], delivered(name, WEEKS[1])
    for number, other in enumerate(sorted({re.sub(r"\d+", "", name): name for name in files(whole)}.values())):
        inbox = tmp_path / str(number)
        for document in whole:
            is_other = document.name == other
            path = inbox / (str(Path(document.name).with_suffix(".ods")) if is_other else document.name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(ODS if is_other else document.content)
            os.utime(path, (0, 0))  # nobody writes to it any more
        came = came_of(platform, inbox)
        if hold(platform, came) and not isinstance(came, PlatformError):
            assert Path(other).stem in " ".join(read_snapshot(platform, came).quarantine["row"])


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
