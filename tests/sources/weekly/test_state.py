"""Which state of a platform a week uses."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pandas as pd
import pytest

from sources.access.inbox import read_export
from sources.listing import Listing, ParsedListing, SourceState, empty
from sources.platform import LayoutChanged, NotDelivered, Parsed, Platform, RawDocument, RowError, Unreachable
from sources.platforms import PLATFORMS
from sources.rows.read import quarantine_frame, refusal
from sources.samples.build import FOLDER
from sources.week import Week
from sources.weekly.state import PlatformWeek, Snapshot, pull, settle

WEEK = Week(2020, 16)
ROW = {
    "platform": "board",
    "kind": "offer",
    "contact_route": "Office of the board",
    "certificate": "none",
    "urgency": "normal",
    "vetting": "unchecked",
    "status": "open",
}


def parse(documents: Sequence[RawDocument]) -> Parsed:
    """One title a word; 'layout' is a changed page, 'bug' a parser that stumbles, 'garbled-b' a row that is refused."""
    titles = documents[0].content.decode().split()
    if "layout" in titles:
        raise LayoutChanged("column 'title' is gone")
    if "bug" in titles:
        raise KeyError("surprise")
    rules = {"garbled": "date", "nothing": "positive"}
    refused = [
        refusal("board", f"row {title}", title[len(word) + 1 :], RowError("x", rules[word], "refused"), None)
        for title in titles
        for word in rules
        if title.startswith(f"{word}-")
    ]
    rows = [{**ROW, "source_id": title, "title": title} for title in titles if "-" not in title]
    columns = list(ParsedListing.to_schema().columns)
    return Parsed(pd.DataFrame(rows).reindex(columns=columns), quarantine_frame(refused))


BOARD = Platform(
    name="board",
    title="The Board",
    operator="Network",
    url="https://board.example/",
    language="en",
    country="DE",
    kind_of_access="export",
    contact_route="Office of the board",
    inbox_pattern="board.txt",
    expected_rows=(1, 1000),
    fetch=lambda client, url: (client.get(url),),
    parse=parse,
)


def snapshot(text: str, week: Week = WEEK) -> Snapshot:
    return Snapshot(week, f"sha of {text}", lambda: (RawDocument("board.txt", text.encode(), "", week.ends_at),))


def pulled(failure: str | None = None) -> pd.DataFrame:
    sha256 = None if failure else "of this week"
    return pd.DataFrame({"platform": ["board"], "input_sha256": [sha256], "failure": [failure]}, dtype="str")


def settled(*snapshots: Snapshot, failure: str | None = None, rows_before: int = 0) -> PlatformWeek:
    past_states = pd.DataFrame({"rows_read": [rows_before]} if rows_before else {})
    return settle(BOARD, WEEK, pulled(failure), snapshots, empty(Listing), past_states)


def titles(result: PlatformWeek) -> set[str]:
    return set(result.listings["title"])


def test_the_newest_snapshot_is_used() -> None:
    result = settled(snapshot("a b"), snapshot("c", WEEK.shifted(-1)))
    state = result.state.iloc[0]
    assert titles(result) == {"a", "b"}
    assert (state["state"], state["age_days"], state["rows_read"], state["rows_listed"]) == ("fresh", 0, 2, 2)
    assert pd.isna(state["reason"])
    assert not result.listings["is_carried_over"].any()


@pytest.mark.parametrize(
    ("broken", "reason"),
    [
        ("layout", "LayoutChanged: column 'title' is gone"),
        ("bug", "Unexpected: cannot be taken apart (KeyError)"),
        ("", "ImplausibleVolume"),
    ],
)
def test_the_last_good_state_stands_in_for_a_broken_one(broken: str, reason: str) -> None:
    result = settled(snapshot(broken), snapshot("a b", WEEK.shifted(-2)))
    state = result.state.iloc[0]
    assert titles(result) == {"a", "b"}
    assert (state["state"], state["age_days"]) == ("stale", 14)
    assert state["reason"].startswith(reason)
    assert result.listings["is_carried_over"].all()


def test_a_listing_that_is_garbled_this_week_is_still_listed() -> None:
    before = settled(snapshot("a b c", WEEK.shifted(-1))).listings.assign(last_seen_on="2020-04-12")
    now = settle(BOARD, WEEK, pulled(), [snapshot("a garbled-b nothing-c")], before, empty(SourceState))
    assert dict(zip(now.listings["title"], now.listings["status"], strict=True)) == {
        "a": "open",
        "b": "open",
        "c": "withdrawn",
    }
    assert now.listings.set_index("title")["is_carried_over"].to_dict() == {"a": False, "b": True, "c": False}
    assert (now.state["rows_read"].tolist(), now.state["rows_listed"].tolist()) == ([3], [1])


def test_a_failed_pull_makes_even_a_good_older_state_stale() -> None:
    result = settled(snapshot("a", WEEK.shifted(-1)), failure="Unreachable: 500")
    assert result.state["state"].tolist() == ["stale"]
    assert result.state["reason"].tolist() == ["Unreachable: 500"]


def test_what_a_cut_delivery_lacks_is_carried_over_and_never_withdrawn() -> None:
    board = replace(BOARD, parse=lambda documents: parse([replace(documents[0], content=b"a b")]))
    before = settled(snapshot("a b c", WEEK.shifted(-1))).listings.assign(last_seen_on="2020-04-12")
    gone = before.assign(missing_since=before["source_id"].map({"c": "2020-04-12"}))
    page = Snapshot(WEEK, "cut", lambda: (RawDocument("board.html", b"<html>a b", "", WEEK.ends_at),))
    now = settle(board, WEEK, pulled(), [page], gone, empty(SourceState))
    assert now.quarantine["reason"].tolist() == ["ends in the middle; fetch it again"]
    assert dict(zip(now.listings["title"], now.listings["status"], strict=True)) == dict.fromkeys("abc", "open")
    assert now.listings["missing_since"].isna().all()


def test_a_later_faulty_delivery_of_a_week_leaves_what_the_first_one_told() -> None:
    before = settled(snapshot("a b c", WEEK.shifted(-1))).listings.assign(last_seen_on="2020-04-12")
    first = settle(BOARD, WEEK, pulled(), [snapshot("a b")], before, empty(SourceState))
    again = settle(BOARD, WEEK, pulled(), [snapshot("layout"), snapshot("a b")], before, empty(SourceState))
    assert again.listings.equals(first.listings)
    assert again.listings.set_index("title")["missing_since"].notna().to_dict() == {"a": False, "b": False, "c": True}
    assert again.state["reason"].str.startswith("LayoutChanged").tolist() == [True]


def test_a_platform_that_never_delivered_is_missing() -> None:
    result = settled(snapshot("layout"))
    assert result.state["state"].tolist() == ["missing"]
    assert result.listings.empty


def test_half_the_rows_gone_is_not_believed_until_it_happens_twice() -> None:
    full, half = " ".join(f"t{n}" for n in range(40)), " ".join(f"t{n}" for n in range(15))
    doubted = settled(snapshot(half), snapshot(full, WEEK.shifted(-1)), rows_before=40)
    assert len(doubted.listings) == 40
    assert doubted.state["reason"].tolist() == ["ImplausibleVolume: 15 rows after 40 in the snapshot before"]
    weeks = snapshot(half), snapshot(half, WEEK.shifted(-1)), snapshot(full, WEEK.shifted(-2))
    confirmed = settled(*weeks, rows_before=40)
    assert len(confirmed.listings) == 15
    assert confirmed.state["state"].tolist() == ["fresh"]


def test_an_old_broken_snapshot_is_nobodys_business() -> None:
    result = settled(snapshot("a b"), snapshot("layout", WEEK.shifted(-1)))
    assert result.state["state"].tolist() == ["fresh"]


class Kept:
    """Snapshots in memory, enough for a pull."""

    def __init__(self, *before: Snapshot, final: str | None = None) -> None:
        self._before = before
        self._final = final
        self.kept: list[Sequence[RawDocument]] = []

    def keep(self, platform: str, week: Week, documents: Sequence[RawDocument]) -> str:
        self.kept.append(documents)
        return "new"

    def newest_first(self, platform: str, week: Week) -> Sequence[Snapshot]:
        return self._before

    def final(self, platform: str, week: Week) -> str | None:
        return self._final


class Reached:
    """An access that answers, or fails."""

    def __init__(
        self,
        *,
        is_live: bool,
        error: Exception | None = None,
        followed: Sequence[str] = (),
        now: datetime | None = None,
    ) -> None:
        self.is_live = is_live
        self.error = error
        self.followed = followed
        self.now = now
        self.known: Sequence[RawDocument] = ()

    def shows(self, week: Week) -> bool:
        return True

    def documents(self, platform: Platform, week: Week, known: Sequence[RawDocument]) -> tuple[RawDocument, ...]:
        self.known = known
        if self.error:
            raise self.error
        return (RawDocument("board.txt", b"a", platform.url, self.now or week.ends_at + timedelta(hours=6)),)


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (Unreachable("500"), "Unreachable: 500"),
        (ValueError("a surprise"), "Unexpected: cannot be taken apart (ValueError)"),
        (PermissionError(13, "Permission denied", "/a"), "Unexpected: Permission denied (PermissionError)"),
    ],
)
def test_a_failed_pull_is_a_result(error: Exception, told: str) -> None:
    kept = Kept()
    pulled = pull(BOARD, WEEK, Reached(is_live=True, error=error), kept)
    assert pulled["failure"].tolist() == [told]
    assert not kept.kept


def test_a_week_keeps_its_delivery_when_the_inbox_holds_it_no_more() -> None:
    absent = Reached(is_live=False, error=NotDelivered("the inbox holds no board.txt"))
    stored = pull(BOARD, WEEK, absent, Kept(snapshot("a")))
    assert stored["input_sha256"].tolist() == ["sha of a"]
    assert stored["failure"].isna().all()
    older = pull(BOARD, WEEK, absent, Kept(snapshot("a", WEEK.shifted(-1))))
    assert older["failure"].tolist() == ["NotDelivered: the inbox holds no board.txt"]


def test_a_past_week_is_never_pulled_again_from_a_live_platform() -> None:
    kept = Kept(final="stored")
    assert pull(BOARD, WEEK, Reached(is_live=True), kept)["input_sha256"].tolist() == ["stored"]
    assert not kept.kept
    assert pull(BOARD, WEEK, Reached(is_live=False), kept)["input_sha256"].tolist() == ["new"]


def page(moment: datetime) -> Snapshot:
    return Snapshot(WEEK, "of Wednesday", lambda: (RawDocument("board.txt", b"a", BOARD.url, moment),))


def test_todays_page_is_never_a_past_week() -> None:
    too_late = WEEK.ends_at + timedelta(days=1)
    kept = Kept()
    pulled = pull(BOARD, WEEK, Reached(is_live=True, now=too_late), kept)
    assert not kept.kept
    assert pulled["failure"].tolist() == [
        "OfAnotherTime: live pages show today, and nothing of 2020-W16 was stored in its time"
    ]
    before = settle(BOARD, WEEK, pulled, [snapshot("a b", WEEK.shifted(-1))], empty(Listing), empty(SourceState))
    assert before.state[["state", "age_days", "rows_listed"]].values.tolist() == [["stale", 7, 2]]
    unknown = settle(BOARD, WEEK, pulled, [], empty(Listing), empty(SourceState))
    assert unknown.state["state"].tolist() == ["missing"]


def test_a_past_week_is_computed_from_what_was_stored_in_it() -> None:
    late = Reached(is_live=True, now=WEEK.ends_at + timedelta(days=90))
    stored = page(WEEK.begins_at + timedelta(days=2))
    pulled = pull(BOARD, WEEK, late, Kept(stored))
    assert pulled["input_sha256"].tolist() == ["of Wednesday"]
    week = settle(BOARD, WEEK, pulled, [stored], empty(Listing), empty(SourceState))
    assert week.state[["state", "age_days"]].values.tolist() == [["fresh", 5]]


def test_a_page_that_was_stored_too_late_is_not_used_either() -> None:
    stored = page(WEEK.ends_at + timedelta(days=400))
    pulled = pull(BOARD, WEEK, Reached(is_live=True, now=WEEK.ends_at + timedelta(days=401)), Kept(stored))
    assert pulled["input_sha256"].isna().all()
    week = settle(BOARD, WEEK, pulled, [stored], empty(Listing), empty(SourceState))
    assert week.state["state"].tolist() == ["missing"]


@pytest.mark.parametrize("is_live", [True, False])
def test_a_server_is_told_what_is_known_already(is_live: bool) -> None:
    access = Reached(is_live=is_live)
    pull(BOARD, WEEK, access, Kept(snapshot("newest"), snapshot("older")))
    assert [document.content for document in access.known] == ([b"newest"] if is_live else [])


NOTHING = NotDelivered("the inbox holds no file")


@pytest.mark.parametrize(
    ("access", "before", "is_followed"),
    [
        (Reached(is_live=False, error=NOTHING), [], False),
        (Reached(is_live=False, error=NOTHING), [snapshot("a", WEEK.shifted(-3))], True),
        (Reached(is_live=False, error=NOTHING, followed=["board"]), [], True),
        (Reached(is_live=False, error=Unreachable("the inbox cannot be read")), [], True),
        (Reached(is_live=True, error=Unreachable("500")), [], True),
        (Reached(is_live=False), [], True),
        (Reached(is_live=False, followed=["other"]), [], False),
        (Reached(is_live=True, followed=["other"]), [snapshot("a")], False),
    ],
)
def test_a_platform_is_followed_from_its_first_delivery_on_or_by_name(
    access: Reached, before: Sequence[Snapshot], is_followed: bool
) -> None:
    result = pull(BOARD, WEEK, access, Kept(*before))
    assert result[["input_sha256", "failure"]].notna().any(axis=None) == is_followed
    week = settle(BOARD, WEEK, result, before, empty(Listing), empty(SourceState))
    assert len(week.state) == is_followed
    SourceState.validate(week.state)
    if not is_followed:
        assert week.listings.empty


def test_the_members_of_a_directory_count_as_accepted_rows() -> None:
    [platform] = [platform for platform in PLATFORMS if platform.name == "linkhealth_bw"]
    week = Week(2020, 16)
    documents = read_export(platform, FOLDER / str(week), week.ends_at)
    snapshot = Snapshot(week, "sha", lambda: documents)
    state = settle(platform, week, pulled(), [snapshot], empty(Listing), empty(SourceState)).state.iloc[0]
    assert (state["state"], state["rows_read"], state["rows_listed"], state["rows_quarantined"]) == ("fresh", 36, 34, 2)
