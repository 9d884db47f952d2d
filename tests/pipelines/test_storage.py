"""Raw snapshots never change, history does not depend on the order of runs."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import dagster as dg
import pandas as pd
import pytest
from upath import UPath

from matching.needs.feedback import FeedbackError
from pipelines.decisions import DecisionFiles
from pipelines.storage import DocumentStore, History, SnapshotFolder
from sources.platform import RawDocument
from sources.week import Week

WEEK = Week(2020, 16)


def document(content: bytes, name: str = "list.csv", retrieved_at: datetime = WEEK.ends_at) -> RawDocument:
    return RawDocument(name, content, "https://board.example/list.csv", retrieved_at)


def test_documents_come_back_as_served_newest_first(tmp_path: Path) -> None:
    store = SnapshotFolder(tmp_path)
    hostile = document(b"\x00\xff<html>", name="../../etc/passwd")
    store.keep("board", WEEK.shifted(-1), [document(b"old")])
    store.keep("board", WEEK, [document(b"a"), hostile])
    store.keep("board", WEEK, [document(b"b")])
    store.keep("board", WEEK.shifted(1), [document(b"later")])
    snapshots = list(store.newest_first("board", WEEK))
    assert [snapshot.week for snapshot in snapshots] == [WEEK, WEEK, WEEK.shifted(-1)]
    assert [snapshot.documents()[-1].content for snapshot in snapshots] == [b"b", b"a", b"old"]
    assert snapshots[1].documents()[0] == hostile
    assert {path.parents[0] for path in tmp_path.rglob("*") if path.is_file()} <= set(
        (tmp_path / "raw" / "board").glob("*/*")
    )


def test_the_same_content_is_kept_once_and_never_overwritten(tmp_path: Path) -> None:
    store = SnapshotFolder(tmp_path)
    first = store.keep("board", WEEK, [document(b"a")])
    again = store.keep("board", WEEK, [document(b"a", retrieved_at=datetime(2026, 1, 1, tzinfo=UTC))])
    assert first == again
    (snapshot,) = store.newest_first("board", WEEK)
    assert snapshot.documents()[0].retrieved_at == WEEK.ends_at


def test_a_snapshot_is_final_when_taken_after_the_week(tmp_path: Path) -> None:
    store = SnapshotFolder(tmp_path)
    assert store.final("board", WEEK) is None
    store.keep("board", WEEK, [document(b"a", retrieved_at=datetime(2020, 4, 15, tzinfo=UTC))])
    assert store.final("board", WEEK) is None
    sha256 = store.keep("board", WEEK, [document(b"b")])
    assert store.final("board", WEEK) == sha256


def test_a_snapshot_of_today_is_not_final_for_a_past_week(tmp_path: Path) -> None:
    store = SnapshotFolder(tmp_path)
    store.keep("board", WEEK, [document(b"a", retrieved_at=WEEK.ends_at + timedelta(days=1))])
    assert store.final("board", WEEK) is None


def test_an_unfinished_snapshot_is_not_seen(tmp_path: Path) -> None:
    store = SnapshotFolder(tmp_path)
    store.keep("board", WEEK, [document(b"a")])
    (tmp_path / "raw" / "board" / str(WEEK) / ".002-abc").mkdir()
    assert len(list(store.newest_first("board", WEEK))) == 1


@pytest.mark.parametrize("order", [(14, 15, 17), (17, 15, 14)])
def test_history_holds_the_weeks_before_in_any_order_of_runs(tmp_path: Path, order: tuple[int, ...]) -> None:
    folder = tmp_path / "tables" / "figures"
    folder.mkdir(parents=True)
    for number in order:
        pd.DataFrame({"value": [number]}).to_parquet(folder / f"2020-W{number}.parquet")
    before = History(tmp_path).before("figures", WEEK)
    assert before.to_dict("list") == {"value": [14, 15], "week": ["2020-W14", "2020-W15"]}
    assert History(tmp_path).before("nothing", WEEK).empty


def test_documents_of_an_earlier_run_go(tmp_path: Path) -> None:
    store, folder = DocumentStore(UPath(tmp_path)), UPath(tmp_path / "rejects" / "2020-W16")
    store.dump_to_path(dg.build_output_context(), {"een.csv": b"refused", "ted.csv": b"refused"}, folder)
    store.dump_to_path(dg.build_output_context(), {"ted.csv": b"refused again"}, folder)
    assert store.load_from_path(dg.build_input_context(), folder) == {"ted.csv": b"refused again"}


def test_a_week_without_documents_leaves_no_folder_and_removes_those_of_before(tmp_path: Path) -> None:
    store, folder = DocumentStore(UPath(tmp_path)), UPath(tmp_path / "rejects" / "2020-W16")
    store.dump_to_path(dg.build_output_context(), {}, folder)
    assert not folder.exists()
    # A release that its audit refused leaves nothing, and the monitor goes on.
    assert store.load_from_path(dg.build_input_context(), folder) == {}
    store.dump_to_path(dg.build_output_context(), {"een.csv": b"refused"}, folder)
    store.dump_to_path(dg.build_output_context(), {}, folder)
    assert store.load_from_path(dg.build_input_context(), folder) == {}


def test_the_latest_week_is_the_newest_before_this_one(tmp_path: Path) -> None:
    folder = tmp_path / "tables" / "members"
    folder.mkdir(parents=True)
    for week in (WEEK.shifted(1), WEEK.shifted(-1), WEEK.shifted(-2)):
        pd.DataFrame({"stored": [str(week)]}).to_parquet(folder / f"{week}.parquet")
    latest = History(tmp_path).latest("members", WEEK)
    assert latest is not None
    assert latest["stored"].tolist() == [str(WEEK.shifted(-1))]
    assert History(tmp_path).latest("members", WEEK.shifted(-2)) is None


@pytest.mark.parametrize("separator", [",", ";"])
def test_verdicts_are_read_as_office_programs_save_them(tmp_path: Path, separator: str) -> None:
    assert DecisionFiles(tmp_path).feedback(WEEK.sunday) is None
    rows = ["verdict,reason,judged_on", "declined,distance,2020-04-19", "accepted,,2020-04-20"]
    text = "\n".join(rows).replace(",", separator)
    (tmp_path / "feedback.csv").write_text(text, encoding="utf-8-sig")
    known = DecisionFiles(tmp_path).feedback(WEEK.sunday)
    assert known is not None
    assert known.to_numpy().tolist() == [["declined", "distance"]]


def test_a_feedback_file_that_cannot_be_read_says_so(tmp_path: Path) -> None:
    (tmp_path / "feedback.csv").write_bytes(b"verdict,reason\n\xff\xfe\n")
    with pytest.raises(FeedbackError, match=r"feedback\.csv cannot be read"):
        DecisionFiles(tmp_path).feedback(WEEK.sunday)
